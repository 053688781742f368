#include "eventstore/base/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace samverk {

int OpenFileLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  return static_cast<int>(
      std::min<rlim_t>(limit.rlim_cur, std::numeric_limits<int>::max()));
}

void RaiseOpenFileLimit(int wanted) {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t raised =
      std::min<rlim_t>(limit.rlim_max, static_cast<rlim_t>(wanted));
  if (raised <= limit.rlim_cur) return;
  limit.rlim_cur = raised;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace samverk
