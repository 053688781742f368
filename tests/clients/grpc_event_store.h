// The store's interface over the wire, so that its contract is tested there.
#ifndef SAMVERK_TESTS_CLIENTS_GRPC_EVENT_STORE_H_
#define SAMVERK_TESTS_CLIENTS_GRPC_EVENT_STORE_H_

#include <memory>
#include <optional>
#include <vector>

#include "clients/cpp/client.h"
#include "clients/cpp/raw_store.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "eventstore/track_store.h"

namespace samverk {

// A store whose events are in the register of a server with the raw store
// service and that of tracks. Thread-safe.
class GrpcEventStore : public EventStore, public TrackStore {
 public:
  // How appends travel: a call each, or all of them on one stream.
  enum class Appends { kUnary, kStream };

  // Takes the client over. With kStream, an append's deadline counts only until
  // it is sent.
  GrpcEventStore(std::unique_ptr<client::Client> client, Appends appends);
  ~GrpcEventStore() override;

  void Append(AppendRequest request, absl::Time deadline,
              AppendCallback done) override;
  absl::StatusOr<ReadEnd> Visit(const ReadOptions& options,
                                EventVisitor visit) override;
  Position Head() override;
  absl::StatusOr<Position> AwaitBeyond(Position position,
                                       absl::Time deadline) override;
  absl::StatusOr<std::vector<std::optional<Position>>> Locate(
      absl::Span<const EventId> ids) override;

  // Waits for the answer; the deadline is the client's.
  void ChangeTrack(TrackChange change, absl::Time deadline,
                   TrackCallback done) override;
  std::optional<uint64_t> FindTrack(std::string_view consumer) override;
  std::vector<Track> ListTracks(std::string_view after, size_t limit) override;

 private:
  const std::unique_ptr<client::Client> client_;
  const Appends appends_;
  Mutex mu_;
  std::unique_ptr<client::AppendStream> stream_ ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk

#endif  // SAMVERK_TESTS_CLIENTS_GRPC_EVENT_STORE_H_
