// The AsyncAPI document against AsyncAPI's own parser, from npm.
#include "proto/describe/asyncapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/uuid.h"
#include "eventstore/memory/memory_event_store.h"
#include "proto/codec/event_codec.h"
#include "services/connectors/cloud_event.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/npm_project.h"
#include "tests/e2e/programs.h"
#include "tests/testing/events.h"
#include "tests/testing/proto_fill.h"

namespace samverk::e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

TEST(AsyncApi, IsWhatTheProgramExports) {
  TemporaryDirectory directory;
  const std::string file = directory.path() + "/asyncapi.json";
  const Outcome written =
      RunProgram({SAMVERK_PROGRAM, "export", "asyncapi", "--out", file});
  EXPECT_EQ(written.status, 0) << written.err;
  EXPECT_EQ(written.out, "");
  EXPECT_THAT(written.err, HasSubstr("AsyncAPI 3.0"));
  EXPECT_EQ(ReadFile(file), describe::AsyncApi());

  const Outcome printed = RunProgram({SAMVERK_PROGRAM, "export", "asyncapi"});
  EXPECT_EQ(printed.out, describe::AsyncApi());
  EXPECT_EQ(printed.err, "");

  const Outcome failed =
      RunProgram({SAMVERK_PROGRAM, "--lang", "en", "export", "asyncapi",
                  "--out", directory.path() + "/none/asyncapi.json"});
  EXPECT_EQ(failed.status, 1);
  EXPECT_THAT(failed.err, HasSubstr("cannot be written"));
}

TEST(AsyncApi, IsTakenByItsParserAndASpoiledOneIsNot) {
  TemporaryDirectory directory;
  const NpmProject project =
      InstallNpmProject("tests/describe/asyncapi", directory.path());
  if (!project.unavailable.empty()) GTEST_SKIP() << project.unavailable;
  const auto check = [&](const std::string& document) {
    const std::string file = directory.path() + "/asyncapi.json";
    std::ofstream(file, std::ios::binary) << document;
    return RunProgram({"/usr/bin/node", project.directory + "/check.mjs", file},
                      "", project.environment);
  };
  const Outcome checked = check(describe::AsyncApi());
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  EXPECT_THAT(
      Lines(checked.out),
      ElementsAre(MatchesRegex(
          "3\\.0\\.0: [0-9]+ channels, [0-9]+ operations, [0-9]+ messages")));

  std::string spoiled = describe::AsyncApi();
  const std::string action = "\"action\": \"send\"";
  spoiled.replace(spoiled.find(action), action.size(), "\"action\": \"shout\"");
  const Outcome refused = check(spoiled);
  EXPECT_EQ(refused.status, 1) << refused.err;
  EXPECT_THAT(refused.out, HasSubstr("operations.record.action"));
}

TEST(AsyncApi, HasWhatConsumersAndReceiversNeed) {
  const std::string document = describe::AsyncApi();
  for (const char* part :
       {R"("address": "samverk.bus.v1.ConsumerGroupService/Receive")",
        R"("address": "samverk.bus.v1.ConsumerGroupService/Acknowledge")",
        R"("$ref": "#/components/messages/acknowledge_request")",
        R"("receive_webhook": {)", R"("webhook-signature": {)",
        R"("method": "POST")", R"("receive_nats": {)",
        R"("address": "{prefix}.{process}.{type}")", R"("Nats-Msg-Id": {)"}) {
    EXPECT_THAT(document, HasSubstr(part));
  }
}

// Each kind of event, every field set, and one of another application, as
// connectors send them.
TEST(AsyncApi, DescribesTheCloudEventsThatTheServerSends) {
  FakeClock clock(absl::FromUnixSeconds(1'767'225'600));
  MemoryEventStore store(clock);
  AppendRequest request;
  const auto add = [&request](std::string type, std::string payload) {
    NewEvent& added = request.events.emplace_back();
    added.id = *ParseUuid(samverk::testing::Uuid(request.events.size()));
    added.stream = "p/thing/1";
    added.type = std::move(type);
    added.payload = std::move(payload);
  };
  for (const event::v1::Event& event : samverk::testing::OneOfEachKind()) {
    add(std::string(codec::TypeName(event.fact_case())),
        codec::EncodePayload(event));
  }
  event::v1::Event timed = samverk::testing::OneOfEachKind().front();
  timed.mutable_occurred()->set_edtf("2025-10-14T16:30Z");
  timed.mutable_occurred()->set_circa(false);
  add(std::string(codec::TypeName(timed.fact_case())),
      codec::EncodePayload(timed));
  add("inventory.counted", "\x01\xff");
  const size_t count = request.events.size();
  ASSERT_TRUE(AppendAndWait(store, std::move(request)).ok());

  std::vector<std::string> sent;
  const auto events = store.Read({});
  ASSERT_TRUE(events.ok());
  ASSERT_EQ(events->events.size(), count);
  for (const RecordedEvent& recorded : events->events) {
    const auto event = connectors::ToCloudEvent(recorded.view(), "samverk");
    ASSERT_TRUE(event.ok()) << event.status();
    sent.push_back(connectors::ToStructuredJson(*event));
  }
  EXPECT_THAT(sent[count - 2], HasSubstr(R"("time":"2025-10-14T)"));
  EXPECT_THAT(sent[count - 1], HasSubstr("data_base64"));
  sent.push_back(absl::StrReplaceAll(
      sent.back(), {{R"("sequence":"0)", R"("sequence":")"}}));

  TemporaryDirectory directory;
  const std::string file = directory.path() + "/asyncapi.json";
  std::ofstream(file, std::ios::binary) << describe::AsyncApi();
  const Outcome checked =
      RunProgram({"/usr/bin/python3", "tests/describe/cloud_events.py", file},
                 absl::StrJoin(sent, "\n") + "\n");
  ASSERT_EQ(checked.status, 0) << checked.err;
  std::vector<std::string> verdicts = Lines(checked.out);
  ASSERT_EQ(verdicts.size(), sent.size());
  EXPECT_THAT(verdicts.back(), HasSubstr("$.sequence"));
  verdicts.pop_back();
  for (size_t i = 0; i < verdicts.size(); ++i) {
    EXPECT_EQ(verdicts[i], "ok") << sent[i].substr(0, 1000);
  }
}

}  // namespace
}  // namespace samverk::e2e
