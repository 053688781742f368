// A bridge between two registers: each goal of one becomes one of the other.
// What it makes of an event and how far it has come are one recording, so that
// it can be killed at any moment. Its events get ids of their own each time:
// nothing but the track keeps one from being recorded twice.
//
//   bridge UPSTREAM DOWNSTREAM
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "clients/cpp/status.h"
#include "eventstore/base/uuid.h"

namespace samverk {
namespace {

constexpr char kName[] = "bridge";

// Where to go on, or an error.
absl::StatusOr<uint64_t> Place(client::Client& downstream) {
  const auto found = downstream.GetTrack(kName);
  if (absl::IsNotFound(found.status())) return 0;
  if (!found.ok()) return found.status();
  return found->track().position();
}

absl::Status Carry(client::Client& downstream,
                   const view::v1::LoggedEvent& event) {
  const std::string id = FormatUuid(NewUuidV7(absl::Now()));
  recording::v1::RecordRequest request;
  event::v1::Event& made = *request.add_events();
  made = event.event();
  made.set_id(id);
  made.clear_source();
  made.mutable_goal_set()->set_goal(absl::StrCat("g-", id));
  made.mutable_goal_set()->set_text(absl::StrCat("of ", event.position()));
  request.mutable_track()->set_name(kName);
  request.mutable_track()->set_position(event.position());
  return downstream.Record(request).status();
}

absl::Status Run(const char* from, const char* to) {
  auto upstream = client::Client::Connect({.address = from});
  if (!upstream.ok()) return upstream.status();
  auto downstream = client::Client::Connect({.address = to});
  if (!downstream.ok()) return downstream.status();
  const auto place = Place(**downstream);
  if (!place.ok()) return place.status();
  bus::v1::SubscribeRequest request;
  request.mutable_filter()->add_types("goal_set");
  request.mutable_start()->set_after(*place);
  absl::Status carried;
  const absl::Status ended = (*upstream)->Subscribe(
      request, {.on_message = [&](const bus::v1::SubscribeResponse& message) {
        for (const auto& event : message.events().events()) {
          carried = Carry(**downstream, event);
          if (!carried.ok()) return false;
        }
        return true;
      }});
  return carried.ok() ? ended : carried;
}

}  // namespace
}  // namespace samverk

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const absl::Status ended = samverk::Run(argv[1], argv[2]);
  std::fprintf(stderr, "%s\n", ended.ToString().c_str());
  return 1;
}
