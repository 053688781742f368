// From what a caller shows to who they are.
//
// Tokens, certificates' rules and an issuer's keys lie in files, or are fetched
// from the issuer. What changes there counts within a second (kLookEvery), what
// is fetched within kFetchEvery, or, when a token has a key that is not known,
// within kFetchAgain. Files that are wrong are said, and what held before goes
// on.
#ifndef SAMVERK_SERVICES_ACCESS_AUTHENTICATOR_H_
#define SAMVERK_SERVICES_ACCESS_AUTHENTICATOR_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/sha256.h"
#include "services/access/access_file.h"
#include "services/access/bearer_token.h"
#include "services/access/certificate_identity.h"
#include "services/access/credential.h"
#include "services/access/local_token.h"

namespace samverk::access {

// What a caller shows. Secrets: never logged.
struct Presented {
  std::string authorization;  // the value of the header; empty: none
  std::string certificate;    // PEM, trusted by TLS; empty: none

  bool empty() const { return authorization.empty() && certificate.empty(); }
};

// Thread-safe.
class Authenticator {
 public:
  static constexpr absl::Duration kLookEvery = absl::Seconds(1);
  static constexpr absl::Duration kFetchEvery = absl::Minutes(10);
  static constexpr absl::Duration kFetchAgain = absl::Seconds(30);
  // Credentials that are remembered, so that a signature is verified once.
  static constexpr size_t kRemembered = 4'096;

  struct Options {
    std::string token_file;   // of local tokens; need not be there
    std::string access_file;  // empty: none
    // Gets a key set from a URL. Called from a thread of its own.
    std::function<absl::StatusOr<std::string>(const std::string& url)> fetch;
    // Told what is wrong with files and with fetching. May be null.
    std::function<void(std::string_view)> warn;
  };

  // Reads the files. Keys that cannot be fetched now are fetched later.
  //   INVALID_ARGUMENT, FAILED_PRECONDITION: a file is wrong, and why.
  static absl::StatusOr<std::unique_ptr<Authenticator>> Open(Options options);
  ~Authenticator();
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;

  // Whom it stands for: a token goes before a certificate. Nothing shown:
  // kNothingShown.
  Verdict Identify(const Presented& shown, absl::Time now);

  CallerAllowance allowance() const;

  // Looks at the files now. The error of the first that is wrong; what held
  // before holds then.
  absl::Status LookAgain();

 private:
  // What is known, until something changes.
  struct Known {
    AccessSettings settings;
    LocalTokens tokens;
    CertificateMapping certificates;
    std::shared_ptr<BearerTokenVerifier> bearer;  // null: no issuer

    Mutex mu;
    absl::flat_hash_map<Hash, Credential> remembered ABSL_GUARDED_BY(mu);
  };

  explicit Authenticator(Options options);

  absl::StatusOr<std::shared_ptr<Known>> Read();
  std::shared_ptr<Known> known() const;
  // Times and sizes of the files, to see whether they changed.
  std::string StampOfFiles() const;
  Verdict IdentifyAnew(Known& known, const Presented& shown, absl::Time now);
  // Sets the issuer's keys. The error of fetching, or of what was fetched.
  absl::Status FetchKeys(Known& known);
  void LookAround();
  void Warn(const absl::Status& why);

  const Options options_;
  std::atomic<bool> key_unknown_ = false;  // a token's

  mutable Mutex mu_;
  CondVar closing_changed_;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::shared_ptr<Known> known_ ABSL_GUARDED_BY(mu_);
  std::string stamp_ ABSL_GUARDED_BY(mu_);
  std::string warned_ ABSL_GUARDED_BY(mu_);  // not said twice
  std::thread looker_;
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_AUTHENTICATOR_H_
