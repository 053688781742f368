// Queries that wait for an event: which of very many does one match?
#ifndef SAMVERK_SERVICES_COMMON_WAITING_QUERIES_H_
#define SAMVERK_SERVICES_COMMON_WAITING_QUERIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "eventstore/base/strings.h"
#include "eventstore/record.h"
#include "eventstore/types.h"

namespace samverk {

// Finds them by what an event has, without asking each: an item is filed under
// its streams, else its types, else its last tag, and an event that matches it
// has one of these. Not thread-safe.
class WaitingQueries {
 public:
  using Id = uint64_t;

  // `id` must not be here; `query` must outlive its stay.
  void Add(Id id, const Query& query);
  // Nothing happens when it is not here.
  void Remove(Id id);
  bool empty() const { return queries_.empty(); }

  // Those that the event matches, each once.
  std::vector<Id> Matching(const BodyView& body) const;
  // All of them.
  std::vector<Id> All() const;

 private:
  using Ids = absl::btree_set<Id>;
  using Filed = StringMap<Ids>;

  // Calls file(filed, term) for each term that the query is filed under.
  template <typename File>
  void ForEachTerm(const Query& query, File file);

  absl::flat_hash_map<Id, const Query*> queries_;
  Filed streams_;
  Filed types_;
  Filed tags_;
  Filed rest_;  // items that restrict nothing, all under ""
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_WAITING_QUERIES_H_
