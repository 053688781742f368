// Messages with every field set, made by their descriptors: so that a test
// meets fields that are added later too.
#ifndef SAMVERK_TESTS_TESTING_PROTO_FILL_H_
#define SAMVERK_TESTS_TESTING_PROTO_FILL_H_

#include <vector>

#include "google/protobuf/message.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::testing {

// Sets every field of `message` and of the messages in it, `depth` levels deep,
// to values that depend on the field alone; repeated fields get two. Of a
// oneof the last arm is set.
void FillAllFields(google::protobuf::Message& message, int depth = 4);

// One event of each kind of the catalogue, every field set.
std::vector<event::v1::Event> OneOfEachKind();

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_TESTING_PROTO_FILL_H_
