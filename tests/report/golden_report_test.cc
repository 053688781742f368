// Whole reports against files that were read by people. After a change that is
// meant, SAMVERK_UPDATE_GOLDEN=1 writes them anew: read the difference.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "services/reporting/report_generator.h"
#include "tests/report/test_register.h"

namespace samverk {
namespace {

struct Format {
  report::v1::ReportFormat format;
  std::string ending;
};

struct Case {
  std::string name;
  std::string process;
  std::string language;
  Format format;
};

std::string FileContent(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

// The first line that differs, for a message that can be read.
std::string FirstDifference(const std::string& expected,
                            const std::string& actual) {
  std::istringstream old_lines(expected);
  std::istringstream new_lines(actual);
  std::string old_line;
  std::string new_line;
  for (int number = 1;; ++number) {
    const bool had = static_cast<bool>(std::getline(old_lines, old_line));
    const bool has = static_cast<bool>(std::getline(new_lines, new_line));
    if (!had && !has) return "none but in line endings";
    if (had != has || old_line != new_line) {
      return "line " + std::to_string(number) + "\n- " +
             (had ? old_line.substr(0, 400) : "(end)") + "\n+ " +
             (has ? new_line.substr(0, 400) : "(end)");
    }
  }
}

class GoldenReport : public ::testing::TestWithParam<Case> {};

TEST_P(GoldenReport, IsAsItWasRead) {
  const Case& given = GetParam();
  testing::TestRegister test_register;
  if (given.name == "augustenborg") {
    testing::RecordDemo(test_register);
  } else {
    test_register.RecordFileAsItHappened("tests/report/data/" + given.name +
                                         ".jsonl");
  }
  ReportQuestion question;
  question.process = given.process;
  question.period = "2025";
  question.language = codec::LanguageOf(given.language);
  question.format = given.format.format;
  const auto report =
      GenerateReport(test_register.store(), "provregistret", question);
  ASSERT_TRUE(report.ok()) << report.status();

  const std::string path = "tests/report/golden/" + given.name + "." +
                           given.language + "." + given.format.ending;
  if (std::getenv("SAMVERK_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << report->content;
  }
  const std::string expected = FileContent(path);
  EXPECT_TRUE(report->content == expected)
      << path << " differs: " << FirstDifference(expected, report->content)
      << "\nIf the change is meant, run this test with "
         "SAMVERK_UPDATE_GOLDEN=1 and read the difference.";
}

std::vector<Case> Cases() {
  const Format formats[] = {{report::v1::REPORT_FORMAT_MARKDOWN, "md"},
                            {report::v1::REPORT_FORMAT_HTML, "html"},
                            {report::v1::REPORT_FORMAT_JSON, "json"}};
  std::vector<Case> cases;
  for (const auto& [name, process] :
       {std::pair{"augustenborg", "augustenborg"},
        std::pair{"grona_straket", "grona-straket"}}) {
    for (const char* language : {"sv", "en"}) {
      for (const Format& format : formats) {
        cases.push_back({name, process, language, format});
      }
    }
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(All, GoldenReport, ::testing::ValuesIn(Cases()),
                         [](const auto& given) {
                           return given.param.name + "_" +
                                  given.param.language + "_" +
                                  given.param.format.ending;
                         });

}  // namespace
}  // namespace samverk
