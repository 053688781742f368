// Files of a web page.
#ifndef SAMVERK_SERVICES_GATEWAY_STATIC_FILES_H_
#define SAMVERK_SERVICES_GATEWAY_STATIC_FILES_H_

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "services/http/http_message.h"

namespace samverk {

// "text/html; charset=utf-8" for "index.html"; "application/octet-stream" for
// endings that are not known.
std::string_view ContentTypeOf(std::string_view name);

// Answers GET and HEAD with the files of a directory; a directory's is its
// index.html. Nothing outside it, nothing whose name begins with a dot, nothing
// larger than kFileBytesMax is there for it. Thread-safe.
class StaticFiles {
 public:
  static constexpr size_t kFileBytesMax = 32 << 20;

  // The directory must be there.
  explicit StaticFiles(const std::string& directory);

  HttpAnswer Answer(const HttpRequest& request) const;

 private:
  // The file that a path names, or the directory.
  std::optional<std::filesystem::path> Find(const std::string& path) const;

  const std::filesystem::path root_;  // without links
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_GATEWAY_STATIC_FILES_H_
