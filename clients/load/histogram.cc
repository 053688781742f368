#include "clients/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace samverk::load {
namespace {

constexpr unsigned kPartBits = 7;
constexpr uint64_t kPartsOfOctave = uint64_t{1} << kPartBits;
constexpr unsigned kValueBits = 42;
constexpr uint64_t kMost = (uint64_t{1} << kValueBits) - 1;

}  // namespace

Histogram::Histogram()
    : parts_((kValueBits - kPartBits + 1) * kPartsOfOctave, 0) {}

size_t Histogram::PartOf(uint64_t value) {
  value = std::min(value, kMost);
  if (value < kPartsOfOctave) return static_cast<size_t>(value);
  const auto octave =
      static_cast<unsigned>(std::bit_width(value)) - (kPartBits + 1);
  return (octave << kPartBits) + static_cast<size_t>(value >> octave);
}

uint64_t Histogram::UpperEnd(size_t part) {
  if (part < kPartsOfOctave) return part;
  const uint64_t octave = (part >> kPartBits) - 1;
  const uint64_t first = (part & (kPartsOfOctave - 1)) + kPartsOfOctave;
  return ((first + 1) << octave) - 1;
}

void Histogram::Add(uint64_t value) {
  ++parts_[PartOf(value)];
  ++count_;
  max_ = std::max(max_, value);
}

void Histogram::Merge(const Histogram& other) {
  for (size_t i = 0; i < parts_.size(); ++i) parts_[i] += other.parts_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

uint64_t Histogram::Quantile(double share) const {
  if (count_ == 0) return 0;
  const auto wanted = std::max(
      uint64_t{1},
      static_cast<uint64_t>(std::ceil(share * static_cast<double>(count_))));
  uint64_t seen = 0;
  for (size_t part = 0; part < parts_.size(); ++part) {
    seen += parts_[part];
    if (seen >= wanted) return std::min(UpperEnd(part), max_);
  }
  return max_;
}

}  // namespace samverk::load
