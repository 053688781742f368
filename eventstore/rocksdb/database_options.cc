#include "eventstore/rocksdb/database_options.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>

#include "eventstore/base/open_files.h"
#include "eventstore/rocksdb/keys.h"

namespace samverk {
namespace {

rocksdb::BlockBasedTableOptions TableOptions(
    std::shared_ptr<rocksdb::Cache> cache, size_t block_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  table.block_size = block_bytes;
  // CRC32C is computed in software here; XXH3 costs a fraction of it.
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  // Indexes and filters count against the cache, so that memory is bounded.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  return table;
}

}  // namespace

rocksdb::DBOptions RegisterDbOptions() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.max_background_jobs = 2;
  // A log that does not end with a whole record is told, so that it can be
  // looked at before anything of it is dropped: see Database::OpenRocks.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kAbsoluteConsistency;
  // Bounds what is read again at start.
  options.max_total_wal_size = 32 << 20;
  options.paranoid_checks = true;
  // Not all tables are opened at start, which would then grow with the log.
  // Half of the descriptors are left to callers and views.
  options.max_open_files = std::clamp(OpenFileLimit() / 2, 256, 4096);
  options.keep_log_file_num = 4;
  options.max_log_file_size = 4 << 20;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

rocksdb::ColumnFamilyOptions MetaOptions() {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = 1 << 20;
  return options;
}

rocksdb::ColumnFamilyOptions LogOptions(std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = 32 << 20;
  options.max_write_buffer_number = 3;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kLZ4Compression;
  options.level_compaction_dynamic_level_bytes = true;
  // Keys arrive in order: the insert begins where the last one ended.
  options.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(1));
  options.table_factory.reset(
      rocksdb::NewBlockBasedTableFactory(TableOptions(cache, 16 << 10)));
  return options;
}

rocksdb::ColumnFamilyOptions DerivedOptions(
    std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::ColumnFamilyOptions options;
  // Everything comes as finished files, but after the disk was full: see
  // DiskWatch::HasRefused.
  options.write_buffer_size = 1 << 20;
  options.compression = rocksdb::kLZ4Compression;
  // Ids are random: every new file overlaps all others, and leveled compaction
  // would write each key dozens of times. Tiered, it is a few times, and a
  // look-up asks the filters of some more files.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.compaction_options_universal.size_ratio = 20;
  options.compaction_options_universal.min_merge_width = 8;
  options.level0_file_num_compaction_trigger = 16;
  options.level0_slowdown_writes_trigger = 48;
  options.level0_stop_writes_trigger = 64;
  // The filter of a table is one block of the cache, 10 bits a key: at 64 MiB
  // a table it has 1 to 3 MiB, and a shard of a cache of 43 MiB does not hold
  // it, so that each look-up reads it again. At 8 MiB it has a few hundred KiB.
  options.target_file_size_base = 8 << 20;
  options.prefix_extractor = keys::DerivedPrefix();
  rocksdb::BlockBasedTableOptions table = TableOptions(cache, 8 << 10);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // The prefix of an id's key is the whole key.
  table.whole_key_filtering = false;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace samverk
