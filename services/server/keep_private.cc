#include "services/server/keep_private.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdlib>

#include "eventstore/base/check.h"

namespace samverk {

void KeepProcessPrivate() {
  const struct rlimit none = {0, 0};
  SAMVERK_CHECK(setrlimit(RLIMIT_CORE, &none) == 0)
      << "a limit may always be lowered";
  SAMVERK_CHECK(prctl(PR_SET_DUMPABLE, 0) == 0) << "no right is needed for it";
  umask(S_IRWXG | S_IRWXO);
}

std::optional<privacy::SecretBytes> TakeVariable(const char* name) {
  char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  const size_t size = strlen(value);
  auto taken = privacy::SecretBytes::CopyOf({value, size});
  explicit_bzero(value, size);
  return taken;
}

}  // namespace samverk
