#include "services/privacy/secret_bytes.h"

#include <sodium.h>

#include <cstring>
#include <utility>

#include "eventstore/base/check.h"

namespace samverk::privacy {

SecretBytes::SecretBytes(size_t size) : size_(size) {
  // Every use of a key begins here, so that the library is ready for it.
  SAMVERK_CHECK(sodium_init() >= 0) << "libsodium cannot be used here";
  if (size == 0) return;
  data_ = static_cast<uint8_t*>(sodium_malloc(size));
  SAMVERK_CHECK(data_ != nullptr)
      << "there is no memory for " << size << " secret bytes";
  std::memset(data_, 0, size);
}

SecretBytes SecretBytes::Random(size_t size) {
  SecretBytes bytes(size);
  randombytes_buf(bytes.data_, size);
  return bytes;
}

SecretBytes SecretBytes::CopyOf(std::string_view bytes) {
  SecretBytes copy(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data_, bytes.data(), bytes.size());
  return copy;
}

SecretBytes::~SecretBytes() {
  sodium_free(data_);  // wipes first
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace samverk::privacy
