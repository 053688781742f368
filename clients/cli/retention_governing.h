// Which class of retention governs the events of a log, and from when.
#ifndef SAMVERK_CLIENTS_CLI_RETENTION_GOVERNING_H_
#define SAMVERK_CLIENTS_CLI_RETENTION_GOVERNING_H_

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/civil_time.h"
#include "clients/cli/correction_chains.h"
#include "samverk/event/v1/event.pb.h"
#include "samverk/view/v1/view_service.pb.h"

namespace samverk::cli {

// What governs an event.
struct Governing {
  std::string retention_class;
  absl::civil_year_t year = 0;  // that it is counted from
};

// That of each event of one log. One thread. The events of a chain (an event,
// its corrections, what takes it out) are records of one thing, and fall due
// together: by the class and the time of what stands, or stood last. That it
// was taken out changes nothing: the record lies in the log all the same. Only
// what takes it out may have a class of its own, and then goes by that.
class GoverningClasses {
 public:
  // First with all that amends, then with all events, both in order.
  void AddAmendment(const event::v1::Event& event);
  Governing Of(const view::v1::LoggedEvent& logged);

 private:
  struct Chain {
    // What the last correction put in its place, without its fact.
    std::optional<event::v1::Event> replacement;
    std::optional<Governing> standing;
  };
  CorrectionChains chains_;
  absl::flat_hash_map<std::string, Chain> amended_;  // by root
};

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_RETENTION_GOVERNING_H_
