// How the register says that it is, and how views are built anew.
#include "services/admin/admin_service.h"

#include <grpcpp/client_context.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/uuid.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "samverk/admin/v1/admin_service.grpc.pb.h"
#include "tests/engine/temp_directory.h"
#include "tests/testing/events.h"
#include "tests/testing/gate.h"
#include "tests/views/append_events.h"
#include "tests/views/view_register.h"

namespace samverk {
namespace {

using admin::v1::AdminService;
using admin::v1::CreateBackupResponse;
using admin::v1::GetStatusResponse;
using admin::v1::ListProjectionsResponse;
using admin::v1::ProjectionState;
using admin::v1::ProjectionStatus;
using admin::v1::RebuildProjectionRequest;
using admin::v1::RebuildProjectionResponse;
using event::v1::Event;
using ::testing::ElementsAre;
using testing::EventOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ReasonOf;

constexpr int64_t kNow = 1'767'225'600;

class AdminServiceTest : public ::testing::Test {
 protected:
  AdminServiceTest() {
    RocksDbEventStore::Options log;
    log.directory = directory_.path() + "/log";
    log.origin = "prov";
    log.clock = &clock_;
    log.reserved_bytes = 0;
    auto store = RocksDbEventStore::Open(std::move(log));
    SAMVERK_CHECK(store.ok()) << store.status();
    store_ = *std::move(store);
    projections::Projector::Options views;
    views.directory = directory_.path() + "/views";
    views.projections.assign(projections::AllProjections().begin(),
                             projections::AllProjections().end());
    views.lane.before_commit = [this] { gate_.Pass(); };
    // Each page is a batch of its own: a rebuild gets on visibly.
    views.lane.commit_every = absl::ZeroDuration();
    auto projector = projections::Projector::Open(*store_, std::move(views));
    SAMVERK_CHECK(projector.ok()) << projector.status();
    projector_ = *std::move(projector);
    service_ = MakeAdminService(
        *store_, *projector_,
        {"1.2.3", absl::FromUnixSeconds(kNow), absl::Milliseconds(7),
         directory_.path(), directory_.path() + "/backups",
         [] { return std::vector<std::string>{"a witness is asleep"}; }},
        access::OpenGate());
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = AdminService::NewStub(server_->InProcessChannel({}));
  }
  ~AdminServiceTest() override {
    gate_.Open();
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    service_.reset();
    projector_.reset();
  }

  void Append(std::vector<Event> events) {
    testing::AppendEvents(*store_, std::move(events));
  }
  void AwaitViews() {
    const absl::Status status = projector_->AwaitApplied(
        store_->Head(), absl::Now() + absl::Seconds(60));
    ASSERT_TRUE(status.ok()) << status;
  }
  GetStatusResponse Status() {
    grpc::ClientContext context;
    GetStatusResponse response;
    const grpc::Status status = stub_->GetStatus(&context, {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::vector<ProjectionStatus> Projections() {
    grpc::ClientContext context;
    ListProjectionsResponse response;
    const grpc::Status status = stub_->ListProjections(&context, {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {response.projections().begin(), response.projections().end()};
  }
  std::vector<ProjectionState> States() {
    std::vector<ProjectionState> states;
    for (const auto& projection : Projections()) {
      states.push_back(projection.state());
    }
    return states;
  }

  struct Rebuilt {
    grpc::Status status;
    std::vector<RebuildProjectionResponse> messages;
  };
  Rebuilt Rebuild(const std::string& name) {
    grpc::ClientContext context;
    RebuildProjectionRequest request;
    request.set_name(name);
    const auto reader = stub_->RebuildProjection(&context, request);
    Rebuilt rebuilt;
    RebuildProjectionResponse message;
    while (reader->Read(&message)) rebuilt.messages.push_back(message);
    rebuilt.status = reader->Finish();
    return rebuilt;
  }

  struct BackedUp {
    grpc::Status status;
    std::vector<CreateBackupResponse> messages;
  };
  BackedUp BackUp(uint32_t keep = 0) {
    grpc::ClientContext context;
    admin::v1::CreateBackupRequest request;
    request.set_keep(keep);
    const auto reader = stub_->CreateBackup(&context, request);
    BackedUp backed_up;
    CreateBackupResponse message;
    while (reader->Read(&message)) backed_up.messages.push_back(message);
    backed_up.status = reader->Finish();
    return backed_up;
  }
  admin::v1::ListBackupsResponse Backups() {
    grpc::ClientContext context;
    admin::v1::ListBackupsResponse response;
    const grpc::Status status = stub_->ListBackups(&context, {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  FakeClock clock_{absl::FromUnixSeconds(kNow)};
  testing::TempDirectory directory_;
  testing::Gate gate_;  // that commits of views go through
  std::unique_ptr<RocksDbEventStore> store_;
  std::unique_ptr<projections::Projector> projector_;
  std::unique_ptr<grpc::Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<AdminService::Stub> stub_;
};

std::vector<Event> Goals(int count) {
  std::vector<Event> events;
  for (int i = 0; i < count; ++i) {
    events.push_back(
        EventOf("goal_set { goal: 'g-" + std::to_string(i) + "' text: 't' }"));
  }
  return events;
}

TEST_F(AdminServiceTest, TellsHowTheServerAndItsStoreAre) {
  Append(testing::World());
  AwaitViews();
  const GetStatusResponse status = Status();
  ASSERT_EQ(status.problems_size(), 1);
  EXPECT_EQ(status.problems(0), "a witness is asleep");
  EXPECT_EQ(status.version(), "1.2.3");
  EXPECT_EQ(status.register_(), "prov");
  EXPECT_EQ(status.head(), store_->Head().value());
  EXPECT_EQ(status.head_recorded_at().seconds(), kNow);
  EXPECT_EQ(status.root(), AsBytes(store_->CurrentTree().root));
  EXPECT_EQ(status.started_at().seconds(), kNow);
  EXPECT_EQ(status.open_us(), 7000u);
  EXPECT_TRUE(status.writable());
  EXPECT_THAT(status.read_only_reason(), IsEmpty());
  EXPECT_EQ(status.append_queue(), 0u);
  EXPECT_GT(status.disk_bytes(), 0u);
  EXPECT_GT(status.disk_free_bytes(), 0u);
  EXPECT_GT(status.resident_bytes(), 1u << 20);
  EXPECT_GT(status.log_format(), 0u);
  EXPECT_EQ(status.processes(), 1u);
  ASSERT_EQ(status.projections_size(), 6);
  for (const ProjectionStatus& projection : status.projections()) {
    EXPECT_EQ(projection.state(), admin::v1::PROJECTION_STATE_LIVE);
    EXPECT_EQ(projection.applied(), status.head());
    EXPECT_EQ(projection.lag(), 0u);
    EXPECT_GT(projection.entries(), 0u) << projection.name();
    EXPECT_GT(projection.version(), 0u);
    EXPECT_EQ(projection.rebuild_applied(), 0u);
  }
}

TEST_F(AdminServiceTest, AnEmptyRegisterHasAStatusToo) {
  const GetStatusResponse status = Status();
  EXPECT_EQ(status.head(), 0u);
  EXPECT_FALSE(status.has_head_recorded_at());
  EXPECT_EQ(status.processes(), 0u);
  EXPECT_EQ(status.projections_size(), 6);
}

TEST_F(AdminServiceTest, CountsProcessesAndNotWhatIsInThem) {
  std::vector<Event> events = Goals(50);
  for (const char* process : {"p", "p-1", "q"}) {
    events.push_back(EventOf("process_registered { name: 'P' }"));
    events.back().set_process(process);
  }
  Append(std::move(events));
  AwaitViews();
  EXPECT_EQ(Status().processes(), 3u);
}

TEST_F(AdminServiceTest, ListsProjectionsByNameAndHowFarBehindTheyAre) {
  Append(testing::World());
  AwaitViews();
  std::vector<std::string> names;
  for (const auto& projection : Projections()) {
    names.push_back(projection.name());
  }
  EXPECT_THAT(names, ElementsAre("activities", "budget", "checks", "findings",
                                 "participation", "timeline"));
  gate_.Close();
  const uint64_t before = store_->Head().value();
  Append(Goals(3));
  gate_.AwaitSomebody();
  for (const auto& projection : Projections()) {
    EXPECT_EQ(projection.state(), admin::v1::PROJECTION_STATE_CATCHING_UP);
    EXPECT_EQ(projection.applied(), before);
    EXPECT_EQ(projection.lag(), 3u);
  }
}

TEST_F(AdminServiceTest, SaysWhyAProjectionHasStopped) {
  Append(testing::World());
  NewEvent unknown;
  unknown.id = *ParseUuid(testing::Uuid(900));
  unknown.stream = "p/x/1";
  unknown.type = "samverk.thing_of_tomorrow";
  unknown.tags = {"process:p"};
  AppendRequest request;
  request.events.push_back(unknown);
  ASSERT_TRUE(AppendAndWait(*store_, std::move(request)).ok());
  EXPECT_FALSE(
      projector_->AwaitApplied(store_->Head(), absl::Now() + absl::Seconds(60))
          .ok());
  for (const auto& projection : Projections()) {
    EXPECT_EQ(projection.state(), admin::v1::PROJECTION_STATE_STOPPED);
    EXPECT_EQ(projection.applied(), store_->Head().value() - 1);
    EXPECT_THAT(projection.stopped_reason(), HasSubstr("position"));
  }
}

TEST_F(AdminServiceTest, ARebuildTellsHowItGetsOnAndThatItIsDone) {
  Append(testing::World());
  Append(Goals(2500));
  AwaitViews();
  const Rebuilt rebuilt = Rebuild("timeline");
  ASSERT_TRUE(rebuilt.status.ok()) << rebuilt.status.error_message();
  ASSERT_GE(rebuilt.messages.size(), 2u);
  uint64_t applied = 0;
  for (const auto& message : rebuilt.messages) {
    EXPECT_GE(message.applied(), applied);
    EXPECT_EQ(message.head(), store_->Head().value());
    EXPECT_GT(message.events_per_second(), 0);
    EXPECT_EQ(message.done(), &message == &rebuilt.messages.back());
    applied = message.applied();
  }
  EXPECT_EQ(applied, store_->Head().value());
  EXPECT_GT(rebuilt.messages[0].applied(), 0u);
  EXPECT_LT(rebuilt.messages[0].applied(), store_->Head().value());
  EXPECT_THAT(States(), ::testing::Each(admin::v1::PROJECTION_STATE_LIVE));
  // It can be done again.
  EXPECT_TRUE(Rebuild("timeline").status.ok());
}

TEST_F(AdminServiceTest, RefusesToRebuildWhatIsNotThere) {
  const Rebuilt rebuilt = Rebuild("budgets");
  EXPECT_EQ(rebuilt.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(rebuilt.status), "NOT_FOUND");
  EXPECT_THAT(rebuilt.status.error_message(),
              HasSubstr("activities, budget, checks"));
  EXPECT_THAT(rebuilt.messages, IsEmpty());
}

TEST_F(AdminServiceTest, RefusesToRebuildTwiceAtOnce) {
  Append(testing::World());
  AwaitViews();
  gate_.Close();
  std::future<Rebuilt> first =
      std::async(std::launch::async, [&] { return Rebuild("budget"); });
  gate_.AwaitSomebody();
  EXPECT_THAT(
      States(),
      ::testing::Contains(admin::v1::PROJECTION_STATE_REBUILDING).Times(1));
  const Rebuilt second = Rebuild("budget");
  EXPECT_EQ(second.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(second.status.error_message(), HasSubstr("already"));
  gate_.Open();
  EXPECT_TRUE(first.get().status.ok());
}

// A rebuild that waits or is stuck says nothing for long.
TEST_F(AdminServiceTest, ACallThatIsGivenUpEndsWhileTheRebuildGoesOn) {
  Append(testing::World());
  AwaitViews();
  gate_.Close();
  grpc::ClientContext context;
  RebuildProjectionRequest request;
  request.set_name("budget");
  const auto reader = stub_->RebuildProjection(&context, request);
  gate_.AwaitSomebody();
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  // The server has no call left to wait for.
  std::future<void> down = std::async(std::launch::async, [&] {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  });
  EXPECT_EQ(down.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(projector_->Rebuild("budget", [](const auto&) {}).code(),
            absl::StatusCode::kFailedPrecondition);
  gate_.Open();
  down.get();
}

TEST_F(AdminServiceTest, ABackupTellsWhatItHolds) {
  EXPECT_THAT(Backups().backups(), IsEmpty());
  EXPECT_EQ(Backups().directory(), directory_.path() + "/backups");
  Append(testing::World());
  const BackedUp made = BackUp();
  ASSERT_TRUE(made.status.ok()) << made.status.error_message();
  ASSERT_FALSE(made.messages.empty());
  const CreateBackupResponse& last = made.messages.back();
  EXPECT_TRUE(last.done());
  EXPECT_EQ(last.directory(), directory_.path() + "/backups");
  EXPECT_EQ(last.backup().number(), 1u);
  EXPECT_EQ(last.backup().register_(), "prov");
  EXPECT_EQ(last.backup().position(), store_->Head().value());
  EXPECT_EQ(last.backup().root(), AsBytes(store_->CurrentTree().root));
  EXPECT_GT(last.backup().made_at().seconds(), 0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(BackUp(2).status.ok());
  const auto backups = Backups();
  ASSERT_EQ(backups.backups_size(), 2);
  EXPECT_EQ(backups.backups(0).number(), 3u);
  EXPECT_EQ(backups.backups(1).number(), 4u);
}

TEST_F(AdminServiceTest, ABackupThatCannotBeWrittenIsRefusedAndNothingElse) {
  std::ofstream(directory_.path() + "/backups") << "a file";
  const BackedUp made = BackUp();
  EXPECT_FALSE(made.status.ok());
  EXPECT_THAT(made.status.error_message(), HasSubstr("cannot be made"));
  Append(testing::World());
  std::filesystem::remove(directory_.path() + "/backups");
  EXPECT_TRUE(BackUp().status.ok());
}

}  // namespace
}  // namespace samverk
