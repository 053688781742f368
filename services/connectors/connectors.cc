#include "services/connectors/connectors.h"

#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "services/common/field_error.h"
#include "services/connectors/connector_settings.h"

namespace samverk::connectors {
namespace {

constexpr size_t kReasonBytesMost = 1'000;

absl::Status NoConnector(const std::string& name) {
  return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                   absl::StrCat("there is no connector ", name,
                                "; names are case-sensitive"),
                   {{"connector", name}});
}

absl::Status ConnectorExists(const std::string& name) {
  return MakeError(absl::StatusCode::kAlreadyExists,
                   error::v1::REASON_GROUP_EXISTS,
                   absl::StrCat("connector ", name,
                                " has other settings; use it as it is, change "
                                "it, or choose another name"),
                   {{"connector", name}});
}

absl::Status TooMany() {
  return MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_LIMIT_EXCEEDED,
      absl::StrCat("there are ", kConnectorsMost,
                   " connectors, and no more are allowed; delete "
                   "those that nobody uses"),
      {{"what", "connectors"}, {"limit", absl::StrCat(kConnectorsMost)}});
}

void FillInstant(absl::Time time, google::protobuf::Timestamp& timestamp) {
  const int64_t micros = absl::ToUnixMicros(time);
  timestamp.set_seconds(micros / 1'000'000);
  timestamp.set_nanos(static_cast<int32_t>(micros % 1'000'000) * 1000);
}

std::string Key(const std::string& name) {
  return absl::StrCat(kConnectorPrefix, name);
}

// Calls `start` with what takes an answer, and waits for that. What is shared
// outlives the wait: it is still being told when the answer is taken.
template <typename Answer, typename Start>
absl::Status Await(Start start) {
  const auto promise = std::make_shared<std::promise<absl::Status>>();
  start([promise](const Answer& answer) {
    if constexpr (std::is_same_v<Answer, absl::Status>) {
      promise->set_value(answer);
    } else {
      promise->set_value(answer.status());
    }
  });
  return promise->get_future().get();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connectors>> Connectors::Open(Options options) {
  std::unique_ptr<Connectors> connectors(new Connectors(std::move(options)));
  RETURN_IF_ERROR(connectors->Load());
  return connectors;
}

Connectors::~Connectors() = default;

absl::Status Connectors::Load() {
  ASSIGN_OR_RETURN(const std::vector<CursorEntry> stored,
                   options_.cursors->ListCursors(kConnectorPrefix));
  for (const CursorEntry& entry : stored) {
    const std::string name = entry.key.substr(sizeof(kConnectorPrefix) - 1);
    auto decoded = DecodeConnector(name, entry.value);
    Entry loaded;
    if (decoded.ok()) {
      loaded = Started(name, *std::move(decoded));
    } else {
      loaded.damaged = decoded.status();
      loaded.problem = std::string(decoded.status().message());
    }
    MutexLock lock(mu_);
    entries_[name] = std::move(loaded);
  }
  return absl::OkStatus();
}

Connectors::Entry Connectors::Started(const std::string& name,
                                      bus::v1::StoredConnector stored) {
  Entry entry;
  entry.stored = std::move(stored);
  if (entry.stored.paused()) return entry;
  auto group = options_.groups->Find(name);
  if (!group.ok()) {
    entry.problem = std::string(group.status().message());
    return entry;
  }
  ConnectorWorker::Options worker;
  worker.group = *std::move(group);
  worker.connector = MakeConnector(entry.stored.settings(), *options_.clock);
  worker.clock = options_.clock;
  worker.register_name = options_.register_name;
  worker.events_per_second = entry.stored.settings().events_per_second();
  entry.worker = std::make_unique<ConnectorWorker>(std::move(worker));
  return entry;
}

absl::Status Connectors::Put(const std::string& name, std::string value) {
  return Await<absl::Status>([&](auto done) {
    options_.cursors->PutCursors({{Key(name), std::move(value)}},
                                 absl::InfiniteFuture(), std::move(done));
  });
}

absl::StatusOr<bus::v1::StoredConnector> Connectors::Stored(
    const std::string& name) {
  MutexLock lock(mu_);
  const auto at = entries_.find(name);
  if (at == entries_.end()) return NoConnector(name);
  RETURN_IF_ERROR(at->second.damaged);
  return at->second.stored;
}

absl::Status Connectors::Replace(const std::string& name,
                                 const bus::v1::StoredConnector& stored) {
  RETURN_IF_ERROR(Put(name, EncodeConnector(stored)));
  std::unique_ptr<ConnectorWorker> before;
  {
    MutexLock lock(mu_);
    before = std::move(entries_[name].worker);
  }
  // Ends before the next one begins, so that they do not both deliver.
  before.reset();
  Entry started = Started(name, stored);
  MutexLock lock(mu_);
  entries_[name] = std::move(started);
  return absl::OkStatus();
}

absl::Status Connectors::Create(const std::string& name,
                                const bus::GroupSettings& group, Position after,
                                const bus::v1::ConnectorSettings& settings) {
  RETURN_IF_ERROR(CheckSettings(settings));
  if (group.lease <= TimeoutOf(settings)) {
    return FieldError("group.lease",
                      absl::StrCat(absl::FormatDuration(group.lease),
                                   " is not longer than the timeout, ",
                                   absl::FormatDuration(TimeoutOf(settings))));
  }
  MutexLock one_at_a_time(changing_);
  bool is_there = false;
  {
    MutexLock lock(mu_);
    const auto at = entries_.find(name);
    is_there = at != entries_.end();
    if (is_there) {
      RETURN_IF_ERROR(at->second.damaged);
      if (at->second.stored.settings().SerializeAsString() !=
          settings.SerializeAsString()) {
        return ConnectorExists(name);
      }
    } else if (entries_.size() >= kConnectorsMost) {
      return TooMany();
    }
  }
  RETURN_IF_ERROR(Await<absl::StatusOr<Position>>([&](auto done) {
    options_.groups->Create(name, group, after, std::move(done));
  }));
  if (is_there) return absl::OkStatus();
  bus::v1::StoredConnector stored;
  *stored.mutable_settings() = settings;
  return Replace(name, stored);
}

absl::Status Connectors::Update(const std::string& name,
                                bus::v1::ConnectorSettings settings) {
  MutexLock one_at_a_time(changing_);
  ASSIGN_OR_RETURN(bus::v1::StoredConnector stored, Stored(name));
  KeepSecrets(stored.settings(), settings);
  RETURN_IF_ERROR(CheckSettings(settings));
  *stored.mutable_settings() = std::move(settings);
  return Replace(name, stored);
}

absl::Status Connectors::Pause(const std::string& name,
                               const std::string& why) {
  if (why.size() > kReasonBytesMost) {
    return FieldError("reason",
                      absl::StrCat("has ", why.size(), " bytes, but at most ",
                                   kReasonBytesMost, " are allowed"));
  }
  MutexLock one_at_a_time(changing_);
  ASSIGN_OR_RETURN(bus::v1::StoredConnector stored, Stored(name));
  stored.set_paused(true);
  stored.set_paused_because(why);
  return Replace(name, stored);
}

absl::Status Connectors::Resume(const std::string& name) {
  MutexLock one_at_a_time(changing_);
  ASSIGN_OR_RETURN(bus::v1::StoredConnector stored, Stored(name));
  stored.clear_paused();
  stored.clear_paused_because();
  return Replace(name, stored);
}

absl::Status Connectors::Delete(const std::string& name) {
  MutexLock one_at_a_time(changing_);
  {
    MutexLock lock(mu_);
    if (!entries_.contains(name)) return NoConnector(name);
  }
  RETURN_IF_ERROR(Put(name, ""));
  Entry gone;
  {
    MutexLock lock(mu_);
    gone = std::move(entries_[name]);
    entries_.erase(name);
  }
  gone.worker.reset();
  const absl::Status forgotten = Await<absl::StatusOr<Position>>(
      [&](auto done) { options_.groups->Delete(name, std::move(done)); });
  // Somebody has deleted it before.
  return absl::IsNotFound(forgotten) ? absl::OkStatus() : forgotten;
}

bus::v1::Connector Connectors::Shown(const std::string& name,
                                     const Entry& entry) {
  bus::v1::Connector shown;
  shown.set_name(name);
  *shown.mutable_settings() = entry.stored.settings();
  HideSecrets(*shown.mutable_settings());
  if (entry.stored.paused()) {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_PAUSED);
    shown.set_paused_because(entry.stored.paused_because());
    return shown;
  }
  if (entry.worker == nullptr) {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_STOPPED);
    shown.set_last_error(entry.problem);
    return shown;
  }
  const WorkerState state = entry.worker->state();
  shown.set_delivered(state.delivered);
  shown.set_last_error(state.last_error);
  shown.set_paused_because(state.paused_because);
  if (state.last_success != absl::InfinitePast()) {
    FillInstant(state.last_success, *shown.mutable_last_success());
  }
  if (state.last_error_at != absl::InfinitePast()) {
    FillInstant(state.last_error_at, *shown.mutable_last_error_at());
  }
  if (!state.paused_because.empty()) {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_PAUSED);
  } else if (state.ended) {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_STOPPED);
  } else if (state.tries_again_at != absl::InfinitePast()) {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_UNAVAILABLE);
    FillInstant(state.tries_again_at, *shown.mutable_tries_again_at());
  } else {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_RUNNING);
  }
  return shown;
}

absl::StatusOr<bus::v1::Connector> Connectors::Get(const std::string& name) {
  MutexLock lock(mu_);
  const auto at = entries_.find(name);
  if (at == entries_.end()) return NoConnector(name);
  return Shown(name, at->second);
}

std::vector<bus::v1::Connector> Connectors::List() {
  MutexLock lock(mu_);
  std::vector<bus::v1::Connector> shown;
  for (const auto& [name, entry] : entries_) {
    shown.push_back(Shown(name, entry));
  }
  return shown;
}

}  // namespace samverk::connectors
