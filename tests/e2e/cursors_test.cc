// Named positions from the command line and over HTTP.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

constexpr char kGoal[] =
    R"({"id":"018bcfe5-6800-7000-8000-0000000000%","process":"augustenborg",)"
    R"("recorded_by":{"organisation":"mkb","role":"projektledare",)"
    R"("subject":"p-1"},"goal_set":{"goal":"g-%","text":"t"}})";

std::string Goal(const std::string& two_digits) {
  std::string text = kGoal;
  for (size_t at; (at = text.find('%')) != std::string::npos;) {
    text.replace(at, 1, two_digits);
  }
  return text + "\n";
}

class Cursors : public testing::Test {
 protected:
  void SetUp() override {
    server_ = std::make_unique<RunningServer>(directory_.path() + "/data");
  }
  Outcome Samverk(const std::vector<std::string>& arguments,
                  const std::string& input = "") const {
    return server_->Samverk(arguments, input);
  }
  Outcome English(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--lang", "en"});
    return Samverk(arguments);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(Cursors, AreSetShownListedAndDeleted) {
  EXPECT_EQ(Samverk({"cursors", "set", "erp-import", "120"}).status, 0);
  EXPECT_EQ(Samverk({"cursors", "set", "archive", "7"}).status, 0);
  const Outcome list = English({"cursors", "list"});
  EXPECT_TRUE(Has(list.out, "Name")) << list.out;
  EXPECT_TRUE(Has(list.out, "#120")) << list.out;
  EXPECT_LT(list.out.find("archive"), list.out.find("erp-import"));
  EXPECT_TRUE(Has(Samverk({"cursors", "list"}).out, "Namn"));
  EXPECT_EQ(Samverk({"--json", "cursors", "list"}).out,
            "{\"name\":\"archive\",\"position\":\"7\"}\n"
            "{\"name\":\"erp-import\",\"position\":\"120\"}\n");
  EXPECT_EQ(Samverk({"--json", "cursors", "show", "archive"}).out,
            "{\"name\":\"archive\",\"position\":\"7\"}\n");

  EXPECT_EQ(Samverk({"cursors", "delete", "archive"}).status, 0);
  const Outcome missing = English({"cursors", "show", "archive"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_TRUE(Has(missing.err, "NOT_FOUND")) << missing.err;
}

TEST_F(Cursors, GoBackOnlyOnPurpose) {
  ASSERT_EQ(Samverk({"cursors", "set", "erp-import", "120"}).status, 0);
  const Outcome refused = Samverk({"cursors", "set", "erp-import", "100"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "har redan kommit till 120")) << refused.err;
  EXPECT_EQ(Samverk({"cursors", "set", "erp-import", "100", "--rewind"}).status,
            0);
  EXPECT_TRUE(Has(Samverk({"cursors", "list"}).out, "#100"));
  EXPECT_EQ(Samverk({"cursors", "set", "erp-import", "0"}).status, 2);
}

TEST_F(Cursors, AreSetWithWhatIsRecorded) {
  ASSERT_EQ(Samverk({"record", DemoFiles().front()}).status, 0);
  const auto record = [this](const std::string& goal, const char* track) {
    return Samverk({"--lang", "en", "record", "--track", track, "-"},
                   Goal(goal));
  };
  const Outcome first = record("41", "erp-import=5");
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_TRUE(Has(Samverk({"cursors", "show", "erp-import"}).out, "#5"));
  EXPECT_EQ(record("41", "erp-import=5").status, 0) << "the same again";
  const Outcome refused = record("42", "erp-import=5");
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "go on after 5")) << refused.err;
  EXPECT_EQ(record("42", "erp-import").status, 2);
  EXPECT_EQ(record("42", "erp-import=0").status, 2);
  EXPECT_EQ(record("42", "erp-import=6").status, 0);
  EXPECT_TRUE(Has(Samverk({"cursors", "list"}).out, "#6"));
}

TEST_F(Cursors, AreReachedOverHttp) {
  const auto post = [this](const std::string& method, const std::string& body) {
    return RunProgram({"/usr/bin/curl", "-sS", "-H",
                       "Content-Type: application/json",
                       absl::StrCat("http://", server_->http_address(),
                                    "/samverk.bus.v1.TrackingService/", method),
                       "-d", body})
        .out;
  };
  EXPECT_TRUE(Has(post("Track", R"({"name":"archive","position":"7"})"), "7"));
  EXPECT_TRUE(
      Has(post("GetTrack", R"({"name":"archive"})"), R"("position":"7")"));
  EXPECT_TRUE(
      Has(post("Track", R"({"name":"archive","position":"6"})"), "aborted"));
  EXPECT_TRUE(Has(post("ListTracks", "{}"), "archive"));
}

}  // namespace
}  // namespace samverk::e2e
