// Options that say what a consumer group is: those of "subscriptions", and of
// "connectors", which are groups too.
#ifndef SAMVERK_CLIENTS_CLI_GROUP_OPTIONS_H_
#define SAMVERK_CLIENTS_CLI_GROUP_OPTIONS_H_

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clients/cli/session.h"
#include "google/protobuf/duration.pb.h"
#include "samverk/bus/v1/consumer_group.pb.h"

namespace samverk::cli {

// A group's settings as the command line has them; what is not said is absent.
struct GroupOptions {
  std::string name;
  std::string process;
  std::vector<std::string> streams;
  std::vector<std::string> types;
  std::vector<std::string> tags;
  std::optional<uint64_t> after;
  bool now = false;
  std::string key;
  std::string lease;
  std::string first_delay;
  std::string longest_delay;
  uint32_t in_flight = 0;
  uint32_t attempts = 0;
  std::string block_key;
};

// Which events, from where on, in what order: what cannot be changed later.
void AddSelectionOptions(CLI::App& command, GroupOptions& options);
// How they are given. `lease_help` says what the lease is of.
void AddTermOptions(CLI::App& command, GroupOptions& options,
                    const char* lease_help);

// Nothing when the options are wrong, which has then been said.
std::optional<bus::v1::GroupSettings> ToGroupSettings(
    Session& session, const GroupOptions& options);

// False when it is no duration, which has then been said.
bool TakeDuration(Session& session, const char* option, const std::string& text,
                  google::protobuf::Duration& duration);

// "1.5s".
std::string DurationText(const google::protobuf::Duration& duration);

// "augustenborg, cost_booked"; what the group is about.
std::string FilterText(const bus::v1::Filter& filter, const Style& style);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_GROUP_OPTIONS_H_
