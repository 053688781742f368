#include "clients/cli/show/show.h"

namespace samverk::cli {

int AskAbout(
    Session& session, const ScopeOptions& options,
    const std::function<int(client::Client&, const view::v1::Scope&)>& ask) {
  const auto scope = ToScope(options);
  if (!scope.ok()) {
    return session.Misuse(std::string(scope.status().message()));
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  return ask(*client, *scope);
}

}  // namespace samverk::cli
