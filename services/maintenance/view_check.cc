#include "services/maintenance/view_check.h"

#include <rocksdb/db.h>

#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/rocksdb/no_log.h"
#include "eventstore/rocksdb/rocks_status.h"
#include "projections/engine/view_keys.h"

namespace samverk::maintenance {
namespace {

namespace fs = std::filesystem;
namespace view_keys = projections::view_keys;

using projections::StoredTable;
using projections::TableId;

std::string Named(const TableId& table) {
  return absl::StrCat("view ", table.projection, ", generation ",
                      table.generation);
}

void Add(StoredViews& views, std::string where, std::string expected,
         std::string found) {
  views.findings.push_back({FindingKind::kView, std::move(where),
                            std::move(expected), std::move(found)});
}

// Entries of each table, by the key's part before the entry's own.
using Counts = std::map<std::string, uint64_t>;

void ReadAll(rocksdb::DB& db, StoredViews& views) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.readahead_size = 1 << 20;
  Counts counts;
  std::map<std::string, std::string> live;
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const std::string_view key = ToStd(it->key());
    const char kind = key.empty() ? '\0' : key.front();
    if (kind == 'l') {
      live[std::string(key.substr(1))] = it->value().ToString();
    } else if (kind == 'm') {
      StoredTable& table = views.tables.emplace_back();
      if (!view_keys::ParseMarker(key, ToStd(it->value()), table.id,
                                  table.marker)) {
        views.tables.pop_back();
        Add(views, "a marker", "a projection, a generation and a position",
            "bytes that are none");
      }
    } else if (kind == 'e') {
      const size_t name_end = key.find('\0');
      ++views.entries;
      ++counts[std::string(key.substr(0, name_end + 1 + sizeof(uint64_t)))];
    }
  }
  if (!it->status().ok()) {
    Add(views, "the views", "entries that can be read",
        it->status().ToString());
    return;
  }
  for (StoredTable& table : views.tables) {
    table.live =
        live[table.id.projection] == view_keys::Number(table.id.generation);
    const uint64_t entries = counts[view_keys::Entry(table.id, "")];
    counts.erase(view_keys::Entry(table.id, ""));
    if (entries != table.marker.entries) {
      Add(views, Named(table.id),
          absl::StrCat(table.marker.entries, " entries"),
          absl::StrCat(entries));
    }
  }
}

}  // namespace

absl::StatusOr<StoredViews> ReadViews(const std::string& directory) {
  StoredViews views;
  std::error_code error;
  if (!fs::exists(directory + "/CURRENT", error)) return views;
  ASSIGN_OR_RETURN(
      views.lock,
      FileLock::Take(directory + "/LOCK",
                     absl::StrCat(directory,
                                  " is in use by a server; stop that one "
                                  "first")));
  rocksdb::Options options;
  options.info_log = std::make_shared<NoLog>();
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::OpenForReadOnly(options, directory, &opened);
  if (!status.ok()) {
    Add(views, "the views", "a database that opens", status.ToString());
    return views;
  }
  const std::unique_ptr<rocksdb::DB> db(opened);
  ReadAll(*db, views);
  return views;
}

}  // namespace samverk::maintenance
