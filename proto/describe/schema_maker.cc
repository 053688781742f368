#include "proto/describe/schema_maker.h"

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "proto/describe/contracts.h"

namespace samverk::describe {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;

constexpr char kEvent[] = "samverk.event.v1.Event";
// A field of this message holds an event that takes its envelope from the one
// around it.
constexpr char kCorrection[] = "samverk.event.v1.EventCorrected";

bool IsEvent(const Descriptor& message) {
  return message.full_name() == kEvent;
}

// tests/recording compares these words with what the rules require.
bool IsRequired(const FieldDescriptor& field) {
  const std::string comment = CommentOf(field);
  return absl::StrContains(comment, "Required.") ||
         absl::StrContains(comment, "At least one.");
}

std::vector<const FieldDescriptor*> FieldsOf(const Descriptor& message) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < message.field_count(); ++i) {
    fields.push_back(message.field(i));
  }
  return fields;
}

std::vector<std::string> RequiredOf(
    const std::vector<const FieldDescriptor*>& fields) {
  std::vector<std::string> names;
  for (const FieldDescriptor* field : fields) {
    if (IsRequired(*field)) names.push_back(field->name());
  }
  return names;
}

void Describe(Json& schema, const std::string& comment) {
  if (!comment.empty()) schema.Set("description", comment);
}

// A whole number of 64 bits is a text, and taken as a number too.
Json WholeNumber(const char* pattern) {
  return Json::Object()
      .Set("type", Json::Texts({"string", "integer"}))
      .Set("pattern", pattern);
}

template <typename Number>
Json SmallNumber() {
  return Json::Object()
      .Set("type", "integer")
      .Set("minimum", Json::Number(std::numeric_limits<Number>::min()))
      .Set("maximum", Json::Number(std::numeric_limits<Number>::max()));
}

Json PatternText(const char* pattern) {
  return Json::Object().Set("type", "string").Set("pattern", pattern);
}

Json HasField(const FieldDescriptor& field) {
  return Json::Object().Set("required", Json::Texts({field.name()}));
}

// One of the arms, or, unless one must be set, none.
Json ArmsOf(const OneofDescriptor& oneof, bool must_be_set) {
  Json choices = Json::List();
  Json any = Json::List();
  for (int i = 0; i < oneof.field_count(); ++i) {
    choices.Add(HasField(*oneof.field(i)));
    any.Add(HasField(*oneof.field(i)));
  }
  if (!must_be_set) {
    choices.Add(
        Json::Object().Set("not", Json::Object().Set("anyOf", std::move(any))));
  }
  return choices;
}

}  // namespace

Json SchemaMaker::ReferTo(const std::string& name) const {
  return Json::Object().Set("$ref", prefix_ + name);
}

Json SchemaMaker::Define(const std::string& name, Json schema) {
  definitions_.insert_or_assign(name, std::move(schema));
  return ReferTo(name);
}

Json SchemaMaker::Reference(const Descriptor& message) {
  // A message may have itself in it: the name is taken before.
  if (definitions_.emplace(message.full_name(), Json::Object()).second) {
    definitions_.insert_or_assign(message.full_name(), Message(message));
  }
  return ReferTo(message.full_name());
}

Json SchemaMaker::Definitions() const {
  Json all = Json::Object();
  for (const auto& [name, schema] : definitions_) all.Set(name, schema);
  return all;
}

Json SchemaMaker::Fields(const std::string& words,
                         const std::vector<const FieldDescriptor*>& all,
                         const std::vector<std::string>& required) {
  Json properties = Json::Object();
  for (const FieldDescriptor* field : all) {
    properties.Set(field->name(), Field(*field));
  }
  Json schema = Json::Object();
  Describe(schema, words);
  schema.Set("type", "object").Set("properties", std::move(properties));
  if (!required.empty()) schema.Set("required", Json::Texts(required));
  return schema.Set("additionalProperties", Json::Bool(false));
}

Json SchemaMaker::Message(const Descriptor& message) {
  const auto fields = FieldsOf(message);
  Json schema = Fields(CommentOf(message), fields, RequiredOf(fields));
  // None of our messages has two.
  GOOGLE_CHECK_LE(message.real_oneof_decl_count(), 1) << message.full_name();
  if (message.real_oneof_decl_count() == 1) {
    schema.Set("oneOf", ArmsOf(*message.oneof_decl(0), IsEvent(message)));
  }
  return schema;
}

Json SchemaMaker::EventOfKind(const Descriptor& event,
                              const FieldDescriptor& kind) {
  std::vector<const FieldDescriptor*> fields;
  for (const FieldDescriptor* field : FieldsOf(event)) {
    const bool arm = field->real_containing_oneof() != nullptr;
    if (!arm || field == &kind) fields.push_back(field);
  }
  std::vector<std::string> required = RequiredOf(fields);
  required.push_back(kind.name());
  return Fields(CommentOf(kind), fields, required);
}

Json SchemaMaker::Replacement(const Descriptor& event) {
  const std::string name = absl::StrCat(event.full_name(), ".replacement");
  // It may be a correction again: the name is taken before.
  if (!definitions_.emplace(name, Json::Object()).second) return ReferTo(name);
  Json schema = Fields(
      "An event in place of another. What its envelope does not say is as in "
      "the correction around it.",
      FieldsOf(event), {});
  schema.Set("oneOf", ArmsOf(*event.oneof_decl(0), true));
  return Define(name, std::move(schema));
}

// By their names. "Not given" is said by leaving the field out.
Json SchemaMaker::Enum(const EnumDescriptor& type) {
  std::vector<std::string> names;
  std::string words = CommentOf(type);
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    if (absl::EndsWith(value.name(), "_UNSPECIFIED")) continue;
    names.push_back(value.name());
    absl::StrAppend(&words, "\n", value.name(), ": ", CommentOf(value));
  }
  return Define(type.full_name(), Json::Object()
                                      .Set("description", words)
                                      .Set("type", "string")
                                      .Set("enum", Json::Texts(names)));
}

Json SchemaMaker::Field(const FieldDescriptor& field) {
  // None of the contracts that are described has one.
  GOOGLE_CHECK(!field.is_map()) << field.full_name();
  Json schema = Json::Object();
  if (field.is_repeated()) {
    schema.Set("type", "array").Set("items", Value(field));
    if (IsRequired(field)) schema.Set("minItems", Json::Number(1));
  } else {
    schema = Value(field);
    if (IsRequired(field) && field.type() == FieldDescriptor::TYPE_STRING) {
      schema.Set("minLength", Json::Number(1));
    }
  }
  Describe(schema, CommentOf(field));
  return schema;
}

Json SchemaMaker::Value(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return SmallNumber<int32_t>();
    case FieldDescriptor::CPPTYPE_UINT32:
      return SmallNumber<uint32_t>();
    case FieldDescriptor::CPPTYPE_INT64:
      return WholeNumber("^(0|-?[1-9][0-9]{0,18})$");
    case FieldDescriptor::CPPTYPE_UINT64:
      return WholeNumber("^(0|[1-9][0-9]{0,19})$")
          .Set("minimum", Json::Number(0));
    case FieldDescriptor::CPPTYPE_BOOL:
      return Json::Object().Set("type", "boolean");
    case FieldDescriptor::CPPTYPE_ENUM:
      return Enum(*field.enum_type());
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) {
        return PatternText("^[A-Za-z0-9+/_-]*={0,2}$")
            .Set("contentEncoding", "base64");
      }
      return Json::Object().Set("type", "string");
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Descriptor& type = *field.message_type();
      if (type.full_name() == "google.protobuf.Timestamp") {
        return Json::Object().Set("type", "string").Set("format", "date-time");
      }
      if (type.full_name() == "google.protobuf.Duration") {
        return PatternText("^-?[0-9]+(\\.[0-9]{1,9})?s$");
      }
      if (field.containing_type()->full_name() == kCorrection) {
        return Replacement(type);
      }
      return Reference(type);
    }
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      break;
  }
  GOOGLE_LOG(FATAL) << "no contract has a floating-point number: "
                    << field.full_name();
  return Json::Object();
}

}  // namespace samverk::describe
