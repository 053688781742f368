#include "clients/verify/verify_export.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/verify/small_file.h"
#include "eventstore/audit/note_fields.h"
#include "eventstore/audit/tile_maker.h"
#include "eventstore/audit/tile_path.h"

namespace samverk::verify {
namespace {

// A record has at most 65,535 bytes, and two of length before it.
constexpr size_t kBundleBytes = kTileWidth * (65'535 + 2);
constexpr size_t kLinesBuffer = 256 << 10;

absl::StatusOr<std::string> ReadAll(const std::string& path,
                                    size_t bytes_most) {
  return ReadSmallFile(path, bytes_most);
}

absl::Status NotSigned(std::string why) {
  return absl::DataLossError(std::move(why));
}

// Takes an entry off a bundle; false at its end or when it is cut off.
bool TakeEntry(std::string_view& bundle, std::string_view& entry) {
  if (bundle.size() < 2) return false;
  const size_t size = static_cast<size_t>(static_cast<uint8_t>(bundle[0]))
                          << 8 |
                      static_cast<uint8_t>(bundle[1]);
  if (bundle.size() < 2 + size) return false;
  entry = bundle.substr(2, size);
  bundle.remove_prefix(2 + size);
  return true;
}

// One directory, read once from the front.
class Export {
 public:
  Export(std::string directory, uint64_t size)
      : directory_(std::move(directory)),
        size_(size),
        lines_buffer_(kLinesBuffer),
        tiles_([this](const TilePath& path, std::string_view bytes) {
          CompareTile(path, bytes);
        }) {
    lines_.rdbuf()->pubsetbuf(lines_buffer_.data(), kLinesBuffer);
    lines_.open(directory_ + "/" + kEventsFile, std::ios::binary);
  }

  absl::StatusOr<TreeHead> Read() {
    for (uint64_t index = 0; index * kTileWidth < size_ && problem_.ok();
         ++index) {
      const uint64_t width = std::min(kTileWidth, size_ - index * kTileWidth);
      const absl::Status read = ReadBundle({true, {0, index}, width});
      if (!read.ok()) return read;
    }
    const TreeHead head = tiles_.Finish();
    if (!problem_.ok()) return problem_;
    std::string more;
    if (std::getline(lines_, more)) {
      return NotSigned(absl::StrCat(kEventsFile, " has more lines than the ",
                                    size_, " events that were signed"));
    }
    return head;
  }

 private:
  absl::Status ReadBundle(const TilePath& path) {
    const std::string name = FormatTilePath(path);
    const auto bytes =
        ReadAll(absl::StrCat(directory_, "/", name), kBundleBytes);
    if (!bytes.ok()) return bytes.status();
    std::string_view rest = *bytes;
    for (uint64_t i = 0; i < path.width; ++i) {
      const uint64_t position = path.tile.index * kTileWidth + i + 1;
      std::string_view record;
      if (!TakeEntry(rest, record)) {
        return NotSigned(absl::StrCat("event ", position, ": ", name,
                                      " ends before its record does"));
      }
      const Hash leaf = LeafHash(record);
      const absl::Status line = CompareLine(position, leaf);
      if (!line.ok()) return line;
      tiles_.Add(leaf);
    }
    if (rest.empty()) return absl::OkStatus();
    return NotSigned(
        absl::StrCat(name, " has more than ", path.width, " records"));
  }

  absl::Status CompareLine(uint64_t position, const Hash& leaf) {
    std::string& line = line_;
    if (!std::getline(lines_, line)) {
      return NotSigned(absl::StrCat("event ", position, ": ", kEventsFile,
                                    " has no line for it"));
    }
    const std::string begin = absl::StrCat("{\"position\":\"", position, "\",");
    const std::string hash =
        absl::StrCat("\"leaf_hash\":\"", HashToBase64(leaf), "\"");
    // std::string::find stops at every quotation mark.
    const bool has_hash =
        memmem(line.data(), line.size(), hash.data(), hash.size()) != nullptr;
    if (line.rfind(begin, 0) == 0 && has_hash) {
      return absl::OkStatus();
    }
    return NotSigned(absl::StrCat("event ", position, ": its line in ",
                                  kEventsFile, " is not of its record"));
  }

  // Names the first event, or the first tile below, that differs.
  void CompareTile(const TilePath& path, std::string_view bytes) {
    if (!problem_.ok()) return;
    const std::string name = FormatTilePath(path);
    const auto there = ReadAll(absl::StrCat(directory_, "/", name), kTileBytes);
    if (!there.ok()) {
      problem_ = there.status();
      return;
    }
    if (*there == bytes) return;
    const size_t same =
        static_cast<size_t>(std::mismatch(bytes.begin(), bytes.end(),
                                          there->begin(), there->end())
                                .first -
                            bytes.begin()) /
        sizeof(Hash);
    const uint64_t leaves = uint64_t{1} << (kTileHeight * path.tile.level);
    const uint64_t first = (path.tile.index * kTileWidth + same) * leaves + 1;
    problem_ = NotSigned(
        leaves == 1
            ? absl::StrCat("event ", first, ": its record is not the one that ",
                           name, " has the hash of")
            : absl::StrCat("events ", first, " to ", first + leaves - 1,
                           ": they are not the ones that ", name,
                           " has the hash of"));
  }

  const std::string directory_;
  const uint64_t size_;
  std::vector<char> lines_buffer_;
  std::ifstream lines_;
  std::string line_;
  TileMaker tiles_;
  absl::Status problem_;
};

}  // namespace

absl::StatusOr<Verified> VerifyExport(const std::string& directory,
                                      const ProofVerifier& verifier) {
  const auto note =
      ReadAll(absl::StrCat(directory, "/", kCheckpointFile), kNoteBytes);
  if (!note.ok()) return note.status();
  auto opened = verifier.Open(*note);
  if (!opened.ok()) return opened.status();
  const auto head = Export(directory, opened->checkpoint.tree.size).Read();
  if (!head.ok()) return head.status();
  if (*head != opened->checkpoint.tree) {
    return NotSigned(
        "the records agree with the tiles beside them, and not with what the "
        "register has signed: at least one was replaced, and its hashes with "
        "it; which one, another copy can tell, or a proof of each event");
  }
  opened->all_records = true;
  return opened;
}

}  // namespace samverk::verify
