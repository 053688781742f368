#include "services/common/toml_file.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"

namespace samverk::toml_file {

absl::StatusOr<toml::table> Parse(const std::string& path) {
  try {  // The library's only way to say what is wrong.
    return toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
        absl::StrCat(path, ":", error.source().begin.line, ": ",
                     std::string(error.description()), "; correct the file"),
        {{"file", path}});
  } catch (const std::logic_error& error) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
        absl::StrCat(path, ": ", error.what(), "; correct the file"),
        {{"file", path}});
  }
}

absl::Status Wrong(const std::string& path, const toml::node& node,
                   std::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   error::v1::REASON_INVALID_FIELD,
                   absl::StrCat(path, ":", node.source().begin.line, ": ",
                                ToAbsl(what), "; correct the file"),
                   {{"file", path}});
}

absl::Status CheckNames(const std::string& path, const toml::table& table,
                        const std::vector<std::string>& known) {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return Wrong(path, node,
                 absl::StrCat("\"", name, "\" is not a setting; there are ",
                              absl::StrJoin(known, ", ")));
  }
  return absl::OkStatus();
}

}  // namespace samverk::toml_file
