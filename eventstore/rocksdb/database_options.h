// How RocksDB is set for a register, and why.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_DATABASE_OPTIONS_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_DATABASE_OPTIONS_H_

#include <rocksdb/cache.h>
#include <rocksdb/options.h>

#include <memory>

namespace samverk {

rocksdb::DBOptions RegisterDbOptions();
// A few small keys.
rocksdb::ColumnFamilyOptions MetaOptions();
// Records and commit headers: keys arrive in order and are never changed.
rocksdb::ColumnFamilyOptions LogOptions(std::shared_ptr<rocksdb::Cache> cache);
// Indexes and tiles.
rocksdb::ColumnFamilyOptions DerivedOptions(
    std::shared_ptr<rocksdb::Cache> cache);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_DATABASE_OPTIONS_H_
