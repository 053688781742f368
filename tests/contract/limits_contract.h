// The contract: every limit at its border and beyond; malformed requests.
#ifndef SAMVERK_TESTS_CONTRACT_LIMITS_CONTRACT_H_
#define SAMVERK_TESTS_CONTRACT_LIMITS_CONTRACT_H_

#include <string>
#include <vector>

#include "tests/contract/contract_fixture.h"

namespace samverk::contract {

TEST_P(EventStoreContract, RefusesMalformedEvents) {
  const std::string bad_utf8 = "\xc3(";
  std::vector<NewEvent> events(9, Event("s", "t", {"k:1"}));
  events[0].id = EventId{};
  events[1].stream = "";
  events[2].type = "";
  events[3].tags = {""};
  events[4].stream = bad_utf8;
  events[5].type = bad_utf8;
  events[6].tags = {bad_utf8};
  events[7].metadata.source_ref = bad_utf8;
  events[8].occurred = Interval{5, 5};
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_ERROR(Append({Event("ok"), events[i]}).status(), kInvalidArgument,
                 INVALID_FIELD);
  }
  EXPECT_ERROR(Append(std::vector<NewEvent>()).status(), kInvalidArgument,
               INVALID_FIELD);
  EXPECT_ERROR(Append({Event("s")}, {ExpectNone("")}).status(),
               kInvalidArgument, INVALID_FIELD);
  AppendRequest request = Request({Event("s")});
  request.track = Track{"", 1};
  EXPECT_ERROR(Append(request).status(), kInvalidArgument, INVALID_FIELD);
  EXPECT_EQ(store().Head(), Position());
}

TEST_P(EventStoreContract, TakesTextsUpToTheirLimits) {
  NewEvent event = Event(std::string(limits::kStreamBytes, 's'),
                         std::string(limits::kTypeBytes, 't'));
  for (size_t i = 0; i < limits::kTags; ++i) {
    std::string tag = absl::StrCat(i, ":");
    tag.resize(limits::kTagBytes, 'x');
    event.tags.push_back(tag);
  }
  const std::string text(limits::kMetadataBytes, 'm');
  event.metadata = {text, text, text, text, text, text, text};
  const auto result = Append({event});
  ASSERT_TRUE(result.ok()) << result.status();
  const auto events = ReadAll();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].body(), EncodeBody(event));
  ReadOptions by_tag;
  by_tag.query.items = {Item({event.type}, event.tags, {event.stream})};
  EXPECT_EQ(ReadAll(by_tag).size(), 1u);
}

TEST_P(EventStoreContract, RefusesTextsBeyondTheirLimits) {
  std::vector<NewEvent> events(5, Event("s"));
  events[0].stream.assign(limits::kStreamBytes + 1, 's');
  events[1].type.assign(limits::kTypeBytes + 1, 't');
  events[2].tags = {std::string(limits::kTagBytes + 1, 'x')};
  events[3].metadata.causation_id.assign(limits::kMetadataBytes + 1, 'm');
  for (size_t i = 0; i <= limits::kTags; ++i) {
    events[4].tags.push_back(absl::StrCat("k:", i));
  }
  for (const NewEvent& event : events) {
    const auto result = Append({event});
    EXPECT_ERROR(result.status(), kInvalidArgument, LIMIT_EXCEEDED);
    EXPECT_TRUE(ValuesOf(result.status()).count("limit"));
  }
  AppendRequest request = Request({Event("s")});
  request.track = Track{std::string(limits::kMetadataBytes + 1, 'c'), 1};
  EXPECT_ERROR(Append(request).status(), kInvalidArgument, LIMIT_EXCEEDED);
  EXPECT_EQ(store().Head(), Position());
}

// An event whose record has exactly so many bytes.
inline NewEvent SizedEvent(NewEvent event, size_t record_bytes) {
  event.payload.assign(record_bytes - 200, 'p');
  const size_t size = kRecordHeaderBytes + EncodeBody(event).size();
  event.payload.append(record_bytes - size, 'p');
  EXPECT_EQ(kRecordHeaderBytes + EncodeBody(event).size(), record_bytes);
  return event;
}

TEST_P(EventStoreContract, ARecordIsAtMost65535Bytes) {
  const auto good = Append({SizedEvent(Event("s"), limits::kRecordBytes)});
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_ERROR(
      Append({SizedEvent(Event("s"), limits::kRecordBytes + 1)}).status(),
      kInvalidArgument, LIMIT_EXCEEDED);
  const auto events = ReadAll();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].record().size(), limits::kRecordBytes);
}

TEST_P(EventStoreContract, AnAppendIsAtMostOneMebibyte) {
  const auto of = [&](size_t bytes) {
    std::vector<NewEvent> events;
    for (; bytes > 70'000; bytes -= 50'000) {
      events.push_back(SizedEvent(Event("s"), 50'000));
    }
    events.push_back(SizedEvent(Event("s"), bytes - 30'000));
    events.push_back(SizedEvent(Event("s"), 30'000));
    return events;
  };
  EXPECT_ERROR(Append(of(limits::kAppendBytes + 1)).status(), kInvalidArgument,
               LIMIT_EXCEEDED);
  const auto good = Append(of(limits::kAppendBytes));
  EXPECT_TRUE(good.ok()) << good.status();
}

TEST_P(EventStoreContract, AnAppendHasAtMostAThousandEvents) {
  std::vector<NewEvent> events;
  for (size_t i = 0; i < limits::kAppendEvents; ++i) {
    events.push_back(Event(absl::StrCat("s", i % 7)));
  }
  const auto good = Append(events);
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ(good->recorded.size(), limits::kAppendEvents);
  EXPECT_TRUE(Append(events)->replayed);
  for (NewEvent& event : events) event.id = NewUuidV7(absl::Now());
  events.push_back(Event("s"));
  EXPECT_ERROR(Append(events).status(), kInvalidArgument, LIMIT_EXCEEDED);
  EXPECT_EQ(store().Head(), Position(limits::kAppendEvents));
}

TEST_P(EventStoreContract, ConditionsAndQueriesHaveLimits) {
  std::vector<Condition> conditions(limits::kAppendConditions,
                                    Condition(ExpectNone("s")));
  EXPECT_TRUE(Append({Event("t")}, conditions).ok());
  conditions.push_back(ExpectNone("s"));
  EXPECT_ERROR(Append({Event("t")}, conditions).status(), kInvalidArgument,
               LIMIT_EXCEEDED);

  ReadOptions options;
  options.query.items.assign(limits::kQueryItems, Item({"x"}));
  EXPECT_TRUE(store().Read(options).ok());
  options.query.items.push_back(Item({"x"}));
  EXPECT_ERROR(store().Read(options).status(), kInvalidArgument,
               LIMIT_EXCEEDED);

  const std::vector<std::string> terms(limits::kQueryTerms, "x");
  std::vector<std::string> too_many = terms;
  too_many.push_back("x");
  for (const QueryItem& item :
       {Item(terms), Item({}, terms), Item({}, {}, terms)}) {
    options.query.items = {item};
    EXPECT_TRUE(store().Read(options).ok());
  }
  for (const QueryItem& item :
       {Item(too_many), Item({}, too_many), Item({}, {}, too_many)}) {
    options.query.items = {item};
    EXPECT_ERROR(store().Read(options).status(), kInvalidArgument,
                 LIMIT_EXCEEDED);
    EXPECT_ERROR(
        Append({Event("t")}, {QueryCondition{options.query, {}}}).status(),
        kInvalidArgument, LIMIT_EXCEEDED);
  }
}

TEST_P(EventStoreContract, ConditionsAndQueriesHaveALimitInAll) {
  // Every other limit is kept: items of 64 terms each, in one query or many.
  constexpr size_t kFullItems = limits::kTermsTotal / limits::kQueryTerms;
  static_assert(kFullItems <= limits::kQueryItems);
  static_assert(kFullItems <= limits::kAppendConditions);
  std::vector<std::string> terms;
  for (size_t i = 0; i < limits::kQueryTerms; ++i) {
    terms.push_back(absl::StrCat("x", i));
  }
  ReadOptions options;
  options.query.items.assign(kFullItems, Item(terms));
  EXPECT_TRUE(store().Read(options).ok());
  EXPECT_TRUE(Append({Event("t")}, {QueryCondition{options.query, {}}}).ok());
  options.query.items[0].streams = {"x"};
  EXPECT_ERROR(store().Read(options).status(), kInvalidArgument,
               LIMIT_EXCEEDED);

  std::vector<Condition> conditions(
      kFullItems, QueryCondition{{{Item({}, terms)}}, Position()});
  EXPECT_TRUE(Append({Event("t")}, conditions).ok());
  // An item that asks for nothing is looked for all the same.
  conditions[0] = QueryCondition{{{Item({}, terms), Item({})}}, Position(9)};
  const auto refused = Append({Event("t")}, conditions);
  EXPECT_ERROR(refused.status(), kInvalidArgument, LIMIT_EXCEEDED);
  EXPECT_EQ(ValuesOf(refused.status())["limit"],
            absl::StrCat(limits::kTermsTotal));
}

TEST_P(EventStoreContract, APageHasOneToTenThousandEvents) {
  ReadOptions options;
  options.limit = 0;
  EXPECT_ERROR(store().Read(options).status(), kInvalidArgument, INVALID_FIELD);
  options.limit = limits::kReadPage;
  EXPECT_TRUE(store().Read(options).ok());
  options.limit = limits::kReadPage + 1;
  EXPECT_ERROR(store().Read(options).status(), kInvalidArgument,
               LIMIT_EXCEEDED);
}

TEST_P(EventStoreContract, APageIsBoundedInBytes) {
  for (int i = 0; i < 5; ++i) {
    std::vector<NewEvent> events;
    for (int j = 0; j < 20; ++j) {
      events.push_back(SizedEvent(Event("s"), 50'000));
    }
    ASSERT_TRUE(Append(std::move(events)).ok());
  }
  const auto page = store().Read({});
  ASSERT_TRUE(page.ok());
  size_t bytes = 0;
  for (const auto& event : page->events) bytes += event.record().size();
  EXPECT_LE(bytes, limits::kReadPageBytes);
  EXPECT_FALSE(page->end);
  EXPECT_EQ(ReadAll().size(), 100u);
}

}  // namespace samverk::contract

#endif  // SAMVERK_TESTS_CONTRACT_LIMITS_CONTRACT_H_
