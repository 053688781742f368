#include "services/access/caller.h"

#include "proto/codec/event_codec.h"

namespace samverk::access {
namespace {

constexpr std::string_view kSecrecyPrefix = "secrecy:";

void AddRight(std::string_view right, Caller& caller) {
  if (right == "machine" || right == "maskin") {
    caller.machine = true;
    return;
  }
  std::string_view what = right;
  std::string process;
  if (const size_t at = right.rfind('@'); at != std::string_view::npos) {
    what = right.substr(0, at);
    process = right.substr(at + 1);
    // What says "in no process" must not be taken for "in all".
    if (process.empty()) return;
  }
  if (const auto role = RoleOfName(what); role.has_value()) {
    caller.roles.push_back({*role, process});
    return;
  }
  const auto kind = codec::FactOfTypeName(what);
  if (kind != event::v1::Event::FACT_NOT_SET) {
    caller.machine = true;
    caller.kinds.push_back({kind, process});
    return;
  }
  if (what.starts_with(kSecrecyPrefix) && what != kSecrecyPrefix) {
    caller.grounds.push_back(
        {std::string(what.substr(kSecrecyPrefix.size())), process});
  }
}

}  // namespace

Caller CallerOf(const Credential& credential) {
  Caller caller;
  caller.subject = credential.subject;
  caller.organisation = credential.organisation;
  for (const std::string& right : credential.roles) AddRight(right, caller);
  return caller;
}

}  // namespace samverk::access
