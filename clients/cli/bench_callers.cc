#include "clients/cli/bench_callers.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cpp/status.h"
#include "clients/load/grpc_callers.h"
#include "eventstore/audit/tlog_proof.h"
#include "samverk/audit/v1/audit_service.grpc.pb.h"
#include "samverk/recording/v1/recording_service.grpc.pb.h"
#include "samverk/store/v1/store_service.grpc.pb.h"

namespace samverk::cli {
namespace {

using load::Outcome;
using store::v1::AppendRequest;
using store::v1::AppendResponse;
using store::v1::AppendStreamRequest;
using store::v1::AppendStreamResponse;
using store::v1::EventStoreService;

constexpr uint64_t kStreams = 100'000;
constexpr uint64_t kGroups = 1'000;

// Makes appends into a message that it is given again and again, whose texts
// keep their room.
class AppendMaker {
 public:
  AppendMaker(const AppendLoad& load, std::atomic<uint64_t>& head)
      : load_(load), head_(&head), random_(std::random_device{}()) {}

  void Make(AppendRequest& request) {
    while (request.events_size() < static_cast<int>(load_.batch)) {
      request.add_events()->set_type("bench.appended");
    }
    for (auto& event : *request.mutable_events()) MakeEvent(event);
    if (load_.conditional) {
      if (request.conditions().empty()) {
        auto& item = *request.add_conditions()
                          ->mutable_query()
                          ->mutable_query()
                          ->add_items();
        item.add_tags();
        item.add_tags();
      }
      auto& query = *request.mutable_conditions(0)->mutable_query();
      auto& item = *query.mutable_query()->mutable_items(0);
      item.set_tags(0, request.events(0).tags(0));
      item.set_tags(1, request.events(0).tags(2));
      query.set_after(head_->load(std::memory_order_relaxed));
    }
  }

  Outcome Read(const AppendResponse& response) {
    if (response.recorded().empty()) {
      return {absl::InternalError("an append was answered without positions")};
    }
    const uint64_t last = response.recorded().rbegin()->position();
    uint64_t known = head_->load(std::memory_order_relaxed);
    while (known < last && !head_->compare_exchange_weak(known, last)) {
    }
    return {absl::OkStatus(), static_cast<uint64_t>(response.recorded_size())};
  }

 private:
  void MakeEvent(store::v1::NewEvent& event) {
    char id[16];
    for (size_t i = 0; i < sizeof id; i += 8) FillWord(id + i, 8);
    event.set_id(id, sizeof id);
    const uint64_t n = random_() % kStreams;
    event.set_stream(absl::StrCat("bench/", n));
    while (event.tags_size() < 3) event.add_tags("bench:all");
    event.set_tags(1, absl::StrCat("group:", n % kGroups));
    event.set_tags(2, absl::StrCat("stream:", n));
    std::string& payload = *event.mutable_payload();
    payload.resize(load_.payload);
    const size_t random = load_.payload / 2;
    for (size_t i = 0; i < random; i += 8) {
      FillWord(payload.data() + i, std::min<size_t>(8, random - i));
    }
  }

  void FillWord(char* to, size_t bytes) {
    const uint64_t word = random_();
    std::memcpy(to, &word, bytes);
  }

  const AppendLoad load_;
  std::atomic<uint64_t>* const head_;
  std::mt19937_64 random_;
};

std::unique_ptr<load::Caller> UnaryAppend(
    std::shared_ptr<EventStoreService::Stub> stub,
    std::shared_ptr<AppendMaker> maker,
    const std::function<void(const AppendResponse&)>& on_appended) {
  return std::make_unique<load::UnaryCaller<AppendRequest, AppendResponse>>(
      [stub = std::move(stub)](auto* context, const auto* request,
                               auto* response, auto done) {
        stub->async()->Append(context, request, response, std::move(done));
      },
      load::Messages<AppendRequest, AppendResponse>{
          [maker](AppendRequest& request) { maker->Make(request); },
          [maker, on_appended](const AppendRequest&,
                               const AppendResponse& response) {
            if (on_appended != nullptr) on_appended(response);
            return maker->Read(response);
          }});
}

std::unique_ptr<load::Caller> StreamAppend(EventStoreService::Stub& stub,
                                           std::shared_ptr<AppendMaker> maker,
                                           std::chrono::milliseconds time) {
  using Caller = load::StreamCaller<AppendStreamRequest, AppendStreamResponse>;
  return std::make_unique<Caller>(
      [&stub](auto* context, auto* reactor) {
        stub.async()->AppendStream(context, reactor);
      },
      load::Messages<AppendStreamRequest, AppendStreamResponse>{
          [maker](AppendStreamRequest& request) {
            maker->Make(*request.mutable_append());
          },
          [maker](const AppendStreamRequest&,
                  const AppendStreamResponse& response) {
            return response.has_appended()
                       ? maker->Read(response.appended())
                       : Outcome{client::FromRpcStatusBytes(response.error())};
          }},
      time);
}

// The events (field 1) of a ReadResponse, counted in its bytes. 0 for bytes
// that are none.
uint64_t CountEvents(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return 0;
  uint64_t events = 0;
  uint64_t skip = 0;    // bytes of a field's content still to come
  uint64_t number = 0;  // varint that is being read
  unsigned shift = 0;
  enum { kTag, kLength, kVarint } expected = kTag;
  for (const grpc::Slice& slice : slices) {
    for (size_t i = 0; i < slice.size();) {
      if (skip > 0) {
        const auto step = std::min<uint64_t>(skip, slice.size() - i);
        skip -= step;
        i += step;
        continue;
      }
      const uint8_t byte = slice.begin()[i++];
      number |= static_cast<uint64_t>(byte & 0x7f) << shift;
      shift += 7;
      if ((byte & 0x80) != 0) continue;
      if (expected == kTag) {
        if (number >> 3 == 1) ++events;
        expected = (number & 7) == 2 ? kLength : kVarint;
      } else {
        if (expected == kLength) skip = number;
        expected = kTag;
      }
      number = 0;
      shift = 0;
    }
  }
  return events;
}

// Reads what is asked for to its end, or to the first message, again and again.
// What comes is taken as bytes, so that decoding can be left out.
class ReadCaller
    : public load::Caller,
      private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  ReadCaller(const std::shared_ptr<grpc::Channel>& channel,
             const ReadLoad& load)
      : stub_(channel), decode_(load.decode), first_page_(load.first_page) {
    const std::string bytes = load.request.SerializeAsString();
    const grpc::Slice slice(bytes);
    request_ = grpc::ByteBuffer(&slice, 1);
  }

  void Start(Done done) override {
    done_ = std::move(done);
    outcome_ = {};
    ended_ = false;
    context_.emplace();
    stub_.PrepareBidiStreamingCall(
        &*context_, "/samverk.store.v1.EventStoreService/Read", {}, this);
    StartWriteLast(&request_, {});
    StartRead(&message_);
    StartCall();
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return;
    if (decode_) {
      if (!grpc::SerializationTraits<store::v1::ReadResponse>::Deserialize(
               &message_, &page_)
               .ok()) {
        outcome_.status = absl::DataLossError("a page cannot be decoded");
      }
      outcome_.events += static_cast<uint64_t>(page_.events_size());
    } else {
      outcome_.events += CountEvents(message_);
    }
    if (first_page_) {
      ended_ = true;
      context_->TryCancel();
    } else {
      StartRead(&message_);
    }
  }

  void OnDone(const grpc::Status& status) override {
    if (!status.ok() && !ended_) {
      outcome_.status = client::FromGrpcStatus(status);
    }
    const Done done = std::move(done_);
    done(outcome_);
  }

  grpc::GenericStub stub_;
  const bool decode_;
  const bool first_page_;
  bool ended_ = false;  // by us
  std::optional<grpc::ClientContext> context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  store::v1::ReadResponse page_;
  Outcome outcome_;
  Done done_;
};

// Makes booked costs of one process; ids and vouchers are counted.
event::v1::Event BookedCost(const std::string& process, uint64_t number) {
  event::v1::Event event;
  event.set_process(process);
  event.mutable_occurred()->set_edtf("2025-05-12");
  event.mutable_recorded_by()->set_organisation("bench");
  event.mutable_recorded_by()->set_role("ekonom");
  event.mutable_recorded_by()->set_subject("bench-recorder");
  event.mutable_source()->set_system("samverk-bench");
  event.mutable_source()->set_ref(absl::StrCat(process, "-", number));
  auto& cost = *event.mutable_cost_booked();
  cost.set_cost(absl::StrCat("cost-", number));
  cost.set_voucher_series("A");
  cost.set_voucher_number(absl::StrCat(number));
  cost.set_account("4610");
  cost.set_grant("bench-grant");
  cost.set_budget_line("bench-line");
  cost.mutable_amount()->set_ore(static_cast<int64_t>(1'000 + number % 90'000));
  cost.mutable_amount()->set_currency("SEK");
  cost.mutable_amount()->set_precision(event::v1::PRECISION_EXACT);
  cost.set_text("Jord och plantor till odlingslådor");
  cost.set_booked_by("bench");
  return event;
}

event::v1::Event& Add(recording::v1::RecordRequest& request,
                      const std::string& process) {
  event::v1::Event& event = *request.add_events();
  event = BookedCost(process, 0);
  event.mutable_source()->set_ref(
      absl::StrCat(process, "-start-", request.events_size()));
  return event;
}

}  // namespace

Callers AppendCallers(const AppendLoad& load, const Channels& channels,
                      std::atomic<uint64_t>& head) {
  std::vector<std::shared_ptr<EventStoreService::Stub>> stubs;
  for (const auto& channel : channels) {
    stubs.push_back(EventStoreService::NewStub(channel));
  }
  Callers callers;
  for (size_t i = 0; i < load.callers; ++i) {
    const auto& stub = stubs[i % stubs.size()];
    auto maker = std::make_shared<AppendMaker>(load, head);
    callers.push_back(
        load.stream ? StreamAppend(*stub, std::move(maker), load.time)
                    : UnaryAppend(stub, std::move(maker), load.on_appended));
  }
  return callers;
}

Callers ReadCallers(const ReadLoad& load, const Channels& channels) {
  Callers callers;
  for (size_t i = 0; i < load.callers; ++i) {
    callers.push_back(
        std::make_unique<ReadCaller>(channels[i % channels.size()], load));
  }
  return callers;
}

recording::v1::RecordRequest BenchProcess(const std::string& process) {
  constexpr int64_t kMuch = 1'000'000'000'000;  // öre
  recording::v1::RecordRequest request;
  Add(request, process).mutable_process_registered()->set_name(process);
  auto& actor = *Add(request, process).mutable_actor_registered();
  actor.set_actor("bench");
  actor.set_name("Bench");
  actor.set_kind(event::v1::ACTOR_KIND_ADMINISTRATION);
  auto& grant = *Add(request, process).mutable_grant_awarded();
  grant.set_grant("bench-grant");
  grant.set_funder("bench");
  grant.mutable_amount()->set_ore(kMuch);
  grant.mutable_amount()->set_currency("SEK");
  grant.mutable_amount()->set_precision(event::v1::PRECISION_EXACT);
  grant.mutable_period()->set_edtf("2025");
  auto& line = *Add(request, process).mutable_budget_line_set();
  line.set_line("bench-line");
  line.set_name("Bench");
  line.set_grant("bench-grant");
  *line.mutable_amount() = grant.amount();
  return request;
}

Callers RecordCallers(const std::string& process, size_t callers,
                      const Channels& channels) {
  using recording::v1::RecordingService;
  using recording::v1::RecordRequest;
  using recording::v1::RecordResponse;
  using Caller = load::UnaryCaller<RecordRequest, RecordResponse>;
  const auto next = std::make_shared<std::atomic<uint64_t>>(0);
  Callers all;
  for (size_t i = 0; i < callers; ++i) {
    std::shared_ptr<RecordingService::Stub> stub =
        RecordingService::NewStub(channels[i % channels.size()]);
    all.push_back(std::make_unique<Caller>(
        [stub](auto* context, const auto* request, auto* response, auto done) {
          stub->async()->Record(context, request, response, std::move(done));
        },
        load::Messages<RecordRequest, RecordResponse>{
            [process, next](RecordRequest& request) {
              request.clear_events();
              *request.add_events() = BookedCost(process, ++*next);
            },
            [](const RecordRequest&, const RecordResponse& response) {
              return Outcome{absl::OkStatus(),
                             static_cast<uint64_t>(response.facts_size())};
            }}));
  }
  return all;
}

Callers ProveCallers(uint64_t head, size_t callers, const Channels& channels) {
  using audit::v1::AuditService;
  using audit::v1::ProveInclusionRequest;
  using audit::v1::ProveInclusionResponse;
  using Caller =
      load::UnaryCaller<ProveInclusionRequest, ProveInclusionResponse>;
  Callers all;
  for (size_t i = 0; i < callers; ++i) {
    std::shared_ptr<AuditService::Stub> stub =
        AuditService::NewStub(channels[i % channels.size()]);
    // The same positions in each run, everywhere in the log.
    const auto random = std::make_shared<std::mt19937_64>(i);
    all.push_back(std::make_unique<Caller>(
        [stub](auto* context, const auto* request, auto* response, auto done) {
          stub->async()->ProveInclusion(context, request, response,
                                        std::move(done));
        },
        load::Messages<ProveInclusionRequest, ProveInclusionResponse>{
            [head, random](ProveInclusionRequest& request) {
              request.set_position(1 + (*random)() % head);
            },
            [](const ProveInclusionRequest& request,
               const ProveInclusionResponse& response) {
              const auto proof = ParseTlogProof(response.proof());
              if (proof.ok() && proof->index + 1 == request.position()) {
                return Outcome{absl::OkStatus(), 1};
              }
              return Outcome{absl::DataLossError(absl::StrCat(
                  "the answer is no proof of event ", request.position()))};
            }}));
  }
  return all;
}

}  // namespace samverk::cli
