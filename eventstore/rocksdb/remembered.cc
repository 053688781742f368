#include "eventstore/rocksdb/remembered.h"

#include "eventstore/base/coding.h"
#include "eventstore/base/sha256.h"
#include "eventstore/rocksdb/derived_store.h"

namespace samverk {
namespace {

constexpr uint32_t kFormat = 1;

std::string Header(const CommitPoint& applied) {
  std::string header;
  PutLittle(kFormat, header);
  header.append(EncodeMarker(applied));
  return header;
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

std::string EncodeRemembered(const CommitPoint& applied, const IdFilter& ids,
                             const StreamCache& streams) {
  std::string bytes = Header(applied);
  PutBytes(ids.bits(), bytes);
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
                      IdFilter& ids, RememberedStreams& streams) {
  const std::string header = Header(applied);
  if (bytes.substr(0, header.size()) != header ||
      bytes.size() < header.size() + sizeof(Hash)) {
    return false;
  }
  const size_t end = bytes.size() - sizeof(Hash);
  const Hash checksum = Sha256(bytes.substr(0, end));
  if (bytes.substr(end) != AsBytes(checksum)) return false;
  std::string_view rest = bytes.substr(header.size(), end - header.size());
  std::string_view bits;
  RememberedStreams found;
  if (!TakeBytes(rest, bits) || !TakeStreams(rest, found) ||
      !ids.AddBits(bits)) {
    return false;
  }
  streams = std::move(found);
  return true;
}

}  // namespace samverk
