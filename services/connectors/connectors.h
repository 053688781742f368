// All connectors of a register, at work.
#ifndef SAMVERK_SERVICES_CONNECTORS_CONNECTORS_H_
#define SAMVERK_SERVICES_CONNECTORS_CONNECTORS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/bus/group_runner.h"
#include "eventstore/cursor_store.h"
#include "samverk/bus/v1/connector.pb.h"
#include "services/connectors/connector_worker.h"
#include "services/connectors/secret_files.h"

namespace samverk::connectors {

inline constexpr size_t kConnectorsMost = 100;

// Owns the connectors. A connector is stored beside its group, after that is
// made, and forgotten after it: what is cut short leaves a group without a
// connector or a connector without a group, and the same call again completes
// it. All methods may be called
// from any thread; changes wait for each other and for the disk. It holds:
//   K1  No secret is in the log. It is in its file before the connector is
//       stored with it, and until the connector is stored without it.
//   K2  A worker has ended before what is stored of its connector changes, and
//       the next one begins after that: they never deliver both.
class Connectors {
 public:
  // All must outlive it.
  struct Options {
    bus::GroupRunner* groups = nullptr;
    CursorStore* cursors = nullptr;
    Clock* clock = nullptr;
    std::string register_name;
    std::string secret_directory;  // made when it is needed
    // Whether an event may leave by a connector; null: all may.
    EventFilter may_leave = nullptr;
  };
  // Starts those that are stored. What is wrong with one does not keep others
  // from working: it is its last_error. DATA_LOSS: none can be read.
  static absl::StatusOr<std::unique_ptr<Connectors>> Open(Options options);
  // As Stop.
  ~Connectors();

  // Breaks off the requests under way, stores what became of those before, and
  // starts nothing any more. While groups and cursors still take it: what is
  // not stored is delivered again.
  void Stop();

  // Makes a connector, with a group that begins after a position. The secret if
  // it has made one, else nothing. The same again is OK.
  //   INVALID_ARGUMENT: CheckSettings, a lease that is not longer than the
  //     timeout, a NATS stream that another connector has, those of
  //     GroupRunner::Create.
  //   ALREADY_EXISTS (GROUP_EXISTS); RESOURCE_EXHAUSTED (LIMIT_EXCEEDED).
  //   All changes: NOT_FOUND; those of CursorStore::PutCursors and
  //     SecretFiles::Write.
  absl::StatusOr<std::string> Create(
      const std::string& name, const bus::GroupSettings& group, Position after,
      const bus::v1::ConnectorSettings& settings);
  absl::Status Update(const std::string& name,
                      bus::v1::ConnectorSettings settings);
  absl::Status Delete(const std::string& name);
  absl::Status Pause(const std::string& name, const std::string& why);
  absl::Status Resume(const std::string& name);

  // As it stands, without its group. NOT_FOUND.
  absl::StatusOr<bus::v1::Connector> Get(const std::string& name);
  // All, by name.
  std::vector<bus::v1::Connector> List();

 private:
  struct Entry {
    bus::v1::StoredConnector stored;
    absl::Status damaged;        // not OK: nothing else is known
    std::string problem;         // why it does not work
    std::string without_secret;  // its secret is missing, and what to do
    WorkerState before;          // when there is no worker
    std::shared_ptr<ConnectorWorker> worker;  // null: paused, or a problem
    WorkerState state() const { return worker ? worker->state() : before; }
  };
  using Change = absl::FunctionRef<absl::Status(bus::v1::StoredConnector&)>;

  explicit Connectors(Options options)
      : options_(std::move(options)), secrets_(options_.secret_directory) {}
  absl::Status Load();
  // Takes a secret that was stored in clear out of what is stored.
  void Move(const std::string& name, bus::v1::StoredConnector& stored,
            WorkerState& state);
  // Whether these settings made it, a secret among them if one is given.
  bool IsMadeWith(const bus::v1::StoredConnector& stored,
                  bus::v1::ConnectorSettings settings);
  // INVALID_ARGUMENT (INVALID_FIELD): another connector has its NATS stream.
  absl::Status CheckStreamIsFree(const std::string& name,
                                 const bus::v1::ConnectorSettings& settings);
  // Stops a connector; what is stored of it then.
  absl::StatusOr<bus::v1::StoredConnector> Stopped(const std::string& name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  // How it stands, for the next worker.
  WorkerState StateOf(const std::string& name);
  // Stops a connector, stores what `change` makes of it, and starts it.
  absl::Status Replace(const std::string& name, Change change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  // Stores a connector. A secret in its settings goes into a file, which is
  // stored instead.
  absl::Status Store(const std::string& name, bus::v1::StoredConnector& stored);
  absl::Status Put(const std::string& name, std::string value);
  // Removes the secrets of a connector that it does not have any more.
  void RemoveOldSecrets(const std::string& name, const std::string& kept);
  void Start(const std::string& name, bus::v1::StoredConnector stored,
             WorkerState before) ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  Entry Started(const std::string& name, bus::v1::StoredConnector stored,
                WorkerState before) ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  static bus::v1::Connector Shown(const std::string& name, const Entry& entry);

  const Options options_;
  SecretFiles secrets_;
  Mutex changing_;  // held through a change; mu_ is not, while it waits
  bool stopping_ ABSL_GUARDED_BY(changing_) = false;

  Mutex mu_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_CONNECTORS_H_
