// Who read what is secret is on record before it is given.
#include "services/privacy/secret_reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eventstore/base/uuid.h"
#include "eventstore/record.h"
#include "proto/codec/event_codec.h"
#include "tests/testing/given.h"

namespace samverk::privacy {
namespace {

using access::Admitted;
using event::v1::Event;
using event::v1::SecretDataRead;
using samverk::testing::EventOf;
using samverk::testing::Given;
using samverk::testing::Uuid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kSecret[] =
    "visibility: VISIBILITY_SECRET secrecy_ground: 'OSL 18:1' "
    "lesson_recorded { lesson: 'l-1' text: 'Hemligt' }";

Admitted Reader(const std::string& subject, std::vector<std::string> rights) {
  return Admitted(access::CallerOf({subject, "mkb", std::move(rights), {}}),
                  codec::Language::kEnglish);
}

class Reads : public ::testing::Test {
 protected:
  // Records a secret event.
  access::SecretEvent Secret(uint64_t n, const std::string& text = kSecret) {
    Event event = EventOf(text);
    event.set_id(Uuid(n));
    given_.And(event);
    return *access::SecretOf(event);
  }
  // What was put on record of reading, in order.
  std::vector<Event> OnRecord() {
    ReadOptions options;
    options.query.items.push_back(
        {{std::string(codec::TypeName(Event::kSecretDataRead))}, {}, {}});
    std::vector<Event> found;
    const EventPage page = *given_.store().Read(options);
    for (const RecordedEvent& recorded : page.events) {
      const BodyView body = *DecodeBody(recorded.body());
      Event& event = found.emplace_back();
      EXPECT_TRUE(
          codec::DecodePayload(body.type, "", body.payload, event).ok());
    }
    return found;
  }
  absl::Status NoteView(const Admitted& who) {
    return reads_.NoteRange(who, SecretDataRead::WAY_VIEW,
                            {"p", Position(), given_.store().Head()});
  }

  Given given_;
  SecretReads reads_{given_.store(), given_.clock()};
  Admitted archivist_ = Reader("s-1", {"arkivarie"});
};

TEST_F(Reads, AreOnRecordAsSecretAsWhatWasRead) {
  const auto secret = Secret(501);
  ASSERT_TRUE(
      reads_.Note(archivist_, SecretDataRead::WAY_EVENTS, {secret}).ok());
  const std::vector<Event> records = OnRecord();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].visibility(), event::v1::VISIBILITY_SECRET);
  EXPECT_EQ(records[0].secrecy_ground(), "OSL 18:1");
  EXPECT_EQ(records[0].recorded_by().subject(), "s-1");
  EXPECT_EQ(records[0].secret_data_read().principal(), "s-1");
  EXPECT_EQ(records[0].secret_data_read().way(), SecretDataRead::WAY_EVENTS);
  EXPECT_THAT(records[0].secret_data_read().events(), ElementsAre(Uuid(501)));
}

TEST_F(Reads, AreOnRecordOnceADayForEachReader) {
  const auto secret = Secret(501);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        reads_.Note(archivist_, SecretDataRead::WAY_EVENTS, {secret}).ok());
    ASSERT_TRUE(NoteView(archivist_).ok());
  }
  EXPECT_EQ(OnRecord().size(), 1u);
  ASSERT_TRUE(NoteView(Reader("s-2", {"arkivarie"})).ok());
  EXPECT_EQ(OnRecord().size(), 2u);
  given_.clock().Advance(absl::Hours(24));
  ASSERT_TRUE(NoteView(archivist_).ok());
  EXPECT_EQ(OnRecord().size(), 3u);
}

TEST_F(Reads, OfAViewAreWhatTheReaderMayRead) {
  Secret(501);
  Secret(502,
         "visibility: VISIBILITY_SECRET secrecy_ground: 'OSL 21:7' "
         "lesson_recorded { lesson: 'l-2' text: 'Annat' }");
  const std::vector<std::string> cleared = {"handläggare@p",
                                            "secrecy:OSL 21:7@p"};
  ASSERT_TRUE(NoteView(Reader("s-3", {"partner@p"})).ok());
  EXPECT_THAT(OnRecord(), IsEmpty());
  ASSERT_TRUE(NoteView(Reader("s-3", cleared)).ok());
  ASSERT_EQ(OnRecord().size(), 1u);
  EXPECT_THAT(OnRecord()[0].secret_data_read().events(),
              ElementsAre(Uuid(502)));
  // Who gets more rights the same day reads more.
  ASSERT_TRUE(NoteView(Reader("s-3", {"arkivarie"})).ok());
  ASSERT_EQ(OnRecord().size(), 2u);
  EXPECT_THAT(OnRecord()[1].secret_data_read().events(),
              ElementsAre(Uuid(501)));
}

TEST_F(Reads, AreNotReadingThemselves) {
  Secret(501);
  ASSERT_TRUE(NoteView(archivist_).ok());
  given_.clock().Advance(absl::Hours(24));
  ASSERT_TRUE(NoteView(Reader("s-2", {"arkivarie"})).ok());
  const std::vector<Event> records = OnRecord();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_THAT(records[1].secret_data_read().events(), ElementsAre(Uuid(501)));
  EXPECT_FALSE(access::SecretOf(records[0]).has_value());
}

TEST_F(Reads, OfACorrectionThatMakesSecretCountToo) {
  Event event = EventOf("lesson_recorded { lesson: 'l-3' text: 'Öppet' }");
  event.set_id(Uuid(505));
  given_.And(event);
  given_.And(EventOf("id: '" + Uuid(506) + "' event_corrected { target: '" +
                     Uuid(505) +
                     "' reason_code: 'sekretess' reason: 'r' replacement { "
                     "visibility: VISIBILITY_SECRET secrecy_ground: 'OSL 18:1' "
                     "lesson_recorded { lesson: 'l-3' text: 'Hemligt' } } }"));
  ASSERT_TRUE(NoteView(archivist_).ok());
  ASSERT_EQ(OnRecord().size(), 1u);
  EXPECT_THAT(OnRecord()[0].secret_data_read().events(),
              ElementsAre(Uuid(506)));
}

TEST_F(Reads, OfManyAreSeveralEvents) {
  std::vector<access::SecretEvent> many;
  const auto secret = Secret(501);
  for (size_t i = 0; i < SecretReads::kEventsOfOne + 1; ++i) {
    many.push_back({Uuid(1'000 + i), secret.process, secret.ground});
  }
  ASSERT_TRUE(reads_.Note(archivist_, SecretDataRead::WAY_RECORDS, many).ok());
  ASSERT_EQ(OnRecord().size(), 2u);
  EXPECT_EQ(OnRecord()[1].secret_data_read().events_size(), 1);
}

TEST_F(Reads, WithoutARecordNothingMayBeGiven) {
  // Of a process that is not there nothing can be recorded.
  const access::SecretEvent elsewhere{Uuid(501), "q", "OSL 18:1"};
  const absl::Status noted =
      reads_.Note(archivist_, SecretDataRead::WAY_EVENTS, {elsewhere});
  EXPECT_TRUE(absl::IsFailedPrecondition(noted)) << noted;
}

}  // namespace
}  // namespace samverk::privacy
