// Notes, checkpoints, proofs, keys and paths of tiles: each has one form, and
// nobody's signature is made up.
#include <string>

#include "eventstore/audit/checkpoint.h"
#include "eventstore/audit/growth_proof.h"
#include "eventstore/audit/note_key.h"
#include "eventstore/audit/tile_path.h"
#include "eventstore/audit/tlog_proof.h"
#include "eventstore/audit/verifier.h"
#include "tests/fuzz/fuzz.h"

namespace samverk::fuzz {
namespace {

// Its private key was made for this and thrown away.
const NoteVerifier& SomebodysKey() {
  static const NoteVerifier key{"log.example", NoteSignatureKind::kEd25519,
                                Ed25519PrivateKey::Generate().public_key()};
  return key;
}

void FuzzNote(std::string_view bytes) {
  const auto note = ParseNote(bytes);
  if (!note.ok()) {
    SAMVERK_CHECK(absl::IsInvalidArgument(note.status()));
    return;
  }
  SAMVERK_CHECK(FormatNote(*note) == bytes) << "another note";
  const auto checkpoint = ParseCheckpointText(note->text);
  if (!checkpoint.ok()) return;
  SAMVERK_CHECK(CheckpointText(*checkpoint) == note->text)
      << "another checkpoint";
}

void FuzzProofs(std::string_view bytes) {
  if (const auto proof = ParseTlogProof(bytes); proof.ok()) {
    SAMVERK_CHECK(FormatTlogProof(*proof) == bytes) << "another proof";
    FuzzNote(proof->checkpoint);
  }
  if (const auto proof = ParseGrowthProof(bytes); proof.ok()) {
    SAMVERK_CHECK(FormatGrowthProof(*proof) == bytes) << "another proof";
  }
  SAMVERK_CHECK(!ProofVerifier(SomebodysKey()).Verify(bytes).ok())
      << "a signature that nobody made";
}

void FuzzNames(std::string_view bytes) {
  if (const auto key = ParseVerifier(bytes); key.ok()) {
    SAMVERK_CHECK(FormatVerifier(*key) == bytes) << "another key";
  }
  if (const auto key = ParseSigner(bytes); key.ok()) {
    SAMVERK_CHECK(FormatSigner(*key) == bytes) << "another key";
  }
  if (const auto path = ParseTilePath(bytes); path.has_value()) {
    SAMVERK_CHECK(FormatTilePath(*path) == bytes) << "another path";
    path->LeavesNeeded();
  }
}

}  // namespace
}  // namespace samverk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = samverk::fuzz::Bytes(data, size);
  samverk::fuzz::FuzzNote(bytes);
  samverk::fuzz::FuzzProofs(bytes);
  samverk::fuzz::FuzzNames(bytes);
  return 0;
}
