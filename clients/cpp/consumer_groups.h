// Consumer groups: made and looked after, and taking part in one.
#ifndef SAMVERK_CLIENTS_CPP_CONSUMER_GROUPS_H_
#define SAMVERK_CLIENTS_CPP_CONSUMER_GROUPS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/cancellation.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"

namespace samverk::client {

class Connection;

// What a consumer says of an event.
struct Verdict {
  enum class Kind {
    kDone,
    kRefused,  // it is given again later, and parked after some attempts
    kParked,   // trying again cannot help
  };
  Kind kind = Kind::kDone;
  std::string reason;  // for people; at most 1000 bytes

  static Verdict Done() { return {}; }
  static Verdict Refused(std::string why) {
    return {Kind::kRefused, std::move(why)};
  }
  static Verdict Parked(std::string why) {
    return {Kind::kParked, std::move(why)};
  }
};

// How Consume speaks to its caller.
struct Consumer {
  // Deals with an event, on the caller's thread. It may take as long as it
  // needs: until it returns nobody else is given the event, so that a call that
  // can hang needs a deadline of its own. An event may come again, also when it
  // was done: when the server could not be told before its lease ended.
  std::function<Verdict(const bus::v1::LeasedEvent& event)> on_event;
  // The connection broke; it goes on. Is called from a thread of the library,
  // perhaps during on_event. May be empty.
  std::function<void(const absl::Status& why)> on_interrupted = nullptr;
  // Ends it from another thread, after the event at hand. May be null.
  Cancellation* cancellation = nullptr;
};

// Of Client::groups(). All methods may be called from any thread at once, and
// may fail as their RPC's comment says, and as all of the client's.
class ConsumerGroups {
 public:
  explicit ConsumerGroups(const Connection& connection);

  absl::StatusOr<bus::v1::GroupState> Create(
      std::string_view name, const bus::v1::GroupSettings& settings);
  absl::StatusOr<bus::v1::GroupState> Update(
      std::string_view name, const bus::v1::GroupSettings& settings);
  absl::StatusOr<bus::v1::GroupState> Get(std::string_view name);
  // All of them, by name.
  absl::StatusOr<std::vector<bus::v1::GroupState>> List();
  absl::Status Delete(std::string_view name);

  // At most `limit` of those that are parked, by position; 0: none.
  absl::StatusOr<std::vector<bus::v1::ParkedEvent>> ListParked(
      std::string_view name, size_t limit);
  // These positions; all that are parked when there are none. How many were.
  absl::StatusOr<uint64_t> ReplayParked(std::string_view name,
                                        const std::vector<uint64_t>& positions);
  absl::StatusOr<uint64_t> DropParked(std::string_view name,
                                      const std::vector<uint64_t>& positions);

  absl::StatusOr<bus::v1::AcknowledgeResponse> Acknowledge(
      const bus::v1::AcknowledgeRequest& request);
  absl::StatusOr<bus::v1::ExtendLeaseResponse> ExtendLease(
      const bus::v1::ExtendLeaseRequest& request);

  // Takes part in a group: receives events, has them dealt with, and says what
  // became of them, through breaks of the connection and restarts of the
  // server. Meanwhile two threads of the library read and extend leases: of all
  // events that were given, also those that on_event has not seen yet, until
  // it has said what became of them. What it has not seen when it ends is given
  // to others when their leases end. An exception of on_event ends it.
  //   CANCELLED: by consumer.cancellation, when all that was dealt with has
  //     been said. NOT_FOUND: there is no such group, or it was deleted.
  //   INVALID_ARGUMENT, FAILED_PRECONDITION, DATA_LOSS: as the RPC says.
  absl::Status Consume(const bus::v1::ReceiveRequest& request,
                       const Consumer& consumer);

 private:
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (bus::v1::ConsumerGroupService::Stub::*method)(
          grpc::ClientContext*, const Request&, Response*),
      const Request& request);

  const Connection& connection_;
  const std::unique_ptr<bus::v1::ConsumerGroupService::Stub> stub_;
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_CONSUMER_GROUPS_H_
