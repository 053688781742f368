#include "services/views/log_stream.h"

#include <algorithm>
#include <utility>

#include "services/common/grpc_status.h"
#include "services/views/logged_event.h"

namespace samverk {
namespace {

class LogStream final
    : public grpc::ServerWriteReactor<view::v1::ReadLogResponse> {
 public:
  LogStream(EventStore& store, WorkerPool& pool) : store_(store), pool_(pool) {}

  void Start(const view::v1::ReadLogRequest& request) {
    absl::StatusOr<ReadOptions> options = ReadOptionsOf(request);
    if (!options.ok()) {
      End(options.status());
      return;
    }
    options_ = *std::move(options);
    left_ = request.limit() == 0 ? UINT64_MAX : request.limit();
    const Position beyond = store_.Head().Next();
    options_.before = std::min(options_.before.value_or(beyond), beyond);
    SubmitPage();
  }

  void OnWriteDone(bool ok) override {
    if (!ok || left_ == 0 || at_end_) {
      End(absl::OkStatus());
    } else {
      SubmitPage();
    }
  }

  void OnDone() override { delete this; }

 private:
  void End(const absl::Status& status) { Finish(ToGrpcStatus(status)); }

  void SubmitPage() {
    const absl::Status queued = pool_.Submit([this] { WritePage(); });
    if (!queued.ok()) End(queued);
  }

  void WritePage() {
    options_.limit =
        static_cast<uint32_t>(std::min<uint64_t>(options_.limit, left_));
    const absl::StatusOr<EventPage> page = store_.Read(options_);
    if (!page.ok()) {
      End(page.status());
      return;
    }
    response_.Clear();
    for (const RecordedEvent& recorded : page->events) {
      const absl::Status decoded =
          ToLoggedEvent(recorded.view(), *response_.add_events());
      if (!decoded.ok()) {
        End(decoded);
        return;
      }
    }
    left_ -= page->events.size();
    at_end_ = page->end;
    response_.set_scanned_to(page->scanned_to.value());
    response_.set_head(page->head.value());
    if (options_.direction == Direction::kForward) {
      options_.after = std::max(options_.after, page->scanned_to);
    } else {
      options_.before = page->scanned_to;
    }
    StartWrite(&response_);
  }

  EventStore& store_;
  WorkerPool& pool_;
  // Belong to the reaction that runs: there is one at a time.
  ReadOptions options_;
  uint64_t left_ = 0;  // events that may still be sent
  bool at_end_ = false;
  view::v1::ReadLogResponse response_;
};

}  // namespace

grpc::ServerWriteReactor<view::v1::ReadLogResponse>* NewLogStream(
    EventStore& store, WorkerPool& pool,
    const view::v1::ReadLogRequest& request) {
  auto* stream = new LogStream(store, pool);  // deletes itself
  stream->Start(request);
  return stream;
}

}  // namespace samverk
