#include "services/audit/log_key.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "eventstore/audit/note_key.h"

namespace samverk {

std::string LogNameOf(std::string_view register_name) {
  std::string name(register_name);
  if (IsNoteKeyName(name)) return name;
  // Whatever is not plain is replaced, so that spaces of all kinds are.
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return !absl::ascii_isalnum(static_cast<unsigned char>(c)) &&
               std::string_view("-_./:").find(c) == std::string_view::npos;
      },
      '-');
  return name.empty() ? "-" : name;
}

NoteKeyFile LogKeyFile(const std::string& directory,
                       std::string_view log_name) {
  return {directory + "/log-key", std::string(log_name),
          NoteSignatureKind::kEd25519,
          "the key that checkpoints are signed with",
          "start with --new-log-key, which makes another one that outsiders "
          "must be told of"};
}

}  // namespace samverk
