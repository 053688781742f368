// One member of a consumer group, at the end of a call.
#ifndef SAMVERK_SERVICES_BUS_MEMBER_STREAM_H_
#define SAMVERK_SERVICES_BUS_MEMBER_STREAM_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/bus/running_group.h"
#include "proto/codec/text.h"
#include "samverk/bus/v1/consumer_group.pb.h"
#include "services/access/gate.h"
#include "services/access/secret_event.h"
#include "services/views/logged_event.h"

namespace samverk {

// Writes what the group gives, one message after the other. What waits to be
// written is bounded by the leases that the member may have open, and by bytes
// (limits::kMemberUnsentBytes): a message whose lease has ended is dropped, and
// no attempt is counted.
// Nothing hangs on the call but the membership: leases go on when it ends. Only
// what was not begun to be written is taken back then, and given to others at
// once. An event that cannot be decoded is parked, with the reason; one that
// the member may not read is settled here, and leaves no trace in what it is
// given. When what the member showed holds no longer, the call ends.
//
// It lives until gRPC is done with the call and the group has let go of it.
class MemberStream final
    : public grpc::ServerWriteReactor<bus::v1::ReceiveResponse>,
      public bus::GroupMember,
      public std::enable_shared_from_this<MemberStream> {
 public:
  using Gone = std::function<void(MemberStream*)>;

  // Who receives, from a group of which name. `gate` is asked again for each
  // delivery.
  struct Reader {
    access::Gate* gate = nullptr;
    EventStore* store = nullptr;
    std::string group;
    access::Admitted who;
    const DisposedValues* disposed = nullptr;  // may be null
  };

  // `context` is the call's, `clock` and the gate must outlive it; `gone` is
  // called from gRPC's thread.
  MemberStream(grpc::CallbackServerContext& context, Clock& clock,
               std::shared_ptr<bus::RunningGroup> group, Reader reader,
               Gone gone);

  // Of the group.
  const std::string& name() const { return reader_.group; }

  // Joins the group, or ends the call with the reason why not. Once.
  void Join(bus::MemberRoom room);
  // Gives a sign of life when nothing was said for a while.
  void Look();

  bool Deliver(const bus::Delivery& delivery,
               std::vector<RecordedEvent> events) override;
  void End(const absl::Status& why) override;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  struct Message {
    bus::v1::ReceiveResponse response;
    absl::Time until;   // nobody needs it afterwards
    int64_t bytes = 0;  // of its events, as they are stored
    // The group knows that it waits.
    bool waits = false;
  };

  // A delivery, by what becomes of its events.
  struct Sorted {
    Message message;
    std::vector<access::SecretEvent> secrets;  // in the message
    bus::Acknowledgement unreadable;           // to be parked
    std::vector<Position> withheld;
  };
  Sorted Sort(const bus::Delivery& delivery,
              const std::vector<RecordedEvent>& events) const;

  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // The lease of the first that waits has ended.
  void DropFirst() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // So many bytes wait no more to be sent: the group is told.
  void Left(int64_t bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // None of the events of a lease left the server.
  void TakeBack(const std::string& lease);
  // These, of a lease, cannot be given to anybody.
  void Park(const bus::Acknowledgement& unreadable);

  grpc::CallbackServerContext& context_;
  Clock& clock_;
  const std::shared_ptr<bus::RunningGroup> group_;
  Reader reader_;  // of the group's thread, one delivery after the other
  const Gone gone_;
  const codec::Language language_;
  // Until gRPC is done with the call.
  std::shared_ptr<MemberStream> self_;

  Mutex mu_;  // is taken before the group's
  std::optional<uint64_t> member_ ABSL_GUARDED_BY(mu_);  // in the group
  std::deque<Message> waiting_ ABSL_GUARDED_BY(mu_);
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  int64_t writing_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Time write_began_ ABSL_GUARDED_BY(mu_);
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  std::optional<absl::Status> outcome_ ABSL_GUARDED_BY(mu_);
  absl::Time said_ ABSL_GUARDED_BY(mu_);  // something
  bus::v1::ReceiveResponse current_;      // belongs to the write that goes on
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_MEMBER_STREAM_H_
