#include "eventstore/rocksdb/backup_manifest.h"

#include <algorithm>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "eventstore/base/error.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/strings.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

constexpr uint32_t kManifestFormat = 1;
constexpr char kFirstLine[] = "samverk backup ";
constexpr char kChecksum[] = "checksum ";

std::string Hex(const Hash& hash) {
  return absl::BytesToHexString(ToAbsl(AsBytes(hash)));
}

absl::Status NoManifest(std::string_view what) {
  return DataDamaged("a backup's manifest", what);
}

absl::Status Newer(std::string_view what, uint64_t found, uint32_t known) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, error::v1::REASON_FORMAT_NEWER,
      absl::StrCat("the backup has ", ToAbsl(what), " ", found,
                   ", this program knows up to ", known,
                   "; use the release that made it, or a later one"),
      {{"format", absl::StrCat(found)}, {"known", absl::StrCat(known)}});
}

// Takes the lines one after the other; after the first that is not what it
// should be, nothing.
class Lines {
 public:
  explicit Lines(absl::string_view text) : lines_(absl::StrSplit(text, '\n')) {}

  absl::string_view Text(absl::string_view name) {
    absl::string_view line;
    if (next_ < lines_.size()) line = lines_[next_++];
    if (!absl::ConsumePrefix(&line, name) || !absl::ConsumePrefix(&line, " ")) {
      ok_ = false;
      return "";
    }
    return line;
  }
  template <typename Number>
  Number Int(absl::string_view name) {
    Number number = 0;
    if (!absl::SimpleAtoi(Text(name), &number)) ok_ = false;
    return number;
  }
  bool ok() const { return ok_; }
  void Fail() { ok_ = false; }

 private:
  std::vector<absl::string_view> lines_;
  size_t next_ = 1;  // the first line has been looked at
  bool ok_ = true;
};

}  // namespace

std::string EncodeManifest(const BackupManifest& manifest) {
  const CommitPoint& point = manifest.point;
  std::string text =
      absl::StrCat(kFirstLine, kManifestFormat, "\n",                //
                   "origin ", absl::CEscape(manifest.origin), "\n",  //
                   "log_format ", manifest.log_format, "\n",         //
                   "epoch ", point.epoch, "\n",                      //
                   "sequence ", point.sequence, "\n",                //
                   "position ", point.position.value(), "\n",        //
                   "recorded_at_us ", point.recorded_at_us, "\n",    //
                   "tree_size ", point.tree.size, "\n",              //
                   "root ", Hex(point.tree.root), "\n",              //
                   "made ", absl::ToUnixSeconds(manifest.made), "\n");
  absl::StrAppend(&text, kChecksum, Hex(Sha256(text)), "\n");
  return text;
}

absl::StatusOr<BackupManifest> DecodeManifest(std::string_view text) {
  absl::string_view first = ToAbsl(text.substr(0, text.find('\n')));
  uint32_t format = 0;
  if (!absl::ConsumePrefix(&first, kFirstLine) ||
      !absl::SimpleAtoi(first, &format) || format == 0) {
    return NoManifest("it is none");
  }
  if (format > kManifestFormat) {
    return Newer("format", format, kManifestFormat);
  }
  const size_t checksum_at = text.rfind(kChecksum);
  if (checksum_at == std::string_view::npos ||
      text.substr(checksum_at) !=
          absl::StrCat(kChecksum, Hex(Sha256(text.substr(0, checksum_at))),
                       "\n")) {
    return NoManifest("its checksum does not fit");
  }
  BackupManifest manifest;
  Lines lines(ToAbsl(text));
  std::string error;
  if (!absl::CUnescape(lines.Text("origin"), &manifest.origin, &error)) {
    lines.Fail();
  }
  manifest.log_format = lines.Int<uint32_t>("log_format");
  manifest.point.epoch = lines.Int<uint64_t>("epoch");
  manifest.point.sequence = lines.Int<uint64_t>("sequence");
  manifest.point.position = Position(lines.Int<uint64_t>("position"));
  manifest.point.recorded_at_us = lines.Int<int64_t>("recorded_at_us");
  manifest.point.tree.size = lines.Int<uint64_t>("tree_size");
  const std::string root = absl::HexStringToBytes(lines.Text("root"));
  manifest.made = absl::FromUnixSeconds(lines.Int<int64_t>("made"));
  if (!lines.ok() || root.size() != sizeof(Hash)) {
    return NoManifest("its lines cannot be taken apart");
  }
  std::copy(root.begin(), root.end(), manifest.point.tree.root.begin());
  if (manifest.log_format > kLogFormat) {
    return Newer("log format", manifest.log_format, kLogFormat);
  }
  return manifest;
}

}  // namespace samverk
