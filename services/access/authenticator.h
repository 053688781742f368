// From what a caller shows to who they are.
//
// Tokens, certificates' rules and an issuer's keys lie in files, or are fetched
// from the issuer. What changes there counts within a second (kLookEvery), what
// is fetched within kFetchEvery, or, when a token has a key that is not known,
// within kFetchAgain.
//
// A1 Each file counts by itself: one that is wrong is said, is read again until
//    it is mended, and leaves what it said before in force; the others go on.
// A2 Fetching has a thread of its own: an issuer that does not answer keeps
//    nobody from seeing that a file has changed.
// A3 Another place of keys has no keys until they are read from there.
#ifndef SAMVERK_SERVICES_ACCESS_AUTHENTICATOR_H_
#define SAMVERK_SERVICES_ACCESS_AUTHENTICATOR_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/base/mutex.h"
#include "services/access/access_file.h"
#include "services/access/bearer_token.h"
#include "services/access/certificate_identity.h"
#include "services/access/credential.h"
#include "services/access/local_token.h"
#include "services/access/remembered_credentials.h"

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

  struct Options {
    std::string token_file;   // of local tokens; need not be there
    std::string access_file;  // empty: none
    // Gets a key set from a URL. Called from a thread of its own, and by Open.
    std::function<absl::StatusOr<std::string>(const std::string& url)> fetch;
    // Told what is wrong with files and with fetching, once until it is mended.
    // From several threads. May be null.
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

  // The same of what costs next to nothing: all but a bearer token of the
  // issuer that was not verified before. nullopt: it is one.
  std::optional<Verdict> IdentifyCheaply(const Presented& shown,
                                         absl::Time now);

  CallerAllowance allowance() const;

  // Looks at the files now. The error of the first that is wrong, which is also
  // told; what it said before holds then (A1).
  absl::Status LookAgain();

 private:
  // What the access file says, and the keys that it names.
  struct Rules {
    AccessSettings settings;
    CertificateMapping certificates;
    std::shared_ptr<BearerTokenVerifier> bearer;  // null: no issuer
    // Certificates, and tokens of the issuer.
    RememberedCredentials remembered;
  };

  // A file that is looked at.
  struct File {
    std::string stamp;   // as it was read; empty: it is to be read
    std::string warned;  // what was said of it; empty: it is right
  };

  // What looking at the files gave.
  struct Look {
    absl::Status first_error;
    std::vector<std::string> news;  // what is to be told
  };

  explicit Authenticator(Options options);

  Look LookAtFiles(bool all);
  // Each reads its file if it has changed, and puts what it says in force.
  absl::Status ReadRules() ABSL_EXCLUSIVE_LOCKS_REQUIRED(looking_);
  absl::Status ReadTokens() ABSL_EXCLUSIVE_LOCKS_REQUIRED(looking_);
  absl::Status ReadKeys() ABSL_EXCLUSIVE_LOCKS_REQUIRED(looking_);

  std::shared_ptr<Rules> rules() const;
  std::shared_ptr<const LocalTokens> tokens() const;
  // Puts keys that were read from `place` in force, unless they are read from
  // elsewhere now.
  void SetKeys(const std::string& place, KeySet keys);

  // The URL that keys are to be fetched from now; empty: from none.
  std::string DueUrl(absl::Time now);
  // The error of fetching, or of what was fetched.
  absl::Status FetchKeys(const std::string& url);
  void FetchIfDue();
  void LookAround();
  void FetchAround();
  // False when this is to be closed.
  bool WaitForNextLook();
  void Warn(std::string_view what) const;

  const Options options_;
  std::atomic<bool> key_unknown_ = false;  // a token's
  std::string fetch_warned_;  // of Open, then of the thread that fetches

  Mutex looking_;  // before mu_: one looks at a time
  File access_file_ ABSL_GUARDED_BY(looking_);
  File token_file_ ABSL_GUARDED_BY(looking_);
  File key_file_ ABSL_GUARDED_BY(looking_);

  mutable Mutex mu_;
  CondVar closing_changed_;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::shared_ptr<Rules> rules_ ABSL_GUARDED_BY(mu_);
  std::shared_ptr<const LocalTokens> tokens_ ABSL_GUARDED_BY(mu_);
  // When it was last tried; InfinitePast: not yet, from where they are now.
  absl::Time fetched_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();
  std::thread looker_;
  std::thread fetcher_;
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_AUTHENTICATOR_H_
