// Protobuf's own types in JSON.
#include "proto/codec/json_message.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <gtest/gtest.h>

#include <string>

#include "proto/codec/json.h"

namespace samverk::codec {
namespace {

// What is wrong with `json` as a message, or "".
std::string Read(const std::string& json, google::protobuf::Message& message) {
  const auto value = ParseJson(json);
  if (!value.ok()) return std::string(value.status().message());
  return std::string(ReadMessage(json, *value, "field", message).message());
}

TEST(ReadMessage, ReadsInstants) {
  google::protobuf::Timestamp time;
  EXPECT_EQ(Read(R"("2025-10-14T16:30:00.25Z")", time), "");
  EXPECT_EQ(time.seconds(), 1760459400);
  EXPECT_EQ(time.nanos(), 250'000'000);
  EXPECT_EQ(Read(R"("2025-10-14T18:30:00.25+02:00")", time), "");
  EXPECT_EQ(time.seconds(), 1760459400);
}

TEST(ReadMessage, RefusesWhatIsNoInstant) {
  google::protobuf::Timestamp time;
  for (const char* wrong :
       {R"("2025-10-14")", R"("2025-02-30T00:00:00Z")", R"("now")",
        "1760459400", R"({"seconds":1})", R"("")"}) {
    EXPECT_NE(Read(wrong, time).find("is not an instant"), std::string::npos)
        << wrong << ": " << Read(wrong, time);
  }
  EXPECT_EQ(Read(R"("now")", time),
            "line 1, column 1: field: \"now\" is not an instant; write it as "
            "\"2025-10-14T16:30:00Z\"");
}

TEST(ReadMessage, ReadsDurations) {
  google::protobuf::Duration duration;
  EXPECT_EQ(Read(R"("1.5s")", duration), "");
  EXPECT_EQ(duration.seconds(), 1);
  EXPECT_EQ(duration.nanos(), 500'000'000);
  EXPECT_EQ(Read(R"("-2s")", duration), "");
  EXPECT_EQ(duration.seconds(), -2);
  for (const char* wrong : {R"("1.5")", R"("1m")", "1.5", R"("s")", R"({})"}) {
    EXPECT_NE(Read(wrong, duration).find("is not a duration"),
              std::string::npos)
        << wrong << ": " << Read(wrong, duration);
  }
}

TEST(ReadMessage, SaysWhatItDoesNotRead) {
  google::protobuf::Struct other;
  EXPECT_NE(Read("{}", other).find("this kind of field is not read"),
            std::string::npos);
}

}  // namespace
}  // namespace samverk::codec
