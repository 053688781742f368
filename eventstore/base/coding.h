// Numbers as bytes: varints (as in protocol buffers) and fixed widths.
#ifndef SAMVERK_EVENTSTORE_BASE_CODING_H_
#define SAMVERK_EVENTSTORE_BASE_CODING_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace samverk {

inline size_t VarintLength(uint64_t value) {
  size_t n = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++n;
  }
  return n;
}

inline void PutVarint(uint64_t value, std::string& out) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

// Takes a varint from the front of `in`. False, with `in` unspecified, when it
// is cut off, longer than 64 bits or not in its shortest form.
inline bool TakeVarint(std::string_view& in, uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    if (shift == 63 && byte > 1) return false;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return byte != 0 || shift == 0;
  }
  return false;
}

// A length and that many bytes.
inline void PutBytes(std::string_view bytes, std::string& out) {
  PutVarint(bytes.size(), out);
  out.append(bytes);
}
inline bool TakeBytes(std::string_view& in, std::string_view& bytes) {
  uint64_t length;
  if (!TakeVarint(in, length) || length > in.size()) return false;
  bytes = in.substr(0, length);
  in.remove_prefix(length);
  return true;
}

inline uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^
         static_cast<uint64_t>(value >> 63);
}
inline int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

// Little endian: fields of records. This code runs on little-endian machines.
template <typename T>
void PutLittle(T value, std::string& out) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}
template <typename T>
T GetLittle(const char* p) {
  T value;
  std::memcpy(&value, p, sizeof(T));
  return value;
}

// Big endian: keys, which then sort as their numbers do, and formats of others.
inline void PutBig32(uint32_t value, std::string& out) {
  const uint32_t big = __builtin_bswap32(value);
  out.append(reinterpret_cast<const char*>(&big), sizeof(big));
}
inline uint32_t GetBig32(const char* p) {
  return __builtin_bswap32(GetLittle<uint32_t>(p));
}
inline void PutBig64(uint64_t value, std::string& out) {
  const uint64_t big = __builtin_bswap64(value);
  out.append(reinterpret_cast<const char*>(&big), sizeof(big));
}
inline uint64_t GetBig64(const char* p) {
  return __builtin_bswap64(GetLittle<uint64_t>(p));
}

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "records are little endian");

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_CODING_H_
