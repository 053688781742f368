// Pages of the log as subscribers are sent them.
#ifndef SAMVERK_SERVICES_BUS_BUS_PAGES_H_
#define SAMVERK_SERVICES_BUS_BUS_PAGES_H_

#include <grpcpp/support/slice.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "services/access/admitted.h"
#include "services/access/secret_event.h"
#include "services/views/logged_event.h"

namespace samverk {

// Some matching events, decoded and encoded. Does not change.
struct BusPage : ReadEnd {
  // The bytes of a SubscribeResponse with these events and nothing else; empty
  // when there are none.
  grpc::Slice events;
  size_t count = 0;
  // Those of them that are secret: to be noted for whoever is given the page.
  std::vector<access::SecretEvent> secrets;
  absl::Time read_at;
};

// Which page.
struct BusPageRequest {
  const Query& query;
  // Equal for equal queries and sizes of a batch.
  const std::string& key;
  Position after;
  std::optional<absl::Time> recorded_from;
  uint32_t batch_size = 0;
  // Who is given it: it is without what they may not read. With the same key
  // they are the same.
  const access::Admitted& who;
};

// Makes pages, and keeps the last ones made, so that subscribers who want the
// same events, or follow each other through the log, share the work. All
// methods may be called from any thread.
class BusPages {
 public:
  // Keeps pages of up to so many bytes together. `store` must outlive this, and
  // so must `disposed`, which may be null. A page that is kept may be from
  // before something in it was disposed of.
  BusPages(EventStore& store, size_t bytes_kept,
           const DisposedValues* disposed = nullptr);

  // The events that match after a position: up to batch_size of them and up to
  // kPageBytes of their records, or fewer. A page that was kept may end before
  // the head although one that were read now would not: see read_at.
  //   FAILED_PRECONDITION (UNKNOWN_EVENT), DATA_LOSS (DAMAGED): the first event
  //     cannot be given. One further on ends the page before it.
  absl::StatusOr<std::shared_ptr<const BusPage>> Get(
      const BusPageRequest& request);

  // Stored bytes of a page's events.
  static constexpr size_t kPageBytes = 1 << 20;

 private:
  using Key = std::pair<std::string, Position>;

  absl::StatusOr<std::shared_ptr<const BusPage>> Make(
      const BusPageRequest& request);
  std::shared_ptr<const BusPage> Find(const Key& key);
  void Keep(const Key& key, const std::shared_ptr<const BusPage>& page);

  EventStore& store_;
  const size_t bytes_kept_;
  const DisposedValues* const disposed_;
  Mutex mu_;
  std::map<Key, std::shared_ptr<const BusPage>> pages_ ABSL_GUARDED_BY(mu_);
  // Keys of the pages, the oldest first.
  std::deque<Key> order_ ABSL_GUARDED_BY(mu_);
  size_t bytes_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_BUS_PAGES_H_
