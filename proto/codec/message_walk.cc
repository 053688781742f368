#include "proto/codec/message_walk.h"

#include <vector>

#include "absl/strings/str_cat.h"

namespace samverk::codec {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void Walk(Message& message, const std::string& path, OnMessage visit) {
  if (!visit(message, path)) return;
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr) continue;
    const std::string inner =
        path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
    if (!field->is_repeated()) {
      Walk(*reflection->MutableMessage(&message, field), inner, visit);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      Walk(*reflection->MutableRepeatedMessage(&message, field, i),
           absl::StrCat(inner, "[", i, "]"), visit);
    }
  }
}

}  // namespace

void ForEachMessage(Message& message, OnMessage visit) {
  Walk(message, "", visit);
}

}  // namespace samverk::codec
