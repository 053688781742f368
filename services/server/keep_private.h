// Keeps what the process has in memory, and what it writes, from others.
#ifndef SAMVERK_SERVICES_SERVER_KEEP_PRIVATE_H_
#define SAMVERK_SERVICES_SERVER_KEEP_PRIVATE_H_

#include <optional>
#include <string>

#include "services/privacy/secret_bytes.h"

namespace samverk {

// For the process as a whole, before it has other threads: its memory goes into
// no core file and is shown to no other process of the same user, root's aside,
// and what it makes from now on only its user may read.
void KeepProcessPrivate();

// Takes what a variable of the environment says, and overwrites it there, where
// /proc/PID/environ would show it for as long as the process lives. Nullopt: it
// is not set. Later readers find it empty. Before there are other threads that
// read it.
std::optional<privacy::SecretBytes> TakeVariable(const char* name);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_KEEP_PRIVATE_H_
