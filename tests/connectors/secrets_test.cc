// Secrets of connectors: where they are, and where they are not.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "services/connectors/connector_settings.h"
#include "services/connectors/secret_files.h"
#include "services/connectors/webhook/signature.h"
#include "tests/connectors/connector_world.h"
#include "tests/connectors/http_target.h"
#include "tests/testing/events.h"

namespace samverk::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string SecretOf(char c) {
  return absl::StrCat("whsec_", absl::Base64Escape(std::string(32, c)));
}

bus::v1::ConnectorSettings To(const std::string& url,
                              const std::string& secret) {
  bus::v1::ConnectorSettings settings;
  settings.mutable_webhook()->set_url(url);
  settings.mutable_webhook()->set_secret(secret);
  return settings;
}

void ExpectSignedWith(const std::string& secret,
                      const HttpTarget::Received& request) {
  int64_t timestamp = 0;
  ASSERT_TRUE(
      absl::SimpleAtoi(request.headers.at("webhook-timestamp"), &timestamp));
  EXPECT_EQ(request.headers.at("webhook-signature"),
            connectors::Signature(*connectors::KeyOfSecret("", secret),
                                  request.headers.at("webhook-id"), timestamp,
                                  request.body));
}

// What was stored before secrets had files of their own.
void StoreInClear(ConnectorWorld& world,
                  const bus::v1::ConnectorSettings& settings) {
  bus::v1::StoredConnector stored;
  *stored.mutable_settings() = settings;
  world.cursors().PutCursors(
      {{"connector/c", "\x01" + stored.SerializeAsString()}},
      absl::InfiniteFuture(), [](const absl::Status&) {});
}

TEST(ConnectorSecrets, AreInAFileAndNeverInTheLog) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url(), SecretOf('a'))).ok());
  ASSERT_TRUE(world.connectors().Pause("c", "").ok());
  ASSERT_TRUE(
      world.connectors().Update("c", To(target.url(), SecretOf('b'))).ok());
  ASSERT_TRUE(world.connectors().Resume("c").ok());
  world.Append(1);
  ASSERT_TRUE(world.AwaitDone());

  for (const char c : {'a', 'b'}) {
    EXPECT_THAT(world.Log(), Not(HasSubstr(SecretOf(c).substr(6))));
    EXPECT_THAT(world.Log(), Not(HasSubstr(std::string(32, c))));
  }
  ASSERT_THAT(world.SecretFiles(), SizeIs(1)) << "the old one is gone";
  const auto [file, text] = *world.SecretFiles().begin();
  EXPECT_THAT(file, StartsWith("connector-c-"));
  EXPECT_EQ(text, SecretOf('b'));
  EXPECT_THAT(world.Log(), HasSubstr(file));
  struct stat found;
  ASSERT_EQ(stat((world.secrets() + "/" + file).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600);
  ASSERT_EQ(stat(world.secrets().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700);
  ExpectSignedWith(SecretOf('b'), target.received()[0]);

  world.Restart();
  world.Append(1);
  ASSERT_TRUE(world.AwaitDone());
  ExpectSignedWith(SecretOf('b'), target.received()[1]);
}

TEST(ConnectorSecrets, TheSameAgainIsTheSameSecret) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url(), SecretOf('a'))).ok());

  EXPECT_TRUE(world.Create(To(target.url(), SecretOf('a'))).ok());
  EXPECT_EQ(ReasonOf(world.Create(To(target.url(), SecretOf('b')))),
            error::v1::REASON_GROUP_EXISTS);
  EXPECT_THAT(world.SecretFiles(), SizeIs(1));
}

TEST(ConnectorSecrets, OneThatIsMadeIsToldOnce) {
  HttpTarget target;
  ConnectorWorld world;
  const auto create = [&] {
    return world.connectors().Create("c", {}, Position(), To(target.url(), ""));
  };
  const auto made = create();
  ASSERT_TRUE(made.ok()) << made.status();
  world.Append(1);
  ASSERT_TRUE(world.AwaitDone());

  ExpectSignedWith(*made, target.received()[0]);
  EXPECT_THAT(world.Log(), Not(HasSubstr(made->substr(6))));
  const auto again = create();
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, "");
}

TEST(ConnectorSecrets, GoWithTheirConnectorsAndTheirUse) {
  HttpTarget target;
  ConnectorWorld world;
  const std::string file = ::testing::TempDir() + "/secrets_test.secret";
  std::ofstream(file) << SecretOf('f') << "\n";
  ASSERT_TRUE(world.Create(To(target.url(), SecretOf('a'))).ok());
  bus::v1::ConnectorSettings from_file = To(target.url(), "");
  from_file.mutable_webhook()->set_secret_file(file);
  ASSERT_TRUE(world.connectors().Update("c", from_file).ok());
  EXPECT_THAT(world.SecretFiles(), IsEmpty());

  ASSERT_TRUE(
      world.connectors().Update("c", To(target.url(), SecretOf('b'))).ok());
  EXPECT_THAT(world.SecretFiles(), SizeIs(1));
  ASSERT_TRUE(world.connectors().Delete("c").ok());
  EXPECT_THAT(world.SecretFiles(), IsEmpty());
}

TEST(ConnectorSecrets, LeftoversOfChangesThatWereCutShortAreRemovedAtStart) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url(), SecretOf('a'))).ok());
  const std::string kept = world.SecretFiles().begin()->first;
  for (const char* left :
       {"connector-gone-0123456789abcdef", "connector-c-0123456789abcdef",
        "connector-newer-0123456789abcdef", "unfinished", "README"}) {
    std::ofstream(world.secrets() + "/" + left) << "x";
  }
  world.cursors().PutCursors({{"connector/newer", "\x03"}},
                             absl::InfiniteFuture(),
                             [](const absl::Status&) {});

  world.Restart();

  EXPECT_THAT(world.SecretFiles(),
              ::testing::UnorderedElementsAre(
                  ::testing::Key(kept),
                  ::testing::Key("connector-newer-0123456789abcdef"),
                  ::testing::Key("README")));
}

TEST(ConnectorSecrets, OneThatIsMissingIsAskedForAndNothingIsSent) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url(), SecretOf('a'))).ok());
  std::filesystem::remove_all(world.secrets());

  world.Restart();
  world.Append(2);

  EXPECT_EQ(world.Get().condition(), bus::v1::CONNECTOR_CONDITION_PAUSED);
  EXPECT_THAT(world.Get().paused_because(),
              AllOf(HasSubstr("secret is missing"),
                    HasSubstr("samverk connectors update c --secret-file")));
  ASSERT_TRUE(world.connectors().Resume("c").ok());
  EXPECT_EQ(world.Get().condition(), bus::v1::CONNECTOR_CONDITION_PAUSED);
  EXPECT_EQ(world.Group().members, 0);
  EXPECT_THAT(target.received(), IsEmpty());

  ASSERT_TRUE(
      world.connectors().Update("c", To(target.url(), SecretOf('b'))).ok());
  ASSERT_TRUE(world.AwaitDone());
  ExpectSignedWith(SecretOf('b'), target.received()[0]);
}

TEST(ConnectorSecrets, OneThatWasStoredInClearIsMovedAtStart) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url(), SecretOf('a'))).ok());
  StoreInClear(world, To(target.url(), SecretOf('b')));

  world.Restart();
  world.Append(1);

  ASSERT_TRUE(world.AwaitDone());
  ExpectSignedWith(SecretOf('b'), target.received()[0]);
  EXPECT_THAT(**world.cursors().GetCursor("connector/c"),
              AllOf(StartsWith("\x02"), Not(HasSubstr(SecretOf('b')))));
  ASSERT_THAT(world.SecretFiles(), SizeIs(1));
  EXPECT_EQ(world.SecretFiles().begin()->second, SecretOf('b'));
}

TEST(ConnectorSecrets, OneThatCannotBeMovedIsUsedAndSaid) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url(), SecretOf('a'))).ok());
  StoreInClear(world, To(target.url(), SecretOf('b')));
  std::filesystem::remove_all(world.secrets());
  std::ofstream(world.secrets()) << "a file";

  world.Restart();
  EXPECT_THAT(world.Get().last_error(),
              AllOf(HasSubstr("in clear"), Not(HasSubstr(SecretOf('b')))));
  world.Append(1);
  ASSERT_TRUE(world.AwaitDone());
  ExpectSignedWith(SecretOf('b'), target.received()[0]);

  std::filesystem::remove(world.secrets());
  ASSERT_TRUE(world.connectors().Pause("c", "").ok());
  EXPECT_THAT(world.SecretFiles(), SizeIs(1));
  EXPECT_THAT(**world.cursors().GetCursor("connector/c"),
              Not(HasSubstr(SecretOf('b'))));
}

TEST(ConnectorSecrets, WhereNoneCanBeWrittenNothingIsChanged) {
  HttpTarget target;
  ConnectorWorld world;
  std::ofstream(world.secrets()) << "a file";

  const absl::Status status = world.Create(To(target.url(), SecretOf('a')));

  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(),
              AllOf(HasSubstr(world.secrets()), Not(HasSubstr(SecretOf('a')))));
  EXPECT_THAT(world.connectors().List(), IsEmpty());
  std::filesystem::remove(world.secrets());
  EXPECT_TRUE(world.Create(To(target.url(), SecretOf('a'))).ok());
}

TEST(ConnectorSecrets, NoNameLeadsOutOfTheirDirectory) {
  HttpTarget target;
  ConnectorWorld world;
  for (const std::string name :
       {"..", ".", "../c", "c/../../c", "/c", "c/", "", "-", "C"}) {
    EXPECT_EQ(ReasonOf(world.connectors()
                           .Create(name, {}, Position(),
                                   To(target.url(), SecretOf('a')))
                           .status()),
              error::v1::REASON_INVALID_FIELD)
        << name;
  }
  EXPECT_THAT(world.SecretFiles(), IsEmpty());
  EXPECT_TRUE(
      world.connectors()
          .Create("c..", {}, Position(), To(target.url(), SecretOf('a')))
          .ok());
  EXPECT_THAT(world.SecretFiles(), SizeIs(1));

  bus::v1::StoredConnector stored;
  *stored.mutable_settings() = To(target.url(), "");
  for (const std::string file :
       {"../../etc/passwd", "connector-d-0123456789abcdef", "connector-c-",
        "connector-c-0123456789abcde/", ""}) {
    stored.set_kept_secret(file);
    EXPECT_EQ(ReasonOf(connectors::DecodeConnector(
                           "c", connectors::EncodeConnector(stored))
                           .status()),
              error::v1::REASON_DAMAGED)
        << file;
  }
}

TEST(ReadSecretFile, DoesNotWaitForWhatIsNoFile) {
  const std::string pipe = ::testing::TempDir() + "/secrets_test.pipe";
  std::filesystem::remove(pipe);
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, std::string("/dev/zero"),
                                  ::testing::TempDir(), pipe + ".missing"}) {
    const auto read = connectors::ReadSecretFile(path);
    EXPECT_EQ(read.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(read.status().message(), HasSubstr(path));
  }
}

}  // namespace
}  // namespace samverk::testing
