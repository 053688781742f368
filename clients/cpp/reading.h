// Reading a stream on through breaks of its connection. Internal to
// clients/cpp.
#ifndef SAMVERK_CLIENTS_CPP_READING_H_
#define SAMVERK_CLIENTS_CPP_READING_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cpp/cancellation.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/retry.h"
#include "clients/cpp/status.h"

namespace samverk::client {

// A stream that is read through breaks of the connection.
template <typename Message>
struct Reading {
  // Asks for what is left.
  std::function<std::unique_ptr<grpc::ClientReader<Message>>(
      grpc::ClientContext*)>
      open;
  // Takes a message; false ends the reading.
  std::function<bool(const Message&)> take;
  // Whether nothing is left, however the connection ended.
  std::function<bool()> finished;
  const std::function<void(const absl::Status&)>& on_interrupted;
  Cancellation* cancellation;
  // How long a server is waited for.
  absl::Duration patience;
};

// One connection's worth. Sets `progress` when a message was taken, `enough`
// when the caller wants no more.
template <typename Message>
absl::Status ReadOnce(const Connection& connection,
                      const Reading<Message>& reading, bool& progress,
                      bool& enough) {
  grpc::ClientContext context;
  connection.Prepare(absl::InfiniteFuture(), context);
  if (reading.cancellation != nullptr) {
    reading.cancellation->Watch([&context] { context.TryCancel(); });
  }
  const auto stream = reading.open(&context);
  Message message;
  while (!enough && stream->Read(&message)) {
    progress = true;
    enough = !reading.take(message);
  }
  if (enough) {
    context.TryCancel();
    // What was sent meanwhile is taken from the wire and dropped.
    while (stream->Read(&message)) {
    }
  }
  const grpc::Status status = stream->Finish();
  if (reading.cancellation != nullptr) reading.cancellation->Watch(nullptr);
  return FromGrpcStatus(status);
}

template <typename Message>
absl::Status ReadThroughBreaks(const Connection& connection,
                               const Reading<Message>& reading) {
  const auto cancelled = [&reading] {
    return reading.cancellation != nullptr && reading.cancellation->cancelled();
  };
  const absl::Status by_caller =
      absl::CancelledError("the reading was ended by the caller");
  absl::Time last_progress = absl::Now();
  for (int attempt = 2;; ++attempt) {
    bool progress = false;
    bool enough = false;
    const absl::Status status = ReadOnce(connection, reading, progress, enough);
    if (enough) return absl::OkStatus();
    if (cancelled()) return by_caller;
    if (status.ok() || reading.finished()) return absl::OkStatus();
    if (!IsRetryable(status)) return status;
    if (progress) {
      attempt = 2;
      last_progress = absl::Now();
    }
    if (reading.on_interrupted) reading.on_interrupted(status);
    if (!connection.WaitToRepeat(attempt, status,
                                 last_progress + reading.patience,
                                 reading.cancellation)) {
      return cancelled() ? by_caller : status;
    }
  }
}

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_READING_H_
