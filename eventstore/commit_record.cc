#include "eventstore/commit_record.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/error.h"
#include "eventstore/base/sha256.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

constexpr size_t kChecksumAt = 88;
constexpr size_t kChecksumBytes = 8;
constexpr size_t kRegisterAt = 80;

using Checksum = std::array<uint8_t, kChecksumBytes>;

// Over everything but the checksum itself, then the leaves.
Checksum ChecksumOf(std::string_view bytes, absl::Span<const Hash> leaves) {
  Sha256Stream stream;
  stream.Update(bytes.substr(0, kChecksumAt));
  stream.Update(bytes.substr(kCommitHeaderBytes));
  if (!leaves.empty()) {
    stream.Update({reinterpret_cast<const char*>(leaves.data()),
                   leaves.size() * sizeof(Hash)});
  }
  const Hash hash = stream.Finish();
  Checksum checksum;
  std::copy_n(hash.begin(), checksum.size(), checksum.begin());
  return checksum;
}

absl::Status NoCommit(std::string_view what) {
  return DataDamaged("a commit record", what);
}

bool TakeCount(std::string_view& in, uint64_t& count) {
  // Each entry takes a byte at least, which bounds what a damaged count can ask
  // for.
  return TakeVarint(in, count) && count <= in.size();
}

bool TakeSections(std::string_view in, CommitHeader& header) {
  uint64_t n;
  uint64_t value;
  std::string_view bytes;
  if (!TakeCount(in, n)) return false;
  uint64_t sum = 0;
  for (uint64_t i = 0; i < n; ++i) {
    if (!TakeVarint(in, value) || value == 0 || value > header.count) {
      return false;
    }
    sum += value;
    header.requests.push_back(static_cast<uint32_t>(value));
  }
  if (sum != header.count || !TakeCount(in, n)) return false;
  for (uint64_t i = 0; i < n; ++i) {
    if (!TakeBytes(in, bytes) || !TakeVarint(in, value)) return false;
    header.tracks.push_back({std::string(bytes), value});
  }
  if (!TakeCount(in, n)) return false;
  for (uint64_t i = 0; i < n; ++i) {
    std::string_view key;
    if (!TakeBytes(in, key) || !TakeBytes(in, bytes)) return false;
    header.cursors.push_back({std::string(key), std::string(bytes)});
  }
  return in.empty();
}

}  // namespace

void Commit::Reserve(size_t records, size_t bytes) {
  records_.reserve(bytes);
  ends_.reserve(records);
  leaves_.reserve(records);
}

void Commit::AddRecord(const RecordHeader& record_header,
                       std::string_view body) {
  AppendRecord(record_header, body, records_);
  ends_.push_back(records_.size());
  leaves_.push_back(LeafHash(record(size() - 1)));
}

void Commit::AddRecord(std::string_view bytes) {
  records_.append(bytes);
  ends_.push_back(records_.size());
  leaves_.push_back(LeafHash(bytes));
}

std::string_view Commit::record(size_t i) const {
  const size_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(records_).substr(begin, ends_[i] - begin);
}

RegisterHash HashOfOrigin(std::string_view origin) {
  const Hash hash = Sha256(origin);
  RegisterHash first;
  std::copy_n(hash.begin(), first.size(), first.begin());
  return first;
}

std::string EncodeCommitHeader(const CommitHeader& header,
                               const RegisterHash& origin,
                               absl::Span<const Hash> leaves) {
  std::string out;
  out.reserve(kCommitHeaderBytes + header.requests.size() + 16);
  out.push_back(static_cast<char>(kCommitFormat));
  out.push_back(static_cast<char>(header.kind));
  out.append(2, '\0');
  PutLittle(header.count, out);
  PutLittle(header.after.epoch, out);
  PutLittle(header.after.sequence, out);
  PutLittle(header.first_position().value(), out);
  PutLittle(header.after.recorded_at_us, out);
  PutLittle(header.after.tree.size, out);
  out.append(AsBytes(header.after.tree.root));
  out.append(reinterpret_cast<const char*>(origin.data()), origin.size());
  out.append(kChecksumBytes, '\0');
  PutVarint(header.requests.size(), out);
  for (const uint32_t count : header.requests) PutVarint(count, out);
  PutVarint(header.tracks.size(), out);
  for (const Track& track : header.tracks) {
    PutBytes(track.consumer, out);
    PutVarint(track.upstream_position, out);
  }
  PutVarint(header.cursors.size(), out);
  for (const CursorEntry& cursor : header.cursors) {
    PutBytes(cursor.key, out);
    PutBytes(cursor.value, out);
  }
  const Checksum checksum = ChecksumOf(out, leaves);
  std::copy(checksum.begin(), checksum.end(), out.begin() + kChecksumAt);
  return out;
}

absl::StatusOr<CommitHeader> DecodeCommitHeader(std::string_view bytes,
                                                const RegisterHash& origin) {
  if (bytes.size() < kCommitHeaderBytes) return NoCommit("it is too short");
  const char* p = bytes.data();
  const auto format = static_cast<uint8_t>(p[0]);
  if (format > kCommitFormat) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, error::v1::REASON_FORMAT_NEWER,
        absl::StrCat("a commit has format ", format,
                     ", this program knows up to ", kCommitFormat,
                     "; use the release that wrote it, or a later one"),
        {{"format", absl::StrCat(format)}});
  }
  if (format != kCommitFormat || p[2] != 0 || p[3] != 0) {
    return NoCommit("its first bytes are impossible");
  }
  const auto kind = static_cast<uint8_t>(p[1]);
  if (kind < 1 || kind > 4) return NoCommit("its kind is unknown");
  if (!std::equal(origin.begin(), origin.end(), p + kRegisterAt,
                  [](uint8_t a, char b) { return a == uint8_t(b); })) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     error::v1::REASON_DAMAGED,
                     "a commit belongs to another register; the directory "
                     "holds files of two registers, restore a backup");
  }
  CommitHeader header;
  header.kind = static_cast<CommitKind>(kind);
  header.count = GetLittle<uint32_t>(p + 4);
  header.after.epoch = GetLittle<uint64_t>(p + 8);
  header.after.sequence = GetLittle<uint64_t>(p + 16);
  const uint64_t first = GetLittle<uint64_t>(p + 24);
  if (first == 0) return NoCommit("its first position is 0");
  header.after.position = Position(first - 1 + header.count);
  header.after.recorded_at_us = GetLittle<int64_t>(p + 32);
  header.after.tree.size = GetLittle<uint64_t>(p + 40);
  std::memcpy(header.after.tree.root.data(), p + 48, sizeof(Hash));
  if (!TakeSections(bytes.substr(kCommitHeaderBytes), header)) {
    return NoCommit("its sections cannot be taken apart");
  }
  return header;
}

absl::Status VerifyChecksum(std::string_view header_bytes,
                            absl::Span<const Hash> leaves) {
  const Checksum checksum = ChecksumOf(header_bytes, leaves);
  if (!std::equal(checksum.begin(), checksum.end(),
                  header_bytes.begin() + kChecksumAt,
                  [](uint8_t a, char b) { return a == uint8_t(b); })) {
    return NoCommit("its checksum does not fit its content or its events");
  }
  return absl::OkStatus();
}

}  // namespace samverk
