// Sealing what is personal in an event before it is recorded.
#ifndef SAMVERK_SERVICES_RECORDING_EVENT_SEALER_H_
#define SAMVERK_SERVICES_RECORDING_EVENT_SEALER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "samverk/event/v1/event.pb.h"
#include "services/recording/rule.h"

namespace samverk::recording {

// Thread-safe.
class EventSealer {
 public:
  virtual ~EventSealer() = default;

  // Whether an event has anything to be sealed.
  virtual bool HasClear(const event::v1::Event& event) const = 0;

  enum class Keys {
    kMake,   // a subject without a key gets one
    kLookUp  // its value is taken out: it is in no recorded event
  };
  // Puts sealed values in the place of clear ones, with the key of each
  // subject. The same event gives the same bytes. The paths of those whose
  // subject was disposed of are given, and their values taken out: they cannot
  // be sealed any more.
  //   Errors of SubjectKeys; the event is then of no use.
  virtual absl::StatusOr<std::vector<std::string>> Seal(event::v1::Event& event,
                                                        Keys keys) = 0;

  // Puts sealed values of `recorded` in the place of those at these paths: they
  // cannot be made again.
  virtual void PutBack(const event::v1::Event& recorded,
                       const std::vector<std::string>& paths,
                       event::v1::Event& event) const = 0;

  // The rules that a KeyDestroyed breaks by what its subject's key has sealed,
  // whichever process that is in; `decision` is what it rests on, as it stands.
  // Errors of the store.
  virtual absl::StatusOr<std::vector<Violation>> CheckDisposal(
      const event::v1::Event& key_destroyed,
      const event::v1::GallringDecided& decision) = 0;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_EVENT_SEALER_H_
