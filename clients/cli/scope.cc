#include "clients/cli/scope.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/numbers.h"
#include "proto/codec/edtf.h"

namespace samverk::cli {
namespace {

// Positions that a person may well mean as a year.
constexpr uint64_t kFirstYear = 1900;
constexpr uint64_t kLastYear = 2100;

// "94", "#94".
absl::StatusOr<uint64_t> ParsePosition(std::string_view text) {
  const bool marked = text[0] == '#';
  const auto position = ParseNumber(marked ? text.substr(1) : text);
  if (!position.has_value() || *position == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--as-of ", std::string(text),
        " is not a position; positions begin at 1 and a time is written "
        "like 2026-01-31"));
  }
  if (!marked && *position >= kFirstYear && *position <= kLastYear) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--as-of ", *position, " may be an event or a year; write #", *position,
        " for the event, ", *position, "-12-31 for the state of that day"));
  }
  return *position;
}

void SetInstant(int64_t time_us, google::protobuf::Timestamp& instant) {
  int64_t seconds = time_us / 1'000'000;
  int64_t rest = time_us % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  instant.set_seconds(seconds);
  instant.set_nanos(static_cast<int32_t>(rest * 1'000));
}

// "2026-11-26T16:09:20.741883Z", as JSON has it: that instant. Nothing for a
// time without a fraction of a second, which EDTF has.
std::optional<int64_t> ParseInstant(std::string_view text) {
  absl::Time time;
  std::string error;
  if (text.find('.') == std::string_view::npos ||
      !absl::ParseTime(absl::RFC3339_full,
                       absl::string_view(text.data(), text.size()), &time,
                       &error)) {
    return std::nullopt;
  }
  return absl::ToUnixMicros(time);
}

// As tables have it ("2026-11-26 17:09"), in the form of EDTF.
std::string WithTimeMark(std::string_view text) {
  constexpr size_t kDateLength = 10;
  std::string marked(text);
  if (marked.size() > kDateLength + 1 && marked[kDateLength] == ' ') {
    marked[kDateLength] = 'T';
  }
  return marked;
}

}  // namespace

void AddScopeOptions(CLI::App& command, ScopeOptions& options) {
  command
      .add_option("--process,-p", options.process,
                  "Id of the process, such as augustenborg")
      ->required()
      ->type_name("ID");
  command
      .add_option(
          "--period", options.period,
          "What happened in this time: 2025, 2025-09, 2025-21 (spring), "
          "2025-03/2025-05; all time when not given")
      ->type_name("TIME");
  command
      .add_option("--as-of", options.as_of,
                  "What was known then: a position (94, #94) or a time "
                  "(2026-01-31, 2026-01-31T09:12:44Z); the latest when not "
                  "given")
      ->type_name("TIME|POSITION");
}

void AddAtLeastOption(CLI::App& command, ScopeOptions& options) {
  command
      .add_option("--at-least", options.at_least,
                  "Wait until the view takes in this position, a few seconds "
                  "at most; the register's last event when not given; 0 does "
                  "not wait")
      ->excludes(command.get_option("--as-of"))
      ->check(WholeNumber(0))
      ->type_name("POSITION");
}

absl::StatusOr<view::v1::AsOf> ParseAsOf(std::string_view text) {
  view::v1::AsOf as_of;
  if (text.empty()) return as_of;
  const bool digits = std::all_of(text.begin(), text.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (digits || text[0] == '#') {
    const auto position = ParsePosition(text);
    if (!position.ok()) return position.status();
    as_of.set_position(*position);
    return as_of;
  }
  if (const auto instant = ParseInstant(text); instant.has_value()) {
    SetInstant(*instant, *as_of.mutable_recorded_at());
    return as_of;
  }
  const auto span = codec::ParseEdtf(WithTimeMark(text));
  if (!span.ok() || span->open_end) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--as-of ", std::string(text), ": ",
        span.ok() ? "a time without an end has no state; give a date or a "
                    "position"
                  : std::string(span.status().message())));
  }
  // The instant asked for belongs to the state: up to its last microsecond.
  SetInstant(span->to_us - 1, *as_of.mutable_recorded_at());
  return as_of;
}

absl::StatusOr<view::v1::Scope> ToScope(const ScopeOptions& options) {
  view::v1::Scope scope;
  scope.set_process(options.process);
  scope.set_period(options.period);
  auto as_of = ParseAsOf(options.as_of);
  if (!as_of.ok()) return as_of.status();
  if (!options.as_of.empty()) *scope.mutable_as_of() = *std::move(as_of);
  return scope;
}

}  // namespace samverk::cli
