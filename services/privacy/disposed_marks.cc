#include "services/privacy/disposed_marks.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "services/privacy/personal_fields.h"

namespace samverk::privacy {

void DisposedMarks::Mark(view::v1::LoggedEvent& logged) const {
  const auto& kinds = PersonalKinds();
  if (std::find(kinds.begin(), kinds.end(), logged.event().fact_case()) ==
      kinds.end()) {
    return;
  }
  ForEachPersonal(*logged.mutable_event(), [&](event::v1::Personal& personal,
                                               const std::string& path) {
    if (!personal.has_sealed()) return;
    std::optional<Disposal> disposal = disposals_.Find(personal.subject());
    if (!disposal.has_value()) {
      const auto known = keys_.Find(personal.subject());
      if (!known.ok() || known->disposal == nullptr) return;
      disposal = *known->disposal;
    }
    view::v1::DisposedValue& value = *logged.add_disposed();
    value.set_field(path);
    value.set_date(absl::FormatCivilTime(disposal->date));
    value.set_decision(disposal->decision);
  });
}

}  // namespace samverk::privacy
