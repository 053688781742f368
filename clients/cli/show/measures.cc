// "samverk show measures": what is planned and done, and what a plan lacks.
#include "absl/strings/str_cat.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/show/show.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;
using view::v1::MeasureRow;
using view::v1::MeasuresAnswer;

std::string NameOfMissing(const std::string& what, const Style& style) {
  if (what == "owner") return style("ägare", "owner");
  if (what == "place") return style("plats", "place");
  if (what == "date") return style("tid", "date");
  if (what == "decision") return style("beslut", "decision");
  if (what == "cost") return style("kostnad", "cost");
  return what;
}

std::string Missing(const MeasureRow& row, const Style& style) {
  std::string out;
  for (const std::string& what : row.missing()) {
    absl::StrAppend(&out, out.empty() ? "" : ", ", NameOfMissing(what, style));
  }
  return out;
}

std::string State(const MeasureRow& row, const Style& style) {
  std::string out = Label(row.measure().state(), style);
  if (row.overdue()) absl::StrAppend(&out, style(", försenad", ", overdue"));
  if (row.lead_days() >= 0) {
    absl::StrAppend(&out, " (", row.lead_days(), style(" dagar)", " days)"));
  }
  return out;
}

std::string Cost(const MeasureRow& row, const Style& style) {
  const std::string actual = MoneyCell(row.measure().actual_cost(), style);
  if (!actual.empty()) return actual;
  return MoneyCell(row.measure().planned_cost(), style);
}

std::string Measures(const MeasuresAnswer& answer, Sources& sources,
                     const Style& style) {
  Table table({{style("Åtgärd", "Measure"), Kind::kText},
               {style("Vad", "What"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Ägare", "Owner"), Kind::kText},
               {style("Plats", "Place"), Kind::kText},
               {style("Tid", "Time"), Kind::kText},
               {style("Kostnad", "Cost"), Kind::kRight},
               {style("Effekt", "Effect"), Kind::kText},
               {style("Saknas", "Missing"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const MeasureRow& row : answer.measures()) {
    const auto& measure = row.measure();
    table.Row({measure.measure(), measure.title(), State(row, style),
               measure.owner(), WhereCell(measure.where()),
               measure.planned().edtf().empty()
                   ? ""
                   : WhenCell(measure.planned(), style),
               Cost(row, style), Label(measure.effect(), style),
               Missing(row, style), sources.OfRow(measure)});
  }
  return table.Text(style);
}

std::string Places(const MeasuresAnswer& answer, Sources& sources,
                   const Style& style) {
  Table table({{style("Plats", "Place"), Kind::kText},
               {style("Namn", "Name"), Kind::kText},
               {style("Mark", "Land"), Kind::kText},
               {style("Rådighet", "Control"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const auto& place : answer.places()) {
    table.Row({place.place(), place.name(), Label(place.land_kind(), style),
               place.controlled_by(), sources.OfRow(place)});
  }
  return table.Text(style);
}

}  // namespace

std::string MeasuresText(const MeasuresAnswer& answer,
                         const ScopeOptions& scope, Sources sources,
                         const Style& style) {
  std::string out = ViewHeading(style("Åtgärder", "Measures"), scope.process,
                                scope.period, answer.answered(), style);
  const std::string measures = Measures(answer, sources, style);
  absl::StrAppend(&out, "\n", measures.empty() ? Nothing(style) : measures);
  const std::string places = Places(answer, sources, style);
  if (!places.empty()) {
    out += PartHeading(style("Platser", "Places"), style) + places;
  }
  return out + sources.Legend(style);
}

int ShowMeasures(Session& session, const ScopeOptions& options) {
  PagedView<view::v1::ListMeasuresRequest, MeasuresAnswer> view;
  view.ask = [](client::Client& client,
                const view::v1::ListMeasuresRequest& request)
      -> absl::StatusOr<MeasuresAnswer> {
    auto answer = client.ListMeasures(request);
    if (!answer.ok()) return answer.status();
    return std::move(*answer->mutable_measures());
  };
  view.text = &MeasuresText;
  return ShowPages(session, options, view);
}

}  // namespace samverk::cli
