#include "services/views/view_service.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/limits.h"
#include "projections/activities/activities_answer.h"
#include "projections/budget/budget_answer.h"
#include "projections/checks/checks_answer.h"
#include "projections/findings/findings_answer.h"
#include "projections/participation/participation_answer.h"
#include "projections/timeline/timeline_answer.h"
#include "samverk/view/v1/view_service.grpc.pb.h"
#include "services/common/grpc_status.h"
#include "services/common/refused_call.h"
#include "services/common/request_language.h"
#include "services/common/worker_pool.h"
#include "services/views/log_stream.h"
#include "services/views/pages.h"
#include "services/views/paging.h"
#include "services/views/views_source.h"

namespace samverk {
namespace {

using projections::ProjectionId;
using projections::ProjectionSet;
using view::v1::Scope;

constexpr int kThreads = 2;
constexpr size_t kWaitingQuestions = 256;
// How long a question waits for `at_least` when the caller sets no deadline.
constexpr absl::Duration kWaitForViews = absl::Seconds(10);

// The projector looks at the time every tenth of a second.
constexpr absl::Duration kSayBefore = absl::Milliseconds(250);

// Until when a question waits: somewhat less long than its caller, who would
// otherwise be gone before being told why there is no answer.
absl::Time LatestWait(const grpc::CallbackServerContext& context) {
  const absl::Time now = absl::Now();
  const absl::Time latest = now + kWaitForViews;
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return latest;
  const absl::Time callers = absl::FromChrono(deadline);
  return std::min(latest, callers - std::min(kSayBefore, (callers - now) / 2));
}

// Pages and bounds leave room in a message for whatever is common. Entries of
// very many events may yet be too large: then the caller is told what to do,
// and not that the connection broke.
absl::Status CheckSize(const google::protobuf::Message& response) {
  const size_t bytes = response.ByteSizeLong();
  if (bytes <= static_cast<size_t>(limits::kMessageBytes))
    return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_LIMIT_EXCEEDED,
      absl::StrCat("the answer is ", bytes, " bytes, and a message holds ",
                   limits::kMessageBytes,
                   "; ask for a shorter period, or read the events themselves "
                   "(ReadLog)"),
      {{"what", "answer_bytes"},
       {"value", absl::StrCat(bytes)},
       {"limit", absl::StrCat(limits::kMessageBytes)}});
}

class ViewService final : public view::v1::ViewService::CallbackService {
 public:
  ViewService(EventStore& store, projections::Projector& projector,
              Clock& clock, access::Gate& gate, const DisposedValues* disposed)
      : store_(store),
        gate_(gate),
        disposed_(disposed),
        source_(store, projector, clock),
        pool_(kThreads, kWaitingQuestions) {}

  grpc::ServerUnaryReactor* GetBudget(
      grpc::CallbackServerContext* context,
      const view::v1::GetBudgetRequest* request,
      view::v1::GetBudgetResponse* response) override {
    return Answer(
        context, request->scope(), ProjectionSet::All(), *response,
        [response](const AskedViews& asked) {
          view::v1::BudgetView& budget = *response->mutable_budget();
          budget = projections::AnswerBudget(asked.views, asked.question);
          projections::AttachChecks(
              projections::AnswerChecks(asked.views, asked.question), budget);
          *budget.mutable_answered() = asked.answered;
          return absl::OkStatus();
        });
  }

  grpc::ServerUnaryReactor* ListCosts(
      grpc::CallbackServerContext* context,
      const view::v1::ListCostsRequest* request,
      view::v1::ListCostsResponse* response) override {
    auto page = ReadPageRequest(*request, request->grant());
    if (!page.ok()) return RefuseCall(*context, page.status());
    return Answer(
        context, request->scope(),
        {ProjectionId::kBudget, ProjectionId::kTimeline}, *response,
        [page = *std::move(page), request, response](const AskedViews& asked) {
          std::string next;
          for (view::v1::BudgetEntry& entry : projections::AnswerCosts(
                   asked.views, asked.question, request->grant(), page.after,
                   page.size, next)) {
            *response->add_entries() = std::move(entry);
          }
          *response->mutable_answered() = asked.answered;
          return CutToPage(page, next, *response);
        });
  }

  grpc::ServerUnaryReactor* GetParticipation(
      grpc::CallbackServerContext* context,
      const view::v1::GetParticipationRequest* request,
      view::v1::GetParticipationResponse* response) override {
    return AnswerPage(context, *request,
                      {ProjectionId::kActivities, ProjectionId::kParticipation,
                       ProjectionId::kTimeline},
                      *response, *response->mutable_participation(),
                      projections::AnswerParticipation,
                      limits::kViewPageDefault);
  }

  grpc::ServerUnaryReactor* ListActivities(
      grpc::CallbackServerContext* context,
      const view::v1::ListActivitiesRequest* request,
      view::v1::ListActivitiesResponse* response) override {
    return AnswerPage(context, *request, ProjectionSet::All(), *response,
                      *response->mutable_activities(),
                      projections::AnswerActivities, limits::kViewPageDefault);
  }

  grpc::ServerUnaryReactor* ListFindings(
      grpc::CallbackServerContext* context,
      const view::v1::ListFindingsRequest* request,
      view::v1::ListFindingsResponse* response) override {
    return AnswerPage(context, *request, ProjectionSet::All(), *response,
                      *response->mutable_findings(),
                      projections::AnswerFindings, limits::kViewPageDefault);
  }

  grpc::ServerUnaryReactor* ListMeasures(
      grpc::CallbackServerContext* context,
      const view::v1::ListMeasuresRequest* request,
      view::v1::ListMeasuresResponse* response) override {
    return AnswerPage(context, *request, ProjectionSet::All(), *response,
                      *response->mutable_measures(),
                      projections::AnswerMeasures, limits::kViewPageDefault);
  }

  grpc::ServerUnaryReactor* GetTimeline(
      grpc::CallbackServerContext* context,
      const view::v1::GetTimelineRequest* request,
      view::v1::GetTimelineResponse* response) override {
    return AnswerPage(context, *request, ProjectionSet::All(), *response,
                      *response->mutable_timeline(),
                      projections::AnswerTimeline,
                      limits::kViewPageDefaultLong);
  }

  grpc::ServerUnaryReactor* ListChecks(
      grpc::CallbackServerContext* context,
      const view::v1::ListChecksRequest* request,
      view::v1::ListChecksResponse* response) override {
    return AnswerPage(context, *request, ProjectionSet::All(), *response,
                      *response->mutable_checks(), projections::AnswerChecks,
                      limits::kViewPageDefaultLong);
  }

  grpc::ServerUnaryReactor* ListLessons(
      grpc::CallbackServerContext* context,
      const view::v1::ListLessonsRequest* request,
      view::v1::ListLessonsResponse* response) override {
    return AnswerPage(context, *request, ProjectionSet::All(), *response,
                      *response->mutable_lessons(), projections::AnswerLessons,
                      limits::kViewPageDefaultLong);
  }

  grpc::ServerUnaryReactor* ListProcesses(
      grpc::CallbackServerContext* context,
      const view::v1::ListProcessesRequest* request,
      view::v1::ListProcessesResponse* response) override {
    auto who = gate_.Admit(*context, access::CallRight::kAnyone);
    if (!who.ok()) return RefuseCall(*context, who.status());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const std::string turn = who->TurnKey();
    Submit(reactor, turn, [this, request, response, who = *std::move(who)] {
      return AnswerProcesses(who, *request, *response);
    });
    return reactor;
  }

  grpc::ServerWriteReactor<view::v1::ReadLogResponse>* ReadLog(
      grpc::CallbackServerContext* context,
      const view::v1::ReadLogRequest* request) override {
    auto who = gate_.Admit(*context, access::CallRight::kAnyone,
                           access::CallKind::kStream);
    if (!who.ok()) {
      return new RefusedStream<view::v1::ReadLogResponse>(who.status());
    }
    return NewLogStream(store_, pool_, *request, gate_, *std::move(who),
                        disposed_);
  }

 private:
  // Has `answer_whole` answer the question and cuts the page asked for out of
  // the answer, which is a part of the response.
  template <typename Request, typename AnswerView>
  grpc::ServerUnaryReactor* AnswerPage(
      grpc::CallbackServerContext* context, const Request& request,
      ProjectionSet needed, const google::protobuf::Message& response,
      AnswerView& answer,
      AnswerView (*answer_whole)(const projections::ViewSet& views,
                                 const projections::Question& question),
      uint32_t size_default) {
    auto page = ReadPageRequest(request, "", size_default);
    if (!page.ok()) return RefuseCall(*context, page.status());
    return Answer(context, request.scope(), needed, response,
                  [page = *std::move(page), &answer,
                   answer_whole](const AskedViews& asked) {
                    answer = answer_whole(asked.views, asked.question);
                    *answer.mutable_answered() = asked.answered;
                    return CutToPage(page, answer);
                  });
  }

  // Waits for what the scope asks to see, finds the views, has `fill` make the
  // response on a thread of the pool, and finishes the call.
  grpc::ServerUnaryReactor* Answer(
      grpc::CallbackServerContext* context, const Scope& scope,
      ProjectionSet needed, const google::protobuf::Message& response,
      std::function<absl::Status(const AskedViews&)> fill) {
    auto question =
        QuestionOf(scope, RequestLanguage(scope.language(), *context));
    if (!question.ok()) return RefuseCall(*context, question.status());
    auto who = gate_.Admit(*context, access::CallRight::kAnyone);
    if (!who.ok()) return RefuseCall(*context, who.status());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const std::string turn = who->TurnKey();
    auto answer = [this, &scope, &response, needed, who = *std::move(who),
                   question = *std::move(question),
                   fill = std::move(fill)]() -> absl::Status {
      ASSIGN_OR_RETURN(const AskedViews asked,
                       source_.Ask(scope, needed, question, who));
      RETURN_IF_ERROR(fill(asked));
      RETURN_IF_ERROR(asked.status());
      RETURN_IF_ERROR(CheckSize(response));
      return gate_.journal().NoteRange(
          who, event::v1::SecretDataRead::WAY_VIEW,
          {scope.process(), Position(), Position(asked.answered.position())});
    };
    if (scope.at_least() == 0) {
      Submit(reactor, turn, std::move(answer));
    } else {
      source_.projector().OnApplied(
          Position(scope.at_least()), LatestWait(*context),
          [this, reactor, turn,
           answer = std::move(answer)](absl::Status applied) {
            if (applied.ok()) {
              Submit(reactor, turn, answer);
            } else {
              reactor->Finish(ToGrpcStatus(applied));
            }
          });
    }
    return reactor;
  }

  // When it is the caller's turn.
  void Submit(grpc::ServerUnaryReactor* reactor, const std::string& turn,
              std::function<absl::Status()> answer) {
    const absl::Status queued = pool_.Submit(
        [reactor, answer = std::move(answer)] {
          reactor->Finish(ToGrpcStatus(answer()));
        },
        turn);
    if (!queued.ok()) reactor->Finish(ToGrpcStatus(queued));
  }

  absl::Status AnswerProcesses(const access::Admitted& who,
                               const view::v1::ListProcessesRequest& request,
                               view::v1::ListProcessesResponse& response) {
    ASSIGN_OR_RETURN(
        const PageRequest page,
        ReadPageRequest(request.descriptor()->full_name(), Scope(),
                        request.page_size(), limits::kViewPageDefault,
                        request.page_token()));
    ASSIGN_OR_RETURN(const projections::LiveViews live,
                     source_.projector().Views({ProjectionId::kTimeline}));
    auto& list = *response.mutable_processes();
    projections::ForEachProcess(live.snapshot->views(),
                                [&list](const view::v1::ProcessView& process) {
                                  *list.Add() = process;
                                  return true;
                                });
    RETURN_IF_ERROR(live.snapshot->status());
    RETURN_IF_ERROR(LeaveTo(who, list));
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
      return a.process() < b.process();
    });
    RETURN_IF_ERROR(CutToPage(page, response));
    return CheckSize(response);
  }

  // Leaves of the processes what somebody may know of them.
  absl::Status LeaveTo(
      const access::Admitted& who,
      google::protobuf::RepeatedPtrField<view::v1::ProcessView>& list) {
    google::protobuf::RepeatedPtrField<view::v1::ProcessView> left;
    for (view::v1::ProcessView& process : list) {
      if (who.ReadsAll(process.process())) {
        *left.Add() = std::move(process);
        continue;
      }
      ASSIGN_OR_RETURN(auto known, source_.ProcessFor(who, process.process()));
      if (known.has_value()) *left.Add() = *std::move(known);
    }
    list.Swap(&left);
    return absl::OkStatus();
  }

  EventStore& store_;
  access::Gate& gate_;
  const DisposedValues* const disposed_;
  ViewsSource source_;
  WorkerPool pool_;  // last: its tasks use all of the above
};

}  // namespace

std::unique_ptr<grpc::Service> MakeViewService(
    EventStore& store, projections::Projector& projector, Clock& clock,
    access::Gate& gate, const DisposedValues* disposed) {
  return std::make_unique<ViewService>(store, projector, clock, gate, disposed);
}

}  // namespace samverk
