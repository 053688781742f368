#include "tests/views/view_register.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/limits.h"
#include "services/common/worker_pool.h"
#include "services/recording/messages.h"
#include "services/recording/recorder.h"
#include "services/views/view_service.h"
#include "tests/testing/events.h"
#include "tests/views/append_events.h"

namespace samverk::testing {
namespace {

using event::v1::Event;

// Ids of events that a test gives none.
constexpr uint64_t kFirstId = 2'000'000;

std::string Reasons(const recording::RecordOutcome& outcome) {
  std::string reasons = outcome.status.ToString();
  for (const auto& violation : outcome.violations) {
    absl::StrAppend(&reasons, "\nevent ", violation.event_index, ": ",
                    recording::ViolationText(violation.violation,
                                             codec::Language::kEnglish));
  }
  return reasons;
}

}  // namespace

ViewRegister::ViewRegister()
    : clock_(absl::FromUnixSeconds(1'767'225'600)), store_(clock_) {
  projections::Projector::Options options;
  options.directory = directory_.path();
  options.projections.assign(projections::AllProjections().begin(),
                             projections::AllProjections().end());
  options.lane.before_commit = [this] {
    MutexLock lock(mu_);
    while (held_) changed_.Wait(mu_);
  };
  auto projector = projections::Projector::Open(store_, std::move(options));
  SAMVERK_CHECK(projector.ok()) << projector.status();
  projector_ = *std::move(projector);
  service_ = MakeViewService(store_, *projector_, clock_, access::OpenGate());
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.SetMaxReceiveMessageSize(limits::kMessageBytes);
  builder.SetMaxSendMessageSize(limits::kMessageBytes);
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
  SAMVERK_CHECK(server_ != nullptr);
  stub_ = view::v1::ViewService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
}

ViewRegister::~ViewRegister() {
  HoldViews(false);
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

void ViewRegister::HoldViews(bool hold) {
  MutexLock lock(mu_);
  held_ = hold;
  changed_.NotifyAll();
}

void ViewRegister::AwaitViews() {
  {
    MutexLock lock(mu_);
    if (held_) return;
  }
  const absl::Status status =
      projector_->AwaitApplied(store_.Head(), absl::Now() + absl::Seconds(60));
  SAMVERK_CHECK(status.ok()) << status;
}

void ViewRegister::Record(std::vector<Event> events) {
  clock_.Advance(absl::Minutes(1));
  for (Event& event : events) {
    if (event.id().empty()) event.set_id(Uuid(kFirstId + ++ids_));
  }
  WorkerPool pool(1, 8);
  recording::Recorder recorder(store_, clock_, pool);
  std::promise<recording::RecordOutcome> promise;
  recorder.Record(std::move(events), absl::InfiniteFuture(),
                  [&promise](recording::RecordOutcome outcome) {
                    promise.set_value(std::move(outcome));
                  });
  const recording::RecordOutcome outcome = promise.get_future().get();
  SAMVERK_CHECK(outcome.status.ok()) << Reasons(outcome);
  AwaitViews();
}

void ViewRegister::Append(std::vector<Event> events) {
  clock_.Advance(absl::Minutes(1));
  AppendEvents(store_, std::move(events));
  AwaitViews();
}

}  // namespace samverk::testing
