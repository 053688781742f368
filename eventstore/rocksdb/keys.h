// The keys of RocksDB's column families; docs/log_format.md describes them.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_KEYS_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_KEYS_H_

#include <rocksdb/slice_transform.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "eventstore/audit/tile.h"
#include "eventstore/base/coding.h"
#include "eventstore/types.h"

namespace samverk::keys {

// The families of the column family `derived`: the first byte of a key.
inline constexpr char kApplied = 'A';
inline constexpr char kCursor = 'C';
inline constexpr char kId = 'I';
inline constexpr char kTile = 'M';
inline constexpr char kPostings = 'P';
inline constexpr char kSource = 'S';
inline constexpr char kTrack = 'T';

// What a posting list is about: the second byte of its key.
enum class TermKind : char { kStream = 's', kType = 't', kTag = 'g' };
inline constexpr int kTermKinds = 3;
inline constexpr int IndexOf(TermKind kind) {
  return kind == TermKind::kStream ? 0 : kind == TermKind::kType ? 1 : 2;
}

// `events` and `commits`: a number, so that order of keys is order of numbers.
std::string Number(uint64_t number);
// nullopt when the key is not one of these.
inline std::optional<uint64_t> NumberOf(std::string_view key) {
  if (key.size() != sizeof(uint64_t)) return std::nullopt;
  return GetBig64(key.data());
}

std::string Id(const EventId& id);
std::string Source(std::string_view system, std::string_view reference);
std::string Track(std::string_view consumer);
std::string Cursor(std::string_view key);
std::string Tile(TileId id);
// Common to all blocks of a term and to no other key: the length stands before
// the term.
std::string TermPrefix(TermKind kind, std::string_view term);
// TermPrefix of terms of one kind are in the order of this number, and where
// it is the same, in the order of the terms.
uint32_t TermGroup(std::string_view term);
// The block whose first position is `first`.
std::string Block(TermKind kind, std::string_view term, Position first);

// For bloom filters in `derived`: a term's prefix, or another family's whole
// key. One filter then answers "is there any block of this term" and "is there
// this id".
std::unique_ptr<const rocksdb::SliceTransform> DerivedPrefix();

}  // namespace samverk::keys

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_KEYS_H_
