// Errors and languages at the gRPC edge.
#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/append_checks.h"
#include "eventstore/base/error.h"
#include "eventstore/store_errors.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "services/common/error_language.h"
#include "services/common/field_error.h"
#include "services/common/grpc_status.h"
#include "services/common/request_language.h"

namespace samverk {
namespace {

using codec::Language;

TEST(ToGrpcStatus, KeepsCodeSentenceAndPayloads) {
  const absl::Status status =
      MakeError(absl::StatusCode::kResourceExhausted,
                error::v1::REASON_QUEUE_FULL, "wait", {{"requests", "3"}});
  const grpc::Status wire = ToGrpcStatus(status);
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(wire.error_message(), "wait");
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(wire.error_details()));
  EXPECT_EQ(details.code(), 8);
  EXPECT_EQ(details.message(), "wait");
  ASSERT_EQ(details.details_size(), 1);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "QUEUE_FULL");
  EXPECT_EQ(info.metadata().at("requests"), "3");
}

TEST(ToGrpcStatus, HasNoDetailsWithoutPayloads) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_EQ(ToGrpcStatus(absl::NotFoundError("x")).error_details(), "");
}

TEST(ToGrpcStatus, StaysWithinWhatTrailersHold) {
  std::vector<EventId> ids(1000);
  for (size_t i = 0; i < ids.size(); ++i) {
    ids[i].bytes[0] = static_cast<uint8_t>(i);
  }
  const grpc::Status wire = ToGrpcStatus(IdConflict(ids));
  EXPECT_LE(wire.error_message().size(), kStatusMessageBytes);
  EXPECT_LE(wire.error_message().size() + wire.error_details().size(), 7'500u);
  // Cut between characters.
  const std::string begin(797, 'x');
  const grpc::Status swedish =
      ToGrpcStatus(absl::NotFoundError(absl::StrCat(begin, "xxååå")));
  EXPECT_EQ(swedish.error_message(), absl::StrCat(begin, "…"));
}

TEST(LanguageOfHeader, FollowsTheCallersPreference) {
  EXPECT_EQ(LanguageOfHeader(""), Language::kSwedish);
  EXPECT_EQ(LanguageOfHeader("sv"), Language::kSwedish);
  EXPECT_EQ(LanguageOfHeader("sv-SE,sv;q=0.9,en;q=0.8"), Language::kSwedish);
  EXPECT_EQ(LanguageOfHeader("en-GB, sv;q=0.5"), Language::kEnglish);
  EXPECT_EQ(LanguageOfHeader("sv;q=0.5, en;q=0.7"), Language::kEnglish);
  EXPECT_EQ(LanguageOfHeader("de, sv;q=0.2"), Language::kSwedish);
  EXPECT_EQ(LanguageOfHeader("de, fr"), Language::kEnglish);
  EXPECT_EQ(LanguageOfHeader("*"), Language::kSwedish);
  EXPECT_EQ(LanguageOfHeader("sv;q=0, en"), Language::kEnglish);
  EXPECT_EQ(LanguageOfHeader("sv;q=x, en;q=0.1"), Language::kEnglish);
  EXPECT_EQ(LanguageOfHeader(" , ;"), Language::kEnglish);
}

TEST(InLanguage, SaysWhatIsWrongWithAField) {
  const absl::Status english = FieldError("page_size", "2000 is too many");
  const absl::Status swedish = InLanguage(english, Language::kSwedish);
  EXPECT_EQ(swedish.code(), english.code());
  EXPECT_EQ(swedish.message(),
            "Fältet page_size i anropet är felaktigt eller saknas; rätta det "
            "och sänd om. På engelska: page_size: 2000 is too many.");
}

TEST(InLanguage, TranslatesTheCataloguesReasons) {
  const absl::Status english = ReadOnly("disken är trasig");
  EXPECT_EQ(InLanguage(english, Language::kEnglish), english);
  const absl::Status swedish = InLanguage(english, Language::kSwedish);
  EXPECT_EQ(swedish.code(), english.code());
  EXPECT_EQ(swedish.message(),
            "Registret tar inte emot händelser: disken är trasig.");
  EXPECT_EQ(ReasonOf(swedish), error::v1::REASON_READ_ONLY);
  EXPECT_EQ(InLanguage(absl::OkStatus(), Language::kSwedish), absl::OkStatus());
  const absl::Status other = absl::InternalError("x");
  EXPECT_EQ(InLanguage(other, Language::kSwedish), other);
}

}  // namespace
}  // namespace samverk
