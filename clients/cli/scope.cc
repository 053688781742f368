#include "clients/cli/scope.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "proto/codec/edtf.h"

namespace samverk::cli {
namespace {

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
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
                  "What was known then: a position (94) or a time "
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
      ->type_name("POSITION");
}

absl::StatusOr<view::v1::AsOf> ParseAsOf(std::string_view text) {
  view::v1::AsOf as_of;
  if (text.empty()) return as_of;
  if (IsNumber(text)) {
    uint64_t position = 0;
    if (!absl::SimpleAtoi(absl::string_view(text.data(), text.size()),
                          &position) ||
        position == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--as-of ", std::string(text),
          " is not a position; positions begin at 1 and a time is written "
          "like 2026-01-31"));
    }
    as_of.set_position(position);
    return as_of;
  }
  const auto span = codec::ParseEdtf(text);
  if (!span.ok() || span->open_end) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--as-of ", std::string(text), ": ",
        span.ok() ? "a time without an end has no state; give a date or a "
                    "position"
                  : std::string(span.status().message())));
  }
  // The instant asked for belongs to the state: up to its last microsecond.
  const int64_t last_us = span->to_us - 1;
  int64_t seconds = last_us / 1'000'000;
  int64_t rest = last_us % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  as_of.mutable_recorded_at()->set_seconds(seconds);
  as_of.mutable_recorded_at()->set_nanos(static_cast<int32_t>(rest * 1'000));
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
