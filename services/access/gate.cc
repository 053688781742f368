#include "services/access/gate.h"

#include <grpcpp/security/auth_context.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/mutex.h"
#include "eventstore/base/status_macros.h"
#include "services/access/network.h"
#include "services/common/caller.h"
#include "services/common/request_language.h"

namespace samverk::access {
namespace {

using codec::Language;

// gRPC's name of the client's certificate, one PEM block, where TLS has
// verified it.
constexpr char kCertificateProperty[] = "x509_pem_cert";

// Requests a second of an address from which nobody has logged in, and
// credentials that do not hold.
constexpr uint32_t kUnknownRequests = 20;
constexpr uint32_t kMistakes = 20;

class EverybodysGate final : public Gate {
 public:
  absl::StatusOr<Admitted> Admit(const grpc::ServerContextBase&, CallRight,
                                 CallKind, uint64_t) override {
    return Admitted::Everybody();
  }
  absl::StatusOr<Admitted> AdmitHeader(std::string_view, std::string_view,
                                       CallRight) override {
    return Admitted::Everybody();
  }
  absl::Status Renew(Admitted&, CallRight) override { return absl::OkStatus(); }
  absl::Status RightsChanged() override { return absl::OkStatus(); }
  void RightsAreStale() override {}
  ReadJournal& journal() override { return NoJournal(); }
  bool open() const override { return true; }
};

Presented PresentedBy(const grpc::ServerContextBase& context) {
  Presented shown;
  const auto& metadata = context.client_metadata();
  if (const auto header = metadata.find("authorization");
      header != metadata.end()) {
    shown.authorization.assign(header->second.data(), header->second.size());
  }
  const auto peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) return shown;
  const auto certificates = peer->FindPropertyValues(kCertificateProperty);
  if (!certificates.empty()) {
    shown.certificate.assign(certificates.front().data(),
                             certificates.front().size());
  }
  return shown;
}

absl::Status Denied(std::string_view swedish, std::string_view english,
                    Language language) {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   error::v1::REASON_NOT_PERMITTED,
                   language == Language::kSwedish ? swedish : english);
}

absl::Status CheckRight(const Admitted& admitted, CallRight right) {
  const Language language = admitted.language();
  switch (right) {
    case CallRight::kAnyone:
      return absl::OkStatus();
    case CallRight::kLoggedIn:
      if (admitted.LoggedIn()) return absl::OkStatus();
      return RefusalStatus(Refusal::kNothingShown, language);
    case CallRight::kReadsAll:
      if (!admitted.LoggedIn()) {
        return RefusalStatus(Refusal::kNothingShown, language);
      }
      if (admitted.ReadsAll("")) return absl::OkStatus();
      return Denied(
          "Detta ger ut registrets händelser som de är lagrade, och kräver "
          "rätt att läsa allt: arkivarie i alla processer.",
          "This gives out the register's events as they are stored, and needs "
          "the right to read everything: archivist in all processes.",
          language);
    case CallRight::kOperates:
      if (!admitted.LoggedIn()) {
        return RefusalStatus(Refusal::kNothingShown, language);
      }
      if (admitted.HoldsEverywhere(Role::kAdministrator)) {
        return absl::OkStatus();
      }
      return Denied("Detta får bara den som är administratör i alla processer.",
                    "Only an administrator in all processes may do this.",
                    language);
  }
  return RefusalStatus(Refusal::kNothingShown, language);
}

class LoginGate final : public Gate {
 public:
  LoginGate(Authenticator& authenticator, GrantedRights& rights, Clock& clock,
            ReadJournal& journal)
      : authenticator_(authenticator),
        rights_(rights),
        clock_(clock),
        journal_(journal) {}

  absl::StatusOr<Admitted> Admit(const grpc::ServerContextBase& context,
                                 CallRight right, CallKind kind,
                                 uint64_t bytes) override {
    const std::string network = NetworkOf(HostOf(context));
    ASSIGN_OR_RETURN(Admitted admitted,
                     IdentifyFrom(network, PresentedBy(context),
                                  RequestLanguage("", context)));
    RETURN_IF_ERROR(Take(admitted, network, bytes));
    RETURN_IF_ERROR(CheckRight(admitted, right));
    if (kind == CallKind::kStream) {
      ASSIGN_OR_RETURN(auto place,
                       limits_.TakeStream(NameOf(admitted, network),
                                          authenticator_.allowance()));
      admitted.Hold(std::move(place));
    }
    return admitted;
  }

  absl::StatusOr<Admitted> AdmitHeader(std::string_view authorization,
                                       std::string_view remote,
                                       CallRight right) override {
    const std::string network = NetworkOf(remote.substr(0, remote.rfind(':')));
    ASSIGN_OR_RETURN(Admitted admitted,
                     IdentifyFrom(network, {std::string(authorization), ""},
                                  Language::kEnglish));
    RETURN_IF_ERROR(Take(admitted, network, 0));
    RETURN_IF_ERROR(CheckRight(admitted, right));
    return admitted;
  }

  absl::Status Renew(Admitted& admitted, CallRight right) override {
    if (admitted.shown() == nullptr) return CheckRight(admitted, right);
    ASSIGN_OR_RETURN(Admitted now,
                     Identify(*admitted.shown(), admitted.language()));
    RETURN_IF_ERROR(CheckRight(now, right));
    now.Hold(admitted.held());
    admitted = std::move(now);
    return absl::OkStatus();
  }

  absl::Status RightsChanged() override {
    RightsAreStale();
    return TakeRights();
  }
  void RightsAreStale() override { ++changes_; }
  ReadJournal& journal() override { return journal_; }
  bool open() const override { return false; }

 private:
  // Takes in what was recorded before now, unless that was done.
  absl::Status TakeRights() {
    MutexLock lock(taking_);
    const uint64_t changes = changes_;
    if (taken_ == changes) return absl::OkStatus();
    RETURN_IF_ERROR(rights_.Refresh());
    taken_ = changes;
    return absl::OkStatus();
  }

  // By what name a caller is counted. Those who did not log in are told apart
  // by where they come from.
  static std::string NameOf(const Admitted& admitted,
                            const std::string& network) {
    return admitted.LoggedIn() ? absl::StrCat(admitted.caller()->organisation,
                                              "/", admitted.caller()->subject)
                               : network;
  }

  // Takes a request from the caller's allowance. Those who did not log in get
  // less: what they ask may be as much work as what others do.
  absl::Status Take(const Admitted& admitted, const std::string& network,
                    uint64_t bytes) {
    CallerAllowance allowance = authenticator_.allowance();
    Counted what = Counted::kLoggedIn;
    if (!admitted.LoggedIn()) {
      what = Counted::kUnknown;
      allowance.requests_per_second =
          std::min(allowance.requests_per_second, kUnknownRequests);
    }
    return limits_.Take(what, NameOf(admitted, network), bytes, allowance,
                        clock_.Now());
  }

  // The same as Identify, but what does not hold is counted, and a network that
  // showed too much of it has no more signatures verified for a while. What is
  // cheap to look at is looked at first, so that nobody who was let in before,
  // or has a local token or a certificate, is kept out by a neighbour.
  absl::StatusOr<Admitted> IdentifyFrom(const std::string& network,
                                        Presented shown, Language language) {
    // A proxy on this machine speaks for many, of whom one must not keep the
    // others out.
    if (shown.empty() || IsThisMachine(network)) {
      return Identify(std::move(shown), language);
    }
    constexpr CallerAllowance kAllowed{kMistakes, 1, 1};
    const absl::Time now = clock_.Now();
    std::optional<Verdict> verdict = authenticator_.IdentifyCheaply(shown, now);
    const bool dear = !verdict.has_value();
    // Counted before it is verified, for many may be at once.
    if (dear || !verdict->ok()) {
      RETURN_IF_ERROR(
          limits_.Take(Counted::kMistakes, network, 0, kAllowed, now));
    }
    if (dear) {
      verdict = authenticator_.Identify(shown, now);
      if (verdict->ok()) {
        limits_.GiveBack(Counted::kMistakes, network, kAllowed);
      }
    }
    return LetIn(*std::move(verdict), std::move(shown), language);
  }

  absl::StatusOr<Admitted> Identify(Presented shown, Language language) {
    if (shown.empty()) return Admitted(Caller(), language);
    Verdict verdict = authenticator_.Identify(shown, clock_.Now());
    return LetIn(std::move(verdict), std::move(shown), language);
  }

  // With the rights that events gave them.
  absl::StatusOr<Admitted> LetIn(Verdict verdict, Presented shown,
                                 Language language) {
    if (!verdict.ok()) return RefusalStatus(verdict.refusal, language);
    if (taken_ != changes_) RETURN_IF_ERROR(TakeRights());
    Credential& who = verdict.credential;
    const bool machine = CallerOf(who).machine;
    for (std::string& right :
         rights_.Of(who.subject, who.organisation, clock_.Now())) {
      // A kind of event makes whoever has it a machine, in all processes: an
      // event of one process must not do that to a person.
      if (machine || !IsOfMachines(right)) {
        who.roles.push_back(std::move(right));
      }
    }
    Admitted admitted(CallerOf(who), language);
    admitted.SetShown(std::make_shared<const Presented>(std::move(shown)));
    return admitted;
  }

  Authenticator& authenticator_;
  GrantedRights& rights_;
  Clock& clock_;
  ReadJournal& journal_;
  std::atomic<uint64_t> changes_ = 0;  // recorded
  Mutex taking_;
  std::atomic<uint64_t> taken_ = 0;  // of them
  CallerLimits limits_;
};

}  // namespace

Gate& OpenGate() {
  static auto& gate = *new EverybodysGate();
  return gate;
}

std::unique_ptr<Gate> MakeLoginGate(Authenticator& authenticator,
                                    GrantedRights& rights, Clock& clock,
                                    ReadJournal& journal) {
  return std::make_unique<LoginGate>(authenticator, rights, clock, journal);
}

}  // namespace samverk::access
