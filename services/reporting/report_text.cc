#include "services/reporting/report_text.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"
#include "projections/report/words.h"

namespace samverk {

using report::v1::ListItem;
using report::v1::Paragraph;
using report::v1::ReportModel;
using report::v1::Row;
using report::v1::Span;
using report::v1::Table;
using view::v1::CheckView;

namespace {

struct MarkWords {
  std::string_view mark;
  projections::Words words;
  projections::Words meaning;
};

constexpr std::array<MarkWords, 8> kMarks = {{
    {"inferred",
     {"härlett", "inferred"},
     {"står inte i underlaget utan är slutet av sammanhanget; listan Underlag "
      "säger vad slutsatsen vilar på. Om ett belopp: uträknat ur andra belopp",
      "the source does not say so; it was concluded from the context, and the "
      "list of sources says what the conclusion rests on"}},
    {"claimed",
     {"påstådd", "claimed"},
     {"någon säger det, och inget i registret visar det",
      "somebody says so, and nothing in the register shows it"}},
    {"substantiated",
     {"belagd", "substantiated"},
     {"det finns underlag, eller någon mer som instämmer",
      "there is evidence, or somebody else agrees"}},
    {"confirmed",
     {"oberoende styrkt", "independently confirmed"},
     {"någon som är oberoende av den som påstår det instämmer",
      "somebody independent of the one who claims it agrees"}},
    {"disputed",
     {"ifrågasatt", "disputed"},
     {"någon instämmer inte", "somebody does not agree"}},
    {"hedged",
     {"antagande", "assumption"},
     {"sägs som en förhoppning eller en plan, inte som ett utfall",
      "said as a hope or a plan, not as an outcome"}},
    {"preliminary",
     {"preliminärt", "preliminary"},
     {"kommer från något som ännu inte är färdigt",
      "comes from something that is not finished yet"}},
    {"late",
     {"registrerad i efterhand", "recorded late"},
     {"registrerad mer än 30 dagar efter att det hände",
      "recorded more than 30 days after it happened"}},
}};

// Decodes one code point of well-formed UTF-8 at `at` and moves past it.
char32_t NextCodePoint(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const char32_t lead = byte(at);
  const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (at + length > text.size()) {  // Not UTF-8; taken as it is.
    ++at;
    return lead;
  }
  char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) code = (code << 6) | (byte(at + i) & 63);
  at += length;
  return code;
}

bool IsSpaceLike(char32_t c) {
  return c == '\n' || c == '\r' || c == '\t' || c == 0x0B || c == 0x0C ||
         c == 0x85 || c == 0x2028 || c == 0x2029;
}

// Controls, and the marks and overrides of writing direction.
bool IsHarmful(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xFEFF;
}

bool SameEvents(const Span& a, const Span& b) {
  return std::equal(a.positions().begin(), a.positions().end(),
                    b.positions().begin(), b.positions().end());
}

bool HasEvents(const Paragraph& paragraph, const Span& span) {
  for (const Span& other : paragraph.spans()) {
    if (SameEvents(other, span)) return true;
  }
  return false;
}

}  // namespace

std::string ReportWords::Mark(std::string_view mark) const {
  for (const MarkWords& words : kMarks) {
    if (words.mark == mark) return std::string(words.words.In(language_));
  }
  return std::string(mark);
}

std::string ReportWords::Meaning(std::string_view mark) const {
  for (const MarkWords& words : kMarks) {
    if (words.mark == mark) return std::string(words.meaning.In(language_));
  }
  return "";
}

bool ReportWords::HasInferredTime(const view::v1::TimelineEntry& entry) const {
  return std::string_view(entry.detail())
      .ends_with(projections::kTimeInferred.In(language_));
}

std::string ReportWords::Certainty(const view::v1::TimelineEntry& entry) const {
  if (entry.kind() == view::v1::TIMELINE_KIND_PLAN) {
    return std::string(Say("planerat", "planned"));
  }
  if (entry.claimed_only()) return Mark("claimed");
  std::string text = Grade(entry.grade());
  const std::string hedge = Hedge(entry.hedge());
  if (!hedge.empty()) absl::StrAppend(&text, text.empty() ? "" : ", ", hedge);
  return text;
}

std::string ReportWords::State(view::v1::CheckState state) const {
  switch (static_cast<int>(state)) {
    case view::v1::CHECK_STATE_OPEN:
      return std::string(Say("öppen", "open"));
    case view::v1::CHECK_STATE_EXPLAINED:
      return std::string(Say("förklarad", "explained"));
    case view::v1::CHECK_STATE_RESOLVED:
      return std::string(Say("åtgärdad", "resolved"));
    default:
      return std::string(Say("okänt läge", "unknown state"));
  }
}

std::string ReportWords::Time(const event::v1::Occurred& occurred) const {
  if (occurred.edtf().empty()) {
    return std::string(Say("tid ej angiven", "time not stated"));
  }
  return codec::EdtfText(occurred.edtf(), occurred.circa(), language_);
}

std::string ReportWords::AsOf(const ReportModel& report) const {
  std::string text = absl::StrCat(
      std::string(Say("händelse ", "event ")), report.as_of_position(),
      std::string(Say(", registrerad ", ", recorded ")),
      codec::DateTimeText(report.as_of_recorded_us()));
  if (report.withheld() > 0) {
    absl::StrAppend(
        &text, std::string(Say("; utan ", "; without ")), report.withheld(),
        std::string(Say(" händelser som den som tog fram rapporten inte får "
                        "läsa",
                        " events that whoever had the report made may not "
                        "read")));
  }
  return text;
}

std::string ReportWords::Grade(view::v1::Grade grade) const {
  switch (static_cast<int>(grade)) {
    case view::v1::GRADE_CLAIMED:
      return Mark("claimed");
    case view::v1::GRADE_SUBSTANTIATED:
      return Mark("substantiated");
    case view::v1::GRADE_INDEPENDENTLY_CONFIRMED:
      return Mark("confirmed");
    case view::v1::GRADE_DISPUTED:
      return Mark("disputed");
    default:
      return "";
  }
}

std::string ReportWords::Hedge(event::v1::Hedge hedge) const {
  switch (static_cast<int>(hedge)) {
    case event::v1::HEDGE_BELIEVED:
    case event::v1::HEDGE_PLANNED:
      return Mark("hedged");
    case event::v1::HEDGE_PRELIMINARY:
      return Mark("preliminary");
    default:
      return "";
  }
}

std::string CleanText(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  size_t at = 0;
  while (at < text.size()) {
    const size_t start = at;
    const char32_t c = NextCodePoint(text, at);
    if (IsSpaceLike(c)) {
      clean += ' ';
    } else if (IsHarmful(c)) {
      clean += "\uFFFD";
    } else {
      clean.append(text.substr(start, at - start));
    }
  }
  return clean;
}

std::vector<std::string> MarksOf(const ReportModel& report) {
  std::set<std::string_view> carried;
  const auto look_at = [&carried](const Paragraph& paragraph) {
    for (const Span& span : paragraph.spans()) {
      carried.insert(span.marks().begin(), span.marks().end());
    }
  };
  for (const report::v1::Section& section : report.sections()) {
    for (const report::v1::Block& block : section.blocks()) {
      look_at(block.paragraph());
      for (const ListItem& item : block.list().items()) {
        look_at(item.paragraph());
        for (const Paragraph& detail : item.details()) look_at(detail);
      }
      for (const Row& row : block.table().rows()) {
        for (const Paragraph& cell : row.cells()) look_at(cell);
      }
    }
  }
  std::vector<std::string> marks;
  for (const MarkWords& words : kMarks) {
    if (carried.contains(words.mark)) marks.emplace_back(words.mark);
  }
  return marks;
}

std::vector<PositionRun> RunsOf(
    const google::protobuf::RepeatedField<uint64_t>& positions) {
  std::vector<PositionRun> runs;
  for (const uint64_t position : positions) {
    if (!runs.empty() && runs.back().last + 1 == position) {
      runs.back().last = position;
    } else {
      runs.push_back({position, position});
    }
  }
  return runs;
}

std::vector<bool> LinksOf(const Paragraph& paragraph) {
  const int size = paragraph.spans_size();
  std::vector<bool> shown(static_cast<size_t>(size));
  for (int i = 0; i < size; ++i) {
    const Span& span = paragraph.spans(i);
    bool later = span.positions().empty();
    for (int j = i + 1; j < size && !later; ++j) {
      later = SameEvents(span, paragraph.spans(j));
    }
    shown[static_cast<size_t>(i)] = !later;
  }
  return shown;
}

std::vector<std::vector<bool>> LinksOf(const Table& table, const Row& row) {
  std::vector<std::vector<bool>> shown;
  std::set<uint64_t> in_text;  // positions that cells of text show
  const auto of_numbers = [&table](int column) {
    return column < table.columns_size() &&
           table.columns(column).alignment() == report::v1::ALIGNMENT_RIGHT;
  };
  for (int i = 0; i < row.cells_size(); ++i) {
    shown.push_back(LinksOf(row.cells(i)));
    if (of_numbers(i)) continue;
    for (const Span& span : row.cells(i).spans()) {
      in_text.insert(span.positions().begin(), span.positions().end());
    }
  }
  for (int i = 0; i < row.cells_size(); ++i) {
    for (int s = 0; s < row.cells(i).spans_size(); ++s) {
      const Span& span = row.cells(i).spans(s);
      bool elsewhere = false;
      if (of_numbers(i)) {
        elsewhere = std::all_of(
            span.positions().begin(), span.positions().end(),
            [&](uint64_t position) { return in_text.contains(position); });
      } else {
        for (int j = i + 1; j < row.cells_size(); ++j) {
          elsewhere |= !of_numbers(j) && HasEvents(row.cells(j), span);
        }
      }
      if (elsewhere) {
        shown[static_cast<size_t>(i)][static_cast<size_t>(s)] = false;
      }
    }
  }
  return shown;
}

std::vector<std::vector<bool>> LinksOf(const ListItem& item) {
  std::vector<std::vector<bool>> shown = {LinksOf(item.paragraph())};
  for (const Paragraph& detail : item.details()) {
    shown.push_back(LinksOf(detail));
    for (int s = 0; s < detail.spans_size(); ++s) {
      if (HasEvents(item.paragraph(), detail.spans(s))) {
        shown.back()[static_cast<size_t>(s)] = false;
      }
    }
  }
  return shown;
}

std::vector<int> OpenChecks(const ReportModel& report) {
  std::vector<int> open;
  for (int i = 0; i < report.checks_size(); ++i) {
    if (report.checks(i).state() == view::v1::CHECK_STATE_OPEN) {
      open.push_back(i);
    }
  }
  return open;
}

std::vector<std::vector<int>> OpenChecksByRule(const ReportModel& report) {
  std::vector<std::vector<int>> groups;
  for (const int index : OpenChecks(report)) {
    const auto group = std::find_if(
        groups.begin(), groups.end(), [&](const std::vector<int>& other) {
          return report.checks(other[0]).rule() == report.checks(index).rule();
        });
    if (group == groups.end()) {
      groups.push_back({index});
    } else {
      group->push_back(index);
    }
  }
  return groups;
}

std::string_view CheckSubject(const CheckView& check) {
  const std::string_view id = check.id();
  const size_t slash = id.find('/');
  return slash == std::string_view::npos ? id : id.substr(slash + 1);
}

std::string CheckName(const CheckView& check) {
  // Checks of sums quote what was said of them; those of things their titles.
  constexpr std::array<std::string_view, 5> kOfThings = {"C8", "C9", "C10",
                                                         "C11", "C12"};
  const std::string_view text = check.text();
  const size_t open = text.find('"');
  const size_t close = text.find('"', open + 1);
  if (close == std::string_view::npos || close == open + 1 ||
      std::find(kOfThings.begin(), kOfThings.end(), check.rule()) ==
          kOfThings.end()) {
    return std::string(CheckSubject(check));
  }
  return std::string(text.substr(open + 1, close - open - 1));
}

std::string RuleText(const ReportWords& words, const CheckView& check) {
  return check.rule() == "manual"
             ? std::string(words.Say("Anmärkning", "Remark"))
             : check.rule();
}

std::string SummaryText(const ReportWords& words, const CheckView& check) {
  return std::string(
      projections::WordsForRule(check.rule()).In(words.language()));
}

std::string CheckTitle(const CheckView& check) {
  const std::string_view subject = CheckSubject(check);
  if (subject == check.id()) return check.id();
  return absl::StrCat(check.rule(), " ", std::string(subject));
}

std::string Sentence(std::string_view text) {
  const bool ended = text.empty() || std::string_view(".!?…").find(
                                         text.back()) != std::string_view::npos;
  return absl::StrCat(std::string(text), ended ? "" : ".");
}

std::string HashText(std::string_view sha256) {
  return absl::BytesToHexString(ToAbsl(sha256));
}

}  // namespace samverk
