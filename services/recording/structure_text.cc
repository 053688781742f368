// The checks of one text.
#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "eventstore/base/strings.h"
#include "eventstore/base/uuid.h"
#include "proto/codec/edtf.h"
#include "proto/codec/errors.h"
#include "proto/codec/utf8.h"
#include "services/recording/folded_text.h"
#include "services/recording/structure.h"
#include "services/recording/text_screening.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

// A value as it may be shown in a sentence: never longer than this.
constexpr size_t kShownBytes = 80;

// A character that people cannot see and programs trip over.
struct Invisible {
  size_t offset;
  int code_point;
};

// The first control character (C0, DEL, C1), line or paragraph separator, zero
// width space or mark that turns the direction of writing. `text` is UTF-8.
std::optional<Invisible> FindInvisible(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const std::string_view character = codec::FirstCharacter(text.substr(at));
    const auto code = static_cast<int>(codec::CodePoint(character));
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200b ||
        code == 0x2028 || code == 0x2029 ||
        IsDirectionMark(static_cast<uint32_t>(code))) {
      return Invisible{at, code};
    }
    at += character.size();
  }
  return std::nullopt;
}

// True for ASCII without control characters.
bool IsPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Letters of type and subtype by RFC 6838, each at least one.
bool IsMediaType(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0) return false;
  if (slash + 1 == text.size() || text.size() > 127) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool mark =
        std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
    if (i != slash && !absl::ascii_isalnum(static_cast<unsigned char>(c)) &&
        !mark) {
      return false;
    }
  }
  return true;
}

// Subtags of 1 to 8 letters and digits; the first of 2 to 8 letters.
bool IsLanguageTag(std::string_view text) {
  if (text.size() > 35) return false;
  bool first = true;
  for (absl::string_view subtag : absl::StrSplit(ToAbsl(text), '-')) {
    if (subtag.empty() || subtag.size() > 8) return false;
    if (first && subtag.size() < 2) return false;
    for (const char c : subtag) {
      const auto byte = static_cast<unsigned char>(c);
      if (first ? !absl::ascii_isalpha(byte) : !absl::ascii_isalnum(byte)) {
        return false;
      }
    }
    first = false;
  }
  return true;
}

// What the codec's sentence ("the time "2025-13" does not exist: …") says of
// the time, without the time itself.
std::string WhyNotATime(const absl::Status& status) {
  const std::string message(status.message());
  constexpr size_t kFirstQuote = std::string_view("the time \"").size();
  const size_t quote = message.find("\" ", kFirstQuote);
  return quote == std::string::npos ? message : message.substr(quote + 2);
}

void CheckTime(std::string_view text, ViolationList& violations) {
  const auto span = codec::ParseEdtf(text);
  if (span.ok()) return;
  violations.Add(
      Rule::kTimeInvalid, nullptr,
      {{"value", ShownValue(text)}, {"why", WhyNotATime(span.status())}});
}

void CheckEventId(std::string_view text, const FieldPlan& plan,
                  ViolationList& violations) {
  const auto id = ParseUuid(text);
  if (id.ok() && *id != EventId{}) return;
  const bool own =
      plan.envelope && plan.field->number() == Event::kIdFieldNumber;
  violations.Add(own ? Rule::kEventIdInvalid : Rule::kUuidInvalid, nullptr,
                 {{"value", ShownValue(text)}});
}

void CheckHash(std::string_view bytes, ViolationList& violations) {
  if (bytes.size() == 32) return;
  violations.Add(Rule::kHashInvalid, nullptr,
                 {{"bytes", absl::StrCat(bytes.size())}});
}

void CheckChoice(std::string_view text, const FieldRule& rule,
                 ViolationList& violations) {
  const std::vector<absl::string_view> choices =
      absl::StrSplit(ToAbsl(rule.choices), ' ');
  for (const absl::string_view choice : choices) {
    if (choice == ToAbsl(text)) return;
  }
  violations.Add(
      Rule::kValueNotAllowed, nullptr,
      {{"value", ShownValue(text)}, {"allowed", absl::StrJoin(choices, ", ")}});
}

void Screen(std::string_view text, Screening how, ViolationList& violations) {
  const auto detail = ScreenText(text, how);
  if (!detail.has_value()) return;
  Rule rule = Rule::kTextHasIdentityNumber;
  if (detail->what == PersonalDetail::kPhoneNumber) {
    rule = Rule::kTextHasPhoneNumber;
  } else if (detail->what == PersonalDetail::kEmailAddress) {
    rule = Rule::kTextHasEmailAddress;
  }
  violations.Add(
      rule, nullptr,
      {{"masked", detail->masked}, {"offset", absl::StrCat(detail->offset)}});
}

// Length and encoding. False when the text is not worth looking at further.
bool CheckEncoding(std::string_view text, const FieldRule& rule,
                   ViolationList& violations) {
  if (text.size() > rule.max_bytes) {
    violations.Add(Rule::kTextTooLong, nullptr,
                   {{"bytes", absl::StrCat(text.size())},
                    {"limit", absl::StrCat(rule.max_bytes)}});
    return false;
  }
  if (IsPrintableAscii(text)) return true;
  if (!IsValidUtf8(text)) {
    violations.Add(Rule::kTextNotUtf8, nullptr);
    return false;
  }
  if (const auto found = FindInvisible(text); found.has_value()) {
    violations.Add(Rule::kTextHasControlCharacter, nullptr,
                   {{"character", absl::StrFormat("U+%04X", found->code_point)},
                    {"offset", absl::StrCat(found->offset)}});
    return false;
  }
  return true;
}

// An id, or that of a derived check: its rule, "/" and any words.
void CheckCheckId(std::string_view text, const FieldRule& rule,
                  ViolationList& violations) {
  const bool fits = text.size() <= rule.max_bytes;
  if (!fits || (!IsDerivedCheckId(text) && !IsId(text))) {
    return violations.Add(
        Rule::kCheckIdInvalid, nullptr,
        {{"value", ShownValue(text)}, {"limit", absl::StrCat(rule.max_bytes)}});
  }
  if (!CheckEncoding(text, rule, violations)) return;
  Screen(text, Screening::kReference, violations);
}

}  // namespace

std::string ShownValue(std::string_view value) {
  return codec::Clipped(value, kShownBytes);
}

bool IsDerivedCheckId(std::string_view id) {
  if (id.empty() || id[0] != 'C') return false;
  const std::string_view number = id.substr(1, id.find('/') - 1);
  if (number.empty() || number.size() > 2 || number[0] == '0') return false;
  int rule = 0;
  for (const char c : number) {
    if (c < '0' || c > '9') return false;
    rule = rule * 10 + (c - '0');
  }
  if (rule > 14) return false;
  return id.size() == 1 + number.size() || id.size() > 2 + number.size();
}

void CheckText(std::string_view text, const FieldPlan& plan,
               ViolationList& violations) {
  const FieldRule& rule = plan.rule;
  if (rule.content == FieldContent::kHash) return CheckHash(text, violations);
  // An id that is too long is no id; every other text has a length of its own.
  if (rule.content != FieldContent::kId &&
      rule.content != FieldContent::kCheckId &&
      !CheckEncoding(text, rule, violations)) {
    return;
  }
  switch (rule.content) {
    case FieldContent::kWords:
      return Screen(text, Screening::kWords, violations);
    case FieldContent::kTitle:
      return Screen(text, Screening::kTitle, violations);
    case FieldContent::kReference:
      return Screen(text, Screening::kReference, violations);
    case FieldContent::kId:
      if (!IsId(text) || text.size() > rule.max_bytes) {
        return violations.Add(Rule::kIdInvalid, nullptr,
                              {{"value", ShownValue(text)},
                               {"limit", absl::StrCat(rule.max_bytes)}});
      }
      return Screen(text, Screening::kReference, violations);
    case FieldContent::kCheckId:
      return CheckCheckId(text, rule, violations);
    case FieldContent::kEventId:
      return CheckEventId(text, plan, violations);
    case FieldContent::kTime:
      return CheckTime(text, violations);
    case FieldContent::kCurrency:
      if (text != "SEK") {
        violations.Add(Rule::kCurrencyUnsupported, nullptr,
                       {{"value", ShownValue(text)}});
      }
      return;
    case FieldContent::kChoice:
      return CheckChoice(text, rule, violations);
    case FieldContent::kMediaType:
      if (!IsMediaType(text)) {
        violations.Add(Rule::kMediaTypeInvalid, nullptr,
                       {{"value", ShownValue(text)}});
      }
      return;
    case FieldContent::kLanguage:
      if (!IsLanguageTag(text)) {
        violations.Add(Rule::kLanguageInvalid, nullptr,
                       {{"value", ShownValue(text)}});
      }
      return;
    case FieldContent::kHash:
      return;
  }
}

}  // namespace samverk::recording
