// How a query is answered from the positions of its terms.
#ifndef SAMVERK_EVENTSTORE_ROCKSDB_QUERY_PLAN_H_
#define SAMVERK_EVENTSTORE_ROCKSDB_QUERY_PLAN_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "eventstore/rocksdb/keys.h"
#include "eventstore/rocksdb/position_source.h"
#include "eventstore/rocksdb/recent_segments.h"
#include "eventstore/types.h"

namespace samverk {

using Term = std::pair<keys::TermKind, std::string>;
using TermPositions = std::map<Term, std::vector<uint64_t>>;

// The positions in memory of every term of the query, in (after, upto].
TermPositions PositionsOfTerms(const Query& query, const RecentSegments& recent,
                               Position after, Position upto);

// Any of the items; an item is any of its types, all of its tags, any of its
// streams. source_of(kind, term) gives the positions of a term; it is asked
// once for each place where the term stands.
std::unique_ptr<PositionSource> CombineTerms(
    const Query& query, Position upto,
    absl::FunctionRef<std::unique_ptr<PositionSource>(keys::TermKind,
                                                      const std::string&)>
        source_of);

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_ROCKSDB_QUERY_PLAN_H_
