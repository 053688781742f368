// NATS: a real server, killed and started again.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nats/nats.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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

  void Start() {
    const std::string port = absl::StrCat(port_);
    pid_ = fork();
    if (pid_ == 0) {
      const int null = open("/dev/null", O_RDWR);
      dup2(null, STDOUT_FILENO);
      dup2(null, STDERR_FILENO);
      execl(kProgram, kProgram, "-js", "-sd", directory_.c_str(), "-a",
            "127.0.0.1", "-p", port.c_str(), nullptr);
      _exit(127);
    }
    SAMVERK_CHECK(ConnectorWorld::Await([this] { return IsUp(); }));
  }
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
