#include "proto/describe/json_tree.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace samverk::describe {
namespace {

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<int>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

Json Json::Text(std::string_view text) {
  Json json(Kind::kScalar);
  json.scalar_ = Quoted(text);
  return json;
}

Json Json::Number(int64_t number) {
  Json json(Kind::kScalar);
  json.scalar_ = absl::StrCat(number);
  return json;
}

Json Json::Bool(bool value) {
  Json json(Kind::kScalar);
  json.scalar_ = value ? "true" : "false";
  return json;
}

Json Json::Texts(const std::vector<std::string>& texts) {
  Json list = List();
  for (const std::string& text : texts) list.Add(Text(text));
  return list;
}

Json& Json::Set(std::string_view name, Json value) {
  items_.emplace_back(name, std::move(value));
  return *this;
}

Json& Json::Extend(Json other) {
  for (auto& item : other.items_) items_.push_back(std::move(item));
  return *this;
}

Json& Json::Add(Json value) {
  items_.emplace_back("", std::move(value));
  return *this;
}

std::string Json::ToText() const {
  std::string text;
  Append(text, 0);
  return text + "\n";
}

void Json::Append(std::string& text, int depth) const {
  if (kind_ == Kind::kScalar) {
    text += scalar_;
    return;
  }
  const bool object = kind_ == Kind::kObject;
  if (items_.empty()) {
    text += object ? "{}" : "[]";
    return;
  }
  const std::string line = "\n" + std::string(2 * (depth + 1), ' ');
  text += object ? '{' : '[';
  bool first = true;
  for (const auto& [name, value] : items_) {
    if (!first) text += ',';
    first = false;
    text += line;
    if (object) absl::StrAppend(&text, Quoted(name), ": ");
    value.Append(text, depth + 1);
  }
  text += line.substr(0, line.size() - 2);
  text += object ? '}' : ']';
}

}  // namespace samverk::describe
