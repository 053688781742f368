#include "eventstore/rocksdb/fsck_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/error.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

constexpr uint64_t kProgressEvery = 1'000;

// The same for the same stream alone, but for one in many millions.
uint64_t HashOf(std::string_view stream) {
  return absl::Hash<absl::string_view>()(ToAbsl(stream));
}

// "what" of an error about damage; otherwise its sentence.
std::string What(const absl::Status& status) {
  std::string text(status.message());
  const std::string before = "a stored record is damaged: ";
  if (text.rfind(before, 0) == 0) text = text.substr(before.size());
  return text.substr(0, text.find("; stop"));
}

}  // namespace

LogCheck::LogCheck(ClosedRegister& closed, const FsckOptions& options,
                   Findings& findings, DerivedCheck& derived,
                   FsckResult& result)
    : closed_(closed),
      options_(options),
      findings_(findings),
      derived_(derived),
      result_(result),
      origin_(HashOfOrigin(closed.origin())),
      commits_(closed.Scan(closed.commits())),
      events_(closed.Scan(closed.events())) {}

void LogCheck::Lose() {
  lost_ = true;
  derived_.Stop();
}

absl::Status LogCheck::Run() {
  const std::optional<uint64_t> sequences = commits_.Last();
  last_event_ = events_.Last();
  if (!sequences.has_value() || !last_event_.has_value()) {
    Lose();
    findings_.Add({FindingKind::kDatabase, "the end of the log",
                   "a last commit and a last event",
                   "they cannot be read, or their keys are no numbers"});
    return absl::OkStatus();
  }
  uint64_t told = 0;
  // The last number there is may be any, when its key is a stray one.
  for (uint64_t sequence = 1; sequence - 1 < *sequences; ++sequence) {
    ASSIGN_OR_RETURN(sequence, TakeCommitFrom(sequence));
    if (options_.on_progress && result_.events >= told + kProgressEvery) {
      told = result_.events;
      options_.on_progress(point_.position, Position(*last_event_));
    }
  }
  CheckEnd();
  result_.point = point_;
  result_.streams = revisions_.size();
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> LogCheck::TakeCommitFrom(uint64_t sequence) {
  const NumberedRows::State state = commits_.Read(sequence);
  if (state == NumberedRows::State::kThere) {
    RETURN_IF_ERROR(TakeCommit(sequence));
    return sequence;
  }
  const bool missing = state == NumberedRows::State::kMissing;
  const uint64_t last =
      missing ? commits_.Next().value_or(sequence + 1) - 1 : sequence;
  findings_.AddRange(FindingKind::kCommit, "commit", sequence, last,
                     "a commit record", missing ? "nothing" : commits_.why());
  gap_ = true;
  Lose();
  return last;
}

absl::Status LogCheck::TakeCommit(uint64_t sequence) {
  const std::string header_bytes(commits_.value());
  auto header = DecodeCommitHeader(header_bytes, origin_);
  if (ReasonOf(header.status()) == error::v1::REASON_FORMAT_NEWER) {
    return header.status();
  }
  if (!header.ok()) {
    findings_.AddNumbered(FindingKind::kCommit, "commit", sequence,
                          "a commit record of this register",
                          What(header.status()));
    gap_ = true;
    Lose();
    return absl::OkStatus();
  }
  Taken taken;
  taken.sequence = sequence;
  taken.commit.header = *std::move(header);
  ReadRecords(taken);
  const bool header_right = CheckSum(header_bytes, taken);
  const CommitPoint& after = taken.commit.header.after;
  if (header_right) {
    CheckPlace(sequence, taken.commit.header);
    point_ = after;
  } else {
    point_.position = after.position;
    point_.tree = after.tree;
  }
  gap_ = !header_right;
  point_.sequence = sequence;
  if (taken.intact) CheckContent(taken);
  CheckTree(taken);
  if (taken.intact) derived_.Take(taken.commit, taken.bodies);
  ++result_.commits;
  return absl::OkStatus();
}

void LogCheck::CheckPlace(uint64_t sequence, const CommitHeader& header) {
  const auto wrong = [&](const std::string& expected,
                         const std::string& found) {
    findings_.AddNumbered(FindingKind::kCommit, "commit", sequence, expected,
                          found);
    derived_.Stop();
  };
  const CommitPoint& after = header.after;
  if (after.sequence != sequence) {
    wrong(absl::StrCat("sequence ", sequence),
          absl::StrCat("sequence ", after.sequence));
  }
  if (after.tree.size != after.position.value()) {
    wrong(absl::StrCat("a tree of ", after.position.value()),
          absl::StrCat("one of ", after.tree.size));
  }
  if (after.epoch < point_.epoch ||
      after.recorded_at_us < point_.recorded_at_us) {
    wrong("an epoch and a time not before the last ones", "one before");
  }
  if (!gap_ && header.first_position() != point_.position.Next()) {
    wrong(absl::StrCat("first position ", point_.position.Next().value()),
          absl::StrCat("first position ", header.first_position().value()));
  }
}

void LogCheck::ReadRecords(Taken& taken) {
  const CommitHeader& header = taken.commit.header;
  const uint64_t first = header.first_position().value();
  uint64_t end = first + header.count;
  if (end - 1 > *last_event_) {
    // Also a damaged count ends here.
    findings_.AddNumbered(FindingKind::kCommit, "commit", taken.sequence,
                          absl::StrCat("events ", first, " to ", end - 1),
                          absl::StrCat("the last event is ", *last_event_));
    end = std::max(first, *last_event_ + 1);
    taken.whole = false;
    Lose();
  }
  for (uint64_t position = first; position < end; ++position) {
    const NumberedRows::State state = events_.Read(position);
    ++result_.events;
    if (state != NumberedRows::State::kThere) {
      findings_.AddNumbered(
          FindingKind::kEvent, "event", position, "a record",
          state == NumberedRows::State::kMissing ? "nothing" : events_.why());
      taken.records.emplace_back();
      taken.leaves.emplace_back();
      taken.whole = false;
      Lose();
      continue;
    }
    taken.records.emplace_back(events_.value());
    const std::string& record = taken.records.back();
    taken.leaves.push_back(LeafHash(record));
    if (options_.wanted.contains(Position(position))) {
      result_.wanted[Position(position)] = Sha256(record);
    }
    if (!CheckForm(position, record)) {
      taken.whole = false;
      Lose();
    }
  }
  if (!taken.whole) return;
  for (const std::string& record : taken.records) {
    taken.commit.AddRecord(record);
  }
  for (size_t i = 0; i < taken.commit.size(); ++i) {
    taken.bodies.push_back(*DecodeBody(taken.commit.body(i)));
  }
}

bool LogCheck::CheckForm(uint64_t position, const std::string& record) {
  const auto wrong = [&](std::string_view expected, std::string_view found) {
    findings_.AddNumbered(FindingKind::kEvent, "event", position, expected,
                          found);
    return false;
  };
  const auto event = RecordedEvent::FromRecord(record);
  if (!event.ok()) return wrong("a record", What(event.status()));
  if (event->position().value() != position) {
    return wrong("its own position",
                 absl::StrCat("position ", event->position().value()));
  }
  const auto body = DecodeBody(event->body());
  if (!body.ok()) return wrong("a body", What(body.status()));
  return true;
}

void LogCheck::CheckContent(const Taken& taken) {
  const CommitHeader& header = taken.commit.header;
  for (size_t i = 0; i < taken.records.size(); ++i) {
    const uint64_t position = header.first_position().value() + i;
    const char* const record = taken.records[i].data();
    if (GetLittle<int64_t>(record + 24) != header.after.recorded_at_us) {
      findings_.AddNumbered(FindingKind::kEvent, "event", position,
                            "the time of its commit", "another");
    }
    CheckRevision(position, GetLittle<uint64_t>(record + 16),
                  taken.bodies[i].stream);
  }
}

void LogCheck::CheckRevision(uint64_t position, uint64_t found,
                             std::string_view stream) {
  uint64_t& last = revisions_[HashOf(stream)];
  if (found != last + 1 && !(lost_ && found > last)) {
    findings_.Add({FindingKind::kRevision, absl::StrCat("event ", position),
                   absl::StrCat("revision ", last + 1, " of ",
                                absl::CHexEscape(ToAbsl(stream))),
                   absl::StrCat("revision ", found)});
  }
  last = found;
}

bool LogCheck::CheckSum(std::string_view header_bytes, Taken& taken) {
  const CommitHeader& header = taken.commit.header;
  if (taken.whole && VerifyChecksum(header_bytes, taken.leaves).ok()) {
    return true;
  }
  taken.intact = false;
  Lose();
  const uint64_t first = header.first_position().value();
  // Tiles remember what the records were.
  std::vector<Hash> stored;
  for (size_t i = 0; i < taken.leaves.size(); ++i) {
    const auto leaf = derived_.StoredLeaf(Position(first + i));
    if (!leaf.has_value()) break;
    stored.push_back(*leaf);
  }
  if (stored.size() == header.count &&
      VerifyChecksum(header_bytes, stored).ok()) {
    for (size_t i = 0; i < stored.size(); ++i) {
      // What is malformed or not there has been told.
      if (stored[i] == taken.leaves[i] || !taken.whole) continue;
      findings_.AddNumbered(FindingKind::kEvent, "event", first + i,
                            "the record that was committed", "another one");
    }
    taken.leaves = std::move(stored);
    return true;
  }
  if (!taken.whole) return false;
  findings_.AddNumbered(
      FindingKind::kCommit, "commit", taken.sequence,
      "a checksum over itself and its records",
      header.count == 0 || stored == taken.leaves
          ? std::string("another one: it was changed")
          : absl::StrCat("another one: it, or one of the events ", first,
                         " to ", first + header.count - 1, ", was changed"));
  return false;
}

void LogCheck::CheckTree(const Taken& taken) {
  const CommitHeader& header = taken.commit.header;
  // Commits that are lost, or a count that was changed, leave a gap.
  tree_lost_ =
      tree_lost_ || header.first_position() != Position(frontier_.size() + 1);
  for (const Hash& leaf : taken.leaves) {
    frontier_.Append(leaf,
                     [&](uint32_t level, uint64_t index, const Hash& hash) {
                       derived_.AddNode(level, index, hash);
                     });
  }
  if (tree_lost_) {
    findings_.AddNumbered(FindingKind::kTree, "commit", taken.sequence,
                          "events without a gap before it",
                          "its root cannot be checked");
    return;
  }
  if (frontier_.Head() == header.after.tree) return;
  // Told as the commit's already; the tree goes on from its records.
  if (gap_ && taken.whole && taken.leaves.size() == header.count) return;
  derived_.Stop();
  findings_.AddNumbered(FindingKind::kTree, "commit", taken.sequence,
                        "the root that the records up to it give",
                        "another root");
}

void LogCheck::CheckEnd() {
  if (!gap_ && *last_event_ > point_.position.value()) {
    findings_.Add({FindingKind::kCommit, "the end of the log",
                   absl::StrCat("event ", point_.position.value(),
                                ", where the last commit ends"),
                   absl::StrCat("event ", *last_event_)});
    derived_.Stop();
  }
}

}  // namespace samverk
