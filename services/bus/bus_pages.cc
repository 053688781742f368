#include "services/bus/bus_pages.h"

#include <google/protobuf/arena.h>

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "eventstore/base/status_macros.h"
#include "samverk/bus/v1/subscription.pb.h"
#include "services/access/readable.h"
#include "services/views/logged_event.h"

namespace samverk {
namespace {

// A slice that owns its bytes; copies share them.
grpc::Slice ToSlice(std::string bytes) {
  auto* owned = new std::string(std::move(bytes));
  return grpc::Slice(
      owned->data(), owned->size(),
      [](void* string) { delete static_cast<std::string*>(string); }, owned);
}

}  // namespace

BusPages::BusPages(EventStore& store, size_t bytes_kept,
                   const DisposedValues* disposed)
    : store_(store), bytes_kept_(bytes_kept), disposed_(disposed) {}

absl::StatusOr<std::shared_ptr<const BusPage>> BusPages::Get(
    const BusPageRequest& request) {
  const Key key(request.key, request.after);
  // Nothing new can be kept beyond the head, and a page with a bound of its own
  // is nobody else's.
  const bool shared = !request.recorded_from.has_value();
  if (shared) {
    if (auto kept = Find(key); kept != nullptr) return kept;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const BusPage> page, Make(request));
  if (shared && page->count > 0) Keep(key, page);
  return page;
}

absl::StatusOr<std::shared_ptr<const BusPage>> BusPages::Make(
    const BusPageRequest& request) {
  ReadOptions options;
  options.query = request.query;
  options.after = request.after;
  options.recorded_from = request.recorded_from;
  options.limit = request.batch_size;
  google::protobuf::Arena arena;
  auto& response =
      *google::protobuf::Arena::CreateMessage<bus::v1::SubscribeResponse>(
          &arena);
  auto& events = *response.mutable_events()->mutable_events();
  size_t bytes = 0;
  Position last = request.after;
  absl::Status why;
  std::vector<access::SecretEvent> secrets;
  const absl::StatusOr<ReadEnd> read =
      store_.Visit(options, [&](const RecordView& event) {
        const size_t size = event.record().size();
        if (!why.ok()) return false;
        if (events.size() > 0 && bytes + size > kPageBytes) return false;
        why = ToLoggedEvent(event, *events.Add());
        if (!why.ok()) {
          events.RemoveLast();
          // The first one must be taken; nobody is given it.
          return events.empty();
        }
        last = event.position();
        if (!access::MayRead(request.who, store_, *events.rbegin())) {
          events.RemoveLast();
          return true;
        }
        bytes += size;
        if (disposed_ != nullptr) disposed_->Mark(*events.rbegin());
        if (auto secret = access::SecretOf(events.rbegin()->event());
            secret.has_value()) {
          secrets.push_back(*std::move(secret));
        }
        return true;
      });
  if (events.empty()) {
    RETURN_IF_ERROR(why);
    RETURN_IF_ERROR(read.status());
  }
  auto page = std::make_shared<BusPage>();
  page->read_at = absl::Now();
  page->secrets = std::move(secrets);
  page->count = static_cast<size_t>(events.size());
  if (read.ok()) {
    static_cast<ReadEnd&>(*page) = *read;
  } else {
    // What comes next cannot be given; that is said in its turn.
    page->scanned_to = last;
    page->head = store_.Head();
  }
  if (page->count > 0) page->events = ToSlice(response.SerializeAsString());
  return page;
}

std::shared_ptr<const BusPage> BusPages::Find(const Key& key) {
  MutexLock lock(mu_);
  const auto it = pages_.find(key);
  return it == pages_.end() ? nullptr : it->second;
}

void BusPages::Keep(const Key& key,
                    const std::shared_ptr<const BusPage>& page) {
  MutexLock lock(mu_);
  if (!pages_.emplace(key, page).second) return;
  order_.push_back(key);
  bytes_ += page->events.size();
  while (bytes_ > bytes_kept_ && order_.size() > 1) {
    const auto oldest = pages_.find(order_.front());
    bytes_ -= oldest->second->events.size();
    pages_.erase(oldest);
    order_.pop_front();
  }
}

}  // namespace samverk
