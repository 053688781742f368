// What is lost with keys of data subjects.
#ifndef SAMVERK_CLIENTS_CLI_PERSONAL_LOSS_H_
#define SAMVERK_CLIENTS_CLI_PERSONAL_LOSS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "clients/cli/sources.h"
#include "clients/cli/style.h"
#include "samverk/view/v1/view_service.pb.h"

namespace samverk::cli {

// Counts sealed values; opens none. Pure. One thread.
class PersonalLoss {
 public:
  explicit PersonalLoss(const std::vector<std::string>& subjects)
      : subjects_(subjects.begin(), subjects.end()) {}

  // Of any process, in the order of the log: events with personal data, and
  // those that say that keys were destroyed (key_destroyed).
  void Add(const view::v1::LoggedEvent& logged);

  // Processes in which something is sealed with a subject's key, gone or not;
  // empty: in none.
  std::set<std::string> ProcessesOf(const std::string& subject) const;

  // For each subject, process and class of retention, how many values are lost,
  // in which events, and how many are gone already.
  std::string Text(const Style& style) const;

 private:
  struct Values {
    uint64_t count = 0;
    Positions positions;
  };
  const std::set<std::string> subjects_;
  std::set<std::string> gone_;  // of them, whose keys are destroyed already
  // By subject, process and class.
  std::map<std::tuple<std::string, std::string, std::string>, Values> values_;
};

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_PERSONAL_LOSS_H_
