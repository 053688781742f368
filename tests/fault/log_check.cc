#include "tests/fault/log_check.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/raw_store.h"

namespace samverk::fault {
namespace {

constexpr uint32_t kPage = 10'000;

std::string Name(const SentEvent& event) {
  return absl::StrCat("event ", absl::BytesToHexString(event.id), " of batch ",
                      event.batch);
}

}  // namespace

void LogCheck::LearnSent() {
  for (size_t i = by_id_.size(); i < journal_->events().size(); ++i) {
    by_id_[journal_->events()[i].id] = i;
  }
  found_.resize(journal_->events().size());
}

uint64_t LogCheck::PositionOf(size_t event) const { return found_[event]; }

std::string LogCheck::Take(const store::v1::RecordedEvent& event,
                           uint64_t expected) {
  if (event.position() != expected) {
    return absl::StrCat("position ", expected, " is followed by ",
                        event.position());
  }
  const auto sent = by_id_.find(event.body().id());
  if (sent == by_id_.end()) {
    return absl::StrCat("position ", expected, ": nobody sent this event");
  }
  const size_t index = sent->second;
  const SentEvent& was_sent = journal_->events()[index];
  if (ContentOf(event.body()) != was_sent.content) {
    return absl::StrCat("position ", expected, ": not the content of ",
                        Name(was_sent));
  }
  if (found_[index] != 0 && found_[index] != expected) {
    return absl::StrCat(Name(was_sent), " is at ", found_[index], " and at ",
                        expected);
  }
  found_[index] = expected;
  if (expected <= positions_.size()) {
    if (positions_[expected - 1] != index) {
      return absl::StrCat("position ", expected, " held another event");
    }
  } else {
    positions_.push_back(index);
  }
  std::vector<uint64_t>& stream = streams_[event.body().stream()];
  if (event.revision() == stream.size() + 1) stream.push_back(expected);
  if (event.revision() == 0 || event.revision() > stream.size() ||
      stream[event.revision() - 1] != expected) {
    return absl::StrCat("position ", expected, " is revision ",
                        event.revision(), " of a stream with ", stream.size(),
                        " events before it or other ones");
  }
  return "";
}

std::string LogCheck::Read(client::Client& client, uint64_t after) {
  store::v1::ReadRequest request;
  request.set_after(after);
  request.set_page_size(kPage);
  std::string wrong;
  uint64_t last = after;
  uint64_t head = 0;
  const absl::Status status = client.raw_store().Read(
      request, [&](const store::v1::ReadResponse& page) {
        head = page.head();
        for (const store::v1::RecordedEvent& event : page.events()) {
          wrong = Take(event, ++last);
          if (!wrong.empty()) return false;
        }
        return true;
      });
  if (!wrong.empty()) return wrong;
  if (!status.ok()) return absl::StrCat("reading: ", status.ToString());
  if (last != head) {
    return absl::StrCat("the head is ", head, ", the last event at ", last);
  }
  if (head < positions_.size()) {
    return absl::StrCat("the head is ", head, "; it was ", positions_.size());
  }
  return "";
}

std::string LogCheck::CheckBatch(const SentBatch& batch) {
  size_t there = 0;
  for (size_t i = 0; i < batch.events; ++i) {
    const SentEvent& event = journal_->events()[batch.first_event + i];
    const uint64_t position = PositionOf(batch.first_event + i);
    if (position != 0) ++there;
    if (batch.fate != Fate::kAcknowledged) continue;
    if (position == 0) {
      return absl::StrCat(Name(event), ", acknowledged at ", event.position,
                          ", is gone");
    }
    const std::vector<uint64_t>& stream = streams_[event.stream];
    if (position != event.position || event.revision == 0 ||
        event.revision > stream.size() ||
        stream[event.revision - 1] != position) {
      return absl::StrCat(Name(event), " was acknowledged at ", event.position,
                          " as revision ", event.revision, " and is at ",
                          position);
    }
  }
  const SentEvent& first = journal_->events()[batch.first_event];
  if (batch.fate == Fate::kRefused && there > 0) {
    return absl::StrCat(Name(first), " was refused and is there");
  }
  if (there != 0 && there != batch.events) {
    return absl::StrCat(there, " of ", batch.events, " events of batch ",
                        first.batch, " are there");
  }
  for (size_t i = 1; there != 0 && i < batch.events; ++i) {
    if (PositionOf(batch.first_event + i) !=
        PositionOf(batch.first_event) + i) {
      return absl::StrCat("batch ", first.batch, " is not in one piece");
    }
  }
  return "";
}

void LogCheck::Check(client::Client& client, uint64_t after,
                     size_t first_batch) {
  LearnSent();
  std::string wrong = Read(client, after);
  for (size_t i = first_batch; wrong.empty() && i < journal_->batches().size();
       ++i) {
    wrong = CheckBatch(journal_->batches()[i]);
  }
  if (!wrong.empty()) ADD_FAILURE() << wrong;
}

std::string LogCheck::SettleBatch(client::Client& client, Journal& journal,
                                  size_t batch) {
  const store::v1::AppendRequest request = journal.RequestOf(batch);
  const uint64_t position = PositionOf(journal.batches()[batch].first_event);
  const bool there = position != 0;
  ++(there ? open_there_ : open_gone_);
  const auto answer = client.raw_store().Append(request);
  if (!answer.ok()) {
    // It may be refused now for what was recorded since.
    if (!there && request.conditions_size() > 0 &&
        answer.status().code() == absl::StatusCode::kAborted) {
      journal.Refuse(batch);
      return "";
    }
    return absl::StrCat("batch ", batch, there ? ", which is there," : "",
                        " was sent again: ", answer.status().ToString());
  }
  if (answer->replayed() != there) {
    return absl::StrCat(
        "batch ", batch,
        there ? " was recorded again" : " is called recorded before");
  }
  if (there && answer->recorded(0).position() != position) {
    return absl::StrCat("batch ", batch, " is at ", position, " and is said ",
                        "to be at ", answer->recorded(0).position());
  }
  if (!journal.Acknowledge(batch, *answer)) {
    return absl::StrCat("batch ", batch, " got another answer");
  }
  return "";
}

void LogCheck::Settle(client::Client& client, Journal& journal) {
  const std::vector<size_t> open = journal.Open();
  if (open.empty()) return;
  const uint64_t before = head();
  for (const size_t batch : open) {
    if (std::string wrong = SettleBatch(client, journal, batch);
        !wrong.empty()) {
      ADD_FAILURE() << wrong;
      return;
    }
  }
  Check(client, before, open.front());
}

void CheckWhole(client::Client& client, const std::string& journal_path) {
  const Journal journal(journal_path);
  LogCheck(journal).Check(client, 0, 0);
}

}  // namespace samverk::fault
