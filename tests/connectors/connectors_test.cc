// Connectors as a whole: what is kept, changed, shown and refused.

#include "services/connectors/connectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
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

TEST(Connectors, CountsGoOnThroughChanges) {
  HttpTarget target([](int, const auto& request, httplib::Response& answer) {
    if (request.headers.at("webhook-id") == Uuid(2)) answer.status = 422;
  });
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url()), 2).ok());
  world.Append(3);
  ASSERT_TRUE(world.AwaitDone());

  ASSERT_TRUE(world.connectors().Pause("c", "").ok());
  EXPECT_EQ(world.Get().delivered(), 2);
  EXPECT_EQ(world.Get().refused(), 2);
  EXPECT_TRUE(world.Get().has_last_success());
  EXPECT_THAT(world.Get().last_error(), HasSubstr("422"));
  ASSERT_TRUE(world.connectors().Resume("c").ok());
  world.Append(1);

  ASSERT_TRUE(world.AwaitDone());
  EXPECT_EQ(world.Get().delivered(), 3);
}

TEST(Connectors, ATimeoutIsShorterThanTheGroupsLease) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url())).ok());
  bus::v1::ConnectorSettings change = To(target.url());
  change.mutable_timeout()->set_seconds(30);
  EXPECT_THAT(std::string(world.connectors().Update("c", change).message()),
              HasSubstr("settings.timeout"));

  // A group may be changed by itself.
  const auto set_lease = [&world](absl::Duration lease) {
    (*world.groups().Find("c"))
        ->Ask(
            [&](bus::ConsumerGroup& group, absl::Time) {
              bus::GroupSettings settings = group.settings();
              settings.lease = lease;
              group.Change(settings);
              return absl::OkStatus();
            },
            [](const absl::StatusOr<Position>&) {});
  };
  set_lease(absl::Seconds(10));
  world.Append(1);
  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world.Get().condition() == bus::v1::CONNECTOR_CONDITION_UNAVAILABLE;
  }));
  EXPECT_THAT(world.Get().last_error(), HasSubstr("lease"));
  EXPECT_THAT(target.ids(), IsEmpty());
  set_lease(absl::Seconds(11));
  EXPECT_TRUE(world.AwaitDone());
}

TEST(Connectors, ALeaseLastsWhileItsRateIsWaitedFor) {
  HttpTarget target;
  ConnectorWorld world;
  world.Append(3);
  bus::v1::ConnectorSettings settings = To(target.url());
  settings.set_events_per_second(1);
  settings.mutable_timeout()->set_nanos(500'000'000);
  bus::GroupSettings group;
  group.lease = absl::Seconds(1);

  ASSERT_TRUE(world.connectors().Create("c", group, Position(), settings).ok());

  ASSERT_TRUE(world.AwaitDone());
  EXPECT_EQ(target.ids(), IdsTo(3));
  EXPECT_EQ(world.Get().last_error(), "");
}

TEST(Connectors, AStopStoresWhatWasDeliveredAndStartsNothingMore) {
  HttpTarget target;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(target.url())).ok());
  world.Append(3);
  ASSERT_TRUE(world.AwaitDone());

  world.connectors().Stop();
  ASSERT_TRUE(world.connectors().Pause("c", "").ok());
  ASSERT_TRUE(world.connectors().Resume("c").ok());
  world.Append(1);
  EXPECT_EQ(world.Get().condition(), bus::v1::CONNECTOR_CONDITION_STOPPED);
  EXPECT_EQ(world.Group().members, 0);

  world.Restart();
  ASSERT_TRUE(world.AwaitDone());
  EXPECT_EQ(target.ids(), IdsTo(4));
}

TEST(Connectors, ManyThatWaitForTheirTargetsEndTogether) {
  OddTarget target("");
  auto world = std::make_unique<ConnectorWorld>();
  world->Append(1);
  bus::v1::ConnectorSettings settings = To(target.url());
  settings.mutable_timeout()->set_seconds(40);
  bus::GroupSettings group;
  group.lease = absl::Minutes(2);
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(world->connectors()
                    .Create(absl::StrCat("c", i), group, Position(), settings)
                    .ok());
  }
  ASSERT_TRUE(ConnectorWorld::Await([&] {
    size_t in_flight = 0;
    for (const std::string& name : world->groups().List()) {
      (*world->groups().Find(name))->Look([&](const bus::ConsumerGroup& at) {
        in_flight += at.state().in_flight;
      });
    }
    return in_flight == 30;
  }));
  absl::SleepFor(absl::Milliseconds(200));  // within their requests

  const absl::Time start = absl::Now();
  world.reset();

  EXPECT_LT(absl::Now() - start, absl::Seconds(8));
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

TEST(Connectors, ADeletionThatWasCutShortIsCompleted) {
  for (const std::string part : {"group/", "connector/"}) {
    HttpTarget target;
    ConnectorWorld world;
    ASSERT_TRUE(world.Create(To(target.url())).ok());
    world.cursors().Refuse(part);
    EXPECT_FALSE(world.connectors().Delete("c").ok()) << part;
    world.Restart();

    EXPECT_TRUE(world.connectors().Delete("c").ok()) << part;

    EXPECT_THAT(world.groups().List(), IsEmpty()) << part;
    EXPECT_THAT(*world.cursors().ListCursors(""), IsEmpty()) << part;
    EXPECT_THAT(world.SecretFiles(), IsEmpty()) << part;
  }
}

TEST(Connectors, AChangeThatIsNotStoredChangesNothing) {
  HttpTarget first;
  HttpTarget second;
  ConnectorWorld world;
  ASSERT_TRUE(world.Create(To(first.url())).ok());
  world.cursors().Refuse("connector/");

  EXPECT_FALSE(world.connectors().Update("c", To(second.url())).ok());
  EXPECT_FALSE(world.connectors().Pause("c", "").ok());
  world.cursors().Keep();
  world.Append(1);

  ASSERT_TRUE(world.AwaitDone());
  EXPECT_THAT(first.ids(), SizeIs(1));
  world.Restart();
  world.Append(1);
  ASSERT_TRUE(world.AwaitDone());
  EXPECT_THAT(first.ids(), SizeIs(2));
}

TEST(Connectors, EachHasANatsStreamOfItsOwn) {
  ConnectorWorld world;
  bus::v1::ConnectorSettings settings;
  settings.mutable_nats()->set_url("tls://a.invalid:1,tls://b.invalid:1");
  settings.mutable_nats()->set_stream("S");
  ASSERT_TRUE(world.Create(settings).ok());
  settings.mutable_nats()->set_url("tls://b.invalid:1");
  const auto create = [&] {
    return world.connectors().Create("d", {}, Position(), settings).status();
  };

  EXPECT_THAT(std::string(create().message()),
              HasSubstr("settings.nats.stream"));
  settings.mutable_nats()->set_stream("T");
  EXPECT_TRUE(create().ok());
  settings.mutable_nats()->set_stream("S");
  EXPECT_FALSE(world.connectors().Update("d", settings).ok());
  EXPECT_TRUE(world.connectors().Update("c", settings).ok()) << "its own";
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
  world.cursors().PutCursors({{"connector/newer", "\x03"}},
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
  EXPECT_THAT(refused(To("HTTPS://example.org/")), HasSubstr("url"));
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
