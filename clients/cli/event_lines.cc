#include "clients/cli/event_lines.h"

namespace samverk::cli {

std::vector<size_t> LinesOfEvents(std::string_view json) {
  std::vector<size_t> lines;
  size_t line = 1;
  size_t braces = 0;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '\n') ++line;
    if (in_string) {
      if (c == '\\') {
        ++i;  // What is escaped is never a line break.
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      if (braces++ == 0) lines.push_back(line);
    } else if (c == '}') {
      --braces;
    }
  }
  return lines;
}

}  // namespace samverk::cli
