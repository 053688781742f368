#include "services/access/token_claims.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "services/access/credential.h"
#include "services/access/json_member.h"

namespace samverk::access {
namespace {

using codec::JsonValue;
using Kind = JsonValue::Kind;

// The end of the year 9999.
constexpr double kSecondsMost = 253'402'300'799;

// A time that need not be there: `otherwise` then.
std::optional<absl::Time> TimeOr(const JsonValue& claims,
                                 std::string_view claim, absl::Time otherwise) {
  const JsonValue* value = Member(claims, claim);
  return value == nullptr ? otherwise : ReadNumericDate(*value);
}

}  // namespace

std::optional<absl::Time> ReadNumericDate(const JsonValue& value) {
  double seconds = 0;
  // What is too large for a double becomes infinite.
  if (value.kind != Kind::kNumber || !absl::SimpleAtod(value.text, &seconds) ||
      !(seconds >= 0 && seconds <= kSecondsMost)) {
    return std::nullopt;
  }
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

Refusal CheckTimes(const JsonValue& claims, absl::Time now, absl::Duration skew,
                   absl::Time& expires) {
  if (Member(claims, "exp") == nullptr) return Refusal::kExpiryMissing;
  const auto ends = TimeOr(claims, "exp", absl::InfinitePast());
  const auto begins = TimeOr(claims, "nbf", absl::InfinitePast());
  const auto issued = TimeOr(claims, "iat", absl::InfinitePast());
  if (!ends.has_value() || !begins.has_value() || !issued.has_value()) {
    return Refusal::kTimeInvalid;
  }
  if (now >= *ends + skew) return Refusal::kExpired;
  if (now < *begins - skew) return Refusal::kNotYetValid;
  if (now < *issued - skew) return Refusal::kIssuedInFuture;
  expires = *ends + skew;
  return Refusal::kNone;
}

bool IsForAudience(const JsonValue& claims, std::string_view audience) {
  const JsonValue* value = Member(claims, "aud");
  if (value == nullptr) return false;
  if (value->kind == Kind::kString) return value->text == audience;
  if (value->kind != Kind::kArray) return false;
  const auto is_text = [](const JsonValue& item) {
    return item.kind == Kind::kString;
  };
  return std::all_of(value->items.begin(), value->items.end(), is_text) &&
         std::any_of(value->items.begin(), value->items.end(),
                     [audience](const JsonValue& item) {
                       return item.text == audience;
                     });
}

std::optional<std::vector<std::string>> ReadRoles(const JsonValue& claims,
                                                  std::string_view claim) {
  const JsonValue* value = Member(claims, claim);
  std::vector<std::string> roles;
  if (value == nullptr) return roles;
  if (value->kind == Kind::kString) {
    roles = absl::StrSplit(value->text, ' ', absl::SkipEmpty());
  } else if (value->kind == Kind::kArray) {
    for (const JsonValue& item : value->items) {
      if (item.kind != Kind::kString) return std::nullopt;
      roles.push_back(item.text);
    }
  } else {
    return std::nullopt;
  }
  const auto is_role = [](const std::string& role) {
    return IsName(role, kRoleBytes);
  };
  if (roles.size() > kRoles ||
      !std::all_of(roles.begin(), roles.end(), is_role)) {
    return std::nullopt;
  }
  return roles;
}

const std::string* TextClaim(const JsonValue& claims, std::string_view claim) {
  const JsonValue* value = Member(claims, claim);
  return value == nullptr || value->kind != Kind::kString ? nullptr
                                                          : &value->text;
}

}  // namespace samverk::access
