#include "proto/codec/json.h"

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/codec/errors.h"
#include "proto/codec/utf8.h"

namespace samverk::codec {
namespace {

constexpr size_t kPathBytesMax = 200;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A recursive descent through one text. Use once.
class Parser {
 public:
  enum class Keep { kNothing, kValues };

  Parser(std::string_view text, Keep keep) : text_(text), keep_(keep) {}

  absl::Status ParseOne(JsonValue& value);
  absl::Status ParseList(std::string_view name, const VisitJson& visit);

 private:
  absl::Status CheckText();
  absl::Status Error(size_t at, JsonProblem problem,
                     const JsonValues& values = {}) const {
    return JsonError(text_, at, path_, problem, values);
  }
  absl::Status Unexpected(const std::string& expected) const;
  void SkipSpace();
  bool AtEnd() const { return at_ >= text_.size(); }
  bool Take(char c);

  absl::Status ParseValue(int depth, JsonValue& value);
  absl::Status ParseObject(int depth, JsonValue& value);
  absl::Status ParseMember(int depth, std::set<std::string>& seen,
                           JsonValue& object);
  absl::Status ParseArray(int depth, JsonValue& value);
  absl::Status ParseSeparator(char close);
  absl::Status ParseLineEnd();
  absl::Status ParseNumber(JsonValue& value);
  absl::Status ParseWord(JsonValue& value);
  absl::Status ParseString(std::string& out);
  absl::Status ParseEscape(std::string& out);
  std::optional<uint32_t> ParseHex4();

  std::string_view text_;
  Keep keep_;
  size_t at_ = 0;
  size_t values_ = 0;
  std::string path_;
};

absl::Status Parser::CheckText() {
  if (text_.size() > kJsonBytesMax) {
    return CodecError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_LIMIT_EXCEEDED,
        absl::StrCat("the JSON text has ", text_.size(), " bytes, and at most ",
                     kJsonBytesMax, " are read at once; split it"),
        {{"what", "json_bytes"},
         {"value", absl::StrCat(text_.size())},
         {"limit", absl::StrCat(kJsonBytesMax)}});
  }
  if (text_.substr(0, 3) == "\xEF\xBB\xBF") {
    return Error(0, JsonProblem::kByteOrderMark);
  }
  const size_t wrong = FirstInvalidUtf8(text_);
  if (wrong != std::string_view::npos) {
    return Error(wrong, JsonProblem::kNotUtf8);
  }
  return absl::OkStatus();
}

absl::Status Parser::Unexpected(const std::string& expected) const {
  if (AtEnd()) {
    return Error(at_, JsonProblem::kEndsEarly, {{"expected", expected}});
  }
  const std::string_view found = FirstCharacter(text_.substr(at_));
  if (found == "'") {
    return Error(at_, JsonProblem::kSingleQuotes);
  }
  if (found == "/" || found == "#") {
    return Error(at_, JsonProblem::kComment);
  }
  return Error(at_, JsonProblem::kUnexpected,
               {{"found", Quoted(found)}, {"expected", expected}});
}

void Parser::SkipSpace() {
  while (!AtEnd() && (text_[at_] == ' ' || text_[at_] == '\t' ||
                      text_[at_] == '\n' || text_[at_] == '\r')) {
    ++at_;
  }
}

bool Parser::Take(char c) {
  if (AtEnd() || text_[at_] != c) return false;
  ++at_;
  return true;
}

absl::Status Parser::ParseOne(JsonValue& value) {
  absl::Status status = CheckText();
  if (!status.ok()) return status;
  SkipSpace();
  if (AtEnd()) return Error(at_, JsonProblem::kEmpty);
  status = ParseValue(1, value);
  if (!status.ok()) return status;
  SkipSpace();
  return AtEnd() ? absl::OkStatus() : Unexpected("the end of the text");
}

absl::Status Parser::ParseList(std::string_view name, const VisitJson& visit) {
  absl::Status status = CheckText();
  if (!status.ok()) return status;
  SkipSpace();
  const bool array = Take('[');
  SkipSpace();
  for (size_t i = 0; !AtEnd() && !(array && text_[at_] == ']'); ++i) {
    path_ = absl::StrCat(View(name), "[", i, "]");
    values_ = 0;
    JsonValue value;
    status = ParseValue(array ? 2 : 1, value);
    if (status.ok()) status = visit(value, path_);
    if (!status.ok()) return status;
    status = array ? ParseSeparator(']') : ParseLineEnd();
    if (!status.ok()) return status;
  }
  path_ = std::string(name);
  if (!array) return absl::OkStatus();
  if (!Take(']')) return Unexpected("\"]\"");
  SkipSpace();
  return AtEnd() ? absl::OkStatus() : Unexpected("the end of the text");
}

// Between two values that each begin on a line of their own.
absl::Status Parser::ParseLineEnd() {
  const size_t end = at_;
  SkipSpace();
  const std::string_view between = text_.substr(end, at_ - end);
  if (AtEnd() || between.find('\n') != std::string_view::npos) {
    return absl::OkStatus();
  }
  return Unexpected("the end of the line");
}

// After an element: a comma and what does not close the list, or (left where
// it is) what closes it.
absl::Status Parser::ParseSeparator(char close) {
  SkipSpace();
  if (!AtEnd() && text_[at_] == close) return absl::OkStatus();
  const std::string closed = absl::StrCat("\"", std::string(1, close), "\"");
  if (!Take(',')) return Unexpected(absl::StrCat("\",\" or ", closed));
  SkipSpace();
  if (!AtEnd() && text_[at_] == close) {
    return Error(at_, JsonProblem::kTrailingComma, {{"closed", closed}});
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseValue(int depth, JsonValue& value) {
  value.at = at_;
  if (AtEnd()) return Unexpected("a value");
  if (++values_ > kJsonValuesMax && keep_ == Keep::kValues) {
    return Error(at_, JsonProblem::kTooManyValues,
                 {{"limit", absl::StrCat(kJsonValuesMax)}});
  }
  const char c = text_[at_];
  if ((c == '{' || c == '[') && depth > kJsonDepthMax) {
    return Error(at_, JsonProblem::kTooDeep,
                 {{"limit", absl::StrCat(kJsonDepthMax)}});
  }
  if (c == '{') return ParseObject(depth, value);
  if (c == '[') return ParseArray(depth, value);
  if (c == '"') {
    value.kind = JsonValue::Kind::kString;
    return ParseString(value.text);
  }
  if (c == '-' || IsDigit(c)) return ParseNumber(value);
  return ParseWord(value);
}

absl::Status Parser::ParseObject(int depth, JsonValue& value) {
  value.kind = JsonValue::Kind::kObject;
  ++at_;
  SkipSpace();
  std::set<std::string> seen;
  while (!Take('}')) {
    absl::Status status = ParseMember(depth, seen, value);
    if (status.ok()) status = ParseSeparator('}');
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseMember(int depth, std::set<std::string>& seen,
                                 JsonValue& object) {
  const size_t name_at = at_;
  if (AtEnd() || text_[at_] != '"') return Unexpected("a name in quotes");
  std::string name;
  absl::Status status = ParseString(name);
  if (!status.ok()) return status;
  const auto [given, fresh] = seen.insert(std::move(name));
  if (!fresh) {
    return Error(name_at, JsonProblem::kNameTwice, {{"name", Quoted(*given)}});
  }
  SkipSpace();
  if (!Take(':')) return Unexpected("\":\"");
  SkipSpace();
  const size_t outer = path_.size();
  absl::StrAppend(&path_, outer == 0 ? "" : ".", *given);
  JsonValue value;
  status = ParseValue(depth + 1, value);
  if (!status.ok()) return status;
  path_.resize(outer);
  if (keep_ == Keep::kValues) {
    object.items.push_back(std::move(value));
    object.names.push_back(*given);
    object.name_at.push_back(name_at);
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseArray(int depth, JsonValue& value) {
  value.kind = JsonValue::Kind::kArray;
  ++at_;
  SkipSpace();
  const size_t outer = path_.size();
  for (size_t i = 0; !Take(']'); ++i) {
    absl::StrAppend(&path_, "[", i, "]");
    JsonValue item;
    absl::Status status = ParseValue(depth + 1, item);
    if (!status.ok()) return status;
    path_.resize(outer);
    if (keep_ == Keep::kValues) value.items.push_back(std::move(item));
    status = ParseSeparator(']');
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseNumber(JsonValue& value) {
  value.kind = JsonValue::Kind::kNumber;
  const size_t start = at_;
  const auto digits = [this] {
    const size_t from = at_;
    while (!AtEnd() && IsDigit(text_[at_])) ++at_;
    return at_ > from;
  };
  Take('-');
  if (Take('0')) {
    if (!AtEnd() && IsDigit(text_[at_])) {
      return Error(start, JsonProblem::kLeadingZero);
    }
  } else if (!digits()) {
    return Unexpected("a digit");
  }
  if (Take('.') && !digits()) return Unexpected("a digit");
  if (!AtEnd() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (!Take('+')) Take('-');
    if (!digits()) return Unexpected("a digit");
  }
  value.text = std::string(text_.substr(start, at_ - start));
  return absl::OkStatus();
}

absl::Status Parser::ParseWord(JsonValue& value) {
  const size_t start = at_;
  while (!AtEnd() && ((text_[at_] >= 'a' && text_[at_] <= 'z') ||
                      (text_[at_] >= 'A' && text_[at_] <= 'Z'))) {
    ++at_;
  }
  const std::string_view word = text_.substr(start, at_ - start);
  if (word == "null") {
    value.kind = JsonValue::Kind::kNull;
  } else if (word == "false") {
    value.kind = JsonValue::Kind::kFalse;
  } else if (word == "true") {
    value.kind = JsonValue::Kind::kTrue;
  } else if (word.empty()) {
    return Unexpected("a value");
  } else {
    return Error(start, JsonProblem::kNotAValue, {{"found", Quoted(word)}});
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseString(std::string& out) {
  const size_t start = at_;
  ++at_;
  for (;;) {
    if (AtEnd()) return Error(start, JsonProblem::kTextUnended);
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return absl::OkStatus();
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      return Error(at_, c == '\n' || c == '\r'
                            ? JsonProblem::kTextOverLines
                            : JsonProblem::kControlCharacter);
    }
    if (c == '\\') {
      absl::Status status = ParseEscape(out);
      if (!status.ok()) return status;
    } else {
      out.push_back(c);
      ++at_;
    }
  }
}

absl::Status Parser::ParseEscape(std::string& out) {
  const size_t start = at_;
  ++at_;
  const char c = AtEnd() ? '\0' : text_[at_++];
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (const size_t i = kEscapes.find(c); i != std::string_view::npos) {
    out.push_back(kMeanings[i]);
    return absl::OkStatus();
  }
  if (c != 'u') {
    return Error(start, JsonProblem::kUnknownEscape);
  }
  std::optional<uint32_t> unit = ParseHex4();
  if (!unit.has_value()) {
    return Error(start, JsonProblem::kEscapeWithoutDigits);
  }
  uint32_t code = *unit;
  if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
    at_ += 2;
    unit = ParseHex4();
    if (unit.has_value() && *unit >= 0xDC00 && *unit < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (*unit - 0xDC00);
    }
  }
  if (code >= 0xD800 && code < 0xE000) {
    return Error(start, JsonProblem::kHalfSurrogate);
  }
  AppendUtf8(code, out);
  return absl::OkStatus();
}

std::optional<uint32_t> Parser::ParseHex4() {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    if (AtEnd()) return std::nullopt;
    const char c = text_[at_];
    const char lower = static_cast<char>(c | 0x20);
    if (IsDigit(c)) {
      value = value * 16 + static_cast<uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<uint32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

}  // namespace

std::string_view KindName(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull:
      return "null";
    case JsonValue::Kind::kFalse:
      return "false";
    case JsonValue::Kind::kTrue:
      return "true";
    case JsonValue::Kind::kNumber:
      return "a number";
    case JsonValue::Kind::kString:
      return "a text";
    case JsonValue::Kind::kArray:
      return "an array";
    case JsonValue::Kind::kObject:
      break;
  }
  return "an object";
}

absl::StatusOr<JsonValue> ParseJson(std::string_view text) {
  JsonValue value;
  absl::Status status = Parser(text, Parser::Keep::kValues).ParseOne(value);
  if (!status.ok()) return status;
  return value;
}

absl::Status CheckJson(std::string_view text) {
  JsonValue value;
  return Parser(text, Parser::Keep::kNothing).ParseOne(value);
}

absl::Status ForEachJson(std::string_view text, std::string_view name,
                         const VisitJson& visit) {
  return Parser(text, Parser::Keep::kValues).ParseList(name, visit);
}

absl::Status JsonError(std::string_view text, size_t at,
                       const std::string& path, JsonProblem problem,
                       const JsonValues& values) {
  size_t line = 1;
  size_t column = 1;
  for (const char c : text.substr(0, at)) {
    if (c == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++column;
    }
  }
  const std::string shown = Clipped(path, kPathBytesMax);
  JsonValues metadata = {{"problem", std::string(JsonProblemName(problem))},
                         {"line", absl::StrCat(line)},
                         {"column", absl::StrCat(column)},
                         {"path", shown}};
  metadata.insert(metadata.end(), values.begin(), values.end());
  return CodecError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
      absl::StrCat("line ", line, ", column ", column, ": ", shown,
                   shown.empty() ? "" : ": ",
                   JsonProblemText(problem, values, Language::kEnglish)),
      metadata);
}

}  // namespace samverk::codec
