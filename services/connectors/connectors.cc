#include "services/connectors/connectors.h"

#include <algorithm>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "services/common/field_error.h"
#include "services/connectors/connector_settings.h"
#include "services/connectors/nats/nats_connector.h"

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
                   {{"group", name}});
}

absl::Status TooMany() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   error::v1::REASON_LIMIT_EXCEEDED,
                   absl::StrCat("there are ", kConnectorsMost,
                                " connectors, and no more are allowed; delete "
                                "those that nobody uses"),
                   {{"what", "connectors"},
                    {"value", absl::StrCat(kConnectorsMost + 1)},
                    {"limit", absl::StrCat(kConnectorsMost)}});
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

Connectors::~Connectors() { Stop(); }

void Connectors::Stop() {
  MutexLock one_at_a_time(changing_);
  stopping_ = true;
  std::vector<std::shared_ptr<ConnectorWorker>> workers;
  {
    MutexLock lock(mu_);
    for (const auto& [name, entry] : entries_) {
      if (entry.worker != nullptr) workers.push_back(entry.worker);
    }
  }
  // All at once: a request that is broken off takes its time.
  for (const auto& worker : workers) worker->TellToStop();
  for (const auto& worker : workers) worker->Stop();
}

absl::Status Connectors::Load() {
  MutexLock one_at_a_time(changing_);
  ASSIGN_OR_RETURN(const std::vector<CursorEntry> stored,
                   options_.cursors->ListCursors(kConnectorPrefix));
  for (const CursorEntry& entry : stored) {
    const std::string name = entry.key.substr(sizeof(kConnectorPrefix) - 1);
    auto decoded = DecodeConnector(name, entry.value);
    if (decoded.ok()) {
      WorkerState state;
      Move(name, *decoded, state);
      Start(name, *std::move(decoded), std::move(state));
      continue;
    }
    MutexLock lock(mu_);
    Entry& damaged = entries_[name];
    damaged.damaged = decoded.status();
    damaged.problem = std::string(decoded.status().message());
  }
  secrets_.RemoveUnless([this](const std::string& file) {
    MutexLock lock(mu_);
    return std::any_of(entries_.begin(), entries_.end(), [&](const auto& at) {
      const auto& [name, entry] = at;
      // Of one that is damaged nobody knows which file is its own.
      return entry.damaged.ok() ? entry.stored.kept_secret() == file
                                : SecretFiles::IsNameOf(file, name);
    });
  });
  return absl::OkStatus();
}

void Connectors::Move(const std::string& name, bus::v1::StoredConnector& stored,
                      WorkerState& state) {
  if (stored.settings().webhook().secret().empty()) return;
  bus::v1::StoredConnector moved = stored;
  const absl::Status status = Store(name, moved);
  if (status.ok()) {
    stored = std::move(moved);
    return;
  }
  state.last_error = absl::StrCat(
      "its secret still lies in clear in what is stored: ", status.message());
  state.last_error_at = options_.clock->Now();
}

void Connectors::Start(const std::string& name, bus::v1::StoredConnector stored,
                       WorkerState before) {
  Entry started = Started(name, std::move(stored), std::move(before));
  MutexLock lock(mu_);
  entries_[name] = std::move(started);
}

Connectors::Entry Connectors::Started(const std::string& name,
                                      bus::v1::StoredConnector stored,
                                      WorkerState before) {
  Entry entry;
  entry.stored = std::move(stored);
  entry.before = std::move(before);
  if (entry.stored.paused()) return entry;
  if (stopping_) {
    entry.problem = "the server is shutting down";
    return entry;
  }
  auto group = options_.groups->Find(name);
  if (!group.ok()) {
    entry.problem = std::string(group.status().message());
    return entry;
  }
  bus::v1::ConnectorSettings settings = entry.stored.settings();
  if (!entry.stored.kept_secret().empty()) {
    auto secret = secrets_.Read(entry.stored.kept_secret());
    if (!secret.ok()) {
      entry.without_secret = absl::StrCat(
          "its secret is missing, ", secret.status().message(),
          "; give it again with UpdateConnector (samverk connectors update ",
          name, " --secret-file FILE)");
      return entry;
    }
    settings.mutable_webhook()->set_secret(*std::move(secret));
  }
  ConnectorWorker::Options worker;
  worker.group = *std::move(group);
  worker.connector = MakeConnector(settings, *options_.clock);
  worker.clock = options_.clock;
  worker.register_name = options_.register_name;
  worker.events_per_second = settings.events_per_second();
  worker.timeout = TimeoutOf(settings);
  worker.may_leave = options_.may_leave;
  worker.before = entry.before;
  // K2: nobody else changes what is stored while the worker lives.
  worker.store_pause = [this, name,
                        stored = entry.stored](const std::string& why) mutable {
    stored.set_paused(true);
    stored.set_paused_because(why);
    return Store(name, stored);
  };
  entry.worker = std::make_shared<ConnectorWorker>(std::move(worker));
  return entry;
}

absl::Status Connectors::Put(const std::string& name, std::string value) {
  return Await<absl::Status>([&](auto done) {
    options_.cursors->PutCursors({{Key(name), std::move(value)}},
                                 absl::InfiniteFuture(), std::move(done));
  });
}

absl::Status Connectors::Store(const std::string& name,
                               bus::v1::StoredConnector& stored) {
  if (!stored.settings().webhook().secret().empty()) {
    ASSIGN_OR_RETURN(
        *stored.mutable_kept_secret(),
        secrets_.Write(name, stored.settings().webhook().secret()));
    HideSecrets(*stored.mutable_settings());
  }
  return Put(name, EncodeConnector(stored));
}

void Connectors::RemoveOldSecrets(const std::string& name,
                                  const std::string& kept) {
  secrets_.RemoveUnless([&](const std::string& file) {
    return file == kept || !SecretFiles::IsNameOf(file, name);
  });
}

absl::StatusOr<bus::v1::StoredConnector> Connectors::Stopped(
    const std::string& name) {
  std::shared_ptr<ConnectorWorker> worker;
  {
    MutexLock lock(mu_);
    const auto at = entries_.find(name);
    if (at == entries_.end()) return NoConnector(name);
    RETURN_IF_ERROR(at->second.damaged);
    worker = at->second.worker;
  }
  if (worker != nullptr) worker->Stop();
  MutexLock lock(mu_);
  Entry& entry = entries_[name];
  if (const std::string why = entry.state().paused_because; !why.empty()) {
    entry.stored.set_paused(true);
    entry.stored.set_paused_because(why);
  }
  return entry.stored;
}

WorkerState Connectors::StateOf(const std::string& name) {
  MutexLock lock(mu_);
  WorkerState state = entries_[name].state();
  state.paused_because.clear();  // Stopped has it
  return state;
}

absl::Status Connectors::Replace(const std::string& name, Change change) {
  ASSIGN_OR_RETURN(bus::v1::StoredConnector before, Stopped(name));
  WorkerState state = StateOf(name);
  bus::v1::StoredConnector after = before;
  absl::Status status = change(after);
  if (status.ok()) status = Store(name, after);
  if (status.ok()) RemoveOldSecrets(name, after.kept_secret());
  Start(name, status.ok() ? std::move(after) : std::move(before),
        std::move(state));
  return status;
}

absl::StatusOr<std::string> Connectors::Create(
    const std::string& name, const bus::GroupSettings& group, Position after,
    const bus::v1::ConnectorSettings& settings) {
  RETURN_IF_ERROR(bus::CheckGroupName(name));
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
      if (!IsMadeWith(at->second.stored, settings)) {
        return ConnectorExists(name);
      }
    } else if (entries_.size() >= kConnectorsMost) {
      return TooMany();
    }
  }
  RETURN_IF_ERROR(CheckStreamIsFree(name, settings));
  RETURN_IF_ERROR(Await<absl::StatusOr<Position>>([&](auto done) {
    options_.groups->Create(name, group, after, std::move(done));
  }));
  if (is_there) return "";
  bus::v1::StoredConnector stored;
  *stored.mutable_settings() = settings;
  std::string made;
  if (!HaveSecret(settings)) {
    made = MakeSecret();
    stored.mutable_settings()->mutable_webhook()->set_secret(made);
  }
  RETURN_IF_ERROR(Store(name, stored));
  Start(name, std::move(stored), {});
  return made;
}

absl::Status Connectors::CheckStreamIsFree(
    const std::string& name, const bus::v1::ConnectorSettings& settings) {
  if (!settings.has_nats()) return absl::OkStatus();
  MutexLock lock(mu_);
  for (const auto& [other, entry] : entries_) {
    if (other != name &&
        ShareStream(entry.stored.settings().nats(), settings.nats())) {
      return FieldError(
          "settings.nats.stream",
          absl::StrCat(settings.nats().stream(), " is that of connector ",
                       other, "; give each a stream of its own"));
    }
  }
  return absl::OkStatus();
}

bool Connectors::IsMadeWith(const bus::v1::StoredConnector& stored,
                            bus::v1::ConnectorSettings settings) {
  const std::string secret = settings.webhook().secret();
  HideSecrets(settings);
  bus::v1::ConnectorSettings shown = stored.settings();
  HideSecrets(shown);
  if (shown.SerializeAsString() != settings.SerializeAsString()) return false;
  if (secret.empty()) return true;
  if (stored.kept_secret().empty()) {
    return stored.settings().webhook().secret() == secret;
  }
  const auto kept = secrets_.Read(stored.kept_secret());
  return kept.ok() && *kept == secret;
}

absl::Status Connectors::Update(const std::string& name,
                                bus::v1::ConnectorSettings settings) {
  RETURN_IF_ERROR(CheckSettings(settings));
  MutexLock one_at_a_time(changing_);
  RETURN_IF_ERROR(CheckStreamIsFree(name, settings));
  if (const auto group = options_.groups->Find(name); group.ok()) {
    absl::Duration lease;
    (*group)->Look([&](const bus::ConsumerGroup& found) {
      lease = found.settings().lease;
    });
    if (lease <= TimeoutOf(settings)) {
      return FieldError("settings.timeout",
                        absl::StrCat(absl::FormatDuration(TimeoutOf(settings)),
                                     " is not shorter than the group's lease, ",
                                     absl::FormatDuration(lease)));
    }
  }
  return Replace(name, [&](bus::v1::StoredConnector& stored) {
    if (HaveSecret(settings)) {
      stored.clear_kept_secret();
    } else if (stored.settings().has_webhook()) {
      // The one that there is stays.
      bus::v1::WebhookTarget& target = *settings.mutable_webhook();
      target.set_secret(stored.settings().webhook().secret());
      target.set_secret_file(stored.settings().webhook().secret_file());
    } else {
      return FieldError("settings.webhook.secret",
                        "is missing; give a secret or a secret_file");
    }
    *stored.mutable_settings() = std::move(settings);
    return absl::OkStatus();
  });
}

absl::Status Connectors::Pause(const std::string& name,
                               const std::string& why) {
  if (why.size() > kReasonBytesMost) {
    return FieldError("reason",
                      absl::StrCat("has ", why.size(), " bytes, but at most ",
                                   kReasonBytesMost, " are allowed"));
  }
  MutexLock one_at_a_time(changing_);
  return Replace(name, [&](bus::v1::StoredConnector& stored) {
    stored.set_paused(true);
    stored.set_paused_because(why);
    return absl::OkStatus();
  });
}

absl::Status Connectors::Resume(const std::string& name) {
  MutexLock one_at_a_time(changing_);
  return Replace(name, [](bus::v1::StoredConnector& stored) {
    stored.clear_paused();
    stored.clear_paused_because();
    return absl::OkStatus();
  });
}

absl::Status Connectors::Delete(const std::string& name) {
  MutexLock one_at_a_time(changing_);
  auto stopped = Stopped(name);
  if (ReasonOf(stopped.status()) == error::v1::REASON_NOT_FOUND) {
    return stopped.status();
  }
  absl::Status status = Await<absl::StatusOr<Position>>(
      [&](auto done) { options_.groups->Delete(name, std::move(done)); });
  // Somebody has deleted it, or this was cut short, before.
  if (absl::IsNotFound(status)) status = absl::OkStatus();
  if (status.ok()) status = Put(name, "");
  if (!status.ok()) {
    // One that is damaged stays so.
    if (stopped.ok()) Start(name, *std::move(stopped), StateOf(name));
    return status;
  }
  {
    MutexLock lock(mu_);
    entries_.erase(name);
  }
  RemoveOldSecrets(name, "");
  return absl::OkStatus();
}

bus::v1::Connector Connectors::Shown(const std::string& name,
                                     const Entry& entry) {
  bus::v1::Connector shown;
  shown.set_name(name);
  *shown.mutable_settings() = entry.stored.settings();
  HideSecrets(*shown.mutable_settings());
  const WorkerState state = entry.state();
  shown.set_delivered(state.delivered);
  shown.set_refused(state.refused);
  shown.set_unavailable(state.unavailable);
  shown.set_last_error(state.last_error);
  if (state.last_success != absl::InfinitePast()) {
    FillInstant(state.last_success, *shown.mutable_last_success());
  }
  if (state.last_error_at != absl::InfinitePast()) {
    FillInstant(state.last_error_at, *shown.mutable_last_error_at());
  }
  if (entry.stored.paused()) {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_PAUSED);
    shown.set_paused_because(entry.stored.paused_because());
  } else if (!entry.without_secret.empty()) {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_PAUSED);
    shown.set_paused_because(entry.without_secret);
  } else if (entry.worker == nullptr) {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_STOPPED);
    shown.set_last_error(entry.problem);
  } else if (!state.paused_because.empty()) {
    shown.set_condition(bus::v1::CONNECTOR_CONDITION_PAUSED);
    shown.set_paused_because(state.paused_because);
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
