// The canonical form of RFC 8785, by the RFC's own examples.
#include "services/reporting/canonical_json.h"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "samverk/report/v1/report.pb.h"
#include "tests/testing/proto_fill.h"

namespace samverk {
namespace {

std::string Number(double number) {
  std::string out;
  jcs::AppendNumber(number, out);
  return out;
}

std::string String(std::string_view text) {
  std::string out;
  jcs::AppendString(text, out);
  return out;
}

// RFC 8785, appendix B: IEEE 754 bits and their ECMAScript text.
TEST(CanonicalJson, WritesNumbersAsAppendixBHasThem) {
  const std::vector<std::pair<uint64_t, std::string>> samples = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const auto& [bits, expected] : samples) {
    EXPECT_EQ(Number(std::bit_cast<double>(bits)), expected);
  }
}

// RFC 8785, 3.2.2: the numbers of the example.
TEST(CanonicalJson, WritesTheNumbersOfTheExample) {
  EXPECT_EQ(Number(333333333.33333329), "333333333.3333333");
  EXPECT_EQ(Number(1E30), "1e+30");
  EXPECT_EQ(Number(4.50), "4.5");
  EXPECT_EQ(Number(2e-3), "0.002");
  EXPECT_EQ(Number(0.000000000000000000000000001), "1e-27");
}

// RFC 8785, 3.2.2.2: the string of the example.
TEST(CanonicalJson, WritesTheStringOfTheExample) {
  EXPECT_EQ(String("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"),
            "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
}

TEST(CanonicalJson, EscapesOnlyWhatTheRfcEscapes) {
  EXPECT_EQ(String("\b\t\n\f\r"), "\"\\b\\t\\n\\f\\r\"");
  EXPECT_EQ(String(std::string_view("\0\x1f\x7f", 3)),
            "\"\\u0000\\u001f\x7f\"");
  EXPECT_EQ(String("</script> \u2028 å"), "\"</script> \u2028 å\"");
}

// RFC 8785, 3.2.3: the sorting example. In bytes of UTF-8 the smiley would
// come after U+FB33.
TEST(CanonicalJson, SortsByCodeUnitsOfUtf16) {
  const std::vector<std::string> sorted = {
      "\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001F600", "\uFB33"};
  for (size_t i = 0; i < sorted.size(); ++i) {
    for (size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(jcs::Before(sorted[i], sorted[j]), i < j)
          << sorted[i] << " and " << sorted[j];
    }
  }
  EXPECT_TRUE(jcs::Before("a", "aa"));
  EXPECT_TRUE(jcs::Before("", "a"));
  EXPECT_TRUE(jcs::Before("\U0001F600", "\U0001F601"));
  EXPECT_TRUE(jcs::Before("a\U0001F600", "a\uE000"));
  EXPECT_TRUE(jcs::Before("\uD7FF", "\U0001F600"));
}

TEST(CanonicalJson, WritesAMessageSortedAndWithoutDefaults) {
  report::v1::ReportModel report;
  EXPECT_EQ(CanonicalJson(report), "{}");
  report.set_title("T");
  report.set_as_of_position(12);
  report.set_as_of_recorded_us(-5);
  report.add_sections()->set_number(3);
  report.add_sections();
  report.add_checks()->set_state(view::v1::CHECK_STATE_OPEN);
  report.add_outcome_table()->set_reconciliation(true);
  EXPECT_EQ(CanonicalJson(report),
            R"({"as_of_position":"12","as_of_recorded_us":"-5",)"
            R"("checks":[{"state":"CHECK_STATE_OPEN"}],)"
            R"("outcome_table":[{"reconciliation":true}],)"
            R"("sections":[{"number":3},{}],"title":"T"})");
}

// protobuf's own parser reads the same message back: nothing is lost, every
// type of field is written as proto3 JSON has it.
TEST(CanonicalJson, IsTheJsonOfTheMessage) {
  report::v1::ReportModel report;
  testing::FillAllFields(report, 8);
  report::v1::ReportModel read;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(CanonicalJson(report), &read)
          .ok());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(report, read));
}

TEST(CanonicalJson, WritesBytesOptionalFieldsAndUnknownEnums) {
  event::v1::DocumentAttached document;
  document.set_sha256(std::string("\x00\xff\xfe", 3));
  document.set_kind(static_cast<event::v1::DocumentKind>(77));
  EXPECT_EQ(CanonicalJson(document), R"({"kind":77,"sha256":"AP/+"})");
  event::v1::Headcount heads;
  heads.set_total(0);  // Counted: nobody came.
  EXPECT_EQ(CanonicalJson(heads), R"({"total":0})");
}

}  // namespace
}  // namespace samverk
