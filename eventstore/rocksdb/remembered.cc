#include "eventstore/rocksdb/remembered.h"

#include "eventstore/base/coding.h"
#include "eventstore/base/sha256.h"
#include "eventstore/rocksdb/derived_store.h"

namespace samverk {
namespace {

constexpr uint32_t kFormat = 2;

std::string Header(const CommitPoint& applied) {
  std::string header;
  PutLittle(kFormat, header);
  header.append(EncodeMarker(applied));
  return header;
}

bool TakeParts(std::string_view& bytes,
               std::vector<ScalableIdFilter::Part>& parts) {
  uint64_t count;
  if (!TakeVarint(bytes, count) || count > ScalableIdFilter::kFilters) {
    return false;
  }
  parts.resize(count);
  for (auto& part : parts) {
    if (!TakeVarint(bytes, part.ids) || !TakeBytes(bytes, part.bits)) {
      return false;
    }
  }
  return true;
}

bool TakeStreams(std::string_view bytes, RememberedStreams& streams) {
  while (!bytes.empty()) {
    std::string_view stream;
    uint64_t revision;
    uint64_t position;
    if (!TakeBytes(bytes, stream) || !TakeVarint(bytes, revision) ||
        !TakeVarint(bytes, position)) {
      return false;
    }
    streams.push_back({stream, {Revision(revision), Position(position)}});
  }
  return true;
}

}  // namespace

std::string EncodeRemembered(const CommitPoint& applied,
                             const ScalableIdFilter& ids,
                             const StreamCache& streams) {
  std::string bytes = Header(applied);
  const auto parts = ids.Parts();
  PutVarint(parts.size(), bytes);
  for (const auto& part : parts) {
    PutVarint(part.ids, bytes);
    PutBytes(part.bits, bytes);
  }
  streams.ForEach([&](std::string_view stream, const StreamState& state) {
    if (state.position > applied.position) return;
    PutBytes(stream, bytes);
    PutVarint(state.revision.value(), bytes);
    PutVarint(state.position.value(), bytes);
  });
  const Hash checksum = Sha256(bytes);
  bytes.append(AsBytes(checksum));
  return bytes;
}

bool DecodeRemembered(std::string_view bytes, const CommitPoint& applied,
                      ScalableIdFilter& ids, RememberedStreams& streams) {
  const std::string header = Header(applied);
  if (bytes.substr(0, header.size()) != header ||
      bytes.size() < header.size() + sizeof(Hash)) {
    return false;
  }
  const size_t end = bytes.size() - sizeof(Hash);
  const Hash checksum = Sha256(bytes.substr(0, end));
  if (bytes.substr(end) != AsBytes(checksum)) return false;
  std::string_view rest = bytes.substr(header.size(), end - header.size());
  std::vector<ScalableIdFilter::Part> parts;
  RememberedStreams found;
  if (!TakeParts(rest, parts) || !TakeStreams(rest, found) ||
      !ids.AddParts(parts)) {
    return false;
  }
  streams = std::move(found);
  return true;
}

}  // namespace samverk
