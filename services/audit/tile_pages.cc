#include "services/audit/tile_pages.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

// What is there does not change; a partial tile may go when it is full.
constexpr char kForever[] = "public, max-age=31536000, immutable";
// Of what not everybody may read.
constexpr char kForReader[] = "private, max-age=31536000, immutable";
constexpr char kNow[] = "no-cache";

HttpAnswer NotThere(std::string why) {
  return {.status = 404, .body = std::move(why) + "\n"};
}

}  // namespace

std::optional<HttpAnswer> TilePages::Answer(const HttpRequest& request) {
  const bool checkpoint = request.path == "/checkpoint";
  if (!checkpoint && request.path.rfind("/tile/", 0) != 0) return std::nullopt;
  if (checkpoint) return CheckpointPage();
  const auto path = ParseTilePath(std::string_view(request.path).substr(1));
  return path.has_value()
             ? TilePage(*path)
             : NotThere("this is no tile; see https://c2sp.org/tlog-tiles");
}

HttpAnswer TilePages::CheckpointPage() {
  const auto latest = signer_.Covering(Position());
  if (!latest.ok()) {
    return {.status = 503,
            .body = absl::StrCat(latest.status().message(), "\n")};
  }
  return {.body = FormatNote(latest->note),
          .headers = {{"Cache-Control", kNow}}};
}

HttpAnswer TilePages::TilePage(const TilePath& path) {
  const uint64_t leaves = signer_.Latest().checkpoint.tree.size;
  const auto needed = path.LeavesNeeded();
  if (!needed.has_value() || *needed > leaves) {
    return NotThere(
        absl::StrCat("the log has no such tile yet; its checkpoint covers ",
                     leaves, " events"));
  }
  return path.entries ? EntriesPage(path) : BytesPage(Hashes(path), kForever);
}

// Bytes that do not change.
HttpAnswer TilePages::BytesPage(absl::StatusOr<std::string> bytes,
                                const char* cache) {
  if (!bytes.ok()) {
    return {.status = absl::IsUnavailable(bytes.status()) ? 503 : 500,
            .body = absl::StrCat(bytes.status().message(), "\n")};
  }
  return {.type = "application/octet-stream",
          .body = *std::move(bytes),
          .headers = {{"Cache-Control", cache}}};
}

HttpAnswer TilePages::EntriesPage(const TilePath& path) {
  // Kept until the last byte has left.
  const std::shared_ptr<Slots::Slot> slot = bundles_.Take();
  if (slot == nullptr) {
    return {.status = 503,
            .body = absl::StrCat(kBundlesMost,
                                 " bundles of entries are being read, and no "
                                 "more are given meanwhile; come again\n"),
            .headers = {{"Retry-After", "1"}}};
  }
  HttpAnswer answer = BytesPage(Entries(path), kForReader);
  if (answer.status != 200) return answer;
  const auto bytes =
      std::make_shared<const std::string>(std::move(answer.body));
  answer.body.clear();
  answer.size = bytes->size();
  answer.part = [bytes, slot](size_t offset, size_t length, HttpSink& sink) {
    return sink.Write(std::string_view(*bytes).substr(offset, length));
  };
  return answer;
}

absl::StatusOr<std::string> TilePages::Hashes(const TilePath& path) {
  std::string bytes;
  const uint64_t begin = path.tile.index * kTileWidth;
  for (uint64_t i = begin; i < begin + path.width; ++i) {
    ASSIGN_OR_RETURN(const Hash hash,
                     tree_.ReadNode(path.tile.level * kTileHeight, i));
    bytes.append(AsBytes(hash));
  }
  return bytes;
}

absl::StatusOr<std::string> TilePages::Entries(const TilePath& path) {
  std::string bytes;
  const uint64_t begin = path.tile.index * kTileWidth;
  const uint64_t end = begin + path.width;
  ReadOptions options;
  options.after = Position(begin);
  while (options.after.value() < end) {
    options.limit = static_cast<uint32_t>(end - options.after.value());
    const Position before = options.after;
    ASSIGN_OR_RETURN(const ReadEnd read,
                     store_.Visit(options, [&bytes](const RecordView& event) {
                       const size_t size = event.record().size();
                       bytes.push_back(static_cast<char>(size >> 8));
                       bytes.push_back(static_cast<char>(size & 0xff));
                       bytes.append(event.record());
                       return true;
                     }));
    if (read.scanned_to <= before) {
      return DataDamaged(absl::StrCat("event ", before.value() + 1),
                         "it cannot be read");
    }
    options.after = read.scanned_to;
  }
  return bytes;
}

}  // namespace samverk
