// Reports that are issued, and verified years later.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

class ReportIssue : public testing::Test {
 protected:
  void SetUp() override {
    server_ = std::make_unique<RunningServer>(directory_.path() + "/data");
    server_->RecordDemo();
  }
  std::string File(const std::string& name) const {
    return absl::StrCat(directory_.path(), "/", name);
  }
  Outcome Report(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--lang", "en", "report"});
    return server_->Samverk(arguments);
  }
  Outcome Issue(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        "issue", "--process", "augustenborg",   "--period",
        "2025",  "--report",  "r-2025",         "--organisation",
        "mkb",   "--role",    "projektledare",  "--subject",
        "p-1",   "--out",     directory_.path()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Report(arguments);
  }
  // Something more is known afterwards.
  void RecordMore() const {
    EXPECT_EQ(server_
                  ->Samverk({"record", "-"},
                            R"({"process":"augustenborg","source":{"system":)"
                            R"("t","ref":"1"},"recorded_by":{"organisation":)"
                            R"("mkb","role":"projektledare","subject":"p-1"},)"
                            R"("goal_set":{"goal":"g-1","text":"Ett mål till"})"
                            "}\n")
                  .status,
              0);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(ReportIssue, AFileIsVerifiedAgainstTheLog) {
  const Outcome issued = Issue();
  ASSERT_EQ(issued.status, 0) << issued.err;
  EXPECT_TRUE(Has(
      issued.err,
      absl::StrCat("Report r-2025 is issued with event ", DemoEvents() + 1)))
      << issued.err;
  RecordMore();
  for (const char* name : {"r-2025.md", "r-2025.html", "r-2025.json"}) {
    const Outcome verified = Report({"verify", File(name)});
    EXPECT_EQ(verified.status, 0) << verified.out << verified.err;
    EXPECT_TRUE(Has(verified.out, "is what the log gives, byte for byte"))
        << verified.out;
    EXPECT_TRUE(Has(verified.out,
                    absl::StrCat("it rests on events 1 to ", DemoEvents())))
        << verified.out;
  }
}

TEST_F(ReportIssue, AFileThatWasChangedIsNot) {
  ASSERT_EQ(Issue({"--format", "md"}).status, 0);
  std::string text = ReadFile(File("r-2025.md"));
  const size_t at = text.find("300");
  ASSERT_NE(at, std::string::npos);
  text[at] = '9';
  std::ofstream(File("r-2025.md")) << text;
  const Outcome unknown = Report({"verify", File("r-2025.md")});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_TRUE(Has(unknown.out, "WAS NOT issued")) << unknown.out;
  const Outcome compared =
      Report({"verify", File("r-2025.md"), "--report", "r-2025"});
  EXPECT_EQ(compared.status, 1);
  const auto line =
      1 + std::count(text.begin(),
                     text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  EXPECT_TRUE(
      Has(compared.out, absl::StrCat("First line that differs: ", line)))
      << compared.out;
  EXPECT_EQ(Report({"verify", File("r-2025.md"), "--report", "none"}).status,
            1);
  EXPECT_EQ(Report({"verify", File("none.md")}).status, 1);
}

TEST_F(ReportIssue, IssuedTwiceIsOnce) {
  ASSERT_EQ(Issue({"--as-of", "#60"}).status, 0);
  const std::string first = ReadFile(File("r-2025.html"));
  const Outcome again = Issue({"--as-of", "#60"});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_TRUE(Has(again.err, "was issued already")) << again.err;
  EXPECT_EQ(ReadFile(File("r-2025.html")), first);
  // Another content under the same name is not.
  const Outcome other = Issue({"--as-of", "#61"});
  EXPECT_EQ(other.status, 1) << other.err;
}

TEST_F(ReportIssue, TheReportItselfIsAsBefore) {
  EXPECT_EQ(Report({"--process", "augustenborg", "--period", "2025"}).status,
            0);
  const Outcome missing = Report({"--period", "2025"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_TRUE(Has(missing.err, "--process is required")) << missing.err;
  EXPECT_EQ(Report({"issue", "--period", "2025"}).status, 2);
}

}  // namespace
}  // namespace samverk::e2e
