// Sums of money that cannot overflow.
#ifndef SAMVERK_PROJECTIONS_BUDGET_WIDE_SUM_H_
#define SAMVERK_PROJECTIONS_BUDGET_WIDE_SUM_H_

#include <cstdint>
#include <limits>

namespace samverk::projections {

// One sum is at most 10^15 öre, so ten thousand of them need not fit in 64
// bits. In 128 bits there is room for more than the register can hold.
__extension__ typedef __int128 WideSum;

inline bool FitsInt64(WideSum sum) {
  return sum >= std::numeric_limits<int64_t>::min() &&
         sum <= std::numeric_limits<int64_t>::max();
}

// The sum, or the greatest (least) number of 64 bits when it lies beyond.
inline int64_t ClampToInt64(WideSum sum) {
  if (FitsInt64(sum)) return static_cast<int64_t>(sum);
  return sum < 0 ? std::numeric_limits<int64_t>::min()
                 : std::numeric_limits<int64_t>::max();
}

// A sum as two fields of a message: high * 2^64 + low. `high` is 0 for every
// sum that fits in 64 bits.
struct SplitSum {
  int64_t low = 0;
  int64_t high = 0;
};

inline SplitSum Split(WideSum sum) {
  const auto low = static_cast<int64_t>(static_cast<uint64_t>(sum));
  return {low, static_cast<int64_t>((sum - low) / (WideSum{1} << 64))};
}

inline WideSum Join(int64_t low, int64_t high) {
  return WideSum{high} * (WideSum{1} << 64) + low;
}

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_BUDGET_WIDE_SUM_H_
