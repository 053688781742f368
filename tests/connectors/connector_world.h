// A register in memory with connectors, for tests.
#ifndef SAMVERK_TESTS_CONNECTORS_CONNECTOR_WORLD_H_
#define SAMVERK_TESTS_CONNECTORS_CONNECTOR_WORLD_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/base/clock.h"
#include "eventstore/base/mutex.h"
#include "eventstore/bus/group_runner.h"
#include "eventstore/cursor_store.h"
#include "eventstore/memory/memory_event_store.h"
#include "samverk/event/v1/event.pb.h"
#include "services/connectors/connectors.h"

namespace samverk::testing {

// Keeps what is put, or loses it. Any thread.
class MemoryCursorStore final : public CursorStore {
 public:
  void PutCursors(std::vector<CursorEntry> entries, absl::Time,
                  PutCallback done) override;
  absl::StatusOr<std::optional<std::string>> GetCursor(
      std::string_view key) override;
  absl::StatusOr<std::vector<CursorEntry>> ListCursors(
      std::string_view prefix) override;

  // From now on what is put is not kept, until Keep.
  void Lose();
  void Keep();
  // From now on what begins with this is refused, until Keep.
  void Refuse(std::string prefix);
  // All that was ever put, as a log that nothing is erased from.
  std::string Log();

 private:
  Mutex mu_;
  bool loses_ ABSL_GUARDED_BY(mu_) = false;
  std::string refused_ ABSL_GUARDED_BY(mu_);  // empty: nothing
  std::string log_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, std::string> values_ ABSL_GUARDED_BY(mu_);
};

// The log and what is stored outlive a restart; groups and connectors do not.
class ConnectorWorld {
 public:
  ConnectorWorld();
  ~ConnectorWorld();

  // Ends groups and connectors, and opens them again.
  void Restart();
  // From now on what is put is not kept, as if the process had died: until the
  // next Restart.
  void LoseWhatIsPut() { cursors_.Lose(); }
  // All that was ever stored.
  std::string Log() { return cursors_.Log(); }
  // Where the server keeps secrets: the files there, and what they hold.
  const std::string& secrets() const { return secrets_; }
  std::map<std::string, std::string> SecretFiles() const;

  // Appends events of the process "p", each in a stream of its own unless one
  // is given; answers with the ids.
  std::vector<std::string> Append(int count, std::string stream = "");
  std::string Append(const event::v1::Event& event);
  // An event that is not one of the catalogue's.
  std::string AppendOther(std::string type, std::string payload);

  // Makes a connector "c" with fast retries.
  absl::Status Create(const bus::v1::ConnectorSettings& settings,
                      uint32_t attempts = 3);
  bus::v1::Connector Get();
  // How its group stands.
  bus::GroupState Group();
  // Why it parked what it parked.
  std::vector<std::string> ParkedBecause();
  // Waits until all events are settled, durably; false: that takes too long.
  bool AwaitDone();
  // Waits for anything.
  static bool Await(const std::function<bool()>& holds);

  connectors::Connectors& connectors() { return *connectors_; }
  bus::GroupRunner& groups() { return *groups_; }
  MemoryCursorStore& cursors() { return cursors_; }
  EventStore& store() { return store_; }
  Clock& clock() { return clock_; }
  Position head() { return store_.Head(); }

 private:
  std::string Append(std::string stream, std::string type, std::string payload,
                     std::string id);

  SystemClock clock_;
  MemoryEventStore store_{clock_};
  MemoryCursorStore cursors_;
  const std::string secrets_;
  uint64_t events_ = 0;
  std::unique_ptr<bus::GroupRunner> groups_;
  std::unique_ptr<connectors::Connectors> connectors_;
};

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_CONNECTORS_CONNECTOR_WORLD_H_
