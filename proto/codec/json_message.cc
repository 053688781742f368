#include "proto/codec/json_message.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "proto/codec/errors.h"

namespace samverk::codec {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Kind = JsonValue::Kind;

// Changes of one letter that make one word of another.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// The best of `candidates` for a misspelt word; empty when none is near.
std::string Nearest(const std::string& word,
                    const std::vector<std::string>& candidates) {
  constexpr size_t kWordBytesMax = 64;
  if (word.size() > kWordBytesMax) return "";
  std::string best;
  size_t least = word.size() / 3 + 2;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(word, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

constexpr size_t kShownBytes = 40;

// What a value is, as a sentence shows it.
std::string Shown(const JsonValue& value) {
  if (value.kind == Kind::kString) return Quoted(value.text);
  if (value.kind == Kind::kNumber) return Clipped(value.text, kShownBytes);
  return std::string(KindName(value.kind));
}

bool IsWholeNumber(const std::string& text) {
  const size_t first = !text.empty() && text[0] == '-' ? 1 : 0;
  if (text.size() == first) return false;
  if (text[first] == '0' && text.size() > first + 1) return false;
  return text.find_first_not_of("0123456789", first) == std::string::npos;
}

// A sum of money: the sentence says that öre are counted.
bool IsOre(const FieldDescriptor& field) {
  const std::string& name = field.name();
  return name == "ore" ||
         (name.size() > 4 && name.substr(name.size() - 4) == "_ore");
}

// Sets a field, or adds to a repeated one.
template <typename Value>
void Put(Value value, const FieldDescriptor& field, Message& message) {
  const Reflection& r = *message.GetReflection();
  Message* m = &message;
  const FieldDescriptor* f = &field;
  const bool add = field.is_repeated();
  if constexpr (std::is_same_v<Value, int32_t>) {
    add ? r.AddInt32(m, f, value) : r.SetInt32(m, f, value);
  } else if constexpr (std::is_same_v<Value, int64_t>) {
    add ? r.AddInt64(m, f, value) : r.SetInt64(m, f, value);
  } else if constexpr (std::is_same_v<Value, uint32_t>) {
    add ? r.AddUInt32(m, f, value) : r.SetUInt32(m, f, value);
  } else if constexpr (std::is_same_v<Value, uint64_t>) {
    add ? r.AddUInt64(m, f, value) : r.SetUInt64(m, f, value);
  } else if constexpr (std::is_same_v<Value, bool>) {
    add ? r.AddBool(m, f, value) : r.SetBool(m, f, value);
  } else if constexpr (std::is_same_v<Value, const EnumValueDescriptor*>) {
    add ? r.AddEnum(m, f, value) : r.SetEnum(m, f, value);
  } else {
    static_assert(std::is_same_v<Value, std::string>);
    add ? r.AddString(m, f, std::move(value))
        : r.SetString(m, f, std::move(value));
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  absl::Status Read(const JsonValue& value, const std::string& path,
                    Message& message) const;

 private:
  absl::Status Error(const JsonValue& value, const std::string& path,
                     JsonProblem problem, const JsonValues& values = {}) const {
    return JsonError(text_, value.at, path, problem, values);
  }
  absl::Status UnknownField(const JsonValue& object, size_t i,
                            const std::string& path,
                            const Descriptor& type) const;
  absl::Status ReadWellKnown(const JsonValue& value, const std::string& path,
                             Message& message) const;
  absl::Status ReadField(const JsonValue& value, const std::string& path,
                         const FieldDescriptor& field, Message& message) const;
  absl::Status ReadList(const JsonValue& value, const std::string& path,
                        const FieldDescriptor& field, Message& message) const;
  absl::Status ReadScalar(const JsonValue& value, const std::string& path,
                          const FieldDescriptor& field, Message& message) const;
  absl::Status ReadBool(const JsonValue& value, const std::string& path,
                        const FieldDescriptor& field, Message& message) const;
  absl::Status ReadEnum(const JsonValue& value, const std::string& path,
                        const FieldDescriptor& field, Message& message) const;
  absl::Status ReadString(const JsonValue& value, const std::string& path,
                          const FieldDescriptor& field, Message& message) const;
  template <typename Number>
  absl::Status ReadNumber(const JsonValue& value, const std::string& path,
                          const FieldDescriptor& field, Message& message) const;

  std::string_view text_;
};

// "a.b", or "b" at the top.
std::string Join(const std::string& path, const std::string& name) {
  return absl::StrCat(path, path.empty() ? "" : ".", name);
}

const FieldDescriptor* FindField(const Descriptor& type,
                                 const std::string& name) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  if (field != nullptr) return field;
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->json_name() == name) return type.field(i);
  }
  return nullptr;
}

absl::Status Reader::UnknownField(const JsonValue& object, size_t i,
                                  const std::string& path,
                                  const Descriptor& type) const {
  std::vector<std::string> names;
  for (int f = 0; f < type.field_count(); ++f) {
    names.push_back(type.field(f)->name());
  }
  const std::string nearest = Nearest(object.names[i], names);
  return JsonError(text_, object.name_at[i], Join(path, object.names[i]),
                   nearest.empty() ? JsonProblem::kUnknownField
                                   : JsonProblem::kMisspeltField,
                   {{"type", type.name()},
                    {"name", Quoted(object.names[i])},
                    {"nearest", nearest}});
}

absl::Status Reader::Read(const JsonValue& value, const std::string& path,
                          Message& message) const {
  const Descriptor& type = *message.GetDescriptor();
  if (type.file()->package() == "google.protobuf") {
    return ReadWellKnown(value, path, message);
  }
  if (value.kind != Kind::kObject) {
    return Error(value, path, JsonProblem::kNotAnObject,
                 {{"found", Shown(value)}, {"type", type.name()}});
  }
  // By field number, and by oneof: the name that was used.
  std::map<int, std::string> given;
  std::map<int, std::string> given_of_oneof;
  for (size_t i = 0; i < value.items.size(); ++i) {
    const std::string& name = value.names[i];
    const FieldDescriptor* field = FindField(type, name);
    if (field == nullptr) return UnknownField(value, i, path, type);
    const std::string field_path = Join(path, field->name());
    if (const auto [first, fresh] = given.emplace(field->number(), name);
        !fresh) {
      return JsonError(text_, value.name_at[i], field_path,
                       JsonProblem::kFieldTwice,
                       {{"first", first->second}, {"name", name}});
    }
    if (value.items[i].kind == Kind::kNull) continue;
    if (const auto* oneof = field->real_containing_oneof()) {
      const auto [first, fresh] =
          given_of_oneof.emplace(oneof->index(), field->name());
      if (!fresh) {
        return JsonError(text_, value.name_at[i], field_path,
                         JsonProblem::kSecondOfOneof,
                         {{"oneof", oneof->name()}, {"first", first->second}});
      }
    }
    absl::Status status =
        ReadField(value.items[i], field_path, *field, message);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Types with a form of their own in JSON.
absl::Status Reader::ReadWellKnown(const JsonValue& value,
                                   const std::string& path,
                                   Message& message) const {
  using google::protobuf::Duration;
  using google::protobuf::Timestamp;
  using google::protobuf::util::TimeUtil;
  const bool text = value.kind == Kind::kString;
  const Descriptor* type = message.GetDescriptor();
  if (type == Timestamp::descriptor()) {
    auto& time = static_cast<Timestamp&>(message);
    if (text && TimeUtil::FromString(value.text, &time)) {
      return absl::OkStatus();
    }
    return Error(value, path, JsonProblem::kNotATime,
                 {{"found", Shown(value)}});
  }
  if (type == Duration::descriptor()) {
    auto& duration = static_cast<Duration&>(message);
    if (text && TimeUtil::FromString(value.text, &duration)) {
      return absl::OkStatus();
    }
    return Error(value, path, JsonProblem::kNotADuration,
                 {{"found", Shown(value)}});
  }
  return Error(value, path, JsonProblem::kNotReadable);
}

absl::Status Reader::ReadField(const JsonValue& value, const std::string& path,
                               const FieldDescriptor& field,
                               Message& message) const {
  if (field.is_map()) return Error(value, path, JsonProblem::kNotReadable);
  if (field.is_repeated()) return ReadList(value, path, field, message);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return Read(value, path,
                *message.GetReflection()->MutableMessage(&message, &field));
  }
  return ReadScalar(value, path, field, message);
}

absl::Status Reader::ReadList(const JsonValue& value, const std::string& path,
                              const FieldDescriptor& field,
                              Message& message) const {
  if (value.kind != Kind::kArray) {
    return Error(value, path, JsonProblem::kNotAList,
                 {{"found", Shown(value)}});
  }
  const Reflection& reflection = *message.GetReflection();
  for (size_t i = 0; i < value.items.size(); ++i) {
    const JsonValue& item = value.items[i];
    const std::string item_path = absl::StrCat(path, "[", i, "]");
    if (item.kind == Kind::kNull) {
      return Error(item, item_path, JsonProblem::kNullInList);
    }
    absl::Status status =
        field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE
            ? Read(item, item_path, *reflection.AddMessage(&message, &field))
            : ReadScalar(item, item_path, field, message);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Reader::ReadScalar(const JsonValue& value, const std::string& path,
                                const FieldDescriptor& field,
                                Message& message) const {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return ReadNumber<int32_t>(value, path, field, message);
    case FieldDescriptor::CPPTYPE_INT64:
      return ReadNumber<int64_t>(value, path, field, message);
    case FieldDescriptor::CPPTYPE_UINT32:
      return ReadNumber<uint32_t>(value, path, field, message);
    case FieldDescriptor::CPPTYPE_UINT64:
      return ReadNumber<uint64_t>(value, path, field, message);
    case FieldDescriptor::CPPTYPE_BOOL:
      return ReadBool(value, path, field, message);
    case FieldDescriptor::CPPTYPE_ENUM:
      return ReadEnum(value, path, field, message);
    case FieldDescriptor::CPPTYPE_STRING:
      return ReadString(value, path, field, message);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return Error(value, path, JsonProblem::kNotReadable);
}

absl::Status Reader::ReadBool(const JsonValue& value, const std::string& path,
                              const FieldDescriptor& field,
                              Message& message) const {
  if (value.kind != Kind::kTrue && value.kind != Kind::kFalse) {
    return Error(value, path, JsonProblem::kNotABool,
                 {{"found", Shown(value)}});
  }
  Put(value.kind == Kind::kTrue, field, message);
  return absl::OkStatus();
}

template <typename Number>
absl::Status Reader::ReadNumber(const JsonValue& value, const std::string& path,
                                const FieldDescriptor& field,
                                Message& message) const {
  if ((value.kind != Kind::kNumber && value.kind != Kind::kString) ||
      !IsWholeNumber(value.text)) {
    return Error(
        value, path,
        IsOre(field) ? JsonProblem::kNotWholeOre : JsonProblem::kNotWhole,
        {{"found", Shown(value)}});
  }
  Number number = 0;
  if (!absl::SimpleAtoi(value.text, &number)) {
    return Error(value, path, JsonProblem::kOutOfRange,
                 {{"found", Shown(value)},
                  {"least", absl::StrCat(std::numeric_limits<Number>::min())},
                  {"most", absl::StrCat(std::numeric_limits<Number>::max())}});
  }
  Put(number, field, message);
  return absl::OkStatus();
}

absl::Status Reader::ReadEnum(const JsonValue& value, const std::string& path,
                              const FieldDescriptor& field,
                              Message& message) const {
  const EnumDescriptor& type = *field.enum_type();
  const EnumValueDescriptor* found = nullptr;
  int32_t number = 0;
  if (value.kind == Kind::kString) {
    found = type.FindValueByName(value.text);
  } else if (value.kind == Kind::kNumber && IsWholeNumber(value.text) &&
             absl::SimpleAtoi(value.text, &number)) {
    found = type.FindValueByNumber(number);
  }
  if (found == nullptr) {
    std::vector<std::string> names;
    for (int i = 0; i < type.value_count(); ++i) {
      // What means "not given" is refused where a value belongs.
      if (absl::EndsWith(type.value(i)->name(), "_UNSPECIFIED")) continue;
      names.push_back(type.value(i)->name());
    }
    const std::string nearest = Nearest(value.text, names);
    return Error(value, path,
                 nearest.empty() ? JsonProblem::kUnknownEnum
                                 : JsonProblem::kMisspeltEnum,
                 {{"found", Shown(value)},
                  {"type", type.name()},
                  {"nearest", nearest},
                  {"values", absl::StrJoin(names, ", ")}});
  }
  Put(found, field, message);
  return absl::OkStatus();
}

// Proto3 JSON's base64: either alphabet, with or without padding. Nothing else
// may stand in it.
bool DecodeBase64(const std::string& text, std::string& bytes) {
  std::string standard = text;
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  while (!standard.empty() && standard.back() == '=') standard.pop_back();
  if (!absl::Base64Unescape(standard, &bytes)) return false;
  std::string again = absl::Base64Escape(bytes);
  while (!again.empty() && again.back() == '=') again.pop_back();
  return again == standard;
}

absl::Status Reader::ReadString(const JsonValue& value, const std::string& path,
                                const FieldDescriptor& field,
                                Message& message) const {
  if (value.kind != Kind::kString) {
    return Error(value, path, JsonProblem::kNotAText,
                 {{"found", Shown(value)}});
  }
  std::string content = value.text;
  if (field.type() == FieldDescriptor::TYPE_BYTES &&
      !DecodeBase64(value.text, content)) {
    return Error(value, path, JsonProblem::kNotBase64,
                 {{"found", Shown(value)}});
  }
  Put(std::move(content), field, message);
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadMessage(std::string_view text, const JsonValue& value,
                         const std::string& path, Message& message) {
  return Reader(text).Read(value, path, message);
}

}  // namespace samverk::codec
