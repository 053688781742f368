// NATS: a real server, killed and started again.

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nats/nats.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"
#include "services/connectors/connector_settings.h"
#include "services/connectors/nats/nats_connector.h"
#include "tests/connectors/connector_world.h"
#include "tests/connectors/http_target.h"
#include "tests/testing/events.h"

namespace samverk::testing {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kProgram[] = "/usr/sbin/nats-server";

// A message of the stream.
struct Held {
  std::string subject;
  std::string id;
  std::string body;
};

// A server on a port of the loopback, with what it stores in a directory.
class NatsServer {
 public:
  NatsServer()
      : port_(UnusedPort()),
        directory_(
            absl::StrCat(::testing::TempDir(), "/nats_test.", getpid())) {
    Start();
  }
  ~NatsServer() {
    Kill();
    std::filesystem::remove_all(directory_);
  }
  std::string url() const { return absl::StrCat("nats://127.0.0.1:", port_); }

  int port() const { return port_; }

  void Start(const std::vector<std::string>& further = {}) {
    const std::string port = absl::StrCat(port_);
    std::vector<const char*> command = {
        kProgram, "-js",       "-sd", directory_.c_str(),
        "-a",     "127.0.0.1", "-p",  port.c_str()};
    for (const std::string& option : further) command.push_back(option.c_str());
    command.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      const int null = open("/dev/null", O_RDWR);
      dup2(null, STDOUT_FILENO);
      dup2(null, STDERR_FILENO);
      execv(kProgram, const_cast<char* const*>(command.data()));
      _exit(127);
    }
    SAMVERK_CHECK(ConnectorWorld::Await(
        [&] { return further.empty() ? IsUp() : IsListening(); }));
  }
  // It answers nothing any more, until it is killed.
  void Hang() { kill(pid_, SIGSTOP); }
  void Kill() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(std::exchange(pid_, 0), nullptr, 0);
  }

  // With a window of deduplication that is as good as none.
  void MakeStream() {
    With([](jsCtx* js) {
      jsStreamConfig config;
      jsStreamConfig_Init(&config);
      const char* subjects[] = {"samverk.>"};
      config.Name = "REGISTER";
      config.Subjects = subjects;
      config.SubjectsLen = 1;
      config.Duplicates = 100'000'000;  // ns
      return js_AddStream(nullptr, js, &config, nullptr, nullptr);
    });
  }
  // All that the stream holds, in order.
  std::vector<Held> Messages() {
    std::vector<Held> messages;
    With([&](jsCtx* js) {
      for (uint64_t n = 1;; ++n) {
        natsMsg* message = nullptr;
        const natsStatus status =
            js_GetMsg(&message, js, "REGISTER", n, nullptr, nullptr);
        if (status != NATS_OK) {
          return status == NATS_NOT_FOUND ? NATS_OK : status;
        }
        const char* id = nullptr;
        natsMsgHeader_Get(message, "Nats-Msg-Id", &id);
        messages.push_back(
            {natsMsg_GetSubject(message), id == nullptr ? "" : id,
             std::string(natsMsg_GetData(message),
                         static_cast<size_t>(natsMsg_GetDataLength(message)))});
        natsMsg_Destroy(message);
      }
    });
    return messages;
  }
  std::vector<std::string> Ids() {
    std::vector<std::string> ids;
    for (const Held& message : Messages()) ids.push_back(message.id);
    return ids;
  }

 private:
  bool IsListening() {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port_));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool up =
        connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
    close(fd);
    return up;
  }
  bool IsUp() {
    natsConnection* connection = nullptr;
    const bool up =
        natsConnection_ConnectTo(&connection, url().c_str()) == NATS_OK;
    natsConnection_Destroy(connection);
    return up;
  }
  template <typename What>
  void With(What what) {
    natsConnection* connection = nullptr;
    jsCtx* js = nullptr;
    natsStatus status = natsConnection_ConnectTo(&connection, url().c_str());
    if (status == NATS_OK) {
      status = natsConnection_JetStream(&js, connection, nullptr);
    }
    if (status == NATS_OK) status = what(js);
    EXPECT_EQ(status, NATS_OK) << natsStatus_GetText(status);
    jsCtx_Destroy(js);
    natsConnection_Destroy(connection);
  }

  const int port_;
  const std::string directory_;
  pid_t pid_ = 0;
};

class NatsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (access(kProgram, X_OK) != 0) {
      GTEST_SKIP() << "nats: skipped: there is no " << kProgram;
    }
    nats_ = std::make_unique<NatsServer>();
  }
  bus::v1::ConnectorSettings Settings() const {
    bus::v1::ConnectorSettings settings;
    settings.mutable_nats()->set_url(nats_->url());
    settings.mutable_nats()->set_stream("REGISTER");
    settings.mutable_timeout()->set_seconds(2);
    return settings;
  }

  std::unique_ptr<NatsServer> nats_;
  ConnectorWorld world_;
};

TEST_F(NatsTest, PublishesEachEventOnceUnderItsSubject) {
  nats_->MakeStream();
  const std::vector<std::string> ids = world_.Append(150);

  ASSERT_TRUE(world_.Create(Settings()).ok());
  ASSERT_TRUE(world_.AwaitDone());

  EXPECT_THAT(nats_->Ids(), ElementsAreArray(ids));
  const Held first = nats_->Messages()[0];
  EXPECT_EQ(first.subject, "samverk.p.cost_booked");
  EXPECT_THAT(first.body, HasSubstr("\"specversion\":\"1.0\""));
  EXPECT_THAT(first.body, HasSubstr(ids[0]));
}

TEST_F(NatsTest, WhatWasPublishedBeforeACrashIsNotPublishedAgain) {
  nats_->MakeStream();
  world_.Append(50);
  ASSERT_TRUE(world_.Create(Settings()).ok());
  ASSERT_TRUE(world_.AwaitDone());
  world_.LoseWhatIsPut();
  world_.Append(250);
  ASSERT_TRUE(
      ConnectorWorld::Await([&] { return nats_->Ids().size() == 300; }));
  absl::SleepFor(absl::Milliseconds(200));  // beyond the deduplication window

  world_.Restart();
  EXPECT_EQ(world_.Group().cursor, Position(50));
  const std::vector<std::string> later = world_.Append(10);

  ASSERT_TRUE(world_.AwaitDone());
  std::vector<std::string> ids;
  for (uint64_t n = 1; n <= 310; ++n) ids.push_back(Uuid(n));
  EXPECT_THAT(nats_->Ids(), ElementsAreArray(ids));
}

TEST_F(NatsTest, AServerThatIsKilledIsShownAndNothingIsLostOrTwice) {
  nats_->MakeStream();
  ASSERT_TRUE(world_.Create(Settings()).ok());
  world_.Append(20);
  ASSERT_TRUE(world_.AwaitDone());

  nats_->Kill();
  world_.Append(20);
  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world_.Get().condition() == bus::v1::CONNECTOR_CONDITION_UNAVAILABLE;
  }));
  EXPECT_THAT(world_.Get().last_error(), HasSubstr("NATS"));
  EXPECT_EQ(world_.Group().cursor, Position(20));
  nats_->Start();

  ASSERT_TRUE(world_.AwaitDone());
  std::vector<std::string> ids;
  for (uint64_t n = 1; n <= 40; ++n) ids.push_back(Uuid(n));
  EXPECT_THAT(nats_->Ids(), ElementsAreArray(ids));
  EXPECT_THAT(world_.ParkedBecause(), SizeIs(0));
}

TEST_F(NatsTest, WhatWasParkedAndIsInTheStreamIsNotPublishedAgain) {
  nats_->MakeStream();
  StopSignal stop;
  // Everything is settled; two were parked, and are given again.
  const connectors::DeliveryTerms terms = {
      Position(100), absl::Now() + absl::Minutes(1), &stop};
  std::vector<connectors::CloudEvent> events(2);
  for (int i = 0; i < 2; ++i) {
    events[i].position = Position(static_cast<uint64_t>(i) + 7);
    events[i].id = Uuid(static_cast<uint64_t>(i) + 7);
    events[i].stream = "p/event";
    events[i].type = "samverk.cost_booked";
    events[i].data = "{}";
  }
  const auto deliver = [&](absl::Span<const connectors::CloudEvent> some) {
    // Its acknowledgement is lost with the connector.
    connectors::NatsConnector connector(Settings().nats(), absl::Seconds(5));
    const auto report = connector.Deliver(some, terms);
    EXPECT_EQ(report.unavailable, "");
    EXPECT_EQ(report.outcomes.size(), some.size());
  };
  deliver(absl::MakeSpan(events).first(1));
  absl::SleepFor(absl::Milliseconds(200));  // beyond the deduplication window

  deliver(events);

  EXPECT_THAT(nats_->Ids(), ElementsAreArray({Uuid(7), Uuid(8)}));
}

TEST_F(NatsTest, ReadingBackGoesOnInTheNextDelivery) {
  nats_->MakeStream();
  StopSignal stop;
  std::vector<connectors::CloudEvent> events(3);
  for (int i = 0; i < 3; ++i) {
    events[i].position = Position(static_cast<uint64_t>(i) + 1);
    events[i].id = Uuid(static_cast<uint64_t>(i) + 1);
    events[i].stream = "p/event";
    events[i].type = "samverk.cost_booked";
    events[i].data = "{}";
  }
  {
    connectors::NatsConnector before(Settings().nats(), absl::Seconds(5));
    before.Deliver(events, {Position(), absl::Now() + absl::Minutes(1), &stop});
  }
  absl::SleepFor(absl::Milliseconds(200));  // beyond the deduplication window
  connectors::NatsConnector connector(Settings().nats(), absl::Seconds(5));

  // There is no time left in this lease.
  const auto late = connector.Deliver(events, {Position(), absl::Now(), &stop});
  EXPECT_TRUE(late.outcomes.empty()) << "they are tried later, uncounted";
  EXPECT_EQ(late.unavailable, "");
  const auto report = connector.Deliver(
      events, {Position(), absl::Now() + absl::Minutes(1), &stop});

  EXPECT_EQ(report.outcomes.size(), 3u);
  EXPECT_THAT(nats_->Ids(), SizeIs(3)) << "none is published twice";
}

TEST_F(NatsTest, EndsAtOnceWhileTheServerHangs) {
  nats_->MakeStream();
  auto world = std::make_unique<ConnectorWorld>();
  bus::v1::ConnectorSettings settings = Settings();
  settings.mutable_timeout()->set_seconds(40);
  bus::GroupSettings group;
  group.lease = absl::Minutes(2);
  ASSERT_TRUE(
      world->connectors().Create("c", group, Position(), settings).ok());
  world->Append(1);
  ASSERT_TRUE(world->AwaitDone());
  nats_->Hang();
  world->Append(1);
  ASSERT_TRUE(
      ConnectorWorld::Await([&] { return world->Group().in_flight == 1; }));
  absl::SleepFor(absl::Milliseconds(200));  // within the publication

  const absl::Time start = absl::Now();
  world.reset();

  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
}

TEST_F(NatsTest, AServerThatNobodyVouchesForIsSentNothing) {
  const std::string base = ::testing::TempDir() + "/nats_test.tls";
  ASSERT_EQ(
      std::system(absl::StrCat("openssl req -x509 -newkey rsa:2048 "
                               "-nodes -days 2 -subj /CN=localhost "
                               "-addext subjectAltName=DNS:localhost "
                               "-keyout ",
                               base, ".key -out ", base, ".crt 2>/dev/null")
                      .c_str()),
      0);
  nats_->Kill();
  nats_->Start(
      {"--tls", "--tlscert", base + ".crt", "--tlskey", base + ".key"});
  bus::v1::ConnectorSettings settings = Settings();
  settings.mutable_nats()->set_url(
      absl::StrCat("tls://localhost:", nats_->port()));
  world_.Append(1);

  ASSERT_TRUE(world_.Create(settings).ok());

  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world_.Get().condition() == bus::v1::CONNECTOR_CONDITION_UNAVAILABLE;
  }));
  EXPECT_THAT(world_.Get().last_error(), HasSubstr("SSL"));
}

TEST_F(NatsTest, AStreamThatIsMissingIsShown) {
  world_.Append(1);
  ASSERT_TRUE(world_.Create(Settings()).ok());
  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world_.Get().condition() == bus::v1::CONNECTOR_CONDITION_UNAVAILABLE;
  }));
  EXPECT_THAT(world_.Get().last_error(), HasSubstr("stream REGISTER"));

  nats_->MakeStream();

  EXPECT_TRUE(world_.AwaitDone());
}

TEST(NatsSettings, WhatCannotBeIsRefusedWithTheField) {
  const auto refused = [](const bus::v1::NatsTarget& target) {
    bus::v1::ConnectorSettings settings;
    *settings.mutable_nats() = target;
    const absl::Status status = connectors::CheckSettings(settings);
    EXPECT_EQ(ReasonOf(status), error::v1::REASON_INVALID_FIELD);
    return std::string(status.message());
  };
  bus::v1::NatsTarget target;
  target.set_url("nats://example.org:4222");
  target.set_stream("S");
  EXPECT_THAT(refused(target), HasSubstr("settings.nats.url"));
  target.set_url("tls://a.example.org:4222,nats://b.example.org:4222");
  EXPECT_THAT(refused(target), HasSubstr("settings.nats.url"));
  // What other readers of addresses might take for another machine.
  for (const char* url :
       {"TLS://example.org:4222", "nats://localhost:4222,tls://example.org:1",
        "tls://example.org:1,nats://localhost:4222",
        "nats://127.0.0.1:4222?@example.org",
        "nats://127.0.0.1:4222/@example.org", "tls://example.org/x", "tls:", "",
        ","}) {
    target.set_url(url);
    EXPECT_THAT(refused(target), HasSubstr("settings.nats.url")) << url;
  }
  target.set_url("tls://a.example.org:4222,tls://b.example.org:4222");
  target.set_stream("a.b");
  EXPECT_THAT(refused(target), HasSubstr("settings.nats.stream"));
  target.set_stream("S");
  target.set_subject_prefix("a..b");
  EXPECT_THAT(refused(target), HasSubstr("settings.nats.subject_prefix"));
}

TEST(NatsSubject, HoldsWhatMayNotStandInOne) {
  connectors::CloudEvent event;
  event.stream = "gård 5.>/shelf/1";
  event.type = "inventory.*";
  EXPECT_EQ(connectors::SubjectOf("a.b", event),
            "a.b.g%C3%A5rd%205%2E%3E.inventory%2E%2A");
}

}  // namespace
}  // namespace samverk::testing
