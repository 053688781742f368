#include "projections/report/references.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "projections/report/telling.h"
#include "proto/codec/event_codec.h"

namespace samverk::projections {

using event::v1::Event;
using report::v1::Paragraph;
using report::v1::ReportModel;

namespace {

// Positions in ascending order, each once.
class Collector {
 public:
  template <typename Positions>
  void Add(const Positions& positions) {
    positions_.insert(positions.begin(), positions.end());
  }
  void Add(const Paragraph& paragraph) {
    for (const report::v1::Span& span : paragraph.spans()) {
      Add(span.positions());
    }
  }
  void Add(const view::v1::CheckView& check) {
    Add(check.positions());
    for (const view::v1::CheckStep& step : check.steps()) {
      if (step.origin().position() != 0) {
        positions_.insert(step.origin().position());
      }
    }
  }
  void Add(const report::v1::Block& block);
  const std::set<uint64_t>& positions() const { return positions_; }

 private:
  std::set<uint64_t> positions_;
};

void Collector::Add(const report::v1::Block& block) {
  Add(block.paragraph());
  for (const report::v1::ListItem& item : block.list().items()) {
    Add(item.paragraph());
    for (const Paragraph& detail : item.details()) Add(detail);
  }
  for (const report::v1::Row& row : block.table().rows()) {
    for (const Paragraph& cell : row.cells()) Add(cell);
  }
  for (const report::v1::Bar& bar : block.budget_chart().bars()) {
    Add(bar.figure().positions());
  }
  for (const view::v1::TimelineEntry& entry :
       block.timeline_chart().entries()) {
    Add(entry.positions());
  }
}

Collector Collect(const ReportModel& report) {
  Collector collector;
  for (const report::v1::Section& section : report.sections()) {
    for (const report::v1::Block& block : section.blocks()) {
      collector.Add(block);
    }
    for (const view::v1::CheckView& check : section.checks()) {
      collector.Add(check);
    }
  }
  for (const view::v1::CheckView& check : report.checks()) {
    collector.Add(check);
  }
  for (const view::v1::OutcomeRow& row : report.outcome_table()) {
    collector.Add(row.figure().positions());
    for (const view::v1::Figure& old : row.superseded()) {
      collector.Add(old.positions());
    }
  }
  return collector;
}

// Where each thing that a conclusion rests on was told first.
using ToldBases = std::map<std::string, uint64_t>;

// What the event's conclusions rest on, for those that a report tells: when it
// happened, and the fact. "härlett: Tabellen i avsnitt 5. Se även #14": what
// was told at an earlier event is not told again.
std::string InferredText(const ReportContext& context, const Event& event,
                         uint64_t position, ToldBases& told) {
  std::set<std::string> bases;
  std::set<uint64_t> earlier;
  std::string text;
  for (const event::v1::Inference& inference : event.inferred()) {
    const std::string& field = inference.field();
    const bool of_fact =
        Event::descriptor()->FindFieldByNumber(event.fact_case())->name() ==
        field.substr(0, field.find('.'));
    if (!of_fact && field != "occurred") continue;
    const auto [at, first] = told.emplace(inference.basis(), position);
    if (at->second != position) {
      earlier.insert(at->second);
    } else if (bases.insert(inference.basis()).second) {
      absl::StrAppend(&text, text.empty() ? "" : " ", inference.basis());
    }
  }
  for (const uint64_t other : earlier) {
    absl::StrAppend(&text,
                    text.empty() ? std::string(context.Say("se #", "see #"))
                                 : std::string(context.Say(" Se #", " See #")),
                    other, ".");
  }
  if (text.empty()) return "";
  return absl::StrCat(std::string(context.Say("härlett: ", "inferred: ")),
                      std::string(WithoutFullStop(text)));
}

// Where the event was transcribed from, and whether it was recorded late.
std::string SourceText(const ReportContext& context, const Event& event,
                       int64_t recorded_at_us) {
  std::string text;
  const auto add = [&](std::string_view part) {
    if (part.empty()) return;
    absl::StrAppend(&text, text.empty() ? "" : ", ", std::string(part));
  };
  const event::v1::Source& source = event.source();
  if (!source.document().empty()) {
    add(context.DocumentTitle(source.document()));
  } else if (!source.ref().empty()) {
    add(absl::StrCat(source.system(), " ", source.ref()));
  }
  add(source.locator());
  if (source.kind() == event::v1::SOURCE_KIND_ORAL) {
    add(context.Say("muntligt", "oral"));
  }
  const auto span = codec::ParseEdtf(event.occurred().edtf());
  if (!event.occurred().edtf().empty() && span.ok() &&
      recorded_at_us - span->to_us > kLateAfterUs) {
    add(context.Say("registrerad i efterhand", "recorded late"));
  }
  return text;
}

}  // namespace

absl::Status AddReferences(const ReportContext& context,
                           const EventLookup& lookup, ReportModel& report) {
  const Collector collected = Collect(report);
  ToldBases told_bases;
  for (const uint64_t position : collected.positions()) {
    int64_t recorded_at_us = 0;
    ASSIGN_OR_RETURN(const Event event,
                     lookup(Position(position), recorded_at_us));
    // A correction happened when what it puts right happened.
    const Event& told = event.has_event_corrected()
                            ? event.event_corrected().replacement()
                            : event;
    report::v1::EventReference& reference = *report.add_references();
    reference.set_position(position);
    reference.set_type(std::string(codec::TypeName(event.fact_case())));
    *reference.mutable_occurred() = told.occurred();
    reference.set_recorded_at_us(recorded_at_us);
    reference.set_title(
        std::string(WithoutFullStop(EventTitle(context, event))));
    const std::string inferred =
        InferredText(context, told, position, told_bases);
    reference.set_source(absl::StrCat(SourceText(context, told, recorded_at_us),
                                      inferred.empty() ? "" : "; ", inferred));
    reference.set_event_id(event.id());
  }
  return absl::OkStatus();
}

}  // namespace samverk::projections
