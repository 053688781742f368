// Who calls, and which rights they have.
#ifndef SAMVERK_SERVICES_ACCESS_CALLER_H_
#define SAMVERK_SERVICES_ACCESS_CALLER_H_

#include <string>
#include <string_view>
#include <vector>

#include "samverk/event/v1/event.pb.h"
#include "services/access/credential.h"
#include "services/access/role.h"

namespace samverk::access {

// A role in one process, or in all.
struct HeldRole {
  Role role = Role::kResident;
  std::string process;  // empty: all

  bool operator==(const HeldRole&) const = default;
};

// One kind of event that a machine may record, in one process or in all.
struct HeldKind {
  event::v1::Event::FactCase kind = event::v1::Event::FACT_NOT_SET;
  std::string process;  // empty: all

  bool operator==(const HeldKind&) const = default;
};

// One ground of secrecy that an officer is cleared for.
struct HeldGround {
  std::string ground;   // as the event's secrecy_ground has it
  std::string process;  // empty: all

  bool operator==(const HeldGround&) const = default;
};

// Plain data. One without anything is somebody who did not log in.
struct Caller {
  std::string subject;
  std::string organisation;
  std::vector<HeldRole> roles;
  // A machine records the kinds that it was given and no others; its roles let
  // it read.
  bool machine = false;
  std::vector<HeldKind> kinds;
  std::vector<HeldGround> grounds;
};

// The caller that a credential stands for. Its roles are read as
//   "projektledare"              a role (RoleOfName) in all processes
//   "projektledare@augustenborg" in one process
//   "samverk.cost_booked"        a kind of event; "@augustenborg" as above
//   "secrecy:OSL 18:1"           a ground of secrecy; "@augustenborg" as above
//   "machine", "maskin"          it is a machine
// Whoever has a kind is a machine too, also of a kind that there is not
// ("samverk.cost_boked"), which lets them record nothing. Others are passed
// over: an issuer of tokens has roles for other systems. Nothing is given by
// what is passed over.
Caller CallerOf(const Credential& credential);

// Whether a right, as above, makes whoever has it a machine.
bool IsOfMachines(std::string_view right);
// Whether CallerOf reads a right as one of those above.
bool IsKnownRight(std::string_view right);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_CALLER_H_
