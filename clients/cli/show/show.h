// The views of a process as text, one file for each. The functions that make
// text are pure.
#ifndef SAMVERK_CLIENTS_CLI_SHOW_SHOW_H_
#define SAMVERK_CLIENTS_CLI_SHOW_SHOW_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "clients/cli/scope.h"
#include "clients/cli/session.h"
#include "clients/cli/sources.h"
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

// The views as text. `sources` knows which events rest on inference.
std::string ActivitiesText(const view::v1::ActivitiesAnswer& answer,
                           const ScopeOptions& scope, Sources sources,
                           const Style& style);
// `checks` are those of the process; the ones that the rows name are told.
std::string BudgetText(const view::v1::BudgetView& budget,
                       const view::v1::ChecksAnswer& checks,
                       const ScopeOptions& scope, Sources sources,
                       const Style& style);
std::string ChecksText(const view::v1::ChecksAnswer& answer,
                       const ScopeOptions& scope, Sources sources,
                       const Style& style);
std::string CostsText(const view::v1::ListCostsResponse& answer,
                      const ScopeOptions& scope, Sources sources,
                      const Style& style);
std::string FindingsText(const view::v1::FindingsAnswer& answer,
                         const ScopeOptions& scope, Sources sources,
                         const Style& style);
std::string LessonsText(const view::v1::LessonsAnswer& answer,
                        const ScopeOptions& scope, Sources sources,
                        const Style& style);
std::string MeasuresText(const view::v1::MeasuresAnswer& answer,
                         const ScopeOptions& scope, Sources sources,
                         const Style& style);
std::string ParticipationText(const view::v1::ParticipationAnswer& answer,
                              const ScopeOptions& scope, Sources sources,
                              const Style& style);
std::string TimelineText(const view::v1::TimelineAnswer& answer,
                         const ScopeOptions& scope, Sources sources,
                         const Style& style);

// A check on one line: "⚠ C3 öppen: …".
std::string CheckLine(const view::v1::CheckView& check, const Style& style);

// Reads the scope, connects and asks. A question about the latest state asks
// for one that takes in --at-least, or else every event that the register holds
// at this moment, so that whoever has just recorded sees it. Says what is wrong
// when it cannot.
int AskAbout(
    Session& session, const ScopeOptions& options,
    const std::function<int(client::Client&, const view::v1::Scope&)>& ask);

// Says why a view was not answered; kFailed.
int FailToShow(Session& session, const absl::Status& status);

// The sources of an answer. Asks the history about the events that the answer
// tells without saying what of them was inferred.
absl::StatusOr<Sources> FindSources(client::Client& client,
                                    const std::string& process,
                                    const google::protobuf::Message& answer);

// Asks page after page until there is none left. `ask` sends a request and
// gives the page's token, having kept what it got.
template <typename Request, typename Ask>
absl::Status ForEachPage(Request request, const Ask& ask) {
  // The largest page that the server gives.
  if (request.page_size() == 0) request.set_page_size(1000);
  for (;;) {
    std::string next;
    const absl::Status status = ask(request, next);
    if (!status.ok() || next.empty()) return status;
    request.set_page_token(std::move(next));
  }
}

// Puts the entries of every list of a page behind those of the pages before
// it. A list that is too long for one page goes on with the next.
void AppendLists(google::protobuf::Message& page,
                 google::protobuf::Message& all);

// How a view comes in pages and is told whole.
template <typename Request, typename Answer>
struct PagedView {
  // Asks for one page.
  absl::StatusOr<Answer> (*ask)(client::Client& client, const Request& request);
  std::string (*text)(const Answer& all, const ScopeOptions& scope,
                      Sources sources, const Style& style);
  // Entries of a page; 0: as many as the server gives.
  uint32_t page_size = 0;
};

// Prints a view: every page as a line of JSON, or all of them as one text.
template <typename Request, typename Answer>
int ShowPages(Session& session, const ScopeOptions& options,
              const PagedView<Request, Answer>& view) {
  return AskAbout(session, options,
                  [&](client::Client& client, const view::v1::Scope& scope) {
                    Request first;
                    *first.mutable_scope() = scope;
                    first.set_page_size(view.page_size);
                    Answer all;
                    const absl::Status status = ForEachPage(
                        first, [&](const Request& request, std::string& next) {
                          auto page = view.ask(client, request);
                          if (!page.ok()) return page.status();
                          next = page->next_page_token();
                          if (session.json) {
                            session.PrintJson(*page);
                          } else if (request.page_token().empty()) {
                            all = *std::move(page);
                          } else {
                            AppendLists(*page, all);
                          }
                          return absl::OkStatus();
                        });
                    if (!status.ok()) return FailToShow(session, status);
                    if (session.json) return kDone;
                    auto sources = FindSources(client, options.process, all);
                    if (!sources.ok()) return session.Fail(sources.status());
                    session.Print(view.text(all, options, *std::move(sources),
                                            session.style));
                    return kDone;
                  });
}

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_SHOW_SHOW_H_
