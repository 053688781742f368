// Rules of measures beyond those of order.
#include "services/recording/judge.h"

namespace samverk::recording {

using event::v1::Event;

void JudgeMeasure(Judge& judge) {
  if (!judge.event().has_measure_implemented()) return;
  const std::string& id = judge.event().measure_implemented().measure();
  const Step* implemented = judge.state()
                                .Of(EntityKind::kMeasure, id)
                                .Last(Event::kMeasureImplemented);
  if (implemented == nullptr) return;
  judge.Refuse(Rule::kMeasureAlreadyImplemented, "measure",
               {{"id", id}, EventValue(*implemented)});
}

}  // namespace samverk::recording
