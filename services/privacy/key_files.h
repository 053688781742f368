// How files in a directory of keys are called.
#ifndef SAMVERK_SERVICES_PRIVACY_KEY_FILES_H_
#define SAMVERK_SERVICES_PRIVACY_KEY_FILES_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace samverk::privacy {

// The file with the key that names are made with.
inline constexpr char kNamesFile[] = "names";
// Digits of a subject's name.
inline constexpr size_t kNameDigits = 64;

std::string KeyFileOf(std::string_view name);
std::string TombstoneFileOf(std::string_view name);
bool IsKeyFile(std::string_view file);
bool IsTombstoneFile(std::string_view file);
bool IsCompanion(std::string_view file);
// The subject's name, of a key or a tombstone.
std::string NameOfFile(std::string_view file);
// Whether the directory may have such a file: one of these, or its companion.
bool IsOwnFile(std::string_view file);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_KEY_FILES_H_
