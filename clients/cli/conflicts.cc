#include "clients/cli/conflicts.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "clients/cpp/status.h"
#include "proto/codec/event_codec.h"

namespace samverk::cli {
namespace {

using event::v1::Event;
// System and reference.
using Source = std::pair<std::string, std::string>;

Source SourceOf(const Event& event) {
  return {event.source().system(), event.source().ref()};
}

std::string ValueIn(const google::rpc::ErrorInfo& info,
                    const std::string& name) {
  const auto found = info.metadata().find(name);
  return found == info.metadata().end() ? "" : found->second;
}

// Ids of recorded events by their source, of those among `ids`. The latest
// come first: what is recorded twice was mostly recorded just before.
std::map<Source, std::string> SourcesOf(
    client::Client& client, const recording::v1::RecordRequest& request,
    std::set<std::string> ids) {
  view::v1::ReadLogRequest asked;
  asked.set_process(request.events(0).process());
  asked.set_reverse(true);
  std::set<std::string> types;
  for (const Event& event : request.events()) {
    if (!event.id().empty()) continue;
    types.emplace(codec::TypeName(event.fact_case()));
  }
  for (const std::string& type : types) asked.add_types(type);
  std::map<Source, std::string> sources;
  client::LogReader reader;
  reader.on_page = [&](const view::v1::ReadLogResponse& page) {
    for (const auto& logged : page.events()) {
      if (ids.erase(logged.event().id()) == 0) continue;
      sources.emplace(SourceOf(logged.event()), logged.event().id());
    }
    return !ids.empty();
  };
  // Without an answer the ids are told as they are.
  static_cast<void>(client.ReadLog(asked, reader).ok());
  return sources;
}

std::vector<Conflict> OfIds(client::Client& client,
                            const recording::v1::RecordRequest& request,
                            std::set<std::string> ids) {
  std::map<size_t, std::string> found;
  bool unnamed = false;
  for (int i = 0; i < request.events_size(); ++i) {
    const std::string id = absl::AsciiStrToLower(request.events(i).id());
    unnamed |= id.empty();
    if (ids.erase(id) > 0) found.emplace(static_cast<size_t>(i), id);
  }
  if (unnamed && !ids.empty()) {
    const auto sources = SourcesOf(client, request, std::move(ids));
    for (int i = 0; i < request.events_size(); ++i) {
      if (!request.events(i).id().empty()) continue;
      const auto source = sources.find(SourceOf(request.events(i)));
      if (source == sources.end()) continue;
      found.emplace(static_cast<size_t>(i), source->second);
    }
  }
  std::vector<Conflict> conflicts;
  for (auto& [index, id] : found) conflicts.push_back({index, std::move(id)});
  return conflicts;
}

}  // namespace

std::vector<Conflict> FindConflicts(client::Client& client,
                                    const recording::v1::RecordRequest& request,
                                    const absl::Status& refused) {
  const error::v1::Reason reason = client::ReasonOf(refused);
  const auto info = client::ErrorInfoOf(refused);
  if (!info.has_value() || request.events().empty()) return {};
  if (reason == error::v1::REASON_ID_CONFLICT) {
    const std::string ids = ValueIn(*info, "event_ids");
    return OfIds(client, request, absl::StrSplit(ids, ',', absl::SkipEmpty()));
  }
  std::vector<Conflict> conflicts;
  if (reason != error::v1::REASON_SOURCE_CONFLICT) return conflicts;
  const Source source = {ValueIn(*info, "source_system"),
                         ValueIn(*info, "source_ref")};
  for (int i = 0; i < request.events_size(); ++i) {
    if (SourceOf(request.events(i)) != source) continue;
    conflicts.push_back({static_cast<size_t>(i), ValueIn(*info, "event_id")});
  }
  return conflicts;
}

}  // namespace samverk::cli
