// A register that signs checkpoints, without a server.
#ifndef SAMVERK_TESTS_AUDIT_AUDIT_FIXTURE_H_
#define SAMVERK_TESTS_AUDIT_AUDIT_FIXTURE_H_

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eventstore/base/mutex.h"
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
  absl::Status TrySign(bool accept_loss = false, bool new_key = false) {
    signer_.reset();
    CheckpointSigner::Options options{.store = store_.get(),
                                      .tree = store_.get(),
                                      .register_name = kTestOrigin,
                                      .directory = Secrets(),
                                      .interval = absl::Milliseconds(50),
                                      .new_key = new_key,
                                      .accept_loss = accept_loss};
    options.warn = [this](std::string_view text) {
      MutexLock lock(mu_);
      warnings_.emplace_back(text);
    };
    auto signer = CheckpointSigner::Open(std::move(options));
    if (!signer.ok()) return signer.status();
    signer_ = *std::move(signer);
    return absl::OkStatus();
  }

  std::string Secrets() const { return outside_.path() + "/secrets"; }
  std::string CheckpointPath() const { return Secrets() + "/log-checkpoint"; }
  std::string KeyPath() const { return Secrets() + "/log-key"; }
  static std::string Bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  }
  std::string KeptCheckpoint() const { return Bytes(CheckpointPath()); }
  NoteSigner Signer() const {
    return *ReadNoteKey(LogKeyFile(Secrets(), kTestOrigin));
  }
  NoteVerifier Key() const { return Signer().Verifier(); }
  // Whether a warning has this in it.
  bool Warned(const std::string& text) {
    MutexLock lock(mu_);
    for (const std::string& warning : warnings_) {
      if (warning.find(text) != std::string::npos) return true;
    }
    return false;
  }

  TemporaryDirectory outside_;
  Mutex mu_;
  std::vector<std::string> warnings_;
  std::unique_ptr<CheckpointSigner> signer_;
  std::unique_ptr<Prover> prover_;
};

}  // namespace samverk

#endif  // SAMVERK_TESTS_AUDIT_AUDIT_FIXTURE_H_
