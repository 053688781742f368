#include "tests/fault/recording_client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "clients/cpp/raw_store.h"
#include "clients/cpp/status.h"
#include "eventstore/base/uuid.h"

namespace samverk::fault {
namespace {

// Ids are made from the names that histories use, which travel as payload.
std::string IdOf(const std::string& name) {
  const EventId id = UuidV8FromText(name);
  return std::string(id.bytes.begin(), id.bytes.end());
}

void SetCondition(const StreamIsAt& from, store::v1::Condition& to) {
  to.mutable_stream()->set_stream(from.stream);
  if (from.revision == 0) {
    to.mutable_stream()->set_none(true);
  } else {
    to.mutable_stream()->set_revision(from.revision);
  }
}
void SetCondition(const StreamExists& from, store::v1::Condition& to) {
  to.mutable_stream()->set_stream(from.stream);
  to.mutable_stream()->set_exists(true);
}
void SetCondition(const NoneSince& from, store::v1::Condition& to) {
  auto& item = *to.mutable_query()->mutable_query()->add_items();
  for (const std::string& tag : from.tags) item.add_tags(tag);
  to.mutable_query()->set_after(from.after);
}

store::v1::AppendRequest ToProto(const WantedAppend& wanted) {
  store::v1::AppendRequest request;
  for (size_t i = 0; i < wanted.ids.size(); ++i) {
    store::v1::NewEvent& event = *request.add_events();
    event.set_id(IdOf(wanted.ids[i]));
    event.set_stream(wanted.streams[i]);
    event.set_type("fault.raced");
    for (const std::string& tag : wanted.tags[i]) event.add_tags(tag);
    event.set_payload(wanted.ids[i]);
  }
  for (const Expectation& condition : wanted.conditions) {
    std::visit(
        [&](const auto& from) {
          SetCondition(from, *request.add_conditions());
        },
        condition);
  }
  return request;
}

bool IsConflict(const absl::Status& status) {
  const error::v1::Reason reason = client::ReasonOf(status);
  return reason == error::v1::REASON_REVISION_CONFLICT ||
         reason == error::v1::REASON_QUERY_CONFLICT;
}

}  // namespace

int64_t NowNanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void RecordingClient::TakeFailure(const absl::Status& status) {
  gone_ = true;
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_EQ(client::ReasonOf(status), error::v1::REASON_UNSPECIFIED) << status;
}

void RecordingClient::Append(const WantedAppend& wanted) {
  const store::v1::AppendRequest request = ToProto(wanted);
  Operation append;
  append.ids = wanted.ids;
  append.conditions = wanted.conditions;
  append.called = NowNanoseconds();
  const auto answer = client_->raw_store().Append(request);
  append.returned = NowNanoseconds();
  if (answer.ok()) {
    append.replayed = answer->replayed();
    for (const store::v1::Recorded& recorded : answer->recorded()) {
      append.recorded.push_back({recorded.position(), recorded.revision()});
    }
  } else if (IsConflict(answer.status())) {
    append.outcome = Operation::Outcome::kRefused;
  } else {
    TakeFailure(answer.status());
    append.outcome = Operation::Outcome::kUnknown;
    append.returned = kNever;
    unanswered_.push_back(wanted);
  }
  operations_.push_back(std::move(append));
}

void RecordingClient::ReadStream(const std::string& stream, uint64_t base,
                                 uint32_t page_size) {
  store::v1::ReadRequest request;
  request.mutable_query()->add_items()->add_streams(stream);
  request.set_after(base);
  request.set_page_size(page_size);
  Operation read;
  read.kind = Operation::Kind::kReadStream;
  read.stream = stream;
  read.called = NowNanoseconds();
  const absl::Status status = client_->raw_store().Read(
      request, [&read](const store::v1::ReadResponse& page) {
        read.head = page.head();
        for (const store::v1::RecordedEvent& event : page.events()) {
          read.positions.push_back(event.position());
        }
        return true;
      });
  read.returned = NowNanoseconds();
  if (status.ok()) {
    operations_.push_back(std::move(read));
  } else {
    TakeFailure(status);
  }
}

void RecordingClient::ReadHead() {
  Operation read;
  read.kind = Operation::Kind::kReadHead;
  read.called = NowNanoseconds();
  const auto head = client_->raw_store().GetHead();
  read.returned = NowNanoseconds();
  if (head.ok()) {
    read.head = head->position();
    operations_.push_back(std::move(read));
  } else {
    TakeFailure(head.status());
  }
}

std::vector<LoggedEvent> ReadLog(client::Client& client, uint64_t base) {
  std::vector<LoggedEvent> log;
  store::v1::ReadRequest request;
  request.set_after(base);
  const absl::Status status = client.raw_store().Read(
      request, [&](const store::v1::ReadResponse& page) {
        for (const store::v1::RecordedEvent& event : page.events()) {
          EXPECT_EQ(event.position(), base + log.size() + 1);
          log.push_back(
              {event.body().payload(),
               event.body().stream(),
               {event.body().tags().begin(), event.body().tags().end()},
               event.revision()});
        }
        return true;
      });
  EXPECT_TRUE(status.ok()) << status;
  return log;
}

}  // namespace samverk::fault
