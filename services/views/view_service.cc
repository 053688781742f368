#include "services/views/view_service.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "eventstore/base/status_macros.h"
#include "projections/activities/activities_answer.h"
#include "projections/budget/budget_answer.h"
#include "projections/checks/checks_answer.h"
#include "projections/findings/findings_answer.h"
#include "projections/participation/participation_answer.h"
#include "projections/timeline/timeline_answer.h"
#include "samverk/view/v1/view_service.grpc.pb.h"
#include "services/common/grpc_status.h"
#include "services/common/head_watcher.h"
#include "services/common/request_language.h"
#include "services/common/worker_pool.h"
#include "services/views/log_stream.h"
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

absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const absl::Time latest = absl::Now() + kWaitForViews;
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return latest;
  return std::min(latest, absl::FromChrono(deadline));
}

class ViewService final : public view::v1::ViewService::CallbackService {
 public:
  ViewService(EventStore& store, projections::Projector& projector,
              Clock& clock)
      : store_(store),
        source_(store, projector, clock),
        watcher_(store),
        pool_(kThreads, kWaitingQuestions) {}

  grpc::ServerUnaryReactor* GetBudget(
      grpc::CallbackServerContext* context,
      const view::v1::GetBudgetRequest* request,
      view::v1::GetBudgetResponse* response) override {
    return Answer(
        context, request->scope(), ProjectionSet::All(),
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
    return Answer(
        context, request->scope(),
        {ProjectionId::kBudget, ProjectionId::kTimeline},
        [request, response](const AskedViews& asked) -> absl::Status {
          ASSIGN_OR_RETURN(const uint32_t size,
                           PageSizeOf(request->page_size()));
          std::string next;
          for (view::v1::BudgetEntry& entry : projections::AnswerCosts(
                   asked.views, asked.question, request->grant(),
                   request->page_token(), size, next)) {
            *response->add_entries() = std::move(entry);
          }
          response->set_next_page_token(next);
          *response->mutable_answered() = asked.answered;
          return absl::OkStatus();
        });
  }

  grpc::ServerUnaryReactor* GetParticipation(
      grpc::CallbackServerContext* context,
      const view::v1::GetParticipationRequest* request,
      view::v1::GetParticipationResponse* response) override {
    return Answer(context, request->scope(),
                  {ProjectionId::kParticipation, ProjectionId::kTimeline},
                  [response](const AskedViews& asked) {
                    auto& answer = *response->mutable_participation();
                    answer = projections::AnswerParticipation(asked.views,
                                                              asked.question);
                    *answer.mutable_answered() = asked.answered;
                    return absl::OkStatus();
                  });
  }

  grpc::ServerUnaryReactor* ListActivities(
      grpc::CallbackServerContext* context,
      const view::v1::ListActivitiesRequest* request,
      view::v1::ListActivitiesResponse* response) override {
    return Answer(
        context, request->scope(), ProjectionSet::All(),
        [request, response](const AskedViews& asked) -> absl::Status {
          auto& answer = *response->mutable_activities();
          answer = projections::AnswerActivities(asked.views, asked.question);
          *answer.mutable_answered() = asked.answered;
          ASSIGN_OR_RETURN(const uint32_t size,
                           PageSizeOf(request->page_size()));
          ASSIGN_OR_RETURN(
              *answer.mutable_next_page_token(),
              CutPage(request->page_token(), size, *answer.mutable_activities(),
                      [](const auto& entry) { return entry.activity(); }));
          return absl::OkStatus();
        });
  }

  grpc::ServerUnaryReactor* ListFindings(
      grpc::CallbackServerContext* context,
      const view::v1::ListFindingsRequest* request,
      view::v1::ListFindingsResponse* response) override {
    return Answer(
        context, request->scope(), ProjectionSet::All(),
        [request, response](const AskedViews& asked) -> absl::Status {
          auto& answer = *response->mutable_findings();
          answer = projections::AnswerFindings(asked.views, asked.question);
          *answer.mutable_answered() = asked.answered;
          ASSIGN_OR_RETURN(const uint32_t size,
                           PageSizeOf(request->page_size()));
          ASSIGN_OR_RETURN(
              *answer.mutable_next_page_token(),
              CutPage(request->page_token(), size, *answer.mutable_findings(),
                      [](const auto& entry) { return entry.finding(); }));
          return absl::OkStatus();
        });
  }

  grpc::ServerUnaryReactor* ListMeasures(
      grpc::CallbackServerContext* context,
      const view::v1::ListMeasuresRequest* request,
      view::v1::ListMeasuresResponse* response) override {
    return Answer(
        context, request->scope(), ProjectionSet::All(),
        [request, response](const AskedViews& asked) -> absl::Status {
          auto& answer = *response->mutable_measures();
          answer = projections::AnswerMeasures(asked.views, asked.question);
          *answer.mutable_answered() = asked.answered;
          ASSIGN_OR_RETURN(const uint32_t size,
                           PageSizeOf(request->page_size()));
          ASSIGN_OR_RETURN(
              *answer.mutable_next_page_token(),
              CutPage(request->page_token(), size, *answer.mutable_measures(),
                      [](const auto& row) { return row.measure().measure(); }));
          return absl::OkStatus();
        });
  }

  grpc::ServerUnaryReactor* GetTimeline(
      grpc::CallbackServerContext* context,
      const view::v1::GetTimelineRequest* request,
      view::v1::GetTimelineResponse* response) override {
    return Answer(context, request->scope(), ProjectionSet::All(),
                  [response](const AskedViews& asked) {
                    auto& answer = *response->mutable_timeline();
                    answer = projections::AnswerTimeline(asked.views,
                                                         asked.question);
                    *answer.mutable_answered() = asked.answered;
                    return absl::OkStatus();
                  });
  }

  grpc::ServerUnaryReactor* ListChecks(
      grpc::CallbackServerContext* context,
      const view::v1::ListChecksRequest* request,
      view::v1::ListChecksResponse* response) override {
    return Answer(context, request->scope(), ProjectionSet::All(),
                  [response](const AskedViews& asked) {
                    auto& answer = *response->mutable_checks();
                    answer =
                        projections::AnswerChecks(asked.views, asked.question);
                    *answer.mutable_answered() = asked.answered;
                    return absl::OkStatus();
                  });
  }

  grpc::ServerUnaryReactor* ListLessons(
      grpc::CallbackServerContext* context,
      const view::v1::ListLessonsRequest* request,
      view::v1::ListLessonsResponse* response) override {
    return Answer(context, request->scope(), ProjectionSet::All(),
                  [response](const AskedViews& asked) {
                    auto& answer = *response->mutable_lessons();
                    answer =
                        projections::AnswerLessons(asked.views, asked.question);
                    *answer.mutable_answered() = asked.answered;
                    return absl::OkStatus();
                  });
  }

  grpc::ServerUnaryReactor* ListProcesses(
      grpc::CallbackServerContext* context,
      const view::v1::ListProcessesRequest* request,
      view::v1::ListProcessesResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    Submit(reactor, [this, request, response] {
      return AnswerProcesses(*request, *response);
    });
    return reactor;
  }

  grpc::ServerWriteReactor<view::v1::ReadLogResponse>* ReadLog(
      grpc::CallbackServerContext* /*context*/,
      const view::v1::ReadLogRequest* request) override {
    return NewLogStream(store_, watcher_, pool_, *request);
  }

 private:
  // Waits for what the scope asks to see, finds the views, has `fill` make the
  // answer on a thread of the pool, and finishes the call.
  grpc::ServerUnaryReactor* Answer(
      grpc::CallbackServerContext* context, const Scope& scope,
      ProjectionSet needed,
      std::function<absl::Status(const AskedViews&)> fill) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const codec::Language language =
        RequestLanguage(scope.language(), *context);
    auto answer = [this, &scope, needed, language,
                   fill = std::move(fill)]() -> absl::Status {
      ASSIGN_OR_RETURN(const AskedViews asked,
                       source_.Ask(scope, needed, language));
      RETURN_IF_ERROR(fill(asked));
      return asked.status();
    };
    if (scope.at_least() == 0) {
      Submit(reactor, std::move(answer));
    } else {
      source_.projector().OnApplied(
          Position(scope.at_least()), DeadlineOf(*context),
          [this, reactor, answer = std::move(answer)](absl::Status applied) {
            if (applied.ok()) {
              Submit(reactor, answer);
            } else {
              reactor->Finish(ToGrpcStatus(applied));
            }
          });
    }
    return reactor;
  }

  void Submit(grpc::ServerUnaryReactor* reactor,
              std::function<absl::Status()> answer) {
    const absl::Status queued =
        pool_.Submit([reactor, answer = std::move(answer)] {
          reactor->Finish(ToGrpcStatus(answer()));
        });
    if (!queued.ok()) reactor->Finish(ToGrpcStatus(queued));
  }

  absl::Status AnswerProcesses(const view::v1::ListProcessesRequest& request,
                               view::v1::ListProcessesResponse& response) {
    ASSIGN_OR_RETURN(const uint32_t size, PageSizeOf(request.page_size()));
    ASSIGN_OR_RETURN(const projections::LiveViews live,
                     source_.projector().Views({ProjectionId::kTimeline}));
    auto& list = *response.mutable_processes();
    live.snapshot->views()
        .Of(ProjectionId::kTimeline)
        .Scan<view::v1::TimelineStored>(
            "", "",
            [&list](std::string_view, const view::v1::TimelineStored& stored) {
              if (stored.has_process()) *list.Add() = stored.process();
              return true;
            });
    RETURN_IF_ERROR(live.snapshot->status());
    ASSIGN_OR_RETURN(
        *response.mutable_next_page_token(),
        CutPage(request.page_token(), size, list,
                [](const auto& process) { return process.process(); }));
    return absl::OkStatus();
  }

  EventStore& store_;
  ViewsSource source_;
  HeadWatcher watcher_;
  WorkerPool pool_;  // last: its tasks use all of the above
};

}  // namespace

std::unique_ptr<grpc::Service> MakeViewService(
    EventStore& store, projections::Projector& projector, Clock& clock) {
  return std::make_unique<ViewService>(store, projector, clock);
}

}  // namespace samverk
