#include "eventstore/rocksdb/keys.h"

#include "eventstore/base/coding.h"
#include "eventstore/limits.h"
#include "eventstore/rocksdb/rocks_status.h"

namespace samverk::keys {
namespace {

std::string WithPrefix(char family, std::string_view rest) {
  std::string key;
  key.reserve(1 + rest.size());
  key.push_back(family);
  key.append(rest);
  return key;
}

class DerivedPrefixTransform : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "samverk.derived.1"; }
  bool InDomain(const rocksdb::Slice& key) const override {
    return !key.empty();
  }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    if (key[0] != kPostings || key.size() < 3) return key;
    std::string_view rest = ToStd(key).substr(2);
    std::string_view term;
    if (!TakeBytes(rest, term)) return key;
    return rocksdb::Slice(key.data(), key.size() - rest.size());
  }
};

}  // namespace

std::string Number(uint64_t number) {
  std::string key;
  PutBig64(number, key);
  return key;
}

std::string Id(const EventId& id) {
  return WithPrefix(
      kId, {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
}

std::string Source(std::string_view system, std::string_view reference) {
  std::string key(1, kSource);
  PutBytes(system, key);
  key.append(reference);
  return key;
}

std::string Track(std::string_view consumer) {
  return WithPrefix(kTrack, consumer);
}

std::string Cursor(std::string_view key) { return WithPrefix(kCursor, key); }

std::string Tile(TileId id) {
  std::string key(1, kTile);
  key.push_back(static_cast<char>(id.level));
  PutBig64(id.index, key);
  return key;
}

std::string TermPrefix(TermKind kind, std::string_view term) {
  std::string key(1, kPostings);
  key.push_back(static_cast<char>(kind));
  PutBytes(term, key);
  return key;
}

uint32_t TermGroup(std::string_view term) {
  // Lengths are varints: one byte up to 127, else two, the low bits first.
  static_assert(limits::kStreamBytes < (1 << 14));
  const auto n = static_cast<uint32_t>(term.size());
  return n < 128 ? n << 8 : ((n & 0x7f) | 0x80) << 8 | n >> 7;
}

std::string Block(TermKind kind, std::string_view term, Position first) {
  std::string key = TermPrefix(kind, term);
  PutBig64(first.value(), key);
  return key;
}

std::unique_ptr<const rocksdb::SliceTransform> DerivedPrefix() {
  return std::make_unique<DerivedPrefixTransform>();
}

}  // namespace samverk::keys
