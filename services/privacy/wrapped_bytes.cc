#include "services/privacy/wrapped_bytes.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/privacy/file_error.h"

namespace samverk::privacy {
namespace {

constexpr char kFormat = 1;
constexpr size_t kHeaderBytes = 1 + sizeof(KeyId);

std::string BoundTo(std::string_view header, std::string_view place) {
  std::string bound;
  PutBytes("samverk wrapped key", bound);
  PutBytes(header, bound);
  PutBytes(place, bound);
  return bound;
}

absl::Status Damaged(const std::string& path) {
  return DamagedFile(path,
                     "was changed, or is another file put in its place; "
                     "restore it from a backup of the keys");
}

absl::Status NoMasterKey(const std::string& path, const KeyId& id,
                         const MasterKeys& keys) {
  return absl::FailedPreconditionError(absl::StrCat(
      path, " is wrapped with the master key ", KeyIdText(id),
      ", and those given are ", keys.Ids(),
      "; give that one too, from the copy that was kept of it. If there never "
      "was one, the file is damaged: move it away and restore a backup of the "
      "keys"));
}

}  // namespace

std::string Wrap(const MasterKey& key, std::string_view place,
                 const SecretBytes& bytes) {
  std::string wrapped(1, kFormat);
  wrapped.append(AsBytes(key.id()));
  const std::string nonce = RandomNonce();
  const std::string ciphertext =
      AeadSeal(key.bytes(), nonce, BoundTo(wrapped, place), bytes.view());
  wrapped.append(nonce);
  wrapped.append(ciphertext);
  return wrapped;
}

absl::StatusOr<SecretBytes> Unwrap(const MasterKeys& keys,
                                   std::string_view place,
                                   std::string_view wrapped, size_t size,
                                   const std::string& path) {
  ASSIGN_OR_RETURN(const KeyId id, WrappedWith(wrapped, path));
  if (wrapped.front() != kFormat) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, error::v1::REASON_FORMAT_NEWER,
        absl::StrCat(path, " has format ",
                     static_cast<uint8_t>(wrapped.front()),
                     ", and this program knows 1; use a newer "
                     "release. If there is none, the file is "
                     "damaged: move it away and restore a backup of "
                     "the keys"),
        {{"path", path}});
  }
  if (wrapped.size() != size + kWrapBytes) return Damaged(path);
  const MasterKey* const key = keys.Find(id);
  if (key == nullptr) return NoMasterKey(path, id, keys);
  SecretBytes bytes(size);
  if (!AeadOpen(key->bytes(), wrapped.substr(kHeaderBytes, kNonceBytes),
                BoundTo(wrapped.substr(0, kHeaderBytes), place),
                wrapped.substr(kHeaderBytes + kNonceBytes), bytes.span())) {
    return Damaged(path);
  }
  return bytes;
}

absl::StatusOr<KeyId> WrappedWith(std::string_view wrapped,
                                  const std::string& path) {
  if (wrapped.size() < kHeaderBytes) return Damaged(path);
  return KeyIdFromBytes(wrapped.substr(1, sizeof(KeyId)));
}

}  // namespace samverk::privacy
