// A RocksDB that writes no log file of its own.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_NO_LOG_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_NO_LOG_H_

#include <rocksdb/env.h>

#include <cstdarg>

namespace samverk {

// For Options::info_log of databases that are only looked at. Thread-safe.
class NoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_NO_LOG_H_
