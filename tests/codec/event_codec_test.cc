// Given an event of each kind, when it is stored and read, then it is the same;
// given bytes that are not, then the error says what to do.
#include "proto/codec/event_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/error_details.pb.h"
#include "tests/testing/proto_fill.h"

namespace samverk::codec {
namespace {

using event::v1::Event;
using google::protobuf::util::MessageDifferencer;
using ::testing::HasSubstr;

constexpr char kId[] = "0193a1b2-0000-7000-8000-000000000001";

std::string ReasonOf(const absl::Status& status) {
  const auto payload =
      status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) {
    return "";
  }
  return info.reason();
}

Event CostBooked() {
  Event event;
  event.set_id(kId);
  event.set_process("augustenborg");
  event.mutable_cost_booked()->set_cost("A-117-1");
  return event;
}

// The bytes of a length-delimited field, number below 2048.
std::string Field(int number, const std::string& content) {
  const int tag = number << 3 | 2;
  std::string bytes;
  bytes.push_back(static_cast<char>((tag & 0x7F) | 0x80));
  bytes.push_back(static_cast<char>(tag >> 7));
  bytes.push_back(static_cast<char>(content.size()));
  return bytes + content;
}

TEST(TypeName, IsTheMessagesNameInSnakeCase) {
  EXPECT_EQ(TypeName(Event::kCostBooked), "samverk.cost_booked");
  EXPECT_EQ(TypeName(Event::kInKindRecorded), "samverk.in_kind_recorded");
  EXPECT_EQ(TypeName(Event::kGallringDecided), "samverk.gallring_decided");
  EXPECT_EQ(TypeName(Event::FACT_NOT_SET), "");
  EXPECT_EQ(TypeName(static_cast<Event::FactCase>(99)), "");
}

TEST(TypeName, ComesBackForEveryKind) {
  const auto* oneof = Event::descriptor()->FindOneofByName("fact");
  ASSERT_EQ(AllFacts().size(), static_cast<size_t>(oneof->field_count()));
  std::set<std::string_view> names;
  int last = 0;
  for (const Event::FactCase fact : AllFacts()) {
    EXPECT_GT(static_cast<int>(fact), last);
    last = fact;
    const std::string_view name = TypeName(fact);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(FactOfTypeName(name), fact);
    // The arm's own name is the message's: JSON and type names agree.
    const auto* arm = Event::descriptor()->FindFieldByNumber(fact);
    EXPECT_EQ(std::string(kTypePrefix) + arm->name(), name);
  }
}

TEST(TypeName, IsUnknownForEverythingElse) {
  EXPECT_EQ(FactOfTypeName(""), Event::FACT_NOT_SET);
  EXPECT_EQ(FactOfTypeName("samverk."), Event::FACT_NOT_SET);
  EXPECT_EQ(FactOfTypeName("samverk.cost_booked "), Event::FACT_NOT_SET);
  EXPECT_EQ(FactOfTypeName("cost_booked"), Event::FACT_NOT_SET);
  EXPECT_EQ(FactOfTypeName("other.cost_booked"), Event::FACT_NOT_SET);
}

TEST(Payload, GivesEveryKindBackWithItsId) {
  for (Event event : testing::OneOfEachKind()) {
    event.set_id(kId);
    const std::string_view type = TypeName(event.fact_case());
    Event decoded;
    const absl::Status status =
        DecodePayload(type, kId, EncodePayload(event), decoded);
    ASSERT_TRUE(status.ok()) << type << ": " << status;
    std::string difference;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(event, decoded)) << type << difference;
  }
}

TEST(Payload, DoesNotHoldTheId) {
  Event other = CostBooked();
  other.set_id("0193a1b2-0000-7000-8000-000000000002");
  EXPECT_EQ(EncodePayload(CostBooked()), EncodePayload(other));
  Event raw;
  ASSERT_TRUE(raw.ParseFromString(EncodePayload(other)));
  EXPECT_EQ(raw.id(), "");
  EXPECT_EQ(other.id(), "0193a1b2-0000-7000-8000-000000000002");
}

TEST(Payload, IsTheSameForTheSameEventHoweverItWasMade) {
  Event reversed;
  reversed.mutable_cost_booked()->set_cost("A-117-1");
  reversed.set_process("augustenborg");
  EXPECT_EQ(EncodePayload(reversed), EncodePayload(CostBooked()));
  // Fields in another order on the wire.
  Event parsed;
  ASSERT_TRUE(parsed.ParseFromString(
      Field(Event::kCostBooked,
            CostBooked().cost_booked().SerializeAsString()) +
      "\x12\x0c"
      "augustenborg"));
  EXPECT_EQ(EncodePayload(parsed), EncodePayload(CostBooked()));
}

TEST(Payload, KeepsFieldsThatANewerProgramAdded) {
  // Field 90 of the envelope: an addition, not another kind of fact.
  const std::string bytes = EncodePayload(CostBooked()) + Field(90, "new");
  Event decoded;
  ASSERT_TRUE(DecodePayload("samverk.cost_booked", kId, bytes, decoded).ok());
  EXPECT_EQ(EncodePayload(decoded), bytes);
}

TEST(Payload, DecodesIntoAnArena) {
  google::protobuf::Arena arena;
  auto* decoded = google::protobuf::Arena::CreateMessage<Event>(&arena);
  decoded->set_process("left over");
  ASSERT_TRUE(DecodePayload("samverk.cost_booked", kId,
                            EncodePayload(CostBooked()), *decoded)
                  .ok());
  EXPECT_TRUE(MessageDifferencer::Equals(*decoded, CostBooked()));
}

void ThenRefused(std::string_view type, const std::string& bytes,
                 absl::StatusCode code, const std::string& reason,
                 const std::string& why) {
  Event decoded = CostBooked();
  const absl::Status status = DecodePayload(type, kId, bytes, decoded);
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_EQ(ReasonOf(status), reason);
  EXPECT_THAT(std::string(status.message()), HasSubstr(why));
  EXPECT_TRUE(MessageDifferencer::Equals(decoded, Event()))
      << "nothing of it may be left: " << decoded.ShortDebugString();
}

TEST(Payload, RefusesAKindThatIsNotKnown) {
  Event envelope;
  envelope.set_process("augustenborg");
  const std::string bytes =
      envelope.SerializeAsString() + Field(1999, "whatever");
  ThenRefused("samverk.moon_landed", bytes,
              absl::StatusCode::kFailedPrecondition, "UNKNOWN_EVENT",
              "field 1999); upgrade this program");
  // Whatever name it goes by, and with a known fact beside it.
  ThenRefused("samverk.cost_booked", bytes,
              absl::StatusCode::kFailedPrecondition, "UNKNOWN_EVENT",
              "field 1999");
  ThenRefused("samverk.cost_booked",
              EncodePayload(CostBooked()) + Field(1999, "whatever"),
              absl::StatusCode::kFailedPrecondition, "UNKNOWN_EVENT",
              "field 1999");
}

TEST(Payload, RefusesAnUnknownKindWithinACorrection) {
  Event correction;
  correction.mutable_event_corrected()->set_target(kId);
  correction.mutable_event_corrected()->mutable_replacement()->set_process("p");
  auto* replacement =
      correction.mutable_event_corrected()->mutable_replacement();
  ASSERT_TRUE(replacement->ParseFromString(Field(1999, "whatever")));
  ThenRefused("samverk.event_corrected", EncodePayload(correction),
              absl::StatusCode::kFailedPrecondition, "UNKNOWN_EVENT",
              "field 1999");
}

TEST(Payload, RefusesAnotherKindThanTheTypeNameSays) {
  const std::string bytes = EncodePayload(CostBooked());
  for (const char* type : {"samverk.cost_reversed", "samverk.unheard_of", ""}) {
    ThenRefused(type, bytes, absl::StatusCode::kFailedPrecondition,
                "UNKNOWN_EVENT", "holds the fact \"samverk.cost_booked\"");
  }
}

TEST(Payload, RefusesBytesThatAreNoEvent) {
  for (const std::string& bytes :
       {std::string("garbage"), std::string("\xFF\xFF\xFF"),
        EncodePayload(CostBooked()).substr(0, 5)}) {
    ThenRefused("samverk.cost_booked", bytes, absl::StatusCode::kDataLoss,
                "DAMAGED", "not an event");
  }
  ThenRefused("samverk.cost_booked", "", absl::StatusCode::kDataLoss, "DAMAGED",
              "states no fact");
}

TEST(Payload, RefusesTextThatIsNotUtf8WithoutAWordOnTheTerminal) {
  ::testing::internal::CaptureStderr();
  ThenRefused("samverk.cost_booked",
              Field(Event::kCostBooked, "\x0A\x02\xC3\x28"),
              absl::StatusCode::kDataLoss, "DAMAGED", "not an event");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

// The check looks at eight bytes at a time.
TEST(Payload, LooksAtEveryByteOfAText) {
  for (size_t size = 1; size < 20; ++size) {
    for (size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      const auto payload_of = [&text] {
        return Field(Event::kCostBooked,
                     "\x0A" + std::string(1, char(text.size())) + text);
      };
      text[at] = '\xFF';
      ThenRefused("samverk.cost_booked", payload_of(),
                  absl::StatusCode::kDataLoss, "DAMAGED", "not an event");
      text.replace(at, 1, "å");
      Event event;
      ASSERT_TRUE(
          DecodePayload("samverk.cost_booked", "", payload_of(), event).ok());
      EXPECT_EQ(event.cost_booked().cost(), text);
    }
  }
}

}  // namespace
}  // namespace samverk::codec
