#include "projections/report/report.h"

#include <array>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "projections/report/prose.h"
#include "projections/report/references.h"
#include "projections/report/report_context.h"
#include "projections/report/sections.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"
#include "projections/timeline/timeline_answer.h"

namespace samverk::projections {

using report::v1::ReportModel;
using report::v1::Section;

namespace {

constexpr std::string_view kTemplate = "malmo-samverkansstod/1";

struct Heading {
  Words words;
  void (*write)(const ReportContext& context, Section& section);
};

// The funder's headings, word for word, with an English rendering.
constexpr std::array<Heading, 8> kHeadings = {{
    {{"Beskrivning av utfallet av samverkansprocessen",
      "Description of the outcome of the collaboration process"},
     WriteOutcomeSection},
    {{"Specificering av hur beviljat belopp/resurser har använts",
      "Specification of how the amount/resources granted have been used"},
     WriteMoneySection},
    {{"Beskrivning av vad som har uppnåtts som har varit avgörande för "
      "områdets utveckling",
      "Description of what has been achieved that has been decisive for the "
      "development of the area"},
     WriteAchievementsSection},
    {{"Beskrivning av vilka dialogaktiviteter som har genomförts med boende, "
      "fastighetsägare, näringsliv, föreningsliv mm.",
      "Description of the dialogue activities carried out with residents, "
      "property owners, businesses, associations etc."},
     WriteDialogueSection},
    {{"Vilka medverkande aktörer/samarbetspartners som har varit avgörande i "
      "samverkansprocessen och vilken funktion de har haft",
      "Which actors/partners have been decisive in the collaboration process "
      "and what function they have had"},
     WriteActorsSection},
    {{"Beskrivning av hur samverkan bidragit till områdets utveckling och "
      "vilken förflyttning har skett med stöd av Malmö stads resurser",
      "Description of how the collaboration has contributed to the "
      "development of the area and what shift has taken place with the "
      "support of the City of Malmö's resources"},
     WriteDevelopmentSection},
    {{"Beskrivning av vilka lärdomar har dragits bland deltagande aktörer?",
      "Description of what lessons have been learnt among the participating "
      "actors"},
     WriteLessonsSection},
    {{"Bifoga", "Attachments"}, WriteAttachmentsSection},
}};

// A check names at most kSpanPositionsMax events; its text has the values.
view::v1::CheckView WithFewPositions(const view::v1::CheckView& check) {
  view::v1::CheckView copy = check;
  const Sources sources(check.positions());
  copy.clear_positions();
  for (const uint64_t position : sources.positions()) {
    copy.add_positions(position);
  }
  return copy;
}

// Checks of one kind that a report does not tell one by one.
struct FurtherChecks {
  uint32_t section = 0;
  int count = 0;
};
using FurtherByRule = absl::btree_map<std::string, FurtherChecks>;

// Tells the first checks of each rule, open ones before others, and counts the
// rest: thousands of lines of one kind would hide those of another.
FurtherByRule AddChecks(const ReportContext& context, ReportModel& report) {
  FurtherByRule further;
  absl::btree_map<std::string, int> told;
  for (const view::v1::CheckView& check : context.checks.checks()) {
    if (told[check.rule()] < kRowsMax) {
      ++told[check.rule()];
      *report.add_checks() = WithFewPositions(check);
      continue;
    }
    FurtherChecks& rest = further[check.rule()];
    if (rest.section == 0) rest.section = check.section();
    ++rest.count;
  }
  return further;
}

// "C8: 4905 kontroller till".
std::string FurtherText(const ReportContext& context, const std::string& rule,
                        int count) {
  return absl::StrCat(
      rule, ": ", count,
      std::string(context.Say(
          " kontroller till av samma slag; kontrollistan i registret har dem",
          " more checks of this kind; the list of checks in the register has "
          "them")));
}

void AddSections(const ReportContext& context, const FurtherByRule& further,
                 ReportModel& report) {
  uint32_t number = 0;
  for (const Heading& heading : kHeadings) {
    Section& section = *report.add_sections();
    section.set_number(++number);
    section.set_heading(std::string(heading.words.In(context.language())));
    heading.write(context, section);
    for (const view::v1::CheckView& check : report.checks()) {
      if (check.section() == number) *section.add_checks() = check;
    }
    for (const auto& [rule, rest] : further) {
      if (rest.section != number) continue;
      section.add_missing(FurtherText(context, rule, rest.count));
    }
  }
}

absl::Status UnknownProcess(std::string_view process) {
  return MakeError(
      absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
      absl::StrCat("the register has no process \"", std::string(process),
                   "\" in the state asked for; check the id (it is "
                   "case-sensitive) and the as-of"),
      {{"process", std::string(process)}});
}

}  // namespace

absl::StatusOr<ReportModel> BuildReport(
    const ViewSet& views, const ReportParameters& parameters,
    const std::function<view::v1::ChecksAnswer()>& checks,
    const EventLookup& lookup) {
  const Question& question = parameters.question;
  const view::v1::ProcessView* process = FindProcess(views, question.process);
  if (process == nullptr) return UnknownProcess(question.process);
  const ReportContext context =
      MakeReportContext(views, parameters, *process, checks, lookup);

  ReportModel report;
  report.set_template_(std::string(kTemplate));
  report.set_language(std::string(Words{"sv", "en"}.In(context.language())));
  report.set_process(question.process);
  report.set_process_name(context.process.registered().name());
  report.set_period(parameters.period);
  report.set_as_of_position(parameters.as_of.value());
  report.set_as_of_recorded_us(parameters.as_of_recorded_us);
  report.set_withheld(parameters.withheld);
  report.set_title(absl::StrCat(
      std::string(context.Say("Återrapport ", "Grant report ")),
      codec::EdtfText(parameters.period, false, context.language()), ": ",
      context.process.registered().name()));
  report.set_register_(parameters.register_name);
  const FurtherByRule further = AddChecks(context, report);
  AddSections(context, further, report);
  *report.mutable_outcome_table() = context.budget.rows();
  RETURN_IF_ERROR(AddReferences(context, lookup, report));
  return report;
}

}  // namespace samverk::projections
