// What a subscription promises (G6): each matching event exactly once, in
// order, from its start on; and what it costs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "samverk/error/v1/reasons.pb.h"
#include "tests/bus/bus_register.h"

namespace samverk {
namespace {

using bus::v1::SubscribeRequest;
using bus::v1::SubscribeResponse;
using testing::BusRegister;
using ::testing::ElementsAre;
using testing::Foreign;
using ::testing::IsEmpty;
using testing::Subscriber;

std::vector<uint64_t> From(uint64_t first, uint64_t last) {
  std::vector<uint64_t> positions;
  for (uint64_t p = first; p <= last; ++p) positions.push_back(p);
  return positions;
}

SubscribeRequest After(uint64_t position, uint32_t batch_size = 0) {
  SubscribeRequest request;
  request.mutable_start()->set_after(position);
  request.set_batch_size(batch_size);
  return request;
}

const Foreign kOther{"inventory.moved", "p/shelf/2", {"process:p"}, "x"};
const Foreign kElsewhere{"inventory.counted", "q/shelf/1", {"process:q"}, "x"};
const Foreign kTagged{
    "inventory.counted", "p/shelf/1", {"process:p", "p/shelf:1"}, "x"};

TEST(Subscription, GivesEveryEventInOrderWhateverTheBatch) {
  BusRegister followed;
  followed.Append({}, 250);
  for (const uint32_t batch : {1, 7, 100, 1000}) {
    Subscriber subscriber(followed, After(0, batch));
    const auto caught_up = subscriber.ReadTo(SubscribeResponse::kCaughtUp);
    EXPECT_EQ(subscriber.positions(), From(1, 250)) << batch;
    EXPECT_EQ(caught_up.cursor(), 250u);
    EXPECT_EQ(caught_up.head(), 250u);
  }
}

TEST(Subscription, BeginsAfterAnyPosition) {
  BusRegister followed;
  followed.Append({}, 20);
  for (uint64_t after = 0; after <= 20; ++after) {
    Subscriber subscriber(followed, After(after, 3));
    subscriber.ReadTo(SubscribeResponse::kCaughtUp);
    EXPECT_EQ(subscriber.positions(), From(after + 1, 20));
    EXPECT_EQ(subscriber.cursor(), 20u);
  }
}

TEST(Subscription, BeginsWithNowOrAnInstant) {
  BusRegister followed;
  const absl::Time begun = followed.clock().Now();
  for (int minute = 0; minute < 5; ++minute) {
    followed.clock().Set(begun + absl::Minutes(minute));
    followed.Append({}, 2);
  }
  SubscribeRequest request;
  request.mutable_start()->set_now(true);
  Subscriber now(followed, request);
  EXPECT_EQ(now.ReadTo(SubscribeResponse::kCaughtUp).cursor(), 10u);

  auto& instant = *request.mutable_start()->mutable_recorded_from();
  instant.set_seconds(absl::ToUnixSeconds(begun) + 120);
  Subscriber at(followed, request);  // events 5 and 6
  instant.set_nanos(1);
  Subscriber later(followed, request);
  instant.set_seconds(0);
  Subscriber first(followed, request);
  followed.clock().Advance(absl::Hours(1));
  instant.set_seconds(absl::ToUnixSeconds(followed.clock().Now()));
  instant.set_nanos(0);
  Subscriber none_yet(followed, request);
  EXPECT_EQ(none_yet.ReadTo(SubscribeResponse::kCaughtUp).cursor(), 10u);

  followed.Append(Foreign());
  now.ReadEvents(1);
  EXPECT_THAT(now.positions(), ElementsAre(11));
  none_yet.ReadEvents(1);
  EXPECT_THAT(none_yet.positions(), ElementsAre(11));
  at.ReadEvents(7);
  EXPECT_EQ(at.positions(), From(5, 11));
  later.ReadEvents(5);
  EXPECT_EQ(later.positions(), From(7, 11));
  first.ReadEvents(11);
  EXPECT_EQ(first.positions(), From(1, 11));
}

TEST(Subscription, GivesWhatMatchesTheFilter) {
  BusRegister followed;
  followed.Append({Foreign(), kOther, kElsewhere, kTagged});
  followed.AppendGoals();
  const auto given = [&](const auto& set) {
    SubscribeRequest request;
    set(*request.mutable_filter());
    Subscriber subscriber(followed, request);
    EXPECT_EQ(subscriber.ReadTo(SubscribeResponse::kCaughtUp).cursor(), 5u);
    return subscriber.positions();
  };
  using bus::v1::Filter;
  EXPECT_THAT(given([](Filter& f) { f.set_process("p"); }),
              ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(given([](Filter& f) { f.add_streams("p/shelf/2"); }),
              ElementsAre(2));
  EXPECT_THAT(given([](Filter& f) {
                f.add_types("inventory.moved");
                f.add_types("goal_set");
              }),
              ElementsAre(2, 5));
  EXPECT_THAT(given([](Filter& f) { f.add_tags("p/shelf:1"); }),
              ElementsAre(4));
  EXPECT_THAT(given([](Filter& f) {
                f.set_process("p");
                f.add_tags("shelf:1");
              }),
              ElementsAre(4));
  EXPECT_THAT(given([](Filter& f) {
                f.set_process("q");
                f.add_tags("shelf:1");
              }),
              IsEmpty());
}

TEST(Subscription, DecodesItsOwnEventsAndKeepsTheEnvelopeOfOthers) {
  BusRegister followed;
  followed.Append(Foreign());
  followed.AppendGoals();
  Subscriber subscriber(followed, {});
  const auto message = subscriber.ReadTo(SubscribeResponse::kEvents);
  ASSERT_EQ(message.events().events_size(), 2);
  EXPECT_EQ(message.events().events(0).type(), "inventory.counted");
  EXPECT_FALSE(message.events().events(0).has_event());
  EXPECT_EQ(message.events().events(1).event().goal_set().goal(), "g-1");
}

// Design, "What goes wrong": readers skip events that are committed while they
// change from catching up to following.
TEST(Subscription, ReadersThatSkipEventsCommittedMeanwhile) {
  constexpr int kWriters = 4;
  constexpr int kBatches = 300;
  for (const uint32_t batch : {1, 10, 1000}) {
    BusRegister followed;
    followed.Append({}, 50);
    std::vector<std::thread> writers;
    for (int w = 0; w < kWriters; ++w) {
      writers.emplace_back([&followed, w] {
        for (int i = 0; i < kBatches; ++i) {
          followed.Append(w == 0 ? kOther : Foreign(), 1 + i % 3);
        }
      });
    }
    SubscribeRequest only_other = After(0, batch);
    only_other.mutable_filter()->add_types("inventory.moved");
    Subscriber all(followed, After(0, batch));
    Subscriber some(followed, only_other);
    constexpr size_t kEvents = 50 + kWriters * kBatches * 2;
    all.ReadUpTo(kEvents);
    for (std::thread& writer : writers) writer.join();
    EXPECT_EQ(all.positions(), From(1, kEvents));

    some.ReadEvents(kBatches * 2);
    ReadOptions others;
    others.limit = 10'000;
    others.query.items.push_back({{"inventory.moved"}, {}, {}});
    const auto page = followed.store().Read(others);
    std::vector<uint64_t> expected;
    for (const auto& event : page->events) {
      expected.push_back(event.position().value());
    }
    EXPECT_EQ(some.positions(), expected);
    // Caught up, fell behind, caught up …
    for (const Subscriber* subscriber : {&all, &some}) {
      for (size_t i = 0; i < subscriber->turns().size(); ++i) {
        EXPECT_EQ(subscriber->turns()[i], i % 2 == 0
                                              ? SubscribeResponse::kCaughtUp
                                              : SubscribeResponse::kFellBehind);
      }
    }
  }
}

// The same, at the very instant: something is recorded when a page has been
// read and nobody has been told yet, also when it was the last one.
TEST(Subscription, WhatIsRecordedBetweenReadingAndWaitingIsNotPassedOver) {
  for (const uint32_t batch : {1, 3, 1000}) {
    BusRegister followed;
    followed.Append({}, 10);
    std::atomic<int> left{200};
    followed.store().set_after_visit([&] {
      if (left-- > 0) followed.Append(Foreign());
    });
    Subscriber subscriber(followed, After(0, batch));
    subscriber.ReadUpTo(210);
    EXPECT_EQ(subscriber.positions(), From(1, 210));
  }
}

TEST(Subscription, GoesOnFromTheCursorOfAnyMessage) {
  BusRegister followed;
  std::minstd_rand random(20261126);
  const Foreign kinds[] = {Foreign(), kOther, kElsewhere, kTagged};
  for (int i = 0; i < 300; ++i) followed.Append(kinds[random() % 4]);
  SubscribeRequest request = After(0, 5);
  request.mutable_filter()->add_types("inventory.moved");
  Subscriber whole(followed, request);
  whole.ReadTo(SubscribeResponse::kCaughtUp);

  std::vector<uint64_t> pieces;
  uint64_t cursor = 0;
  while (cursor < followed.head()) {
    request.mutable_start()->set_after(cursor);
    Subscriber piece(followed, request);
    SubscribeResponse message;
    for (uint64_t n = 1 + random() % 3; n > 0; --n) {
      ASSERT_TRUE(piece.Read(message));
    }
    pieces.insert(pieces.end(), piece.positions().begin(),
                  piece.positions().end());
    cursor = piece.cursor();
  }
  EXPECT_EQ(pieces, whole.positions());
}

TEST(Subscription, SaysOnceThatItFellBehindAndOnceThatItCaughtUp) {
  BusRegister followed;
  Subscriber subscriber(followed, After(0, 10));
  EXPECT_EQ(subscriber.ReadTo(SubscribeResponse::kCaughtUp).cursor(), 0u);
  followed.Append({}, 10);  // one message
  subscriber.ReadEvents(10);
  EXPECT_THAT(subscriber.turns(), ElementsAre(SubscribeResponse::kCaughtUp));
  followed.Append({}, 35);
  const auto behind = subscriber.ReadTo(SubscribeResponse::kFellBehind);
  EXPECT_EQ(behind.cursor(), 10u);
  EXPECT_EQ(behind.head(), 45u);
  subscriber.ReadTo(SubscribeResponse::kCaughtUp);
  EXPECT_EQ(subscriber.positions(), From(1, 45));
  EXPECT_EQ(subscriber.turns().size(), 3u);
}

// Design, "What goes wrong": cursors on idle filtered streams stuck below the
// head.
TEST(Subscription, CursorsOnIdleFilteredStreamsStuckBelowTheHead) {
  BusRegister followed;
  SubscribeRequest request;
  request.mutable_filter()->add_types("inventory.moved");
  request.mutable_heartbeat()->set_nanos(100'000'000);
  Subscriber often(followed, request);
  request.mutable_heartbeat()->set_seconds(3'600);
  request.mutable_heartbeat()->set_nanos(0);
  Subscriber seldom(followed, request);
  often.ReadTo(SubscribeResponse::kCaughtUp);
  seldom.ReadTo(SubscribeResponse::kCaughtUp);
  followed.Append({}, 20);
  SubscribeResponse progress;
  while (progress.cursor() < 20) {
    progress = often.ReadTo(SubscribeResponse::kProgress);
    ASSERT_TRUE(progress.has_progress());
  }
  EXPECT_EQ(progress.head(), 20u);
  // Without waiting for a sign of life when much has gone by.
  followed.Append({}, 10'000);
  EXPECT_GE(seldom.ReadTo(SubscribeResponse::kProgress).cursor(), 10'000u);
  EXPECT_THAT(often.positions(), IsEmpty());
  EXPECT_THAT(seldom.positions(), IsEmpty());
}

// Of very many who wait for what seldom comes, none reads what is not for it.
TEST(Subscription, WakesOnlyThoseForWhomSomethingIs) {
  constexpr int kSubscribers = 50;
  constexpr int kEvents = 200;
  BusRegister followed;
  SubscribeRequest request;
  request.mutable_filter()->add_types("inventory.moved");
  std::vector<std::unique_ptr<Subscriber>> subscribers;
  for (int i = 0; i < kSubscribers; ++i) {
    subscribers.push_back(std::make_unique<Subscriber>(followed, request));
    subscribers.back()->ReadTo(SubscribeResponse::kCaughtUp);
  }
  const uint64_t before = followed.store().readings();
  for (int i = 0; i < kEvents; ++i) {
    followed.Append(Foreign());
    while (followed.service().Stats().lag_events > 0) {
      absl::SleepFor(absl::Milliseconds(1));
    }
  }
  EXPECT_LE(followed.store().readings() - before, 2 * kEvents);
  followed.Append(kOther);
  for (auto& subscriber : subscribers) {
    subscriber->ReadEvents(1);
    EXPECT_EQ(subscriber->positions(), From(kEvents + 1, kEvents + 1));
  }
}

TEST(Subscription, GivesASignOfLifeWhenNothingHappens) {
  BusRegister followed;
  followed.Append(Foreign());
  SubscribeRequest request = After(0);
  request.mutable_heartbeat()->set_nanos(100'000'000);
  Subscriber subscriber(followed, request);
  subscriber.ReadTo(SubscribeResponse::kCaughtUp);
  const absl::Time caught_up = absl::Now();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(subscriber.ReadTo(SubscribeResponse::kProgress).cursor(), 1u);
  }
  EXPECT_GE(absl::Now() - caught_up, absl::Milliseconds(250));
}

TEST(Subscription, ASlowReaderHoldsAPageAndHindersNobody) {
  BusRegister followed;
  constexpr uint64_t kEvents = 600;
  followed.AppendGoals(kEvents, 50'000);  // 30 MB
  Subscriber slow(followed, After(0, 10));
  SubscribeResponse message;
  ASSERT_TRUE(slow.Read(message));
  // Until it is read no further.
  uint64_t visited = 0;
  while (visited != followed.store().visited()) {
    visited = followed.store().visited();
    absl::SleepFor(absl::Milliseconds(300));
  }
  EXPECT_LT(visited, kEvents / 2);
  EXPECT_GT(followed.service().Stats().lag_events, kEvents / 2);

  Subscriber other(followed, After(0, 10));
  other.ReadTo(SubscribeResponse::kCaughtUp);
  EXPECT_EQ(other.positions(), From(1, kEvents));
  followed.Append(Foreign());
  other.ReadEvents(kEvents + 1);
  EXPECT_EQ(other.positions(), From(1, kEvents + 1));

  slow.ReadEvents(kEvents + 1);
  EXPECT_EQ(slow.positions(), From(1, kEvents + 1));
}

TEST(Subscription, ServesManyMoreThanItHasThreads) {
  BusRegister followed;
  followed.Append({}, 30);
  std::vector<std::unique_ptr<Subscriber>> subscribers;
  for (int i = 0; i < 100; ++i) {
    subscribers.push_back(std::make_unique<Subscriber>(followed, After(20)));
    subscribers.back()->ReadTo(SubscribeResponse::kCaughtUp);
  }
  EXPECT_EQ(followed.service().Stats().count, 100u);
  EXPECT_EQ(followed.service().Stats().lag_events, 0u);
  followed.Append(Foreign());
  for (auto& subscriber : subscribers) {
    subscriber->ReadEvents(11);
    EXPECT_EQ(subscriber->positions(), From(21, 31));
  }
}

TEST(Subscription, EndsAtOnceWhenTheStoreCloses) {
  BusRegister followed;
  followed.AppendGoals(600, 50'000);
  SubscribeRequest now;
  now.mutable_start()->set_now(true);
  Subscriber idle(followed, now);
  idle.ReadTo(SubscribeResponse::kCaughtUp);
  Subscriber catching_up(followed, After(0, 1));
  SubscribeResponse message;
  ASSERT_TRUE(catching_up.Read(message));
  followed.store().Close();
  for (Subscriber* subscriber : {&idle, &catching_up}) {
    while (subscriber->Read(message)) {
    }
    EXPECT_EQ(subscriber->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  }
  EXPECT_EQ(catching_up.positions(), From(1, catching_up.cursor()));
  EXPECT_LT(catching_up.cursor(), followed.head());
  // Nor does it take on new ones.
  Subscriber late(followed, After(0));
  EXPECT_FALSE(late.Read(message));
  EXPECT_EQ(late.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace samverk
