// What the operating system says of this process and its disk.
#ifndef SAMVERK_SERVICES_ADMIN_MACHINE_H_
#define SAMVERK_SERVICES_ADMIN_MACHINE_H_

#include <cstdint>
#include <string>

namespace samverk {

// Resident memory of this process in bytes; 0 when it cannot be told.
uint64_t ResidentBytes();

// Bytes that this process may still write to the file system of `directory`; 0
// when it cannot be told.
uint64_t FreeBytes(const std::string& directory);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_ADMIN_MACHINE_H_
