#include "clients/cli/numbers.h"

#include <algorithm>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace samverk::cli {

std::optional<uint64_t> ParseNumber(std::string_view text) {
  const bool digits = std::all_of(text.begin(), text.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  uint64_t number = 0;
  if (text.empty() || !digits ||
      !absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number)) {
    return std::nullopt;
  }
  return number;
}

CLI::Validator WholeNumber(uint64_t least, uint64_t most) {
  const auto check = [least, most](const std::string& text) -> std::string {
    const auto number = ParseNumber(text);
    if (number.has_value() && *number >= least && *number <= most) return "";
    return most == std::numeric_limits<uint64_t>::max()
               ? absl::StrCat(text, " is not a whole number from ", least)
               : absl::StrCat(text, " is not a whole number from ", least,
                              " to ", most);
  };
  return CLI::Validator(check, "", "whole number");
}

}  // namespace samverk::cli
