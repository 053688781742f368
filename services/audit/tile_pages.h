// The log over HTTP as monitors of transparency logs read it
// (c2sp.org/tlog-tiles).
#ifndef SAMVERK_SERVICES_AUDIT_TILE_PAGES_H_
#define SAMVERK_SERVICES_AUDIT_TILE_PAGES_H_

#include <optional>

#include "absl/status/statusor.h"
#include "eventstore/audit/tile_path.h"
#include "eventstore/audit/tree_reader.h"
#include "eventstore/event_store.h"
#include "services/audit/checkpoint_signer.h"
#include "services/common/slots.h"
#include "services/http/http_message.h"

namespace samverk {

// Answers requests to read /checkpoint, /tile/LEVEL/INDEX and
// /tile/entries/INDEX. Tiles and entries are those that the latest checkpoint
// covers, also partial ones of smaller trees. Any thread.
class TilePages {
 public:
  // All must outlive it.
  TilePages(EventStore& store, TreeReader& tree, CheckpointSigner& signer)
      : store_(store), tree_(tree), signer_(signer) {}

  // nullopt for other paths.
  std::optional<HttpAnswer> Answer(const HttpRequest& request);

 private:
  HttpAnswer CheckpointPage();
  HttpAnswer TilePage(const TilePath& path);
  HttpAnswer EntriesPage(const TilePath& path);
  HttpAnswer BytesPage(absl::StatusOr<std::string> bytes, const char* cache);
  absl::StatusOr<std::string> Hashes(const TilePath& path);
  absl::StatusOr<std::string> Entries(const TilePath& path);

  // Of entries, which may be 16 MiB each, so many are under way at a time.
  static constexpr size_t kBundlesMost = 4;

  EventStore& store_;
  TreeReader& tree_;
  CheckpointSigner& signer_;
  Slots bundles_{kBundlesMost};
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_AUDIT_TILE_PAGES_H_
