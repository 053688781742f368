// Events that are secret by law.
#ifndef SAMVERK_SERVICES_ACCESS_SECRET_EVENT_H_
#define SAMVERK_SERVICES_ACCESS_SECRET_EVENT_H_

#include <optional>
#include <string>

#include "samverk/event/v1/event.pb.h"

namespace samverk::access {

// An event that is secret: its class, or that of what stands in its place.
struct SecretEvent {
  std::string id;
  std::string process;
  std::string ground;
};

// The event as one that is secret; nullopt: it is not, or it says itself that
// such were read.
std::optional<SecretEvent> SecretOf(const event::v1::Event& event);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_SECRET_EVENT_H_
