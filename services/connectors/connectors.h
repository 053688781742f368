// All connectors of a register, at work.
#ifndef SAMVERK_SERVICES_CONNECTORS_CONNECTORS_H_
#define SAMVERK_SERVICES_CONNECTORS_CONNECTORS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/bus/group_runner.h"
#include "eventstore/cursor_store.h"
#include "samverk/bus/v1/connector.pb.h"
#include "services/connectors/connector_worker.h"

namespace samverk::connectors {

inline constexpr size_t kConnectorsMost = 100;

// Owns the connectors. A connector is stored beside its group, after it is made
// and before it is forgotten: what is cut short leaves a group without a
// connector, which the same call again completes. All methods may be called
// from any thread; changes wait for each other and for the disk.
class Connectors {
 public:
  // All must outlive it.
  struct Options {
    bus::GroupRunner* groups = nullptr;
    CursorStore* cursors = nullptr;
    Clock* clock = nullptr;
    std::string register_name;
  };
  // Starts those that are stored. What is wrong with one does not keep others
  // from working: it is its last_error. DATA_LOSS: none can be read.
  static absl::StatusOr<std::unique_ptr<Connectors>> Open(Options options);
  // Requests under way are broken off.
  ~Connectors();

  // Makes a connector, with a group that begins after a position. The same
  // again is OK.
  //   INVALID_ARGUMENT: CheckSettings, a lease shorter than the timeout, those
  //     of GroupRunner::Create.
  //   ALREADY_EXISTS (GROUP_EXISTS); RESOURCE_EXHAUSTED (LIMIT_EXCEEDED).
  //   All changes: NOT_FOUND; those of CursorStore::PutCursors.
  absl::Status Create(const std::string& name, const bus::GroupSettings& group,
                      Position after,
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
    absl::Status damaged;                     // not OK: nothing else is known
    std::string problem;                      // why it does not work
    std::unique_ptr<ConnectorWorker> worker;  // null: paused, or a problem
  };

  explicit Connectors(Options options) : options_(std::move(options)) {}
  absl::Status Load();
  absl::StatusOr<bus::v1::StoredConnector> Stored(const std::string& name);
  // Makes a connector what it is to be: stops it, stores that, starts it.
  absl::Status Replace(const std::string& name,
                       const bus::v1::StoredConnector& stored);
  absl::Status Put(const std::string& name, std::string value);
  Entry Started(const std::string& name, bus::v1::StoredConnector stored);
  static bus::v1::Connector Shown(const std::string& name, const Entry& entry);

  const Options options_;
  Mutex changing_;  // held through a change; mu_ is not, while it waits

  Mutex mu_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk::connectors

#endif  // SAMVERK_SERVICES_CONNECTORS_CONNECTORS_H_
