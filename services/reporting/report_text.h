// What the renderers share: their own words, and which links to show where.
#ifndef SAMVERK_SERVICES_REPORTING_REPORT_TEXT_H_
#define SAMVERK_SERVICES_REPORTING_REPORT_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/codec/text.h"
#include "samverk/report/v1/report.pb.h"

namespace samverk {

// Words of the renderers: headings around the report's own sections.
class ReportWords {
 public:
  explicit ReportWords(const report::v1::ReportModel& report)
      : language_(codec::LanguageOf(report.language())) {}

  codec::Language language() const { return language_; }
  std::string_view Say(std::string_view sv, std::string_view en) const {
    return language_ == codec::Language::kSwedish ? sv : en;
  }
  // A span's mark in words: "påstådd". An unknown mark stays as it is.
  std::string Mark(std::string_view mark) const;
  // A check's state: "öppen".
  std::string State(view::v1::CheckState state) const;
  // "30 september 2025"; "tid ej angiven" when nothing is known.
  std::string Time(const event::v1::Occurred& occurred) const;
  // "händelse 48, registrerad 2026-01-15 09:12".
  std::string AsOf(const report::v1::ReportModel& report) const;
  // The mark of a shift's grade in a timeline; empty for none.
  std::string Grade(view::v1::Grade grade) const;
  // The words of a hedge; empty for none.
  std::string Hedge(event::v1::Hedge hedge) const;
  // Whether the time of an entry of the timeline chart was inferred.
  bool HasInferredTime(const view::v1::TimelineEntry& entry) const;
  // How sure an entry of the timeline chart is, in marks: "påstådd, antagande";
  // "planerat" for what is ahead; empty for what happened.
  std::string Certainty(const view::v1::TimelineEntry& entry) const;
  // What a mark means, in a sentence; empty for an unknown one.
  std::string Meaning(std::string_view mark) const;

 private:
  codec::Language language_;
};

// Text without what would break lines or hide in them: line and paragraph
// separators and tabs become spaces, other control characters and those that
// turn the direction of writing become U+FFFD.
std::string CleanText(std::string_view text);

// The marks that the report's texts carry and that mean something, each once,
// in the order in which they are to be explained.
std::vector<std::string> MarksOf(const report::v1::ReportModel& report);

// A run of positions without gaps.
struct PositionRun {
  uint64_t first = 0;
  uint64_t last = 0;
};

// At most this many runs are shown at a span; more are told by "…".
inline constexpr size_t kRunsShownMax = 6;

// Positions (ascending) as runs.
std::vector<PositionRun> RunsOf(
    const google::protobuf::RepeatedField<uint64_t>& positions);

// For every span of a paragraph whether its links are to be shown: at the last
// of several spans with the same events.
std::vector<bool> LinksOf(const report::v1::Paragraph& paragraph);

// The same for every cell of a row: in the last cell of text with those events.
// Cells of numbers show only what no cell of text of the row has.
std::vector<std::vector<bool>> LinksOf(const report::v1::Table& table,
                                       const report::v1::Row& row);

// The same for a list item's paragraph and its details: a detail with the
// same event as the paragraph does not repeat it.
std::vector<std::vector<bool>> LinksOf(const report::v1::ListItem& item);

// Places in `report.checks` of the open ones.
std::vector<int> OpenChecks(const report::v1::ReportModel& report);

// The same, together by rule, in the order of the first of each rule.
std::vector<std::vector<int>> OpenChecksByRule(
    const report::v1::ReportModel& report);

// What a check is about: the part of its id after the rule ("fgk-2025"), or
// the whole id of one that was raised by hand.
std::string_view CheckSubject(const view::v1::CheckView& check);

// The same as people call it: the title that its text has in quotation marks
// ("Blomlådor"); else the id.
std::string CheckName(const view::v1::CheckView& check);

// A check's rule: "C3"; for one that was raised by hand in words.
std::string RuleText(const ReportWords& words,
                     const view::v1::CheckView& check);

// What a check's rule is about, in a few words: "ofullständig plan".
std::string SummaryText(const ReportWords& words,
                        const view::v1::CheckView& check);

// A summary names at most so many checks of a rule; the sections have them all.
inline constexpr size_t kSummaryChecksMax = 12;

// A check's title: rule and subject ("C3 fgk-2025").
std::string CheckTitle(const view::v1::CheckView& check);

// The text with a full stop, unless it ends in a mark of its own.
std::string Sentence(std::string_view text);

// Renders a 32-byte hash as 64 hexadecimal digits.
std::string HashText(std::string_view sha256);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_REPORT_TEXT_H_
