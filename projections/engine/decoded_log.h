// The log page by page, decoded; further pages are made ready meanwhile.
#ifndef SAMVERK_PROJECTIONS_ENGINE_DECODED_LOG_H_
#define SAMVERK_PROJECTIONS_ENGINE_DECODED_LOG_H_

#include <array>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/base/mutex.h"
#include "eventstore/event_store.h"
#include "google/protobuf/arena.h"
#include "projections/engine/entry_arena.h"
#include "projections/engine/event_decoder.h"

namespace samverk::projections {

// A page and what its events say.
struct DecodedPage {
  EventPage page;
  // For each event of the page, in order, up to the first that cannot be
  // decoded: the event, or nothing when it is outside the catalogue.
  std::vector<std::optional<PlacedEvent>> decoded;
  // Why there are fewer of them than events: an error of EventDecoder.
  absl::Status status;
};

// Reads forwards to the end of what `options` asks for. The first page is read
// by who asks for it; when more follow, a thread of its own reads and decodes
// up to kPages ahead, so that folding and decoding share two cores. When the
// system gives no thread, who asks reads on. One thread at a time may call.
class DecodedLog {
 public:
  // `store` must outlive the log. `options.limit` bounds a page.
  DecodedLog(EventStore& store, ReadOptions options);
  ~DecodedLog();

  // The next page, valid until the next call. Not to be called after a page
  // that is the end, cannot be decoded, or is an error: of the store's Read.
  absl::StatusOr<const DecodedPage*> Next();

 private:
  static constexpr uint64_t kPages = 3;

  // A page with the memory of its events, which the reader uses again.
  struct Slot {
    google::protobuf::Arena arena{EntryArenaOptions()};
    DecodedPage content;
    absl::Status error;  // of reading it
    bool last() const {
      return !error.ok() || !content.status.ok() || content.page.end;
    }
  };

  Slot& SlotOf(uint64_t number) { return slots_[number % kPages]; }
  // Reads and decodes the next page.
  void Fill(Slot& slot);
  void StartReader();
  void ReadAhead();

  EventStore* const store_;
  ReadOptions options_;  // of the page to be read next
  EventDecoder decoder_;
  std::array<Slot, kPages> slots_;

  Mutex mu_;
  CondVar moved_;
  // Pages 1 to ready_ have been filled, and those before asked_ given back.
  uint64_t ready_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t asked_ ABSL_GUARDED_BY(mu_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::thread reader_;  // begun after the first page
  bool ended_ = false;  // the last page was given
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_ENGINE_DECODED_LOG_H_
