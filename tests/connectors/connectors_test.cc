// Connectors as a whole: what is kept, changed, shown and refused.

#include "services/connectors/connectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "services/connectors/connector_settings.h"
#include "tests/connectors/connector_world.h"
#include "tests/connectors/http_target.h"
#include "tests/testing/events.h"

namespace samverk::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string& Secret() {
  static const std::string secret =
      absl::StrCat("whsec_", absl::Base64Escape(std::string(32, 'k')));
  return secret;
}

bus::v1::ConnectorSettings To(const std::string& url) {
  bus::v1::ConnectorSettings settings;
  settings.mutable_webhook()->set_url(url);
  settings.mutable_webhook()->set_secret(Secret());
  return settings;
}

std::vector<std::string> IdsTo(uint64_t last) {
  std::vector<std::string> ids;
  for (uint64_t n = 1; n <= last; ++n) ids.push_back(Uuid(n));
  return ids;
}

TEST(Connectors, GoOnWhereTheyWereAfterARestart) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url())).ok());
  world.Append(3);
  ASSERT_TRUE(world.AwaitDone());

  world.Restart();
  world.Append(2);

  ASSERT_TRUE(world.AwaitDone());
  EXPECT_EQ(target.ids(), IdsTo(5));
}

TEST(Connectors, GiveAgainWhatWasNotStoredBeforeACrash) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url())).ok());
  world.LoseWhatIsPut();
  world.Append(1);
  ASSERT_TRUE(ConnectorWorld::Await([&] { return target.ids().size() == 1; }));

  world.Restart();

  ASSERT_TRUE(world.AwaitDone());
  EXPECT_THAT(target.ids(), ElementsAre(Uuid(1), Uuid(1)));
}

TEST(Connectors, APauseIsKeptThroughARestart) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url())).ok());
  ASSERT_TRUE(world.connectors().Pause("c", "audit until Monday").ok());
  world.Append(1);

  world.Restart();

  EXPECT_EQ(world.Get().condition(), bus::v1::CONNECTOR_CONDITION_PAUSED);
  EXPECT_EQ(world.Get().paused_because(), "audit until Monday");
  EXPECT_EQ(world.Group().members, 0);
  EXPECT_THAT(target.ids(), IsEmpty());
  ASSERT_TRUE(world.connectors().Resume("c").ok());
  EXPECT_TRUE(world.AwaitDone());
  EXPECT_THAT(target.ids(), SizeIs(1));
}

TEST(Connectors, TheSameAgainIsTheFirstAnswerAndOthersAreRefused) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url())).ok());

  EXPECT_TRUE(world.Create(To(target.url())).ok());
  EXPECT_EQ(ReasonOf(world.Create(To("https://example.org/"))),
            error::v1::REASON_GROUP_EXISTS);
  EXPECT_EQ(ReasonOf(world.Create(To(target.url()), 99)),
            error::v1::REASON_GROUP_EXISTS);
  EXPECT_THAT(world.connectors().List(), SizeIs(1));
}

TEST(Connectors, AChangeKeepsTheSecretThatIsNotGiven) {
  HttpTarget first;
  HttpTarget second;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(first.url())).ok());
  bus::v1::ConnectorSettings change = To(second.url());
  change.mutable_webhook()->clear_secret();

  ASSERT_TRUE(world.connectors().Update("c", change).ok());
  world.Append(1);

  ASSERT_TRUE(world.AwaitDone());
  EXPECT_THAT(first.ids(), IsEmpty());
  EXPECT_THAT(second.ids(), SizeIs(1));
  EXPECT_EQ(world.Get().settings().webhook().secret(), "");
}

TEST(Connectors, AreForgottenWithTheirGroups) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url())).ok());

  ASSERT_TRUE(world.connectors().Delete("c").ok());

  EXPECT_EQ(ReasonOf(world.connectors().Get("c").status()),
            error::v1::REASON_NOT_FOUND);
  EXPECT_THAT(world.groups().List(), IsEmpty());
  EXPECT_THAT(*world.cursors().ListCursors(""), IsEmpty());
  EXPECT_EQ(ReasonOf(world.connectors().Delete("c")),
            error::v1::REASON_NOT_FOUND);
  EXPECT_EQ(ReasonOf(world.connectors().Pause("c", "")),
            error::v1::REASON_NOT_FOUND);
}

TEST(Connectors, AGroupDeletedByOthersIsShownAlsoAfterARestart) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url())).ok());

  world.groups().Delete("c", [](const absl::StatusOr<Position>&) {});

  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world.Get().condition() == bus::v1::CONNECTOR_CONDITION_STOPPED;
  }));
  EXPECT_THAT(world.Get().last_error(), HasSubstr("deleted"));
  world.Restart();
  EXPECT_EQ(world.Get().condition(), bus::v1::CONNECTOR_CONDITION_STOPPED);
  EXPECT_THAT(world.Get().last_error(), HasSubstr("no consumer group c"));
  EXPECT_TRUE(world.connectors().Delete("c").ok());
}

TEST(Connectors, ADamagedOneIsShownAndOthersGoOn) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url())).ok());
  world.cursors().PutCursors({{"connector/bad", "\x01\xff"}},
                             absl::InfiniteFuture(), [](absl::Status) {});
  world.cursors().PutCursors({{"connector/newer", "\x02"}},
                             absl::InfiniteFuture(), [](absl::Status) {});

  world.Restart();
  world.Append(1);

  EXPECT_TRUE(world.AwaitDone());
  const auto bad = world.connectors().Get("bad");
  EXPECT_EQ(bad->condition(), bus::v1::CONNECTOR_CONDITION_STOPPED);
  EXPECT_THAT(bad->last_error(), HasSubstr("connector bad"));
  EXPECT_EQ(ReasonOf(world.connectors().Resume("bad")),
            error::v1::REASON_DAMAGED);
  EXPECT_EQ(ReasonOf(world.connectors().Resume("newer")),
            error::v1::REASON_FORMAT_NEWER);
  EXPECT_TRUE(world.connectors().Delete("bad").ok());
}

TEST(Connectors, AnEventThatIsUnknownHereIsParked) {
  HttpTarget target;
  ConnectorWorld world;
  world.Append(1);
  world.AppendOther("samverk.invented_later", "x");
  world.AppendOther("inventory.counted", "7\xff");
  world.Append(1);

  ASSERT_TRUE(world.Create(To(target.url())).ok());
  ASSERT_TRUE(world.AwaitDone());

  EXPECT_THAT(world.ParkedBecause(), ElementsAre(HasSubstr("position 2")));
  ASSERT_THAT(target.received(), SizeIs(3));
  EXPECT_THAT(target.received()[1].body,
              HasSubstr("\"datacontenttype\":\"application/octet-stream\","
                        "\"data_base64\":\"N/8=\"}"));
}

TEST(ConnectorSettings, WhatCannotBeIsRefusedWithTheField) {
  const auto refused = [](const bus::v1::ConnectorSettings& settings) {
    const absl::Status status = connectors::CheckSettings(settings);
    EXPECT_EQ(ReasonOf(status), error::v1::REASON_INVALID_FIELD);
    return std::string(status.message());
  };
  EXPECT_THAT(refused({}), HasSubstr("settings.target"));
  for (const std::string url :
       {"", "example.org", "ftp://example.org/", "http://example.org/",
        "http://127.0.0.1.example.org/", "http://127.0.0.1@example.org/",
        "https://me:secret@example.org/", "https://example.org/#a",
        "https://example.org/å", "https://example.org/\r\nx: y",
        "file:///etc/passwd"}) {
    const std::string why = refused(To(url));
    EXPECT_THAT(why, HasSubstr("settings.webhook.url")) << url;
    EXPECT_THAT(why, ::testing::Not(HasSubstr("me:secret")));
  }
  bus::v1::ConnectorSettings settings = To("https://example.org/");
  EXPECT_TRUE(connectors::CheckSettings(settings).ok());
  settings.mutable_webhook()->set_secret_file("/etc/hook");
  EXPECT_THAT(refused(settings), HasSubstr("settings.webhook.secret"));
  settings.mutable_webhook()->clear_secret_file();
  settings.mutable_webhook()->set_secret("whsec_short");
  EXPECT_THAT(refused(settings), HasSubstr("settings.webhook.secret"));
  settings = To("https://example.org/");
  settings.mutable_timeout()->set_seconds(61);
  EXPECT_THAT(refused(settings), HasSubstr("settings.timeout"));
  settings = To("https://example.org/");
  settings.mutable_webhook()->set_mode(static_cast<bus::v1::WebhookMode>(9));
  EXPECT_THAT(refused(settings), HasSubstr("settings.webhook.mode"));
}

}  // namespace
}  // namespace samverk::testing
