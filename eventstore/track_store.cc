#include "eventstore/track_store.h"

#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "eventstore/limits.h"

namespace samverk {
namespace {

absl::Status Invalid(const char* field, const char* why) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
      absl::StrCat(field, " ", why), {{"field", field}, {"why", why}});
}

absl::Status Backwards(const Track& track, uint64_t recorded) {
  return MakeError(absl::StatusCode::kAborted,
                   error::v1::REASON_REVISION_CONFLICT,
                   absl::StrCat(track.consumer, " is at position ", recorded,
                                " already, and ", track.upstream_position,
                                " would be backwards; go on after ", recorded,
                                ", or rewind on purpose"),
                   {{"consumer", track.consumer},
                    {"recorded", absl::StrCat(recorded)},
                    {"actual", absl::StrCat(track.upstream_position)}});
}

}  // namespace

absl::Status ChangeTrackAndWait(TrackStore& store, TrackChange change,
                                absl::Time deadline) {
  std::promise<absl::Status> answered;
  store.ChangeTrack(std::move(change), deadline,
                    [&answered](absl::Status status) {
                      answered.set_value(std::move(status));
                    });
  return answered.get_future().get();
}

absl::Status CheckTrack(const Track& track, const char* name_field,
                        const char* position_field) {
  if (track.consumer.empty()) return Invalid(name_field, "is empty");
  if (track.consumer.size() > limits::kTrackNameBytes) {
    const std::string what = absl::StrCat(name_field, " bytes");
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_LIMIT_EXCEEDED,
        absl::StrCat(what, ": ", track.consumer.size(), ", but at most ",
                     limits::kTrackNameBytes, " is allowed"),
        {{"what", what},
         {"value", absl::StrCat(track.consumer.size())},
         {"limit", absl::StrCat(limits::kTrackNameBytes)}});
  }
  if (!IsValidUtf8(track.consumer)) {
    return Invalid(name_field, "is not valid UTF-8");
  }
  if (track.upstream_position == 0) {
    return Invalid(position_field,
                   "is 0, which stands for nothing; count from 1");
  }
  return absl::OkStatus();
}

absl::Status CheckChange(const TrackChange& change) {
  Track track = change.track;
  if (change.kind == TrackChange::Kind::kForget) track.upstream_position = 1;
  return CheckTrack(track, "name", "position");
}

absl::StatusOr<bool> JudgeChange(const TrackChange& change,
                                 std::optional<uint64_t> recorded) {
  switch (change.kind) {
    case TrackChange::Kind::kForward:
      if (recorded.has_value() && change.track.upstream_position < *recorded) {
        return Backwards(change.track, *recorded);
      }
      return recorded != change.track.upstream_position;
    case TrackChange::Kind::kRewind:
      return recorded != change.track.upstream_position;
    case TrackChange::Kind::kForget:
      if (!recorded.has_value()) return NoTrack(change.track.consumer);
      return true;
  }
  SAMVERK_CHECK(false) << "unknown change";
}

absl::Status NoTrack(const std::string& name) {
  return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                   absl::StrCat("there is no position under the name ", name,
                                "; names are case-sensitive"),
                   {{"consumer", name}});
}

absl::Status CheckRoomForTrack(size_t names) {
  if (names < limits::kTracks) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_LIMIT_EXCEEDED,
      absl::StrCat("there are ", names,
                   " named positions, and no more are allowed; delete those "
                   "that nobody uses"),
      {{"what", "named positions"},
       {"value", absl::StrCat(names)},
       {"limit", absl::StrCat(limits::kTracks)}});
}

}  // namespace samverk
