#include "tests/fault/callers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "clients/cpp/raw_store.h"
#include "clients/cpp/status.h"
#include "eventstore/base/uuid.h"

namespace samverk::fault {
namespace {

constexpr size_t kUnaryCallers = 6;
constexpr size_t kStreamCallers = 2;
constexpr size_t kStreams = 16;  // that all callers share
constexpr size_t kInFlight = 16;

using Answer = absl::StatusOr<store::v1::AppendResponse>;

std::string StreamName(size_t number) {
  return absl::StrCat("shared/", number);
}

void RaiseTo(std::atomic<uint64_t>& value, uint64_t at_least) {
  uint64_t now = value;
  while (now < at_least && !value.compare_exchange_weak(now, at_least)) {
  }
}

}  // namespace

bool SaysNotStored(const absl::Status& status) {
  const error::v1::Reason reason = client::ReasonOf(status);
  return reason != error::v1::REASON_UNSPECIFIED &&
         reason != error::v1::REASON_OUTCOME_UNKNOWN;
}

// One client with a connection of its own.
class Callers::Caller {
 public:
  Caller(Callers& all, size_t number)
      : all_(&all),
        number_(number),
        random_(all.options_.seed * 1'000 + number) {}

  void Run(bool stream) {
    auto connected =
        client::Client::Connect({.address = all_->options_.address});
    if (!connected.ok()) return;  // killed before it was reached
    const std::unique_ptr<client::Client> client = *std::move(connected);
    if (stream) {
      const auto appends = client->raw_store().OpenAppendStream(kInFlight);
      Loop([&](const store::v1::AppendRequest& request, auto done) {
        appends->Send(request, std::move(done));
      });
      (void)appends->Finish();  // each append has its own outcome
    } else {
      Loop([&](const store::v1::AppendRequest& request, const auto& done) {
        done(client->raw_store().Append(request));
      });
    }
  }

 private:
  template <typename Send>
  void Loop(const Send& send) {
    while (!all_->stopping_ && !gone_) {
      if (random_() % 10 == 0) {
        SendAgain(send);
        continue;
      }
      const store::v1::AppendRequest request = NextRequest();
      const size_t batch = all_->journal_->Sending(request);
      send(request, [this, batch, request](Answer answer) {
        Take(batch, request, answer);
      });
    }
  }

  // What is there gets its first answer, whatever its conditions say now, and
  // other content is refused under its id.
  template <typename Send>
  void SendAgain(const Send& send) {
    const auto batch = all_->journal_->AnyAcknowledged(random_);
    if (!batch.has_value()) return;
    store::v1::AppendRequest request = all_->journal_->RequestOf(*batch);
    if (request.events().empty()) return;
    const bool altered = random_() % 4 == 0;
    if (altered) request.mutable_events(0)->mutable_payload()->append("!");
    send(request, [this, batch = *batch, altered](Answer answer) {
      if (!answer.ok()) {
        const bool conflict =
            answer.status().code() == absl::StatusCode::kAlreadyExists;
        if (!conflict) TakeFailure(answer.status());
        EXPECT_TRUE(!conflict || altered) << answer.status();
        return;
      }
      EXPECT_FALSE(altered) << "batch " << batch << " with other content";
      EXPECT_TRUE(answer->replayed()) << "batch " << batch;
      EXPECT_TRUE(all_->journal_->Acknowledge(batch, *answer))
          << "batch " << batch << " was answered otherwise before";
    });
  }

  void Take(size_t batch, const store::v1::AppendRequest& request,
            const Answer& answer) {
    if (!answer.ok()) {
      if (SaysNotStored(answer.status())) all_->journal_->Refuse(batch);
      if (answer.status().code() == absl::StatusCode::kAborted) {
        EXPECT_GT(request.conditions_size(), 0) << answer.status();
      } else {
        TakeFailure(answer.status());
      }
      return;
    }
    EXPECT_FALSE(answer->replayed()) << "batch " << batch << " is new";
    EXPECT_TRUE(all_->journal_->Acknowledge(batch, *answer));
    ++all_->acknowledgements_;
    CheckRevision(request, *answer);
    for (int i = 0; i < request.events_size(); ++i) {
      RaiseTo(all_->last_position_, answer->recorded(i).position());
      for (size_t s = 0; s < kStreams; ++s) {
        if (request.events(i).stream() != StreamName(s)) continue;
        RaiseTo(all_->revisions_[s], answer->recorded(i).revision());
      }
    }
  }

  // G5 of a stream: the first event is in the stream of the condition.
  static void CheckRevision(const store::v1::AppendRequest& request,
                            const store::v1::AppendResponse& answer) {
    if (request.conditions().empty() || !request.conditions(0).has_stream()) {
      return;
    }
    EXPECT_EQ(answer.recorded(0).revision(),
              request.conditions(0).stream().revision() + 1);
  }

  void TakeFailure(const absl::Status& status) {
    ++all_->failures_;
    const error::v1::Reason reason = client::ReasonOf(status);
    if (reason == error::v1::REASON_UNSPECIFIED) {
      // A server that is told to stop ends what takes too long.
      EXPECT_TRUE(status.code() == absl::StatusCode::kUnavailable ||
                  (all_->options_.may_be_stopped &&
                   status.code() == absl::StatusCode::kCancelled))
          << status;
      gone_ = true;
      return;
    }
    EXPECT_TRUE(all_->options_.disk_fails ||
                reason == error::v1::REASON_SHUTTING_DOWN)
        << status;
    absl::SleepFor(absl::Milliseconds(1));
  }

  store::v1::AppendRequest NextRequest() {
    store::v1::AppendRequest request;
    const size_t kind = random_() % 10;
    const size_t stream = random_() % kStreams;
    const size_t events = 1 + random_() % 5;
    for (size_t i = 0; i < events; ++i) {
      AddEvent(i == 0 ? stream : random_() % kStreams, request);
    }
    if (kind < 3) {
      auto& condition = *request.add_conditions()->mutable_stream();
      condition.set_stream(StreamName(stream));
      condition.set_revision(all_->revisions_[stream]);
    } else if (kind < 5) {
      auto& condition = *request.add_conditions()->mutable_query();
      auto& item = *condition.mutable_query()->add_items();
      item.add_tags(absl::StrCat("tag:", random_() % 8));
      item.add_tags(absl::StrCat("half:", random_() % 2));
      condition.set_after(all_->last_position_);
    }
    return request;
  }

  void AddEvent(size_t stream, store::v1::AppendRequest& request) {
    store::v1::NewEvent& event = *request.add_events();
    const EventId id = UuidV8FromText(
        absl::StrCat(all_->options_.seed, " ", number_, " ", ++made_));
    event.set_id(std::string(id.bytes.begin(), id.bytes.end()));
    event.set_stream(StreamName(stream));
    event.set_type(absl::StrCat("fault.", random_() % 3));
    event.add_tags(absl::StrCat("tag:", random_() % 8));
    event.add_tags(absl::StrCat("half:", random_() % 2));
    // Most are small, some need more than one block of the disk.
    const size_t size = random_() % 50 == 0 ? 9'000 : random_() % 300;
    std::string payload;
    while (payload.size() < size) {
      const uint64_t word = random_();
      payload.append(reinterpret_cast<const char*>(&word), sizeof(word));
    }
    event.set_payload(std::move(payload));
  }

  Callers* const all_;
  const size_t number_;
  std::mt19937_64 random_;
  uint64_t made_ = 0;
  std::atomic<bool> gone_{false};
};

Callers::Callers(Options options, Journal& journal)
    : options_(std::move(options)), journal_(&journal), revisions_(kStreams) {
  for (size_t i = 0; i < kUnaryCallers + kStreamCallers; ++i) {
    callers_.push_back(std::make_unique<Caller>(*this, i));
    threads_.emplace_back([caller = callers_.back().get(), i] {
      caller->Run(i >= kUnaryCallers);
    });
  }
}

Callers::~Callers() { Stop(); }

void Callers::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  journal_->Flush();
}

}  // namespace samverk::fault
