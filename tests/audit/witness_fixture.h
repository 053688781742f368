// A witness, and logs that ask it, without a register.
#ifndef SAMVERK_TESTS_AUDIT_WITNESS_FIXTURE_H_
#define SAMVERK_TESTS_AUDIT_WITNESS_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/audit/growth_proof.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/audit/tile.h"
#include "eventstore/base/clock.h"
#include "services/audit/witness/witness.h"
#include "tests/contract/temporary_directory.h"

namespace samverk {

// A log of so many leaves, of a history with a name: logs of the same history
// have the same leaves.
class TestLog {
 public:
  explicit TestLog(std::string history = "") : history_(std::move(history)) {}

  TreeHead Head(uint64_t size) const { return Frontier(size).Head(); }
  std::vector<Hash> Growth(uint64_t first, uint64_t second) const {
    const auto proof = ConsistencyProof(
        first, second,
        [this](uint32_t level, uint64_t index) -> absl::StatusOr<Hash> {
          TreeFrontier subtree;
          for (uint64_t i = index << level; i < (index + 1) << level; ++i) {
            subtree.Append(Leaf(i));
          }
          return subtree.Root();
        });
    return *proof;
  }

 private:
  Hash Leaf(uint64_t i) const { return LeafHash(absl::StrCat(history_, i)); }
  TreeFrontier Frontier(uint64_t size) const {
    TreeFrontier frontier;
    for (uint64_t i = 0; i < size; ++i) frontier.Append(Leaf(i));
    return frontier;
  }

  std::string history_;
};

inline NoteSigner NewSigner(const std::string& name) {
  return {name, NoteSignatureKind::kEd25519, Ed25519PrivateKey::Generate()};
}

// What a log sends for its growth from `first` to `second` leaves.
inline std::string WitnessRequest(const TestLog& log, const NoteSigner& signer,
                                  uint64_t first, uint64_t second) {
  return FormatGrowthProof(
      {first, first > second ? std::vector<Hash>() : log.Growth(first, second),
       FormatNote(SignCheckpoint(log.Head(second), signer).note)});
}

inline HttpRequest Post(std::string body) {
  HttpRequest request;
  request.method = "POST";
  request.path = "/add-checkpoint";
  request.read_body =
      [body = std::move(body)](size_t most) -> absl::StatusOr<std::string> {
    if (body.size() > most) return absl::ResourceExhaustedError("too large");
    return body;
  };
  return request;
}

}  // namespace samverk

#endif  // SAMVERK_TESTS_AUDIT_WITNESS_FIXTURE_H_
