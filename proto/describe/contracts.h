// The contracts that partners use, with their comments.
#ifndef SAMVERK_PROTO_DESCRIBE_CONTRACTS_H_
#define SAMVERK_PROTO_DESCRIBE_CONTRACTS_H_

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"

namespace samverk::describe {

// A google.protobuf.FileDescriptorSet with source info, as protoc wrote it
// when this was built (CMakeLists.txt).
std::string_view ContractBytes();

// Descriptors of events, recording, subscriptions and consumer groups. Not
// those of the compiled messages: these have comments. Thread-safe.
class Contracts {
 public:
  Contracts();
  Contracts(const Contracts&) = delete;
  Contracts& operator=(const Contracts&) = delete;

  // The message of this full name ("samverk.event.v1.Event"), which must be
  // one of the contracts'. Lives as long as this.
  const google::protobuf::Descriptor& Message(const std::string& name) const;

 private:
  google::protobuf::DescriptorPool pool_;
};

// What the contract says above a message, a field, an enum or a value, on one
// line; empty: nothing.
template <typename Descriptor>
std::string CommentOf(const Descriptor& descriptor);

}  // namespace samverk::describe

#endif  // SAMVERK_PROTO_DESCRIBE_CONTRACTS_H_
