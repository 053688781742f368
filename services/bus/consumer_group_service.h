// Consumer groups over gRPC.
#ifndef SAMVERK_SERVICES_BUS_CONSUMER_GROUP_SERVICE_H_
#define SAMVERK_SERVICES_BUS_CONSUMER_GROUP_SERVICE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/bus/group_runner.h"
#include "eventstore/event_store.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"
#include "services/access/gate.h"
#include "services/bus/group_messages.h"
#include "services/bus/member_stream.h"
#include "services/common/worker_pool.h"
#include "services/views/logged_event.h"

namespace samverk {

// samverk.bus.v1.ConsumerGroupService. Errors as its contract has them, in the
// caller's language; RESOURCE_EXHAUSTED (QUEUE_FULL) also for members beyond
// the limit.
class ConsumerGroupService final
    : public bus::v1::ConsumerGroupService::CallbackService {
 public:
  // Members of all groups at once.
  static constexpr size_t kMembersMax = 4'096;

  // All must outlive it. The runner ends the members when the store closes.
  // Callers use the groups whose names are theirs. Events that a member may not
  // read are settled for the group and not given; what callers are told of a
  // group, of its progress and of what is parked, rests on what they may read.
  ConsumerGroupService(bus::GroupRunner& groups, EventStore& store,
                       Clock& clock, access::Gate& gate,
                       size_t members_max = kMembersMax,
                       const DisposedValues* disposed = nullptr);
  // No call may be under way.
  ~ConsumerGroupService() override;

  // How all groups stand, by name; of a damaged one only name and problem are
  // known. Any thread.
  std::vector<bus::v1::GroupState> States();

  grpc::ServerUnaryReactor* CreateGroup(
      grpc::CallbackServerContext* context,
      const bus::v1::CreateGroupRequest* request,
      bus::v1::CreateGroupResponse* response) override;
  grpc::ServerUnaryReactor* UpdateGroup(
      grpc::CallbackServerContext* context,
      const bus::v1::UpdateGroupRequest* request,
      bus::v1::UpdateGroupResponse* response) override;
  grpc::ServerUnaryReactor* GetGroup(
      grpc::CallbackServerContext* context,
      const bus::v1::GetGroupRequest* request,
      bus::v1::GetGroupResponse* response) override;
  grpc::ServerUnaryReactor* ListGroups(
      grpc::CallbackServerContext* context,
      const bus::v1::ListGroupsRequest* request,
      bus::v1::ListGroupsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteGroup(
      grpc::CallbackServerContext* context,
      const bus::v1::DeleteGroupRequest* request,
      bus::v1::DeleteGroupResponse* response) override;
  grpc::ServerWriteReactor<bus::v1::ReceiveResponse>* Receive(
      grpc::CallbackServerContext* context,
      const bus::v1::ReceiveRequest* request) override;
  grpc::ServerUnaryReactor* Acknowledge(
      grpc::CallbackServerContext* context,
      const bus::v1::AcknowledgeRequest* request,
      bus::v1::AcknowledgeResponse* response) override;
  grpc::ServerUnaryReactor* ExtendLease(
      grpc::CallbackServerContext* context,
      const bus::v1::ExtendLeaseRequest* request,
      bus::v1::ExtendLeaseResponse* response) override;
  grpc::ServerUnaryReactor* ListParked(
      grpc::CallbackServerContext* context,
      const bus::v1::ListParkedRequest* request,
      bus::v1::ListParkedResponse* response) override;
  grpc::ServerUnaryReactor* ReplayParked(
      grpc::CallbackServerContext* context,
      const bus::v1::ReplayParkedRequest* request,
      bus::v1::ReplayParkedResponse* response) override;
  grpc::ServerUnaryReactor* DropParked(
      grpc::CallbackServerContext* context,
      const bus::v1::DropParkedRequest* request,
      bus::v1::DropParkedResponse* response) override;

 private:
  void Create(const access::Admitted& who,
              const bus::v1::CreateGroupRequest& request,
              bus::v1::CreateGroupResponse& response,
              std::function<void(const absl::Status&)> answer);
  // Asks a group; errors as GroupRunner::Find has them.
  void Ask(const std::string& name, bus::RunningGroup::Change change,
           bus::RunningGroup::Answer answer);
  // Has a job that reads the log done, and its outcome answered.
  void Read(std::function<absl::Status()> job,
            std::function<void(const absl::Status&)> answer);
  // For somebody; reads the log. NOT_FOUND; DATA_LOSS (DAMAGED).
  absl::Status StateOf(const access::Admitted& who, const std::string& name,
                       bus::v1::GroupState& state);
  // The first of these events that somebody may read.
  std::optional<WaitingEvent> FirstReadable(
      const access::Admitted& who, const std::vector<Position>& positions);
  // Decodes an event and shows it, if it is there and somebody may read it. Of
  // one that cannot be decoded there is the position, for those who see how far
  // groups are.
  bool Show(const access::Admitted& who, Position position,
            view::v1::LoggedEvent& shown);
  // A damaged group has its name and its problem. NOT_FOUND: it was deleted
  // meanwhile.
  absl::StatusOr<bus::v1::GroupState> Listed(const access::Admitted& who,
                                             const std::string& name);
  absl::Status List(const access::Admitted& who,
                    const bus::v1::ListGroupsRequest& request,
                    bus::v1::ListGroupsResponse& response);
  absl::Status List(const access::Admitted& who,
                    const bus::v1::ListParkedRequest& request,
                    bus::v1::ListParkedResponse& response);
  absl::StatusOr<std::shared_ptr<MemberStream>> NewMember(
      grpc::CallbackServerContext& context,
      const bus::v1::ReceiveRequest& request, bus::MemberRoom& room,
      access::Admitted who);
  // Replays or drops.
  template <typename Request, typename Response, typename Change>
  grpc::ServerUnaryReactor* ChangeParked(grpc::CallbackServerContext& context,
                                         const Request& request,
                                         Response& response, Change change);
  void LookAround();

  bus::GroupRunner& groups_;
  EventStore& store_;
  Clock& clock_;
  access::Gate& gate_;
  const size_t members_max_;
  const DisposedValues* const disposed_;  // may be null
  Mutex mu_;
  CondVar closing_changed_;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  absl::flat_hash_map<MemberStream*, std::shared_ptr<MemberStream>> members_
      ABSL_GUARDED_BY(mu_);
  WorkerPool readers_;
  std::thread looker_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_BUS_CONSUMER_GROUP_SERVICE_H_
