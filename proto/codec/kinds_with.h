// Which kinds of events can hold what.
#ifndef SAMVERK_PROTO_CODEC_KINDS_WITH_H_
#define SAMVERK_PROTO_CODEC_KINDS_WITH_H_

#include <vector>

#include "google/protobuf/descriptor.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::codec {

// Kinds whose fact can have a message of this type somewhere inside, in the
// order of the contract; corrections, whose replacement may be of any kind,
// always. What the envelope has is not counted. Pure.
std::vector<event::v1::Event::FactCase> KindsWith(
    const google::protobuf::Descriptor& type);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_KINDS_WITH_H_
