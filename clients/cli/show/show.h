// The views of a process as text, one file for each. The functions that make
// text are pure.
#ifndef SAMVERK_CLIENTS_CLI_SHOW_SHOW_H_
#define SAMVERK_CLIENTS_CLI_SHOW_SHOW_H_

#include <functional>
#include <string>
#include <utility>

#include "clients/cli/scope.h"
#include "clients/cli/session.h"
#include "clients/cli/style.h"
#include "samverk/view/v1/view_service.pb.h"

namespace samverk::cli {

// Each asks the server and prints its view; the program's exit status.
int ShowActivities(Session& session, const ScopeOptions& options);
int ShowBudget(Session& session, const ScopeOptions& options);
int ShowChecks(Session& session, const ScopeOptions& options);
int ShowCosts(Session& session, const ScopeOptions& options);
int ShowFindings(Session& session, const ScopeOptions& options);
int ShowLessons(Session& session, const ScopeOptions& options);
int ShowMeasures(Session& session, const ScopeOptions& options);
int ShowParticipation(Session& session, const ScopeOptions& options);
int ShowTimeline(Session& session, const ScopeOptions& options);

std::string ActivitiesText(const view::v1::ActivitiesAnswer& answer,
                           const ScopeOptions& scope, const Style& style);
// `checks` are those of the process; the ones that the rows name are told.
std::string BudgetText(const view::v1::BudgetView& budget,
                       const view::v1::ChecksAnswer& checks,
                       const ScopeOptions& scope, const Style& style);
std::string ChecksText(const view::v1::ChecksAnswer& answer,
                       const ScopeOptions& scope, const Style& style);
std::string CostsText(const view::v1::ListCostsResponse& answer,
                      const ScopeOptions& scope, const Style& style);
std::string FindingsText(const view::v1::FindingsAnswer& answer,
                         const ScopeOptions& scope, const Style& style);
std::string LessonsText(const view::v1::LessonsAnswer& answer,
                        const ScopeOptions& scope, const Style& style);
std::string MeasuresText(const view::v1::MeasuresAnswer& answer,
                         const ScopeOptions& scope, const Style& style);
std::string ParticipationText(const view::v1::ParticipationAnswer& answer,
                              const ScopeOptions& scope, const Style& style);
std::string TimelineText(const view::v1::TimelineAnswer& answer,
                         const ScopeOptions& scope, const Style& style);

// Reads the scope, connects and asks; says what is wrong when it cannot.
int AskAbout(
    Session& session, const ScopeOptions& options,
    const std::function<int(client::Client&, const view::v1::Scope&)>& ask);

// A check on one line: "⚠ C3 öppen: …".
std::string CheckLine(const view::v1::CheckView& check, const Style& style);

// Asks page after page until there is none left. `ask` sends a request and
// gives the page's token, having kept what it got.
template <typename Request, typename Ask>
absl::Status ForEachPage(Request request, const Ask& ask) {
  // The largest page that the server gives.
  request.set_page_size(1000);
  for (;;) {
    std::string next;
    const absl::Status status = ask(request, next);
    if (!status.ok() || next.empty()) return status;
    request.set_page_token(std::move(next));
  }
}

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_SHOW_SHOW_H_
