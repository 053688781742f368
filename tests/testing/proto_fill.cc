#include "tests/testing/proto_fill.h"

#include <string>

#include "google/protobuf/descriptor.h"

namespace samverk::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Sets or adds one value. `salt` tells the values of a repeated field apart.
void PutOne(const FieldDescriptor* f, int salt, int depth, Message* m) {
  const auto& r = *m->GetReflection();
  const bool add = f->is_repeated();
  const int n = f->number() + 1000 * salt;
  switch (f->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      add ? r.AddInt32(m, f, -n) : r.SetInt32(m, f, -n);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      add ? r.AddInt64(m, f, -n) : r.SetInt64(m, f, -n);
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      add ? r.AddUInt32(m, f, n) : r.SetUInt32(m, f, n);
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      add ? r.AddUInt64(m, f, n) : r.SetUInt64(m, f, n);
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      add ? r.AddDouble(m, f, n) : r.SetDouble(m, f, n);
      break;
    case FieldDescriptor::CPPTYPE_FLOAT:
      add ? r.AddFloat(m, f, 1.5F) : r.SetFloat(m, f, 1.5F);
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      add ? r.AddBool(m, f, true) : r.SetBool(m, f, true);
      break;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* last =
          f->enum_type()->value(f->enum_type()->value_count() - 1);
      add ? r.AddEnum(m, f, last) : r.SetEnum(m, f, last);
      break;
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      // Some characters that JSON must escape, and some that UTF-8 spreads.
      const std::string value =
          f->name() + " \"å\\\n\U0001F600\" " + std::to_string(n);
      add ? r.AddString(m, f, value) : r.SetString(m, f, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (depth > 0) {
        FillAllFields(add ? *r.AddMessage(m, f) : *r.MutableMessage(m, f),
                      depth - 1);
      }
      break;
  }
}

}  // namespace

void FillAllFields(Message& message, int depth) {
  const auto* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const auto* oneof = field->real_containing_oneof();
    if (oneof != nullptr && oneof->field(oneof->field_count() - 1) != field) {
      continue;
    }
    PutOne(field, 0, depth, &message);
    if (field->is_repeated()) PutOne(field, 1, depth, &message);
  }
}

std::vector<event::v1::Event> OneOfEachKind() {
  const auto* oneof = event::v1::Event::descriptor()->FindOneofByName("fact");
  std::vector<event::v1::Event> events;
  for (int i = 0; i < oneof->field_count(); ++i) {
    event::v1::Event& event = events.emplace_back();
    FillAllFields(event);
    FillAllFields(
        *event.GetReflection()->MutableMessage(&event, oneof->field(i)));
  }
  return events;
}

}  // namespace samverk::testing
