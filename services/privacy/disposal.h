// What stays of a key that was disposed of: its tombstone.
//
//   19 bytes  "samverk disposal 1" and a line's end
//   texts     date (2031-02-01), decision, text; each with its length (varint)
//   32 bytes  keyed hash over all before it and the tombstone's name
//
// It is in clear, so that a person can read it without a key; what it says is
// said in every report too. It has nothing of the key, and not the subject's
// id: its name is a keyed hash of that, which is all that finding it takes.
#ifndef SAMVERK_SERVICES_PRIVACY_DISPOSAL_H_
#define SAMVERK_SERVICES_PRIVACY_DISPOSAL_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/privacy/secret_bytes.h"

namespace samverk::privacy {

inline constexpr size_t kDecisionBytes = 256;
inline constexpr size_t kDisposalTextBytes = 1'024;
// The longest tombstone.
inline constexpr size_t kTombstoneBytes = 2'048;

// Why a subject's data cannot be read any more.
struct Disposal {
  absl::CivilDay date;   // of the decision's execution
  std::string decision;  // its registry number; not empty
  std::string text;      // what a reader is told beside; may be empty

  friend bool operator==(const Disposal&, const Disposal&) = default;
};

// INVALID_ARGUMENT: the date is not of the years 1 to 9999 (INVALID_FIELD), the
// decision is empty, or a text is no UTF-8 or too long (LIMIT_EXCEEDED).
absl::Status CheckDisposal(const Disposal& disposal);

// The bytes of a tombstone of that name. The disposal is one that CheckDisposal
// lets through.
std::string FormatTombstone(const Disposal& disposal, std::string_view name,
                            const SecretBytes& key);

// DATA_LOSS (DAMAGED): this is no tombstone of that name, made with that key;
// the sentence names `path` and says what to do.
absl::StatusOr<Disposal> ParseTombstone(std::string_view bytes,
                                        std::string_view name,
                                        const SecretBytes& key,
                                        const std::string& path);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_DISPOSAL_H_
