// The key that a register signs its checkpoints with.
#ifndef SAMVERK_SERVICES_AUDIT_LOG_KEY_H_
#define SAMVERK_SERVICES_AUDIT_LOG_KEY_H_

#include <string>
#include <string_view>

#include "services/audit/note_key_file.h"

namespace samverk {

// The name that checkpoints of a register have (their origin): its own, with
// "-" for what names of keys may not have.
std::string LogNameOf(std::string_view register_name);

// The file "log-key" in a directory.
NoteKeyFile LogKeyFile(const std::string& directory, std::string_view log_name);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_LOG_KEY_H_
