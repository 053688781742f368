// Bytes that are kept in few places, and not for longer than needed.
#ifndef SAMVERK_SERVICES_PRIVACY_SECRET_BYTES_H_
#define SAMVERK_SERVICES_PRIVACY_SECRET_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/types/span.h"

namespace samverk::privacy {

// Owns bytes in memory of their own: guarded against reading past the end, kept
// out of swap and core dumps as far as the system allows, wiped when they are
// given back. Takes a page of memory, whatever its size. Moved, not copied; one
// that was moved from is empty. Like a string as to threads.
class SecretBytes {
 public:
  SecretBytes() = default;
  // Zeros. Ends the process when there is no memory.
  explicit SecretBytes(size_t size);
  static SecretBytes Random(size_t size);
  static SecretBytes CopyOf(std::string_view bytes);
  ~SecretBytes();
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  size_t size() const { return size_; }
  const uint8_t* data() const { return data_; }
  // These bytes; valid as long as they are.
  std::string_view view() const {
    return {reinterpret_cast<const char*>(data_), size_};
  }
  absl::Span<uint8_t> span() { return {data_, size_}; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_SECRET_BYTES_H_
