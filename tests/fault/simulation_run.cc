#include "tests/fault/simulation_run.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/mutex.h"
#include "google/rpc/error_details.pb.h"

namespace samverk::fault {
namespace {

using Answer = Reference::Answer;
using Fact = Reference::Fact;

// The answers to appends that were sent without waiting.
class Answers {
 public:
  explicit Answers(size_t n) : answers_(n) {}

  EventStore::AppendCallback Take(size_t i) {
    return [this, i](absl::StatusOr<AppendResult> result) {
      MutexLock lock(mu_);
      answers_[i] = std::move(result);
      ++count_;
      arrived_.NotifyAll();
    };
  }
  const std::vector<absl::StatusOr<AppendResult>>& Wait() {
    MutexLock lock(mu_);
    while (count_ < answers_.size()) arrived_.Wait(mu_);
    return answers_;
  }

 private:
  Mutex mu_;
  CondVar arrived_;
  std::vector<absl::StatusOr<AppendResult>> answers_;
  size_t count_ = 0;
};

Answer AnswerOf(const absl::StatusOr<AppendResult>& result) {
  Answer answer;
  if (result.ok()) {
    for (const auto& recorded : result->recorded) {
      answer.recorded.emplace_back(recorded.position.value(),
                                   recorded.revision.value());
    }
    answer.recorded_at_us = absl::ToUnixMicros(result->recorded_at);
    answer.replayed = result->replayed;
    return answer;
  }
  answer.code = result.status().code();
  answer.reason = ReasonOf(result.status());
  google::rpc::ErrorInfo info;
  if (const auto payload = result.status().GetPayload(kErrorInfoUrl)) {
    info.ParseFromString(std::string(*payload));
  }
  answer.values = {info.metadata().begin(), info.metadata().end()};
  return answer;
}

// What `expected` says must be so; more values are allowed.
bool Agrees(const Answer& expected, const Answer& got) {
  for (const auto& [name, value] : expected.values) {
    const auto it = got.values.find(name);
    if (it == got.values.end() || it->second != value) return false;
  }
  return expected.code == got.code && expected.reason == got.reason &&
         expected.recorded == got.recorded &&
         expected.recorded_at_us == got.recorded_at_us &&
         expected.replayed == got.replayed;
}

// The difference between a recorded event and what it must be, or nothing.
std::string Difference(const Fact& fact, const RecordedEvent& event) {
  if (event.position().value() != fact.position) {
    return absl::StrCat("position ", event.position().value(), ", not ",
                        fact.position);
  }
  const std::string where = absl::StrCat("event ", fact.position, ": ");
  if (event.revision().value() != fact.revision) {
    return absl::StrCat(where, "revision ", event.revision().value(), ", not ",
                        fact.revision);
  }
  if (absl::ToUnixMicros(event.recorded_at()) != fact.recorded_at_us) {
    return where + "another time";
  }
  const auto body = DecodeBody(event.body());
  if (!body.ok()) return where + body.status().ToString();
  const Metadata metadata{
      std::string(body->source_system),  std::string(body->source_ref),
      std::string(body->recorded_by),    std::string(body->on_behalf_of),
      std::string(body->correlation_id), std::string(body->causation_id),
      std::string(body->traceparent)};
  const std::vector<std::string> tags(body->tags.begin(), body->tags.end());
  if (body->id != fact.event.id || body->stream != fact.event.stream ||
      body->type != fact.event.type || tags != fact.event.tags ||
      body->occurred != fact.event.occurred ||
      metadata != fact.event.metadata || body->payload != fact.event.payload) {
    return where + "other content";
  }
  return "";
}

// The root of the tree by its definition (RFC 6962, 2.1).
Hash RootOf(absl::Span<const Hash> leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return leaves[0];
  size_t half = 1;
  while (2 * half < leaves.size()) half *= 2;
  return NodeHash(RootOf(leaves.subspan(0, half)),
                  RootOf(leaves.subspan(half)));
}

class Simulation {
 public:
  Simulation(SimulatedStore& under_test, Choices& choices)
      : under_test_(under_test),
        choices_(choices),
        reference_(under_test.abilities().checks_clock),
        maker_(choices, reference_, under_test.abilities()) {}

  std::string Run(size_t steps) {
    std::string wrong;
    for (size_t i = 0; i < steps && !choices_.exhausted() && wrong.empty();
         ++i) {
      const Step step = maker_.Next();
      told_.push_back(step.ToString());
      wrong = Do(step);
      if (wrong.empty() && i % 16 == 0) wrong = CheckFullLog();
    }
    if (wrong.empty()) wrong = CheckFullLog();
    if (wrong.empty()) return "";
    std::string text = wrong + "\nafter these steps:";
    for (size_t i = 0; i < told_.size(); ++i) {
      absl::StrAppend(&text, "\n  ", i + 1, ". ", told_[i]);
    }
    return text;
  }

 private:
  EventStore& store() { return under_test_.store(); }

  std::string Do(const Step& step);
  std::string Append(const Step& step);
  std::string Read(ReadOptions options);
  std::string CheckPage(const ReadOptions& options,
                        absl::Span<const Fact* const> matching,
                        const EventPage& page);
  std::string Locate(const Step& step);
  std::string Await(const Step& step);
  std::string PutCursors(const Step& step);
  std::string CheckCursors();
  std::string CheckHead();
  std::string CheckFullLog();
  std::string CheckTree(const std::vector<RecordedEvent>& events);

  SimulatedStore& under_test_;
  Choices& choices_;
  Reference reference_;
  StepMaker maker_;
  std::vector<std::string> told_;
};

std::string Simulation::Do(const Step& step) {
  switch (step.kind) {
    case Step::Kind::kAppend:
      return Append(step);
    case Step::Kind::kRead:
      return Read(step.read);
    case Step::Kind::kLocate:
      return Locate(step);
    case Step::Kind::kAwait:
      return Await(step);
    case Step::Kind::kClock:
      under_test_.clock.Set(absl::FromUnixMicros(step.clock_us));
      return CheckHead();
    case Step::Kind::kFullLog:
      return CheckFullLog();
    case Step::Kind::kCursors:
      return PutCursors(step);
    case Step::Kind::kRestart:
    case Step::Kind::kKill:
    case Step::Kind::kRebuild: {
      const absl::Status opened = under_test_.Reopen(step.kind);
      if (!opened.ok()) return opened.ToString();
      return CheckFullLog();
    }
  }
  return "an unknown step";
}

std::string Simulation::Append(const Step& step) {
  const size_t n = step.appends.size();
  Answers answers(n);
  for (size_t i = 0; i < n; ++i) {
    store().Append(
        step.appends[i].request,
        step.appends[i].in_time ? absl::InfiniteFuture() : absl::InfinitePast(),
        answers.Take(i));
  }
  const auto& results = answers.Wait();
  const int64_t now = absl::ToUnixMicros(under_test_.clock.Now());
  for (size_t i = 0; i < n; ++i) {
    const Answer expected = reference_.Append(step.appends[i].request, now,
                                              step.appends[i].in_time);
    const Answer got = AnswerOf(results[i]);
    if (!Agrees(expected, got)) {
      return absl::StrCat("append ", i, " must be answered\n  ",
                          expected.ToString(), "\nbut was\n  ", got.ToString());
    }
  }
  return CheckHead();
}

std::string Simulation::Read(ReadOptions options) {
  const auto refused = Reference::WhyRefused(options);
  if (refused != error::v1::REASON_UNSPECIFIED) {
    const auto page = store().Read(options);
    return page.status().code() == absl::StatusCode::kInvalidArgument &&
                   ReasonOf(page.status()) == refused
               ? ""
               : absl::StrCat("a reading must be refused: ",
                              page.status().ToString());
  }
  const auto all = reference_.Matching(options);
  absl::Span<const Fact* const> left = all;
  while (true) {
    const auto page = store().Read(options);
    if (!page.ok()) return page.status().ToString();
    std::string wrong = CheckPage(options, left, *page);
    if (!wrong.empty() || page->end) return wrong;
    left.remove_prefix(page->events.size());
    if (options.direction == Direction::kForward) {
      options.after = page->scanned_to;
    } else {
      options.before = page->scanned_to;
    }
  }
}

std::string Simulation::CheckPage(const ReadOptions& options,
                                  absl::Span<const Fact* const> matching,
                                  const EventPage& page) {
  const bool forward = options.direction == Direction::kForward;
  const auto wrong = [&](const std::string& what) {
    return absl::StrCat(
        "a page that begins after ", options.after.value(), ", before ",
        options.before ? options.before->value() : 0, ": ", what);
  };
  if (page.head.value() != reference_.head()) return wrong("its head");
  if (page.events.size() > options.limit) return wrong("more than its limit");
  if (page.events.size() > matching.size()) {
    return wrong(absl::StrCat("it has ", page.events.size(), " events of ",
                              matching.size()));
  }
  for (size_t i = 0; i < page.events.size(); ++i) {
    const std::string difference = Difference(*matching[i], page.events[i]);
    if (!difference.empty()) return wrong(difference);
  }
  const bool more = page.events.size() < matching.size();
  if (page.end && more) return wrong("it is not the end");
  // The next one that matches must not have been passed, and looking has gone
  // on, but not beyond what there is.
  const uint64_t to = page.scanned_to.value();
  const uint64_t last =
      page.events.empty() ? 0 : page.events.back().position().value();
  if (forward) {
    if ((more && to >= matching[page.events.size()]->position) || to < last ||
        to < options.after.value() ||
        to > std::max(options.after.value(), reference_.head())) {
      return wrong(absl::StrCat("it has looked up to ", to));
    }
    if (!page.end && to == options.after.value()) return wrong("no progress");
  } else {
    const uint64_t before =
        options.before ? options.before->value() : reference_.head() + 1;
    if ((more && to <= matching[page.events.size()]->position) ||
        (last != 0 && to > last) || (options.before && to > before)) {
      return wrong(absl::StrCat("it has looked down to ", to));
    }
    if (!page.end && to >= before) return wrong("no progress");
  }
  return "";
}

std::string Simulation::Locate(const Step& step) {
  const auto located = store().Locate(step.ids);
  if (!located.ok()) return located.status().ToString();
  if (located->size() != step.ids.size()) return "not one answer for each id";
  for (size_t i = 0; i < step.ids.size(); ++i) {
    const Fact* fact = reference_.Find(step.ids[i]);
    const uint64_t expected = fact == nullptr ? 0 : fact->position;
    const uint64_t got = (*located)[i].value_or(Position()).value();
    if (got != expected) {
      return absl::StrCat("id ", i, " is at ", expected, ", not at ", got);
    }
  }
  return "";
}

std::string Simulation::Await(const Step& step) {
  const auto beyond =
      store().AwaitBeyond(Position(step.position), absl::UnixEpoch());
  if (reference_.head() > step.position) {
    return beyond.ok() && beyond->value() == reference_.head()
               ? ""
               : "awaiting must answer the head at once";
  }
  return beyond.status().code() == absl::StatusCode::kDeadlineExceeded
             ? ""
             : "awaiting must end with its deadline";
}

std::string Simulation::PutCursors(const Step& step) {
  Mutex mu;
  CondVar arrived;
  std::optional<absl::Status> answer;
  under_test_.cursors()->PutCursors(step.cursors, absl::InfiniteFuture(),
                                    [&](absl::Status status) {
                                      MutexLock lock(mu);
                                      answer = std::move(status);
                                      arrived.NotifyAll();
                                    });
  {
    MutexLock lock(mu);
    while (!answer.has_value()) arrived.Wait(mu);
  }
  const absl::Time last = absl::FromUnixMicros(
      reference_.log().empty() ? 0 : reference_.log().back().recorded_at_us);
  if (last - under_test_.clock.Now() > absl::Hours(24)) {
    return ReasonOf(*answer) == error::v1::REASON_READ_ONLY
               ? CheckCursors()
               : "cursors must be refused under a wrong clock";
  }
  if (!answer->ok()) return answer->ToString();
  for (const CursorEntry& cursor : step.cursors) {
    reference_.PutCursor(cursor.key, cursor.value);
  }
  return CheckCursors();
}

std::string Simulation::CheckCursors() {
  for (const std::string prefix : {"", "group/", "none"}) {
    std::vector<CursorEntry> expected;
    for (const auto& [key, value] : reference_.cursors()) {
      if (key.substr(0, prefix.size()) == prefix) {
        expected.push_back({key, value});
      }
    }
    const auto listed = under_test_.cursors()->ListCursors(prefix);
    if (!listed.ok()) return listed.status().ToString();
    if (*listed != expected) return "another list of cursors with " + prefix;
  }
  for (int i = 0; i < 4; ++i) {
    const std::string key = absl::StrCat("group/", i);
    const auto found = under_test_.cursors()->GetCursor(key);
    if (!found.ok()) return found.status().ToString();
    const auto it = reference_.cursors().find(key);
    if (found->has_value() != (it != reference_.cursors().end()) ||
        (found->has_value() && **found != it->second)) {
      return "another value of cursor " + key;
    }
  }
  return "";
}

std::string Simulation::CheckHead() {
  const uint64_t head = store().Head().value();
  if (head == reference_.head()) return "";
  return absl::StrCat("the head is ", head, ", not ", reference_.head());
}

std::string Simulation::CheckFullLog() {
  std::string wrong = CheckHead();
  if (wrong.empty()) wrong = Read(ReadOptions());
  if (!wrong.empty()) return wrong;
  if (under_test_.cursors() != nullptr) wrong = CheckCursors();
  if (!wrong.empty() || under_test_.tree() == nullptr) return wrong;
  std::vector<RecordedEvent> events;
  ReadOptions options;
  while (true) {
    auto page = store().Read(options);
    if (!page.ok()) return page.status().ToString();
    for (auto& event : page->events) events.push_back(std::move(event));
    if (page->end) return CheckTree(events);
    options.after = page->scanned_to;
  }
}

std::string Simulation::CheckTree(const std::vector<RecordedEvent>& events) {
  std::vector<Hash> leaves;
  for (const RecordedEvent& event : events) {
    leaves.push_back(LeafHash(event.record()));
  }
  TreeReader& tree = *under_test_.tree();
  const TreeHead head = tree.CurrentTree();
  if (head.size != leaves.size()) return "the tree has another size";
  if (head.root != RootOf(leaves)) return "the tree has another root";
  if (leaves.empty()) return "";
  const auto leaf =
      LeafIndex(choices_.Below(static_cast<uint32_t>(leaves.size())));
  const auto proof = InclusionProof(
      leaf, head.size,
      [&](uint32_t level, uint64_t i) { return tree.ReadNode(level, i); });
  if (!proof.ok()) return proof.status().ToString();
  return VerifyInclusion(leaves[leaf.value()], leaf, head, *proof).ok()
             ? ""
             : "a proof does not hold";
}

}  // namespace

std::string Simulate(SimulatedStore& store, Choices& choices, size_t steps) {
  return Simulation(store, choices).Run(steps);
}

}  // namespace samverk::fault
