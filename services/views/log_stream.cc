#include "services/views/log_stream.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "eventstore/limits.h"
#include "services/access/readable.h"
#include "services/common/grpc_status.h"
#include "services/views/logged_event.h"

namespace samverk {
namespace {

class LogStream final
    : public grpc::ServerWriteReactor<view::v1::ReadLogResponse> {
 public:
  LogStream(EventStore& store, WorkerPool& pool, access::Gate& gate,
            access::Admitted who, const DisposedValues* disposed)
      : store_(store),
        pool_(pool),
        gate_(gate),
        who_(std::move(who)),
        disposed_(disposed) {}

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
    const absl::Status queued =
        pool_.Submit([this] { WritePage(); }, who_.TurnKey());
    if (!queued.ok()) End(queued);
  }

  // Of a reader from whom something is kept whole pages are read, however few
  // events they want, and what is said of how far it came is no position of an
  // event that is kept.
  void WritePage() {
    if (const absl::Status held = gate_.Renew(who_, access::CallRight::kAnyone);
        !held.ok()) {
      End(held);
      return;
    }
    filtered_ = !who_.ReadsAll("");
    response_.Clear();
    if (filtered_) {
      options_.limit = limits::kReadPageDefault;
    } else {
      options_.limit =
          static_cast<uint32_t>(std::min<uint64_t>(options_.limit, left_));
    }
    const absl::StatusOr<EventPage> page = store_.Read(options_);
    if (!page.ok()) {
      End(page.status());
      return;
    }
    Position said = page->scanned_to;
    std::vector<access::SecretEvent> secrets;
    for (const RecordedEvent& recorded : page->events) {
      if (static_cast<uint64_t>(response_.events_size()) == left_) {
        // What comes after the last one given has not been looked at.
        said = Position(response_.events().rbegin()->position());
        break;
      }
      view::v1::LoggedEvent& logged = *response_.add_events();
      const absl::Status decoded = ToLoggedEvent(recorded.view(), logged);
      if (!decoded.ok()) {
        End(decoded);
        return;
      }
      if (filtered_ && !access::MayRead(who_, store_, logged)) {
        response_.mutable_events()->RemoveLast();
        continue;
      }
      if (filtered_ && !page->end) said = recorded.position();
      if (disposed_ != nullptr) disposed_->Mark(logged);
      if (auto secret = access::SecretOf(logged.event()); secret.has_value()) {
        secrets.push_back(*std::move(secret));
      }
    }
    if (const absl::Status noted = gate_.journal().Note(
            who_, event::v1::SecretDataRead::WAY_EVENTS, secrets);
        !noted.ok()) {
      End(noted);
      return;
    }
    left_ -= static_cast<uint64_t>(response_.events_size());
    at_end_ = page->end;
    if (options_.direction == Direction::kForward) {
      options_.after = std::max(options_.after, page->scanned_to);
    } else {
      options_.before = page->scanned_to;
    }
    if (filtered_ && response_.events().empty() && !at_end_) {
      // Nothing to be said; others get their turn.
      SubmitPage();
      return;
    }
    response_.set_scanned_to(said.value());
    response_.set_head(page->head.value());
    StartWrite(&response_);
  }

  EventStore& store_;
  WorkerPool& pool_;
  access::Gate& gate_;
  access::Admitted who_;
  const DisposedValues* const disposed_;
  bool filtered_ = false;  // something may be kept from them
  // Belong to the reaction that runs: there is one at a time.
  ReadOptions options_;
  uint64_t left_ = 0;  // events that may still be sent
  bool at_end_ = false;
  view::v1::ReadLogResponse response_;
};

}  // namespace

grpc::ServerWriteReactor<view::v1::ReadLogResponse>* NewLogStream(
    EventStore& store, WorkerPool& pool,
    const view::v1::ReadLogRequest& request, access::Gate& gate,
    access::Admitted who, const DisposedValues* disposed) {
  // Deletes itself.
  auto* stream = new LogStream(store, pool, gate, std::move(who), disposed);
  stream->Start(request);
  return stream;
}

}  // namespace samverk
