// What a projection is: a pure fold with a name and a version.
#ifndef SAMVERK_PROJECTIONS_PROJECTION_H_
#define SAMVERK_PROJECTIONS_PROJECTION_H_

#include <array>
#include <memory>
#include <string_view>

#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "projections/fact.h"
#include "projections/view_table.h"

namespace samverk::projections {

// The projections, in the order of their names. registry.cc has their folds.
enum class ProjectionId {
  kActivities,
  kBudget,
  kChecks,
  kFindings,
  kParticipation,
  kTimeline,
};
inline constexpr size_t kProjectionCount = 6;

// One projection. The functions are pure: no clock, no chance, no I/O; what
// they keep is in the table. Retract undoes Apply of the same fact, whatever
// was applied in between.
struct Projection {
  ProjectionId id;
  std::string_view name;
  // Grows when the folds change meaning: the views are then rebuilt.
  int version;
  // The type of its entries.
  const google::protobuf::Message& (*prototype)();
  void (*apply)(const Fact& fact, ViewTable& views);
  void (*retract)(const Fact& fact, ViewTable& views);
};

// Every projection, by id.
const std::array<Projection, kProjectionCount>& AllProjections();

// Entries of every projection at one position of the log.
struct ViewSet {
  std::array<const ViewReader*, kProjectionCount> tables{};
  const ViewReader& Of(ProjectionId id) const {
    return *tables[static_cast<size_t>(id)];
  }
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_PROJECTION_H_
