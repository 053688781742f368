#include "clients/cli/disclosure_mask.h"

#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "proto/codec/message_walk.h"

namespace samverk::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// "persons.name" of "persons[2].name".
std::string WithoutIndexes(std::string path) {
  for (size_t at = path.find('['); at != std::string::npos;
       at = path.find('[', at)) {
    path.erase(at, path.find(']', at) - at + 1);
  }
  return path;
}

std::string FieldPath(const std::string& path, const FieldDescriptor& field) {
  return path.empty() ? field.name() : absl::StrCat(path, ".", field.name());
}

}  // namespace

void DisclosureMask::Apply(view::v1::LoggedEvent& logged) {
  codec::ForEachMessage(*logged.mutable_event(),
                        [this](Message& message, const std::string& path) {
                          return MaskMessage(message, WithoutIndexes(path));
                        });
  if (pseudonyms_.Mask(*logged.mutable_stream(), by_)) masked_.insert("stream");
  for (std::string& tag : *logged.mutable_tags()) {
    if (pseudonyms_.Mask(tag, by_)) masked_.insert("tags");
  }
}

bool DisclosureMask::MaskMessage(Message& message, const std::string& path) {
  const auto* type = message.GetDescriptor();
  // What somebody was looked up for is about them too.
  if (type == event::v1::Personal::descriptor() ||
      type == event::v1::SealedDataRead::descriptor()) {
    if (message.ByteSizeLong() > 0) masked_.insert(path);
    message.Clear();
    return false;
  }
  MaskTexts(message, path);
  return true;
}

void DisclosureMask::MaskTexts(Message& message, const std::string& path) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->type() != FieldDescriptor::TYPE_STRING) continue;
    const std::string name = FieldPath(path, *field);
    if (HoldsPseudonyms(*field)) {
      reflection->ClearField(&message, field);
      masked_.insert(name);
      continue;
    }
    const int size =
        field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      std::string text = field->is_repeated()
                             ? reflection->GetRepeatedString(message, field, i)
                             : reflection->GetString(message, field);
      if (free_text_.Is(*field)) ++unread_[name];
      if (!pseudonyms_.Mask(text, by_)) continue;
      masked_.insert(name);
      if (field->is_repeated()) {
        reflection->SetRepeatedString(&message, field, i, std::move(text));
      } else {
        reflection->SetString(&message, field, std::move(text));
      }
    }
  }
}

}  // namespace samverk::cli
