#include "clients/cli/confirm.h"

#include <unistd.h>

#include "absl/strings/ascii.h"

namespace samverk::cli {

Confirmed Confirm(std::FILE* in, const std::string& question) {
  if (isatty(fileno(in)) != 1) return Confirmed::kNobodyThere;
  std::fprintf(stderr, "%s ", question.c_str());
  char line[64] = "";
  if (std::fgets(line, sizeof(line), in) == nullptr) return Confirmed::kNo;
  const std::string answer =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(line));
  return answer == "ja" || answer == "yes" ? Confirmed::kYes : Confirmed::kNo;
}

}  // namespace samverk::cli
