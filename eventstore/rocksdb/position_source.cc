#include "eventstore/rocksdb/position_source.h"

#include <algorithm>
#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"

namespace samverk {
namespace {

class ListSource : public PositionSource {
 public:
  explicit ListSource(std::vector<uint64_t> sorted)
      : sorted_(std::move(sorted)) {}

  uint64_t AtOrAfter(uint64_t p) override {
    // Mostly the next one is asked for.
    if (at_ < sorted_.size() && sorted_[at_] < p) ++at_;
    if (!(at_ < sorted_.size() && sorted_[at_] >= p &&
          (at_ == 0 || sorted_[at_ - 1] < p))) {
      at_ =
          std::lower_bound(sorted_.begin(), sorted_.end(), p) - sorted_.begin();
    }
    return at_ < sorted_.size() ? sorted_[at_] : kEnd;
  }

  uint64_t AtOrBefore(uint64_t p) override {
    const auto it = std::upper_bound(sorted_.begin(), sorted_.end(), p);
    return it == sorted_.begin() ? 0 : *(it - 1);
  }

  absl::Status status() const override { return absl::OkStatus(); }

 private:
  const std::vector<uint64_t> sorted_;
  size_t at_ = 0;
};

class AllSource : public PositionSource {
 public:
  explicit AllSource(uint64_t upto) : upto_(upto) {}
  uint64_t AtOrAfter(uint64_t p) override { return p <= upto_ ? p : kEnd; }
  uint64_t AtOrBefore(uint64_t p) override { return std::min(p, upto_); }
  absl::Status status() const override { return absl::OkStatus(); }

 private:
  const uint64_t upto_;
};

class ConcatenatedSource : public PositionSource {
 public:
  ConcatenatedSource(std::unique_ptr<PositionSource> low, uint64_t border,
                     std::unique_ptr<PositionSource> high)
      : low_(std::move(low)), border_(border), high_(std::move(high)) {}

  uint64_t AtOrAfter(uint64_t p) override {
    if (p <= border_) {
      const uint64_t found = low_->AtOrAfter(p);
      if (found != kEnd) return found;
    }
    return high_->AtOrAfter(std::max(p, border_ + 1));
  }

  uint64_t AtOrBefore(uint64_t p) override {
    if (p > border_) {
      const uint64_t found = high_->AtOrBefore(p);
      if (found != 0) return found;
    }
    return low_->AtOrBefore(std::min(p, border_));
  }

  absl::Status status() const override {
    RETURN_IF_ERROR(low_->status());
    return high_->status();
  }

 private:
  const std::unique_ptr<PositionSource> low_;
  const uint64_t border_;
  const std::unique_ptr<PositionSource> high_;
};

absl::Status FirstError(const PositionSources& sources) {
  for (const auto& source : sources) RETURN_IF_ERROR(source->status());
  return absl::OkStatus();
}

class UnionSource : public PositionSource {
 public:
  explicit UnionSource(PositionSources sources)
      : sources_(std::move(sources)), next_(sources_.size(), 0) {}

  uint64_t AtOrAfter(uint64_t p) override {
    uint64_t least = kEnd;
    for (size_t i = 0; i < sources_.size(); ++i) {
      // What a source gave last still holds when nothing before it was asked.
      if (p < from_ || next_[i] < p) next_[i] = sources_[i]->AtOrAfter(p);
      least = std::min(least, next_[i]);
    }
    from_ = p;
    return least;
  }

  uint64_t AtOrBefore(uint64_t p) override {
    uint64_t greatest = 0;
    for (const auto& source : sources_) {
      greatest = std::max(greatest, source->AtOrBefore(p));
    }
    return greatest;
  }

  absl::Status status() const override { return FirstError(sources_); }

 private:
  const PositionSources sources_;
  std::vector<uint64_t> next_;  // by source: its first position >= from_
  uint64_t from_ = 0;
};

// Leapfrog: each source in turn moves to where the others are at least.
class IntersectionSource : public PositionSource {
 public:
  explicit IntersectionSource(PositionSources sources)
      : sources_(std::move(sources)) {}

  uint64_t AtOrAfter(uint64_t p) override {
    size_t agreed = 0;
    for (size_t i = 0; agreed < sources_.size();
         i = (i + 1) % sources_.size()) {
      const uint64_t found = sources_[i]->AtOrAfter(p);
      if (found == kEnd) return kEnd;
      agreed = found == p ? agreed + 1 : 1;
      p = found;
    }
    return p;
  }

  uint64_t AtOrBefore(uint64_t p) override {
    size_t agreed = 0;
    for (size_t i = 0; agreed < sources_.size();
         i = (i + 1) % sources_.size()) {
      const uint64_t found = sources_[i]->AtOrBefore(p);
      if (found == 0) return 0;
      agreed = found == p ? agreed + 1 : 1;
      p = found;
    }
    return p;
  }

  absl::Status status() const override { return FirstError(sources_); }

 private:
  const PositionSources sources_;
};

}  // namespace

std::unique_ptr<PositionSource> ListOfPositions(std::vector<uint64_t> sorted) {
  return std::make_unique<ListSource>(std::move(sorted));
}

std::unique_ptr<PositionSource> AllPositions(uint64_t upto) {
  return std::make_unique<AllSource>(upto);
}

std::unique_ptr<PositionSource> Concatenate(
    std::unique_ptr<PositionSource> low, uint64_t border,
    std::unique_ptr<PositionSource> high) {
  return std::make_unique<ConcatenatedSource>(std::move(low), border,
                                              std::move(high));
}

std::unique_ptr<PositionSource> UnionOf(PositionSources sources) {
  if (sources.size() == 1) return std::move(sources[0]);
  return std::make_unique<UnionSource>(std::move(sources));
}

std::unique_ptr<PositionSource> IntersectionOf(PositionSources sources) {
  SAMVERK_CHECK(!sources.empty()) << "an intersection of nothing";
  if (sources.size() == 1) return std::move(sources[0]);
  return std::make_unique<IntersectionSource>(std::move(sources));
}

}  // namespace samverk
