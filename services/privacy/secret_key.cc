#include "services/privacy/secret_key.h"

#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/types/span.h"
#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"
#include "services/privacy/aead.h"

namespace samverk::privacy {

std::string KeyIdText(const KeyId& id) {
  return absl::BytesToHexString(ToAbsl(AsBytes(id)));
}

std::string_view AsBytes(const KeyId& id) {
  return {reinterpret_cast<const char*>(id.data()), id.size()};
}

KeyId KeyIdFromBytes(std::string_view bytes) {
  KeyId id;
  SAMVERK_CHECK(bytes.size() == id.size()) << bytes.size();
  std::memcpy(id.data(), bytes.data(), id.size());
  return id;
}

KeyId KeyIdOf(const SecretBytes& key) {
  SAMVERK_CHECK(key.size() == kKeyBytes) << key.size();
  KeyId id;
  KeyedHash(key, "samverk key id", {}, absl::MakeSpan(id));
  return id;
}

DataKey RandomDataKey() { return DataKey(SecretBytes::Random(kKeyBytes)); }

MasterKey RandomMasterKey() {
  return MasterKey(SecretBytes::Random(kKeyBytes));
}

}  // namespace samverk::privacy
