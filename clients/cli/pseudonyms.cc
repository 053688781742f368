#include "clients/cli/pseudonyms.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "google/protobuf/message.h"
#include "proto/codec/message_walk.h"

namespace samverk::cli {
namespace {

using event::v1::Event;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsWord(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c));
}

bool EndsAt(std::string_view text, size_t at) {
  return at >= text.size() || !IsWord(text[at]);
}

}  // namespace

bool HoldsPseudonyms(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_STRING &&
         (field.name() == "subject" || field.name() == "subjects" ||
          field.name() == "principal");
}

void Pseudonyms::Add(std::string_view pseudonym) {
  if (pseudonym.empty()) return;
  all_.insert(absl::AsciiStrToLower(
      absl::string_view(pseudonym.data(), pseudonym.size())));
  sizes_.insert(pseudonym.size());
}

void Pseudonyms::AddFrom(const Event& event) {
  const auto visit = [this](Message& message, const std::string&) {
    const auto* reflection = message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (!HoldsPseudonyms(*field)) continue;
      if (!field->is_repeated()) Add(reflection->GetString(message, field));
      for (int i = 0;
           field->is_repeated() && i < reflection->FieldSize(message, field);
           ++i) {
        Add(reflection->GetRepeatedString(message, field, i));
      }
    }
    return true;
  };
  // The walk changes nothing that its visitor does not change.
  codec::ForEachMessage(const_cast<Event&>(event), visit);
}

size_t Pseudonyms::LengthAt(std::string_view text, size_t at) const {
  for (const size_t size : sizes_) {
    if (size > text.size() - at) continue;
    const size_t end = at + size;
    const bool genitive =
        end < text.size() && text[end] == 's' && EndsAt(text, end + 1);
    if (!EndsAt(text, end) && !genitive) continue;
    const std::string_view word = text.substr(at, size);
    if (!all_.contains(absl::string_view(word.data(), word.size()))) continue;
    return genitive ? size + 1 : size;
  }
  return 0;
}

bool Pseudonyms::Mask(std::string& text, std::string_view by) const {
  if (all_.empty()) return false;
  const std::string small = absl::AsciiStrToLower(text);
  std::string masked;
  size_t copied = 0;
  for (size_t at = 0; at < small.size();) {
    const bool begins = at == 0 || !IsWord(small[at - 1]) || at == copied;
    const size_t length = begins ? LengthAt(small, at) : 0;
    if (length == 0) {
      ++at;
      continue;
    }
    masked.append(text, copied, at - copied).append(by);
    at += length;
    copied = at;
  }
  if (copied == 0) return false;
  masked.append(text, copied, std::string::npos);
  text = std::move(masked);
  return true;
}

}  // namespace samverk::cli
