#include "services/access/authenticator.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/thread_name.h"
#include "services/access/jwks.h"
#include "services/access/local_token_file.h"
#include "services/common/small_file.h"

namespace samverk::access {
namespace {

bool IsUrl(std::string_view keys) {
  return absl::StartsWith(ToAbsl(keys), "https://") ||
         absl::StartsWith(ToAbsl(keys), "http://");
}

// What changes when a file does; "-" when there is none.
std::string StampOf(const std::string& path) {
  struct stat status;
  if (path.empty() || stat(path.c_str(), &status) != 0) return "-";
  return absl::StrCat(status.st_ino, ".", status.st_size, ".",
                      status.st_mtim.tv_sec, ".", status.st_mtim.tv_nsec);
}

// The token of "Bearer TOKEN" (RFC 6750, section 2.1); empty: it is none.
std::string_view BearerOf(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(ToAbsl(authorization), ToAbsl(kScheme))) {
    return {};
  }
  std::string_view token = authorization.substr(kScheme.size());
  while (!token.empty() && token.front() == ' ') token.remove_prefix(1);
  return token;
}

}  // namespace

Authenticator::Authenticator(Options options) : options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<Authenticator>> Authenticator::Open(
    Options options) {
  auto authenticator =
      std::unique_ptr<Authenticator>(new Authenticator(std::move(options)));
  RETURN_IF_ERROR(authenticator->LookAgain());
  authenticator->looker_ =
      std::thread([self = authenticator.get()] { self->LookAround(); });
  return authenticator;
}

Authenticator::~Authenticator() {
  {
    MutexLock lock(mu_);
    closing_ = true;
    closing_changed_.NotifyAll();
  }
  if (looker_.joinable()) looker_.join();
}

std::shared_ptr<Authenticator::Known> Authenticator::known() const {
  MutexLock lock(mu_);
  return known_;
}

CallerAllowance Authenticator::allowance() const {
  return known()->settings.allowance;
}

std::string Authenticator::StampOfFiles() const {
  const auto now = known();
  const std::string keys =
      now == nullptr || IsUrl(now->settings.keys) ? "" : now->settings.keys;
  return absl::StrCat(StampOf(options_.token_file), "/",
                      StampOf(options_.access_file), "/", StampOf(keys));
}

absl::StatusOr<std::shared_ptr<Authenticator::Known>> Authenticator::Read() {
  AccessSettings settings;
  if (!options_.access_file.empty()) {
    ASSIGN_OR_RETURN(settings, ReadAccessFile(options_.access_file));
  }
  ASSIGN_OR_RETURN(LocalTokens tokens, ReadLocalTokens(options_.token_file));
  ASSIGN_OR_RETURN(CertificateMapping certificates,
                   CertificateMapping::Create(settings.certificates));
  std::shared_ptr<BearerTokenVerifier> bearer;
  if (settings.oidc.has_value()) {
    KeySet keys;
    if (!IsUrl(settings.keys)) {
      auto text = ReadSmallFile(settings.keys, kJwksBytes);
      if (!text.ok()) {
        return absl::FailedPreconditionError(
            absl::StrCat("the keys of the issuer of tokens, ", settings.keys,
                         ": ", text.status().message()));
      }
      ASSIGN_OR_RETURN(keys, ParseJwks(*text));
    }
    ASSIGN_OR_RETURN(
        bearer, BearerTokenVerifier::Create(*settings.oidc, std::move(keys)));
  }
  return std::shared_ptr<Known>(new Known{std::move(settings),
                                          std::move(tokens),
                                          std::move(certificates),
                                          std::move(bearer),
                                          {},
                                          {}});
}

absl::Status Authenticator::LookAgain() {
  ASSIGN_OR_RETURN(std::shared_ptr<Known> fresh, Read());
  if (fresh->bearer != nullptr && IsUrl(fresh->settings.keys)) {
    const auto before = known();
    if (before != nullptr && before->bearer != nullptr &&
        before->settings.keys == fresh->settings.keys) {
      // Another file of tokens is no reason to fetch keys.
      fresh->bearer->SetKeys(*before->bearer->keys());
    } else {
      Warn(FetchKeys(*fresh));
    }
  }
  MutexLock lock(mu_);
  known_ = std::move(fresh);
  return absl::OkStatus();
}

absl::Status Authenticator::FetchKeys(Known& known) {
  ASSIGN_OR_RETURN(const std::string text, options_.fetch(known.settings.keys));
  ASSIGN_OR_RETURN(KeySet keys, ParseJwks(text));
  if (keys.size() == 0) {
    // An issuer that has lost its keys, or a page that is none: what is known
    // goes on.
    return absl::FailedPreconditionError(
        absl::StrCat(known.settings.keys, " has no key that can be used",
                     keys.passed_over().empty()
                         ? ""
                         : absl::StrCat(": ", keys.passed_over().front())));
  }
  known.bearer->SetKeys(std::move(keys));
  {
    // What the old keys signed is looked at again.
    MutexLock lock(known.mu);
    known.remembered.clear();
  }
  return absl::OkStatus();
}

void Authenticator::Warn(const absl::Status& why) {
  {
    MutexLock lock(mu_);
    const std::string text(why.message());
    if (why.ok() || warned_ == text) return;
    warned_ = text;
  }
  if (options_.warn != nullptr) options_.warn(ToStd(why.message()));
}

void Authenticator::LookAround() {
  SetThreadName("access");
  std::string stamp;
  absl::Time fetched = absl::Now();
  while (true) {
    {
      MutexLock lock(mu_);
      if (!closing_) closing_changed_.WaitUntil(mu_, absl::Now() + kLookEvery);
      if (closing_) return;
    }
    // Before reading: what changes meanwhile is seen the next time.
    if (std::string now = StampOfFiles(); now != stamp) {
      Warn(LookAgain());
      stamp = std::move(now);
    }
    const auto current = known();
    if (current->bearer == nullptr || !IsUrl(current->settings.keys)) continue;
    const absl::Duration since = absl::Now() - fetched;
    if (since >= kFetchEvery || (key_unknown_ && since >= kFetchAgain)) {
      key_unknown_ = false;
      Warn(FetchKeys(*current));
      fetched = absl::Now();
    }
  }
}

Verdict Authenticator::Identify(const Presented& shown, absl::Time now) {
  const auto current = known();
  if (shown.empty()) return {Refusal::kNothingShown, {}};
  const Hash hash = Sha256(absl::StrCat(
      shown.authorization.size(), ":", shown.authorization, shown.certificate));
  {
    MutexLock lock(current->mu);
    const auto found = current->remembered.find(hash);
    if (found != current->remembered.end() && now < found->second.expires) {
      return {Refusal::kNone, found->second};
    }
  }
  Verdict verdict = IdentifyAnew(*current, shown, now);
  if (verdict.refusal == Refusal::kKeyUnknown) key_unknown_ = true;
  if (verdict.ok()) {
    MutexLock lock(current->mu);
    if (current->remembered.size() >= kRemembered) current->remembered.clear();
    current->remembered.insert_or_assign(hash, verdict.credential);
  }
  return verdict;
}

Verdict Authenticator::IdentifyAnew(Known& known, const Presented& shown,
                                    absl::Time now) {
  if (shown.authorization.empty()) {
    Verdict verdict = known.certificates.Identify(shown.certificate);
    // A connection may outlive its certificate.
    if (verdict.ok() && now >= verdict.credential.expires) {
      return {Refusal::kCertificateExpired, {}};
    }
    return verdict;
  }
  const std::string_view token = BearerOf(shown.authorization);
  if (token.empty()) return {Refusal::kNotBearer, {}};
  const bool local =
      token.substr(0, kLocalTokenPrefix.size()) == kLocalTokenPrefix;
  if (local || known.bearer == nullptr) return known.tokens.Verify(token, now);
  return known.bearer->Verify(token, now);
}

}  // namespace samverk::access
