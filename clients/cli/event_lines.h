// Which line of a file an event stands on. Pure.
#ifndef SAMVERK_CLIENTS_CLI_EVENT_LINES_H_
#define SAMVERK_CLIENTS_CLI_EVENT_LINES_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace samverk::cli {

// For each event of a file that codec::EventsFromJson has accepted (one a line,
// or an array), the line that it begins on, from 1.
std::vector<size_t> LinesOfEvents(std::string_view json);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_EVENT_LINES_H_
