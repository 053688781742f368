// A record: what is stored, hashed and proved. docs/log_format.md has every
// byte and a worked example.
#ifndef SAMVERK_EVENTSTORE_RECORD_H_
#define SAMVERK_EVENTSTORE_RECORD_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eventstore/types.h"

namespace samverk {

// Header, little endian; then the body (samverk.store.v1.EventBody).
//   0  u8   format, 1
//   1  u8[3] zero
//   4  u32  body length
//   8  u64  position
//  16  u64  revision
//  24  i64  recorded_at, microseconds since 1970-01-01T00:00:00Z
//  32  u8[16] salt
inline constexpr size_t kRecordHeaderBytes = 48;
inline constexpr uint8_t kRecordFormat = 1;

// What the writer fills in.
struct RecordHeader {
  Position position;
  Revision revision;
  int64_t recorded_at_us = 0;
  std::array<uint8_t, 16> salt{};
};

// A body taken apart; views into the bytes it was decoded from.
struct BodyView {
  EventId id;
  std::string_view stream;
  std::string_view type;
  absl::InlinedVector<std::string_view, 8> tags;
  std::optional<Interval> occurred;
  std::string_view source_system;
  std::string_view source_ref;
  std::string_view recorded_by;
  std::string_view on_behalf_of;
  std::string_view correlation_id;
  std::string_view causation_id;
  std::string_view traceparent;
  std::string_view payload;
};

// The body's only encoding: fields in order, tags sorted and without
// repetition, defaults left out. Pure.
std::string EncodeBody(const NewEvent& event);

// Takes a body apart. DATA_LOSS (DAMAGED) when it is not what EncodeBody can
// give.
absl::StatusOr<BodyView> DecodeBody(std::string_view body);

// What a body states, without where it is filed.
struct StatedView {
  EventId id;
  std::string_view type;
  std::string_view payload;
};

// Takes what is stated out of a body; for readers of the whole log, as it costs
// a fifth of DecodeBody. Of the other fields no more is checked than that they
// are in their order and end in the body. DATA_LOSS (DAMAGED) otherwise.
absl::StatusOr<StatedView> DecodeStated(std::string_view body);

// Appends header and body to `out`.
void AppendRecord(const RecordHeader& header, std::string_view body,
                  std::string& out);

// One stored event where it lies; checked when made. The bytes are somebody
// else's, who says how long they stay.
class RecordView {
 public:
  // Checks format, lengths and numbers. DATA_LOSS (DAMAGED) otherwise.
  static absl::StatusOr<RecordView> Of(std::string_view record);

  Position position() const { return header_.position; }
  const RecordHeader& header() const { return header_; }
  // Header and body: the bytes that the tree hashes.
  std::string_view record() const { return record_; }
  std::string_view body() const { return record_.substr(kRecordHeaderBytes); }

 private:
  friend class RecordedEvent;
  RecordView() = default;

  RecordHeader header_;
  std::string_view record_;
};

// One stored event. Owns its bytes; checked when made.
class RecordedEvent {
 public:
  RecordedEvent() = default;  // of no use but to be assigned to
  // As RecordView::Of.
  static absl::StatusOr<RecordedEvent> FromRecord(std::string record);
  // A copy.
  explicit RecordedEvent(const RecordView& view)
      : header_(view.header_), record_(view.record_) {}

  Position position() const { return header_.position; }
  Revision revision() const { return header_.revision; }
  absl::Time recorded_at() const {
    return absl::FromUnixMicros(header_.recorded_at_us);
  }
  const RecordHeader& header() const { return header_; }
  // Header and body: the bytes that the tree hashes.
  const std::string& record() const { return record_; }
  std::string_view body() const {
    return std::string_view(record_).substr(kRecordHeaderBytes);
  }
  // Lasts as long as this does, unmoved.
  RecordView view() const;

 private:
  RecordedEvent(const RecordHeader& header, std::string record)
      : header_(header), record_(std::move(record)) {}

  RecordHeader header_;
  std::string record_;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_RECORD_H_
