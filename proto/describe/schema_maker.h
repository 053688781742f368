// JSON Schemas of messages, as they are written in JSON: with the contract's
// names, enums by their names, 64-bit numbers as texts.
#ifndef SAMVERK_PROTO_DESCRIBE_SCHEMA_MAKER_H_
#define SAMVERK_PROTO_DESCRIBE_SCHEMA_MAKER_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "proto/describe/json_tree.h"

namespace samverk::describe {

// Makes schemas, and keeps the definitions that they refer to. What a schema
// asks for is what the contract says: types, names of enums, at most one of a
// oneof, "Required." and "At least one." of comments, nothing that the contract
// does not have. The words of a schema are the contract's comments. One thread.
class SchemaMaker {
 public:
  // Definitions are referred to by `prefix` and their names: "#/$defs/".
  explicit SchemaMaker(std::string prefix) : prefix_(std::move(prefix)) {}

  // A reference to the schema of a message.
  Json Reference(const google::protobuf::Descriptor& message);
  // The schema of an event (`event` describes samverk.event.v1.Event) of the
  // kind that is this arm of its oneof.
  Json EventOfKind(const google::protobuf::Descriptor& event,
                   const google::protobuf::FieldDescriptor& kind);
  // Keeps a definition under a name of the caller's, and refers to it.
  Json Define(const std::string& name, Json schema);

  // All that has been referred to, sorted by name.
  Json Definitions() const;

 private:
  Json ReferTo(const std::string& name) const;
  // What an object with these fields is.
  Json Fields(const std::string& words,
              const std::vector<const google::protobuf::FieldDescriptor*>& all,
              const std::vector<std::string>& required);
  Json Message(const google::protobuf::Descriptor& message);
  Json Replacement(const google::protobuf::Descriptor& event);
  Json Enum(const google::protobuf::EnumDescriptor& type);
  Json Field(const google::protobuf::FieldDescriptor& field);
  Json Value(const google::protobuf::FieldDescriptor& field);

  std::string prefix_;
  std::map<std::string, Json> definitions_;
};

}  // namespace samverk::describe

#endif  // SAMVERK_PROTO_DESCRIBE_SCHEMA_MAKER_H_
