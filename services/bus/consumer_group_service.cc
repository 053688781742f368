#include "services/bus/consumer_group_service.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/thread_name.h"
#include "eventstore/limits.h"
#include "services/access/owned_name.h"
#include "services/access/readable.h"
#include "services/bus/group_messages.h"
#include "services/bus/owner_room.h"
#include "services/bus/refusal_screening.h"
#include "services/bus/subscribe_request.h"
#include "services/common/error_language.h"
#include "services/common/field_error.h"
#include "services/common/grpc_status.h"
#include "services/common/refused_call.h"
#include "services/common/request_language.h"
#include "services/common/retry_delay.h"
#include "services/views/logged_event.h"

namespace samverk {
namespace {

using bus::RunningGroup;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

// Reading waits for the disk, which gRPC's own threads must not.
constexpr int kReaders = 1;
constexpr size_t kReadersQueue = 256;
constexpr uint32_t kPageDefault = 100;
constexpr uint32_t kPageLargest = 1'000;
constexpr size_t kPageBytes = 1 << 20;
constexpr size_t kMemberNameBytes = 128;
constexpr absl::Duration kBetweenLooks = absl::Seconds(1);
// Events that are looked at for one whom somebody may read, of one group and of
// a list of groups.
constexpr size_t kJudged = 1'000;
constexpr size_t kJudgedInList = 10 * kJudged;
constexpr char kProblemOfOthers[] =
    "it does not go on; those who run the register can see why";

// An answer that is given from any thread, once.
class Answering {
 public:
  explicit Answering(CallbackServerContext& context)
      : reactor_(context.DefaultReactor()),
        language_(RequestLanguage("", context)) {}
  ServerUnaryReactor* reactor() const { return reactor_; }
  void operator()(const absl::Status& status) const {
    reactor_->Finish(ToGrpcStatus(InLanguage(status, language_)));
  }

 private:
  ServerUnaryReactor* reactor_;
  codec::Language language_;
};

absl::StatusOr<uint32_t> NumberOf(std::string_view field, uint32_t asked,
                                  uint32_t if_none, uint32_t largest) {
  if (asked <= largest) return asked == 0 ? if_none : asked;
  return FieldError(field, absl::StrCat(asked, " is out of range; give 1 to ",
                                        largest, ", or 0 for ", if_none));
}

absl::Status TooManyMembers(size_t count) {
  return WithRetryDelay(MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
      absl::StrCat(count,
                   " members receive already, and there may be no more; end "
                   "one, or come again later"),
      {{"members", absl::StrCat(count)}}));
}

absl::StatusOr<Position> PositionOfToken(const std::string& token) {
  uint64_t position = 0;
  if (token.empty() || absl::SimpleAtoi(token, &position)) {
    return Position(position);
  }
  return FieldError("page_token",
                    "it is of no answer to this call; leave it out to begin");
}

// Whether somebody is told how far a group is, whatever waits there: those from
// whom nothing is kept, and those who run the register and see it in its
// metrics.
bool SeesProgress(const access::Admitted& who) {
  return who.ReadsAll("") || who.HoldsEverywhere(access::Role::kAdministrator);
}

// The next events that are parked and not given again, at most so many.
std::vector<std::pair<Position, bus::Parked>> ParkedAfter(RunningGroup& group,
                                                          Position after,
                                                          size_t most) {
  std::vector<std::pair<Position, bus::Parked>> found;
  group.Look([&](const bus::ConsumerGroup& looked_at) {
    const auto& parked = looked_at.parked();
    for (auto at = parked.upper_bound(after);
         at != parked.end() && found.size() < most; ++at) {
      if (!at->second.replaying) found.emplace_back(at->first, at->second);
    }
  });
  return found;
}

}  // namespace

ConsumerGroupService::ConsumerGroupService(bus::GroupRunner& groups,
                                           EventStore& store, Clock& clock,
                                           access::Gate& gate,
                                           size_t members_max,
                                           const DisposedValues* disposed)
    : groups_(groups),
      store_(store),
      clock_(clock),
      gate_(gate),
      members_max_(members_max),
      disposed_(disposed),
      readers_(kReaders, kReadersQueue),
      looker_([this] { LookAround(); }) {}

ConsumerGroupService::~ConsumerGroupService() {
  {
    MutexLock lock(mu_);
    closing_ = true;
    closing_changed_.NotifyAll();
  }
  looker_.join();
}

void ConsumerGroupService::LookAround() {
  SetThreadName("members");
  std::vector<std::shared_ptr<MemberStream>> members;
  while (true) {
    {
      MutexLock lock(mu_);
      if (!closing_) {
        closing_changed_.WaitUntil(mu_, absl::Now() + kBetweenLooks);
      }
      if (closing_) return;
      for (const auto& [stream, shared] : members_) members.push_back(shared);
    }
    for (const auto& member : members) member->Look();
    members.clear();
  }
}

void ConsumerGroupService::Read(
    std::function<absl::Status()> job,
    std::function<void(const absl::Status&)> answer) {
  const absl::Status taken =
      readers_.Submit([job = std::move(job), answer] { answer(job()); });
  if (!taken.ok()) answer(taken);
}

void ConsumerGroupService::Create(
    const access::Admitted& who, const bus::v1::CreateGroupRequest& request,
    bus::v1::CreateGroupResponse& response,
    std::function<void(const absl::Status&)> answer) {
  // One is made after the other here, so that the count holds.
  const absl::Status room =
      CheckOwnersGroups(who, request.name(), groups_.List());
  if (!room.ok()) return answer(room);
  absl::StatusOr<bus::GroupSettings> settings = SettingsOf(request.settings());
  if (!settings.ok()) return answer(settings.status());
  const absl::StatusOr<Position> after =
      PositionOf(request.settings().start(), store_, clock_.Now());
  if (!after.ok()) return answer(after.status());
  groups_.Create(
      request.name(), *std::move(settings), *after,
      [this, who, &request, &response,
       answer = std::move(answer)](const absl::StatusOr<Position>& cursor) {
        if (!cursor.ok()) return answer(cursor.status());
        Read(
            [this, who, &request, &response] {
              return StateOf(who, request.name(), *response.mutable_group());
            },
            answer);
      });
}

ServerUnaryReactor* ConsumerGroupService::CreateGroup(
    CallbackServerContext* context, const bus::v1::CreateGroupRequest* request,
    bus::v1::CreateGroupResponse* response) {
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  const Answering answer(*context);
  const absl::Status taken =
      readers_.Submit([this, request, response, answer, who = *who] {
        Create(who, *request, *response, answer);
      });
  if (!taken.ok()) answer(taken);
  return answer.reactor();
}

void ConsumerGroupService::Ask(const std::string& name,
                               RunningGroup::Change change,
                               RunningGroup::Answer answer) {
  const auto group = groups_.Find(name);
  if (!group.ok()) return answer(group.status());
  (*group)->Ask(change, std::move(answer));
}

ServerUnaryReactor* ConsumerGroupService::UpdateGroup(
    CallbackServerContext* context, const bus::v1::UpdateGroupRequest* request,
    bus::v1::UpdateGroupResponse* response) {
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  const Answering answer(*context);
  Ask(
      request->name(),
      [request](bus::ConsumerGroup& found, absl::Time) -> absl::Status {
        ASSIGN_OR_RETURN(
            bus::GroupSettings changed,
            ChangedSettings(request->settings(), found.settings()));
        found.Change(std::move(changed));
        return absl::OkStatus();
      },
      [this, request, response, answer,
       who = *who](const absl::StatusOr<Position>& cursor) {
        if (!cursor.ok()) return answer(cursor.status());
        Read(
            [this, request, response, who] {
              return StateOf(who, request->name(), *response->mutable_group());
            },
            answer);
      });
  return answer.reactor();
}

bool ConsumerGroupService::Show(const access::Admitted& who, Position position,
                                view::v1::LoggedEvent& shown) {
  bool decoded = false;
  ReadOptions one;
  one.after = Position(position.value() - 1);
  one.before = position.Next();
  one.limit = 1;
  const auto read = store_.Visit(one, [&](const RecordView& event) {
    decoded = ToLoggedEvent(event, shown).ok();
    return true;
  });
  if (read.ok() && decoded) {
    if (disposed_ != nullptr) disposed_->Mark(shown);
    return access::MayRead(who, store_, shown);
  }
  shown.Clear();
  shown.set_position(position.value());
  return SeesProgress(who);
}

std::optional<WaitingEvent> ConsumerGroupService::FirstReadable(
    const access::Admitted& who, const std::vector<Position>& positions) {
  for (const Position position : positions) {
    view::v1::LoggedEvent event;
    if (!Show(who, position, event)) continue;
    const auto& at = event.recorded_at();
    return WaitingEvent{position, absl::FromUnixSeconds(at.seconds()) +
                                      absl::Nanoseconds(at.nanos())};
  }
  return std::nullopt;
}

absl::Status ConsumerGroupService::StateOf(const access::Admitted& who,
                                           const std::string& name,
                                           bus::v1::GroupState& state) {
  ASSIGN_OR_RETURN(const auto group, groups_.Find(name));
  const Position head = store_.Head();
  const absl::Time now = clock_.Now();
  const bool sees_progress = SeesProgress(who);
  std::vector<Position> unsettled;
  group->Look([&](const bus::ConsumerGroup& found) {
    FillState(found, head, now, state);
    if (!sees_progress) unsettled = found.Unsettled(kJudged);
  });
  const absl::Status problem = group->problem();
  state.set_problem(std::string(problem.message()));
  if (sees_progress) return absl::OkStatus();
  FillPlace(FirstReadable(who, unsettled), now, state);
  state.set_in_flight(static_cast<uint32_t>(group->WithMembers()));
  // It may name the position of any event.
  if (!problem.ok() && ReasonOf(problem) != error::v1::REASON_LIMIT_EXCEEDED) {
    state.set_problem(kProblemOfOthers);
  }
  return absl::OkStatus();
}

std::vector<bus::v1::GroupState> ConsumerGroupService::States() {
  std::vector<bus::v1::GroupState> states;
  for (const std::string& name : groups_.List()) {
    absl::StatusOr<bus::v1::GroupState> state =
        Listed(access::Admitted::Everybody(), name);
    if (state.ok()) states.push_back(*std::move(state));
  }
  return states;
}

absl::StatusOr<bus::v1::GroupState> ConsumerGroupService::Listed(
    const access::Admitted& who, const std::string& name) {
  bus::v1::GroupState state;
  const absl::Status shown = StateOf(who, name, state);
  if (absl::IsNotFound(shown)) return shown;
  if (!shown.ok()) {
    state.set_name(name);
    state.set_problem(std::string(shown.message()));
  }
  return state;
}

ServerUnaryReactor* ConsumerGroupService::GetGroup(
    CallbackServerContext* context, const bus::v1::GetGroupRequest* request,
    bus::v1::GetGroupResponse* response) {
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  const Answering answer(*context);
  Read(
      [this, request, response, who = *who] {
        return StateOf(who, request->name(), *response->mutable_group());
      },
      answer);
  return answer.reactor();
}

absl::Status ConsumerGroupService::List(
    const access::Admitted& who, const bus::v1::ListGroupsRequest& request,
    bus::v1::ListGroupsResponse& response) {
  ASSIGN_OR_RETURN(
      const uint32_t size,
      NumberOf("page_size", request.page_size(), kPageDefault, kPageLargest));
  std::vector<std::string> names = groups_.List();
  std::erase_if(names, [&who](const std::string& name) {
    return !access::OwnsName(who, name);
  });
  auto name =
      std::upper_bound(names.begin(), names.end(), request.page_token());
  if (request.page_token().empty()) name = names.begin();
  size_t bytes = 0;
  uint64_t judged = 0;
  while (name != names.end() && bytes < kPageBytes && judged < kJudgedInList &&
         static_cast<uint32_t>(response.groups_size()) < size) {
    absl::StatusOr<bus::v1::GroupState> state = Listed(who, *name);
    if (state.ok()) {
      bytes += state->ByteSizeLong();
      if (!SeesProgress(who)) judged += kJudged;
      *response.add_groups() = *std::move(state);
    }
    ++name;
  }
  if (name != names.end()) {
    response.set_next_page_token(response.groups().rbegin()->name());
  }
  return absl::OkStatus();
}

ServerUnaryReactor* ConsumerGroupService::ListGroups(
    CallbackServerContext* context, const bus::v1::ListGroupsRequest* request,
    bus::v1::ListGroupsResponse* response) {
  const auto who = gate_.Admit(*context, access::CallRight::kLoggedIn);
  if (!who.ok()) return RefuseCall(*context, who.status());
  const Answering answer(*context);
  Read([this, request, response,
        who = *who] { return List(who, *request, *response); },
       answer);
  return answer.reactor();
}

ServerUnaryReactor* ConsumerGroupService::DeleteGroup(
    CallbackServerContext* context, const bus::v1::DeleteGroupRequest* request,
    bus::v1::DeleteGroupResponse*) {
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  const Answering answer(*context);
  groups_.Delete(request->name(),
                 [answer](const absl::StatusOr<Position>& cursor) {
                   answer(cursor.status());
                 });
  return answer.reactor();
}

absl::StatusOr<std::shared_ptr<MemberStream>> ConsumerGroupService::NewMember(
    CallbackServerContext& context, const bus::v1::ReceiveRequest& request,
    bus::MemberRoom& room, access::Admitted who) {
  ASSIGN_OR_RETURN(room.batch, NumberOf("batch_size", request.batch_size(),
                                        room.batch, limits::kGroupBatch));
  ASSIGN_OR_RETURN(room.open_leases,
                   NumberOf("open_leases", request.open_leases(),
                            room.open_leases, limits::kGroupOpenLeases));
  if (request.member().size() > kMemberNameBytes) {
    return FieldError("member", absl::StrCat("it has ", request.member().size(),
                                             " bytes; at most ",
                                             kMemberNameBytes, " are allowed"));
  }
  ASSIGN_OR_RETURN(auto group, groups_.Find(request.name()));
  auto member = std::make_shared<MemberStream>(
      context, clock_, std::move(group),
      MemberStream::Reader{&gate_, &store_, request.name(), who, disposed_},
      [this](MemberStream* gone) {
        MutexLock lock(mu_);
        members_.erase(gone);
      });
  MutexLock lock(mu_);
  if (members_.size() >= members_max_) return TooManyMembers(members_.size());
  const auto own = std::count_if(
      members_.begin(), members_.end(), [&member](const auto& at) {
        return OwnerOf(at.first->name()) == OwnerOf(member->name());
      });
  RETURN_IF_ERROR(
      CheckOwnersMembers(who, request.name(), static_cast<size_t>(own)));
  members_.emplace(member.get(), member);
  return member;
}

grpc::ServerWriteReactor<bus::v1::ReceiveResponse>*
ConsumerGroupService::Receive(CallbackServerContext* context,
                              const bus::v1::ReceiveRequest* request) {
  auto who = access::AdmitOwner(gate_, *context, request->name(),
                                access::CallKind::kStream);
  if (!who.ok()) {
    return new RefusedStream<bus::v1::ReceiveResponse>(who.status());
  }
  bus::MemberRoom room;
  const auto member = NewMember(*context, *request, room, *std::move(who));
  if (!member.ok()) {
    return new RefusedStream<bus::v1::ReceiveResponse>(  // deletes itself
        InLanguage(member.status(), RequestLanguage("", *context)));
  }
  (*member)->Join(room);
  return member->get();
}

ServerUnaryReactor* ConsumerGroupService::Acknowledge(
    CallbackServerContext* context, const bus::v1::AcknowledgeRequest* request,
    bus::v1::AcknowledgeResponse* response) {
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  const Answering answer(*context);
  if (const absl::Status reasons = CheckReasons(*request); !reasons.ok()) {
    answer(reasons);
    return answer.reactor();
  }
  const bus::Acknowledgement said = AcknowledgementOf(*request);
  Ask(
      request->name(),
      [&said](bus::ConsumerGroup& found, absl::Time now) {
        return found.Acknowledge(said, now);
      },
      // The cursor stands before events that may be kept from the caller.
      [response, answer,
       told = SeesProgress(*who)](const absl::StatusOr<Position>& cursor) {
        if (cursor.ok() && told) response->set_cursor(cursor->value());
        answer(cursor.status());
      });
  return answer.reactor();
}

ServerUnaryReactor* ConsumerGroupService::ExtendLease(
    CallbackServerContext* context, const bus::v1::ExtendLeaseRequest* request,
    bus::v1::ExtendLeaseResponse* response) {
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  const Answering answer(*context);
  Ask(
      request->name(),
      [request, response](bus::ConsumerGroup& found,
                          absl::Time now) -> absl::Status {
        ASSIGN_OR_RETURN(const absl::Time ends,
                         found.ExtendLease(request->lease(), now));
        FillInstant(ends, *response->mutable_lease_ends());
        return absl::OkStatus();
      },
      [answer](const absl::StatusOr<Position>& cursor) {
        answer(cursor.status());
      });
  return answer.reactor();
}

absl::Status ConsumerGroupService::List(
    const access::Admitted& who, const bus::v1::ListParkedRequest& request,
    bus::v1::ListParkedResponse& response) {
  ASSIGN_OR_RETURN(
      const uint32_t size,
      NumberOf("page_size", request.page_size(), kPageDefault, kPageLargest));
  ASSIGN_OR_RETURN(const Position after, PositionOfToken(request.page_token()));
  ASSIGN_OR_RETURN(const auto group, groups_.Find(request.name()));
  size_t bytes = 0;
  std::vector<access::SecretEvent> secrets;
  Position looked_at = after;
  for (bool more = true; more;) {
    const std::vector<std::pair<Position, bus::Parked>> found =
        ParkedAfter(*group, looked_at, size);
    more = found.size() == size;
    for (const auto& [position, parked] : found) {
      looked_at = position;
      bus::v1::ParkedEvent shown;
      // What the caller may not read is passed over.
      if (!Show(who, position, *shown.mutable_event())) continue;
      if (static_cast<uint32_t>(response.parked_size()) == size ||
          bytes > kPageBytes) {
        // After the last that is shown: others are no token either.
        response.set_next_page_token(
            absl::StrCat(response.parked().rbegin()->event().position()));
        more = false;
        break;
      }
      if (auto secret = access::SecretOf(shown.event().event());
          secret.has_value()) {
        secrets.push_back(*std::move(secret));
      }
      shown.set_attempts(parked.attempts);
      shown.set_reason(parked.reason);
      FillInstant(parked.parked_at, *shown.mutable_parked_at());
      bytes += shown.ByteSizeLong();
      *response.add_parked() = std::move(shown);
    }
  }
  return gate_.journal().Note(who, event::v1::SecretDataRead::WAY_EVENTS,
                              secrets);
}

ServerUnaryReactor* ConsumerGroupService::ListParked(
    CallbackServerContext* context, const bus::v1::ListParkedRequest* request,
    bus::v1::ListParkedResponse* response) {
  const auto who = access::AdmitOwner(gate_, *context, request->name());
  if (!who.ok()) return RefuseCall(*context, who.status());
  const Answering answer(*context);
  Read([this, request, response,
        who = *who] { return List(who, *request, *response); },
       answer);
  return answer.reactor();
}

template <typename Request, typename Response, typename Change>
ServerUnaryReactor* ConsumerGroupService::ChangeParked(
    CallbackServerContext& context, const Request& request, Response& response,
    Change change) {
  const auto who = access::AdmitOwner(gate_, context, request.name());
  if (!who.ok()) return RefuseCall(context, who.status());
  const Answering answer(context);
  if (request.all() != request.positions().empty()) {
    answer(FieldError("positions", request.all()
                                       ? "all says it already; leave them out"
                                       : "none are given; give some, or all"));
    return answer.reactor();
  }
  std::vector<Position> positions;
  for (const uint64_t position : request.positions()) {
    positions.emplace_back(position);
  }
  Ask(
      request.name(),
      [&](bus::ConsumerGroup& found, absl::Time) {
        response.set_count(
            change(found, request.all()
                              ? std::nullopt
                              : std::optional(absl::MakeConstSpan(positions))));
        return absl::OkStatus();
      },
      [answer](const absl::StatusOr<Position>& cursor) {
        answer(cursor.status());
      });
  return answer.reactor();
}

ServerUnaryReactor* ConsumerGroupService::ReplayParked(
    CallbackServerContext* context, const bus::v1::ReplayParkedRequest* request,
    bus::v1::ReplayParkedResponse* response) {
  return ChangeParked(*context, *request, *response,
                      [](bus::ConsumerGroup& group, auto positions) {
                        return group.ReplayParked(positions);
                      });
}

ServerUnaryReactor* ConsumerGroupService::DropParked(
    CallbackServerContext* context, const bus::v1::DropParkedRequest* request,
    bus::v1::DropParkedResponse* response) {
  return ChangeParked(*context, *request, *response,
                      [](bus::ConsumerGroup& group, auto positions) {
                        return group.DropParked(positions);
                      });
}

}  // namespace samverk
