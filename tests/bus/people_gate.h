// A gate for tests: callers say by name who they are.
#ifndef SAMVERK_TESTS_BUS_PEOPLE_GATE_H_
#define SAMVERK_TESTS_BUS_PEOPLE_GATE_H_

#include <grpcpp/client_context.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/access/caller.h"
#include "services/access/credential.h"
#include "services/access/gate.h"
#include "services/access/read_journal.h"

namespace samverk::testing {

// Lets those in who are added, with the rights that they were added with, and
// looks at nothing else. Add before it is used; then thread-safe.
class PeopleGate final : public access::Gate {
 public:
  // Somebody of an organisation with these roles, as tokens have them.
  void Add(const std::string& name, const std::string& organisation,
           const std::vector<std::string>& roles) {
    access::Credential credential;
    credential.subject = name;
    credential.organisation = organisation;
    credential.roles = roles;
    people_.emplace(name, access::CallerOf(credential));
  }
  // Has a call be somebody's.
  static void Login(const std::string& name, grpc::ClientContext& context) {
    context.AddMetadata("name", name);
    context.AddMetadata("accept-language", "en");
  }

  absl::StatusOr<access::Admitted> Admit(const grpc::ServerContextBase& context,
                                         access::CallRight, access::CallKind,
                                         uint64_t) override {
    const auto named = context.client_metadata().find("name");
    if (named == context.client_metadata().end()) {
      return absl::UnauthenticatedError("who is it?");
    }
    return access::Admitted(
        people_.at(std::string(named->second.data(), named->second.size())),
        codec::Language::kEnglish);
  }
  absl::StatusOr<access::Admitted> AdmitHeader(std::string_view,
                                               std::string_view,
                                               access::CallRight) override {
    return absl::UnauthenticatedError("who is it?");
  }
  absl::Status Renew(access::Admitted&, access::CallRight) override {
    return absl::OkStatus();
  }
  absl::Status RightsChanged() override { return absl::OkStatus(); }
  void RightsAreStale() override {}
  access::ReadJournal& journal() override { return access::NoJournal(); }
  bool open() const override { return false; }

 private:
  std::map<std::string, access::Caller> people_;
};

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_BUS_PEOPLE_GATE_H_
