#include "services/admin/machine.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <fstream>

namespace samverk {

uint64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  statm >> total >> resident;
  return statm ? resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

uint64_t FreeBytes(const std::string& directory) {
  struct statvfs space;
  if (statvfs(directory.c_str(), &space) != 0) return 0;
  return static_cast<uint64_t>(space.f_bavail) * space.f_frsize;
}

}  // namespace samverk
