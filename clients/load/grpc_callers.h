// Callers of gRPC methods through its callback API: no thread for each.
#ifndef SAMVERK_CLIENTS_LOAD_GRPC_CALLERS_H_
#define SAMVERK_CLIENTS_LOAD_GRPC_CALLERS_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "clients/cpp/status.h"
#include "clients/load/load.h"

namespace samverk::load {

// How long an answer may take before the run fails.
inline constexpr std::chrono::seconds kAnswerPatience{60};

// What the messages of a method say.
template <typename Request, typename Response>
struct Messages {
  // Makes the next request of what the last one left. One thread at a time.
  std::function<void(Request&)> make;
  // What an answer to `request` says. One thread at a time.
  std::function<Outcome(const Request&, const Response&)> read;
};

// One call after the other.
template <typename Request, typename Response>
class UnaryCaller : public Caller {
 public:
  // Begins a call as a stub's async() does.
  using Method =
      std::function<void(grpc::ClientContext*, const Request*, Response*,
                         std::function<void(grpc::Status)>)>;

  UnaryCaller(Method method, Messages<Request, Response> messages)
      : method_(std::move(method)), messages_(std::move(messages)) {}

  void Start(Done done) override {
    done_ = std::move(done);
    messages_.make(request_);
    context_.emplace();
    context_->set_deadline(std::chrono::system_clock::now() + kAnswerPatience);
    method_(&*context_, &request_, &response_,
            [this](const grpc::Status& status) {
              // The next operation takes its place before this one returns.
              const Done answered = std::move(done_);
              answered(status.ok() ? messages_.read(request_, response_)
                                   : Outcome{client::FromGrpcStatus(status)});
            });
  }

 private:
  const Method method_;
  const Messages<Request, Response> messages_;
  std::optional<grpc::ClientContext> context_;
  Request request_;
  Response response_;
  Done done_;
};

// One stream, a message at a time on it.
template <typename Request, typename Response>
class StreamCaller : public Caller,
                     private grpc::ClientBidiReactor<Request, Response> {
 public:
  // Opens the stream as a stub's async() does.
  using Method = std::function<void(
      grpc::ClientContext*, grpc::ClientBidiReactor<Request, Response>*)>;

  // `time`: how long the stream is used.
  StreamCaller(const Method& method, Messages<Request, Response> messages,
               std::chrono::milliseconds time)
      : messages_(std::move(messages)) {
    context_.set_deadline(std::chrono::system_clock::now() + time +
                          kAnswerPatience);
    method(&context_, this);
    this->AddHold();
    this->StartCall();
  }

  void Start(Done done) override {
    done_ = std::move(done);
    messages_.make(request_);
    parts_ = 2;
    this->StartRead(&response_);
    this->StartWrite(&request_);
  }

  void Finish() override {
    // Not every server ends a stream that its client ends.
    context_.TryCancel();
    this->RemoveHold();
    std::unique_lock<std::mutex> lock(mu_);
    over_.wait(lock, [this] { return is_over_; });
  }

 private:
  void OnReadDone(bool ok) override { Part(ok); }
  void OnWriteDone(bool ok) override { Part(ok); }

  void OnDone(const grpc::Status& /*status*/) override {
    std::lock_guard<std::mutex> lock(mu_);
    is_over_ = true;
    over_.notify_all();
  }

  // The message may be used again when it is written and answered.
  void Part(bool ok) {
    if (!ok) broken_ = true;
    if (--parts_ > 0) return;
    const Done answered = std::move(done_);
    answered(broken_ ? Outcome{absl::UnavailableError("the stream was ended")}
                     : messages_.read(request_, response_));
  }

  const Messages<Request, Response> messages_;
  grpc::ClientContext context_;
  Request request_;
  Response response_;
  Done done_;
  std::atomic<int> parts_{0};
  std::atomic<bool> broken_{false};
  std::mutex mu_;
  std::condition_variable over_;
  bool is_over_ = false;  // guarded by mu_
};

}  // namespace samverk::load

#endif  // SAMVERK_CLIENTS_LOAD_GRPC_CALLERS_H_
