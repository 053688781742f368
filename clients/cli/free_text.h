// Which fields of an event hold what people wrote, so that anything may stand
// in them.
#ifndef SAMVERK_CLIENTS_CLI_FREE_TEXT_H_
#define SAMVERK_CLIENTS_CLI_FREE_TEXT_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/descriptor.h"
#include "proto/describe/contracts.h"

namespace samverk::cli {

// One thread.
class FreeText {
 public:
  // True of every text but those of which the contract says that they are ids
  // ("Id of …", "UUID …"), times, or values of a standard's ("ISO …"): a field
  // that is new is one until its comment says what else it is.
  bool Is(const google::protobuf::FieldDescriptor& field);

 private:
  const describe::Contracts contracts_;
  absl::flat_hash_map<std::string, bool> known_;  // by full name
};

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_FREE_TEXT_H_
