#include "eventstore/rocksdb/wal_scan.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/status_macros.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

// A log is a row of blocks, a record one fragment or several in consecutive
// blocks. A fragment: u32 checksum of type and content, u16 length, u8 type.
constexpr size_t kBlockBytes = 32 << 10;
constexpr size_t kHeaderBytes = 7;
constexpr size_t kTypeAt = 6;
enum FragmentType : uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };
// A record is a batch: u64 sequence number of its first key, u32 keys.
constexpr size_t kBatchHeaderBytes = 12;

constexpr std::array<uint32_t, 256> Crc32cTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
    }
    table[i] = crc;
  }
  return table;
}

uint32_t Crc32c(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = Crc32cTable();
  uint32_t crc = ~uint32_t{0};
  for (const char c : bytes) {
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff];
  }
  return ~crc;
}

// As it is stored: so that a checksum of bytes with checksums in them is sound.
uint32_t Masked(uint32_t crc) {
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

struct Fragment {
  uint8_t type = 0;
  std::string_view content;
};

// The fragment that begins here, if a whole and unchanged one does.
std::optional<Fragment> FragmentAt(std::string_view log, size_t at) {
  const size_t block_end =
      std::min(log.size(), (at / kBlockBytes + 1) * kBlockBytes);
  if (block_end - at < kHeaderBytes) return std::nullopt;
  const char* const header = log.data() + at;
  const auto type = static_cast<uint8_t>(header[kTypeAt]);
  const size_t length = GetLittle<uint16_t>(header + 4);
  if (type < kFull || type > kLast || block_end - at - kHeaderBytes < length ||
      Masked(Crc32c(log.substr(at + kTypeAt, 1 + length))) !=
          GetLittle<uint32_t>(header)) {
    return std::nullopt;
  }
  return Fragment{type, log.substr(at + kHeaderBytes, length)};
}

uint64_t LastSequenceOf(std::string_view batch) {
  if (batch.size() < kBatchHeaderBytes) return 0;
  const auto first = GetLittle<uint64_t>(batch.data());
  const auto keys = GetLittle<uint32_t>(batch.data() + 8);
  return keys == 0 ? first : first + keys - 1;
}

// Gives each log in the directory to `look`, open at its beginning.
absl::Status ForEachLog(const std::string& directory,
                        absl::FunctionRef<void(std::ifstream&)> look) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() != ".log") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    if (file.good()) {
      look(file);
    } else {
      file.setstate(std::ios::badbit);
    }
    if (file.bad()) {
      error = std::make_error_code(std::errc::io_error);
      break;
    }
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("cannot read the logs in ", directory, ": ", error.message(),
                   "; look at the disk, then try again"));
}

}  // namespace

uint64_t LastSequenceInLog(std::string_view log) {
  uint64_t last = 0;
  std::string record;
  bool within = false;  // `record` has a first fragment and waits for its last
  size_t at = 0;
  while (at + kHeaderBytes <= log.size()) {
    const auto fragment = FragmentAt(log, at);
    if (!fragment.has_value()) {
      // Too short for a header is the end of a block; anything else is damage,
      // and the next fragment may begin at any byte.
      const size_t left = kBlockBytes - at % kBlockBytes;
      if (left < kHeaderBytes) {
        at += left;
      } else {
        ++at;
        within = false;
      }
      continue;
    }
    at += kHeaderBytes + fragment->content.size();
    const bool begins = fragment->type == kFull || fragment->type == kFirst;
    const bool ends = fragment->type == kFull || fragment->type == kLast;
    if (begins) record.clear();
    within = within || begins;
    if (!within) continue;  // of a record whose beginning is lost
    record.append(fragment->content);
    if (!ends) continue;
    last = std::max(last, LastSequenceOf(record));
    within = false;
  }
  return last;
}

bool LogBlockIsFramed(std::string_view block) {
  size_t at = 0;
  while (at + kHeaderBytes <= block.size()) {
    const char* const header = block.data() + at;
    const auto type = static_cast<uint8_t>(header[kTypeAt]);
    if (type < kFull || type > kLast) return false;
    at += kHeaderBytes + GetLittle<uint16_t>(header + 4);
  }
  // What is too short for a header is filled up, at a block's end alone.
  return at == block.size() ||
         (at < block.size() && block.size() == kBlockBytes);
}

absl::StatusOr<bool> LogsAreFramed(const std::string& directory) {
  bool framed = true;
  RETURN_IF_ERROR(ForEachLog(directory, [&](std::ifstream& file) {
    std::string block(kBlockBytes, '\0');
    while (framed && file.good()) {
      file.read(block.data(), kBlockBytes);
      framed = LogBlockIsFramed(std::string_view(block).substr(
          0, static_cast<size_t>(file.gcount())));
    }
  }));
  return framed;
}

absl::StatusOr<uint64_t> LastSequenceInLogs(const std::string& directory) {
  uint64_t last = 0;
  RETURN_IF_ERROR(ForEachLog(directory, [&](std::ifstream& file) {
    const std::string log{std::istreambuf_iterator<char>(file), {}};
    last = std::max(last, LastSequenceInLog(log));
  }));
  return last;
}

}  // namespace samverk
