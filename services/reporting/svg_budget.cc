#include "services/reporting/svg_budget.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "services/reporting/svg_canvas.h"

namespace samverk {

using report::v1::Bar;
using report::v1::BudgetChart;

namespace {

constexpr int kWidth = 1000;
constexpr int kTextSize = 20;
constexpr int kLineHeight = 26;
constexpr int kBarHeight = 30;
// Space at the right of the longest bar for its sum.
constexpr int kSumSpace = 250;
constexpr int kBarWidthMax = kWidth - kSumSpace;

// Length of a bar; the longest is kBarWidthMax. Sums are at most 10^15 öre, so
// that the product stays within 64 bits.
int LengthOf(int64_t ore, int64_t ore_max) {
  if (ore_max == 0 || ore == 0) return 0;
  const int64_t length = std::abs(ore) * kBarWidthMax / ore_max;
  return static_cast<int>(std::max<int64_t>(length, 3));
}

// Draws the legend of one look and returns where the next begins.
int DrawLegend(std::string_view css_class, bool hatched, std::string_view text,
               int x, int y, SvgCanvas& canvas) {
  if (hatched) {
    canvas.HatchedRect(x, y, 34, 18, css_class);
  } else {
    canvas.Rect(x, y, 34, 18, css_class);
  }
  canvas.Text(x + 44, y + 16, text, "small");
  return x + 44 + TextWidth(text, kTextSize) + 30;
}

class BudgetDrawing {
 public:
  BudgetDrawing(const BudgetChart& chart, const ReportWords& words,
                std::string_view id)
      : chart_(chart), words_(words), canvas_(id) {
    for (const Bar& bar : chart.bars()) {
      ore_max_ = std::max(ore_max_, std::abs(bar.figure().ore()));
    }
  }

  std::string Draw() {
    DrawGroup(false, words_.Say("Pengar", "Money"));
    DrawGroup(true, words_.Say("Egen insats (arbete och lokaler, inte pengar)",
                               "In kind (work and premises, not money)"));
    int x = 0;
    const int legend = y_ + 6;
    if (any_sure_) {
      x = DrawLegend("bar-cash", false, words_.Say("exakt", "exact"), x, legend,
                     canvas_);
    }
    if (any_unsure_) {
      x = DrawLegend("bar-cash-unsure", true,
                     words_.Say("uppgivet, uppskattat eller okänt",
                                "stated, estimated or unknown"),
                     x, legend, canvas_);
    }
    return canvas_.Finish(chart_.title(), chart_.description(), kWidth,
                          legend + 30);
  }

 private:
  void DrawGroup(bool in_kind, std::string_view heading) {
    bool any = false;
    for (const Bar& bar : chart_.bars()) {
      if (bar.in_kind() != in_kind) continue;
      if (!any) {
        y_ += kLineHeight;
        canvas_.Text(0, y_, heading, "heading");
        y_ += 8;
      }
      any = true;
      DrawBar(bar);
    }
    if (any) y_ += 16;
  }

  void DrawBar(const Bar& bar) {
    for (const std::string& line :
         WrapText(bar.label(), kTextSize, kWidth, 3)) {
      y_ += kLineHeight;
      canvas_.Text(0, y_, line, "label");
    }
    y_ += 8;
    const int length = LengthOf(bar.figure().ore(), ore_max_);
    const bool sure = bar.figure().precision() == event::v1::PRECISION_EXACT;
    (sure ? any_sure_ : any_unsure_) = true;
    if (length > 0 && sure) {
      canvas_.Rect(0, y_, length, kBarHeight,
                   bar.in_kind() ? "bar-kind" : "bar-cash");
    } else if (length > 0) {
      canvas_.HatchedRect(
          0, y_, length, kBarHeight,
          bar.in_kind() ? "bar-kind-unsure" : "bar-cash-unsure");
    }
    canvas_.Text(length + (length > 0 ? 12 : 0), y_ + 22, bar.figure_text(),
                 "sum");
    y_ += kBarHeight + 4;
  }

  const BudgetChart& chart_;
  const ReportWords& words_;
  SvgCanvas canvas_;
  int64_t ore_max_ = 0;
  int y_ = 0;
  bool any_sure_ = false;
  bool any_unsure_ = false;
};

}  // namespace

std::string BudgetSvg(const BudgetChart& chart, const ReportWords& words,
                      std::string_view id) {
  return BudgetDrawing(chart, words, id).Draw();
}

}  // namespace samverk
