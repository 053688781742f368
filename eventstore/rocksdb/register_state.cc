#include "eventstore/rocksdb/register_state.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/store_errors.h"

namespace samverk {
namespace {

constexpr size_t kCatchUpBytes = 4 << 20;

absl::Status DoesNotFollow(const Commit& commit, const char* what) {
  return DataDamaged(absl::StrCat("commit ", commit.header.after.sequence),
                     what);
}

// Whether the commit may come after `last` at all; its root is another matter.
absl::Status CheckFollows(const CommitPoint& last, const Commit& commit) {
  const CommitPoint& after = commit.header.after;
  if (after.sequence != last.sequence + 1) {
    return DoesNotFollow(commit, "it is not the next one");
  }
  if (after.epoch < last.epoch) {
    return DoesNotFollow(commit, "its epoch runs backwards");
  }
  if (commit.header.count != commit.size() ||
      after.position.value() != last.position.value() + commit.size()) {
    return DoesNotFollow(commit, "its events do not follow the last one");
  }
  if (after.tree.size != after.position.value()) {
    return DoesNotFollow(commit, "its tree has another size than the log");
  }
  if (after.recorded_at_us < last.recorded_at_us) {
    return DoesNotFollow(commit, "its time runs backwards");
  }
  return absl::OkStatus();
}

absl::Status Disagree(const std::string& what) {
  return MakeError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      absl::StrCat(
          what,
          "; the server does not start on a damaged register. Compare it with "
          "a kept checkpoint. If the log is right, deriving indexes and tiles "
          "again helps (option rebuild); if not, restore a backup"),
      {{"where", "start"}, {"what", what}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<RegisterState>> RegisterState::Open(
    CommitLog& log, const LogReader& records, DerivedStore& store,
    const Options& options) {
  auto state = std::unique_ptr<RegisterState>(new RegisterState());
  ASSIGN_OR_RETURN(std::optional<CommitPoint> applied, store.Applied());
  if (options.rebuild || !applied.has_value()) {
    // Also without a marker there may be something: a segment cut short, or
    // another format.
    RETURN_IF_ERROR(store.Clear());
    applied = CommitPoint();
  }
  const CommitPoint head = log.Head();
  if (applied->sequence > head.sequence) {
    return Disagree(
        absl::StrCat("the log ends at position ", head.position.value(),
                     ", but events up to ", applied->position.value(),
                     " were durable: the disk has lost acknowledged writes"));
  }
  RETURN_IF_ERROR(
      state->StartAt(*applied, log, records, store, options.segment_size));
  state->derived_from_ = applied->position;
  RETURN_IF_ERROR(state->CatchUp(log, options.on_progress));
  return state;
}

absl::Status RegisterState::StartAt(const CommitPoint& applied, CommitLog& log,
                                    const LogReader& records,
                                    DerivedStore& store,
                                    const Index::SegmentSize& segment_size) {
  if (applied.sequence > 0) {
    ASSIGN_OR_RETURN(const auto commits, log.Read(applied.sequence - 1, 1));
    if (commits.empty() || commits[0].header.after != applied) {
      return Disagree(absl::StrCat("commit ", applied.sequence,
                                   " is not the one that was applied"));
    }
  }
  const uint64_t size = applied.tree.size;
  std::vector<Hash> leaves;
  for (uint64_t i = size - size % kTileWidth; i < size; ++i) {
    ASSIGN_OR_RETURN(const RecordedEvent event,
                     records.EventAt(Position(i + 1)));
    leaves.push_back(LeafHash(event.record()));
  }
  ASSIGN_OR_RETURN(TileTail tiles,
                   TileTail::AfterStored(size, leaves, [&](TileId id) {
                     return store.ReadTile(id);
                   }));
  ASSIGN_OR_RETURN(const std::vector<Track> tracks, store.ListTracks());
  point_ = applied;
  index_ = std::make_unique<Index>(store, applied, std::move(tiles), tracks,
                                   segment_size);
  ASSIGN_OR_RETURN(frontier_,
                   FrontierAt(size, [&](uint32_t level, uint64_t index) {
                     return index_->ReadNode(level, index);
                   }));
  if (frontier_.Root() != applied.tree.root) {
    return Disagree(absl::StrCat("tiles and events up to position ", size,
                                 " do not give the root that was committed"));
  }
  return absl::OkStatus();
}

absl::Status RegisterState::CatchUp(CommitLog& log,
                                    const OnProgress& on_progress) {
  const CommitPoint head = log.Head();
  while (point_.sequence < head.sequence) {
    ASSIGN_OR_RETURN(const auto commits,
                     log.Read(point_.sequence, kCatchUpBytes));
    for (const Commit& commit : commits) {
      RETURN_IF_ERROR(index_->Ready());
      const absl::Status applied = ApplyStored(commit);
      if (applied.code() == absl::StatusCode::kDataLoss) {
        return Disagree(std::string(applied.message()));
      }
      RETURN_IF_ERROR(applied);
    }
    if (on_progress) on_progress(point_.position, head.position);
  }
  return absl::OkStatus();
}

absl::Status RegisterState::ApplyStored(const Commit& commit) {
  std::vector<BodyView> bodies;
  bodies.reserve(commit.size());
  std::vector<const BodyView*> pointers;
  for (size_t i = 0; i < commit.size(); ++i) {
    ASSIGN_OR_RETURN(BodyView body, DecodeBody(commit.body(i)));
    bodies.push_back(std::move(body));
    pointers.push_back(&bodies.back());
  }
  return Apply(commit, pointers);
}

absl::Status RegisterState::Apply(const Commit& commit,
                                  absl::Span<const BodyView* const> bodies) {
  RETURN_IF_ERROR(CheckFollows(point_, commit));
  TreeFrontier grown = frontier_;
  std::vector<Index::Node> nodes;
  nodes.reserve(2 * commit.size());
  for (const Hash& leaf : commit.leaves()) {
    grown.Append(leaf, [&](uint32_t level, uint64_t index, const Hash& hash) {
      if (level % kTileHeight == 0) nodes.push_back({level, index, hash});
    });
  }
  if (grown.Head() != commit.header.after.tree) {
    return DoesNotFollow(commit, "its events do not give its root");  // S2
  }
  frontier_ = std::move(grown);
  point_ = commit.header.after;
  index_->Apply(commit, bodies, nodes);
  return absl::OkStatus();
}

}  // namespace samverk
