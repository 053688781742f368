#include "services/access/caller.h"

#include "absl/strings/match.h"
#include "eventstore/base/strings.h"
#include "proto/codec/event_codec.h"

namespace samverk::access {
namespace {

constexpr std::string_view kSecrecyPrefix = "secrecy:";

bool IsMachineName(std::string_view right) {
  return right == "machine" || right == "maskin";
}

// Whether it is, or is meant to be, a kind of event.
bool IsOfKinds(std::string_view right) {
  return absl::StartsWithIgnoreCase(ToAbsl(right), ToAbsl(codec::kTypePrefix));
}

// False: there is no such right.
bool AddRight(std::string_view right, Caller& caller) {
  if (IsOfMachines(right)) caller.machine = true;
  if (IsMachineName(right)) return true;
  std::string_view what = right;
  std::string process;
  if (const size_t at = right.rfind('@'); at != std::string_view::npos) {
    what = right.substr(0, at);
    process = right.substr(at + 1);
    // What says "in no process" must not be taken for "in all".
    if (process.empty()) return false;
  }
  if (const auto role = RoleOfName(what); role.has_value()) {
    caller.roles.push_back({*role, process});
    return true;
  }
  const auto kind = codec::FactOfTypeName(what);
  if (kind != event::v1::Event::FACT_NOT_SET) {
    caller.kinds.push_back({kind, process});
    return true;
  }
  if (what.starts_with(kSecrecyPrefix) && what != kSecrecyPrefix) {
    caller.grounds.push_back(
        {std::string(what.substr(kSecrecyPrefix.size())), process});
    return true;
  }
  return false;
}

}  // namespace

Caller CallerOf(const Credential& credential) {
  Caller caller;
  caller.subject = credential.subject;
  caller.organisation = credential.organisation;
  for (const std::string& right : credential.roles) AddRight(right, caller);
  return caller;
}

bool IsOfMachines(std::string_view right) {
  return IsMachineName(right) || IsOfKinds(right);
}

bool IsKnownRight(std::string_view right) {
  Caller nobody;
  return AddRight(right, nobody);
}

}  // namespace samverk::access
