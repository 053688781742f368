#include "projections/engine/stored_view_table.h"

#include <algorithm>
#include <utility>

#include "eventstore/base/check.h"
#include "projections/engine/entry_arena.h"

namespace samverk::projections {

using google::protobuf::Arena;
using google::protobuf::Message;

StoredViewTable::StoredViewTable(ViewStore& store, const Projection& projection,
                                 const StoredTable& stored)
    : store_(&store),
      projection_(projection),
      id_(stored.id),
      marker_(stored.marker),
      live_(stored.live),
      arena_(std::make_unique<Arena>(EntryArenaOptions())) {
  if (stored.marker.entries == 0) forgotten_.emplace();
}

StoredViewTable::Entry& StoredViewTable::AddEntry(std::string_view key) const {
  char* lasting = Arena::CreateArray<char>(arena_.get(), key.size());
  std::copy(key.begin(), key.end(), lasting);
  Entry* entry = Arena::Create<Entry>(arena_.get());
  entry->key = {lasting, key.size()};
  entries_.emplace(entry->key, entry);
  return *entry;
}

StoredViewTable::Entry& StoredViewTable::Load(std::string_view key) const {
  const auto known = entries_.find(key);
  if (known != entries_.end()) return *known->second;
  Entry& entry = AddEntry(key);
  if (forgotten_.has_value() && !forgotten_->MayHold(key)) return entry;
  const auto found = store_->Get(id_, key, encoded_);
  if (!found.ok()) {
    if (status_.ok()) status_ = found.status();
  } else if (*found) {
    Message* message = projection_.prototype().New(arena_.get());
    if (message->ParseFromString(encoded_)) {
      entry.message = message;
      entry.stored = true;
    } else if (status_.ok()) {
      status_ = ViewStore::CannotDecode(key);
    }
  }
  return entry;
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
  if (entry.message == nullptr) {
    entry.message = projection_.prototype().New(arena_.get());
  }
  MarkChanged(entry);
  return *entry.message;
}

void StoredViewTable::Erase(std::string_view key) {
  Entry& entry = Load(key);
  if (entry.message == nullptr) return;
  entry.message = nullptr;
  MarkChanged(entry);
}

void StoredViewTable::ScanMessages(std::string_view prefix,
                                   std::string_view from,
                                   const Visit& visit) const {
  // What is in memory goes before what is stored.
  std::vector<const Entry*> known;
  for (const auto& [key, entry] : entries_) {
    if (key.substr(0, prefix.size()) == prefix && key >= from) {
      known.push_back(entry);
    }
  }
  std::sort(known.begin(), known.end(),
            [](const Entry* a, const Entry* b) { return a->key < b->key; });
  size_t next = 0;
  bool more = true;
  const auto visit_known = [&](auto before) {
    for (; more && next < known.size() && before(*known[next]); ++next) {
      if (known[next]->message != nullptr) {
        more = visit(known[next]->key, *known[next]->message);
      }
    }
  };
  const std::unique_ptr<Message> stored(projection_.prototype().New());
  absl::Status scanned = store_->Scan(
      id_, prefix, from, [&](std::string_view key, std::string_view bytes) {
        visit_known([&](const Entry& entry) { return entry.key <= key; });
        const bool shadowed = next > 0 && known[next - 1]->key == key;
        if (!more || shadowed) return more;
        if (!stored->ParseFromArray(bytes.data(), int(bytes.size()))) {
          Load(key);  // says that it is damaged
          return true;
        }
        more = visit(key, *stored);
        return more;
      });
  if (status_.ok()) status_ = std::move(scanned);
  visit_known([](const Entry&) { return true; });
}

void StoredViewTable::WriteTo(ViewBatch& batch, int64_t recorded_at_us,
                              const Hash& record_hash) {
  SAMVERK_CHECK(status_.ok()) << status_.ToString();
  // In the order of the keys, which is the cheapest to insert.
  std::sort(changed_.begin(), changed_.end(),
            [](const Entry* a, const Entry* b) { return a->key < b->key; });
  for (Entry* entry : changed_) {
    const bool exists = entry->message != nullptr;
    if (exists) {
      batch.Put(id_, entry->key, *entry->message);
    } else if (entry->stored) {
      batch.Erase(id_, entry->key);
    }
    marker_.entries += exists;
    marker_.entries -= entry->stored;
    entry->stored = exists;
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
  return arena_->SpaceAllocated() +
         entries_.capacity() * (sizeof(*entries_.begin()) + 1);
}

void StoredViewTable::Forget() {
  SAMVERK_CHECK(changed_.empty()) << "what is not written is not forgotten";
  if (forgotten_.has_value()) {
    for (const auto& [key, entry] : entries_) {
      if (entry->stored) forgotten_->Add(key);
    }
  }
  entries_ = {};
  arena_ = std::make_unique<Arena>(EntryArenaOptions());
}

}  // namespace samverk::projections
