// Where an event has something personal. Pure.
#ifndef SAMVERK_SERVICES_PRIVACY_PERSONAL_FIELDS_H_
#define SAMVERK_SERVICES_PRIVACY_PERSONAL_FIELDS_H_

#include <functional>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::privacy {

// Called with each Personal message and its path from the event's root:
// "actor_registered.contact", "persons[2]" of a list.
using OnPersonal =
    std::function<void(event::v1::Personal& personal, const std::string& path)>;

// In the order of the contract. What is set is walked over, and nothing else.
void ForEachPersonal(event::v1::Event& event, const OnPersonal& visit);

// Whether it has any in clear.
bool HasClear(const event::v1::Event& event);

// Kinds of events that can have some, corrections among them.
const std::vector<event::v1::Event::FactCase>& PersonalKinds();

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_PERSONAL_FIELDS_H_
