#include "services/gateway/static_files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "eventstore/base/strings.h"
#include "services/gateway/entity_tag.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

struct Type {
  std::string_view ending;
  std::string_view type;
};
constexpr Type kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".xml", "application/xml"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".ttf", "font/ttf"},
    {".wasm", "application/wasm"},
    {".pdf", "application/pdf"},
    {".csv", "text/csv; charset=utf-8"},
};

// So much of a file is in memory for each reader.
constexpr size_t kPieceBytes = 64 << 10;

HttpAnswer NotFound() {
  return {.status = 404, .body = "there is no such file\n"};
}

// Changes with the file's content, as far as its size and time tell.
std::string TagOf(const fs::path& file, size_t size, std::error_code& error) {
  const auto time = fs::last_write_time(file, error).time_since_epoch();
  return absl::StrCat("\"", absl::Hex(time.count()), "-", absl::Hex(size),
                      "\"");
}

// False also when the file has become shorter.
bool WritePart(std::ifstream& in, size_t offset, size_t length,
               HttpSink& sink) {
  std::array<char, kPieceBytes> piece;
  in.seekg(static_cast<std::streamoff>(offset));
  while (length > 0) {
    const size_t read = std::min(length, piece.size());
    if (!in.read(piece.data(), static_cast<std::streamsize>(read)) ||
        !sink.Write({piece.data(), read})) {
      return false;
    }
    length -= read;
  }
  return true;
}

}  // namespace

std::string_view ContentTypeOf(std::string_view name) {
  for (const Type& type : kTypes) {
    if (absl::EndsWithIgnoreCase(ToAbsl(name), ToAbsl(type.ending))) {
      return type.type;
    }
  }
  return "application/octet-stream";
}

StaticFiles::StaticFiles(const std::string& directory)
    : root_(fs::canonical(directory)) {}

std::optional<fs::path> StaticFiles::Find(const std::string& path) const {
  if (path.find('\0') != std::string::npos) return std::nullopt;
  fs::path file = root_;
  for (const absl::string_view name :
       absl::StrSplit(path, '/', absl::SkipEmpty())) {
    if (absl::StartsWith(name, ".")) return std::nullopt;
    file /= std::string(name);
  }
  std::error_code error;
  file = fs::canonical(file, error);
  if (error) return std::nullopt;
  // Links may lead elsewhere.
  const std::string inside = root_.string() + "/";
  const bool within = file == root_ || absl::StartsWith(file.string(), inside);
  return within ? std::optional(file) : std::nullopt;
}

HttpAnswer StaticFiles::Answer(const HttpRequest& request) const {
  std::optional<fs::path> file = Find(request.path);
  std::error_code error;
  if (file.has_value() && fs::is_directory(*file, error)) {
    if (!absl::EndsWith(request.path, "/")) {
      // Else the page's own links would lead one level too high. The last name
      // alone, as a path that begins with two slashes names another host.
      return {
          .status = 301,
          .headers = {
              {"Location",
               absl::StrCat(fs::path(request.path).filename().string(), "/")}}};
    }
    file = Find(absl::StrCat(request.path, "index.html"));
  }
  if (!file.has_value() || !fs::is_regular_file(*file, error)) {
    return NotFound();
  }
  const auto size = fs::file_size(*file, error);
  if (error || size > kFileBytesMax) return NotFound();
  const std::string tag = TagOf(*file, size, error);
  HttpAnswer answer;
  answer.headers = {{"ETag", tag},
                    {"Cache-Control", "no-cache"},
                    {"X-Content-Type-Options", "nosniff"}};
  if (HasTag(request, tag)) {
    answer.status = 304;
    return answer;
  }
  const auto in = std::make_shared<std::ifstream>(*file, std::ios::binary);
  if (!*in) return NotFound();
  answer.type = std::string(ContentTypeOf(file->filename().string()));
  answer.size = size;
  answer.part = [in](size_t offset, size_t length, HttpSink& sink) {
    return WritePart(*in, offset, length, sink);
  };
  return answer;
}

}  // namespace samverk
