// May they? Answers from the table of rights (permission_table.h). What the
// table does not allow is refused, and so is what the action does not say.
// Pure; thread-safe.
#ifndef SAMVERK_SERVICES_ACCESS_PERMISSIONS_H_
#define SAMVERK_SERVICES_ACCESS_PERMISSIONS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "proto/codec/text.h"
#include "samverk/event/v1/event.pb.h"
#include "services/access/caller.h"

namespace samverk::access {

// Who recorded something.
struct Person {
  std::string organisation;
  std::string role;     // in words; may be empty
  std::string subject;  // may be empty
};

// Recording one event.
struct RecordAction {
  std::string process;
  event::v1::Event::FactCase kind = event::v1::Event::FACT_NOT_SET;
  // As `recorded_by` says, filled in by the server where it was empty: it must
  // be the caller.
  Person recorder;
  // The organisation whose it is, as OwnBy of the kind says. nullopt: not
  // known, and then nobody's own.
  std::optional<std::string> owner;
  // Who recorded or corrected what an attest or acceptance is about. nullopt:
  // not known, and then there is no attest.
  std::optional<std::vector<Person>> checked;
  // Who attests, reviews or accepts, as the event's `attester`, `reviewer` or
  // `accepted_by` says; with it, an explanation is an acceptance. nullopt: the
  // event names none.
  std::optional<Person> approver;
  // Of a correction, reversal or void: what recording the target anew would
  // be; its process and recorder are not looked at. Null: refused. Must outlive
  // the call.
  const RecordAction* target = nullptr;
};

// Reading one event.
struct ReadAction {
  std::string process;
  event::v1::Event::FactCase kind = event::v1::Event::FACT_NOT_SET;
  event::v1::Visibility visibility = event::v1::VISIBILITY_UNSPECIFIED;
  std::string secrecy_ground;
  // That recorded it, on whose behalf, and whose record it is; those that are
  // empty are nobody's.
  std::vector<std::string> organisations;
};

// OK, or PERMISSION_DENIED with a sentence that says who may. Of several roles
// each is tried. To record, the caller must be the recorder that the event
// names; a correction needs the right to correct and the right to the kind that
// is corrected; whoever recorded a thing neither attests nor accepts it, and
// who approves does so in their own name. A machine may say that a person did.
absl::Status May(const Caller& caller, const RecordAction& action,
                 codec::Language language = codec::Language::kEnglish);
absl::Status May(const Caller& caller, const ReadAction& action,
                 codec::Language language = codec::Language::kEnglish);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_PERMISSIONS_H_
