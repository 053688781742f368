#include "clients/cli/format.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

int64_t ToMicros(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1'000'000 + time.nanos() / 1'000;
}

// Degrees from their ten-millionth parts.
std::string Degrees(int32_t e7) { return absl::StrFormat("%.5f", e7 / 1e7); }

}  // namespace

std::string MoneyCell(const event::v1::Money& money, const Style& style) {
  if (money.currency().empty() &&
      money.precision() == event::v1::PRECISION_UNSPECIFIED) {
    return "";
  }
  return codec::MoneyText(money.ore(), money.precision(), style.language);
}

std::string FigureCell(const view::v1::Figure& figure, const Style& style) {
  if (figure.precision() == event::v1::PRECISION_UNSPECIFIED) return "";
  return codec::MoneyText(figure.ore(), figure.precision(), style.language);
}

std::string WhenCell(const view::v1::When& when, const Style& style) {
  return codec::EdtfText(when.edtf(), when.circa(), style.language);
}

std::string WhereCell(const event::v1::Where& where) {
  if (!where.place().empty()) {
    return where.description().empty()
               ? where.place()
               : absl::StrCat(where.place(), " (", where.description(), ")");
  }
  if (!where.description().empty()) return where.description();
  if (!where.has_point()) return "";
  return absl::StrCat(Degrees(where.point().latitude_e7()), " ",
                      Degrees(where.point().longitude_e7()));
}

std::string HeadcountCell(const event::v1::Headcount& heads,
                          const Style& style) {
  std::string categories;
  for (const auto& category : heads.by_category()) {
    if (!categories.empty()) categories += ", ";
    categories += category.category();
    if (category.has_count())
      absl::StrAppend(&categories, " ", category.count());
  }
  std::string out;
  if (heads.has_total()) {
    if (heads.basis() == event::v1::COUNT_BASIS_ESTIMATED) {
      out = style("ca ", "approx. ");
    }
    absl::StrAppend(&out, heads.total());
  } else if (!categories.empty()) {
    out = style("antal okänt", "number unknown");
  }
  if (!categories.empty()) absl::StrAppend(&out, " (", categories, ")");
  return out;
}

std::string Joined(const Strings& strings, std::string_view separator) {
  std::string out;
  for (const std::string& string : strings) {
    if (!out.empty()) out += separator;
    out += string;
  }
  return out;
}

std::string ViewHeading(std::string_view title, std::string_view process,
                        std::string_view period,
                        const view::v1::Answered& answered,
                        const Style& style) {
  std::string first =
      style.Bold(absl::StrCat(std::string(title), ": ", std::string(process)));
  std::string second =
      period.empty() ? style("all tid", "all time")
                     : absl::StrCat("period ", codec::EdtfText(period, false,
                                                               style.language));
  if (answered.position() == 0) {
    absl::StrAppend(&second, " · ", style("inga händelser", "no events"));
  } else {
    absl::StrAppend(&second, " · ", style("kunskapsläge ", "state of "),
                    codec::DateTimeText(ToMicros(answered.recorded_at())), " (",
                    style("händelse ", "event "), answered.position(),
                    style(" av ", " of "), answered.head(), ")");
  }
  if (answered.withheld() > 0) {
    absl::StrAppend(&second, style("; utan ", "; without "),
                    answered.withheld(),
                    style(" händelser som du inte får läsa",
                          " events that you may not read"));
  }
  return absl::StrCat(first, "\n", second, "\n");
}

std::string PartHeading(std::string_view title, const Style& style) {
  return absl::StrCat("\n", style.Bold(title), "\n");
}

std::string Nothing(const Style& style) {
  return style("(inget)\n", "(nothing)\n");
}

}  // namespace samverk::cli
