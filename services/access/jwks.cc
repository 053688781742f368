#include "services/access/jwks.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "proto/codec/errors.h"
#include "proto/codec/json.h"
#include "services/access/base64url.h"
#include "services/access/json_member.h"

namespace samverk::access {
namespace {

using codec::JsonValue;
using Kind = JsonValue::Kind;

// Members of private keys (RFC 7518, sections 6.2.2 and 6.3.2).
constexpr std::string_view kPrivateMembers[] = {"d",  "p",  "q",  "dp",
                                                "dq", "qi", "oth"};

absl::Status Refused(std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("the key set is refused: ", ToAbsl(why)));
}

// A member that holds base64url; nullopt when it does not.
std::optional<std::string> BytesOf(const JsonValue& key,
                                   std::string_view name) {
  const JsonValue* member = Member(key, name);
  if (member == nullptr || member->kind != Kind::kString) return std::nullopt;
  return FromBase64Url(member->text);
}

// Whether a member is not there, or is this text.
bool IsAbsentOr(const JsonValue& key, std::string_view name,
                std::string_view text) {
  const JsonValue* member = Member(key, name);
  return member == nullptr ||
         (member->kind == Kind::kString && member->text == text);
}

// Whether `key_ops` lets the key verify (RFC 7517, section 4.3).
bool MayVerify(const JsonValue& key) {
  const JsonValue* operations = Member(key, "key_ops");
  return operations == nullptr ||
         (operations->kind == Kind::kArray &&
          std::any_of(operations->items.begin(), operations->items.end(),
                      [](const JsonValue& operation) {
                        return operation.kind == Kind::kString &&
                               operation.text == "verify";
                      }));
}

bool IsPrivate(const JsonValue& key) {
  return std::any_of(
      std::begin(kPrivateMembers), std::end(kPrivateMembers),
      [&key](std::string_view name) { return Member(key, name) != nullptr; });
}

absl::StatusOr<SignatureKey> ReadRsa(const JsonValue& key) {
  const auto modulus = BytesOf(key, "n");
  const auto exponent = BytesOf(key, "e");
  if (!modulus.has_value() || !exponent.has_value()) {
    return absl::InvalidArgumentError("n or e is missing, or no base64url");
  }
  return SignatureKey::Rsa(*modulus, *exponent);
}

absl::StatusOr<SignatureKey> ReadEc(const JsonValue& key) {
  const JsonValue* curve = Member(key, "crv");
  if (curve == nullptr || curve->kind != Kind::kString ||
      curve->text != "P-256") {
    return absl::InvalidArgumentError("its curve is not P-256");
  }
  const auto x = BytesOf(key, "x");
  const auto y = BytesOf(key, "y");
  if (!x.has_value() || !y.has_value()) {
    return absl::InvalidArgumentError("x or y is missing, or no base64url");
  }
  return SignatureKey::EcP256(*x, *y);
}

// INVALID_ARGUMENT: it is to be passed over, and why.
absl::StatusOr<SignatureKey> ReadKey(const JsonValue& key) {
  const JsonValue* type = Member(key, "kty");
  const bool rsa =
      type != nullptr && type->kind == Kind::kString && type->text == "RSA";
  const bool ec =
      type != nullptr && type->kind == Kind::kString && type->text == "EC";
  if (!rsa && !ec) {
    return absl::InvalidArgumentError("its kind (kty) is neither RSA nor EC");
  }
  if (IsPrivate(key)) {
    return absl::InvalidArgumentError(
        "it is a private key, and was given away: make another");
  }
  if (!IsAbsentOr(key, "use", "sig") || !MayVerify(key)) {
    return absl::InvalidArgumentError("it is not for verifying signatures");
  }
  if (!IsAbsentOr(key, "alg", rsa ? "RS256" : "ES256")) {
    return absl::InvalidArgumentError(
        absl::StrCat("its algorithm is not ", rsa ? "RS256" : "ES256"));
  }
  return rsa ? ReadRsa(key) : ReadEc(key);
}

}  // namespace

const SignatureKey* KeySet::Find(std::string_view key_id) const {
  const auto found = keys_.find(key_id);
  return found == keys_.end() ? nullptr : &found->second;
}

// Fills a set with one key after the other.
class JwksReader {
 public:
  // Errors of ParseJwks.
  absl::Status Read(const JsonValue& key, size_t number) {
    if (key.kind != Kind::kObject) {
      return Refused(absl::StrCat("key ", number, " is no object"));
    }
    const JsonValue* id = Member(key, "kid");
    if (id == nullptr || id->kind != Kind::kString || id->text.empty() ||
        id->text.size() > kKeyIdBytes) {
      PassOver(
          absl::StrCat("key ", number),
          absl::StrCat("it has no name (kid) of 1 to ", kKeyIdBytes, " bytes"));
      return absl::OkStatus();
    }
    const std::string named =
        absl::StrCat("key ", number, " ", codec::Quoted(id->text));
    auto read = ReadKey(key);
    if (!read.ok()) {
      PassOver(named, ToStd(read.status().message()));
      return absl::OkStatus();
    }
    if (!set_.keys_.emplace(id->text, *std::move(read)).second) {
      return Refused(absl::StrCat(
          named, " has the name of another. Give each key its own kid"));
    }
    return absl::OkStatus();
  }

  KeySet Take() { return std::move(set_); }

 private:
  void PassOver(std::string_view which, std::string_view why) {
    set_.passed_over_.push_back(
        absl::StrCat(ToAbsl(which), " is not used: ", ToAbsl(why)));
  }

  KeySet set_;
};

absl::StatusOr<KeySet> ParseJwks(std::string_view text) {
  if (text.size() > kJwksBytes) {
    return Refused(absl::StrCat("it has ", text.size(), " bytes, and ",
                                kJwksBytes, " are the most"));
  }
  // The parser's own sentence could show parts of keys.
  const auto parsed = codec::ParseJson(text);
  if (!parsed.ok()) {
    return Refused("it is not JSON in which each name is given once");
  }
  const JsonValue* keys = Member(*parsed, "keys");
  if (keys == nullptr || keys->kind != Kind::kArray) {
    return Refused("it has no list \"keys\"");
  }
  if (keys->items.size() > kJwksKeys) {
    return Refused(absl::StrCat("it has ", keys->items.size(), " keys, and ",
                                kJwksKeys, " are the most"));
  }
  JwksReader reader;
  size_t number = 0;
  for (const JsonValue& key : keys->items) {
    RETURN_IF_ERROR(reader.Read(key, ++number));
  }
  return reader.Take();
}

}  // namespace samverk::access
