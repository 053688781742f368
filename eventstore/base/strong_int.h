// Numbers that mean different things are different types.
#ifndef SAMVERK_EVENTSTORE_BASE_STRONG_INT_H_
#define SAMVERK_EVENTSTORE_BASE_STRONG_INT_H_

#include <compare>
#include <cstdint>
#include <ostream>

namespace samverk {

// An unsigned count of its own kind. Converts to nothing silently; `value()`
// is the way out, the explicit constructor the way in.
template <typename Tag>
class StrongInt {
 public:
  constexpr StrongInt() = default;
  constexpr explicit StrongInt(uint64_t value) : value_(value) {}
  constexpr uint64_t value() const { return value_; }
  // The one after this one.
  constexpr StrongInt Next() const { return StrongInt(value_ + 1); }
  constexpr auto operator<=>(const StrongInt&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, StrongInt v) {
    return H::combine(std::move(h), v.value_);
  }
  friend std::ostream& operator<<(std::ostream& out, StrongInt v) {
    return out << v.value_;
  }

 private:
  uint64_t value_ = 0;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_STRONG_INT_H_
