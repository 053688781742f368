// Pseudonyms of persons, and texts without them.
#ifndef SAMVERK_CLIENTS_CLI_PSEUDONYMS_H_
#define SAMVERK_CLIENTS_CLI_PSEUDONYMS_H_

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "google/protobuf/descriptor.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::cli {

// Whether a field holds nothing but a pseudonym, or several.
bool HoldsPseudonyms(const google::protobuf::FieldDescriptor& field);

// Pure. One thread.
class Pseudonyms {
 public:
  void Add(std::string_view pseudonym);
  // Every one that stands in a field for it: of those whose data is sealed, of
  // recorders, of those who have rights or have read.
  void AddFrom(const event::v1::Event& event);

  // Puts `by` where one stands as a word of its own, also with the genitive's s
  // ("p-77s"), whichever case its ASCII letters are written in. What ends a
  // word is everything but ASCII letters and digits: rather too much is taken
  // than too little. True: there was one.
  bool Mask(std::string& text, std::string_view by) const;

 private:
  // Bytes of the one that begins at `at`, a word's beginning, with its
  // genitive; 0: none does. `text` is in small letters.
  size_t LengthAt(std::string_view text, size_t at) const;

  absl::flat_hash_set<std::string> all_;          // in small letters
  std::set<size_t, std::greater<size_t>> sizes_;  // of them, in bytes
};

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_PSEUDONYMS_H_
