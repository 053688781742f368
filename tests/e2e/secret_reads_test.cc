// Whoever reads what is secret is on record before it is given, in every way
// out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kSecretId[] = "018bcfe5-6800-7000-8000-000000000002";
constexpr char kWorld[] =
    R"({"id":"018bcfe5-6800-7000-8000-000000000001","process":"p",)"
    R"("visibility":"VISIBILITY_OPEN","recorded_by":{"organisation":"mkb",)"
    R"("role":"projektledare","subject":"s-1"},"process_registered":)"
    R"({"name":"P","municipality":"Malm\u00f6","kind":"samverkansprocess"}})"
    "\n"
    R"({"id":"018bcfe5-6800-7000-8000-000000000002","process":"p",)"
    R"("visibility":"VISIBILITY_SECRET","secrecy_ground":"OSL 18:1",)"
    R"("recorded_by":{"organisation":"mkb","role":"projektledare",)"
    R"("subject":"s-1"},"goal_set":{"goal":"g-1","text":"hemligt"}})"
    "\n";

class SecretReads : public ::testing::Test {
 protected:
  SecretReads() {
    {
      RunningServer before(Data(), {"--raw-store"});
      EXPECT_EQ(before.Samverk({"record", "-"}, kWorld).status, 0);
      EXPECT_EQ(before.Stop().status, 0);
    }
    AddToken("looks", "arkivarie");
    for (const char* name :
         {"log", "follow", "view", "report", "proof", "export", "tile"}) {
      AddToken(name, "arkivarie");
    }
    AddToken("partner", "partner@p");
    server_ = std::make_unique<RunningServer>(
        Data(), std::vector<std::string>{"--raw-store"});
  }

  std::string Data() const { return directory_.path() + "/data"; }

  void AddToken(const std::string& name, const std::string& role) {
    const Outcome added =
        RunProgram({SAMVERK_PROGRAM, "token", "add", name, "--data", Data(),
                    "--organisation", "mkb", "--role", role});
    EXPECT_EQ(added.status, 0) << added.err;
    tokens_[name] = std::string(absl::StripSuffix(added.out, "\n"));
  }

  Outcome As(const std::string& name, const std::vector<std::string>& command) {
    return server_->Samverk(command, "", {{"SAMVERK_TOKEN", tokens_.at(name)}});
  }

  // How each reader's reading is on record: "log WAY_EVENTS".
  std::vector<std::string> OnRecord() {
    const Outcome log = As("looks", {"log", "--process", "p", "--type",
                                     "secret_data_read", "--json"});
    EXPECT_EQ(log.status, 0) << log.err;
    std::vector<std::string> found;
    for (const std::string& line : Lines(log.out)) {
      EXPECT_THAT(line, HasSubstr("VISIBILITY_SECRET"));
      EXPECT_THAT(line, HasSubstr("OSL 18:1"));
      EXPECT_THAT(line, HasSubstr(kSecretId));
      for (const auto& [name, token] : tokens_) {
        if (!Has(line, absl::StrCat("\"principal\":\"", name, "\""))) continue;
        for (const char* way : {"WAY_EVENTS", "WAY_VIEW", "WAY_RECORDS"}) {
          if (Has(line, way)) found.push_back(absl::StrCat(name, " ", way));
        }
      }
    }
    return found;
  }

  TemporaryDirectory directory_;
  std::map<std::string, std::string> tokens_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(SecretReads, AreOnRecordInEveryWayOut) {
  EXPECT_THAT(As("log", {"log", "--process", "p"}).out, HasSubstr("g-1"));
  EXPECT_EQ(As("follow", {"log", "--process", "p", "--follow", "--limit", "2"})
                .status,
            0);
  EXPECT_EQ(As("view", {"show", "timeline", "--process", "p"}).status, 0);
  EXPECT_EQ(
      As("report", {"report", "--process", "p", "--period", "2025", "--format",
                    "md", "--out", directory_.path() + "/r.md"})
          .status,
      0);
  EXPECT_EQ(As("proof", {"audit", "prove", "2", "--out",
                         directory_.path() + "/p.tlog-proof"})
                .status,
            0);
  EXPECT_EQ(
      As("export", {"audit", "export", "--out", directory_.path() + "/export"})
          .status,
      0);
  httplib::Client http(absl::StrCat("http://", server_->http_address()));
  const auto bundle =
      http.Get("/tile/entries/000.p/2",
               {{"Authorization", absl::StrCat("Bearer ", tokens_["tile"])}});
  ASSERT_TRUE(bundle);
  EXPECT_EQ(bundle->status, 200);
  EXPECT_THAT(OnRecord(),
              ::testing::ElementsAre("log WAY_EVENTS", "follow WAY_EVENTS",
                                     "view WAY_VIEW", "report WAY_VIEW",
                                     "proof WAY_RECORDS", "export WAY_RECORDS",
                                     "tile WAY_RECORDS"));
  // Again the same day says nothing new, and who reads none is on no record.
  EXPECT_EQ(As("log", {"log", "--process", "p"}).status, 0);
  const Outcome partner = As("partner", {"log", "--process", "p"});
  EXPECT_EQ(partner.status, 0);
  EXPECT_THAT(partner.out, Not(HasSubstr("g-1")));
  EXPECT_THAT(partner.out, Not(HasSubstr("secret_data_read")));
  EXPECT_EQ(OnRecord().size(), 7u);
}

}  // namespace
}  // namespace samverk::e2e
