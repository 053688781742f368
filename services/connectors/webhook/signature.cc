#include "services/connectors/webhook/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "absl/base/attributes.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"
#include "services/common/field_error.h"

namespace samverk::connectors {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr size_t kKeyBytesLeast = 24;
constexpr size_t kKeyBytesMost = 64;

// Empty: it is no secret. Inlined, GCC 12 warns of a short string that cannot
// be.
ABSL_ATTRIBUTE_NOINLINE std::string Decoded(std::string_view secret) {
  std::string key;
  if (!secret.starts_with(kPrefix) ||
      !absl::Base64Unescape(ToAbsl(secret.substr(kPrefix.size())), &key) ||
      key.size() < kKeyBytesLeast || key.size() > kKeyBytesMost) {
    key.clear();
  }
  return key;
}

}  // namespace

absl::StatusOr<std::string> KeyOfSecret(std::string_view field,
                                        std::string_view secret) {
  std::string key = Decoded(secret);
  if (!key.empty()) return key;
  return FieldError(field,
                    "is no secret; give \"whsec_\" and 24 to 64 random bytes "
                    "in base64");
}

std::string Signature(std::string_view key, std::string_view id,
                      int64_t timestamp, std::string_view body) {
  const std::string text =
      absl::StrCat(ToAbsl(id), ".", timestamp, ".", ToAbsl(body));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac;
  unsigned int size = 0;
  SAMVERK_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                     reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), mac.data(), &size) != nullptr);
  return absl::StrCat("v1,",
                      absl::Base64Escape(absl::string_view(
                          reinterpret_cast<const char*>(mac.data()), size)));
}

}  // namespace samverk::connectors
