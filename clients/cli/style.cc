#include "clients/cli/style.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace samverk::cli {
namespace {

constexpr size_t kPlainWidth = 100;
// Narrower than this, tables are left to the terminal to break.
constexpr size_t kLeastWidth = 40;

}  // namespace

std::string Style::Bold(std::string_view text) const {
  std::string result(text);
  if (styled) result = "\x1b[1m" + result + "\x1b[0m";
  return result;
}

codec::Language ChooseLanguage(std::string_view flag) {
  if (!flag.empty()) return codec::LanguageOf(flag);
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).substr(0, 2) == "en"
               ? codec::Language::kEnglish
               : codec::Language::kSwedish;
  }
  return codec::Language::kSwedish;
}

bool OutputIsTerminal() { return isatty(STDOUT_FILENO) == 1; }

size_t OutputWidth() {
  winsize size{};
  if (!OutputIsTerminal() || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
      size.ws_col == 0) {
    return kPlainWidth;
  }
  return std::max<size_t>(size.ws_col, kLeastWidth);
}

}  // namespace samverk::cli
