// Files that are not as they were written: an error, never a wrong key.
#include "services/privacy/key_files.h"
#include "services/privacy/subject_keys.h"
#include "tests/privacy/privacy_fixture.h"

namespace samverk::privacy {
namespace {

namespace fs = std::filesystem;

class SubjectKeysDamageTest : public PrivacyTest {
 protected:
  void SetUp() override {
    OpenKeys();
    key_ = MakeKey("subject-1");
    path_ = FileLike(".key");
    whole_ = BytesOf(path_);
  }
  // What finding subject-1 gives, unless it is remembered.
  absl::Status Finding() {
    SubjectKeys::Options options = SomeOptions();
    options.cache_entries = 0;
    OpenKeys(std::move(options));
    const absl::Status found = keys_->Find("subject-1").status();
    // Nor is another one made in its place.
    EXPECT_EQ(keys_->FindOrMake("subject-1").status(), found);
    return found;
  }
  void ExpectDamaged(const std::string& path) {
    const absl::Status refused = Finding();
    EXPECT_REFUSED(refused, kDataLoss, DAMAGED);
    EXPECT_NE(refused.message().find(path), std::string::npos) << refused;
  }

  std::string key_, path_, whole_;
};

TEST_F(SubjectKeysDamageTest, AnyBitIsNoticed) {
  for (size_t bit = 0; bit < 8 * whole_.size(); ++bit) {
    SCOPED_TRACE(bit);
    std::string changed = whole_;
    changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
    WriteBytes(path_, changed);
    if (bit / 8 >= 9) {
      ExpectDamaged(path_);
      continue;
    }
    // The format, and the id of the master key.
    const absl::Status refused = Finding();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_NE(refused.message().find(path_), std::string::npos) << refused;
    EXPECT_NE(refused.message().find("damaged"), std::string::npos);
  }
  WriteBytes(path_, whole_);
  EXPECT_EQ(KeyOf("subject-1"), key_);
}

TEST_F(SubjectKeysDamageTest, AnyLengthIsNoticed) {
  for (size_t size = 0; size < whole_.size(); ++size) {
    WriteBytes(path_, whole_.substr(0, size));
    ExpectDamaged(path_);
  }
  WriteBytes(path_, whole_ + "x");
  ExpectDamaged(path_);
  WriteBytes(path_, std::string(1 << 20, 'x'));
  ExpectDamaged(path_);
}

TEST_F(SubjectKeysDamageTest, AnotherSubjectsFileIsNoticed) {
  MakeKey("subject-2");
  std::string other;
  for (const auto& entry : fs::directory_iterator(Directory())) {
    const std::string path = entry.path();
    if (path.ends_with(".key") && path != path_) other = path;
  }
  fs::copy_file(other, path_, fs::copy_options::overwrite_existing);
  ExpectDamaged(path_);
}

TEST_F(SubjectKeysDamageTest, AnotherDirectorysFileIsNoticed) {
  OpenKeys(OptionsFor(Outside("other"), {&master_}));
  MakeKey("subject-1");
  for (const auto& entry : fs::directory_iterator(Outside("other"))) {
    if (IsKeyFile(entry.path().filename().string())) {
      fs::copy_file(entry.path(), path_, fs::copy_options::overwrite_existing);
    }
  }
  ExpectDamaged(path_);
}

TEST_F(SubjectKeysDamageTest, WhatIsNoFileIsNoticed) {
  const std::string aside = Outside("aside");
  fs::rename(path_, aside);
  fs::create_symlink(aside, path_);
  ExpectDamaged(path_);
  fs::remove(path_);
  fs::create_directory(path_);
  ExpectDamaged(path_);
}

TEST_F(SubjectKeysDamageTest, ADamagedTombstoneIsNotPassedOver) {
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  const std::string tombstone = FileLike(".gone");
  const std::string bytes = BytesOf(tombstone);
  WriteBytes(tombstone, bytes.substr(1));
  ExpectDamaged(tombstone);
  // Whoever knows of the disposal writes it anew.
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  EXPECT_EQ(BytesOf(tombstone), bytes);
}

TEST_F(SubjectKeysDamageTest, ATombstoneThatNobodyWroteDestroysNothing) {
  MakeKey("subject-2");
  ASSERT_TRUE(keys_->Dispose("subject-2", SomeDisposal()).ok());
  keys_.reset();
  std::string forged = path_;
  forged.replace(forged.size() - 4, 4, ".gone");
  fs::copy_file(FileLike(".gone"), forged);
  OpenKeys();
  const absl::Status refused = keys_->Find("subject-1").status();
  EXPECT_REFUSED(refused, kDataLoss, DAMAGED);
  EXPECT_NE(refused.message().find(forged), std::string::npos);
  EXPECT_EQ(BytesOf(path_), whole_);
  keys_.reset();
  fs::remove(forged);
  OpenKeys();
  EXPECT_EQ(KeyOf("subject-1"), key_);
}

TEST_F(SubjectKeysDamageTest, ADamagedKeyCanStillBeDisposedOf) {
  WriteBytes(path_, whole_.substr(1));
  OpenKeys();
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  EXPECT_EQ(KeyOf("subject-1"), "");
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(SubjectKeysDamageTest, NamesAreNotMadeAnew) {
  keys_.reset();
  const std::string names = Directory() + "/names";
  const std::string bytes = BytesOf(names);
  const auto expect = [&] {
    const absl::Status refused = SubjectKeys::Open(SomeOptions()).status();
    EXPECT_REFUSED(refused, kDataLoss, DAMAGED);
    EXPECT_NE(refused.message().find(names), std::string::npos) << refused;
  };
  fs::remove(names);
  expect();
  for (size_t at = 9; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] ^= 1;
    WriteBytes(names, changed);
    expect();
  }
  WriteBytes(names, "");
  expect();
  WriteBytes(names, bytes);
  OpenKeys();
  EXPECT_EQ(KeyOf("subject-1"), key_);
}

TEST_F(SubjectKeysDamageTest, FilesOfOthersAreRefused) {
  keys_.reset();
  for (const std::string& file :
       {path_ + ".bak", path_ + "~", Directory() + "/notes.txt",
        Directory() + "/abc.key"}) {
    fs::copy_file(path_, file);
    const absl::Status refused = SubjectKeys::Open(SomeOptions()).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_NE(refused.message().find(file), std::string::npos) << refused;
    fs::remove(file);
  }
  OpenKeys();
}

TEST_F(SubjectKeysDamageTest, OneDamagedKeyKeepsNoOtherFromBeingWrapped) {
  MakeKey("subject-2");
  WriteBytes(path_, whole_.substr(0, 100));
  OpenKeys(OptionsFor(Directory(), {&newer_, &master_}));
  EXPECT_REFUSED(keys_->RewrapAll().status(), kDataLoss, DAMAGED);
  size_t wrapped = 0;
  for (const auto& entry : fs::directory_iterator(Directory())) {
    const std::string bytes = BytesOf(entry.path());
    if (bytes.size() > 9 && bytes.substr(1, 8) == AsBytes(newer_.id())) {
      ++wrapped;
    }
  }
  EXPECT_EQ(wrapped, 1u);
  // The older master key is still asked for.
  keys_.reset();
  EXPECT_EQ(
      SubjectKeys::Open(OptionsFor(Directory(), {&newer_})).status().code(),
      absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace samverk::privacy
