// Every message inside a message.
#ifndef SAMVERK_PROTO_CODEC_MESSAGE_WALK_H_
#define SAMVERK_PROTO_CODEC_MESSAGE_WALK_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "google/protobuf/message.h"

namespace samverk::codec {

// Called with a message and its path from the outermost ("", then
// "actor_registered.contact", "persons[2]" of a list); may change the message.
// Gives whether to go on inside it.
using OnMessage = absl::FunctionRef<bool(google::protobuf::Message& message,
                                         const std::string& path)>;

// The message itself first, then what is set in it, in the order of the
// contract. Pure but for what `visit` does.
void ForEachMessage(google::protobuf::Message& message, OnMessage visit);

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_MESSAGE_WALK_H_
