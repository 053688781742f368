#include "eventstore/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace samverk::internal {

void CheckFailed(const char* file, int line, const char* condition,
                 const std::string& why) {
  std::fprintf(stderr, "%s:%d: CHECK failed: %s %s\n", file, line, condition,
               why.c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace samverk::internal
