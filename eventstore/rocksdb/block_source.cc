#include "eventstore/rocksdb/block_source.h"

#include <algorithm>
#include <utility>

#include "eventstore/base/coding.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "eventstore/store_errors.h"

namespace samverk {

BlockSource::BlockSource(std::unique_ptr<rocksdb::Iterator> it,
                         keys::TermKind kind, std::string_view term,
                         Position upto)
    : it_(std::move(it)),
      prefix_(keys::TermPrefix(kind, term)),
      upto_(upto.value()) {}

bool BlockSource::Load() {
  block_.positions.clear();
  at_ = 0;
  if (!it_->Valid()) return false;
  const std::string_view key = ToStd(it_->key());
  if (key.size() != prefix_.size() + 8 ||
      key.substr(0, prefix_.size()) != prefix_) {
    return false;
  }
  const uint64_t first = GetBig64(key.data() + prefix_.size());
  if (first > upto_) return false;
  if (!DecodeBlock(Position(first), ToStd(it_->value()), block_)) {
    damage_ = DataDamaged("an index block", "it cannot be taken apart");
    block_.positions.clear();
    return false;
  }
  return true;
}

bool BlockSource::LoadAtOrBefore(uint64_t p) {
  std::string key = prefix_;
  PutBig64(std::min(p, upto_), key);
  it_->SeekForPrev(key);
  return Load();
}

uint64_t BlockSource::FindForward(uint64_t p) {
  auto& positions = block_.positions;
  // Near the last one given, most often.
  if (at_ < positions.size() && positions[at_] < p) ++at_;
  if (positions[at_] < p || (at_ > 0 && positions[at_ - 1] >= p)) {
    at_ = std::lower_bound(positions.begin(), positions.end(), p) -
          positions.begin();
  }
  return positions[at_];
}

uint64_t BlockSource::AtOrAfter(uint64_t p) {
  if (p > upto_) return kEnd;
  if (Loaded() && p >= First()) {
    if (p <= Last()) return FindForward(p);
    // Most often the next block goes on from here.
    it_->Next();
    if (!Load()) return kEnd;
    if (p <= Last()) return FindForward(p);
  }
  if (LoadAtOrBefore(p) && p <= Last()) return FindForward(p);
  if (Loaded()) {
    it_->Next();
  } else {
    std::string key = prefix_;
    PutBig64(p, key);
    it_->Seek(key);
  }
  return Load() ? First() : kEnd;
}

uint64_t BlockSource::AtOrBefore(uint64_t p) {
  if (!(Loaded() && p >= First() && p <= Last()) && !LoadAtOrBefore(p)) {
    return 0;
  }
  const auto& positions = block_.positions;
  // The block begins at or before p, so there is one.
  return *(std::upper_bound(positions.begin(), positions.end(), p) - 1);
}

absl::Status BlockSource::status() const {
  RETURN_IF_ERROR(damage_);
  return FromRocks(it_->status(), "reading an index");
}

}  // namespace samverk
