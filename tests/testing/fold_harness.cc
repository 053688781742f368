#include "tests/testing/fold_harness.h"

#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "eventstore/base/check.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/uuid.h"
#include "eventstore/memory/memory_event_store.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "projections/engine/dispatcher.h"
#include "proto/codec/edtf.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"

namespace samverk::testing {
namespace {

using event::v1::Event;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using projections::Fact;
using projections::FactChange;
using projections::MemoryViewTable;
using projections::Projection;

void Complete(uint64_t n, Event& event) {
  if (event.id().empty()) event.set_id(EventIdOf(n));
  if (event.process().empty()) event.set_process(std::string(kProcess));
  if (event.has_recorded_by()) return;
  event.mutable_recorded_by()->set_organisation("org");
  event.mutable_recorded_by()->set_role("role");
  event.mutable_recorded_by()->set_subject("s-1");
}

NewEvent ToNewEvent(const Event& event, uint64_t n) {
  const auto id = ParseUuid(event.id());
  SAMVERK_CHECK(id.ok()) << "event " << n << ": " << id.status().ToString();
  NewEvent result;
  result.id = *id;
  result.stream = event.process() + "/fact/" + std::to_string(n);
  result.type = codec::TypeName(event.fact_case());
  SAMVERK_CHECK(!result.type.empty()) << "event " << n << " says no fact";
  result.tags = {codec::ProcessTag(event.process())};
  result.payload = codec::EncodePayload(event);
  return result;
}

// In an Origin or a When, leaves alone what the expected message does not give.
class UngivenOrigin : public MessageDifferencer::IgnoreCriteria {
 public:
  bool IsIgnored(
      const Message& expected, const Message&,
      const google::protobuf::FieldDescriptor* field,
      const std::vector<MessageDifferencer::SpecificField>&) override {
    const bool loose =
        IsLoose(expected.GetDescriptor()) ||
        (field->message_type() != nullptr && IsLoose(field->message_type()));
    if (!loose) return false;
    const auto& reflection = *expected.GetReflection();
    return field->is_repeated() ? reflection.FieldSize(expected, field) == 0
                                : !reflection.HasField(expected, field);
  }

 private:
  static bool IsLoose(const google::protobuf::Descriptor* type) {
    return type == view::v1::Origin::descriptor() ||
           type == view::v1::When::descriptor();
  }
};

// Facts as folds see them, without a store between.
std::vector<Fact> FactsOf(const std::vector<Event>& events) {
  std::vector<Fact> facts;
  for (const Event& event : events) {
    const uint64_t n = facts.size() + 1;
    std::optional<codec::TimeSpan> occurred;
    if (!event.occurred().edtf().empty()) {
      const auto span = codec::ParseEdtf(event.occurred().edtf());
      SAMVERK_CHECK(span.ok()) << span.status().ToString();
      occurred = *span;
    }
    facts.push_back({event, Position(n), RecordedAtUs(n), occurred});
  }
  return facts;
}

std::string Encoded(const Message& message) {
  std::string bytes;
  SAMVERK_CHECK(message.SerializeToString(&bytes));
  return bytes;
}

// The first key at which two tables differ, with both entries.
std::string FirstDifference(
    const Projection& projection,
    const std::map<std::string, std::string>& actual,
    const std::map<std::string, std::string>& expected) {
  const auto print = [&](const std::map<std::string, std::string>& contents,
                         const std::string& key) -> std::string {
    const auto it = contents.find(key);
    if (it == contents.end()) return "nothing";
    std::unique_ptr<Message> message(projection.prototype().New());
    SAMVERK_CHECK(message->ParseFromString(it->second));
    return message->ShortDebugString();
  };
  std::map<std::string, std::string> all = actual;
  all.insert(expected.begin(), expected.end());
  for (const auto& [key, bytes] : all) {
    const std::string is = print(actual, key);
    const std::string wanted = print(expected, key);
    if (is != wanted) {
      return "\"" + key + "\"\n  is:     " + is + "\n  wanted: " + wanted;
    }
  }
  return "entries whose texts are the same";
}

}  // namespace

void internal::ParseText(std::string_view text, Message& message) {
  SAMVERK_CHECK(google::protobuf::TextFormat::ParseFromString(std::string(text),
                                                              &message))
      << "not a " << message.GetTypeName() << ": " << text;
}

std::string EventIdOf(uint64_t n) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", n);
}

int64_t RecordedAtUs(uint64_t n) {
  constexpr int64_t kStart = 1'767'225'600'000'000;  // 2026-01-01T00:00Z
  return kStart + static_cast<int64_t>(n) * 60'000'000;
}

FoldedFacts::FoldedFacts(const std::vector<Projection>& projections,
                         std::vector<Event> events)
    : projections_(projections) {
  for (const Projection& projection : projections) {
    tables_[static_cast<size_t>(projection.id)] =
        std::make_unique<MemoryViewTable>(projection.prototype());
  }
  FakeClock clock(absl::UnixEpoch());
  MemoryEventStore store(clock);
  for (size_t i = 0; i < events.size(); ++i) {
    Complete(i + 1, events[i]);
    clock.Set(absl::FromUnixMicros(RecordedAtUs(i + 1)));
    AppendRequest request;
    request.events.push_back(ToNewEvent(events[i], i + 1));
    const auto appended = AppendAndWait(store, std::move(request));
    SAMVERK_CHECK(appended.ok()) << appended.status().ToString();
  }
  projections::StoreTargetLookup lookup(store);
  projections::Dispatcher dispatcher(lookup);
  ReadOptions options;
  for (bool end = false; !end;) {
    const auto page = store.Read(options);
    SAMVERK_CHECK(page.ok()) << page.status().ToString();
    for (const RecordedEvent& event : page->events) {
      const auto status =
          dispatcher.Dispatch(event, [&](FactChange change, const Fact& fact) {
            for (const Projection& projection : projections_) {
              auto& table = *tables_[static_cast<size_t>(projection.id)];
              if (change == FactChange::kApply) {
                projection.apply(fact, table);
              } else {
                projection.retract(fact, table);
              }
            }
          });
      SAMVERK_CHECK(status.ok()) << status.ToString();
    }
    options.after = page->scanned_to;
    end = page->end;
  }
}

projections::ViewSet FoldedFacts::views() const {
  // Reads of an empty table need no type, so any will do.
  static const MemoryViewTable* const empty =
      new MemoryViewTable(view::v1::When::default_instance());
  projections::ViewSet views;
  for (size_t i = 0; i < tables_.size(); ++i) {
    views.tables[i] = tables_[i] != nullptr ? tables_[i].get() : empty;
  }
  return views;
}

const MemoryViewTable& FoldedFacts::TableOf(const Message& type) const {
  for (const Projection& projection : projections_) {
    if (projection.prototype().GetDescriptor() == type.GetDescriptor()) {
      return *tables_[static_cast<size_t>(projection.id)];
    }
  }
  SAMVERK_CHECK(false) << "no projection of this test has entries of type "
                       << type.GetTypeName();
  __builtin_unreachable();
}

void FoldedFacts::CheckEntry(std::string_view key, const Message& expected,
                             const char* file, int line) const {
  const Message* actual = nullptr;
  std::string keys;
  TableOf(expected).Scan<Message>(
      "", "", [&](std::string_view at, const Message& message) {
        if (at == key) actual = &message;
        keys.append("\n  ").append(at);
        return true;
      });
  if (actual == nullptr) {
    ADD_FAILURE_AT(file, line)
        << "no entry \"" << key << "\"; there are:" << keys;
    return;
  }
  MessageDifferencer differencer;
  differencer.AddIgnoreCriteria(new UngivenOrigin);  // takes ownership
  std::string differences;
  differencer.ReportDifferencesToString(&differences);
  if (!differencer.Compare(expected, *actual)) {
    ADD_FAILURE_AT(file, line)
        << "entry \"" << key << "\" is\n"
        << actual->DebugString() << "which differs from what is expected:\n"
        << differences;
  }
}

void FoldedFacts::CheckNoEntry(std::string_view key, const Message& type,
                               const char* file, int line) const {
  const Message* actual = TableOf(type).Find<Message>(key);
  if (actual == nullptr) return;
  ADD_FAILURE_AT(file, line) << "there is an entry \"" << key << "\":\n"
                             << actual->DebugString();
}

FoldedFacts GivenFacts(const Projection& projection,
                       std::vector<Event> events) {
  return FoldedFacts({projection}, std::move(events));
}

FoldedFacts GivenFacts(const std::vector<Projection>& projections,
                       std::vector<Event> events) {
  return FoldedFacts(projections, std::move(events));
}

std::map<std::string, std::string> Contents(const MemoryViewTable& table) {
  std::map<std::string, std::string> contents;
  table.Scan<Message>("", "",
                      [&](std::string_view key, const Message& message) {
                        std::string bytes = Encoded(message);
                        if (!bytes.empty()) {
                          contents.emplace(key, std::move(bytes));
                        }
                        return true;
                      });
  return contents;
}

void ExpectRetractUndoesApply(const Projection& projection,
                              std::vector<Event> events, const char* file,
                              int line) {
  for (size_t i = 0; i < events.size(); ++i) Complete(i + 1, events[i]);
  const std::vector<Fact> facts = FactsOf(events);
  const auto compare = [&](const MemoryViewTable& table,
                           const std::map<std::string, std::string>& expected,
                           const std::string& what) {
    const auto actual = Contents(table);
    if (actual == expected) return true;
    ADD_FAILURE_AT(file, line)
        << what << ": " << FirstDifference(projection, actual, expected);
    return false;
  };
  for (size_t out = 0; out < facts.size(); ++out) {
    MemoryViewTable without(projection.prototype());
    for (size_t i = 0; i < facts.size(); ++i) {
      if (i != out) projection.apply(facts[i], without);
    }
    const auto expected = Contents(without);
    for (size_t moment = out; moment < facts.size(); ++moment) {
      MemoryViewTable table(projection.prototype());
      for (size_t i = 0; i < facts.size(); ++i) {
        projection.apply(facts[i], table);
        if (i == moment) projection.retract(facts[out], table);
      }
      if (!compare(table, expected,
                   absl::StrFormat("event %d taken out after event %d", out + 1,
                                   moment + 1))) {
        return;
      }
    }
  }
  MemoryViewTable first_out(projection.prototype());
  MemoryViewTable last_out(projection.prototype());
  for (const Fact& fact : facts) {
    projection.apply(fact, first_out);
    projection.apply(fact, last_out);
  }
  for (size_t i = 0; i < facts.size(); ++i) {
    projection.retract(facts[i], first_out);
    projection.retract(facts[facts.size() - 1 - i], last_out);
  }
  compare(first_out, {}, "all events taken out, first to last");
  compare(last_out, {}, "all events taken out, last to first");
}

}  // namespace samverk::testing
