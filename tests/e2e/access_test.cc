// Who may do what, at a server where people log in: every call, every kind of
// event and every class of visibility, for every role, in every way out.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "proto/codec/event_codec.h"
#include "samverk/audit/v1/audit_service.grpc.pb.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"
#include "samverk/bus/v1/subscription.grpc.pb.h"
#include "samverk/recording/v1/recording_service.grpc.pb.h"
#include "samverk/report/v1/report.grpc.pb.h"
#include "samverk/view/v1/view_service.grpc.pb.h"
#include "services/access/permission_table.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;
using access::RecordScope;
using access::Role;
using event::v1::Event;

// Who calls in these tests. All of mkb.
struct Somebody {
  std::string name;  // empty: nobody, who shows nothing
  std::vector<std::string> roles;
};

std::vector<Somebody> Everybody() {
  std::vector<Somebody> all = {{"", {}}};
  for (int i = 0; i < access::kRoleCount; ++i) {
    const std::string name(
        access::RoleName(static_cast<Role>(i), codec::Language::kEnglish));
    all.push_back({absl::StrCat("a-", i), {name + "@p"}});
  }
  all.push_back({"machine", {"samverk.cost_booked@p", "machine"}});
  all.push_back({"reads-all", {"arkivarie"}});
  all.push_back({"operator", {"administratör"}});
  all.push_back({"elsewhere", {"arkivarie@q", "projektledare@q"}});
  return all;
}

// Calls, and who may make them.
enum class Right { kAnyone, kLoggedIn, kReadsAll, kOperates, kOwner };

const std::map<std::string, Right>& Calls() {
  static const auto& calls = *new std::map<std::string, Right>{
      {"admin.v1.AdminService/GetStatus", Right::kLoggedIn},
      {"admin.v1.AdminService/ListProjections", Right::kLoggedIn},
      {"admin.v1.AdminService/RebuildProjection", Right::kOperates},
      {"admin.v1.AdminService/CreateBackup", Right::kOperates},
      {"admin.v1.AdminService/ListBackups", Right::kOperates},
      {"audit.v1.AuditService/GetCheckpoint", Right::kAnyone},
      {"audit.v1.AuditService/ProveInclusion", Right::kAnyone},
      {"audit.v1.AuditService/ProveConsistency", Right::kAnyone},
      {"audit.v1.AuditService/ReadRecords", Right::kReadsAll},
      {"bus.v1.SubscriptionService/Subscribe", Right::kLoggedIn},
      {"bus.v1.TrackingService/Track", Right::kOwner},
      {"bus.v1.TrackingService/GetTrack", Right::kOwner},
      {"bus.v1.TrackingService/ListTracks", Right::kLoggedIn},
      {"bus.v1.TrackingService/DeleteTrack", Right::kOwner},
      {"bus.v1.ConnectorService/CreateConnector", Right::kOperates},
      {"bus.v1.ConnectorService/UpdateConnector", Right::kOperates},
      {"bus.v1.ConnectorService/GetConnector", Right::kOperates},
      {"bus.v1.ConnectorService/ListConnectors", Right::kOperates},
      {"bus.v1.ConnectorService/DeleteConnector", Right::kOperates},
      {"bus.v1.ConnectorService/PauseConnector", Right::kOperates},
      {"bus.v1.ConnectorService/ResumeConnector", Right::kOperates},
      {"bus.v1.ConsumerGroupService/CreateGroup", Right::kOwner},
      {"bus.v1.ConsumerGroupService/UpdateGroup", Right::kOwner},
      {"bus.v1.ConsumerGroupService/GetGroup", Right::kOwner},
      {"bus.v1.ConsumerGroupService/ListGroups", Right::kLoggedIn},
      {"bus.v1.ConsumerGroupService/DeleteGroup", Right::kOwner},
      {"bus.v1.ConsumerGroupService/Receive", Right::kOwner},
      {"bus.v1.ConsumerGroupService/Acknowledge", Right::kOwner},
      {"bus.v1.ConsumerGroupService/ExtendLease", Right::kOwner},
      {"bus.v1.ConsumerGroupService/ListParked", Right::kOwner},
      {"bus.v1.ConsumerGroupService/ReplayParked", Right::kOwner},
      {"bus.v1.ConsumerGroupService/DropParked", Right::kOwner},
      {"privacy.v1.PrivacyService/ReadPersonal", Right::kLoggedIn},
      {"privacy.v1.PrivacyService/BackUpKeys", Right::kOperates},
      {"recording.v1.RecordingService/Record", Right::kLoggedIn},
      {"recording.v1.RecordingService/Validate", Right::kLoggedIn},
      {"report.v1.ReportingService/GenerateReport", Right::kAnyone},
      {"store.v1.EventStoreService/Append", Right::kOperates},
      {"store.v1.EventStoreService/AppendStream", Right::kOperates},
      {"store.v1.EventStoreService/Read", Right::kReadsAll},
      {"store.v1.EventStoreService/GetHead", Right::kLoggedIn},
      {"store.v1.EventStoreService/AwaitBeyond", Right::kLoggedIn},
      {"store.v1.EventStoreService/Locate", Right::kReadsAll},
      {"view.v1.ViewService/GetBudget", Right::kAnyone},
      {"view.v1.ViewService/ListCosts", Right::kAnyone},
      {"view.v1.ViewService/GetParticipation", Right::kAnyone},
      {"view.v1.ViewService/ListActivities", Right::kAnyone},
      {"view.v1.ViewService/ListFindings", Right::kAnyone},
      {"view.v1.ViewService/ListMeasures", Right::kAnyone},
      {"view.v1.ViewService/GetTimeline", Right::kAnyone},
      {"view.v1.ViewService/ListChecks", Right::kAnyone},
      {"view.v1.ViewService/ListLessons", Right::kAnyone},
      {"view.v1.ViewService/ListProcesses", Right::kAnyone},
      {"view.v1.ViewService/ReadLog", Right::kAnyone},
  };
  return calls;
}

// "bus.v1.TrackingService/Track" of every call that a contract has.
std::set<std::string> CallsOfTheContracts() {
  std::set<std::string> calls;
  const std::regex package(R"(package samverk\.([a-z0-9.]+);)");
  const std::regex service(R"(service (\w+) \{)");
  const std::regex rpc(R"(  rpc (\w+)\()");
  for (const auto& file : fs::recursive_directory_iterator("proto/samverk")) {
    if (file.path().extension() != ".proto") continue;
    std::string where;
    std::string what;
    for (const std::string& line : Lines(ReadFile(file.path()))) {
      std::smatch match;
      if (std::regex_search(line, match, package)) where = match[1];
      if (std::regex_search(line, match, service)) what = match[1];
      if (std::regex_search(line, match, rpc)) {
        calls.insert(absl::StrCat(where, ".", what, "/", match[1].str()));
      }
    }
  }
  return calls;
}

// What of a class of visibility a role reads, as docs/decisions/0011 has it:
// open, partner, steering group, funder, secret.
constexpr const char* kReading[] = {"**oo-", "**oo-", "**o*g", "**oo-",
                                    "**ooo", "****a", "***o-", "*****",
                                    "*----", "*o---"};
constexpr const char* kVisibilities[] = {"OPEN", "PARTNER", "STEERING_GROUP",
                                         "FUNDER", "SECRET"};

class Access : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new TemporaryDirectory();
    {
      RunningServer before(Data(), {"--raw-store"});
      RecordWorld(before);
      EXPECT_EQ(before.Stop().status, 0);
    }
    for (const Somebody& who : Everybody()) {
      if (!who.name.empty()) tokens_[who.name] = AddToken(who.name, who.roles);
    }
    tokens_["of-fgk"] = AddToken("of-fgk", {"polis@p"}, "fgk");
    server_ = new RunningServer(Data(), {"--raw-store"});
    channel_ = grpc::CreateChannel(server_->address(),
                                   grpc::InsecureChannelCredentials());
  }
  static void TearDownTestSuite() {
    channel_.reset();
    delete server_;
    delete directory_;
  }

  static std::string Data() { return directory_->path() + "/data"; }

  static std::string AddToken(const std::string& name,
                              const std::vector<std::string>& roles,
                              const std::string& organisation = "mkb") {
    std::vector<std::string> command = {
        SAMVERK_PROGRAM, "token",          "add",       name, "--data",
        Data(),          "--organisation", organisation};
    for (const std::string& role : roles) {
      command.insert(command.end(), {"--role", role});
    }
    const Outcome added = RunProgram(command);
    EXPECT_EQ(added.status, 0) << added.err;
    return std::string(absl::StripSuffix(added.out, "\n"));
  }

  // The id of the event at a position.
  static std::string IdOf(int position) {
    return absl::StrCat("018bcfe5-6800-7000-8000-0000000000",
                        position < 10 ? "0" : "", position);
  }

  // Two events of each class of visibility: one that an audit looks at and one
  // that it does not, recorded by mkb; and the like of fgk.
  static void RecordWorld(RunningServer& server) {
    std::string lines;
    int n = 0;
    const auto add = [&](const std::string& visibility,
                         const std::string& organisation,
                         const std::string& fact) {
      const std::string ground =
          visibility == "SECRET" ? R"("secrecy_ground":"OSL 18:1",)" : "";
      absl::StrAppend(
          &lines, R"({"id":")", IdOf(++n),
          R"(","process":"p","visibility":"VISIBILITY_)", visibility, R"(",)",
          ground, R"("recorded_by":{"organisation":")", organisation,
          R"(","role":"projektledare","subject":"s-1"},)", fact, "}\n");
    };
    add("OPEN", "mkb",
        R"("process_registered":{"name":"P","municipality":"Malmö",)"
        R"("kind":"samverkansprocess"})");
    for (const char* actor : {"mkb", "fgk"}) {
      add("OPEN", "mkb",
          absl::StrCat(R"("actor_registered":{"actor":")", actor,
                       R"(","name":")", actor,
                       R"(","kind":"ACTOR_KIND_COMPANY"})"));
    }
    for (const char* organisation : {"mkb", "fgk"}) {
      for (const char* visibility : kVisibilities) {
        add(visibility, organisation,
            absl::StrCat(R"("goal_set":{"goal":"g-)", n, R"(","text":"mål"})"));
        add(visibility, organisation,
            absl::StrCat(
                R"("amount_stated":{"statement":"m-)", n,
                R"(","kind":"STATED_KIND_OTHER","amount":{"ore":100,)"
                R"("currency":"SEK","precision":"PRECISION_EXACT"}})"));
      }
    }
    // A slip in the secret goal of mkb is corrected, and nobody thinks of its
    // visibility.
    add("PARTNER", "mkb",
        absl::StrCat(R"("event_corrected":{"target":")", IdOf(12),
                     R"(","reason_code":"skrivfel","reason":"r",)"
                     R"("replacement":{"process":"p","goal_set":{"goal":)"
                     R"("g-11","text":"mål!"}}})"));
    const Outcome recorded = server.Samverk({"record", "-"}, lines);
    EXPECT_EQ(recorded.status, 0) << recorded.err;
  }

  // Positions that somebody of mkb may read, as the table of the decision has
  // it. `role` -1: nobody.
  static std::set<uint64_t> Readable(int role) {
    std::set<uint64_t> readable = {1, 2, 3};
    uint64_t position = 4;
    for (const bool own : {true, false}) {
      for (int visibility = 0; visibility < 5; ++visibility) {
        for (const bool audited : {false, true}) {
          const char cell = role < 0 ? (visibility == 0 ? '*' : '-')
                                     : kReading[role][visibility];
          if (cell == '*' || (cell == 'o' && own) || (cell == 'a' && audited)) {
            readable.insert(position);
          }
          ++position;
        }
      }
    }
    return readable;
  }
  static constexpr uint64_t kWorld = 23;

  static void Login(const std::string& name, grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::seconds(60));
    context.AddMetadata("accept-language", "en");
    if (!name.empty()) {
      context.AddMetadata("authorization",
                          absl::StrCat("Bearer ", tokens_.at(name)));
    }
  }

  // Makes a call with these bytes; a stream is left as soon as it says
  // something.
  // Those who did not log in have a small allowance, which this test is beyond.
  static grpc::Status Call(const std::string& call, const std::string& who,
                           const std::string& bytes) {
    while (true) {
      grpc::Status status = CallOnce(call, who, bytes);
      if (status.error_code() != grpc::StatusCode::RESOURCE_EXHAUSTED) {
        return status;
      }
      absl::SleepFor(absl::Milliseconds(100));
    }
  }
  static grpc::Status CallOnce(const std::string& call, const std::string& who,
                               const std::string& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    Login(who, context);
    grpc::CompletionQueue queue;
    const auto await = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      queue.Next(&tag, &ok);
      return ok;
    };
    auto caller =
        stub.PrepareCall(&context, absl::StrCat("/samverk.", call), &queue);
    caller->StartCall(nullptr);
    await();
    const grpc::Slice slice(bytes);
    caller->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    await();
    caller->WritesDone(nullptr);
    await();
    grpc::ByteBuffer answer;
    caller->Read(&answer, nullptr);
    const bool said = await();
    if (said) context.TryCancel();
    grpc::Status status;
    caller->Finish(&status, nullptr);
    await();
    return said ? grpc::Status::OK : status;
  }

  // The status of a page over HTTP; 0: there is no answer.
  static int PageStatus(const std::string& path, const std::string& who) {
    httplib::Client http("http://" + server_->http_address());
    httplib::Headers headers;
    if (!who.empty()) {
      headers.emplace("Authorization", "Bearer " + tokens_.at(who));
    }
    const auto answer = http.Get(path, headers);
    return answer ? answer->status : 0;
  }

  static bool IsDenied(const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::PERMISSION_DENIED ||
           status.error_code() == grpc::StatusCode::UNAUTHENTICATED;
  }

  // Whether somebody may make a call at all.
  static bool MayCall(const Somebody& who, Right right) {
    switch (right) {
      case Right::kAnyone:
        return true;
      case Right::kLoggedIn:
      case Right::kOwner:  // of mkb, as they all are
        return !who.name.empty();
      case Right::kReadsAll:
        return who.name == "reads-all";
      case Right::kOperates:
        return who.name == "operator";
    }
    return false;
  }

  static TemporaryDirectory* directory_;
  static RunningServer* server_;
  static std::shared_ptr<grpc::Channel> channel_;
  static std::map<std::string, std::string> tokens_;
};

TemporaryDirectory* Access::directory_ = nullptr;
RunningServer* Access::server_ = nullptr;
std::shared_ptr<grpc::Channel> Access::channel_;
std::map<std::string, std::string> Access::tokens_;

TEST_F(Access, EveryCallOfTheContractsHasARight) {
  std::set<std::string> listed;
  for (const auto& [call, right] : Calls()) listed.insert(call);
  EXPECT_EQ(listed, CallsOfTheContracts());
}

TEST_F(Access, EveryCallIsForThoseWhoHaveItsRight) {
  // Field 1, a text: the name of a group, a position.
  const std::string named("\x0a\x05mkb.x", 7);
  for (const auto& [call, right] : Calls()) {
    for (const Somebody& who : Everybody()) {
      const grpc::Status status =
          Call(call, who.name, right == Right::kOwner ? named : "");
      EXPECT_EQ(IsDenied(status), !MayCall(who, right))
          << call << " by " << who.name << ": " << status.error_code() << " "
          << status.error_message();
      if (who.name.empty() && right != Right::kAnyone) {
        EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED)
            << call;
      }
    }
  }
}

TEST_F(Access, WhatHasANameBelongsToAnOrganisation) {
  const std::string theirs(
      "\x0a\x05"
      "fgk.x",
      7);
  const std::string nobodys(
      "\x0a\x04"
      "mkbx",
      6);
  for (const auto& [call, right] : Calls()) {
    if (right != Right::kOwner) continue;
    for (const std::string& name : {theirs, nobodys, std::string()}) {
      EXPECT_EQ(Call(call, "a-0", name).error_code(),
                grpc::StatusCode::PERMISSION_DENIED)
          << call;
      EXPECT_FALSE(IsDenied(Call(call, "operator", name))) << call;
    }
  }
}

TEST_F(Access, EveryKindIsRecordedByThoseWhoMay) {
  const auto stub = recording::v1::RecordingService::NewStub(channel_);
  for (const Event::FactCase kind : codec::AllFacts()) {
    const access::PermissionRow* row = access::RowOf(kind);
    ASSERT_NE(row, nullptr);
    for (const Somebody& who : Everybody()) {
      recording::v1::RecordRequest request;
      Event& event = *request.add_events();
      event.set_process("p");
      const auto* field = Event::descriptor()->FindFieldByNumber(kind);
      Event::GetReflection()->MutableMessage(&event, field);
      recording::v1::RecordResponse response;
      grpc::ClientContext context;
      Login(who.name, context);
      // See Call.
      if (who.name.empty()) absl::SleepFor(absl::Milliseconds(60));
      const grpc::Status status = stub->Record(&context, request, &response);
      const std::string what =
          absl::StrCat(std::string(codec::TypeName(kind)), " by ", who.name,
                       ": ", status.error_message());
      // Nothing of the kind is complete, so nothing is recorded in any case.
      EXPECT_FALSE(status.ok()) << what;
      if (who.name.empty()) {
        EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
        continue;
      }
      // What is malformed is told so to whoever may record the kind at all.
      bool may = false;
      if (who.name == "machine") {
        may = kind == Event::kCostBooked;
      } else if (absl::StartsWith(who.name, "a-")) {
        const auto role = static_cast<Role>(std::stoi(who.name.substr(2)));
        may = row->Scope(role) != RecordScope::kNone;
      } else if (who.name == "reads-all" || who.name == "operator") {
        const Role role =
            who.name == "operator" ? Role::kAdministrator : Role::kArchivist;
        may = row->Scope(role) != RecordScope::kNone;
      }
      EXPECT_EQ(IsDenied(status), !may) << what;
    }
  }
}

TEST_F(Access, EveryClassIsReadByThoseWhoMayInEveryWayOut) {
  const auto views = view::v1::ViewService::NewStub(channel_);
  const auto bus = bus::v1::SubscriptionService::NewStub(channel_);
  const auto audit = audit::v1::AuditService::NewStub(channel_);
  const auto reports = report::v1::ReportingService::NewStub(channel_);
  for (int role = -1; role < access::kRoleCount; ++role) {
    const std::string who = role < 0 ? "" : absl::StrCat("a-", role);
    SCOPED_TRACE(who);
    const std::set<uint64_t> expected = Readable(role);
    if (role < 0) absl::SleepFor(absl::Seconds(1));
    {  // The log.
      view::v1::ReadLogRequest request;
      request.set_to(kWorld);
      grpc::ClientContext context;
      Login(who, context);
      std::set<uint64_t> read;
      const auto stream = views->ReadLog(&context, request);
      view::v1::ReadLogResponse page;
      while (stream->Read(&page)) {
        for (const auto& logged : page.events()) read.insert(logged.position());
      }
      EXPECT_TRUE(stream->Finish().ok());
      EXPECT_EQ(read, expected);
    }
    if (role >= 0) {  // Subscriptions.
      bus::v1::SubscribeRequest request;
      request.mutable_start()->set_after(0);
      grpc::ClientContext context;
      Login(who, context);
      std::set<uint64_t> read;
      const auto stream = bus->Subscribe(&context, request);
      bus::v1::SubscribeResponse page;
      while (stream->Read(&page) && !page.has_caught_up()) {
        for (const auto& logged : page.events().events()) {
          if (logged.position() <= kWorld) read.insert(logged.position());
        }
      }
      context.TryCancel();
      EXPECT_EQ(read, expected);
    }
    // Proofs.
    for (uint64_t position = 1; position <= kWorld; ++position) {
      audit::v1::ProveInclusionRequest request;
      request.set_position(position);
      audit::v1::ProveInclusionResponse response;
      if (who.empty()) absl::SleepFor(absl::Milliseconds(60));
      grpc::ClientContext context;
      Login(who, context);
      const grpc::Status proved =
          audit->ProveInclusion(&context, request, &response);
      EXPECT_EQ(proved.ok(), expected.contains(position))
          << position << ": " << proved.error_message();
    }
    {  // Views: sums are without what is kept, and say so.
      view::v1::GetBudgetRequest request;
      request.mutable_scope()->set_process("p");
      request.mutable_scope()->mutable_as_of()->set_position(kWorld);
      view::v1::GetBudgetResponse response;
      grpc::ClientContext context;
      Login(who, context);
      const grpc::Status asked = views->GetBudget(&context, request, &response);
      ASSERT_TRUE(asked.ok()) << asked.error_message();
      // As many as there are by now: who read what is secret is on record.
      const auto& answered = response.budget().answered();
      EXPECT_EQ(answered.withheld() == 0, expected.size() == kWorld);
      EXPECT_GE(answered.withheld(), kWorld - expected.size());
      EXPECT_LE(answered.withheld(), answered.head() - expected.size());
    }
    {  // Reports.
      report::v1::GenerateReportRequest request;
      request.set_process("p");
      request.set_period("2025");
      request.mutable_as_of()->set_position(kWorld);
      grpc::ClientContext context;
      Login(who, context);
      const auto stream = reports->GenerateReport(&context, request);
      report::v1::GenerateReportResponse first;
      ASSERT_TRUE(stream->Read(&first));
      EXPECT_EQ(first.withheld(), kWorld - expected.size());
      EXPECT_EQ(Has(first.content(), "may not read"), expected.size() < kWorld);
      context.TryCancel();
    }
    if (role >= 0) {  // The command line.
      const std::string file = absl::StrCat(directory_->path(), "/token");
      std::ofstream(file) << tokens_.at(who) << "\n";
      const Outcome log =
          server_->Samverk({"--token-file", file, "--json", "log", "--process",
                            "p", "--to", absl::StrCat(kWorld)});
      EXPECT_EQ(log.status, 0) << log.err;
      EXPECT_EQ(Lines(log.out).size(), expected.size()) << log.out;
    }
  }
}

TEST_F(Access, WhatAmendsASecretIsAsSecret) {
  const auto views = view::v1::ViewService::NewStub(channel_);
  const auto audit = audit::v1::AuditService::NewStub(channel_);
  for (const auto& [who, may] : std::map<std::string, bool>{
           {"a-1", false}, {"a-0", false}, {"reads-all", true}}) {
    view::v1::ReadLogRequest request;
    request.set_from(kWorld + 1);
    request.set_to(kWorld + 1);
    grpc::ClientContext context;
    Login(who, context);
    const auto stream = views->ReadLog(&context, request);
    view::v1::ReadLogResponse page;
    int events = 0;
    while (stream->Read(&page)) events += page.events_size();
    EXPECT_TRUE(stream->Finish().ok());
    EXPECT_EQ(events, may ? 1 : 0) << who;
    audit::v1::ProveInclusionRequest prove;
    prove.set_position(kWorld + 1);
    audit::v1::ProveInclusionResponse proof;
    grpc::ClientContext proving;
    Login(who, proving);
    EXPECT_EQ(audit->ProveInclusion(&proving, prove, &proof).ok(), may) << who;
  }
}

TEST_F(Access, HowFarALogWasReadTellsNothingOfWhatIsKept) {
  const auto views = view::v1::ViewService::NewStub(channel_);
  view::v1::ReadLogRequest request;
  request.set_from(9);
  request.set_to(kWorld);
  request.set_limit(1);
  grpc::ClientContext context;
  Login("a-" + std::to_string(static_cast<int>(Role::kSteeringGroup)), context);
  const auto stream = views->ReadLog(&context, request);
  view::v1::ReadLogResponse page;
  std::set<uint64_t> said;
  while (stream->Read(&page)) said.insert(page.scanned_to());
  EXPECT_TRUE(stream->Finish().ok());
  // The one that it gave, or all that was asked for; not where others are.
  EXPECT_EQ(said.size(), 1u);
  EXPECT_TRUE(said.contains(9) || said.contains(kWorld)) << *said.begin();
}

TEST_F(Access, GroupsAreGivenWhatTheirMembersMayReadAndNoTraceOfTheRest) {
  const auto groups = bus::v1::ConsumerGroupService::NewStub(channel_);
  const std::string who = absl::StrCat("a-", static_cast<int>(Role::kPartner));
  bus::v1::CreateGroupRequest create;
  create.set_name("mkb.reader");
  create.mutable_settings()->mutable_start()->set_after(0);
  bus::v1::CreateGroupResponse created;
  grpc::ClientContext creating;
  Login(who, creating);
  const grpc::Status made = groups->CreateGroup(&creating, create, &created);
  ASSERT_TRUE(made.ok()) << made.error_message();
  bus::v1::ReceiveRequest request;
  request.set_name("mkb.reader");
  grpc::ClientContext context;
  Login(who, context);
  const auto stream = groups->Receive(&context, request);
  const std::set<uint64_t> expected =
      Readable(static_cast<int>(Role::kPartner));
  std::set<uint64_t> read;
  bus::v1::ReceiveResponse given;
  while (read.size() < expected.size() && stream->Read(&given)) {
    for (const auto& leased : given.events()) {
      const auto& logged = leased.event();
      EXPECT_TRUE(logged.has_event());
      if (logged.position() <= kWorld) read.insert(logged.position());
    }
  }
  context.TryCancel();
  EXPECT_EQ(read, expected);
}

TEST_F(Access, AGroupOverWhatIsKeptIsAsOneOverNothing) {
  const auto groups = bus::v1::ConsumerGroupService::NewStub(channel_);
  const std::string who = absl::StrCat("a-", static_cast<int>(Role::kPartner));
  bus::v1::CreateGroupRequest create;
  create.set_name("mkb.spy");
  // The secret goal of mkb, which a partner may not know of.
  create.mutable_settings()->mutable_filter()->set_process("p");
  create.mutable_settings()->mutable_filter()->add_tags("p/goal:g-11");
  create.mutable_settings()->mutable_filter()->add_types("samverk.goal_set");
  const auto state_for = [&](const std::string& name) {
    bus::v1::GetGroupRequest request;
    request.set_name("mkb.spy");
    bus::v1::GetGroupResponse response;
    grpc::ClientContext context;
    Login(name, context);
    EXPECT_TRUE(groups->GetGroup(&context, request, &response).ok());
    return response.group();
  };
  bus::v1::CreateGroupResponse created;
  grpc::ClientContext creating;
  Login(who, creating);
  const grpc::Status made = groups->CreateGroup(&creating, create, &created);
  ASSERT_TRUE(made.ok()) << made.error_message();
  // The server knows that one waits.
  for (int i = 0; i < 3'000 && !state_for("reads-all").has_lag(); ++i) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_TRUE(state_for("reads-all").has_lag());
  const auto state = state_for(who);
  EXPECT_EQ(state.cursor(), state.head());
  EXPECT_EQ(state.lag_events(), 0u);
  EXPECT_FALSE(state.has_lag());
  // And once a member was there it waits no more, and nothing was given.
  grpc::ClientContext context;
  Login(who, context);
  bus::v1::ReceiveRequest request;
  request.set_name("mkb.spy");
  const auto stream = groups->Receive(&context, request);
  stream->WaitForInitialMetadata();
  for (int i = 0; i < 3'000 && state_for("reads-all").has_lag(); ++i) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_FALSE(state_for("reads-all").has_lag());
  context.TryCancel();
  bus::v1::ReceiveResponse given;
  while (stream->Read(&given)) EXPECT_EQ(given.events_size(), 0);
}

TEST_F(Access, MetricsAreForThoseWhoRunTheRegister) {
  EXPECT_EQ(PageStatus("/metrics", ""), 401);
  EXPECT_EQ(PageStatus("/metrics", "a-1"), 403);
  EXPECT_EQ(PageStatus("/metrics", "operator"), 200);
  EXPECT_EQ(PageStatus("/livez", ""), 200);
  EXPECT_EQ(PageStatus("/readyz", ""), 200);
}

TEST_F(Access, HashesArePublicAndBundlesAreNot) {
  EXPECT_EQ(PageStatus("/checkpoint", ""), 200);
  const std::string bundle = absl::StrCat("/tile/entries/000.p/", kWorld);
  EXPECT_EQ(PageStatus(bundle, ""), 401);
  EXPECT_EQ(PageStatus(bundle, "a-0"), 403);
  EXPECT_NE(PageStatus(bundle, "reads-all"), 401);
  EXPECT_NE(PageStatus(bundle, "reads-all"), 403);
  EXPECT_EQ(PageStatus(absl::StrCat("/tile/0/000.p/", kWorld), ""), 200);
}

TEST_F(Access, RightsAreGivenAndTakenByEvents) {
  const std::string token = AddToken("new", {});
  tokens_["new"] = token;
  const auto record = [](const std::string& who, const std::string& ref,
                         const std::string& fact) {
    const std::string file = absl::StrCat(directory_->path(), "/token");
    std::ofstream(file) << tokens_.at(who) << "\n";
    return server_->Samverk(
        {"--lang", "en", "--token-file", file, "record", "-"},
        absl::StrCat(R"({"process":"p","source":{"system":"rights","ref":")",
                     ref, R"("},)", fact, "}\n"));
  };
  // The token counts within a second of its making.
  absl::SleepFor(absl::Seconds(2));
  const char* goal = R"("lesson_recorded":{"lesson":"l-1","text":"t"})";
  Outcome refused = record("new", "1", goal);
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "NOT_PERMITTED")) << refused.err;
  // Nobody gives rights to themselves.
  const char* grant =
      R"("rights_granted":{"principal":"new","role":"projektledare"})";
  EXPECT_EQ(record("new", "2", grant).status, 1);
  EXPECT_EQ(record("a-0", "2", grant).status, 1);
  const Outcome granted = record("operator", "2", grant);
  EXPECT_EQ(granted.status, 0) << granted.err;
  const Outcome recorded = record("new", "1", goal);
  EXPECT_EQ(recorded.status, 0) << recorded.err;
  EXPECT_EQ(record("operator", "3",
                   R"("rights_withdrawn":{"principal":"new",)"
                   R"("role":"projektledare"})")
                .status,
            0);
  EXPECT_EQ(
      record("new", "4", R"("lesson_recorded":{"lesson":"l-2","text":"t"})")
          .status,
      1);
  // The same sending again is still answered as it was then.
  EXPECT_EQ(record("new", "1", goal).status, 0);
}

TEST_F(Access, NobodyRecordsInAnothersName) {
  const std::string file = absl::StrCat(directory_->path(), "/token");
  std::ofstream(file) << tokens_.at("a-0") << "\n";
  const Outcome refused = server_->Samverk(
      {"--lang", "en", "--token-file", file, "record", "-"},
      R"({"process":"p","source":{"system":"t","ref":"x"},"recorded_by":)"
      R"({"organisation":"fgk","role":"handläggare","subject":"s-9"},)"
      R"("lesson_recorded":{"lesson":"l-9","text":"t"}})"
      "\n");
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "NOT_PERMITTED")) << refused.err;
}

TEST_F(Access, AHeaderThatCannotBeATokenIsRefused) {
  httplib::Client http("http://" + server_->http_address());
  const auto answer =
      http.Post("/samverk.view.v1.ViewService/ListProcesses",
                {{"Authorization", "Bearer Åsa"}}, "{}", "application/json");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400) << answer->body;
  EXPECT_TRUE(Has(answer->body, "Authorization")) << answer->body;
}

TEST_F(Access, NoTokenIsMadeForARoleThatNobodyKnows) {
  for (const std::string language : {"sv", "en"}) {
    const Outcome refused =
        RunProgram({SAMVERK_PROGRAM, "--lang", language, "token", "add", "typo",
                    "--data", Data(), "--organisation", "hgf", "--role",
                    "partner@p", "--role", "samverk.finding_loged@p"});
    EXPECT_NE(refused.status, 0);
    EXPECT_TRUE(Has(refused.err, language == "sv" ? "finns inte" : "no role"))
        << refused.err;
    EXPECT_TRUE(Has(refused.err, "samverk.finding_logged")) << refused.err;
  }
}

TEST_F(Access, TokensThatDoNotHoldAreRefusedEverywhere) {
  absl::SleepFor(absl::Seconds(1));
  for (const std::string& header :
       {std::string("Bearer samverk_"), std::string("Bearer x.y.z"),
        std::string("Basic cDox"), "Bearer " + std::string(20'000, 'x')}) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", header);
    view::v1::ListProcessesResponse response;
    const grpc::Status status =
        view::v1::ViewService::NewStub(channel_)->ListProcesses(
            &context, view::v1::ListProcessesRequest(), &response);
    // Also of what anybody may ask: a mistake is not passed over.
    EXPECT_EQ(status.error_code(), header.size() > 10'000
                                       ? status.error_code()
                                       : grpc::StatusCode::UNAUTHENTICATED)
        << header.substr(0, 40);
    EXPECT_FALSE(status.ok());
    EXPECT_FALSE(absl::StrContains(status.error_message(), "x.y.z"));
  }
}

}  // namespace
}  // namespace samverk::e2e
