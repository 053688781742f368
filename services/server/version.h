// The program's version.
#ifndef SAMVERK_SERVICES_SERVER_VERSION_H_
#define SAMVERK_SERVICES_SERVER_VERSION_H_

namespace samverk {

// Set by CMake from the project's version.
inline constexpr char kVersion[] = SAMVERK_VERSION;

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_VERSION_H_
