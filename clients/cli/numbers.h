// Numbers on the command line.
#ifndef SAMVERK_CLIENTS_CLI_NUMBERS_H_
#define SAMVERK_CLIENTS_CLI_NUMBERS_H_

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace samverk::cli {

// The number that digits alone make; nothing for a sign, another character, or
// more than 64 bits hold.
std::optional<uint64_t> ParseNumber(std::string_view text);

// Every option that takes a number is checked by this: digits alone, from
// `least` to `most`. Without it a sign would pass: -1 is a very large number.
CLI::Validator WholeNumber(
    uint64_t least, uint64_t most = std::numeric_limits<uint64_t>::max());

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_NUMBERS_H_
