#include "eventstore/rocksdb/fsck_derived.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/strings.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/posting_block.h"
#include "eventstore/rocksdb/rocks_status.h"

namespace samverk {
namespace {

constexpr size_t kEntriesAtOnce = 256;
constexpr size_t kShownBytes = 40;

std::string Varint(uint64_t number) {
  std::string bytes;
  PutVarint(number, bytes);
  return bytes;
}

std::string Escaped(std::string_view bytes) {
  return absl::CHexEscape(ToAbsl(bytes));
}

std::string Shown(std::string_view bytes) {
  return absl::StrCat(
      absl::BytesToHexString(ToAbsl(bytes.substr(0, kShownBytes))),
      bytes.size() > kShownBytes ? "…" : "");
}

// A key as people name it.
std::string Named(std::string_view key) {
  const char family = key.empty() ? '\0' : key.front();
  std::string_view rest = key.substr(std::min<size_t>(1, key.size()));
  std::string_view term;
  switch (family) {
    case keys::kCursor:
      return absl::StrCat("cursor ", Escaped(rest));
    case keys::kTrack:
      return absl::StrCat("track ", Escaped(rest));
    case keys::kId:
      return absl::StrCat("id ", absl::BytesToHexString(ToAbsl(rest)));
    case keys::kSource:
      if (!TakeBytes(rest, term)) break;
      return absl::StrCat("source ", Escaped(term), " ", Escaped(rest));
    case keys::kTile:
      if (rest.size() != 9) break;
      return absl::StrCat("tile ", GetBig64(rest.data() + 1), " of level ",
                          static_cast<int>(rest.front()));
    case keys::kPostings: {
      if (rest.empty()) break;
      const char kind = rest.front();
      rest.remove_prefix(1);
      if (!TakeBytes(rest, term) || rest.size() != 8) break;
      return absl::StrCat(kind == 'g'   ? "tag "
                          : kind == 's' ? "stream "
                          : kind == 't' ? "type "
                                        : "term ",
                          Escaped(term), " from event ", GetBig64(rest.data()));
    }
    default:
      break;
  }
  return absl::StrCat("key ", Shown(key));
}

FindingKind KindOf(char family) {
  switch (family) {
    case keys::kApplied:
      return FindingKind::kMarker;
    case keys::kTile:
      return FindingKind::kTile;
    case keys::kCursor:
    case keys::kTrack:
      return FindingKind::kCursor;
    default:
      return FindingKind::kIndex;
  }
}

// Whether a tree of so many leaves has all hashes of the tile of this key,
// without its family.
bool IsComplete(std::string_view tile, uint64_t leaves) {
  const auto level = static_cast<uint8_t>(tile.front());
  // No tree is so large that it has a complete tile above level 6.
  return level <= 6 &&
         leaves >> (kTileHeight * (level + 1u)) > GetBig64(tile.data() + 1);
}

std::string Marked(const CommitPoint& point) {
  return absl::StrCat("commit ", point.sequence, " at event ",
                      point.position.value());
}

}  // namespace

DerivedCheck::DerivedCheck(ClosedRegister& closed, Findings& findings,
                           FsckResult& result,
                           const Index::SegmentSize& segment_size)
    : closed_(closed),
      findings_(findings),
      result_(result),
      segment_size_(segment_size),
      segment_(std::make_unique<Segment>(Position())) {
  ReadMarker();
}

void DerivedCheck::ReadMarker() {
  if (closed_.derived() == nullptr) {
    findings_.Add({FindingKind::kMarker, "derived data",
                   "a column family derived", "none"});
    return;
  }
  std::string value;
  const auto status =
      closed_.db().Get(rocksdb::ReadOptions(), closed_.derived(),
                       std::string(1, keys::kApplied), &value);
  if (status.IsNotFound()) return;  // ScanAll looks whether that may be
  const char* p = value.data();
  if (!status.ok() || value.size() != 76 ||
      GetLittle<uint32_t>(p) != kDerivedFormat) {
    findings_.Add({FindingKind::kMarker, "the marker",
                   absl::StrCat("derived format ", kDerivedFormat),
                   status.ok() ? Shown(value) : status.ToString()});
    return;
  }
  CommitPoint& point = applied_.emplace();
  point.epoch = GetLittle<uint64_t>(p + 4);
  point.sequence = GetLittle<uint64_t>(p + 12);
  point.position = Position(GetLittle<uint64_t>(p + 20));
  point.recorded_at_us = GetLittle<int64_t>(p + 28);
  point.tree.size = GetLittle<uint64_t>(p + 36);
  std::memcpy(point.tree.root.data(), p + 44, sizeof(Hash));
  result_.stored_through = point.position;
}

std::optional<Hash> DerivedCheck::StoredLeaf(Position position) {
  if (closed_.derived() == nullptr) return std::nullopt;
  const uint64_t leaf = position.value() - 1;
  const TileId id{0, leaf / kTileWidth};
  if (last_tile_.second.empty() || last_tile_.first != id) {
    std::string bytes;
    if (!closed_.db()
             .Get(rocksdb::ReadOptions(), closed_.derived(), keys::Tile(id),
                  &bytes)
             .ok() ||
        bytes.size() != kTileBytes) {
      return std::nullopt;
    }
    last_tile_ = {id, std::move(bytes)};
  }
  Hash hash;
  std::memcpy(hash.data(),
              last_tile_.second.data() + leaf % kTileWidth * sizeof(Hash),
              sizeof(Hash));
  return hash;
}

void DerivedCheck::Take(const Commit& commit,
                        absl::Span<const BodyView> bodies) {
  if (stopped_) return;
  const uint64_t first = commit.header.first_position().value();
  size_t request = 0;
  size_t begin = 0;
  for (size_t i = 0; i < bodies.size(); ++i) {
    while (i >= begin + commit.header.requests[request]) {
      begin += commit.header.requests[request++];
    }
    const std::string_view record = commit.record(i);
    segment_->AddEvent(bodies[i], record.size(),
                       Revision(GetLittle<uint64_t>(record.data() + 16)),
                       {Position(first + i), Position(first + begin),
                        commit.header.requests[request]});
  }
  for (const Track& track : commit.header.tracks) segment_->AddTrack(track);
  for (const CursorEntry& c : commit.header.cursors) segment_->AddCursor(c);

  const CommitPoint& after = commit.header.after;
  const bool sealed = segment_->size() >= segment_size_.entries ||
                      segment_->record_bytes() >= segment_size_.bytes;
  if (applied_.has_value() && after.sequence == applied_->sequence) {
    marker_reached_ = true;
    if (*applied_ != after || !sealed) {
      findings_.Add(
          {FindingKind::kMarker, "the marker",
           sealed ? Marked(after) + ", with its root" : "the end of a segment",
           Marked(*applied_)});
    }
  }
  if (!sealed) return;
  segment_->end = after;
  const std::vector<Tile> tiles = tiles_.CompleteTiles(after.tree.size);
  if (applied_.has_value() && after.sequence <= applied_->sequence) {
    Compare(*segment_, tiles);
  }
  tiles_.DropComplete(after.tree.size);
  segment_ = std::make_unique<Segment>(after.position);
}

void DerivedCheck::Compare(const Segment& segment,
                           const std::vector<Tile>& tiles) {
  std::vector<Entry> expected;
  for (const auto& [id, entry] : segment.ids()) {
    expected.emplace_back(keys::Id(id),
                          absl::StrCat(Varint(entry.position.value()),
                                       Varint(entry.position.value() -
                                              entry.request_first.value()),
                                       Varint(entry.request_count)));
  }
  for (const Tile& tile : tiles) {
    expected.emplace_back(keys::Tile(tile.id), tile.bytes);
  }
  for (const auto kind :
       {keys::TermKind::kTag, keys::TermKind::kStream, keys::TermKind::kType}) {
    for (const auto& [term, postings] : segment.postings(kind)) {
      expected.emplace_back(
          keys::Block(kind, term, segment.PositionAt(postings.offsets.front())),
          EncodeBlock(postings.before, postings.offsets));
    }
  }
  for (const auto& [key, position] : segment.sources()) {
    expected.emplace_back(key, Varint(position.value()));
  }
  for (const auto& [consumer, position] : segment.tracks()) {
    latest_[keys::Track(consumer)] = Varint(position);
  }
  for (const auto& [key, value] : segment.cursors()) {
    latest_[keys::Cursor(key)] = value;
  }
  result_.tiles += tiles.size();
  result_.index_entries += expected.size() - tiles.size();
  for (const Entry& entry : expected) {
    ++expected_[static_cast<uint8_t>(entry.first.front())];
  }
  std::sort(expected.begin(), expected.end());
  CompareEntries(expected);
}

void DerivedCheck::CompareEntries(const std::vector<Entry>& expected) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  for (size_t begin = 0; begin < expected.size(); begin += kEntriesAtOnce) {
    const size_t count = std::min(kEntriesAtOnce, expected.size() - begin);
    std::vector<rocksdb::Slice> keys(count);
    for (size_t i = 0; i < count; ++i) keys[i] = expected[begin + i].first;
    std::vector<rocksdb::PinnableSlice> values(count);
    std::vector<rocksdb::Status> statuses(count);
    closed_.db().MultiGet(options, closed_.derived(), count, keys.data(),
                          values.data(), statuses.data(), true);
    for (size_t i = 0; i < count; ++i) {
      const auto& [key, value] = expected[begin + i];
      if (statuses[i].IsNotFound()) {
        Differs(key, value, std::nullopt);
      } else if (!statuses[i].ok()) {
        findings_.Add({KindOf(key.front()), Named(key), "an entry",
                       statuses[i].ToString()});
      } else if (ToStd(values[i]) != value) {
        Differs(key, value, values[i].ToString());
      }
    }
  }
}

void DerivedCheck::Differs(const std::string& key, const std::string& expected,
                           const std::optional<std::string>& found) {
  findings_.Add({KindOf(key.front()), Named(key), Shown(expected),
                 found.has_value() ? Shown(*found) : "nothing"});
}

void DerivedCheck::Finish(const CommitPoint& head) {
  if (applied_.has_value() && applied_->sequence > head.sequence) {
    findings_.Add({FindingKind::kLog, "the end of the log",
                   absl::StrCat("events up to ", applied_->position.value(),
                                ", which were durable"),
                   absl::StrCat("event ", head.position.value())});
    stopped_ = true;
  }
  result_.derived_checked = !stopped_;
  if (stopped_ || closed_.derived() == nullptr) return;
  ScanAll();
}

void DerivedCheck::ScanAll() {
  const auto it = closed_.Scan(closed_.derived());
  uint64_t counts[256] = {};
  uint64_t entries = 0;
  std::map<std::string, std::string> missing = latest_;
  std::string last;
  for (it->SeekToFirst(); it->Valid(); it->Next(), ++entries) {
    const std::string_view key = ToStd(it->key());
    last = std::string(key);
    const char family = key.empty() ? '\0' : key.front();
    ++counts[static_cast<uint8_t>(family)];
    if (family != keys::kCursor && family != keys::kTrack) continue;
    ++result_.cursors;
    if (!applied_.has_value()) continue;
    const auto expected = latest_.find(last);
    if (expected == latest_.end()) {
      findings_.Add({FindingKind::kCursor, Named(key), "nothing",
                     Shown(ToStd(it->value()))});
    } else if (expected->second != ToStd(it->value())) {
      Differs(last, expected->second, it->value().ToString());
    }
    missing.erase(last);
  }
  if (!it->status().ok()) {
    findings_.Add(
        {FindingKind::kIndex,
         last.empty() ? "the first key" : "what follows " + Named(last),
         "entries", it->status().ToString()});
    return;
  }
  if (!applied_.has_value()) {
    // What was derived is thrown away at the next start.
    if (entries > 0) {
      findings_.Add({FindingKind::kMarker, "the marker",
                     "one, as derived data is stored", "none"});
    }
    return;
  }
  for (const auto& [key, value] : missing) Differs(key, value, std::nullopt);
  bool extra = false;
  for (int family = 0; family < 256; ++family) {
    if (KindOf(static_cast<char>(family)) == FindingKind::kCursor) continue;
    if (KindOf(static_cast<char>(family)) == FindingKind::kMarker) continue;
    extra = extra || counts[family] > expected_[family];
  }
  if (extra) NameExtras();
}

void DerivedCheck::NameExtras() {
  const auto it = closed_.Scan(closed_.derived());
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const std::string_view key = ToStd(it->key());
    if (Follows(key, ToStd(it->value()))) continue;
    findings_.Add({KindOf(key.empty() ? '\0' : key.front()), Named(key),
                   "nothing", Shown(ToStd(it->value()))});
  }
}

bool DerivedCheck::Follows(std::string_view key, std::string_view value) {
  const char family = key.empty() ? '\0' : key.front();
  std::string_view rest = key.substr(std::min<size_t>(1, key.size()));
  uint64_t position = 0;
  char kind = '\0';
  std::string_view term;
  switch (family) {
    case keys::kApplied:
    case keys::kCursor:
    case keys::kTrack:
      return true;  // looked at before
    case keys::kTile:
      // A tile is there when all its hashes are.
      return rest.size() == 9 && IsComplete(rest, applied_->tree.size);
    case keys::kId:
    case keys::kSource:
      if (!TakeVarint(value, position)) return false;
      break;
    case keys::kPostings:
      if (rest.empty()) return false;
      kind = rest.front();
      rest.remove_prefix(1);
      if (!TakeBytes(rest, term) || rest.size() != 8) return false;
      position = GetBig64(rest.data());
      break;
    default:
      return false;
  }
  std::string record;
  if (position > applied_->position.value() ||
      !closed_.db()
           .Get(rocksdb::ReadOptions(), closed_.events(),
                keys::Number(position), &record)
           .ok() ||
      record.size() < kRecordHeaderBytes) {
    return false;
  }
  const auto body =
      DecodeBody(std::string_view(record).substr(kRecordHeaderBytes));
  if (!body.ok()) return true;  // told as the event's
  if (family == keys::kId) return keys::Id(body->id) == key;
  if (family == keys::kSource) {
    return keys::Source(body->source_system, body->source_ref) == key;
  }
  // A block too many begins where its segment's own block goes on.
  PostingBlock block;
  if (!DecodeBlock(Position(position), value, block)) return false;
  if (kind == 's') return body->stream == term;
  if (kind == 't') return body->type == term;
  return std::find(body->tags.begin(), body->tags.end(), term) !=
         body->tags.end();
}

}  // namespace samverk
