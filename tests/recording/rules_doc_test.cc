// docs/rules.md is made of the catalogue, and every rule has a test.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "services/recording/messages.h"
#include "services/recording/notices.h"

namespace samverk::recording {
namespace {

constexpr char kDocument[] = "docs/rules.md";

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// The violation of the catalogue's example.
Violation ExampleOf(const RuleEntry& entry) {
  Violation violation{entry.rule, "", {}};
  const std::string example(entry.example);
  for (absl::string_view pair :
       absl::StrSplit(example, '|', absl::SkipEmpty())) {
    violation.values.push_back(absl::StrSplit(pair, absl::MaxSplits('=', 1)));
  }
  violation.field = "finding_logged.description";
  return violation;
}

std::string Row(const RuleEntry& entry) {
  return absl::StrCat(
      "| `", std::string(entry.id), "` | ", std::string(entry.refuses), " | ",
      absl::StrReplaceAll(
          ViolationText(ExampleOf(entry), codec::Language::kEnglish),
          {{"|", "\\|"}}),
      " |\n");
}

std::string Table(bool event_alone) {
  std::string table =
      "| rule | refuses | what the recorder reads, for example |\n"
      "|---|---|---|\n";
  for (const RuleEntry& entry : RuleCatalogue()) {
    if (entry.event_alone == event_alone) table += Row(entry);
  }
  return table;
}

// What stands before the tables is written by hand, in the document itself.
std::string Generated(const std::string& document) {
  const auto replace = [](std::string text, const std::string& name,
                          const std::string& table) {
    const std::string begin = absl::StrCat("<!-- begin ", name, " -->\n");
    const std::string end = absl::StrCat("<!-- end ", name, " -->\n");
    const size_t from = text.find(begin);
    const size_t to = text.find(end);
    EXPECT_NE(from, std::string::npos) << begin;
    EXPECT_NE(to, std::string::npos) << end;
    if (from == std::string::npos || to == std::string::npos) return text;
    return text.replace(from + begin.size(), to - from - begin.size(), table);
  };
  return replace(replace(document, "event rules", Table(true)), "history rules",
                 Table(false));
}

TEST(RulesDocument, AgreesWithTheCatalogue) {
  const std::string document = ReadFile(kDocument);
  const std::string generated = Generated(document);
  if (std::getenv("SAMVERK_UPDATE_DOCS") != nullptr) {
    std::ofstream(kDocument) << generated;
  }
  EXPECT_TRUE(document == generated)
      << kDocument << " is not what the catalogue says: run this test with "
      << "SAMVERK_UPDATE_DOCS=1";
}

TEST(RuleCatalogue, HasWordsInBothLanguagesForEveryRule) {
  std::set<std::string> ids;
  for (const RuleEntry& entry : RuleCatalogue()) {
    EXPECT_TRUE(ids.insert(std::string(entry.id)).second) << entry.id;
    EXPECT_FALSE(entry.refuses.empty()) << entry.id;
    for (const auto language :
         {codec::Language::kSwedish, codec::Language::kEnglish}) {
      const std::string text = ViolationText(ExampleOf(entry), language);
      EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
      // What to do stands after what happened.
      EXPECT_GT(text.size(), 40u) << text;
      EXPECT_EQ(text.back(), '.') << text;
    }
    EXPECT_NE(entry.swedish, entry.english) << entry.id;
  }
}

// The names in braces.
std::set<std::string> NamesIn(std::string_view text) {
  std::set<std::string> names;
  for (size_t open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    names.emplace(text.substr(open + 1, text.find('}', open) - open - 1));
  }
  names.erase("field");
  return names;
}

TEST(RuleCatalogue, MentionsTheSameValuesInBothLanguagesAndTheExample) {
  for (const RuleEntry& entry : RuleCatalogue()) {
    EXPECT_EQ(NamesIn(entry.swedish), NamesIn(entry.english)) << entry.id;
    std::set<std::string> given;
    for (const auto& [name, value] : ExampleOf(entry).values) {
      given.insert(name);
      EXPECT_FALSE(value.empty()) << entry.id;
    }
    EXPECT_EQ(NamesIn(entry.english), given) << entry.id;
  }
}

TEST(RuleCatalogue, HasATestForEveryRule) {
  std::string tests;
  // Those about keys are where keys are.
  for (const char* directory : {"tests/recording", "tests/privacy"}) {
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      if (entry.path().extension() == ".cc") tests += ReadFile(entry.path());
    }
  }
  for (const RuleEntry& entry : RuleCatalogue()) {
    EXPECT_NE(tests.find(absl::StrCat("\"", std::string(entry.id), "\"")),
              std::string::npos)
        << entry.id << ": no test expects it";
  }
}

}  // namespace
}  // namespace samverk::recording
