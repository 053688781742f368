// "samverk show costs": booked costs and contributions in kind, one by one.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/show/show.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;
using view::v1::CostView;
using view::v1::InKindView;
using view::v1::ListCostsResponse;

std::string State(const CostView& cost, const Style& style) {
  if (cost.has_reversed()) return style("återförd", "reversed");
  return cost.has_attested() ? style("attesterad", "attested")
                             : style("ej attesterad", "not attested");
}

std::string Costs(const ListCostsResponse& answer, Sources& sources,
                  const Style& style) {
  Table table({{style("Verifikation", "Voucher"), Kind::kWhole},
               {style("Datum", "Date"), Kind::kText},
               {style("Text", "Text"), Kind::kText},
               {style("Konto", "Account"), Kind::kWhole},
               {style("Bidrag", "Grant"), Kind::kText},
               {style("Rad", "Line"), Kind::kText},
               {style("Belopp", "Amount"), Kind::kRight},
               {style("Läge", "State"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const auto& entry : answer.entries()) {
    if (!entry.has_cost()) continue;
    const CostView& cost = entry.cost();
    table.Row(
        {cost.voucher().empty() ? cost.cost() : cost.voucher(),
         WhenCell(cost.origin().occurred(), style), cost.text(), cost.account(),
         cost.grant().empty() ? style("egna medel", "own money") : cost.grant(),
         cost.budget_line(), MoneyCell(cost.amount(), style),
         State(cost, style), sources.OfRow(cost)});
  }
  return table.Text(style);
}

// "12,50 h × 600 kr".
std::string Specification(const InKindView& in_kind, const Style& style) {
  if (in_kind.quantity_hundredths() == 0) return "";
  const std::string quantity =
      absl::StrFormat("%d%s%02d", in_kind.quantity_hundredths() / 100,
                      style(",", "."), in_kind.quantity_hundredths() % 100);
  std::string out = absl::StrCat(quantity, " ", in_kind.unit());
  if (in_kind.rate_ore() != 0) {
    absl::StrAppend(
        &out, " × ",
        codec::MoneyText(in_kind.rate_ore(), event::v1::PRECISION_EXACT,
                         style.language));
  }
  if (!in_kind.rate_basis().empty()) {
    absl::StrAppend(&out, " (", in_kind.rate_basis(), ")");
  }
  return out;
}

std::string InKind(const ListCostsResponse& answer, Sources& sources,
                   const Style& style) {
  Table table({{style("Egen insats", "In kind"), Kind::kText},
               {style("Slag", "Kind"), Kind::kText},
               {style("Av", "By"), Kind::kText},
               {style("Underlag", "Specification"), Kind::kText},
               {style("Värde", "Value"), Kind::kRight},
               {style("Räknas", "Counted"), Kind::kRight},
               {style("Läge", "State"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const auto& entry : answer.entries()) {
    if (!entry.has_in_kind()) continue;
    const InKindView& in_kind = entry.in_kind();
    table.Row({in_kind.in_kind(), Label(in_kind.kind(), style),
               in_kind.contributor(), Specification(in_kind, style),
               MoneyCell(in_kind.value(), style),
               codec::MoneyText(in_kind.counted_ore(),
                                in_kind.value().precision(), style.language),
               Label(in_kind.state(), style), sources.OfRow(in_kind)});
  }
  return table.Text(style);
}

}  // namespace

std::string CostsText(const ListCostsResponse& answer,
                      const ScopeOptions& scope, Sources sources,
                      const Style& style) {
  std::string out = ViewHeading(style("Kostnader", "Costs"), scope.process,
                                scope.period, answer.answered(), style);
  const std::string costs = Costs(answer, sources, style);
  const std::string in_kind = InKind(answer, sources, style);
  if (!costs.empty()) absl::StrAppend(&out, "\n", costs);
  if (!in_kind.empty()) {
    out += PartHeading(style("Egen insats", "In kind"), style) + in_kind;
  }
  if (costs.empty() && in_kind.empty()) {
    absl::StrAppend(&out, "\n", Nothing(style));
  }
  return out + sources.Legend(style);
}

int ShowCosts(Session& session, const ScopeOptions& options) {
  PagedView<view::v1::ListCostsRequest, ListCostsResponse> view;
  view.ask = [](client::Client& client,
                const view::v1::ListCostsRequest& request)
      -> absl::StatusOr<ListCostsResponse> {
    auto answer = client.ListCosts(request);
    if (!answer.ok()) return answer.status();
    return *std::move(answer);
  };
  view.text = &CostsText;
  return ShowPages(session, options, view);
}

}  // namespace samverk::cli
