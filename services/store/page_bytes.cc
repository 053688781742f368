#include "services/store/page_bytes.h"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "eventstore/base/coding.h"

namespace samverk {
namespace {

// Fields of ReadResponse and RecordedEvent as they stand on the wire: the
// field's number and its wire type (0 varint, 2 length and bytes).
constexpr char kEvents = (1 << 3) | 2;
constexpr char kScannedTo = (2 << 3) | 0;
constexpr char kHead = (3 << 3) | 0;
constexpr char kPosition = (1 << 3) | 0;
constexpr char kRevision = (2 << 3) | 0;
constexpr char kRecordedAt = (3 << 3) | 0;
constexpr char kSalt = (4 << 3) | 2;
constexpr char kBody = (5 << 3) | 2;

// An upper bound of what stands before each body: eight bytes that are fields'
// tags and lengths of one byte, the salt, and six varints.
constexpr size_t kBeforeBody = 8 + 16 + 6 * 10;

// Writes a field and gives the place behind it.
char* WriteNumber(char field, uint64_t value, char* to) {
  *to++ = field;
  for (; value >= 0x80; value >>= 7) {
    *to++ = static_cast<char>((value & 0x7f) | 0x80);
  }
  *to++ = static_cast<char>(value);
  return to;
}

}  // namespace

void PageBytes::Add(const RecordView& event) {
  const RecordHeader& header = event.header();
  const std::string_view body = event.body();
  char inner[kBeforeBody];
  char* end = WriteNumber(kPosition, header.position.value(), inner);
  end = WriteNumber(kRevision, header.revision.value(), end);
  end = WriteNumber(kRecordedAt, ZigZag(header.recorded_at_us), end);
  end = WriteNumber(kSalt, header.salt.size(), end);
  std::memcpy(end, header.salt.data(), header.salt.size());
  end = WriteNumber(kBody, body.size(), end + header.salt.size());
  const auto length = static_cast<size_t>(end - inner);
  char outer[11];
  char* const outer_end = WriteNumber(kEvents, length + body.size(), outer);
  if (events_ == 0) bytes_.reserve(expected_size_);
  bytes_.append(outer, static_cast<size_t>(outer_end - outer));
  bytes_.append(inner, length);
  bytes_.append(body);
  ++events_;
}

std::string PageBytes::Take(Position scanned_to, Position head) {
  char numbers[22];
  char* end = numbers;
  if (scanned_to > Position(0)) {
    end = WriteNumber(kScannedTo, scanned_to.value(), end);
  }
  if (head > Position(0)) end = WriteNumber(kHead, head.value(), end);
  bytes_.append(numbers, static_cast<size_t>(end - numbers));
  events_ = 0;
  // A little more, so that the next one does not grow for a few bytes.
  expected_size_ = bytes_.size() + bytes_.size() / 16;
  return std::exchange(bytes_, std::string());
}

}  // namespace samverk
