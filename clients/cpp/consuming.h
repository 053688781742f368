// Taking part in a consumer group. Internal to clients/cpp.
#ifndef SAMVERK_CLIENTS_CPP_CONSUMING_H_
#define SAMVERK_CLIENTS_CPP_CONSUMING_H_

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clients/cpp/cancellation.h"
#include "clients/cpp/consumer_groups.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"

namespace samverk::client {

class Connection;

// One call of ConsumerGroups::Consume, by three threads: the caller's deals
// with the events, one reads, so that what the server has leased is known here,
// and one extends all leases that are known, also those that wait and while a
// single event takes long. It holds:
//   K1  A lease that was read is extended each third of a term, until all that
//       was dealt with has been said. The term is the group's setting: the
//       server's clock may be set otherwise than this machine's.
//   K2  After a break the leases of before are extended first. So those that
//       ended with the server are known, and are not worked on, before their
//       events come again.
//   K3  What was dealt with is said when the lease is done, or else each third
//       of a term: others need not wait for it, and it does not come again when
//       the rest of the lease does.
class Consuming {
 public:
  // All must outlive it.
  Consuming(const Connection& connection,
            bus::v1::ConsumerGroupService::Stub& stub, ConsumerGroups& groups,
            const bus::v1::ReceiveRequest& request, const Consumer& consumer);
  ~Consuming();

  // Once; returns as ConsumerGroups::Consume.
  absl::Status Run();

 private:
  struct Lease {
    bus::v1::ReceiveResponse given;
    bool ended = false;  // its events are given again
  };

  // The reading thread's.
  void Read();

  // The caller's thread's: deals with leases until the reading ends. An error
  // is that of saying what became of some events.
  absl::Status Work();
  absl::Status DealWith(const Lease& lease);
  // Says it, if it is anything, and clears it.
  absl::Status Say(bus::v1::AcknowledgeRequest& said);
  // The next lease, which is the first of leases_ until Work drops it; null
  // when the reading has ended.
  const Lease* Next();
  bool HasEnded(const Lease& lease);

  // The keeping thread's, and at the beginning of each connection the reading
  // one's: extends all leases, and asks how long that is.
  void Keep();
  void LearnTerm();
  void Extend(const std::string& lease);
  // The names of all leases that have not ended.
  std::vector<std::string> Kept();
  // Between two extensions.
  absl::Duration Pause();

  // Ends both threads.
  void End();

  const Connection& connection_;
  bus::v1::ConsumerGroupService::Stub& stub_;
  ConsumerGroups& groups_;
  const bus::v1::ReceiveRequest& request_;
  const Consumer& consumer_;

  Cancellation reading_;  // is cancelled also when it has ended by itself
  Cancellation keeping_;
  absl::Status read_;  // how the reading ended; the reading thread's

  std::mutex mu_;
  std::condition_variable changed_;
  // In the order in which they came; the first is at hand. Guarded by mu_.
  std::deque<Lease> leases_;
  absl::Duration term_;  // guarded by mu_

  std::thread reader_;
  std::thread keeper_;
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_CONSUMING_H_
