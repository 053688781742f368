#include "tests/connectors/connector_world.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/uuid.h"
#include "proto/codec/event_codec.h"
#include "tests/testing/events.h"

namespace samverk::testing {
namespace {

// What takes longer never comes.
constexpr absl::Duration kPatience = absl::Minutes(1);

std::atomic<int> worlds = 0;  // of this process

}  // namespace

void MemoryCursorStore::PutCursors(std::vector<CursorEntry> entries, absl::Time,
                                   PutCallback done) {
  bool refuses = false;
  {
    MutexLock lock(mu_);
    refuses = !refused_.empty() && !entries.empty() &&
              entries[0].key.starts_with(refused_);
    for (CursorEntry& entry : entries) {
      if (loses_ || refuses) break;
      absl::StrAppend(&log_, entry.key, "=", entry.value, "\n");
      if (entry.value.empty()) {
        values_.erase(entry.key);
      } else {
        values_[entry.key] = std::move(entry.value);
      }
    }
  }
  done(refuses ? absl::UnavailableError("as the test has it")
               : absl::OkStatus());
}

absl::StatusOr<std::optional<std::string>> MemoryCursorStore::GetCursor(
    std::string_view key) {
  MutexLock lock(mu_);
  const auto at = values_.find(std::string(key));
  if (at == values_.end()) return std::optional<std::string>();
  return std::optional<std::string>(at->second);
}

absl::StatusOr<std::vector<CursorEntry>> MemoryCursorStore::ListCursors(
    std::string_view prefix) {
  MutexLock lock(mu_);
  std::vector<CursorEntry> entries;
  for (const auto& [key, value] : values_) {
    if (key.starts_with(prefix)) entries.push_back({key, value});
  }
  return entries;
}

void MemoryCursorStore::Lose() {
  MutexLock lock(mu_);
  loses_ = true;
}

void MemoryCursorStore::Refuse(std::string prefix) {
  MutexLock lock(mu_);
  refused_ = std::move(prefix);
}

void MemoryCursorStore::Keep() {
  MutexLock lock(mu_);
  loses_ = false;
  refused_.clear();
}

std::string MemoryCursorStore::Log() {
  MutexLock lock(mu_);
  return log_;
}

ConnectorWorld::ConnectorWorld()
    : secrets_(absl::StrCat(::testing::TempDir(), "/secrets.", getpid(), ".",
                            ++worlds)) {
  std::filesystem::remove_all(secrets_);
  Restart();
}

ConnectorWorld::~ConnectorWorld() {
  connectors_.reset();
  groups_.reset();
  std::filesystem::remove_all(secrets_);
}

std::map<std::string, std::string> ConnectorWorld::SecretFiles() const {
  std::map<std::string, std::string> files;
  std::error_code error;  // none has been made
  for (const auto& entry :
       std::filesystem::directory_iterator(secrets_, error)) {
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().filename().string()] =
        std::string(std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

void ConnectorWorld::Restart() {
  connectors_.reset();
  groups_.reset();
  cursors_.Keep();
  auto groups = bus::GroupRunner::Open({&store_, &cursors_, &clock_});
  SAMVERK_CHECK(groups.ok()) << groups.status();
  groups_ = *std::move(groups);
  auto connectors = connectors::Connectors::Open(
      {groups_.get(), &cursors_, &clock_, "Malmö register", secrets_});
  SAMVERK_CHECK(connectors.ok()) << connectors.status();
  connectors_ = *std::move(connectors);
}

std::string ConnectorWorld::Append(std::string stream, std::string type,
                                   std::string payload, std::string id) {
  AppendRequest request;
  NewEvent& event = request.events.emplace_back();
  event.id = *ParseUuid(id);
  event.stream = std::move(stream);
  event.type = std::move(type);
  event.payload = std::move(payload);
  const auto appended = AppendAndWait(store_, std::move(request));
  SAMVERK_CHECK(appended.ok()) << appended.status();
  return id;
}

std::string ConnectorWorld::Append(const event::v1::Event& event) {
  ++events_;
  return Append(absl::StrCat("p/event/", events_),
                std::string(codec::TypeName(event.fact_case())),
                codec::EncodePayload(event), Uuid(events_));
}

std::string ConnectorWorld::AppendOther(std::string type, std::string payload) {
  ++events_;
  return Append("p/other", std::move(type), std::move(payload), Uuid(events_));
}

std::vector<std::string> ConnectorWorld::Append(int count, std::string stream) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) {
    ++events_;
    ids.push_back(
        Append(stream.empty() ? absl::StrCat("p/event/", events_) : stream,
               "samverk.cost_booked",
               codec::EncodePayload(CostOf(absl::StrCat("c-", events_), 100)),
               Uuid(events_)));
  }
  return ids;
}

absl::Status ConnectorWorld::Create(const bus::v1::ConnectorSettings& settings,
                                    uint32_t attempts) {
  bus::GroupSettings group;
  group.attempts = attempts;
  group.first_delay = absl::Milliseconds(20);
  group.longest_delay = absl::Milliseconds(100);
  return connectors_->Create("c", group, Position(), settings).status();
}

bus::v1::Connector ConnectorWorld::Get() {
  const auto connector = connectors_->Get("c");
  SAMVERK_CHECK(connector.ok()) << connector.status();
  return *connector;
}

bus::GroupState ConnectorWorld::Group() {
  bus::GroupState state;
  (*groups_->Find("c"))->Look([&](const bus::ConsumerGroup& group) {
    state = group.state();
  });
  return state;
}

std::vector<std::string> ConnectorWorld::ParkedBecause() {
  std::vector<std::string> reasons;
  (*groups_->Find("c"))->Look([&](const bus::ConsumerGroup& group) {
    for (const auto& [position, parked] : group.parked()) {
      reasons.push_back(parked.reason);
    }
  });
  return reasons;
}

bool ConnectorWorld::AwaitDone() {
  if (!Await([this] { return Group().cursor == head(); })) return false;
  // What was changed before is stored when this is answered.
  const auto stored = std::make_shared<std::promise<void>>();
  (*groups_->Find("c"))
      ->Ask([](bus::ConsumerGroup&, absl::Time) { return absl::OkStatus(); },
            [stored](const absl::StatusOr<Position>&) { stored->set_value(); });
  stored->get_future().wait();
  return true;
}

bool ConnectorWorld::Await(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

}  // namespace samverk::testing
