// What the index knew when it was closed, so that a start need not learn it
// again; docs/log_format.md describes the bytes.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_REMEMBERED_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_REMEMBERED_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eventstore/commit_record.h"
#include "eventstore/conflict.h"
#include "eventstore/rocksdb/scalable_id_filter.h"
#include "eventstore/rocksdb/stream_cache.h"

namespace samverk {

using RememberedStreams = std::vector<std::pair<std::string_view, StreamState>>;

// `applied` is what is on disk; `ids` has at least the ids up to there. Streams
// that go on after it are left out: they are learnt from the log.
std::string EncodeRemembered(const CommitPoint& applied,
                             const ScalableIdFilter& ids,
                             const StreamCache& streams);

// Adds to `ids` and fills `streams`, whose names are in `bytes`. False, with
// nothing changed, when the bytes are damaged or are not of just this point.
bool DecodeRemembered(std::string_view bytes, const CommitPoint& applied,
                      ScalableIdFilter& ids, RememberedStreams& streams);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_REMEMBERED_H_
