#include "tests/report/sample_model.h"

#include "proto/codec/edtf.h"

namespace samverk::testing {

using report::v1::Paragraph;
using report::v1::ReportModel;
using report::v1::Section;

namespace {

Paragraph Saying(const std::string& text) {
  Paragraph paragraph;
  paragraph.add_spans()->set_text(text);
  report::v1::Span& fact = *paragraph.add_spans();
  fact.set_text(text);
  fact.add_positions(1);
  fact.add_marks(text);
  report::v1::Span& quote = *paragraph.add_spans();
  quote.set_text(text);
  quote.add_positions(2);
  quote.set_quoted(true);
  return paragraph;
}

void AddTable(const std::string& text, Section& section) {
  report::v1::Table& table = *section.add_blocks()->mutable_table();
  table.set_caption(text);
  for (int c = 0; c < 3; ++c) table.add_columns()->set_header(text);
  table.mutable_columns(1)->set_alignment(report::v1::ALIGNMENT_RIGHT);
  for (int r = 0; r < 2; ++r) {
    report::v1::Row& row = *table.add_rows();
    for (int c = 0; c < 3; ++c) *row.add_cells() = Saying(text);
    row.set_set_apart(r == 1);
  }
}

void AddCharts(const std::string& text, Section& section) {
  report::v1::BudgetChart& budget =
      *section.add_blocks()->mutable_budget_chart();
  budget.set_title(text);
  budget.set_description(text);
  for (int i = 0; i < 4; ++i) {
    report::v1::Bar& bar = *budget.add_bars();
    bar.set_label(text);
    bar.set_figure_text(text);
    bar.set_in_kind(i % 2 == 1);
    bar.mutable_figure()->set_ore(i * 10'000);
    bar.mutable_figure()->set_precision(
        static_cast<event::v1::Precision>(i + 1));
  }
  report::v1::TimelineChart& timeline =
      *section.add_blocks()->mutable_timeline_chart();
  timeline.set_title(text);
  timeline.set_description(text);
  timeline.set_first_year(2025);
  timeline.set_last_year(2027);
  for (int i = 0; i < 24; ++i) {
    view::v1::TimelineEntry& entry = *timeline.add_entries();
    entry.set_kind(static_cast<view::v1::TimelineKind>(i % 12));
    entry.set_title(text);
    entry.set_grade(static_cast<view::v1::Grade>(i % 5));
    entry.set_hedge(static_cast<event::v1::Hedge>(i % 5));
    entry.add_positions(2);
    view::v1::When& when = *entry.mutable_when();
    when.set_edtf("2025");
    when.set_from_us(codec::StockholmMidnightUs(2025, 1 + i % 12, 1));
    when.set_to_us(
        codec::StockholmMidnightUs(i % 3 == 0 ? 2026 : 2025, 1 + i % 12, 2));
  }
}

}  // namespace

ReportModel ModelSaying(const std::string& text) {
  ReportModel report;
  report.set_template_(text);
  report.set_language("sv");
  report.set_process(text);
  report.set_process_name(text);
  report.set_period("2025");
  report.set_as_of_position(2);
  report.set_as_of_recorded_us(codec::StockholmMidnightUs(2026, 1, 31));
  report.set_title(text);
  report.set_register_(text);
  Section& section = *report.add_sections();
  section.set_number(1);
  section.set_heading(text);
  section.add_blocks()->set_subheading(text);
  *section.add_blocks()->mutable_paragraph() = Saying(text);
  report::v1::BulletList& list = *section.add_blocks()->mutable_list();
  *list.add_items()->mutable_paragraph() = Saying(text);
  *list.mutable_items(0)->add_details() = Saying(text);
  AddTable(text, section);
  AddCharts(text, section);
  section.add_missing(text);
  for (int i = 0; i < 2; ++i) {
    view::v1::CheckView& check = *report.add_checks();
    check.set_id(text + std::to_string(i));
    check.set_rule(text);
    check.set_text(text);
    check.set_action(text);
    check.set_state(static_cast<view::v1::CheckState>(i + 1));
    check.add_positions(1);
    check.set_section(i == 0 ? 1 : 0);
    view::v1::CheckStep& step = *check.add_steps();
    step.set_state(view::v1::CHECK_STATE_EXPLAINED);
    step.set_text(text);
    step.set_accepted_by(text);
    step.mutable_origin()->set_position(2);
  }
  *section.add_checks() = report.checks(0);
  for (uint64_t position = 1; position <= 2; ++position) {
    report::v1::EventReference& reference = *report.add_references();
    reference.set_position(position);
    reference.set_title(text);
    reference.set_source(text);
    reference.set_event_id(text);
  }
  return report;
}

}  // namespace samverk::testing
