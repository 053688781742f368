#include "eventstore/record.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/coding.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/limits.h"

namespace samverk {
namespace {

// Tags of protocol buffer fields: number << 3 | wire type.
constexpr char kId = 0x0a;
constexpr char kStream = 0x12;
constexpr char kType = 0x1a;
constexpr char kTag = 0x22;
constexpr char kOccurred = 0x2a;
constexpr char kMetadata = 0x32;
constexpr char kPayload = 0x3a;
constexpr char kFromUs = 0x08;
constexpr char kToUs = 0x10;

// The metadata's fields in the order of their numbers, 1 to 7.
constexpr std::string Metadata::*kMetadataFields[] = {
    &Metadata::source_system,  &Metadata::source_ref,
    &Metadata::recorded_by,    &Metadata::on_behalf_of,
    &Metadata::correlation_id, &Metadata::causation_id,
    &Metadata::traceparent};
constexpr std::string_view BodyView::*kMetadataViews[] = {
    &BodyView::source_system,  &BodyView::source_ref,
    &BodyView::recorded_by,    &BodyView::on_behalf_of,
    &BodyView::correlation_id, &BodyView::causation_id,
    &BodyView::traceparent};

char LengthDelimited(size_t number) {
  return static_cast<char>(number << 3 | 2);
}

void PutField(char tag, std::string_view bytes, std::string& out) {
  out.push_back(tag);
  PutBytes(bytes, out);
}

void PutFieldIfAny(char tag, std::string_view bytes, std::string& out) {
  if (!bytes.empty()) PutField(tag, bytes, out);
}

void PutOccurred(const Interval& interval, std::string& out) {
  std::string bytes;
  if (interval.from_us != 0) {
    bytes.push_back(kFromUs);
    PutVarint(ZigZag(interval.from_us), bytes);
  }
  if (interval.to_us != 0) {
    bytes.push_back(kToUs);
    PutVarint(ZigZag(interval.to_us), bytes);
  }
  PutField(kOccurred, bytes, out);
}

void PutMetadata(const Metadata& metadata, std::string& out) {
  size_t length = 0;
  for (const auto field : kMetadataFields) {
    const size_t size = (metadata.*field).size();
    if (size > 0) length += 1 + VarintLength(size) + size;
  }
  if (length == 0) return;
  out.push_back(kMetadata);
  PutVarint(length, out);
  for (size_t i = 0; i < std::size(kMetadataFields); ++i) {
    PutFieldIfAny(LengthDelimited(i + 1), metadata.*kMetadataFields[i], out);
  }
}

// Tags in order of bytes, each once.
absl::InlinedVector<std::string_view, 8> SortedTags(
    const std::vector<std::string>& tags) {
  absl::InlinedVector<std::string_view, 8> sorted(tags.begin(), tags.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

absl::Status Damaged(std::string_view what) {
  const std::string text(what);
  return MakeError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      absl::StrCat("a stored record is damaged: ", text,
                   "; stop, restore a backup and compare it with a kept "
                   "checkpoint"),
      {{"what", text}});
}

// Takes the field `tag` if it comes next. False when it is cut off or empty.
bool TakeFieldIfNext(char tag, std::string_view& in, std::string_view& bytes) {
  if (in.empty() || in.front() != tag) return true;
  in.remove_prefix(1);
  return TakeBytes(in, bytes) && !bytes.empty();
}

// Steps over every field `tag` that comes next. False when one is cut off.
bool SkipFields(char tag, std::string_view& in) {
  std::string_view passed;
  while (!in.empty() && in.front() == tag) {
    in.remove_prefix(1);
    if (!TakeBytes(in, passed)) return false;
  }
  return true;
}

bool TakeSint(char tag, std::string_view& in, int64_t& value) {
  if (in.empty() || in.front() != tag) return true;
  in.remove_prefix(1);
  uint64_t raw;
  if (!TakeVarint(in, raw) || raw == 0) return false;
  value = UnZigZag(raw);
  return true;
}

bool TakeTags(std::string_view& in, BodyView& body) {
  while (!in.empty() && in.front() == kTag) {
    in.remove_prefix(1);
    std::string_view tag;
    if (!TakeBytes(in, tag)) return false;
    if (!body.tags.empty() && body.tags.back() >= tag) return false;
    body.tags.push_back(tag);
  }
  return true;
}

bool TakeOccurred(std::string_view& in, BodyView& body) {
  if (in.empty() || in.front() != kOccurred) return true;
  in.remove_prefix(1);
  std::string_view bytes;
  if (!TakeBytes(in, bytes)) return false;
  Interval interval;
  if (!TakeSint(kFromUs, bytes, interval.from_us) ||
      !TakeSint(kToUs, bytes, interval.to_us) || !bytes.empty()) {
    return false;
  }
  body.occurred = interval;
  return true;
}

bool TakeMetadata(std::string_view& in, BodyView& body) {
  std::string_view bytes;
  if (!TakeFieldIfNext(kMetadata, in, bytes)) return false;
  for (size_t i = 0; i < std::size(kMetadataViews); ++i) {
    if (!TakeFieldIfNext(LengthDelimited(i + 1), bytes,
                         body.*kMetadataViews[i])) {
      return false;
    }
  }
  return bytes.empty();
}

}  // namespace

std::string EncodeBody(const NewEvent& event) {
  const auto tags = SortedTags(event.tags);
  size_t size =
      64 + event.stream.size() + event.type.size() + event.payload.size();
  for (const std::string_view tag : tags) size += tag.size() + 3;
  for (const auto field : kMetadataFields) {
    size += (event.metadata.*field).size() + 3;
  }
  std::string out;
  out.reserve(size);
  PutField(kId,
           {reinterpret_cast<const char*>(event.id.bytes.data()),
            event.id.bytes.size()},
           out);
  PutFieldIfAny(kStream, event.stream, out);
  PutFieldIfAny(kType, event.type, out);
  for (const std::string_view tag : tags) PutField(kTag, tag, out);
  if (event.occurred.has_value()) PutOccurred(*event.occurred, out);
  PutMetadata(event.metadata, out);
  PutFieldIfAny(kPayload, event.payload, out);
  return out;
}

absl::StatusOr<BodyView> DecodeBody(std::string_view in) {
  BodyView body;
  std::string_view id;
  if (!TakeFieldIfNext(kId, in, id) || id.size() != body.id.bytes.size()) {
    return Damaged("its body has no event id");
  }
  std::copy(id.begin(), id.end(), body.id.bytes.begin());
  if (!TakeFieldIfNext(kStream, in, body.stream) ||
      !TakeFieldIfNext(kType, in, body.type) || !TakeTags(in, body) ||
      !TakeOccurred(in, body) || !TakeMetadata(in, body) ||
      !TakeFieldIfNext(kPayload, in, body.payload) || !in.empty()) {
    return Damaged("its body cannot be taken apart");
  }
  return body;
}

absl::StatusOr<StatedView> DecodeStated(std::string_view in) {
  StatedView stated;
  std::string_view id;
  if (!TakeFieldIfNext(kId, in, id) || id.size() != stated.id.bytes.size()) {
    return Damaged("its body has no event id");
  }
  if (!SkipFields(kStream, in) || !TakeFieldIfNext(kType, in, stated.type) ||
      !SkipFields(kTag, in) || !SkipFields(kOccurred, in) ||
      !SkipFields(kMetadata, in) ||
      !TakeFieldIfNext(kPayload, in, stated.payload) || !in.empty()) {
    return Damaged("its body cannot be taken apart");
  }
  std::copy(id.begin(), id.end(), stated.id.bytes.begin());
  return stated;
}

void AppendRecord(const RecordHeader& header, std::string_view body,
                  std::string& out) {
  out.push_back(static_cast<char>(kRecordFormat));
  out.append(3, '\0');
  PutLittle(static_cast<uint32_t>(body.size()), out);
  PutLittle(header.position.value(), out);
  PutLittle(header.revision.value(), out);
  PutLittle(header.recorded_at_us, out);
  out.append(reinterpret_cast<const char*>(header.salt.data()),
             header.salt.size());
  out.append(body);
}

absl::StatusOr<RecordView> RecordView::Of(std::string_view record) {
  if (record.size() < kRecordHeaderBytes ||
      record.size() > limits::kRecordBytes) {
    return Damaged(absl::StrCat("it has ", record.size(), " bytes"));
  }
  const char* p = record.data();
  // The format and its three zero bytes.
  if (GetLittle<uint32_t>(p) != kRecordFormat) {
    return Damaged("its format is unknown");
  }
  if (GetLittle<uint32_t>(p + 4) != record.size() - kRecordHeaderBytes) {
    return Damaged("its length is not what its header says");
  }
  RecordView view;
  RecordHeader& header = view.header_;
  header.position = Position(GetLittle<uint64_t>(p + 8));
  header.revision = Revision(GetLittle<uint64_t>(p + 16));
  header.recorded_at_us = GetLittle<int64_t>(p + 24);
  std::memcpy(header.salt.data(), p + 32, header.salt.size());
  if (header.position == Position() || header.revision == Revision() ||
      header.revision.value() > header.position.value()) {
    return Damaged("its position or revision is impossible");
  }
  view.record_ = record;
  return view;
}

absl::StatusOr<RecordedEvent> RecordedEvent::FromRecord(std::string record) {
  ASSIGN_OR_RETURN(const RecordView view, RecordView::Of(record));
  const RecordHeader header = view.header();
  return RecordedEvent(header, std::move(record));
}

RecordView RecordedEvent::view() const {
  RecordView view;
  view.header_ = header_;
  view.record_ = record_;
  return view;
}

}  // namespace samverk
