#include "projections/engine/stored_view_table.h"

#include <algorithm>
#include <utility>

#include "eventstore/base/check.h"
#include "eventstore/base/key_order.h"
#include "projections/engine/entry_arena.h"
#include "projections/engine/view_keys.h"

namespace samverk::projections {

using google::protobuf::Arena;
using google::protobuf::Message;

namespace {

google::protobuf::ArenaOptions FreshArena(char* first_block, size_t bytes) {
  google::protobuf::ArenaOptions options = EntryArenaOptions();
  options.initial_block = first_block;
  options.initial_block_size = bytes;
  return options;
}

}  // namespace

StoredViewTable::StoredViewTable(ViewStore& store, const Projection& projection,
                                 const StoredTable& stored, size_t fresh_bytes)
    : store_(&store),
      projection_(projection),
      id_(stored.id),
      marker_(stored.marker),
      live_(stored.live),
      prefix_(view_keys::Entry(stored.id, "")),
      fresh_bytes_(fresh_bytes),
      first_block_(new char[fresh_bytes]),
      fresh_(FreshArena(first_block_.get(), fresh_bytes)),
      lasting_(std::make_unique<Arena>(EntryArenaOptions())) {
  if (stored.marker.entries == 0) forgotten_.emplace();
}

StoredViewTable::Entry* StoredViewTable::NewEntry(std::string_view key) const {
  const size_t bytes = prefix_.size() + key.size();
  char* const lasting = Arena::CreateArray<char>(lasting_.get(), bytes);
  std::copy(prefix_.begin(), prefix_.end(), lasting);
  std::copy(key.begin(), key.end(), lasting + prefix_.size());
  Entry* const entry = Arena::Create<Entry>(lasting_.get());
  entry->stored_key = {lasting, bytes};
  return entry;
}

StoredViewTable::Entry& StoredViewTable::Load(std::string_view key) const {
  bool known = true;
  HashedKey hashed(key);
  const auto place = entries_.lazy_emplace(hashed, [&](const auto& construct) {
    known = false;
    Entry* const entry = NewEntry(key);
    hashed.text = entry->stored_key.substr(prefix_.size());
    construct(hashed, entry);
  });
  Entry& entry = *place->second;
  if (!known) Read(hashed, entry);
  if (entry.exists && entry.message == nullptr) Decode(entry);
  return entry;
}

void StoredViewTable::Read(const HashedKey& key, Entry& entry) const {
  if (forgotten_.has_value() && !forgotten_->MayHold(key.hash)) return;
  const auto found = store_->Get(id_, key.text, encoded_);
  if (!found.ok()) return Note(found.status());
  if (!*found) return;
  Resize(encoded_.size(), entry);
  std::copy(encoded_.begin(), encoded_.end(), entry.bytes);
  entry.exists = true;
  entry.stored = true;
}

void StoredViewTable::Decode(Entry& entry) const {
  Message* const message = projection_.prototype().New(lasting_.get());
  if (message->ParseFromArray(entry.bytes, static_cast<int>(entry.size))) {
    entry.message = message;
    return;
  }
  Note(ViewStore::CannotDecode(entry.stored_key.substr(prefix_.size())));
  entry.exists = false;
}

void StoredViewTable::Encode(Entry& entry) {
  entry.dirty = false;
  Resize(entry.message->ByteSizeLong(), entry);
  entry.message->SerializeWithCachedSizesToArray(
      reinterpret_cast<uint8_t*>(entry.bytes));
}

void StoredViewTable::Resize(size_t size, Entry& entry) const {
  if (size > entry.room) {
    // An entry that has grown may go on growing.
    entry.room = entry.room == 0 ? size : size + size / 2;
    entry.bytes = Arena::CreateArray<char>(lasting_.get(), entry.room);
  }
  entry.size = size;
}

void StoredViewTable::Note(absl::Status status) const {
  if (status_.ok()) status_ = std::move(status);
}

void StoredViewTable::MarkChanged(Entry& entry) {
  if (entry.changed) return;
  entry.changed = true;
  changed_.push_back(&entry);
}

const Message* StoredViewTable::FindMessage(std::string_view key) const {
  return Load(key).message;
}

Message& StoredViewTable::MutableMessage(std::string_view key) {
  Entry& entry = Load(key);
  if (!entry.exists) {
    entry.exists = true;
    entry.fresh = true;
    entry.message = projection_.prototype().New(&fresh_);
    fresh_entries_.push_back(&entry);
  }
  entry.dirty = true;
  MarkChanged(entry);
  return *entry.message;
}

void StoredViewTable::Erase(std::string_view key) {
  Entry& entry = Load(key);
  if (!entry.exists) return;
  entry.exists = false;
  entry.dirty = false;
  entry.message = nullptr;
  MarkChanged(entry);
}

void StoredViewTable::Pack() {
  if (fresh_.SpaceUsed() < fresh_bytes_ / 2) return;
  for (Entry* entry : fresh_entries_) {
    if (!entry->fresh) continue;  // it is listed twice
    entry->fresh = false;
    if (entry->dirty) Encode(*entry);
    entry->message = nullptr;
  }
  fresh_entries_.clear();
  fresh_.Reset();
}

void StoredViewTable::ScanMessages(std::string_view prefix,
                                   std::string_view from,
                                   const Visit& visit) const {
  // What is in memory goes before what is stored.
  std::vector<std::string_view> known;
  for (const auto& [key, entry] : entries_) {
    if (key.text.substr(0, prefix.size()) == prefix && key.text >= from) {
      known.push_back(key.text);
    }
  }
  std::sort(known.begin(), known.end());
  size_t next = 0;
  bool more = true;
  const auto visit_known = [&](auto before) {
    for (; more && next < known.size() && before(known[next]); ++next) {
      if (const Message* message = FindMessage(known[next])) {
        more = visit(known[next], *message);
      }
    }
  };
  const std::unique_ptr<Message> stored(projection_.prototype().New());
  absl::Status scanned = store_->Scan(
      id_, prefix, from, [&](std::string_view key, std::string_view bytes) {
        visit_known([&](std::string_view each) { return each <= key; });
        const bool shadowed = next > 0 && known[next - 1] == key;
        if (!more || shadowed) return more;
        if (!stored->ParseFromArray(bytes.data(), int(bytes.size()))) {
          Load(key);  // says that it is damaged
          return true;
        }
        more = visit(key, *stored);
        return more;
      });
  Note(std::move(scanned));
  visit_known([](std::string_view) { return true; });
}

void StoredViewTable::WriteTo(ViewBatch& batch, int64_t recorded_at_us,
                              const Hash& record_hash) {
  SAMVERK_CHECK(status_.ok()) << status_.ToString();
  // Keys in their order are the cheapest to write.
  SortByKey(changed_, [](const Entry* entry) { return entry->stored_key; });
  batch.Reserve(changed_.size());
  for (Entry* entry : changed_) {
    if (entry->exists) {
      if (entry->dirty) Encode(*entry);
      batch.PutEncoded(entry->stored_key, {entry->bytes, entry->size});
    } else if (entry->stored) {
      batch.EraseEncoded(entry->stored_key);
    }
    marker_.entries += entry->exists;
    marker_.entries -= entry->stored;
    entry->stored = entry->exists;
    entry->changed = false;
  }
  changed_.clear();
  marker_.recorded_at_us = recorded_at_us;
  marker_.record_hash = record_hash;
  batch.SetMarker(id_, marker_);
}

void StoredViewTable::GoLive(ViewBatch& batch) {
  batch.SetLive(id_);
  live_ = true;
}

size_t StoredViewTable::MemoryBytes() const {
  return fresh_.SpaceAllocated() + lasting_->SpaceAllocated() +
         entries_.capacity() * (sizeof(*entries_.begin()) + 1);
}

void StoredViewTable::Forget() {
  SAMVERK_CHECK(changed_.empty()) << "what is not written is not forgotten";
  if (forgotten_.has_value()) {
    for (const auto& [key, entry] : entries_) {
      if (entry->stored) forgotten_->Add(key.hash);
    }
  }
  fresh_entries_.clear();
  fresh_.Reset();
  const size_t entries = forgotten_.has_value() ? entries_.size() : 0;
  entries_ = {};
  // A rebuild goes on with as many.
  entries_.reserve(entries);
  lasting_ = std::make_unique<Arena>(EntryArenaOptions());
}

}  // namespace samverk::projections
