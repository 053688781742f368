#include "clients/cli/bench_summary.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/table.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;

double Ms(uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

// "0,254" or "1,234.567": milliseconds to the microsecond.
std::string MsText(uint64_t nanoseconds, const Style& style) {
  const uint64_t us = (nanoseconds + 500) / 1'000;
  return absl::StrCat(
      codec::NumberText(static_cast<int64_t>(us / 1'000), style.language),
      style(",", "."), absl::StrFormat("%03d", us % 1'000));
}

std::string Count(uint64_t count, const Style& style) {
  return codec::NumberText(static_cast<int64_t>(count), style.language);
}

std::string CountUnlessNone(uint64_t count, const Style& style) {
  return count == 0 ? "" : Count(count, style);
}

}  // namespace

std::string MeasuredTable(const std::vector<Measured>& all,
                          const Style& style) {
  Table table({{style("Mätt", "Measured"), Kind::kWhole},
               {style("Anropare", "Callers"), Kind::kRight},
               {style("Per anrop", "A call"), Kind::kRight},
               {style("Mål anrop/s", "Calls/s due"), Kind::kRight},
               {style("Händelser/s", "Events/s"), Kind::kRight},
               {"p50 ms", Kind::kRight},
               {"p90", Kind::kRight},
               {"p99", Kind::kRight},
               {style("p99,9", "p99.9"), Kind::kRight},
               {"max", Kind::kRight},
               {style("Villkor föll", "Conflicts"), Kind::kRight},
               {style("Avvisade", "Refused"), Kind::kRight},
               {style("Ej sända", "Unsent"), Kind::kRight}});
  for (const Measured& one : all) {
    const load::Result& result = one.result;
    const auto at = [&](double share) {
      return MsText(result.latency.Quantile(share), style);
    };
    table.Row(
        {one.what, absl::StrCat(one.callers), absl::StrCat(one.batch),
         one.rate > 0 ? Count(static_cast<uint64_t>(one.rate), style) : "",
         Count(static_cast<uint64_t>(result.EventsPerSecond()), style), at(0.5),
         at(0.9), at(0.99), at(0.999), MsText(result.latency.max(), style),
         CountUnlessNone(result.aborted, style),
         CountUnlessNone(result.refused, style),
         CountUnlessNone(result.unsent, style)});
  }
  return table.Text(style);
}

std::string MeasuredJson(const Measured& measured) {
  const load::Result& result = measured.result;
  const double seconds = std::chrono::duration<double>(result.duration).count();
  const auto at = [&](double share) {
    return Ms(result.latency.Quantile(share));
  };
  return absl::StrFormat(
      "{\"bench\":\"%s\",\"callers\":%d,\"batch\":%d,\"rate\":%g,"
      "\"seconds\":%g,\"events\":%d,\"events_per_second\":%.0f,"
      "\"operations\":%d,\"aborted\":%d,\"refused\":%d,\"unsent\":%d,"
      "\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,"
      "\"max_ms\":%.3f}\n",
      measured.what, measured.callers, measured.batch, measured.rate, seconds,
      result.events, result.EventsPerSecond(), result.operations,
      result.aborted, result.refused, result.unsent, at(0.5), at(0.9), at(0.99),
      at(0.999), Ms(result.latency.max()));
}

}  // namespace samverk::cli
