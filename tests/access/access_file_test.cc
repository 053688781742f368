// The file that says who may log in.
#include "services/access/access_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/contract/temporary_directory.h"

namespace samverk::access {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class AccessFile : public testing::Test {
 protected:
  absl::StatusOr<AccessSettings> Read(const std::string& text) {
    const std::string path = directory_.path() + "/access.toml";
    std::ofstream(path) << text;
    return ReadAccessFile(path);
  }
  // What is wrong, after the file's name.
  std::string Wrong(const std::string& text) {
    const auto settings = Read(text);
    EXPECT_TRUE(absl::IsInvalidArgument(settings.status())) << text;
    return std::string(settings.status().message());
  }

  TemporaryDirectory directory_;
};

TEST_F(AccessFile, SaysWhoMayLogIn) {
  const auto settings = Read(
      "[oidc]\n"
      "issuer = \"https://login.example\"\n"
      "audience = \"samverk\"\n"
      "keys = \"https://login.example/jwks\"\n"
      "roles_claim = \"groups\"\n"
      "clock_skew_seconds = 5\n"
      "[[certificate]]\n"
      "name = \"dns:ekonomi.mkb.example\"\n"
      "organisation = \"mkb\"\n"
      "roles = [\"machine\", \"samverk.cost_booked@augustenborg\"]\n"
      "[[certificate]]\n"
      "name = \"uri:spiffe://fgk.example/karta\"\n"
      "organisation = \"fgk\"\n"
      "[limits]\n"
      "requests_per_second = 7\n"
      "megabytes_per_second = 2\n"
      "streams = 3\n");
  ASSERT_TRUE(settings.ok()) << settings.status();
  ASSERT_TRUE(settings->oidc.has_value());
  EXPECT_EQ(settings->oidc->issuer, "https://login.example");
  EXPECT_EQ(settings->oidc->roles_claim, "groups");
  EXPECT_EQ(settings->oidc->organisation_claim, "organisation");
  EXPECT_EQ(settings->oidc->clock_skew, absl::Seconds(5));
  EXPECT_EQ(settings->keys, "https://login.example/jwks");
  ASSERT_EQ(settings->certificates.size(), 2u);
  EXPECT_EQ(settings->certificates[0].name,
            (CertificateName{NameKind::kDns, "ekonomi.mkb.example"}));
  EXPECT_THAT(settings->certificates[0].roles,
              ElementsAre("machine", "samverk.cost_booked@augustenborg"));
  EXPECT_EQ(settings->certificates[1].name.kind, NameKind::kUri);
  EXPECT_EQ(settings->allowance, (CallerAllowance{7, 2u << 20, 3}));
}

TEST_F(AccessFile, MayBeEmpty) {
  const auto settings = Read("");
  ASSERT_TRUE(settings.ok());
  EXPECT_FALSE(settings->oidc.has_value());
  EXPECT_EQ(settings->allowance, CallerAllowance());
}

TEST_F(AccessFile, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(Wrong("[oicd]\n"), HasSubstr("\"oicd\" is not a setting"));
  EXPECT_THAT(Wrong("[oidc]\nissuer = \"x\"\n"),
              HasSubstr("audience is missing"));
  EXPECT_THAT(Wrong("[oidc]\nissuer = 7\n"),
              HasSubstr("access.toml:2: issuer must be a text"));
  EXPECT_THAT(Wrong("[oidc]\nissuer = \"x\"\naudience = \"y\"\n"
                    "keys = \"http://login.example/jwks\"\n"),
              HasSubstr("could be anybody's"));
  EXPECT_THAT(Wrong("[[certificate]]\nname = \"mkb\"\norganisation = \"m\"\n"),
              HasSubstr("begins with none of uri:, dns: and email:"));
  EXPECT_THAT(Wrong("[[certificate]]\nname = \"dns:*.mkb.example\"\n"
                    "organisation = \"mkb\"\n"),
              HasSubstr("access.toml:1"));
  EXPECT_THAT(Wrong("[[certificate]]\nname = \"dns:a.example\"\n"
                    "organisation = \"mkb\"\n"
                    "roles = [\"partner\", \"samverk.finding_loged@p\"]\n"),
              AllOf(HasSubstr("there is no role \"samverk.finding_loged@p\""),
                    HasSubstr("samverk.finding_logged")));
  EXPECT_THAT(Wrong("[certificate]\nname = \"dns:a\"\n"),
              HasSubstr("write each as [[certificate]]"));
  EXPECT_THAT(Wrong("[limits]\nstreams = 0\n"),
              HasSubstr("streams must be a whole number from 1"));
  EXPECT_THAT(Wrong("[[[\n"), HasSubstr("correct the file"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadAccessFile(directory_.path() + "/none.toml").status()));
}

}  // namespace
}  // namespace samverk::access
