#include "services/audit/scrubber.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/thread_name.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

// Between two looks at the time.
constexpr uint32_t kPageEvents = 256;
// A page that cannot be read, and may be later, is tried again after so long;
// then it is damaged.
constexpr absl::Duration kTryAgain = absl::Seconds(1);
constexpr int kTriesMost = 60;

std::string EventsUnder(uint32_t level, uint64_t index) {
  return absl::StrCat("events ", (index << level) + 1, " to ",
                      (index + 1) << level);
}

}  // namespace

Scrubber::Scrubber(Options options)
    : options_(std::move(options)), thread_([this] { Run(); }) {}

Scrubber::~Scrubber() {
  stop_.Give();
  thread_.join();
}

Scrubber::State Scrubber::GetState() const {
  MutexLock lock(mu_);
  return state_;
}

void Scrubber::Run() {
  SetThreadName("scrubber");
  absl::Duration pause = options_.before_first;
  while (!stop_.AwaitUntil(absl::Now() + pause)) {
    const absl::Status found = Round();
    if (absl::IsCancelled(found)) return;
    std::string warning;
    {
      MutexLock lock(mu_);
      state_.damaged = found.ok() ? 0 : state_.done + 1;
      state_.damage = std::string(found.message());
      if (found.ok()) {
        ++state_.rounds;
        state_.ended = absl::Now();
      } else {
        warning = absl::StrCat(
            "reading the whole log found damage at event ", state_.damaged,
            ": ", state_.damage,
            "; stop the server and run samverk fsck, which says all of it");
      }
    }
    if (!warning.empty() && options_.warn) options_.warn(warning);
    pause = options_.between;
  }
}

absl::Status Scrubber::Round() {
  const TreeHead head = options_.tree->CurrentTree();
  {
    MutexLock lock(mu_);
    state_.done = 0;
  }
  TreeFrontier frontier;
  int tries = 0;
  while (frontier.size() < head.size) {
    const absl::Time begin = absl::Now();
    const auto bytes = Page(frontier, head.size);
    if (!bytes.ok() && !absl::IsDataLoss(bytes.status()) &&
        ++tries < kTriesMost) {
      // It is no finding that the disk, say, is not there for a moment.
      if (stop_.AwaitUntil(absl::Now() + kTryAgain)) {
        return absl::CancelledError();
      }
      continue;
    }
    {
      MutexLock lock(mu_);
      state_.done = frontier.size();
    }
    RETURN_IF_ERROR(bytes.status());
    tries = 0;
    const absl::Duration takes =
        absl::Seconds(static_cast<double>(*bytes) /
                      static_cast<double>(options_.bytes_per_second));
    if (stop_.AwaitUntil(begin + takes)) return absl::CancelledError();
  }
  if (frontier.Root() == head.root) return absl::OkStatus();
  {
    MutexLock lock(mu_);
    state_.done = 0;  // which event it is, nobody knows
  }
  return DataDamaged("the tree", "its root is not that of its records");
}

absl::StatusOr<uint64_t> Scrubber::Page(TreeFrontier& frontier, uint64_t upto) {
  ReadOptions options;
  options.after = Position(frontier.size());
  options.before = Position(upto).Next();
  options.limit = kPageEvents;
  uint64_t bytes = 0;
  absl::Status damaged;
  const auto read =
      options_.store->Visit(options, [&](const RecordView& event) {
        if (!damaged.ok()) return false;
        // What does not fit is not taken in, and the page ends before it.
        TreeFrontier with = frontier;
        with.Append(LeafHash(event.record()),
                    [&](uint32_t level, uint64_t index, const Hash& hash) {
                      if (!damaged.ok()) return;
                      const auto stored = options_.tree->ReadNode(level, index);
                      if (!stored.ok()) {
                        damaged = stored.status();
                      } else if (*stored != hash) {
                        damaged = DataDamaged(
                            absl::StrCat("event ", event.position().value()),
                            level == 0
                                ? std::string("it is not the one whose hash is "
                                              "in the tree")
                                : absl::StrCat("the hash over ",
                                               EventsUnder(level, index),
                                               " is another in the tree"));
                      }
                    });
        if (damaged.ok()) {
          frontier = std::move(with);
          bytes += event.record().size();
        }
        // The first one must be taken.
        return damaged.ok() || event.position() == options.after.Next();
      });
  RETURN_IF_ERROR(damaged);
  RETURN_IF_ERROR(read.status());
  if (bytes == 0) {
    return DataDamaged(absl::StrCat("event ", frontier.size() + 1),
                       "it cannot be read");
  }
  return bytes;
}

}  // namespace samverk
