#include "services/privacy/master_key.h"

#include <sodium.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/privacy/aead.h"
#include "services/privacy/private_file.h"

namespace samverk::privacy {
namespace {

constexpr size_t kBytesMost = 64 << 10;
constexpr std::string_view kPrefix = "MASTER+KEY+";
constexpr size_t kIdDigits = 2 * sizeof(KeyId);
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;
constexpr size_t kBase64Digits =
    sodium_base64_ENCODED_LEN(kKeyBytes, sodium_base64_VARIANT_ORIGINAL) - 1;
constexpr size_t kKeyTextBytes = kPrefix.size() + kIdDigits + 1 + kBase64Digits;

constexpr std::string_view kPutBack =
    "put back the copy that was kept of it: without its master key nothing "
    "sealed can be read";

absl::Status Unusable(const std::string& source, std::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("the master keys cannot be taken: ", source, " ",
                   ToAbsl(why), "; ", ToAbsl(kPutBack)));
}

// Why it is none is not said beyond `number`: it may be nearly a key.
absl::StatusOr<MasterKey> ParseKey(std::string_view text, size_t number,
                                   const std::string& source) {
  const auto malformed = [&] {
    return Unusable(source, absl::StrCat("has as its key ", number,
                                         " what is no master key"));
  };
  if (text.size() != kKeyTextBytes || !text.starts_with(kPrefix) ||
      text[kPrefix.size() + kIdDigits] != '+') {
    return malformed();
  }
  const std::string_view digits = text.substr(kKeyTextBytes - kBase64Digits);
  SecretBytes bytes(kKeyBytes);
  size_t size = 0;
  if (sodium_base642bin(bytes.span().data(), bytes.size(), digits.data(),
                        digits.size(), nullptr, &size, nullptr, kBase64) != 0 ||
      size != kKeyBytes) {
    return malformed();
  }
  MasterKey key(std::move(bytes));
  if (text.substr(kPrefix.size(), kIdDigits) != KeyIdText(key.id())) {
    return Unusable(source, absl::StrCat("has as its key ", number,
                                         " one that does not fit its id: it "
                                         "was not copied rightly"));
  }
  return key;
}

// Takes the next word from the front of `text`, past white space and what
// follows "#". Empty: there is none.
std::string_view TakeWord(std::string_view& text) {
  const auto is_space = [](char c) {
    return absl::ascii_isspace(static_cast<unsigned char>(c));
  };
  while (!text.empty() && (is_space(text.front()) || text.front() == '#')) {
    if (text.front() == '#') {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
    } else {
      text.remove_prefix(1);
    }
  }
  const auto end = std::find_if(text.begin(), text.end(), [&](char c) {
    return is_space(c) || c == '#';
  });
  const auto length = static_cast<size_t>(end - text.begin());
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(length);
  return word;
}

absl::Status WriteKeys(const std::string& path, const MasterKeys& keys) {
  ASSIGN_OR_RETURN(const auto file, NewPrivateFile::Create(path));
  for (const MasterKey& key : keys.all()) {
    RETURN_IF_ERROR(file->Append(FormatMasterKey(key).view()));
    RETURN_IF_ERROR(file->Append("\n"));
  }
  return file->Finish();
}

}  // namespace

MasterKeys::MasterKeys(std::vector<MasterKey> keys) : keys_(std::move(keys)) {
  SAMVERK_CHECK(!keys_.empty()) << "something must wrap";
}

const MasterKey* MasterKeys::Find(const KeyId& id) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(),
                   [&](const MasterKey& key) { return key.id() == id; });
  return found == keys_.end() ? nullptr : &*found;
}

std::string MasterKeys::Ids() const {
  std::string ids;
  for (const MasterKey& key : keys_) {
    absl::StrAppend(&ids, ids.empty() ? "" : ", ", KeyIdText(key.id()));
  }
  return ids;
}

absl::StatusOr<MasterKeys> ParseMasterKeys(std::string_view text,
                                           const std::string& source) {
  std::vector<MasterKey> keys;
  while (true) {
    const std::string_view word = TakeWord(text);
    if (word.empty()) break;
    if (keys.size() == kMasterKeys) {
      return Unusable(source, absl::StrCat("has more than ", kMasterKeys,
                                           " keys; leave out those that wrap "
                                           "nothing any more"));
    }
    ASSIGN_OR_RETURN(MasterKey key, ParseKey(word, keys.size() + 1, source));
    for (const MasterKey& other : keys) {
      if (other.id() == key.id()) {
        return Unusable(source, absl::StrCat("has the key ",
                                             KeyIdText(key.id()), " twice"));
      }
    }
    keys.push_back(std::move(key));
  }
  if (keys.empty()) return Unusable(source, "has none");
  return MasterKeys(std::move(keys));
}

absl::StatusOr<MasterKeys> ReadMasterKeys(const std::string& path) {
  const auto bytes = ReadPrivateFile(path, kBytesMost);
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(absl::StrCat("there are no master keys: ", path,
                                            " is not there; ",
                                            ToAbsl(kPutBack)));
  }
  if (!bytes.ok()) return Unusable(path, ToStd(bytes.status().message()));
  return ParseMasterKeys(bytes->view(), path);
}

SecretBytes FormatMasterKey(const MasterKey& key) {
  SecretBytes text(kKeyTextBytes + 1);  // and the encoder's last zero
  const std::string id = KeyIdText(key.id());
  auto* end = reinterpret_cast<char*>(text.span().data());
  end = std::copy(kPrefix.begin(), kPrefix.end(), end);
  end = std::copy(id.begin(), id.end(), end);
  *end++ = '+';
  sodium_bin2base64(end, kBase64Digits + 1, key.bytes().data(), kKeyBytes,
                    kBase64);
  return SecretBytes::CopyOf(text.view().substr(0, kKeyTextBytes));
}

absl::StatusOr<MasterKeys> MakeMasterKeyFile(const std::string& path) {
  std::vector<MasterKey> keys;
  keys.push_back(RandomMasterKey());
  MasterKeys made(std::move(keys));
  RETURN_IF_ERROR(WriteKeys(path, made));
  return made;
}

absl::StatusOr<MasterKeys> MakeMasterKeyFile(const std::string& path,
                                             const MasterKeys& older) {
  if (older.all().size() == kMasterKeys) {
    return absl::FailedPreconditionError(
        absl::StrCat("there are ", kMasterKeys,
                     " master keys already; wrap all again with "
                     "the current one and leave out the others"));
  }
  std::vector<MasterKey> keys;
  keys.push_back(RandomMasterKey());
  for (const MasterKey& key : older.all()) {
    keys.emplace_back(SecretBytes::CopyOf(key.bytes().view()));
  }
  MasterKeys made(std::move(keys));
  RETURN_IF_ERROR(WriteKeys(path, made));
  return made;
}

absl::StatusOr<size_t> DropOldMasterKeys(const std::string& path) {
  ASSIGN_OR_RETURN(const MasterKeys keys, ReadMasterKeys(path));
  const std::string other = path + ".new";
  RETURN_IF_ERROR(WipePrivateFile(other));
  if (keys.all().size() == 1) return 0;
  std::vector<MasterKey> current;
  current.emplace_back(SecretBytes::CopyOf(keys.current().bytes().view()));
  RETURN_IF_ERROR(WriteKeys(other, MasterKeys(std::move(current))));
  RETURN_IF_ERROR(ExchangePrivateFiles(other, path));
  RETURN_IF_ERROR(WipePrivateFile(other));
  return keys.all().size() - 1;
}

}  // namespace samverk::privacy
