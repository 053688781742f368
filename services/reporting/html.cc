#include "services/reporting/html.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/codec/text.h"
#include "services/reporting/html_style.h"
#include "services/reporting/html_text.h"
#include "services/reporting/report_text.h"
#include "services/reporting/svg_budget.h"
#include "services/reporting/svg_timeline.h"

namespace samverk {

using report::v1::Block;
using report::v1::BulletList;
using report::v1::ListItem;
using report::v1::Paragraph;
using report::v1::ReportModel;
using report::v1::Row;
using report::v1::Section;
using report::v1::Span;
using report::v1::Table;
using view::v1::CheckView;

namespace {

// Tables of more columns are set in smaller type; of more columns of text,
// each row is set apart on a screen that is not wide.
constexpr int kColumnsMax = 4;
constexpr int kColumnsOfTextMax = 5;

// Whether it has more columns of text than a page has room for.
bool IsOfText(const Table& table) {
  int text = 0;
  for (const report::v1::Column& column : table.columns()) {
    if (column.alignment() != report::v1::ALIGNMENT_RIGHT) ++text;
  }
  return text > kColumnsOfTextMax;
}

// A SHA-256 in hexadecimal digits: one word that no line holds.
bool IsHash(std::string_view text) {
  return text.size() == 64 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Writes one page into a string.
class HtmlWriter {
 public:
  HtmlWriter(const ReportModel& report, std::string_view model_sha256)
      : report_(report), words_(report), hash_(HashText(model_sha256)) {}

  std::string Write();

 private:
  void WriteHead();
  void WriteFront();
  void WriteSummary();
  void WriteMarks();
  void WriteContents();
  void WriteSection(const Section& section);
  void WriteBlock(const Block& block);
  void WriteList(const BulletList& list);
  void WriteTable(const Table& table);
  void WriteTableHead(const Table& table);
  void WriteBudgetChart(const report::v1::BudgetChart& chart);
  void WriteTimelineChart(const report::v1::TimelineChart& chart);
  void WriteChecks(const std::vector<const CheckView*>& checks);
  void WriteCheck(const CheckView& check);
  void WriteMissing(const Section& section);
  void WriteOtherChecks();
  void WriteSources();
  void WriteFooter();

  template <typename... Parts>
  void Put(const Parts&... parts) {
    absl::StrAppend(&out_, parts...);
  }
  std::string Say(std::string_view sv, std::string_view en) const {
    return std::string(words_.Say(sv, en));
  }
  std::string ParagraphHtml(const Paragraph& paragraph,
                            const std::vector<bool>& links) const;
  std::string SpanHtml(const Span& span, bool links) const;
  std::string LinksHtml(
      const google::protobuf::RepeatedField<uint64_t>& positions) const;
  std::string LinkHtml(uint64_t position) const;
  // A mark after a text; leads to what it means.
  std::string MarkHtml(std::string_view mark) const;
  std::string StateHtml(view::v1::CheckState state) const;
  // Of a check, by its id.
  std::string CheckAnchor(const CheckView& check) const;
  std::string NextId() { return absl::StrCat("e", ++ids_); }

  const ReportModel& report_;
  const ReportWords words_;
  const std::string hash_;
  std::string out_;
  int ids_ = 0;
};

std::string HtmlWriter::LinkHtml(uint64_t position) const {
  return absl::StrCat("<a href=\"#h", position, "\" aria-label=\"",
                      Say("händelse ", "event "), position, "\">#", position,
                      "</a>");
}

std::string HtmlWriter::LinksHtml(
    const google::protobuf::RepeatedField<uint64_t>& positions) const {
  std::string links;
  size_t shown = 0;
  for (const PositionRun& run : RunsOf(positions)) {
    if (shown++ == kRunsShownMax) {
      links += " …";
      break;
    }
    if (!links.empty()) links += ' ';
    links += LinkHtml(run.first);
    if (run.last == run.first + 1) {
      absl::StrAppend(&links, " ", LinkHtml(run.last));
    }
    if (run.last > run.first + 1) {
      absl::StrAppend(&links, "–", LinkHtml(run.last));
    }
  }
  return absl::StrCat("<span class=\"ref\">", links, "</span>");
}

std::string HtmlWriter::SpanHtml(const Span& span, bool links) const {
  std::string html = HtmlText(span.text());
  if (IsHash(span.text())) {
    html = absl::StrCat("<span class=\"hash\">", html, "</span>");
  }
  if (span.quoted()) {
    // The process's own words are Swedish, whatever the report's language.
    const std::string_view language =
        words_.language() == codec::Language::kSwedish ? "" : " lang=\"sv\"";
    html = absl::StrCat(Say("”", "“"), "<span class=\"quote\"",
                        std::string(language), ">", html, "</span>”");
  }
  for (const std::string& mark : span.marks()) {
    if (mark == "missing") {
      html = absl::StrCat("<span class=\"lack\">", html, "</span>");
      continue;
    }
    html += MarkHtml(mark);
  }
  if (links) absl::StrAppend(&html, "\u2060", LinksHtml(span.positions()));
  return html;
}

std::string HtmlWriter::MarkHtml(std::string_view mark) const {
  const std::string text = HtmlText(words_.Mark(mark));
  // A mark that this program does not know leads nowhere.
  const bool known = !words_.Meaning(mark).empty();
  return absl::StrCat(" <span class=\"mark\">",
                      known ? absl::StrCat("<a href=\"#m-", std::string(mark),
                                           "\">", text, "</a>")
                            : text,
                      "</span>");
}

std::string HtmlWriter::ParagraphHtml(const Paragraph& paragraph,
                                      const std::vector<bool>& links) const {
  std::string html;
  for (int i = 0; i < paragraph.spans_size(); ++i) {
    html += SpanHtml(paragraph.spans(i), links[static_cast<size_t>(i)]);
  }
  return html;
}

std::string HtmlWriter::StateHtml(view::v1::CheckState state) const {
  return absl::StrCat("<span class=\"state",
                      state == view::v1::CHECK_STATE_OPEN ? " open" : "", "\">",
                      words_.State(state), "</span>");
}

std::string HtmlWriter::CheckAnchor(const CheckView& check) const {
  for (int i = 0; i < report_.checks_size(); ++i) {
    if (report_.checks(i).id() == check.id()) {
      return absl::StrCat("k", i + 1);
    }
  }
  return "";
}

void HtmlWriter::WriteHead() {
  const std::string period =
      codec::EdtfText(report_.period(), false, words_.language());
  const std::string footer = absl::StrCat(
      report_.process_name(), " · ", period, " · ",
      Say("kunskapsläge ", "as of "), "#", report_.as_of_position(), ", ",
      codec::DateText(report_.as_of_recorded_us()));
  Put("<!doctype html>\n<html lang=\"",
      words_.language() == codec::Language::kSwedish ? "sv" : "en",
      "\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n"
      // No script, no picture, no font is ever fetched.
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src 'unsafe-inline'\">\n<title>",
      HtmlText(report_.title()), "</title>\n<style>",
      HtmlStyle(footer, words_.Say("Sida % av %", "Page % of %")),
      "</style>\n</head>\n");
}

void HtmlWriter::WriteFront() {
  Put("<header class=\"front\">\n<p class=\"kicker\">",
      Say("Återrapport av samverkansstöd", "Report on a collaboration grant"),
      "</p>\n<h1>", HtmlText(report_.title()), "</h1>\n<dl class=\"facts\">\n");
  const auto fact = [&](const std::string& term, const std::string& html) {
    Put("<dt>", term, "</dt><dd>", html, "</dd>\n");
  };
  fact(Say("Process", "Process"),
       absl::StrCat(HtmlText(report_.process_name()), " (",
                    HtmlText(report_.process()), ")"));
  fact(Say("Period", "Period"),
       HtmlText(codec::EdtfText(report_.period(), false, words_.language())));
  fact(Say("Kunskapsläge", "As of"), HtmlText(words_.AsOf(report_)));
  if (!report_.register_().empty()) {
    fact(Say("Register", "Register"), HtmlText(report_.register_()));
  }
  fact(Say("Mall", "Template"), HtmlText(report_.template_()));
  fact(Say("Modellens SHA-256", "SHA-256 of the model"),
       absl::StrCat("<span class=\"hash\">", hash_, "</span>"));
  Put("</dl>\n</header>\n");
}

void HtmlWriter::WriteSummary() {
  const std::vector<int> open = OpenChecks(report_);
  Put("<section class=\"summary", open.empty() ? " none" : "",
      "\" aria-labelledby=\"open\">\n<h2 id=\"open\">",
      Say("Öppna kontroller: ", "Open checks: "), open.size(), "</h2>\n");
  if (open.empty()) {
    Put("<p>", Say("Inga kontroller är öppna.", "No checks are open."),
        "</p>\n</section>\n");
    return;
  }
  Put("<ul>\n");
  for (const std::vector<int>& group : OpenChecksByRule(report_)) {
    const CheckView& first = report_.checks(group[0]);
    Put("<li><strong>", HtmlText(RuleText(words_, first)), "</strong> ",
        HtmlText(SummaryText(words_, first)), ": ");
    for (size_t i = 0; i < std::min(group.size(), kSummaryChecksMax); ++i) {
      Put(i > 0 ? "; " : "", "<a href=\"#k", group[i] + 1, "\">",
          HtmlText(CheckName(report_.checks(group[i]))), "</a>");
    }
    if (group.size() > kSummaryChecksMax) {
      Put(Say(" och ", " and "), group.size() - kSummaryChecksMax,
          Say(" till", " more"));
    }
    Put("</li>\n");
  }
  Put("</ul>\n</section>\n");
}

void HtmlWriter::WriteMarks() {
  const std::vector<std::string> marks = MarksOf(report_);
  if (marks.empty()) return;
  Put("<section class=\"marks\" aria-labelledby=\"marks\">\n<h2 "
      "id=\"marks\">",
      Say("Så läses märkningen", "What the marks mean"), "</h2>\n<dl>\n");
  for (const std::string& mark : marks) {
    Put("<div id=\"m-", mark, "\"><dt class=\"mark\">",
        HtmlText(words_.Mark(mark)), "</dt><dd>",
        HtmlText(words_.Meaning(mark)), ".</dd></div>\n");
  }
  Put("</dl>\n</section>\n");
}

void HtmlWriter::WriteContents() {
  Put("<nav aria-label=\"", Say("Innehåll", "Contents"), "\">\n<ol>\n");
  for (const Section& section : report_.sections()) {
    int open = 0;
    for (const CheckView& check : section.checks()) {
      if (check.state() == view::v1::CHECK_STATE_OPEN) ++open;
    }
    Put("<li><span class=\"number\">",
        section.number() <= 7 ? absl::StrCat(section.number()) : "–",
        "</span><a href=\"#s", section.number(), "\">",
        HtmlText(section.heading()), "</a>");
    if (open > 0) {
      Put("<span class=\"count\">", open,
          open == 1 ? Say(" öppen kontroll", " open check")
                    : Say(" öppna kontroller", " open checks"),
          "</span>");
    }
    Put("</li>\n");
  }
  Put("<li><span class=\"number\">–</span><a href=\"#sources\">",
      Say("Underlag", "Sources"), "</a></li>\n</ol>\n</nav>\n");
}

void HtmlWriter::WriteList(const BulletList& list) {
  const std::string tag = list.numbered() ? "ol" : "ul";
  Put("<", tag, ">\n");
  for (const ListItem& item : list.items()) {
    const std::vector<std::vector<bool>> links = LinksOf(item);
    Put("<li>", ParagraphHtml(item.paragraph(), links[0]));
    if (!item.details().empty()) {
      Put("\n<ul>\n");
      for (int d = 0; d < item.details_size(); ++d) {
        Put("<li>",
            ParagraphHtml(item.details(d), links[static_cast<size_t>(d) + 1]),
            "</li>\n");
      }
      Put("</ul>\n");
    }
    Put("</li>\n");
  }
  Put("</", tag, ">\n");
}

void HtmlWriter::WriteTableHead(const Table& table) {
  Put("<caption>", HtmlText(table.caption()), "</caption>\n<thead><tr>");
  for (const report::v1::Column& column : table.columns()) {
    Put("<th scope=\"col\"",
        column.alignment() == report::v1::ALIGNMENT_RIGHT ? " class=\"right\""
                                                          : "",
        ">", HtmlText(column.header()), "</th>");
  }
  Put("</tr></thead>\n<tbody>\n");
}

void HtmlWriter::WriteTable(const Table& table) {
  Put("<div class=\"wide cards", IsOfText(table) ? " early" : "", "\">\n<table",
      table.columns_size() > kColumnsMax ? " class=\"many\"" : "", ">\n");
  WriteTableHead(table);
  for (const Row& row : table.rows()) {
    const std::vector<std::vector<bool>> links = LinksOf(table, row);
    Put("<tr", row.set_apart() ? " class=\"apart\"" : "", ">");
    for (int c = 0; c < table.columns_size() && c < row.cells_size(); ++c) {
      const report::v1::Column& column = table.columns(c);
      const std::string html =
          ParagraphHtml(row.cells(c), links[static_cast<size_t>(c)]);
      if (c == 0) {
        Put("<th scope=\"row\">", html, "</th>");
        continue;
      }
      Put("<td data-label=\"", HtmlText(column.header()), "\"",
          column.alignment() == report::v1::ALIGNMENT_RIGHT
              ? " class=\"right sum\""
              : "",
          ">", html, "</td>");
    }
    Put("</tr>\n");
  }
  Put("</tbody>\n</table>\n</div>\n");
}

void HtmlWriter::WriteBudgetChart(const report::v1::BudgetChart& chart) {
  Put("<figure>\n<figcaption>", HtmlText(chart.title()), "</figcaption>\n",
      BudgetSvg(chart, words_, NextId()), "</figure>\n");
}

void HtmlWriter::WriteTimelineChart(const report::v1::TimelineChart& chart) {
  const std::string id = NextId();
  Put("<figure>\n<figcaption id=\"", id, "-c\">", HtmlText(chart.title()),
      // The drawing is wider than a phone: it scrolls, by keys too.
      "</figcaption>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" "
      "aria-labelledby=\"",
      id, "-c\">\n", TimelineSvg(chart, report_, words_, id), "</div>\n");
  Put("<details>\n<summary>",
      Say("Tidslinjen som tabell", "The timeline as a table"),
      "</summary>\n<div class=\"cards\">\n<table>\n<thead><tr><th "
      "scope=\"col\">",
      Say("När", "When"), "</th><th scope=\"col\">", Say("Vad", "What"),
      "</th><th scope=\"col\">", Say("Grad", "Grade"),
      "</th></tr></thead>\n<tbody>\n");
  for (const view::v1::TimelineEntry& entry : chart.entries()) {
    event::v1::Occurred when;
    when.set_edtf(entry.when().edtf());
    when.set_circa(entry.when().circa());
    const std::string grade = words_.Certainty(entry);
    Put("<tr><th scope=\"row\">", HtmlText(words_.Time(when)),
        words_.HasInferredTime(entry) ? MarkHtml("inferred") : "",
        "</th><td data-label=\"", Say("Vad", "What"), "\">",
        HtmlText(entry.title()), LinksHtml(entry.positions()),
        "</td><td data-label=\"", Say("Grad", "Grade"), "\">",
        grade.empty() ? "–" : HtmlText(grade), "</td></tr>\n");
  }
  Put("</tbody>\n</table>\n</div>\n</details>\n</figure>\n");
}

void HtmlWriter::WriteCheck(const CheckView& check) {
  Put("<li id=\"", CheckAnchor(check), "\"><strong>",
      HtmlText(CheckTitle(check)), "</strong> ", StateHtml(check.state()), " ",
      HtmlText(check.text()));
  if (!check.action().empty()) {
    Put(" <span class=\"todo\">", Say("Att göra: ", "To do: "),
        HtmlText(check.action()), "</span>");
  }
  if (!check.positions().empty()) Put(LinksHtml(check.positions()));
  if (!check.steps().empty()) {
    Put("\n<ul>\n");
    for (const view::v1::CheckStep& step : check.steps()) {
      Put("<li>", StateHtml(step.state()), " ",
          codec::DateText(step.origin().recorded_at_us()), ": ",
          HtmlText(Sentence(step.text())));
      if (!step.accepted_by().empty()) {
        Put(Say(" Godtagen av ", " Accepted by "), HtmlText(step.accepted_by()),
            ".");
      }
      Put("<span class=\"ref\">", LinkHtml(step.origin().position()),
          "</span></li>\n");
    }
    Put("</ul>\n");
  }
  Put("</li>\n");
}

void HtmlWriter::WriteChecks(const std::vector<const CheckView*>& checks) {
  if (checks.empty()) return;
  bool open = false;
  for (const CheckView* check : checks) {
    open |= check->state() == view::v1::CHECK_STATE_OPEN;
  }
  Put("<div class=\"checks", open ? "" : " none", "\">\n<h3>",
      Say("Kontroller", "Checks"), "</h3>\n<ul>\n");
  for (const CheckView* check : checks) WriteCheck(*check);
  Put("</ul>\n</div>\n");
}

void HtmlWriter::WriteMissing(const Section& section) {
  if (section.missing().empty()) return;
  Put("<div class=\"missing\">\n<h3>",
      Say("Saknas för rapporten", "Missing for the report"), "</h3>\n<ul>\n");
  for (const std::string& missing : section.missing()) {
    Put("<li>", HtmlText(missing), "</li>\n");
  }
  Put("</ul>\n</div>\n");
}

void HtmlWriter::WriteBlock(const Block& block) {
  switch (block.content_case()) {
    case Block::kParagraph:
      Put("<p>", ParagraphHtml(block.paragraph(), LinksOf(block.paragraph())),
          "</p>\n");
      return;
    case Block::kList:
      return WriteList(block.list());
    case Block::kTable:
      return WriteTable(block.table());
    case Block::kBudgetChart:
      return WriteBudgetChart(block.budget_chart());
    case Block::kTimelineChart:
      return WriteTimelineChart(block.timeline_chart());
    case Block::kSubheading:
      Put("<h3>", HtmlText(block.subheading()), "</h3>\n");
      return;
    case Block::CONTENT_NOT_SET:
      return;
  }
}

void HtmlWriter::WriteSection(const Section& section) {
  Put("<section id=\"s", section.number(), "\" aria-labelledby=\"s",
      section.number(), "-h\">\n<h2 id=\"s", section.number(), "-h\">");
  if (section.number() <= 7) {
    Put("<span class=\"number\">", section.number(), ".</span>");
  }
  Put(HtmlText(section.heading()), "</h2>\n");
  for (const Block& block : section.blocks()) WriteBlock(block);
  std::vector<const CheckView*> checks;
  for (const CheckView& check : section.checks()) checks.push_back(&check);
  WriteChecks(checks);
  WriteMissing(section);
  Put("</section>\n");
}

// Checks that belong to no section.
void HtmlWriter::WriteOtherChecks() {
  std::vector<const CheckView*> others;
  for (const CheckView& check : report_.checks()) {
    if (check.section() < 1 || check.section() > 8) others.push_back(&check);
  }
  if (others.empty()) return;
  Put("<section aria-labelledby=\"others\">\n<h2 id=\"others\">",
      Say("Övriga kontroller", "Other checks"), "</h2>\n");
  WriteChecks(others);
  Put("</section>\n");
}

void HtmlWriter::WriteSources() {
  Put("<section id=\"sources\" aria-labelledby=\"sources-h\">\n<h2 "
      "id=\"sources-h\">",
      Say("Underlag", "Sources"), "</h2>\n<p>",
      Say("Händelserna i registret som rapporten bygger på. Numret är "
          "händelsens plats i registret.",
          "The events of the register that the report rests on. The number is "
          "the event's place in the register."),
      "</p>\n<div class=\"wide cards\">\n<table class=\"many "
      "sources\">\n<thead><tr><th scope=\"col\">",
      Say("Nr", "No."), "</th><th scope=\"col\">", Say("Händelse", "Event"),
      "</th><th scope=\"col\">", Say("När", "When"), "</th><th scope=\"col\">",
      Say("Registrerad", "Recorded"), "</th><th scope=\"col\">",
      Say("Källa", "Source"), "</th></tr></thead>\n<tbody>\n");
  for (const report::v1::EventReference& reference : report_.references()) {
    Put("<tr id=\"h", reference.position(), "\"><th scope=\"row\">#",
        reference.position(), "</th><td data-label=\"",
        Say("Händelse", "Event"), "\">", HtmlText(reference.title()),
        "<span class=\"id\">", HtmlText(reference.event_id()),
        "</span></td><td data-label=\"", Say("När", "When"), "\">",
        HtmlText(words_.Time(reference.occurred())), "</td><td data-label=\"",
        Say("Registrerad", "Recorded"), "\">",
        codec::DateText(reference.recorded_at_us()), "</td><td data-label=\"",
        Say("Källa", "Source"), "\">",
        reference.source().empty() ? "–" : HtmlText(reference.source()),
        "</td></tr>\n");
  }
  Put("</tbody>\n</table>\n</div>\n</section>\n");
}

void HtmlWriter::WriteFooter() {
  Put("<footer>\n<p>",
      Say("Rapporten är framställd ur registrets händelser till och med ",
          "The report is made from the events of the register up to "),
      HtmlText(words_.AsOf(report_)),
      Say(". Samma händelser ger samma rapport, tecken för tecken.",
          ". The same events give the same report, letter by letter."),
      "</p>\n</footer>\n");
}

std::string HtmlWriter::Write() {
  WriteHead();
  Put("<body>\n<a class=\"skip\" href=\"#main\">",
      Say("Hoppa till innehållet", "Skip to the content"),
      "</a>\n<div class=\"page\">\n");
  WriteFront();
  Put("<main id=\"main\">\n");
  WriteSummary();
  WriteContents();
  WriteMarks();
  for (const Section& section : report_.sections()) WriteSection(section);
  WriteOtherChecks();
  WriteSources();
  Put("</main>\n");
  WriteFooter();
  Put("</div>\n</body>\n</html>\n");
  return std::move(out_);
}

}  // namespace

std::string RenderHtml(const ReportModel& report,
                       std::string_view model_sha256) {
  return HtmlWriter(report, model_sha256).Write();
}

}  // namespace samverk
