#include "services/reporting/markdown.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/codec/text.h"
#include "services/reporting/report_text.h"

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

// A column is made even up to this width; longer cells stand out.
constexpr size_t kColumnWidthMax = 48;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// True when the line beginning with `text` would start a list, a heading, a
// rule or a quotation; `at` is set to the character to escape.
bool StartsBlock(std::string_view text, size_t& at) {
  if (text.empty()) return false;
  at = 0;
  if (std::string_view("-+=#>").find(text[0]) != std::string_view::npos) {
    return true;
  }
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at > 0 && at < text.size() && (text[at] == '.' || text[at] == ')');
}

// True when the "&" at `at` begins a character reference ("&amp;", "&#65;").
bool IsEntity(std::string_view text, size_t at) {
  const size_t start = at + 1;
  size_t end = start;
  while (end < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[end])) ||
          (end == start && text[end] == '#'))) {
    ++end;
  }
  return end > start && end < text.size() && text[end] == ';';
}

// "#12" as a link to the list of sources.
std::string Link(uint64_t position) {
  return absl::StrCat("[#", position, "](#h", position, ")");
}

std::string Links(const google::protobuf::RepeatedField<uint64_t>& positions) {
  std::string text;
  size_t shown = 0;
  for (const PositionRun& run : RunsOf(positions)) {
    if (shown++ == kRunsShownMax) return text + " …";
    if (!text.empty()) text += ' ';
    text += Link(run.first);
    if (run.last == run.first + 1) absl::StrAppend(&text, " ", Link(run.last));
    if (run.last > run.first + 1) absl::StrAppend(&text, "–", Link(run.last));
  }
  return text;
}

// Writes one report into a string.
class MarkdownWriter {
 public:
  MarkdownWriter(const ReportModel& report, std::string_view model_sha256)
      : report_(report), words_(report), hash_(HashText(model_sha256)) {}

  std::string Write();

 private:
  void WriteFront();
  void WriteOpenChecks();
  void WriteMarks();
  void WriteSection(const Section& section);
  void WriteBlock(const Block& block);
  void WriteList(const BulletList& list);
  void WriteTable(const Table& table);
  void WriteBudgetChart(const report::v1::BudgetChart& chart);
  void WriteTimelineChart(const report::v1::TimelineChart& chart);
  void WriteChecks(const std::vector<const CheckView*>& checks);
  void WriteMissing(const Section& section);
  void WriteOtherChecks();
  void WriteSources();

  std::string Escaped(std::string_view text) const {
    return EscapeMarkdown(text);
  }
  std::string ParagraphText(const Paragraph& paragraph,
                            const std::vector<bool>& links) const;
  // A table from cells of finished Markdown; the first row is the header.
  void WriteGrid(const std::vector<std::vector<std::string>>& rows,
                 const std::vector<bool>& right);
  void Heading(int level, std::string_view text);
  void Line(std::string_view text) { absl::StrAppend(&out_, S(text), "\n"); }
  static std::string S(std::string_view text) { return std::string(text); }

  const ReportModel& report_;
  const ReportWords words_;
  const std::string hash_;
  std::string out_;
};

std::string MarkdownWriter::ParagraphText(
    const Paragraph& paragraph, const std::vector<bool>& links) const {
  std::string text;
  for (int i = 0; i < paragraph.spans_size(); ++i) {
    const Span& span = paragraph.spans(i);
    const std::string piece = EscapeMarkdown(span.text(), text.empty());
    if (span.quoted()) {
      absl::StrAppend(&text, S(words_.Say("”", "“")), piece, "”");
    } else {
      text += piece;
    }
    for (const std::string& mark : span.marks()) {
      if (mark == "missing") continue;  // The text says so.
      absl::StrAppend(&text, " *(", Escaped(words_.Mark(mark)), ")*");
    }
    if (links[static_cast<size_t>(i)]) {
      absl::StrAppend(&text, " ", Links(span.positions()));
    }
  }
  return text;
}

void MarkdownWriter::Heading(int level, std::string_view text) {
  absl::StrAppend(&out_, "\n", std::string(static_cast<size_t>(level), '#'),
                  " ", Escaped(text), "\n\n");
}

void MarkdownWriter::WriteFront() {
  absl::StrAppend(&out_, "# ", Escaped(report_.title()), "\n\n");
  const auto fact = [&](std::string_view label, const std::string& value) {
    absl::StrAppend(&out_, "- ", S(label), ": ", value, "\n");
  };
  fact(words_.Say("Process", "Process"),
       absl::StrCat(Escaped(report_.process_name()), " (",
                    Escaped(report_.process()), ")"));
  fact(words_.Say("Period", "Period"),
       Escaped(codec::EdtfText(report_.period(), false, words_.language())));
  fact(words_.Say("Kunskapsläge", "As of"), Escaped(words_.AsOf(report_)));
  if (!report_.register_().empty()) {
    fact(words_.Say("Register", "Register"), Escaped(report_.register_()));
  }
  fact(words_.Say("Mall", "Template"), Escaped(report_.template_()));
  fact(words_.Say("Modellens SHA-256", "SHA-256 of the model"), hash_);
}

void MarkdownWriter::WriteOpenChecks() {
  const std::vector<int> open = OpenChecks(report_);
  Heading(2, absl::StrCat(S(words_.Say("Öppna kontroller: ", "Open checks: ")),
                          open.size()));
  if (open.empty()) {
    Line(words_.Say("Inga kontroller är öppna.", "No checks are open."));
    return;
  }
  for (const std::vector<int>& group : OpenChecksByRule(report_)) {
    const CheckView& first = report_.checks(group[0]);
    absl::StrAppend(&out_, "- **", Escaped(RuleText(words_, first)), "** ",
                    Escaped(SummaryText(words_, first)), ": ");
    for (size_t i = 0; i < std::min(group.size(), kSummaryChecksMax); ++i) {
      absl::StrAppend(&out_, i > 0 ? "; " : "",
                      Escaped(CheckName(report_.checks(group[i]))));
    }
    if (group.size() > kSummaryChecksMax) {
      absl::StrAppend(&out_, S(words_.Say(" och ", " and ")),
                      group.size() - kSummaryChecksMax,
                      S(words_.Say(" till", " more")));
    }
    out_ += "\n";
  }
}

void MarkdownWriter::WriteMarks() {
  const std::vector<std::string> marks = MarksOf(report_);
  if (marks.empty()) return;
  Heading(2, words_.Say("Så läses märkningen", "What the marks mean"));
  for (const std::string& mark : marks) {
    absl::StrAppend(&out_, "- *(", Escaped(words_.Mark(mark)), ")* ",
                    Escaped(words_.Meaning(mark)), ".\n");
  }
}

void MarkdownWriter::WriteGrid(
    const std::vector<std::vector<std::string>>& rows,
    const std::vector<bool>& right) {
  std::vector<size_t> widths(right.size(), 3);
  for (const std::vector<std::string>& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(
          widths[c], std::min(kColumnWidthMax, codec::DisplayWidth(row[c])));
    }
  }
  for (size_t r = 0; r < rows.size(); ++r) {
    for (size_t c = 0; c < right.size(); ++c) {
      const std::string& cell = rows[r][c];
      const size_t width = codec::DisplayWidth(cell);
      const std::string pad(width < widths[c] ? widths[c] - width : 0, ' ');
      absl::StrAppend(&out_, "| ", right[c] ? pad : "", cell,
                      right[c] ? "" : pad, " ");
    }
    out_ += "|\n";
    if (r > 0) continue;
    for (size_t c = 0; c < right.size(); ++c) {
      const std::string dashes(widths[c] - (right[c] ? 1 : 0), '-');
      absl::StrAppend(&out_, "| ", dashes, right[c] ? ": " : " ");
    }
    out_ += "|\n";
  }
}

void MarkdownWriter::WriteTable(const Table& table) {
  absl::StrAppend(&out_, "\n**", Escaped(table.caption()), "**\n\n");
  std::vector<bool> right;
  std::vector<std::vector<std::string>> rows(1);
  for (const report::v1::Column& column : table.columns()) {
    right.push_back(column.alignment() == report::v1::ALIGNMENT_RIGHT);
    rows[0].push_back(Escaped(column.header()));
  }
  for (const Row& row : table.rows()) {
    const std::vector<std::vector<bool>> links = LinksOf(table, row);
    rows.emplace_back();
    for (int c = 0; c < table.columns_size(); ++c) {
      std::string cell;
      if (c < row.cells_size()) {
        cell = ParagraphText(row.cells(c), links[static_cast<size_t>(c)]);
      }
      // Rows that reconcile others are set in italics after a dash.
      if (row.set_apart() && c == 0) cell = absl::StrCat("– ", cell);
      rows.back().push_back(cell);
    }
  }
  WriteGrid(rows, right);
}

void MarkdownWriter::WriteList(const BulletList& list) {
  out_ += "\n";
  int number = 0;
  for (const ListItem& item : list.items()) {
    const std::vector<std::vector<bool>> links = LinksOf(item);
    const std::string bullet =
        list.numbered() ? absl::StrCat(++number, ". ") : "- ";
    absl::StrAppend(&out_, bullet, ParagraphText(item.paragraph(), links[0]),
                    "\n");
    for (int d = 0; d < item.details_size(); ++d) {
      absl::StrAppend(
          &out_, std::string(bullet.size(), ' '), "- ",
          ParagraphText(item.details(d), links[static_cast<size_t>(d) + 1]),
          "\n");
    }
  }
}

void MarkdownWriter::WriteBudgetChart(const report::v1::BudgetChart& chart) {
  absl::StrAppend(&out_, "\n**", Escaped(chart.title()), "**\n\n");
  int64_t most = 0;
  size_t width = 0;
  for (const report::v1::Bar& bar : chart.bars()) {
    most = std::max(most, bar.figure().ore());
    width = std::max(width, codec::DisplayWidth(CleanText(bar.label())));
  }
  for (const report::v1::Bar& bar : chart.bars()) {
    const std::string label = CleanText(bar.label());
    const int64_t ore = std::max<int64_t>(bar.figure().ore(), 0);
    // Twenty characters for the longest; a sum that is not exact is hatched.
    const auto length =
        static_cast<size_t>(most == 0 ? 0
                                      : (ore / 100 * 20 + most / 200) /
                                            std::max<int64_t>(most / 100, 1));
    const bool sure = bar.figure().precision() == event::v1::PRECISION_EXACT;
    std::string drawn;
    for (size_t i = 0; i < length; ++i) drawn += sure ? "█" : "░";
    absl::StrAppend(&out_, "    ", label,
                    std::string(width - codec::DisplayWidth(label), ' '), "  ",
                    drawn, " ", CleanText(bar.figure_text()),
                    bar.in_kind() ? S(words_.Say(" (egen insats, inte pengar)",
                                                 " (in kind, not money)"))
                                  : "",
                    "\n");
  }
}

void MarkdownWriter::WriteTimelineChart(
    const report::v1::TimelineChart& chart) {
  absl::StrAppend(&out_, "\n**", Escaped(chart.title()), "**\n\n",
                  Escaped(chart.description()), "\n\n");
  std::vector<std::vector<std::string>> rows = {
      {S(words_.Say("När", "When")), S(words_.Say("Vad", "What")),
       S(words_.Say("Grad", "Grade"))}};
  for (const view::v1::TimelineEntry& entry : chart.entries()) {
    event::v1::Occurred when;
    when.set_edtf(entry.when().edtf());
    when.set_circa(entry.when().circa());
    const std::string grade = words_.Certainty(entry);
    rows.push_back(
        {absl::StrCat(Escaped(words_.Time(when)),
                      words_.HasInferredTime(entry)
                          ? absl::StrCat(" *(", words_.Mark("inferred"), ")*")
                          : ""),
         absl::StrCat(Escaped(entry.title()), " ", Links(entry.positions())),
         grade.empty() ? "–" : Escaped(grade)});
  }
  WriteGrid(rows, {false, false, false});
}

void MarkdownWriter::WriteChecks(const std::vector<const CheckView*>& checks) {
  for (const CheckView* check : checks) {
    absl::StrAppend(&out_, "- **", Escaped(CheckTitle(*check)), "** (",
                    words_.State(check->state()),
                    "): ", Escaped(check->text()));
    if (!check->action().empty()) {
      absl::StrAppend(&out_, " ", S(words_.Say("Att göra: ", "To do: ")),
                      Escaped(check->action()));
    }
    if (!check->positions().empty()) {
      absl::StrAppend(&out_, " ", Links(check->positions()));
    }
    out_ += "\n";
    for (const view::v1::CheckStep& step : check->steps()) {
      absl::StrAppend(
          &out_, "  - ", words_.State(step.state()), " ",
          codec::DateText(step.origin().recorded_at_us()), ": ",
          Escaped(Sentence(step.text())),
          step.accepted_by().empty()
              ? ""
              : absl::StrCat(S(words_.Say(" Godtagen av ", " Accepted by ")),
                             Escaped(step.accepted_by()), "."),
          " ", Link(step.origin().position()), "\n");
    }
  }
}

void MarkdownWriter::WriteMissing(const Section& section) {
  if (section.missing().empty()) return;
  Heading(3, words_.Say("Saknas för rapporten", "Missing for the report"));
  for (const std::string& missing : section.missing()) {
    absl::StrAppend(&out_, "- ", EscapeMarkdown(missing, true), "\n");
  }
}

void MarkdownWriter::WriteBlock(const Block& block) {
  switch (block.content_case()) {
    case Block::kParagraph:
      absl::StrAppend(
          &out_, "\n",
          ParagraphText(block.paragraph(), LinksOf(block.paragraph())), "\n");
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
      return Heading(3, block.subheading());
    case Block::CONTENT_NOT_SET:
      return;
  }
}

void MarkdownWriter::WriteSection(const Section& section) {
  const std::string number =
      section.number() <= 7 ? absl::StrCat(section.number(), ". ") : "";
  absl::StrAppend(&out_, "\n## ", number, Escaped(section.heading()), "\n");
  for (const Block& block : section.blocks()) WriteBlock(block);
  if (!section.checks().empty()) {
    Heading(3, words_.Say("Kontroller", "Checks"));
    std::vector<const CheckView*> checks;
    for (const CheckView& check : section.checks()) checks.push_back(&check);
    WriteChecks(checks);
  }
  WriteMissing(section);
}

// Checks that belong to no section.
void MarkdownWriter::WriteOtherChecks() {
  std::vector<const CheckView*> others;
  for (const CheckView& check : report_.checks()) {
    if (check.section() < 1 || check.section() > 8) others.push_back(&check);
  }
  if (others.empty()) return;
  Heading(2, words_.Say("Övriga kontroller", "Other checks"));
  WriteChecks(others);
}

void MarkdownWriter::WriteSources() {
  Heading(2, words_.Say("Underlag", "Sources"));
  Line(words_.Say(
      "Händelserna i registret som rapporten bygger på, efter nummer.",
      "The events of the register that the report rests on, by number."));
  out_ += "\n";
  for (const report::v1::EventReference& reference : report_.references()) {
    absl::StrAppend(&out_, "- <a id=\"h", reference.position(), "\"></a>**#",
                    reference.position(), "** ", Escaped(reference.title()),
                    ". ", Escaped(words_.Time(reference.occurred())),
                    S(words_.Say("; registrerad ", "; recorded ")),
                    codec::DateText(reference.recorded_at_us()));
    if (!reference.source().empty()) {
      absl::StrAppend(&out_, "; ", Escaped(reference.source()));
    }
    absl::StrAppend(&out_, "; id ", Escaped(reference.event_id()), "\n");
  }
}

std::string MarkdownWriter::Write() {
  WriteFront();
  WriteOpenChecks();
  WriteMarks();
  for (const Section& section : report_.sections()) WriteSection(section);
  WriteOtherChecks();
  WriteSources();
  return std::move(out_);
}

}  // namespace

std::string EscapeMarkdown(std::string_view text, bool line_start) {
  std::string clean = CleanText(text);
  if (line_start) clean.erase(0, clean.find_first_not_of(' '));
  size_t block = std::string::npos;
  if (line_start && !StartsBlock(clean, block)) block = std::string::npos;
  std::string escaped;
  escaped.reserve(clean.size());
  for (size_t i = 0; i < clean.size(); ++i) {
    const char c = clean[i];
    if (c == '<') {
      // Not every reader of Markdown knows a backslash here.
      escaped += "&lt;";
      continue;
    }
    const bool entity = c == '&' && IsEntity(clean, i);
    if (i == block || entity ||
        std::string_view("\\`*_[]|~").find(c) != std::string_view::npos) {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

std::string RenderMarkdown(const ReportModel& report,
                           std::string_view model_sha256) {
  return MarkdownWriter(report, model_sha256).Write();
}

}  // namespace samverk
