// A directory of keys, what is in its files, and what happens to them.
#ifndef SAMVERK_TESTS_PRIVACY_PRIVACY_FIXTURE_H_
#define SAMVERK_TESTS_PRIVACY_PRIVACY_FIXTURE_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "services/privacy/subject_keys.h"
#include "tests/contract/temporary_directory.h"

namespace samverk::privacy {

// What nobody decided.
inline Disposal SomeDisposal() {
  return {absl::CivilDay(2031, 2, 1), "KS-2031-17", "Gallrad enligt plan 4"};
}

inline MasterKeys KeysOf(const std::vector<const MasterKey*>& keys) {
  std::vector<MasterKey> copies;
  for (const MasterKey* key : keys) {
    copies.emplace_back(SecretBytes::CopyOf(key->bytes().view()));
  }
  return MasterKeys(std::move(copies));
}

inline std::string BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteBytes(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The bytes of every file below a directory, and their names.
inline std::string AllBytesIn(const std::string& directory) {
  std::string all;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(directory)) {
    absl::StrAppend(&all, entry.path().filename().string(), "\n");
    if (entry.is_regular_file()) absl::StrAppend(&all, BytesOf(entry.path()));
  }
  return all;
}

// Whether any run of `size` bytes of `secret` occurs in `text`, as it is or as
// hexadecimal or base64 digits.
inline bool HasPartOf(std::string_view text, std::string_view secret,
                      size_t size = 8) {
  for (size_t at = 0; at + size <= secret.size(); ++at) {
    const std::string_view part = secret.substr(at, size);
    if (text.find(part) != std::string_view::npos ||
        text.find(absl::BytesToHexString(ToAbsl(part))) !=
            std::string_view::npos) {
      return true;
    }
  }
  const std::string base64 = absl::Base64Escape(ToAbsl(secret));
  return text.find(base64.substr(0, base64.size() / 4 * 3)) !=
         std::string_view::npos;
}

class PrivacyTest : public ::testing::Test {
 protected:
  std::string Directory() const { return place_.path() + "/keys"; }
  std::string Outside(std::string_view name) const {
    return absl::StrCat(place_.path(), "/", ToAbsl(name));
  }

  SubjectKeys::Options OptionsFor(const std::string& directory,
                                  const std::vector<const MasterKey*>& keys) {
    return {.directory = directory, .master_keys = KeysOf(keys)};
  }
  SubjectKeys::Options SomeOptions() {
    SubjectKeys::Options options = OptionsFor(Directory(), {&master_});
    options.hook = hook_;
    return options;
  }
  void OpenKeys() { OpenKeys(SomeOptions()); }
  void OpenKeys(SubjectKeys::Options options) {
    keys_.reset();
    auto opened = SubjectKeys::Open(std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.status();
    keys_ = *std::move(opened);
  }

  // The bytes of a subject's key, made if need be.
  std::string MakeKey(std::string_view subject) {
    const auto key = keys_->FindOrMake(subject);
    EXPECT_TRUE(key.ok()) << key.status();
    return key.ok() ? std::string((*key)->bytes().view()) : "";
  }
  // The bytes of a subject's key; empty when there is none any more.
  std::string KeyOf(std::string_view subject) {
    const auto found = keys_->Find(subject);
    EXPECT_TRUE(found.ok()) << found.status();
    if (!found.ok() || found->key == nullptr) return "";
    return std::string(found->key->bytes().view());
  }
  // How a subject was disposed of; nullopt when it was not.
  std::optional<Disposal> DisposalOf(std::string_view subject) {
    const auto found = keys_->Find(subject);
    EXPECT_TRUE(found.ok()) << found.status();
    if (!found.ok() || found->disposal == nullptr) return std::nullopt;
    return *found->disposal;
  }
  // The only file of that kind.
  std::string FileLike(std::string_view end) const {
    std::string found;
    for (const auto& entry : std::filesystem::directory_iterator(Directory())) {
      const std::string path = entry.path();
      if (!path.ends_with(end)) continue;
      EXPECT_EQ(found, "") << path;
      found = path;
    }
    EXPECT_NE(found, "") << end;
    return found;
  }

  TemporaryDirectory place_{TemporaryDirectory::InMemory()};
  const MasterKey master_ = RandomMasterKey();
  const MasterKey newer_ = RandomMasterKey();
  const MasterKey backup_ = RandomMasterKey();
  PrivateDirectory::Hook hook_;
  std::unique_ptr<SubjectKeys> keys_;
};

#define EXPECT_REFUSED(status, expected, reason)                      \
  EXPECT_EQ((status).code(), absl::StatusCode::expected) << (status); \
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_##reason) << (status)

}  // namespace samverk::privacy

#endif  // SAMVERK_TESTS_PRIVACY_PRIVACY_FIXTURE_H_
