#include "services/privacy/key_files.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"
#include "services/privacy/private_directory.h"

namespace samverk::privacy {
namespace {

constexpr std::string_view kKeyEnd = ".key";
constexpr std::string_view kTombstoneEnd = ".gone";

bool IsNameWith(std::string_view file, std::string_view end) {
  return file.size() == kNameDigits + end.size() && file.ends_with(end) &&
         std::all_of(file.begin(), file.begin() + kNameDigits, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

std::string KeyFileOf(std::string_view name) {
  return absl::StrCat(ToAbsl(name), ToAbsl(kKeyEnd));
}

std::string TombstoneFileOf(std::string_view name) {
  return absl::StrCat(ToAbsl(name), ToAbsl(kTombstoneEnd));
}

bool IsKeyFile(std::string_view file) { return IsNameWith(file, kKeyEnd); }

bool IsTombstoneFile(std::string_view file) {
  return IsNameWith(file, kTombstoneEnd);
}

bool IsCompanion(std::string_view file) { return file.ends_with(kCompanion); }

std::string NameOfFile(std::string_view file) {
  return std::string(file.substr(0, kNameDigits));
}

bool IsOwnFile(std::string_view file) {
  if (IsCompanion(file)) file.remove_suffix(kCompanion.size());
  return file == kNamesFile || IsKeyFile(file) || IsTombstoneFile(file);
}

}  // namespace samverk::privacy
