// The things that events are about.
#ifndef SAMVERK_SERVICES_RECORDING_ENTITY_H_
#define SAMVERK_SERVICES_RECORDING_ENTITY_H_

#include <compare>
#include <string>
#include <string_view>
#include <utility>

namespace samverk::recording {

// What an entity is. Ids are unique within a process and a kind.
enum class EntityKind {
  kNone,
  kProcess,
  kActor,
  kGrant,
  kPayment,
  kBudgetLine,
  kCost,
  kInKind,
  kVolunteerTime,
  kStatement,
  kPlace,
  kActivity,
  kContribution,
  kFinding,
  kMeasure,
  kStudy,
  kInsight,
  kInitiative,
  kPicture,
  kOutcome,
  kLesson,
  kDocument,
  kReport,
  kCheck,
  kDecision,
  kGoal,
  kIndicator,
  kDisclosure,
  kGallring,
  kPackage,
  // Rights in a process, all together; reads of sealed data, all together.
  kRights,
  kReading,
};
inline constexpr int kEntityKinds = static_cast<int>(EntityKind::kReading) + 1;

// The kind as streams and tags have it: "finding", "in_kind". At most 12
// bytes, so that a tag of it never exceeds limits::kTagBytes (see
// kProcessIdBytes).
std::string_view KindName(EntityKind kind);

// Longest id of an entity, and of a process: process, "/", kind, ":" and id
// make one tag.
inline constexpr size_t kEntityIdBytes = 64;
inline constexpr size_t kProcessIdBytes = 40;
// Derived checks have the ids of other entities in theirs: "C3/fgk-2025".
inline constexpr size_t kCheckIdBytes = 80;

// An entity of the batch's process.
struct EntityKey {
  EntityKind kind = EntityKind::kNone;
  std::string id;

  auto operator<=>(const EntityKey&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const EntityKey& key) {
    return H::combine(std::move(h), key.kind, key.id);
  }
};

// "augustenborg/finding/f-12": where the entity's own events are recorded.
std::string StreamOf(std::string_view process, const EntityKey& entity);

// True for kinds whose entities have a stream of their own. A payment is in
// the stream of its grant, an insight in that of its study: they are found by
// their tags.
bool HasStream(EntityKind kind);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_ENTITY_H_
