#include "tests/fault/journal.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "eventstore/base/check.h"
#include "eventstore/base/sha256.h"

namespace samverk::fault {
namespace {

// So many acknowledged batches can be sent again.
constexpr size_t kRecent = 512;

}  // namespace

uint64_t ContentOf(const store::v1::EventBody& body) {
  const Hash hash = Sha256(body.SerializeAsString());
  uint64_t content = 0;
  std::memcpy(&content, hash.data(), sizeof(content));
  return content;
}

store::v1::EventBody BodyOf(const store::v1::NewEvent& event) {
  store::v1::EventBody body;
  body.set_id(event.id());
  body.set_stream(event.stream());
  body.set_type(event.type());
  const std::set<std::string> tags(event.tags().begin(), event.tags().end());
  for (const std::string& tag : tags) body.add_tags(tag);
  body.set_payload(event.payload());
  return body;
}

Journal::Journal(const std::string& path) {
  MutexLock lock(mu_);
  std::ifstream earlier(path);
  for (std::string line; std::getline(earlier, line);) ReadLine(line);
  file_.open(path, std::ios::app);
  SAMVERK_CHECK(file_.good()) << path;
}

void Journal::AddEvent(SentEvent event) {
  event.batch = batches_.size() - 1;
  ++batches_.back().events;
  events_.push_back(std::move(event));
}

size_t Journal::Sending(const store::v1::AppendRequest& request) {
  MutexLock lock(mu_);
  const size_t batch = batches_.size();
  SentBatch& sent = batches_.emplace_back();
  sent.first_event = events_.size();
  sent.sent = std::chrono::steady_clock::now();
  requests_[batch] = request;
  file_ << "send";
  for (const store::v1::NewEvent& event : request.events()) {
    const uint64_t content = ContentOf(BodyOf(event));
    AddEvent({event.id(), event.stream(), content});
    file_ << ' ' << absl::BytesToHexString(event.id()) << ' ' << event.stream()
          << ' ' << content;
  }
  file_ << '\n';
  return batch;
}

bool Journal::Acknowledge(size_t batch,
                          const store::v1::AppendResponse& answer) {
  MutexLock lock(mu_);
  SentBatch& sent = batches_[batch];
  if (static_cast<size_t>(answer.recorded_size()) != sent.events) return false;
  const bool again = sent.fate == Fate::kAcknowledged;
  for (size_t i = 0; i < sent.events; ++i) {
    SentEvent& event = events_[sent.first_event + i];
    const store::v1::Recorded& recorded = answer.recorded(static_cast<int>(i));
    if (again && (event.position != recorded.position() ||
                  event.revision != recorded.revision())) {
      return false;
    }
    event.position = recorded.position();
    event.revision = recorded.revision();
  }
  if (again) return true;
  sent.fate = Fate::kAcknowledged;
  sent.acknowledged = std::chrono::steady_clock::now();
  acknowledged_ += sent.events;
  file_ << "acknowledged " << batch;
  for (const store::v1::Recorded& recorded : answer.recorded()) {
    file_ << ' ' << recorded.position() << ' ' << recorded.revision();
  }
  file_ << '\n';
  if (recent_.size() < kRecent) {
    recent_.push_back(batch);
  } else {
    requests_.erase(std::exchange(recent_[next_recent_++ % kRecent], batch));
  }
  return true;
}

void Journal::Refuse(size_t batch) {
  MutexLock lock(mu_);
  batches_[batch].fate = Fate::kRefused;
  requests_.erase(batch);
  file_ << "refused " << batch << '\n';
}

size_t Journal::Doubt(Instant acknowledged_after, Instant sent_before) {
  MutexLock lock(mu_);
  std::vector<size_t> doubted;
  for (const size_t batch : recent_) {
    SentBatch& sent = batches_[batch];
    if (sent.fate != Fate::kAcknowledged ||
        sent.acknowledged < acknowledged_after || sent.sent > sent_before) {
      continue;
    }
    sent.fate = Fate::kOpen;
    acknowledged_ -= sent.events;
    file_ << "doubted " << batch << '\n';
    doubted.push_back(batch);
  }
  // What is in the ring may be forgotten.
  for (const size_t batch : doubted) std::erase(recent_, batch);
  next_recent_ = 0;
  return doubted.size();
}

void Journal::ReadLine(const std::string& line) {
  std::istringstream words(line);
  std::string what;
  words >> what;
  if (what == "send") {
    batches_.emplace_back().first_event = events_.size();
    SentEvent event;
    for (std::string id; words >> id >> event.stream >> event.content;) {
      event.id = absl::HexStringToBytes(id);
      AddEvent(event);
    }
    return;
  }
  size_t batch = 0;
  words >> batch;
  SAMVERK_CHECK(batch < batches_.size()) << line;
  SentBatch& sent = batches_[batch];
  if (what == "refused") {
    sent.fate = Fate::kRefused;
    return;
  }
  if (what == "doubted") {
    sent.fate = Fate::kOpen;
    acknowledged_ -= sent.events;
    return;
  }
  SAMVERK_CHECK(what == "acknowledged") << line;
  sent.fate = Fate::kAcknowledged;
  acknowledged_ += sent.events;
  for (size_t i = 0; i < sent.events; ++i) {
    SentEvent& event = events_[sent.first_event + i];
    words >> event.position >> event.revision;
  }
  SAMVERK_CHECK(!words.fail()) << line;
}

std::optional<size_t> Journal::AnyAcknowledged(std::mt19937_64& random) {
  MutexLock lock(mu_);
  if (recent_.empty()) return std::nullopt;
  return recent_[random() % recent_.size()];
}

store::v1::AppendRequest Journal::RequestOf(size_t batch) {
  MutexLock lock(mu_);
  const auto it = requests_.find(batch);
  return it == requests_.end() ? store::v1::AppendRequest() : it->second;
}

std::vector<size_t> Journal::Open() {
  MutexLock lock(mu_);
  std::vector<size_t> open;
  for (const auto& [batch, request] : requests_) {
    if (batches_[batch].fate == Fate::kOpen) open.push_back(batch);
  }
  std::sort(open.begin(), open.end());
  return open;
}

void Journal::Flush() {
  MutexLock lock(mu_);
  file_.flush();
}

}  // namespace samverk::fault
