#include "tests/bus/bus_register.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/channel_arguments.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "proto/codec/event_codec.h"
#include "tests/testing/events.h"

namespace samverk::testing {

using bus::v1::SubscribeRequest;
using bus::v1::SubscribeResponse;

namespace {

// What takes longer has not been given, and never will be.
constexpr absl::Duration kPatience = absl::Minutes(1);

}  // namespace

BusRegister::BusRegister(size_t subscriptions_max)
    : clock_(absl::FromUnixSeconds(1'767'225'600)),
      store_(clock_),
      service_(std::make_unique<SubscriptionService>(
          store_, clock_, access::OpenGate(), subscriptions_max)) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.SetMaxSendMessageSize(limits::kMessageBytes);
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
  SAMVERK_CHECK(server_ != nullptr);
  // What a reader has not read is soon not taken from the wire either: on the
  // loopback the window would grow to as much as a test sends.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  stub_ = bus::v1::SubscriptionService::NewStub(
      grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                grpc::InsecureChannelCredentials(), arguments));
}

BusRegister::~BusRegister() {
  store_.Close();
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

uint64_t BusRegister::Append(const std::vector<Foreign>& events) {
  AppendRequest request;
  for (const Foreign& event : events) {
    NewEvent& added = request.events.emplace_back();
    added.id = *ParseUuid(Uuid(++ids_));
    added.stream = event.stream;
    added.type = event.type;
    added.tags = event.tags;
    added.payload = event.payload;
  }
  const auto appended = AppendAndWait(store_, std::move(request));
  SAMVERK_CHECK(appended.ok()) << appended.status();
  return appended->recorded.back().position.value();
}

uint64_t BusRegister::Append(const Foreign& event, int times) {
  uint64_t last = head();
  while (times > 0) {
    const int some = std::min(times, 500);
    last = Append(std::vector<Foreign>(static_cast<size_t>(some), event));
    times -= some;
  }
  return last;
}

uint64_t BusRegister::AppendGoals(int times, size_t text_bytes) {
  auto goal = EventOf("goal_set { goal: 'g-1' }");
  goal.mutable_goal_set()->set_text(std::string(text_bytes, 't'));
  const Foreign stored{"samverk.goal_set",
                       "p/goal/g-1",
                       {"process:p", "p/goal:g-1"},
                       codec::EncodePayload(goal)};
  uint64_t last = head();
  for (int i = 0; i < times; ++i) last = Append(stored);
  return last;
}

Subscriber::Subscriber(BusRegister& followed, const SubscribeRequest& request) {
  context_.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  reader_ = followed.stub().Subscribe(&context_, request);
}

Subscriber::~Subscriber() { context_.TryCancel(); }

bool Subscriber::Read(SubscribeResponse& message) {
  if (!reader_->Read(&message)) return false;
  for (const auto& event : message.events().events()) {
    positions_.push_back(event.position());
  }
  if (message.has_caught_up() || message.has_fell_behind()) {
    turns_.push_back(message.message_case());
  }
  cursor_ = message.cursor();
  return true;
}

SubscribeResponse Subscriber::ReadTo(SubscribeResponse::MessageCase kind) {
  SubscribeResponse message;
  while (Read(message)) {
    if (message.message_case() == kind) return message;
  }
  return {};
}

void Subscriber::ReadEvents(size_t count) {
  SubscribeResponse message;
  while (positions_.size() < count && Read(message)) {
  }
}

void Subscriber::ReadUpTo(uint64_t position) {
  SubscribeResponse message;
  while (cursor_ < position && Read(message)) {
  }
}

grpc::Status Subscriber::Finish() { return reader_->Finish(); }

}  // namespace samverk::testing
