// The page is well-formed whatever the register holds, needs nothing else, and
// can be found one's way in.
#include "services/reporting/html.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/reporting/html_text.h"
#include "services/reporting/report_text.h"
#include "tests/report/markup_check.h"
#include "tests/report/sample_model.h"

namespace samverk {
namespace {

using testing::CheckMarkup;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Markup;
using testing::ModelSaying;
using ::testing::Not;

const std::string kHash(32, '\xab');

// Texts that would break out of one place or another.
const std::vector<std::string>& HostileTexts() {
  static const std::vector<std::string> texts = {
      "<script>alert(1)</script>",
      "\"|'><img src=x onerror=alert(1)>",
      "</style><script>x</script>",
      "</title><b>",
      "]]> --> <!-- &amp; &#x3c; &lt",
      "a\u2028b\u2029c\nd\te\r\vf",
      std::string("nul\0bell\a", 9),
      "\u202Eright to left\u202C \u2066isolate\u2069",
      "\\22 } body { display: none",
      "{{ }} ${x} %s %n",
      "Överblick åt öster – ”citat” 🌳",
      std::string(3000, 'w'),
      "",
  };
  return texts;
}

TEST(Html, IsWellFormedWhateverTheTexts) {
  for (const std::string& text : HostileTexts()) {
    const Markup markup = CheckMarkup(RenderHtml(ModelSaying(text), kHash));
    EXPECT_THAT(markup.errors, IsEmpty()) << text;
    EXPECT_THAT(markup.tags, Not(Contains("script"))) << text;
    EXPECT_THAT(markup.tags, Not(Contains("img"))) << text;
    EXPECT_THAT(markup.tags, Not(Contains("b"))) << text;
  }
}

TEST(Html, ShowsTheTextAsItWasRecorded) {
  const std::string text = "<b>\"A & B\"|*_`#";
  const Markup markup = CheckMarkup(RenderHtml(ModelSaying(text), kHash));
  EXPECT_THAT(markup.text, HasSubstr(text));
}

TEST(Html, FetchesNothing) {
  for (const std::string& text : HostileTexts()) {
    const Markup markup = CheckMarkup(RenderHtml(ModelSaying(text), kHash));
    EXPECT_THAT(markup.addresses, IsEmpty()) << text;
  }
}

TEST(Html, LinksLeadSomewhereAndIdsAreUnique) {
  const Markup markup = CheckMarkup(RenderHtml(ModelSaying("text"), kHash));
  const std::set<std::string> ids(markup.ids.begin(), markup.ids.end());
  EXPECT_EQ(ids.size(), markup.ids.size());
  for (const std::string& target : markup.targets) {
    EXPECT_TRUE(ids.contains(target)) << "#" << target << " leads nowhere";
  }
  EXPECT_TRUE(ids.contains("h1"));
}

// A mark is words that can be read, and leads to what it means.
TEST(Html, MarksAreExplainedOnce) {
  report::v1::ReportModel model = ModelSaying("text");
  EXPECT_THAT(RenderHtml(model, kHash), Not(HasSubstr("id=\"marks\"")));
  for (const char* mark : {"inferred", "late"}) {
    model.mutable_sections(0)
        ->mutable_blocks(1)
        ->mutable_paragraph()
        ->mutable_spans(0)
        ->add_marks(mark);
  }
  const std::string page = RenderHtml(model, kHash);
  EXPECT_THAT(page, HasSubstr("<a href=\"#m-inferred\">härlett</a>"));
  const Markup markup = CheckMarkup(page);
  EXPECT_THAT(markup.errors, IsEmpty());
  EXPECT_EQ(std::count(markup.ids.begin(), markup.ids.end(), "m-inferred"), 1);
  EXPECT_EQ(std::count(markup.ids.begin(), markup.ids.end(), "m-late"), 1);
  EXPECT_EQ(std::count(markup.ids.begin(), markup.ids.end(), "m-claimed"), 0);
  EXPECT_THAT(markup.text, HasSubstr("slutet av sammanhanget"));
}

TEST(Html, HeadingsDoNotSkipALevel) {
  const Markup markup = CheckMarkup(RenderHtml(ModelSaying("text"), kHash));
  char last = '0';
  int first_level = 0;
  for (const std::string& tag : markup.tags) {
    if (tag.size() != 2 || tag[0] != 'h' || tag[1] < '1' || tag[1] > '6') {
      continue;
    }
    EXPECT_LE(tag[1], last + 1);
    last = tag[1];
    if (last == '1') ++first_level;
  }
  EXPECT_EQ(first_level, 1);
}

TEST(Html, HasLanguageLandmarksAndTextForCharts) {
  report::v1::ReportModel model = ModelSaying("text");
  const std::string swedish = RenderHtml(model, kHash);
  EXPECT_THAT(swedish, HasSubstr("<html lang=\"sv\">"));
  EXPECT_THAT(swedish, HasSubstr("Hoppa till innehållet"));
  EXPECT_THAT(swedish, HasSubstr("<th scope=\"col\""));
  EXPECT_THAT(swedish, HasSubstr("<th scope=\"row\""));
  EXPECT_THAT(swedish, HasSubstr("<caption>"));
  const Markup markup = CheckMarkup(swedish);
  for (const char* tag : {"header", "main", "nav", "footer", "title", "desc"}) {
    EXPECT_THAT(markup.tags, Contains(tag));
  }
  EXPECT_EQ(std::count(markup.tags.begin(), markup.tags.end(), "svg"), 2);
  model.set_language("en");
  const std::string english = RenderHtml(model, kHash);
  EXPECT_THAT(english, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(english, HasSubstr("Skip to the content"));
}

TEST(Html, PrintsTheHashOfTheModel) {
  EXPECT_THAT(RenderHtml(ModelSaying("text"), kHash),
              HasSubstr("abababababababababababababababab"));
}

TEST(Html, CssStringsCannotEndTheStyleSheet) {
  EXPECT_EQ(CssString("a \"</style>\\"),
            "\"a \\22 \\3c \\2f style\\3e \\5c \"");
  EXPECT_EQ(CssString("Malmö"), "\"Malmö\"");
}

TEST(CleanText, TakesAwayWhatBreaksLinesOrHides) {
  EXPECT_EQ(CleanText("a\nb\tc\u2028d\u2029e\u0085f"), "a b c d e f");
  EXPECT_EQ(CleanText(std::string_view("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(CleanText("a\u202Eb"), "a\uFFFDb");
  EXPECT_EQ(CleanText("270\u00A0000 kr – å🌳"), "270\u00A0000 kr – å🌳");
}

}  // namespace
}  // namespace samverk
