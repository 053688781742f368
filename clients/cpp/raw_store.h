// The opaque log: append, read, wait, find. For tests, tools and other
// applications' events; the server offers it only when configured to.
#ifndef SAMVERK_CLIENTS_CPP_RAW_STORE_H_
#define SAMVERK_CLIENTS_CPP_RAW_STORE_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "samverk/store/v1/store_service.pb.h"

namespace samverk::client {

class Connection;

// Many appends on one stream, answered in the order they were sent. An append
// that fails does not end the stream. One thread at a time may call Send and
// Finish.
class AppendStream {
 public:
  using Done = std::function<void(absl::StatusOr<store::v1::AppendResponse>)>;

  virtual ~AppendStream() = default;

  // Sends an append and returns; `done` is called once, from a thread of gRPC,
  // in the order of sending. It must not block. When the connection breaks,
  // every append that is not answered gets UNAVAILABLE: send it again, with the
  // same ids.
  virtual void Send(store::v1::AppendRequest request, Done done) = 0;

  // Waits for every answer. Nothing may be sent afterwards. A second call
  // returns the first one's outcome.
  virtual absl::Status Finish() = 0;
};

// Calls of samverk.store.v1.EventStoreService, one attempt each: whether to
// repeat is for the caller to say. All methods may be called from any thread.
class RawStore {
 public:
  using AppendDone =
      std::function<void(absl::StatusOr<store::v1::AppendResponse>)>;

  // `connection` must outlive the store.
  explicit RawStore(const Connection& connection);
  // Waits until every append is answered: not for a thread that answers one.
  ~RawStore();

  // Appends and waits.
  absl::StatusOr<store::v1::AppendResponse> Append(
      const store::v1::AppendRequest& request);

  // Appends; `done` is called once, from a thread of gRPC. It must not block.
  void AppendAsync(store::v1::AppendRequest request, absl::Time deadline,
                   AppendDone done);

  // Opens a stream of appends. `in_flight` answers may be outstanding: Send
  // waits beyond.
  std::unique_ptr<AppendStream> OpenAppendStream(size_t in_flight = 256);

  // Reads until the head captured at the start, or the limit; `on_page` may
  // end it by returning false.
  absl::Status Read(
      const store::v1::ReadRequest& request,
      const std::function<bool(store::v1::ReadResponse& page)>& on_page);

  absl::StatusOr<store::v1::GetHeadResponse> GetHead();

  // Waits until the head is beyond a position. Gives up when the request's
  // timeout has passed (DEADLINE_EXCEEDED).
  absl::StatusOr<store::v1::AwaitBeyondResponse> AwaitBeyond(
      const store::v1::AwaitBeyondRequest& request);

  absl::StatusOr<store::v1::LocateResponse> Locate(
      const store::v1::LocateRequest& request);

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_RAW_STORE_H_
