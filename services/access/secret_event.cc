#include "services/access/secret_event.h"

namespace samverk::access {

std::optional<SecretEvent> SecretOf(const event::v1::Event& event) {
  if (event.has_secret_data_read()) return std::nullopt;
  const event::v1::Event& replacement = event.event_corrected().replacement();
  if (event.visibility() == event::v1::VISIBILITY_SECRET) {
    return SecretEvent{event.id(), event.process(), event.secrecy_ground()};
  }
  if (replacement.visibility() == event::v1::VISIBILITY_SECRET) {
    return SecretEvent{event.id(), event.process(),
                       replacement.secrecy_ground()};
  }
  return std::nullopt;
}

}  // namespace samverk::access
