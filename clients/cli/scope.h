// The options that say which process, which period and which state.
#ifndef SAMVERK_CLIENTS_CLI_SCOPE_H_
#define SAMVERK_CLIENTS_CLI_SCOPE_H_

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "samverk/view/v1/common.pb.h"

namespace samverk::cli {

// As given on the command line.
struct ScopeOptions {
  std::string process;
  std::string period;
  std::string as_of;
  std::optional<uint64_t> at_least;
};

// Adds --process (required), --period and --as-of to a command.
void AddScopeOptions(CLI::App& command, ScopeOptions& options);

// Adds --at-least, which --as-of rules out, to a command that has the others.
void AddAtLeastOption(CLI::App& command, ScopeOptions& options);

// "#94" is a position, and so is "94" unless it may be a year (1900 to 2100).
// Anything else is a time, up to the end of which is meant: "2026-01-31",
// "2026-01-31T09:12:44Z", "2026-01", and as the program prints times,
// "2026-01-31 10:12" and "2026-01-31T09:12:44.741883Z". Empty: the latest.
// INVALID_ARGUMENT says what is wrong.
absl::StatusOr<view::v1::AsOf> ParseAsOf(std::string_view text);

// The scope of a request. INVALID_ARGUMENT as ParseAsOf.
absl::StatusOr<view::v1::Scope> ToScope(const ScopeOptions& options);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_SCOPE_H_
