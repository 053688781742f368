#include "services/access/authenticator.h"

#include <sys/stat.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/sha256.h"
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

bool IsLocal(std::string_view token) {
  return token.substr(0, kLocalTokenPrefix.size()) == kLocalTokenPrefix;
}

Hash HashOf(const Presented& shown) {
  return Sha256(absl::StrCat(shown.authorization.size(), ":",
                             shown.authorization, shown.certificate));
}

}  // namespace

Authenticator::Authenticator(Options options) : options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<Authenticator>> Authenticator::Open(
    Options options) {
  auto authenticator =
      std::unique_ptr<Authenticator>(new Authenticator(std::move(options)));
  Authenticator* self = authenticator.get();
  RETURN_IF_ERROR(self->LookAtFiles(/*all=*/true).first_error);
  self->FetchIfDue();
  self->looker_ = std::thread([self] { self->LookAround(); });
  self->fetcher_ = std::thread([self] { self->FetchAround(); });
  return authenticator;
}

Authenticator::~Authenticator() {
  {
    MutexLock lock(mu_);
    closing_ = true;
  }
  closing_changed_.NotifyAll();
  if (looker_.joinable()) looker_.join();
  if (fetcher_.joinable()) fetcher_.join();
}

std::shared_ptr<Authenticator::Rules> Authenticator::rules() const {
  MutexLock lock(mu_);
  return rules_;
}

std::shared_ptr<const LocalTokens> Authenticator::tokens() const {
  MutexLock lock(mu_);
  return tokens_;
}

CallerAllowance Authenticator::allowance() const {
  return rules()->settings.allowance;
}

absl::Status Authenticator::LookAgain() {
  const Look look = LookAtFiles(/*all=*/true);
  for (const std::string& what : look.news) Warn(what);
  return look.first_error;
}

Authenticator::Look Authenticator::LookAtFiles(bool all) {
  Look look;
  const auto note = [&look](File& file, const absl::Status& read) {
    if (read.ok()) {
      file.warned.clear();
      return;
    }
    file.stamp.clear();  // A1
    if (look.first_error.ok()) look.first_error = read;
    std::string what(read.message());
    if (file.warned == what) return;
    file.warned = what;
    look.news.push_back(std::move(what));
  };
  MutexLock looking(looking_);
  if (all) access_file_.stamp = token_file_.stamp = key_file_.stamp = "";
  note(access_file_, ReadRules());
  note(token_file_, ReadTokens());
  note(key_file_, ReadKeys());
  return look;
}

absl::Status Authenticator::ReadRules() {
  std::string stamp = StampOf(options_.access_file);
  if (stamp == access_file_.stamp) return absl::OkStatus();
  AccessSettings settings;
  if (!options_.access_file.empty()) {
    ASSIGN_OR_RETURN(settings, ReadAccessFile(options_.access_file));
  }
  ASSIGN_OR_RETURN(CertificateMapping certificates,
                   CertificateMapping::Create(settings.certificates));
  std::shared_ptr<BearerTokenVerifier> bearer;
  if (settings.oidc.has_value()) {
    ASSIGN_OR_RETURN(bearer,
                     BearerTokenVerifier::Create(*settings.oidc, KeySet()));
  }
  std::shared_ptr<Rules> fresh(new Rules{
      std::move(settings), std::move(certificates), std::move(bearer), {}});
  access_file_.stamp = std::move(stamp);
  MutexLock lock(mu_);
  const bool same_place = rules_ != nullptr && rules_->bearer != nullptr &&
                          rules_->settings.keys == fresh->settings.keys;
  if (same_place && fresh->bearer != nullptr) {
    fresh->bearer->SetKeys(*rules_->bearer->keys());
  } else {  // A3
    key_file_.stamp.clear();
    fetched_ = absl::InfinitePast();
  }
  rules_.swap(fresh);
  return absl::OkStatus();
}

absl::Status Authenticator::ReadTokens() {
  std::string stamp = StampOf(options_.token_file);
  if (stamp == token_file_.stamp) return absl::OkStatus();
  ASSIGN_OR_RETURN(LocalTokens read, ReadLocalTokens(options_.token_file));
  auto fresh = std::make_shared<const LocalTokens>(std::move(read));
  token_file_.stamp = std::move(stamp);
  MutexLock lock(mu_);
  tokens_.swap(fresh);
  return absl::OkStatus();
}

absl::Status Authenticator::ReadKeys() {
  const auto current = rules();
  // At the start the access file may be wrong.
  if (current == nullptr || current->bearer == nullptr) return absl::OkStatus();
  const std::string& path = current->settings.keys;
  if (IsUrl(path)) return absl::OkStatus();
  std::string stamp = StampOf(path);
  if (stamp == key_file_.stamp) return absl::OkStatus();
  const auto text = ReadSmallFile(path, kJwksBytes);
  if (!text.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the keys of the issuer of tokens, ", path, ": ",
                     text.status().message()));
  }
  ASSIGN_OR_RETURN(KeySet keys, ParseJwks(*text));
  key_file_.stamp = std::move(stamp);
  SetKeys(path, std::move(keys));
  return absl::OkStatus();
}

void Authenticator::SetKeys(const std::string& place, KeySet keys) {
  MutexLock lock(mu_);
  if (rules_->bearer == nullptr || rules_->settings.keys != place) return;
  rules_->bearer->SetKeys(std::move(keys));
  // What the old keys signed is looked at again.
  rules_->remembered.Forget();
}

std::string Authenticator::DueUrl(absl::Time now) {
  MutexLock lock(mu_);
  if (rules_->bearer == nullptr || !IsUrl(rules_->settings.keys)) return "";
  const absl::Duration since = now - fetched_;
  // A clock that was set back must not put it off.
  const bool due = since >= kFetchEvery || since < absl::ZeroDuration() ||
                   (key_unknown_ && since >= kFetchAgain);
  if (!due) return "";
  key_unknown_ = false;
  fetched_ = now;
  return rules_->settings.keys;
}

absl::Status Authenticator::FetchKeys(const std::string& url) {
  ASSIGN_OR_RETURN(const std::string text, options_.fetch(url));
  ASSIGN_OR_RETURN(KeySet keys, ParseJwks(text));
  if (keys.size() == 0) {
    // An issuer that has lost its keys, or a page that is none: what is known
    // goes on.
    return absl::FailedPreconditionError(
        absl::StrCat(url, " has no key that can be used",
                     keys.passed_over().empty()
                         ? ""
                         : absl::StrCat(": ", keys.passed_over().front())));
  }
  SetKeys(url, std::move(keys));
  return absl::OkStatus();
}

void Authenticator::FetchIfDue() {
  const std::string url = DueUrl(absl::Now());
  if (url.empty()) return;
  const absl::Status fetched = FetchKeys(url);
  const std::string what(fetched.message());
  if (!fetched.ok() && fetch_warned_ != what) Warn(what);
  fetch_warned_ = what;  // empty: it is right
}

void Authenticator::Warn(std::string_view what) const {
  if (options_.warn != nullptr) options_.warn(what);
}

bool Authenticator::WaitForNextLook() {
  MutexLock lock(mu_);
  if (!closing_) closing_changed_.WaitUntil(mu_, absl::Now() + kLookEvery);
  return !closing_;
}

void Authenticator::LookAround() {
  SetThreadName("access");
  while (WaitForNextLook()) {
    for (const std::string& what : LookAtFiles(/*all=*/false).news) Warn(what);
  }
}

void Authenticator::FetchAround() {
  SetThreadName("access-keys");
  while (WaitForNextLook()) FetchIfDue();
}

Verdict Authenticator::Identify(const Presented& shown, absl::Time now) {
  if (auto cheap = IdentifyCheaply(shown, now); cheap.has_value()) {
    return *std::move(cheap);
  }
  const auto current = rules();
  // The rules may have been replaced by some without an issuer.
  if (current->bearer == nullptr) return {Refusal::kLocalNotAToken, {}};
  const uint64_t generation = current->remembered.generation();
  Verdict verdict = current->bearer->Verify(BearerOf(shown.authorization), now);
  if (verdict.refusal == Refusal::kKeyUnknown) key_unknown_ = true;
  if (verdict.ok()) {
    current->remembered.Keep(HashOf(shown), verdict.credential, generation);
  }
  return verdict;
}

std::optional<Verdict> Authenticator::IdentifyCheaply(const Presented& shown,
                                                      absl::Time now) {
  if (shown.empty()) return Verdict{Refusal::kNothingShown, {}};
  const auto current = rules();
  if (!shown.authorization.empty()) {
    const std::string_view token = BearerOf(shown.authorization);
    if (token.empty()) return Verdict{Refusal::kNotBearer, {}};
    if (current->bearer == nullptr || IsLocal(token)) {
      return tokens()->Verify(token, now);
    }
  }
  const Hash hash = HashOf(shown);
  if (auto known = current->remembered.Find(hash, now); known.has_value()) {
    return Verdict{Refusal::kNone, *std::move(known)};
  }
  if (!shown.authorization.empty()) return std::nullopt;
  const uint64_t generation = current->remembered.generation();
  Verdict verdict = current->certificates.Identify(shown.certificate);
  // A connection may outlive its certificate.
  if (verdict.ok() && now >= verdict.credential.expires) {
    return Verdict{Refusal::kCertificateExpired, {}};
  }
  if (verdict.ok()) {
    current->remembered.Keep(hash, verdict.credential, generation);
  }
  return verdict;
}

}  // namespace samverk::access
