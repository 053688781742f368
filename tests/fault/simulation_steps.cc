#include "tests/fault/simulation_steps.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/limits.h"

namespace samverk::fault {
namespace {

constexpr int64_t kHourUs = 3'600'000'000;

// The n-th id that is made up; never all zero.
EventId IdOf(uint64_t n) {
  EventId id;
  id.bytes[0] = 0xed;
  for (size_t i = 0; i < 8; ++i) {
    id.bytes[15 - i] = static_cast<uint8_t>(n >> (8 * i));
  }
  return id;
}

// The number of an id that was made up, for people.
std::string NumberOf(const EventId& id) {
  uint64_t n = 0;
  for (size_t i = 8; i < id.bytes.size(); ++i) n = n << 8 | id.bytes[i];
  return absl::StrCat("#", n);
}

std::string ToString(const QueryItem& item) {
  return absl::StrCat("{types ", absl::StrJoin(item.types, ","), "; tags ",
                      absl::StrJoin(item.tags, ","), "; streams ",
                      absl::StrJoin(item.streams, ","), "}");
}

std::string ToString(const Query& query) {
  std::string text = "[";
  for (const QueryItem& item : query.items) text += ToString(item);
  return text + "]";
}

std::string ToString(const Condition& condition) {
  if (const auto* query = std::get_if<QueryCondition>(&condition)) {
    return absl::StrCat("none of ", ToString(query->query), " after ",
                        query->after.value());
  }
  const auto& stream = std::get<StreamCondition>(condition);
  const char* expect =
      stream.expect == StreamCondition::Expect::kNone     ? " has no events"
      : stream.expect == StreamCondition::Expect::kExists ? " has events"
                                                          : " is at ";
  std::string text = stream.stream + expect;
  if (stream.expect == StreamCondition::Expect::kRevision) {
    absl::StrAppend(&text, stream.revision.value());
  }
  return text;
}

std::string ToString(const Step::Sent& sent) {
  std::string text = sent.in_time ? "append" : "append too late";
  for (const NewEvent& event : sent.request.events) {
    absl::StrAppend(&text, " (", NumberOf(event.id), " ", event.stream, " ",
                    event.type, " tags ", absl::StrJoin(event.tags, ","));
    if (!event.metadata.source_ref.empty()) {
      absl::StrAppend(&text, " source ", event.metadata.source_system, "/",
                      event.metadata.source_ref);
    }
    absl::StrAppend(&text, " payload of ", event.payload.size(), ")");
  }
  for (const Condition& condition : sent.request.conditions) {
    absl::StrAppend(&text, " if ", ToString(condition));
  }
  if (sent.request.track.has_value()) {
    absl::StrAppend(&text, " track ", sent.request.track->consumer, "=",
                    sent.request.track->upstream_position);
  }
  return text;
}

std::string ToString(const ReadOptions& read) {
  std::string text = absl::StrCat("read ", ToString(read.query), " after ",
                                  read.after.value(), " limit ", read.limit);
  if (read.before) absl::StrAppend(&text, " before ", read.before->value());
  if (read.recorded_from) {
    absl::StrAppend(&text, " from ", absl::ToUnixMicros(*read.recorded_from));
  }
  if (read.recorded_until) {
    absl::StrAppend(&text, " until ", absl::ToUnixMicros(*read.recorded_until));
  }
  return text +
         (read.direction == Direction::kBackward ? " backward" : " forward");
}

}  // namespace

std::string Step::ToString() const {
  std::string text;
  switch (kind) {
    case Kind::kAppend:
      for (const Sent& sent : appends) {
        absl::StrAppend(&text, text.empty() ? "" : "\n    at once: ",
                        fault::ToString(sent));
      }
      return text;
    case Kind::kRead:
      return fault::ToString(read);
    case Kind::kLocate:
      for (const EventId& id : ids) absl::StrAppend(&text, " ", NumberOf(id));
      return "locate" + text;
    case Kind::kAwait:
      return absl::StrCat("await beyond ", position);
    case Kind::kClock:
      return absl::StrCat("set the clock to ", clock_us);
    case Kind::kFullLog:
      return "read the whole log";
    case Kind::kCursors:
      for (const CursorEntry& cursor : cursors) {
        absl::StrAppend(&text, " ", cursor.key, "=", cursor.value);
      }
      return "put cursors" + text;
    case Kind::kRestart:
      return "close and open";
    case Kind::kKill:
      return "kill and open";
    case Kind::kRebuild:
      return "open and derive again";
  }
  return text;
}

uint64_t StepMaker::SomePosition() {
  const auto head = static_cast<uint32_t>(reference_.head());
  if (OneIn(2)) return Below(head + 4);
  return head + 2 - std::min(Below(6), head + 2);
}

std::string StepMaker::Stream() {
  return OneIn(3) ? "common" : absl::StrCat("stream ", Below(8));
}

std::string StepMaker::Type() { return absl::StrCat("type", Below(4)); }

std::string StepMaker::Tag() {
  return OneIn(4) ? absl::StrCat("rare:", Below(30))
                  : absl::StrCat("k:", Below(4));
}

NewEvent StepMaker::Event() {
  NewEvent event;
  event.id = IdOf(++events_);
  event.stream = Stream();
  event.type = Type();
  for (uint32_t n = Below(4); n > 0; --n) event.tags.push_back(Tag());
  if (OneIn(4)) {
    event.occurred = Interval{int64_t{Below(3)} - 1, 2 + int64_t{Below(9)}};
  }
  if (OneIn(3)) {
    event.metadata.source_system = OneIn(3) ? "" : "system";
    event.metadata.source_ref = absl::StrCat(Below(100));
  }
  if (OneIn(4)) event.metadata.recorded_by = "somebody";
  event.payload.assign(Below(60), static_cast<char>('a' + Below(26)));
  return event;
}

Query StepMaker::SomeQuery() {
  Query query;
  for (uint32_t n = Below(3); n > 0; --n) {
    QueryItem item;
    for (uint32_t i = Below(3); i > 0; --i) item.types.push_back(Type());
    for (uint32_t i = Below(3); i > 0; --i) item.tags.push_back(Tag());
    for (uint32_t i = Below(3); i > 0; --i) item.streams.push_back(Stream());
    query.items.push_back(std::move(item));
  }
  return query;
}

Condition StepMaker::SomeCondition() {
  if (OneIn(2)) return QueryCondition{SomeQuery(), Position(SomePosition())};
  StreamCondition condition;
  condition.stream = Stream();
  const uint64_t revision = reference_.RevisionOf(condition.stream);
  // Mostly what holds.
  condition.expect = revision == 0 ? StreamCondition::Expect::kNone
                                   : StreamCondition::Expect::kExists;
  if (OneIn(6)) condition.expect = StreamCondition::Expect(Below(3));
  if (OneIn(2)) {
    condition.expect = StreamCondition::Expect::kRevision;
    condition.revision = Revision(revision);
    if (OneIn(4)) condition.revision = Revision(Below(6));
  }
  return condition;
}

AppendRequest StepMaker::Fresh() {
  AppendRequest request;
  const uint32_t count = OneIn(30) ? 1 + Below(80) : 1 + Below(4);
  for (uint32_t i = 0; i < count; ++i) request.events.push_back(Event());
  if (OneIn(3)) {
    for (uint32_t n = 1 + Below(3); n > 0; --n) {
      request.conditions.push_back(SomeCondition());
    }
  }
  if (OneIn(6)) {
    request.track = Track{absl::StrCat("consumer ", Below(2)), Below(40)};
  }
  return request;
}

void StepMaker::Change(NewEvent& event) {
  switch (Below(7)) {
    case 0:
      event.payload += "x";
      break;
    case 1:
      event.stream += "x";
      break;
    case 2:
      event.type += "x";
      break;
    case 3:
      event.tags.push_back("one more");
      break;
    case 4:
      event.occurred = Interval{0, 1'000};
      break;
    case 5:
      event.metadata.recorded_by += "x";
      break;
    default:
      event.metadata.correlation_id += "x";
  }
}

AppendRequest StepMaker::Again() {
  AppendRequest request = sent_[Below(static_cast<uint32_t>(sent_.size()))];
  if (request.events.empty()) return request;
  NewEvent& one =
      request.events[Below(static_cast<uint32_t>(request.events.size()))];
  switch (Below(8)) {
    case 0:  // other content
      Change(one);
      break;
    case 1:  // a part
      request.events.pop_back();
      break;
    case 2:  // more
      request.events.push_back(Event());
      break;
    case 3: {  // two requests as one
      const AppendRequest& other =
          sent_[Below(static_cast<uint32_t>(sent_.size()))];
      request.events.insert(request.events.end(), other.events.begin(),
                            other.events.end());
      break;
    }
    case 4:  // in another order, tags too
      std::reverse(request.events.begin(), request.events.end());
      std::reverse(one.tags.begin(), one.tags.end());
      if (!one.tags.empty()) one.tags.push_back(one.tags.front());
      break;
    case 5:
      request.conditions = {SomeCondition()};
      break;
    default:  // just the same
      break;
  }
  return request;
}

void StepMaker::SpoilEvent(NewEvent& event, uint32_t mistake) {
  switch (mistake) {
    case 0:
      event.id = EventId{};
      break;
    case 1:
      event.stream.clear();
      break;
    case 2:
      event.type.assign(limits::kTypeBytes + 1, 't');
      break;
    case 3:
      event.tags.push_back("");
      break;
    case 4:
      event.tags.assign(limits::kTags + 1, "tag");
      break;
    case 5:
      event.occurred = Interval{5, 5};
      break;
    case 6:
      event.stream = "no text \xff";
      break;
    default:
      event.payload.assign(limits::kRecordBytes, 'p');
  }
}

void StepMaker::Spoil(AppendRequest& request) {
  const uint32_t mistake = Below(15);
  switch (mistake) {
    case 8:
      request.events.clear();
      break;
    case 9:
      request.events.push_back(request.events.front());
      break;
    case 10:
      request.conditions.emplace_back(std::in_place_type<StreamCondition>);
      break;
    case 11:
      request.conditions.assign(limits::kAppendConditions + 1,
                                QueryCondition{});
      break;
    case 12:
      request.conditions.emplace_back(std::in_place_type<QueryCondition>);
      std::get<QueryCondition>(request.conditions.back())
          .query.items.resize(limits::kQueryItems + 1);
      break;
    case 13:
      request.track = Track{"", 1};
      break;
    case 14:  // the same reference twice
      for (int i = 0; i < 2; ++i) {
        request.events.push_back(Event());
        request.events.back().metadata.source_ref = "twice";
        request.events.back().metadata.source_system = "system";
      }
      break;
    default:
      SpoilEvent(request.events.back(), mistake);
  }
}

void StepMaker::Append(Step& step) {
  step.kind = Step::Kind::kAppend;
  const uint32_t at_once = OneIn(4) ? 2 + Below(4) : 1;
  for (uint32_t i = 0; i < at_once; ++i) {
    Step::Sent sent;
    sent.request = !sent_.empty() && OneIn(4) ? Again() : Fresh();
    const bool spoil = OneIn(12) && !sent.request.events.empty();
    if (spoil) Spoil(sent.request);
    sent.in_time = !OneIn(25);
    if (!spoil) sent_.push_back(sent.request);
    step.appends.push_back(std::move(sent));
  }
}

void StepMaker::Read(Step& step) {
  step.kind = Step::Kind::kRead;
  ReadOptions& read = step.read;
  read.query = SomeQuery();
  if (OneIn(2)) read.after = Position(SomePosition());
  if (OneIn(2)) read.before = Position(SomePosition());
  const auto some_time = [&] {
    const auto& log = reference_.log();
    const int64_t at =
        log.empty()
            ? kStartUs
            : log[Below(static_cast<uint32_t>(log.size()))].recorded_at_us;
    return absl::FromUnixMicros(at + int64_t{Below(3)} - 1);
  };
  if (OneIn(5)) read.recorded_from = some_time();
  if (OneIn(5)) read.recorded_until = some_time();
  if (OneIn(2)) read.direction = Direction::kBackward;
  read.limit = 1 + Below(OneIn(2) ? 4 : 200);
  if (OneIn(40)) read.limit = OneIn(2) ? 0 : limits::kReadPage + 1;
  if (OneIn(40)) read.query.items.resize(limits::kQueryItems + 1);
}

Step StepMaker::Next() {
  Step step;
  const uint32_t chosen = Below(100);
  if (chosen < 48) {
    Append(step);
  } else if (chosen < 76) {
    Read(step);
  } else if (chosen < 81) {
    step.kind = Step::Kind::kLocate;
    for (uint32_t n = Below(5); n > 0; --n) {
      step.ids.push_back(IdOf(1 + Below(static_cast<uint32_t>(events_) + 2)));
    }
  } else if (chosen < 83) {
    step.kind = Step::Kind::kAwait;
    step.position = SomePosition();
  } else if (chosen < 89) {
    step.kind = Step::Kind::kClock;
    // Within what every store accepts, or far too early where that is checked.
    step.clock_us = kStartUs + int64_t{Below(40)} * kHourUs / 2 + Below(3);
    if (OneIn(2)) step.clock_us = kStartUs + Below(5);
    if (abilities_.checks_clock && OneIn(10)) step.clock_us -= 50 * kHourUs;
  } else if (chosen < 92 || (chosen < 96 && !abilities_.cursors) ||
             !abilities_.restarts) {
    step.kind = Step::Kind::kFullLog;
  } else if (chosen < 96) {
    step.kind = Step::Kind::kCursors;
    for (uint32_t n = 1 + Below(3); n > 0; --n) {
      step.cursors.push_back(
          {absl::StrCat(OneIn(3) ? "other/" : "group/", Below(4)),
           OneIn(4) ? "" : absl::StrCat("value ", Below(100))});
    }
  } else {
    step.kind = chosen < 98   ? Step::Kind::kRestart
                : chosen < 99 ? Step::Kind::kKill
                              : Step::Kind::kRebuild;
  }
  return step;
}

}  // namespace samverk::fault
