#include "clients/cli/group_options.h"

#include <CLI/Validators.hpp>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/numbers.h"
#include "proto/codec/event_codec.h"

namespace samverk::cli {

using bus::v1::GroupSettings;

void AddSelectionOptions(CLI::App& command, GroupOptions& options) {
  command.add_option("--process,-p", options.process, "Only of this process")
      ->type_name("ID");
  command
      .add_option("--stream", options.streams,
                  "Only of this stream; can be given again")
      ->type_name("S");
  command
      .add_option("--type", options.types,
                  "Only of this kind (cost_booked); can be given again")
      ->type_name("T");
  command
      .add_option("--tag", options.tags,
                  "Only with this tag (with --process); all of them when given "
                  "again")
      ->type_name("K:V");
  CLI::Option* after =
      command.add_option("--after", options.after,
                         "Begin after this position, not with the first");
  after->check(WholeNumber(0))->type_name("N");
  command.add_flag("--now", options.now, "Begin with what comes from now on")
      ->excludes(after);
  command
      .add_option("--key", options.key,
                  "In order by this kind of tag (finding), not by stream")
      ->type_name("K");
}

void AddTermOptions(CLI::App& command, GroupOptions& options,
                    const char* lease_help) {
  command.add_option("--lease", options.lease, lease_help)->type_name("TIME");
  command
      .add_option("--in-flight", options.in_flight,
                  "Events that members have at a time (1000)")
      ->check(WholeNumber(1, std::numeric_limits<uint32_t>::max()))
      ->type_name("N");
  command
      .add_option("--attempts", options.attempts,
                  "So often an event is given before it is parked (5)")
      ->check(WholeNumber(1, std::numeric_limits<uint32_t>::max()))
      ->type_name("N");
  command
      .add_option("--first-delay", options.first_delay,
                  "Before a refused event comes again, doubled each time (1s)")
      ->type_name("TIME");
  command
      .add_option("--longest-delay", options.longest_delay,
                  "The longest such delay (5m)")
      ->type_name("TIME");
  command
      .add_option("--block-key", options.block_key,
                  "While an event is parked, later ones of its key wait (no)")
      ->check(CLI::IsMember({"yes", "no"}))
      ->type_name("yes|no");
}

std::string DurationText(const google::protobuf::Duration& duration) {
  return absl::FormatDuration(absl::Trunc(
      absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos()),
      absl::Milliseconds(duration.seconds() == 0 ? 1 : 100)));
}

bool TakeDuration(Session& session, const char* option, const std::string& text,
                  google::protobuf::Duration& duration) {
  absl::Duration value;
  if (!absl::ParseDuration(text, &value) || value <= absl::ZeroDuration()) {
    session.Misuse(absl::StrCat(option, " ", text,
                                " is no duration, such as 500ms, 30s or 5m"));
    return false;
  }
  duration.set_seconds(absl::IDivDuration(value, absl::Seconds(1), &value));
  duration.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(value)));
  return true;
}

std::optional<GroupSettings> ToGroupSettings(Session& session,
                                             const GroupOptions& options) {
  GroupSettings settings;
  if (!options.process.empty()) {
    settings.mutable_filter()->set_process(options.process);
  }
  for (const std::string& stream : options.streams) {
    settings.mutable_filter()->add_streams(stream);
  }
  for (const std::string& type : options.types) {
    settings.mutable_filter()->add_types(
        absl::StrContains(type, '.') ? type
                                     : std::string(codec::kTypePrefix) + type);
  }
  for (const std::string& tag : options.tags) {
    settings.mutable_filter()->add_tags(tag);
  }
  if (options.after.has_value()) {
    settings.mutable_start()->set_after(*options.after);
  }
  if (options.now) settings.mutable_start()->set_now(true);
  settings.set_key(options.key);
  settings.set_in_flight(options.in_flight);
  settings.set_attempts(options.attempts);
  if (!options.block_key.empty()) {
    settings.set_block_key_while_parked(options.block_key == "yes");
  }
  if (!options.lease.empty() && !TakeDuration(session, "--lease", options.lease,
                                              *settings.mutable_lease())) {
    return std::nullopt;
  }
  if (!options.first_delay.empty() &&
      !TakeDuration(session, "--first-delay", options.first_delay,
                    *settings.mutable_first_delay())) {
    return std::nullopt;
  }
  if (!options.longest_delay.empty() &&
      !TakeDuration(session, "--longest-delay", options.longest_delay,
                    *settings.mutable_longest_delay())) {
    return std::nullopt;
  }
  return settings;
}

std::string FilterText(const bus::v1::Filter& filter, const Style& style) {
  std::vector<std::string> parts;
  if (!filter.process().empty()) parts.push_back(filter.process());
  for (const std::string& stream : filter.streams()) parts.push_back(stream);
  for (const std::string& type : filter.types()) {
    const std::string prefix(codec::kTypePrefix);
    parts.push_back(absl::StartsWith(type, prefix) ? type.substr(prefix.size())
                                                   : type);
  }
  for (const std::string& tag : filter.tags()) parts.push_back(tag);
  if (parts.empty()) return style("allt", "everything");
  std::string text;
  for (const std::string& part : parts) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", part);
  }
  return text;
}

}  // namespace samverk::cli
