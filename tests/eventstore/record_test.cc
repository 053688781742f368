#include "eventstore/record.h"

#include <random>
#include <string>

#include "absl/strings/escaping.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "eventstore/limits.h"
#include "gtest/gtest.h"
#include "samverk/store/v1/record.pb.h"

namespace samverk {
namespace {

NewEvent FullEvent() {
  NewEvent event;
  event.id = *ParseUuid("018bcfe5-6800-7000-8000-00000000002a");
  event.stream = "augustenborg/finding/7";
  event.type = "samverk.finding_logged";
  event.tags = {"process:augustenborg", "finding:7", "process:augustenborg"};
  event.occurred = Interval{-5, 1'700'000'000'000'000};
  event.metadata.source_system = "docx-import";
  event.metadata.source_ref = "p. 12";
  event.metadata.recorded_by = "p-1";
  event.metadata.on_behalf_of = "mkb";
  event.metadata.correlation_id = "c";
  event.metadata.causation_id = "d";
  event.metadata.traceparent = "00-…";
  event.payload = std::string("\0\x01payload", 9);
  return event;
}

TEST(EncodeBody, IsTheProtocolBufferEventBody) {
  const NewEvent event = FullEvent();
  store::v1::EventBody body;
  ASSERT_TRUE(body.ParseFromString(EncodeBody(event)));
  EXPECT_EQ(body.id().size(), 16u);
  EXPECT_EQ(body.stream(), event.stream);
  EXPECT_EQ(body.type(), event.type);
  ASSERT_EQ(body.tags_size(), 2);
  EXPECT_EQ(body.tags(0), "finding:7");
  EXPECT_EQ(body.tags(1), "process:augustenborg");
  EXPECT_EQ(body.occurred().from_us(), -5);
  EXPECT_EQ(body.occurred().to_us(), 1'700'000'000'000'000);
  EXPECT_EQ(body.metadata().source_ref(), "p. 12");
  EXPECT_EQ(body.metadata().traceparent(), "00-…");
  EXPECT_EQ(body.payload(), event.payload);
  // And the bytes are those that protobuf's own encoder gives.
  EXPECT_EQ(body.SerializeAsString(), EncodeBody(event));
}

TEST(EncodeBody, LeavesDefaultsOut) {
  NewEvent event;
  event.id.bytes[0] = 1;
  event.stream = "s";
  event.type = "t";
  EXPECT_EQ(absl::BytesToHexString(EncodeBody(event)),
            "0a1001000000000000000000000000000000"
            "120173"
            "1a0174");
  event.occurred = Interval{0, 1};
  EXPECT_EQ(absl::BytesToHexString(EncodeBody(event).substr(24)), "2a021002");
}

TEST(DecodeBody, GivesBackWhatWasEncoded) {
  const NewEvent event = FullEvent();
  const std::string bytes = EncodeBody(event);
  const auto body = DecodeBody(bytes);
  ASSERT_TRUE(body.ok()) << body.status();
  EXPECT_EQ(body->id, event.id);
  EXPECT_EQ(body->stream, event.stream);
  EXPECT_EQ(body->type, event.type);
  ASSERT_EQ(body->tags.size(), 2u);
  EXPECT_EQ(body->tags[0], "finding:7");
  EXPECT_EQ(body->occurred, event.occurred);
  EXPECT_EQ(body->source_system, "docx-import");
  EXPECT_EQ(body->source_ref, "p. 12");
  EXPECT_EQ(body->recorded_by, "p-1");
  EXPECT_EQ(body->on_behalf_of, "mkb");
  EXPECT_EQ(body->correlation_id, "c");
  EXPECT_EQ(body->causation_id, "d");
  EXPECT_EQ(body->traceparent, "00-…");
  EXPECT_EQ(body->payload, event.payload);
}

TEST(DecodeBody, RefusesWhatIsCutOffAnywhere) {
  const std::string bytes = EncodeBody(FullEvent());
  const size_t payload = bytes.size() - FullEvent().payload.size() - 2;
  for (size_t n = 0; n < bytes.size(); ++n) {
    const auto body = DecodeBody(std::string_view(bytes).substr(0, n));
    if (body.ok()) {
      // Only at the border of a field can a prefix be a body.
      EXPECT_TRUE(body->payload.empty()) << n;
      EXPECT_LE(n, payload);
    } else {
      EXPECT_EQ(ReasonOf(body.status()), error::v1::REASON_DAMAGED);
    }
  }
}

TEST(DecodeBody, RefusesOtherEncodingsOfTheSameBody) {
  std::string bytes = EncodeBody(FullEvent());
  EXPECT_FALSE(DecodeBody(bytes + '\x00').ok());
  EXPECT_FALSE(DecodeBody(bytes + "\x40\x01").ok()) << "unknown field";
  EXPECT_FALSE(DecodeBody(bytes + bytes).ok()) << "fields out of order";
  store::v1::EventBody body;
  ASSERT_TRUE(body.ParseFromString(bytes));
  body.mutable_tags()->SwapElements(0, 1);
  EXPECT_FALSE(DecodeBody(body.SerializeAsString()).ok()) << "unsorted tags";
  body.mutable_tags()->SwapElements(0, 1);
  body.set_id("short");
  EXPECT_FALSE(DecodeBody(body.SerializeAsString()).ok());
}

TEST(DecodeStated, TakesTheSameAsDecodeBody) {
  NewEvent sparse;
  sparse.id.bytes[0] = 1;
  sparse.stream = "s";
  sparse.type = "t";
  NewEvent of_no_length = sparse;
  of_no_length.occurred = Interval{0, 0};
  for (const NewEvent& event : {FullEvent(), sparse, of_no_length}) {
    const std::string bytes = EncodeBody(event);
    const auto stated = DecodeStated(bytes);
    ASSERT_TRUE(stated.ok()) << stated.status();
    EXPECT_EQ(stated->id, event.id);
    EXPECT_EQ(stated->type, event.type);
    EXPECT_EQ(stated->payload, event.payload);
  }
}

TEST(DecodeStated, RefusesWhatIsCutOffOrGoesOn) {
  const std::string bytes = EncodeBody(FullEvent());
  const size_t payload = bytes.size() - FullEvent().payload.size() - 2;
  for (size_t n = payload + 1; n < bytes.size(); ++n) {
    const auto stated = DecodeStated(std::string_view(bytes).substr(0, n));
    EXPECT_FALSE(stated.ok()) << n;
    EXPECT_EQ(ReasonOf(stated.status()), error::v1::REASON_DAMAGED);
  }
  EXPECT_FALSE(DecodeStated("").ok());
  EXPECT_FALSE(DecodeStated(bytes + '\x00').ok());
  EXPECT_FALSE(DecodeStated(bytes + bytes).ok());
}

TEST(DecodeStated, AgreesWithDecodeBodyOnAnyBytes) {
  std::mt19937 random(1);
  const std::string good = EncodeBody(FullEvent());
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto stated = DecodeStated(bytes);
    const auto body = DecodeBody(bytes);
    if (!body.ok()) continue;
    ASSERT_TRUE(stated.ok()) << absl::BytesToHexString(bytes);
    EXPECT_EQ(stated->id, body->id);
    EXPECT_EQ(stated->type, body->type);
    EXPECT_EQ(stated->payload, body->payload);
  }
}

TEST(DecodeBody, SurvivesAnyBytes) {
  std::mt19937 random(1);
  const std::string good = EncodeBody(FullEvent());
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto body = DecodeBody(bytes);
    if (!body.ok()) continue;
    NewEvent again;
    again.id = body->id;
    again.stream = body->stream;
    again.type = body->type;
    for (const auto tag : body->tags) again.tags.emplace_back(tag);
    again.occurred = body->occurred;
    again.metadata = {
        std::string(body->source_system),  std::string(body->source_ref),
        std::string(body->recorded_by),    std::string(body->on_behalf_of),
        std::string(body->correlation_id), std::string(body->causation_id),
        std::string(body->traceparent)};
    again.payload = body->payload;
    EXPECT_EQ(EncodeBody(again), bytes) << absl::BytesToHexString(bytes);
  }
}

std::string OneRecord() {
  RecordHeader header;
  header.position = Position(42);
  header.revision = Revision(7);
  header.recorded_at_us = 1'700'000'000'000'001;
  for (uint8_t i = 0; i < 16; ++i) header.salt[i] = i;
  std::string record;
  AppendRecord(header, EncodeBody(FullEvent()), record);
  return record;
}

TEST(RecordedEvent, ReadsWhatAppendRecordWrites) {
  const auto event = RecordedEvent::FromRecord(OneRecord());
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->position(), Position(42));
  EXPECT_EQ(event->revision(), Revision(7));
  EXPECT_EQ(event->recorded_at(), absl::FromUnixMicros(1'700'000'000'000'001));
  EXPECT_EQ(event->header().salt[15], 15);
  EXPECT_EQ(event->record(), OneRecord());
  EXPECT_EQ(event->body(), EncodeBody(FullEvent()));
}

TEST(RecordedEvent, RefusesImpossibleHeaders) {
  const auto with = [](size_t at, char value) {
    std::string record = OneRecord();
    record[at] = value;
    return RecordedEvent::FromRecord(record).status();
  };
  EXPECT_EQ(ReasonOf(with(0, 2)), error::v1::REASON_DAMAGED) << "format";
  EXPECT_EQ(ReasonOf(with(3, 1)), error::v1::REASON_DAMAGED) << "zeros";
  EXPECT_EQ(ReasonOf(with(4, 1)), error::v1::REASON_DAMAGED) << "length";
  EXPECT_EQ(ReasonOf(with(8, 0)), error::v1::REASON_DAMAGED) << "position 0";
  EXPECT_EQ(ReasonOf(with(16, 0)), error::v1::REASON_DAMAGED) << "revision 0";
  EXPECT_EQ(ReasonOf(with(16, 43)), error::v1::REASON_DAMAGED);
  EXPECT_TRUE(with(16, 42).ok());
  EXPECT_FALSE(RecordedEvent::FromRecord("").ok());
  EXPECT_FALSE(RecordedEvent::FromRecord(OneRecord() + "x").ok());
  EXPECT_FALSE(
      RecordedEvent::FromRecord(OneRecord().substr(0, kRecordHeaderBytes - 1))
          .ok());
}

}  // namespace
}  // namespace samverk
