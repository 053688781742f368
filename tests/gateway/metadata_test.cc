// Headers and metadata.
#include "services/gateway/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace samverk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

HttpRequest With(std::multimap<std::string, std::string> headers) {
  HttpRequest request;
  request.headers = std::move(headers);
  return request;
}

TEST(MetadataOf, PassesWhatServicesRead) {
  const auto metadata = MetadataOf(With({{"accept-language", "sv"},
                                         {"authorization", "Bearer x"},
                                         {"traceparent", "00-1-2-01"},
                                         {"x-data-bin", "AQI"},
                                         {"x-more-bin", "AQI="}}));
  ASSERT_TRUE(metadata.ok()) << metadata.status();
  EXPECT_THAT(*metadata, ElementsAre(Pair("accept-language", "sv"),
                                     Pair("authorization", "Bearer x"),
                                     Pair("traceparent", "00-1-2-01"),
                                     Pair("x-data-bin", "\1\2"),
                                     Pair("x-more-bin", "\1\2")));
}

TEST(MetadataOf, KeepsBackWhatIsNotForServices) {
  for (const char* name :
       {"host", "connection", "content-type", "content-length", "cookie",
        "accept-encoding", "te", "transfer-encoding", "user-agent", "origin",
        "connect-timeout-ms", "connect-protocol-version", "grpc-timeout",
        "grpc-status", "sec-fetch-mode", "samverk-gateway-peer", "REMOTE_ADDR",
        "x y", ""}) {
    EXPECT_THAT(*MetadataOf(With({{name, "1"}})), IsEmpty()) << name;
  }
  // gRPC would end the program on these.
  EXPECT_THAT(*MetadataOf(With({{"x-name", "Åsa"}})), IsEmpty());
  EXPECT_THAT(*MetadataOf(With({{"x-name", "a\tb"}})), IsEmpty());
}

// Without it the caller would be nobody, who is let in to some.
TEST(MetadataOf, RefusesAnAuthorizationThatItCannotPass) {
  for (const char* value :
       {"Bearer Åsa", "Bearer \xE5", "Bearer\tx", "Bearer x\x7F"}) {
    const auto refused = MetadataOf(With({{"authorization", value}})).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << value;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("Authorization"));
  }
}

TEST(MetadataOf, RefusesWhatIsNotBase64) {
  EXPECT_EQ(MetadataOf(With({{"x-data-bin", "*"}})).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(HeadersOf, WritesTrailersBehindAPrefix) {
  const std::multimap<grpc::string_ref, grpc::string_ref> metadata = {
      {"x-a", "1"},
      {"x-a", "2"},
      {"x-b-bin", "\1\2"},
      {"grpc-status-details-bin", "no"},
      {"content-type", "no"}};
  EXPECT_THAT(HeadersOf(metadata, "trailer-"),
              ElementsAre(Pair("trailer-x-a", "1"), Pair("trailer-x-a", "2"),
                          Pair("trailer-x-b-bin", "AQI")));
  EXPECT_EQ(MetadataJson(metadata), R"({"x-a":["1","2"],"x-b-bin":["AQI"]})");
  EXPECT_EQ(MetadataJson({}), "");
}

TEST(TimeoutOf, ReadsMilliseconds) {
  EXPECT_EQ(*TimeoutOf(With({})), absl::InfiniteDuration());
  EXPECT_EQ(*TimeoutOf(With({{"connect-timeout-ms", "1500"}})),
            absl::Milliseconds(1500));
  EXPECT_EQ(*TimeoutOf(With({{"connect-timeout-ms", "9999999999"}})),
            absl::Milliseconds(9999999999));
  for (const char* wrong : {"-1", "1.5", "5s", "99999999999", "+1", " 1"}) {
    EXPECT_EQ(TimeoutOf(With({{"connect-timeout-ms", wrong}})).status().code(),
              absl::StatusCode::kInvalidArgument)
        << wrong;
  }
}

TEST(CheckProtocol, KnowsOneVersionAndSomeCompressions) {
  EXPECT_TRUE(CheckProtocol(With({})).ok());
  EXPECT_TRUE(CheckProtocol(With({{"connect-protocol-version", "1"},
                                  {"content-encoding", "gzip"},
                                  {"connect-content-encoding", "identity"}}))
                  .ok());
  EXPECT_EQ(CheckProtocol(With({{"connect-protocol-version", "2"}})).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(CheckProtocol(With({{"content-encoding", "zstd"}})).code(),
            absl::StatusCode::kUnimplemented);
  EXPECT_EQ(CheckProtocol(With({{"connect-content-encoding", "gzip"}})).code(),
            absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace samverk
