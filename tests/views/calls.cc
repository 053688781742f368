#include "tests/views/calls.h"

#include <grpcpp/client_context.h>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"

namespace samverk::testing {
namespace {

using Stub = view::v1::ViewService::Stub;
using Ids = std::vector<std::string>;

template <typename Entries, typename IdOf>
void AddIds(const std::string& list, const Entries& entries, const IdOf& id_of,
            Ids& ids) {
  for (const auto& entry : entries) {
    ids.push_back(absl::StrCat(list, "/", id_of(entry)));
  }
}

void AddIdsOf(const view::v1::BudgetView& answer, Ids& ids) {
  AddIds(
      "grant", answer.grants(), [](const auto& e) { return e.grant().grant(); },
      ids);
}

void AddIdsOf(const view::v1::ListCostsResponse& answer, Ids& ids) {
  for (const auto& entry : answer.entries()) {
    ids.push_back(entry.has_cost()
                      ? absl::StrCat("cost/", entry.cost().cost())
                      : absl::StrCat("in_kind/", entry.in_kind().in_kind()));
  }
}

void AddIdsOf(const view::v1::ParticipationAnswer& answer, Ids& ids) {
  AddIds(
      "category", answer.categories(),
      [](const auto& e) { return e.category(); }, ids);
  AddIds(
      "actor", answer.actors(), [](const auto& e) { return e.actor().actor(); },
      ids);
}

void AddIdsOf(const view::v1::ActivitiesAnswer& answer, Ids& ids) {
  AddIds(
      "activity", answer.activities(),
      [](const auto& e) { return e.activity(); }, ids);
  AddIds(
      "contribution", answer.contributions(),
      [](const auto& e) { return e.contribution(); }, ids);
}

void AddIdsOf(const view::v1::FindingsAnswer& answer, Ids& ids) {
  AddIds(
      "finding", answer.findings(), [](const auto& e) { return e.finding(); },
      ids);
}

void AddIdsOf(const view::v1::MeasuresAnswer& answer, Ids& ids) {
  AddIds(
      "place", answer.places(), [](const auto& e) { return e.place(); }, ids);
  AddIds(
      "measure", answer.measures(),
      [](const auto& e) { return e.measure().measure(); }, ids);
}

void AddIdsOf(const view::v1::TimelineAnswer& answer, Ids& ids) {
  AddIds(
      "entry", answer.entries(),
      [](const auto& e) {
        return absl::StrCat(e.kind(), "/", e.entity(), "/", e.positions(0));
      },
      ids);
}

void AddIdsOf(const view::v1::ChecksAnswer& answer, Ids& ids) {
  AddIds(
      "document", answer.documents(),
      [](const auto& e) { return e.document(); }, ids);
  AddIds(
      "report", answer.reports(), [](const auto& e) { return e.report(); },
      ids);
  AddIds(
      "check", answer.checks(), [](const auto& e) { return e.id(); }, ids);
}

void AddIdsOf(const view::v1::LessonsAnswer& answer, Ids& ids) {
  AddIds(
      "study", answer.studies(),
      [](const auto& e) { return e.started().study(); }, ids);
  AddIds(
      "initiative", answer.initiatives(),
      [](const auto& e) { return e.linked().initiative(); }, ids);
  AddIds(
      "lesson", answer.lessons(),
      [](const auto& e) { return e.recorded().lesson(); }, ids);
  AddIds(
      "outcome", answer.outcomes(),
      [](const auto& e) { return e.claimed().outcome(); }, ids);
}

// `answer_of` gives the view in a response.
template <typename Request, typename Response, typename AnswerOf>
Call MakeCall(const std::string& name,
              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                           Response*),
              const AnswerOf& answer_of) {
  Call call;
  call.name = name;
  call.paged = Request::descriptor()->FindFieldByName("page_size") != nullptr;
  call.ask = [method, answer_of](Stub& stub, const Asked& asked) {
    grpc::ClientContext context;
    if (!asked.accept_language.empty()) {
      context.AddMetadata("accept-language", asked.accept_language);
    }
    if (asked.patience != absl::InfiniteDuration()) {
      context.set_deadline(std::chrono::system_clock::now() +
                           absl::ToChronoMilliseconds(asked.patience));
    }
    Request request;
    *request.mutable_scope() = asked.scope;
    if constexpr (requires { request.page_size(); }) {
      request.set_page_size(asked.page_size);
      request.set_page_token(asked.page_token);
    }
    Response response;
    Answered answered;
    answered.status = (stub.*method)(&context, request, &response);
    const auto& answer = answer_of(response);
    answered.from = answer.answered();
    AddIdsOf(answer, answered.ids);
    if constexpr (requires { answer.next_page_token(); }) {
      answered.next_page_token = answer.next_page_token();
    }
    answered.bytes = response.ByteSizeLong();
    answered.text = response.DebugString();
    return answered;
  };
  return call;
}

}  // namespace

const std::vector<Call>& Calls() {
  static const auto& calls = *new std::vector<Call>{
      MakeCall("GetBudget", &Stub::GetBudget,
               [](const view::v1::GetBudgetResponse& r) { return r.budget(); }),
      MakeCall("ListCosts", &Stub::ListCosts,
               [](const view::v1::ListCostsResponse& r) { return r; }),
      MakeCall("GetParticipation", &Stub::GetParticipation,
               [](const view::v1::GetParticipationResponse& r) {
                 return r.participation();
               }),
      MakeCall("ListActivities", &Stub::ListActivities,
               [](const view::v1::ListActivitiesResponse& r) {
                 return r.activities();
               }),
      MakeCall(
          "ListFindings", &Stub::ListFindings,
          [](const view::v1::ListFindingsResponse& r) { return r.findings(); }),
      MakeCall(
          "ListMeasures", &Stub::ListMeasures,
          [](const view::v1::ListMeasuresResponse& r) { return r.measures(); }),
      MakeCall(
          "GetTimeline", &Stub::GetTimeline,
          [](const view::v1::GetTimelineResponse& r) { return r.timeline(); }),
      MakeCall(
          "ListChecks", &Stub::ListChecks,
          [](const view::v1::ListChecksResponse& r) { return r.checks(); }),
      MakeCall(
          "ListLessons", &Stub::ListLessons,
          [](const view::v1::ListLessonsResponse& r) { return r.lessons(); })};
  return calls;
}

const Call& CallNamed(const std::string& name) {
  for (const Call& call : Calls()) {
    if (call.name == name) return call;
  }
  SAMVERK_CHECK(false) << "no call " << name;
}

}  // namespace samverk::testing
