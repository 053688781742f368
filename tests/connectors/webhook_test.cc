// Webhooks: what is sent, and what becomes of each answer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/sha256.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/connectors/webhook/signature.h"
#include "tests/connectors/connector_world.h"
#include "tests/connectors/http_target.h"
#include "tests/testing/events.h"

namespace samverk::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// 32 bytes.
constexpr char kKey[] = "0123456789abcdef0123456789abcdef";

std::string Secret() {
  return absl::StrCat("whsec_", absl::Base64Escape(kKey));
}

bus::v1::ConnectorSettings To(const std::string& url) {
  bus::v1::ConnectorSettings settings;
  settings.mutable_webhook()->set_url(url);
  settings.mutable_webhook()->set_secret(Secret());
  settings.mutable_timeout()->set_seconds(5);
  return settings;
}

// HMAC as RFC 2104 has it, apart from what the product uses.
std::string Hmac(std::string key, std::string_view text) {
  key.resize(64, '\0');
  std::string inner = key;
  std::string outer = key;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer) c = static_cast<char>(c ^ 0x5c);
  const Hash first = Sha256(inner + std::string(text));
  const Hash second = Sha256(outer + std::string(AsBytes(first)));
  return std::string(AsBytes(second));
}

void ExpectSigned(const HttpTarget::Received& request) {
  const auto& headers = request.headers;
  EXPECT_EQ(headers.at("webhook-signature"),
            absl::StrCat("v1,",
                         absl::Base64Escape(Hmac(
                             kKey, absl::StrCat(headers.at("webhook-id"), ".",
                                                headers.at("webhook-timestamp"),
                                                ".", request.body)))));
}

google::protobuf::Struct JsonOf(const std::string& body) {
  google::protobuf::Struct json;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(body, &json).ok())
      << body;
  return json;
}

TEST(WebhookSignature, IsThatOfTheConventionsOwnExample) {
  std::string key;
  ASSERT_TRUE(absl::Base64Unescape("plJ3nmyCDGBKInavdOK15jsl", &key));
  EXPECT_EQ(
      connectors::Signature(key, "msg_loFOjxBNrRLzqYUf", 1731705121,
                            R"({"event_type":"ping","data":{"success":true}})"),
      "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
}

TEST(WebhookSignature, RefusesWhatIsNoSecretWithoutShowingIt) {
  for (const std::string secret :
       {"", "whsec_", "whsec_c2hvcnQ=", "whsec_###", "MfKQ9r8GKYqrTwjUPD8"}) {
    const auto key = connectors::KeyOfSecret("secret", secret);
    EXPECT_EQ(ReasonOf(key.status()), error::v1::REASON_INVALID_FIELD);
    if (secret.size() > 6) {
      EXPECT_THAT(key.status().message(), Not(HasSubstr(secret.substr(6))));
    }
  }
}

TEST(Webhook, SendsStructuredCloudEventsThatAreSigned) {
  HttpTarget target;
  ConnectorWorld world;
  const std::string id = world.Append(EventOf(R"pb(
    occurred { edtf: "2025-09-17T18:30Z" }
    cost_booked { cost: "c-1" })pb"));

  ASSERT_TRUE(world.Create(To(target.url())).ok());
  ASSERT_TRUE(world.AwaitDone());

  ASSERT_THAT(target.received(), SizeIs(1));
  const HttpTarget::Received request = target.received()[0];
  ExpectSigned(request);
  EXPECT_EQ(request.headers.at("webhook-id"), id);
  EXPECT_EQ(request.headers.at("content-type"),
            "application/cloudevents+json; charset=UTF-8");
  const auto json = JsonOf(request.body);
  const auto text = [&](const char* name) {
    return json.fields().at(name).string_value();
  };
  EXPECT_EQ(text("specversion"), "1.0");
  EXPECT_EQ(text("id"), id);
  EXPECT_EQ(text("source"), "/registers/Malm%C3%B6%20register");
  EXPECT_EQ(text("type"), "samverk.cost_booked");
  EXPECT_EQ(text("subject"), "p/event/1");
  EXPECT_EQ(text("time"), "2025-09-17T18:30:00Z");
  EXPECT_EQ(text("sequence"), "00000000000000000001");
  EXPECT_EQ(text("datacontenttype"), "application/json");
  const auto& data = json.fields().at("data").struct_value();
  EXPECT_EQ(data.fields().at("process").string_value(), "p");
  const bus::v1::Connector connector = world.Get();
  EXPECT_EQ(connector.condition(), bus::v1::CONNECTOR_CONDITION_RUNNING);
  EXPECT_EQ(connector.delivered(), 1);
  EXPECT_TRUE(connector.has_last_success());
  EXPECT_EQ(connector.settings().webhook().secret(), "");
}

TEST(Webhook, SendsBinaryCloudEvents) {
  HttpTarget target;
  ConnectorWorld world;
  bus::v1::ConnectorSettings settings = To(target.url());
  settings.mutable_webhook()->set_mode(bus::v1::WEBHOOK_MODE_BINARY);
  world.Append(1, "p/gård 5");

  ASSERT_TRUE(world.Create(settings).ok());
  ASSERT_TRUE(world.AwaitDone());

  ASSERT_THAT(target.received(), SizeIs(1));
  const HttpTarget::Received request = target.received()[0];
  ExpectSigned(request);
  EXPECT_EQ(request.headers.at("content-type"), "application/json");
  EXPECT_EQ(request.headers.at("ce-specversion"), "1.0");
  EXPECT_EQ(request.headers.at("ce-type"), "samverk.cost_booked");
  EXPECT_TRUE(JsonOf(request.body).fields().contains("cost_booked"));
}

TEST(Webhook, HeadersOfBinaryCloudEventsArePlainText) {
  OddTarget target("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  ConnectorWorld world;
  bus::v1::ConnectorSettings settings = To(target.url());
  settings.mutable_webhook()->set_mode(bus::v1::WEBHOOK_MODE_BINARY);
  world.Append(1, "p/gård 5\r\nx: y");

  ASSERT_TRUE(world.Create(settings).ok());
  ASSERT_TRUE(world.AwaitDone());

  EXPECT_THAT(target.heard(),
              HasSubstr("ce-subject: p/g%C3%A5rd%205%0D%0Ax:%20y\r\n"));
}

TEST(Webhook, KeepsTheOrderOfAKeyThroughFailures) {
  HttpTarget target([](int n, const auto&, httplib::Response& answer) {
    if (n % 3 == 0) answer.status = 500;
  });
  ConnectorWorld world;
  const std::vector<std::string> ids = world.Append(10, "p/one");
  world.Append(20);

  ASSERT_TRUE(world.Create(To(target.url()), 20).ok());
  ASSERT_TRUE(world.AwaitDone());

  std::vector<std::string> of_key;
  for (const std::string& id : target.ids()) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) continue;
    if (of_key.empty() || of_key.back() != id) of_key.push_back(id);
  }
  EXPECT_THAT(of_key, ElementsAreArray(ids));
  EXPECT_THAT(world.ParkedBecause(), IsEmpty());
  EXPECT_THAT(target.ids(), Not(SizeIs(30))) << "some were tried again";
}

TEST(Webhook, ParksWhatIsRefusedAgainAndAgainAndGoesOn) {
  HttpTarget target([](int, const auto& request, httplib::Response& answer) {
    if (request.headers.at("webhook-id") == Uuid(2)) answer.status = 422;
  });
  ConnectorWorld world;
  world.Append(3);

  ASSERT_TRUE(world.Create(To(target.url()), 3).ok());
  ASSERT_TRUE(world.AwaitDone());

  EXPECT_THAT(world.ParkedBecause(), ElementsAre("the target answered 422"));
  EXPECT_EQ(world.Get().delivered(), 2);
  EXPECT_THAT(world.Get().last_error(), HasSubstr("position 2"));
  EXPECT_THAT(target.ids(), SizeIs(2 + 3));
}

TEST(Webhook, DoesNotFollowRedirects) {
  HttpTarget elsewhere;
  HttpTarget target([&](int, const auto&, httplib::Response& answer) {
    answer.status = 307;
    answer.set_header("Location", elsewhere.url());
  });
  ConnectorWorld world;
  world.Append(1);

  ASSERT_TRUE(world.Create(To(target.url()), 2).ok());
  ASSERT_TRUE(world.AwaitDone());

  EXPECT_THAT(world.ParkedBecause(), ElementsAre(HasSubstr("redirects")));
  EXPECT_THAT(elsewhere.received(), IsEmpty());
}

TEST(Webhook, APausingAnswerStopsItUntilPeopleResumeIt) {
  std::atomic<int> status = 410;
  HttpTarget target([&](int, const auto&, httplib::Response& answer) {
    answer.status = status;
  });
  ConnectorWorld world;
  world.Append(2);
  ASSERT_TRUE(world.Create(To(target.url())).ok());

  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world.Get().condition() == bus::v1::CONNECTOR_CONDITION_PAUSED;
  }));
  EXPECT_THAT(world.Get().paused_because(), HasSubstr("410"));
  EXPECT_THAT(target.received(), SizeIs(1));
  EXPECT_EQ(world.Group().cursor, Position());

  status = 200;
  ASSERT_TRUE(world.connectors().Resume("c").ok());
  ASSERT_TRUE(world.AwaitDone());
  EXPECT_THAT(target.ids(), ElementsAre(Uuid(1), Uuid(1), Uuid(2)));
}

TEST(Webhook, APausingAnswerIsStoredAndHoldsThroughARestartAndAChange) {
  std::atomic<int> status = 410;
  HttpTarget target([&](int, const auto&, httplib::Response& answer) {
    answer.status = status;
  });
  ConnectorWorld world;
  world.Append(1);
  ASSERT_TRUE(world.Create(To(target.url())).ok());
  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world.Get().condition() == bus::v1::CONNECTOR_CONDITION_PAUSED;
  }));

  // As if the process had died when that was shown.
  world.LoseWhatIsPut();
  world.Restart();
  EXPECT_EQ(world.Get().condition(), bus::v1::CONNECTOR_CONDITION_PAUSED);
  EXPECT_THAT(world.Get().paused_because(), HasSubstr("410"));
  EXPECT_EQ(world.Group().members, 0);
  ASSERT_TRUE(world.connectors().Update("c", To(target.url())).ok());
  EXPECT_EQ(world.Get().condition(), bus::v1::CONNECTOR_CONDITION_PAUSED);
  EXPECT_THAT(target.received(), SizeIs(1));

  status = 200;
  ASSERT_TRUE(world.connectors().Resume("c").ok());
  ASSERT_TRUE(world.AwaitDone());
  world.Restart();
  EXPECT_EQ(world.Get().condition(), bus::v1::CONNECTOR_CONDITION_RUNNING);
  EXPECT_THAT(target.ids(), ElementsAre(Uuid(1), Uuid(1)));
}

TEST(Webhook, WhatPeopleSayOfAPauseReplacesWhatTheTargetSaid) {
  HttpTarget target(
      [](int, const auto&, httplib::Response& answer) { answer.status = 410; });
  ConnectorWorld world;
  world.Append(1);
  ASSERT_TRUE(world.Create(To(target.url())).ok());
  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world.Get().condition() == bus::v1::CONNECTOR_CONDITION_PAUSED;
  }));

  ASSERT_TRUE(world.connectors().Pause("c", "moves in May").ok());
  ASSERT_TRUE(world.connectors().Update("c", To(target.url())).ok());

  EXPECT_EQ(world.Get().paused_because(), "moves in May");
}

TEST(Webhook, WaitsAsLongAsTheTargetAsksForWithoutCountingAttempts) {
  HttpTarget target([](int n, const auto&, httplib::Response& answer) {
    if (n > 5) return;
    answer.status = 503;
    if (n == 1) answer.set_header("Retry-After", "1");
  });
  ConnectorWorld world;
  world.Append(1);
  const absl::Time start = absl::Now();

  ASSERT_TRUE(world.Create(To(target.url()), 2).ok());
  ASSERT_TRUE(world.AwaitDone());

  EXPECT_GE(absl::Now() - start, absl::Seconds(1));
  EXPECT_THAT(world.ParkedBecause(), IsEmpty());
  EXPECT_THAT(target.received(), SizeIs(6));
  EXPECT_EQ(world.Get().last_error(), "the target answered 503");
}

TEST(Webhook, AnUnreachableTargetIsShownAndOthersGoOn) {
  HttpTarget target;
  ConnectorWorld world;
  const int port = UnusedPort();
  ASSERT_TRUE(
      world.Create(To(absl::StrCat("http://127.0.0.1:", port, "/")), 2).ok());
  bus::GroupSettings group;
  ASSERT_TRUE(world.connectors()
                  .Create("other", group, Position(), To(target.url()))
                  .ok());
  world.Append(5);

  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world.Get().condition() == bus::v1::CONNECTOR_CONDITION_UNAVAILABLE;
  }));
  EXPECT_THAT(world.Get().last_error(),
              AllOf(HasSubstr("connect"), HasSubstr(absl::StrCat(port))));
  EXPECT_TRUE(world.Get().has_tries_again_at());
  ASSERT_TRUE(
      ConnectorWorld::Await([&] { return target.received().size() == 5; }));
  // Nothing of it is the events' fault.
  EXPECT_EQ(world.Group().cursor, Position());
  EXPECT_THAT(world.ParkedBecause(), IsEmpty());

  ASSERT_TRUE(world.connectors().Update("c", To(target.url())).ok());
  EXPECT_TRUE(world.AwaitDone());
  EXPECT_EQ(world.Get().condition(), bus::v1::CONNECTOR_CONDITION_RUNNING);
}

TEST(Webhook, AnAnswerOfNonsenseIsShown) {
  OddTarget target("\x16\x03\x01 this is not HTTP\r\n\r\n");
  ConnectorWorld world;
  world.Append(1);
  ASSERT_TRUE(world.Create(To(target.url()), 2).ok());

  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world.Get().condition() == bus::v1::CONNECTOR_CONDITION_UNAVAILABLE;
  }));
  EXPECT_THAT(world.Get().last_error(), HasSubstr("HTTP"));
}

TEST(Webhook, NoAnswerInTimeIsARefusal) {
  OddTarget target("");
  ConnectorWorld world;
  world.Append(1);
  bus::v1::ConnectorSettings settings = To(target.url());
  settings.mutable_timeout()->set_seconds(0);
  settings.mutable_timeout()->set_nanos(100'000'000);

  ASSERT_TRUE(world.Create(settings, 2).ok());
  ASSERT_TRUE(world.AwaitDone());

  EXPECT_THAT(world.ParkedBecause(), ElementsAre(HasSubstr("timed out")));
}

TEST(Webhook, AnEndlessAnswerIsNotRead) {
  HttpTarget target([](int, const auto&, httplib::Response& answer) {
    answer.set_content_provider("text/plain",
                                [](size_t, httplib::DataSink& sink) {
                                  const std::string some(4096, 'x');
                                  return sink.write(some.data(), some.size());
                                });
  });
  ConnectorWorld world;
  world.Append(2);

  ASSERT_TRUE(world.Create(To(target.url())).ok());
  ASSERT_TRUE(world.AwaitDone());

  EXPECT_EQ(world.Get().delivered(), 2);
  EXPECT_THAT(target.received(), SizeIs(2));
}

TEST(Webhook, EndlessHeadersAreNotReadEither) {
  std::string says = "HTTP/1.1 200 OK\r\n";
  while (says.size() < 200'000) says += "x-more: of the same\r\n";
  OddTarget target(says);  // and no end of it
  ConnectorWorld world;
  world.Append(1);

  ASSERT_TRUE(world.Create(To(target.url()), 2).ok());
  ASSERT_TRUE(world.AwaitDone());

  EXPECT_EQ(world.Get().delivered(), 1);
  EXPECT_THAT(world.ParkedBecause(), IsEmpty());
}

TEST(Webhook, ATargetThatNobodyVouchesForIsSentNothing) {
  const std::string base = ::testing::TempDir() + "/webhook_test.tls";
  ASSERT_EQ(
      std::system(absl::StrCat("openssl req -x509 -newkey rsa:2048 "
                               "-nodes -days 2 -subj /CN=localhost "
                               "-addext subjectAltName=DNS:localhost "
                               "-keyout ",
                               base, ".key -out ", base, ".crt 2>/dev/null")
                      .c_str()),
      0);
  httplib::SSLServer target((base + ".crt").c_str(), (base + ".key").c_str());
  std::atomic<int> requests = 0;
  target.Post(".*",
              [&](const httplib::Request&, httplib::Response&) { ++requests; });
  const int port = target.bind_to_any_port("127.0.0.1");
  std::thread serving([&] { target.listen_after_bind(); });
  {
    ConnectorWorld world;
    world.Append(1);
    EXPECT_TRUE(
        world.Create(To(absl::StrCat("https://localhost:", port, "/"))).ok());
    EXPECT_TRUE(ConnectorWorld::Await([&] {
      return requests > 0 || world.Get().condition() ==
                                 bus::v1::CONNECTOR_CONDITION_UNAVAILABLE;
    }));
    EXPECT_THAT(world.Get().last_error(), HasSubstr("certificate"));
  }
  target.stop();
  serving.join();
  EXPECT_EQ(requests, 0);
}

TEST(Webhook, ANameThatNobodyKnowsIsShown) {
  ConnectorWorld world;
  world.Append(1);
  ASSERT_TRUE(world.Create(To("https://nobody.invalid/"), 1).ok());
  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world.Get().condition() == bus::v1::CONNECTOR_CONDITION_UNAVAILABLE;
  }));
  EXPECT_THAT(world.Get().last_error(), HasSubstr("resolve"));
  EXPECT_GE(world.Get().unavailable(), 1);
  EXPECT_THAT(world.ParkedBecause(), IsEmpty());
}

TEST(Webhook, EndsAtOnceInTheMiddleOfARequest) {
  OddTarget target("");
  auto world = std::make_unique<ConnectorWorld>();
  world->Append(1);
  bus::v1::ConnectorSettings settings = To(target.url());
  settings.mutable_timeout()->set_seconds(40);
  bus::GroupSettings group;
  group.lease = absl::Minutes(2);
  ASSERT_TRUE(
      world->connectors().Create("c", group, Position(), settings).ok());
  ASSERT_TRUE(
      ConnectorWorld::Await([&] { return world->Group().in_flight == 1; }));

  const absl::Time start = absl::Now();
  world.reset();

  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
}

TEST(Webhook, KeepsToItsRate) {
  HttpTarget target;
  ConnectorWorld world;
  world.Append(11);
  bus::v1::ConnectorSettings settings = To(target.url());
  settings.set_events_per_second(10);
  const absl::Time start = absl::Now();

  ASSERT_TRUE(world.Create(settings).ok());
  ASSERT_TRUE(world.AwaitDone());

  EXPECT_GE(absl::Now() - start, absl::Milliseconds(990));
}

TEST(Webhook, TakesItsSecretFromAFile) {
  HttpTarget target;
  ConnectorWorld world;
  world.Append(1);
  const std::string file = ::testing::TempDir() + "/webhook_test.secret";
  std::remove(file.c_str());
  bus::v1::ConnectorSettings settings = To(target.url());
  settings.mutable_webhook()->clear_secret();
  settings.mutable_webhook()->set_secret_file(file);
  ASSERT_TRUE(world.Create(settings).ok());
  ASSERT_TRUE(ConnectorWorld::Await([&] {
    return world.Get().condition() == bus::v1::CONNECTOR_CONDITION_UNAVAILABLE;
  }));
  EXPECT_THAT(world.Get().last_error(), HasSubstr(file));

  std::ofstream(file) << Secret() << "\n";

  ASSERT_TRUE(world.AwaitDone());
  ExpectSigned(target.received()[0]);
  EXPECT_EQ(world.Get().settings().webhook().secret_file(), file);
}

TEST(Webhook, PersonalDataNeverLeaves) {
  HttpTarget target;
  ConnectorWorld world;
  world.Append(EventOf(R"pb(
    actor_registered {
      actor: "mkb"
      contact { subject: "s-17" clear: "Anna Andersson" }
    })pb"));
  world.Append(EventOf(R"pb(
    event_corrected {
      target: "00000000-0000-4000-8000-000000000001"
      replacement {
        process: "p"
        actor_registered {
          actor: "mkb"
          contact {
            subject: "s-18"
            sealed { key_id: "k-1" ciphertext: "QWxsIG9mIGl0" }
          }
        }
      }
    })pb"));

  ASSERT_TRUE(world.Create(To(target.url())).ok());
  ASSERT_TRUE(world.AwaitDone());

  ASSERT_THAT(target.received(), SizeIs(2));
  EXPECT_THAT(target.received()[0].body,
              AllOf(HasSubstr("s-17"), Not(HasSubstr("Andersson"))));
  EXPECT_THAT(target.received()[1].body,
              AllOf(HasSubstr("s-18"), Not(HasSubstr("ciphertext"))));
}

}  // namespace
}  // namespace samverk::testing
