#include "services/reporting/canonical_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/strings.h"
#include "google/protobuf/descriptor.h"

namespace samverk {

namespace jcs {

void AppendString(std::string_view utf8, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : utf8) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
          out += "\\u00";
          out += kHex[byte >> 4];
          out += kHex[byte & 15];
        } else {
          out += c;
        }
      }
    }
  }
  out += '"';
}

void AppendNumber(double number, std::string& out) {
  SAMVERK_CHECK(std::isfinite(number)) << "JSON has no NaN and no infinity";
  if (number == 0) {  // Also -0.
    out += '0';
    return;
  }
  if (number < 0) {
    out += '-';
    number = -number;
  }
  // The shortest digits that read back as the number: "d.ddde±xx".
  std::array<char, 32> buffer;
  const std::to_chars_result result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                    std::chars_format::scientific);
  const std::string_view text(buffer.data(),
                              static_cast<size_t>(result.ptr - buffer.data()));
  const size_t e = text.find('e');
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c != '.') digits += c;
  }
  int exponent = 0;
  std::string_view power = text.substr(e + 1);
  if (power[0] == '+') power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);

  // ECMAScript's Number::toString, with k digits and the point after the nth.
  const int k = static_cast<int>(digits.size());
  const int n = exponent + 1;
  const auto zeros = [](int count) {
    return std::string(static_cast<size_t>(count), '0');
  };
  if (k <= n && n <= 21) {
    out += digits + zeros(n - k);
  } else if (0 < n && n <= 21) {
    out += digits.insert(static_cast<size_t>(n), ".");
  } else if (-6 < n && n <= 0) {
    out += "0." + zeros(-n) + digits;
  } else {
    if (k > 1) digits.insert(1, ".");
    absl::StrAppend(&out, digits, "e", n > 0 ? "+" : "-", std::abs(n - 1));
  }
}

bool Before(std::string_view a, std::string_view b) {
  const size_t common = std::min(a.size(), b.size());
  size_t at = 0;
  while (at < common && a[at] == b[at]) ++at;
  if (at == common) return a.size() < b.size();
  // The first differing byte decides as in UTF-8, but for one thing: code
  // points beyond U+FFFF (lead bytes from F0) begin with a surrogate in
  // UTF-16, and so come before U+E000 to U+FFFF (lead bytes EE and EF).
  // Inside a character, step back to its lead byte.
  while (at > 0 && (static_cast<unsigned char>(a[at]) & 0xC0) == 0x80 &&
         (static_cast<unsigned char>(b[at]) & 0xC0) == 0x80) {
    --at;
  }
  const auto lead_a = static_cast<unsigned char>(a[at]);
  const auto lead_b = static_cast<unsigned char>(b[at]);
  const bool beyond_a = lead_a >= 0xF0;
  const bool beyond_b = lead_b >= 0xF0;
  if (beyond_a != beyond_b) {
    const unsigned char other = beyond_a ? lead_b : lead_a;
    if (other >= 0xEE) return beyond_a;
  }
  return a.substr(at) < b.substr(at);
}

}  // namespace jcs

namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void AppendMessage(const Message& message, std::string& out);

void AppendEnum(int number, const FieldDescriptor& field, std::string& out) {
  const EnumValueDescriptor* value =
      field.enum_type()->FindValueByNumber(number);
  if (value == nullptr) {
    absl::StrAppend(&out, number);
  } else {
    jcs::AppendString(value->name(), out);
  }
}

void AppendText(const FieldDescriptor& field, const std::string& value,
                std::string& out) {
  jcs::AppendString(field.type() == FieldDescriptor::TYPE_BYTES
                        ? absl::Base64Escape(value)
                        : value,
                    out);
}

// One value of `field`: of the singular field, or the one at `index`.
void AppendValue(const Message& message, const FieldDescriptor& field,
                 int index, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  const bool one = !field.is_repeated();
#define SAMVERK_GET(Type)                      \
  (one ? reflection.Get##Type(message, &field) \
       : reflection.GetRepeated##Type(message, &field, index))
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      absl::StrAppend(&out, SAMVERK_GET(Int32));
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      absl::StrAppend(&out, SAMVERK_GET(UInt32));
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      jcs::AppendString(absl::StrCat(SAMVERK_GET(Int64)), out);
      return;
    case FieldDescriptor::CPPTYPE_UINT64:
      jcs::AppendString(absl::StrCat(SAMVERK_GET(UInt64)), out);
      return;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      jcs::AppendNumber(SAMVERK_GET(Double), out);
      return;
    case FieldDescriptor::CPPTYPE_FLOAT:
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      out += SAMVERK_GET(Bool) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      AppendEnum(SAMVERK_GET(EnumValue), field, out);
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      AppendText(field, SAMVERK_GET(String), out);
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      AppendMessage(SAMVERK_GET(Message), out);
      return;
  }
#undef SAMVERK_GET
  SAMVERK_CHECK(false) << "a field of type " << field.cpp_type_name()
                       << " has no canonical form here: " << field.full_name();
}

void AppendField(const Message& message, const FieldDescriptor& field,
                 std::string& out) {
  SAMVERK_CHECK(!field.is_map()) << "a map has no order: " << field.full_name();
  jcs::AppendString(field.name(), out);
  out += ':';
  if (!field.is_repeated()) {
    AppendValue(message, field, 0, out);
    return;
  }
  out += '[';
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    AppendValue(message, field, i, out);
  }
  out += ']';
}

void AppendMessage(const Message& message, std::string& out) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::sort(fields.begin(), fields.end(),
            [](const FieldDescriptor* a, const FieldDescriptor* b) {
              return jcs::Before(a->name(), b->name());
            });
  out += '{';
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    AppendField(message, *fields[i], out);
  }
  out += '}';
}

}  // namespace

std::string CanonicalJson(const Message& message) {
  std::string out;
  AppendMessage(message, out);
  return out;
}

}  // namespace samverk
