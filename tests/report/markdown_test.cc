// Markdown that says what was recorded, whatever was recorded.
#include "services/reporting/markdown.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/report/sample_model.h"

namespace samverk {
namespace {

using ::testing::HasSubstr;
using testing::ModelSaying;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kHash(32, '\xab');

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

// Bars that are not escaped: they end cells.
int BarsIn(const std::string& line) {
  int bars = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '|') {
      ++bars;
    }
  }
  return bars;
}

TEST(EscapeMarkdown, EscapesWhatWouldBeMarkup) {
  EXPECT_EQ(EscapeMarkdown("*a* _b_ `c` [d](e) <f> g|h ~i~ \\j"),
            "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) &lt;f> g\\|h \\~i\\~ \\\\j");
  EXPECT_EQ(EscapeMarkdown("a &amp; &#65; b & c?x=1&y=2;"),
            "a \\&amp; \\&#65; b & c?x=1&y=2;");
  EXPECT_EQ(EscapeMarkdown("två\nrader\u2028tre"), "två rader tre");
}

TEST(EscapeMarkdown, EscapesTheBeginningOfALineOnlyThere) {
  EXPECT_EQ(EscapeMarkdown("1. a", true), "1\\. a");
  EXPECT_EQ(EscapeMarkdown("2025) a", true), "2025\\) a");
  EXPECT_EQ(EscapeMarkdown("- a", true), "\\- a");
  EXPECT_EQ(EscapeMarkdown("# a", true), "\\# a");
  EXPECT_EQ(EscapeMarkdown("> a", true), "\\> a");
  EXPECT_EQ(EscapeMarkdown("    a", true), "a");
  EXPECT_EQ(EscapeMarkdown("2025", true), "2025");
  EXPECT_EQ(EscapeMarkdown("1. a - b # c"), "1. a - b # c");
}

TEST(Markdown, LeavesPlainTextAlone) {
  const std::string text = "Använt: ca 270\u00A0000 kr (10 %), dnr 12/25.";
  EXPECT_THAT(RenderMarkdown(ModelSaying(text), kHash), HasSubstr(text));
}

TEST(Markdown, TablesKeepTheirColumnsWhateverTheTexts) {
  for (const std::string& text :
       {std::string("a|b"), std::string("\\|"), std::string("x\ny"),
        std::string("`|`"), std::string("ordinary"), std::string()}) {
    int tables = 0;
    for (const std::string& line :
         Lines(RenderMarkdown(ModelSaying(text), kHash))) {
      if (!line.starts_with("| ")) continue;
      ++tables;
      EXPECT_EQ(BarsIn(line), 4) << line;
    }
    // Three lines and 24 entries: header, rule, rows; the table has two.
    EXPECT_EQ(tables, 4 + 26) << text;
  }
}

TEST(Markdown, HasNoMarkupFromTheRegister) {
  const std::string rendered =
      RenderMarkdown(ModelSaying("<script>alert(1)</script>"), kHash);
  // In the block of bars, indented by four, everything is literal.
  for (const std::string& line : Lines(rendered)) {
    if (line.starts_with("    ")) continue;
    EXPECT_THAT(line, Not(HasSubstr("<script")));
  }
}

TEST(Markdown, NothingFromTheRegisterBeginsALine) {
  // A text of many lines stays on the line of its place.
  const std::string rendered =
      RenderMarkdown(ModelSaying("a\n\n# injected\n- injected"), kHash);
  for (const std::string& line : Lines(rendered)) {
    EXPECT_THAT(line, Not(StartsWith("# injected")));
    EXPECT_THAT(line, Not(StartsWith("- injected")));
  }
}

TEST(Markdown, RightAlignsColumnsOfNumbers) {
  const std::vector<std::string> lines =
      Lines(RenderMarkdown(ModelSaying("text"), kHash));
  bool found = false;
  for (const std::string& line : lines) {
    found = found ||
            (line.starts_with("| -") && line.find("-: |") != std::string::npos);
  }
  EXPECT_TRUE(found);
}

TEST(Markdown, LinksToTheListOfSources) {
  const std::string rendered = RenderMarkdown(ModelSaying("text"), kHash);
  EXPECT_THAT(rendered, HasSubstr("[#1](#h1)"));
  EXPECT_THAT(rendered, HasSubstr("<a id=\"h1\"></a>"));
}

}  // namespace
}  // namespace samverk
