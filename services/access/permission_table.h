// Who may record and read what, as data. docs/decisions/0011 says how the table
// was read off the domain's.
#ifndef SAMVERK_SERVICES_ACCESS_PERMISSION_TABLE_H_
#define SAMVERK_SERVICES_ACCESS_PERMISSION_TABLE_H_

#include <string_view>

#include "absl/types/span.h"
#include "samverk/event/v1/event.pb.h"
#include "services/access/role.h"

namespace samverk::access {

// What of a kind a role may record.
enum class RecordScope {
  kNone,    // '-'
  kAny,     // '*': whoever's it is
  kOwn,     // 'o': what belongs to the caller's organisation; see OwnBy
  kOthers,  // '2': an attest or acceptance of what another person recorded
};

// To whom what an event is about belongs: what "own" means.
enum class OwnBy {
  kNobody,            // the kind knows no "own"
  kRecorder,          // on whose behalf it is recorded, else who records
  kControl,           // who has control (rådighet): the owner of the measure,
                      // the assignee of the finding
  kContributor,       // of the contribution in kind
  kSubstantiator,     // who backs the outcome
  kTarget,            // the organisation that recorded the event corrected
  kInformationOwner,  // whose records are asked for
};

// What of a class of visibility a role may read.
enum class ReadScope {
  kNone,    // '-'
  kAll,     // '*'
  kOwn,     // 'o': what the caller's organisation recorded or owns
  kGround,  // 'g': what is secret on a ground that the caller is cleared for
  kAudit,   // 'a': what an audit looks at; PermissionRow::audited
};

// One kind of event.
struct PermissionRow {
  event::v1::Event::FactCase kind;
  // A letter a role, in the order of Role: "*o*-*-*---".
  std::string_view record;
  OwnBy own_by;
  bool audited;

  RecordScope Scope(Role role) const;
  // Whether recording it is always an attest.
  bool IsAttest() const;
};

// Every kind of event, in the order of the contract. A kind without a row may
// be recorded by nobody.
absl::Span<const PermissionRow> PermissionTable();
// Null: it has no row.
const PermissionRow* RowOf(event::v1::Event::FactCase kind);

// The classes of event.proto, in the order of the letters of a reading row.
enum class VisibilityClass {
  kOpen,
  kPartner,
  kSteeringGroup,
  kFunder,
  kSecret
};
inline constexpr int kVisibilityClasses =
    static_cast<int>(VisibilityClass::kSecret) + 1;

ReadScope ReadScopeOf(Role role, VisibilityClass visibility);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_PERMISSION_TABLE_H_
