// Keys, and how they are told apart.
#ifndef SAMVERK_SERVICES_PRIVACY_SECRET_KEY_H_
#define SAMVERK_SERVICES_PRIVACY_SECRET_KEY_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "services/privacy/secret_bytes.h"

namespace samverk::privacy {

// Which key it is. Made from the key by a one-way hash, so that it cannot be
// given to another key by mistake; no secret.
using KeyId = std::array<uint8_t, 8>;

// 16 hexadecimal digits.
std::string KeyIdText(const KeyId& id);
// The bytes of an id, for files.
std::string_view AsBytes(const KeyId& id);
// The id that these bytes are; there are 8 of them.
KeyId KeyIdFromBytes(std::string_view bytes);
// The id of a key of kKeyBytes bytes.
KeyId KeyIdOf(const SecretBytes& key);

// A key for XChaCha20-Poly1305. Keys that serve different ends are different
// types. Constant; any thread.
template <typename Tag>
class SecretKey {
 public:
  // `bytes` are kKeyBytes.
  explicit SecretKey(SecretBytes bytes)
      : bytes_(std::move(bytes)), id_(KeyIdOf(bytes_)) {}
  const SecretBytes& bytes() const { return bytes_; }
  const KeyId& id() const { return id_; }

 private:
  SecretBytes bytes_;
  KeyId id_;
};

// Seals what is personal about one subject.
using DataKey = SecretKey<struct DataKeyTag>;
// Wraps data keys.
using MasterKey = SecretKey<struct MasterKeyTag>;

DataKey RandomDataKey();
MasterKey RandomMasterKey();

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_SECRET_KEY_H_
