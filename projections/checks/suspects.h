// Costs or contributions that a rule is about, many or few.
#ifndef SAMVERK_PROJECTIONS_CHECKS_SUSPECTS_H_
#define SAMVERK_PROJECTIONS_CHECKS_SUSPECTS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "projections/budget/figures.h"
#include "samverk/view/v1/common.pb.h"

namespace samverk::projections {

// More checks of one rule about one grant (or contributor) than this become
// one, with their number and sum.
inline constexpr size_t kSingleChecksMax = 20;

// Those of one grant or contributor. Keeps the ones that get a check of their
// own, and counts all.
template <typename Entity>
class Suspects {
 public:
  // `spoken_of`: somebody has said something about the check; it is never
  // gathered with others, so that the words stay with it.
  void Add(const Entity& entity, int64_t ore, bool spoken_of) {
    if (spoken_of) {
      spoken_of_.push_back(entity);
      return;
    }
    if (first_.size() < kSingleChecksMax) first_.push_back(entity);
    if (positions_.size() < kPositionsShown) {
      positions_.push_back(entity.origin().position());
    }
    ++count_;
    ore_ += ore;
  }

  // Calls one(entity) for each that gets a check of its own, and
  // together(figure) when there are too many for that.
  template <typename One, typename Together>
  void Tell(One one, Together together) const {
    for (const Entity& entity : spoken_of_) one(entity);
    if (count_ > kSingleChecksMax) {
      together(Sum());
      return;
    }
    for (const Entity& entity : first_) one(entity);
  }

  // Those that nothing was said about; `parts` is their number.
  view::v1::Figure Sum() const {
    FigureSum sum;
    sum.Add(ore_, event::v1::PRECISION_EXACT, count_, positions_);
    return sum.Result(view::v1::BASIS_DERIVED);
  }

 private:
  std::vector<Entity> spoken_of_;
  std::vector<Entity> first_;        // by id
  std::vector<uint64_t> positions_;  // of the first ones
  uint64_t count_ = 0;
  WideSum ore_ = 0;
};

// Whether the same person recorded and attested: the same pseudonym, or, where
// one is not known, the same organisation and role.
inline bool IsSamePerson(const view::v1::Origin& recorded, std::string_view by,
                         std::string_view by_subject) {
  if (!recorded.recorder_subject().empty() && !by_subject.empty()) {
    return recorded.recorder_subject() == by_subject;
  }
  return !by.empty() && recorded.recorded_by() == by;
}

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_CHECKS_SUSPECTS_H_
