// A register that signs checkpoints, without a server.
#ifndef SAMVERK_TESTS_AUDIT_AUDIT_FIXTURE_H_
#define SAMVERK_TESTS_AUDIT_AUDIT_FIXTURE_H_

#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "services/audit/checkpoint_signer.h"
#include "services/audit/log_key.h"
#include "services/audit/prover.h"
#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {

class AuditTest : public RocksDbTest {
 protected:
  ~AuditTest() override { CloseAll(); }

  void OpenAll() {
    Open();
    const absl::Status signing = TrySign();
    ASSERT_TRUE(signing.ok()) << signing;
    prover_ = std::make_unique<Prover>(*store_, *store_, *signer_);
  }
  void CloseAll() {
    prover_.reset();
    if (store_ != nullptr) store_->Close();
    signer_.reset();
    Close();
  }
  absl::Status TrySign(bool accept_loss = false) {
    CheckpointSigner::Options options{.store = store_.get(),
                                      .tree = store_.get(),
                                      .key = key_,
                                      .file = CheckpointPath(),
                                      .interval = absl::Milliseconds(50)};
    options.accept_loss = accept_loss;
    auto signer = CheckpointSigner::Open(std::move(options));
    if (!signer.ok()) return signer.status();
    signer_ = *std::move(signer);
    return absl::OkStatus();
  }

  std::string CheckpointPath() const { return outside_.path() + "/checkpoint"; }
  std::string KeptCheckpoint() const {
    std::ifstream file(CheckpointPath(), std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  }
  NoteVerifier Key() const { return key_.Verifier(); }

  TemporaryDirectory outside_;
  NoteSigner key_{kTestOrigin, NoteSignatureKind::kEd25519,
                  Ed25519PrivateKey::Generate()};
  std::unique_ptr<CheckpointSigner> signer_;
  std::unique_ptr<Prover> prover_;
};

}  // namespace samverk

#endif  // SAMVERK_TESTS_AUDIT_AUDIT_FIXTURE_H_
