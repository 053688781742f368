#include "services/privacy/personal_sealer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "services/privacy/disposal_check.h"
#include "services/privacy/personal_fields.h"
#include "services/privacy/sealed_value.h"

namespace samverk::privacy {
namespace {

using event::v1::Personal;

// The parts of a sealed value (sealed_value.h): a byte of format, the key's id,
// the nonce, the rest.
constexpr size_t kFormatBytes = 1;
constexpr size_t kKeyIdBytes = 8;
constexpr size_t kNonceBytes = 24;
constexpr size_t kHeadBytes = kFormatBytes + kKeyIdBytes + kNonceBytes;
constexpr char kFormat = 1;

void SetSealed(const std::string& sealed, event::v1::Sealed& message) {
  message.set_key_id(
      absl::BytesToHexString(sealed.substr(kFormatBytes, kKeyIdBytes)));
  message.set_nonce(sealed.substr(kFormatBytes + kKeyIdBytes, kNonceBytes));
  message.set_ciphertext(sealed.substr(kHeadBytes));
}

absl::StatusOr<std::string> SealedOf(const event::v1::Sealed& message) {
  const std::string id = absl::HexStringToBytes(
      message.key_id().size() == 2 * kKeyIdBytes ? message.key_id() : "");
  if (id.size() != kKeyIdBytes || message.nonce().size() != kNonceBytes) {
    return MakeError(absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
                     "a sealed value has no key or nonce of the right size; "
                     "compare the register with a backup",
                     {{"where", "sealed value"}});
  }
  std::string sealed(1, kFormat);
  absl::StrAppend(&sealed, id, message.nonce(), message.ciphertext());
  return sealed;
}

}  // namespace

std::string DisposedText(const Disposal& disposal, codec::Language language) {
  const bool swedish = language == codec::Language::kSwedish;
  return absl::StrCat(swedish ? "[gallrad " : "[disposed of ",
                      absl::FormatCivilTime(disposal.date),
                      swedish ? ", beslut " : ", decision ", disposal.decision,
                      "]");
}

bool PersonalSealer::HasClear(const event::v1::Event& event) const {
  return privacy::HasClear(event);
}

absl::StatusOr<std::vector<std::string>> PersonalSealer::Seal(
    event::v1::Event& event, Keys keys) {
  // What is on record by now holds, carried out or not.
  RETURN_IF_ERROR(disposals_.Follow());
  std::vector<std::string> disposed;
  absl::Status why;
  ForEachPersonal(event, [&](Personal& personal, const std::string& path) {
    if (!why.ok() || !personal.has_clear()) return;
    const auto known = keys_.Find(personal.subject());
    if (disposals_.Find(personal.subject()).has_value() ||
        (known.ok() && known->disposal != nullptr)) {
      disposed.push_back(path);
      personal.clear_value();
      return;
    }
    if (absl::IsNotFound(known.status()) && keys == Keys::kLookUp) {
      personal.clear_value();
      return;
    }
    const auto key = keys_.FindOrMake(personal.subject());
    if (!key.ok()) {
      why = key.status();
      return;
    }
    const auto sealed = SealRepeatably(
        **key, PlaceOf(personal.subject(), register_name_, event.id(), path),
        personal.clear());
    if (!sealed.ok()) {
      why = sealed.status();
      return;
    }
    SetSealed(*sealed, *personal.mutable_sealed());
  });
  if (!why.ok()) return why;
  return disposed;
}

void PersonalSealer::PutBack(const event::v1::Event& recorded,
                             const std::vector<std::string>& paths,
                             event::v1::Event& event) const {
  std::map<std::string, Personal> before;
  event::v1::Event copy = recorded;
  ForEachPersonal(copy, [&before](Personal& personal, const std::string& path) {
    before[path] = personal;
  });
  ForEachPersonal(event, [&](Personal& personal, const std::string& path) {
    const bool taken_out =
        std::find(paths.begin(), paths.end(), path) != paths.end();
    const auto stood = before.find(path);
    if (taken_out && stood != before.end() && stood->second.has_sealed() &&
        stood->second.subject() == personal.subject()) {
      *personal.mutable_sealed() = stood->second.sealed();
    }
  });
}

absl::StatusOr<std::vector<recording::Violation>> PersonalSealer::CheckDisposal(
    const event::v1::Event& key_destroyed,
    const event::v1::GallringDecided& decision) {
  return CheckSealedMayGo(store_, key_destroyed.key_destroyed(), decision);
}

absl::StatusOr<Opened> PersonalSealer::Open(const Personal& personal,
                                            std::string_view event_id,
                                            std::string_view path) {
  if (auto disposal = disposals_.Find(personal.subject());
      disposal.has_value()) {
    return Opened(*std::move(disposal));
  }
  ASSIGN_OR_RETURN(const SubjectKey known, keys_.Find(personal.subject()));
  if (known.disposal != nullptr) return Opened(*known.disposal);
  ASSIGN_OR_RETURN(const std::string sealed, SealedOf(personal.sealed()));
  ASSIGN_OR_RETURN(
      std::string clear,
      privacy::Open(*known.key,
                    PlaceOf(personal.subject(), register_name_, event_id, path),
                    sealed));
  return Opened(std::move(clear));
}

}  // namespace samverk::privacy
