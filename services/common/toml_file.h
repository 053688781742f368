// Reading TOML files that people write.
#ifndef SAMVERK_SERVICES_COMMON_TOML_FILE_H_
#define SAMVERK_SERVICES_COMMON_TOML_FILE_H_

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace samverk::toml_file {

// A file that the parser did not foresee ("[[[") is its user's error and no end
// of the program.
[[noreturn]] inline void Refuse() {
  throw std::logic_error("this is not TOML");
}

}  // namespace samverk::toml_file

#define TOML_ASSERT(expr) ((expr) ? void() : ::samverk::toml_file::Refuse())
#ifdef NDEBUG
// With it the parser would not ask.
#undef NDEBUG
#include "toml++/toml.h"
#define NDEBUG
#else
#include "toml++/toml.h"
#endif

namespace samverk::toml_file {

// All of a file. INVALID_ARGUMENT (INVALID_FIELD) names file and line: it is
// not TOML, cannot be read.
absl::StatusOr<toml::table> Parse(const std::string& path);

// INVALID_ARGUMENT: `what` is wrong with a value of a file; names the line.
absl::Status Wrong(const std::string& path, const toml::node& node,
                   std::string_view what);

// The names of a table that are not among those known: INVALID_ARGUMENT for the
// first one, which says what is known.
absl::Status CheckNames(const std::string& path, const toml::table& table,
                        const std::vector<std::string>& known);

}  // namespace samverk::toml_file

#endif  // SAMVERK_SERVICES_COMMON_TOML_FILE_H_
