// Backups of keys, and what never comes back from them.
#include "services/privacy/key_backup.h"

#include <cerrno>
#include <map>

#include "services/privacy/key_files.h"
#include "services/privacy/subject_keys.h"
#include "tests/privacy/privacy_fixture.h"

namespace samverk::privacy {
namespace {

namespace fs = std::filesystem;

class KeyBackupTest : public PrivacyTest {
 protected:
  void SetUp() override { OpenKeys(); }

  void MakeBackup(std::string_view name = "backup") {
    const auto made = keys_->Backup(Outside(name), backup_);
    ASSERT_TRUE(made.ok()) << made.status();
  }
  absl::StatusOr<SubjectKeys::Restored> RestoreInto(
      const std::string& directory, std::string_view name = "backup") {
    keys_.reset();
    return SubjectKeys::Restore(OptionsFor(directory, {&master_}),
                                Outside(name), KeysOf({&newer_, &backup_}));
  }
};

TEST_F(KeyBackupTest, BringsAllIntoAnEmptyDirectory) {
  std::map<std::string, std::string> keys;
  for (int n = 0; n < 500; ++n) {
    const std::string subject = absl::StrCat("subject-", n);
    keys[subject] = MakeKey(subject);
  }
  ASSERT_TRUE(keys_->Dispose("subject-7", SomeDisposal()).ok());
  const auto made = keys_->Backup(Outside("backup"), backup_);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->keys, 499u);
  EXPECT_EQ(made->disposals, 1u);
  EXPECT_EQ(fs::status(Outside("backup")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(Outside("backup.new")));

  const std::string empty = Outside("empty");
  const auto restored = RestoreInto(empty);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->keys, 499u);
  EXPECT_EQ(restored->disposals, 1u);
  OpenKeys(OptionsFor(empty, {&master_}));
  for (const auto& [subject, key] : keys) {
    EXPECT_EQ(KeyOf(subject), subject == "subject-7" ? "" : key);
  }
  EXPECT_EQ(DisposalOf("subject-7"), SomeDisposal());
  // Again: all is there.
  const auto again = RestoreInto(empty);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->keys, 0u);
  EXPECT_EQ(again->kept, 500u);
}

TEST_F(KeyBackupTest, IntoADirectoryThatAStartMade) {
  const std::string key = MakeKey("subject-1");
  MakeBackup();
  const std::string started = Outside("started");
  OpenKeys(OptionsFor(started, {&master_}));
  const auto restored = RestoreInto(started);
  ASSERT_TRUE(restored.ok()) << restored.status();
  OpenKeys(OptionsFor(started, {&master_}));
  EXPECT_EQ(KeyOf("subject-1"), key);
}

TEST_F(KeyBackupTest, ShowsNeitherKeysNorSubjects) {
  const std::string key = MakeKey("subject-1");
  const std::string wrapped = BytesOf(FileLike(".key"));
  MakeBackup();
  const std::string bytes = BytesOf(Outside("backup"));
  EXPECT_FALSE(HasPartOf(bytes, key));
  EXPECT_FALSE(HasPartOf(bytes, "subject-1"));
  EXPECT_FALSE(HasPartOf(bytes, std::string_view(wrapped).substr(9)));
}

TEST_F(KeyBackupTest, NeverBringsBackWhatWasDisposedOf) {
  const std::string key = MakeKey("subject-1");
  const std::string other = MakeKey("subject-2");
  MakeBackup();
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  for (int round = 0; round < 2; ++round) {
    const auto restored = RestoreInto(Directory());
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_EQ(restored->refused, 1u);
    EXPECT_EQ(restored->kept, round == 0 ? 1u : 0u);
    EXPECT_EQ(restored->keys, round == 0 ? 0u : 1u);
    OpenKeys();
    EXPECT_EQ(KeyOf("subject-1"), "");
    EXPECT_EQ(KeyOf("subject-2"), other);
    EXPECT_FALSE(HasPartOf(AllBytesIn(Directory()), key));
    // And a key that was lost does come back.
    fs::remove(FileLike(".key"));
  }
}

TEST_F(KeyBackupTest, ADisposalInABackupIsCarriedOutHere) {
  const std::string key = MakeKey("subject-1");
  keys_.reset();
  const std::string old = Outside("old");
  fs::copy(Directory(), old);
  fs::permissions(old, fs::perms::owner_all);
  OpenKeys();
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  MakeBackup();
  const auto restored = RestoreInto(old);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->disposals, 1u);
  OpenKeys(OptionsFor(old, {&master_}));
  EXPECT_EQ(KeyOf("subject-1"), "");
  EXPECT_FALSE(HasPartOf(AllBytesIn(old), key));
}

TEST_F(KeyBackupTest, MendsADamagedKey) {
  const std::string key = MakeKey("subject-1");
  MakeBackup();
  const std::string path = FileLike(".key");
  WriteBytes(path, BytesOf(path).substr(0, 100));
  const auto restored = RestoreInto(Directory());
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->keys, 1u);
  OpenKeys();
  EXPECT_EQ(KeyOf("subject-1"), key);
}

// So that disposals since the backup are not lost with the names.
TEST_F(KeyBackupTest, BringsTheNamesBackWhereTheyAreLost) {
  const std::string key = MakeKey("subject-1");
  MakeKey("subject-2");
  MakeBackup();
  ASSERT_TRUE(keys_->Dispose("subject-2", SomeDisposal()).ok());
  const std::string names = Directory() + "/names";
  for (const bool missing : {true, false}) {
    keys_.reset();
    if (missing) {
      fs::remove(names);
    } else {
      WriteBytes(names, "damaged");
    }
    EXPECT_REFUSED(SubjectKeys::Open(SomeOptions()).status(), kDataLoss,
                   DAMAGED);
    const auto restored = RestoreInto(Directory());
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_EQ(restored->kept, 1u);
    EXPECT_EQ(restored->refused, 1u);
    OpenKeys();
    EXPECT_EQ(KeyOf("subject-1"), key);
    EXPECT_EQ(DisposalOf("subject-2"), SomeDisposal());
  }
  // Not from a backup of another directory.
  OpenKeys(OptionsFor(Outside("other"), {&master_}));
  MakeKey("subject-1");
  MakeBackup("other-backup");
  fs::remove(names);
  EXPECT_EQ(RestoreInto(Directory(), "other-backup").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(fs::exists(names));
}

TEST_F(KeyBackupTest, BringsNothingWhereATombstoneCannotBeRead) {
  MakeKey("subject-1");
  MakeBackup();
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  const std::string tombstone = FileLike(".gone");
  WriteBytes(tombstone, "?");
  EXPECT_REFUSED(RestoreInto(Directory()).status(), kDataLoss, DAMAGED);
  for (const auto& entry : fs::directory_iterator(Directory())) {
    EXPECT_FALSE(IsKeyFile(entry.path().filename().string()));
  }
}

TEST_F(KeyBackupTest, OfAnotherDirectoryIsRefused) {
  MakeKey("subject-1");
  MakeBackup();
  const std::string other = Outside("other");
  OpenKeys(OptionsFor(other, {&master_}));
  const std::string key = MakeKey("subject-1");
  EXPECT_EQ(RestoreInto(other).status().code(),
            absl::StatusCode::kFailedPrecondition);
  OpenKeys(OptionsFor(other, {&master_}));
  EXPECT_EQ(KeyOf("subject-1"), key);
}

TEST_F(KeyBackupTest, ReplacesNoOtherKeyAndChangesNothingThen) {
  MakeKey("subject-1");
  MakeKey("subject-2");
  MakeBackup();
  keys_.reset();
  // Both were lost, and one was made anew meanwhile.
  for (const auto& entry : fs::directory_iterator(Directory())) {
    if (IsKeyFile(entry.path().filename().string())) fs::remove(entry.path());
  }
  OpenKeys();
  const std::string key = MakeKey("subject-1");
  EXPECT_EQ(RestoreInto(Directory()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  OpenKeys();
  EXPECT_EQ(KeyOf("subject-1"), key);
  EXPECT_EQ(keys_->Find("subject-2").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(KeyBackupTest, TakesNothingFromABackupThatIsNotWhole) {
  MakeKey("subject-1");
  MakeKey("subject-2");
  MakeBackup();
  const std::string path = Outside("backup");
  const std::string whole = BytesOf(path);
  const std::string empty = Outside("empty");
  const auto expect_refused = [&](const std::string& bytes) {
    WriteBytes(path, bytes);
    const absl::Status refused = RestoreInto(empty).status();
    EXPECT_NE(refused.message().find(path), std::string::npos) << refused;
    EXPECT_TRUE(absl::IsDataLoss(refused) ||
                absl::IsFailedPrecondition(refused))
        << refused;
    EXPECT_FALSE(fs::exists(empty));
  };
  for (size_t at = 0; at < whole.size(); ++at) {
    SCOPED_TRACE(at);
    std::string changed = whole;
    changed[at] ^= static_cast<char>(1 << at % 8);
    expect_refused(changed);
    expect_refused(whole.substr(0, at));
  }
  expect_refused(whole + "x");
  // An entry left out, and two that changed places.
  const size_t first = 53 + 4 + 33 + 17;  // after the names
  const size_t entry = 4 + 1 + 161 + 17;
  expect_refused(whole.substr(0, first) + whole.substr(first + entry));
  expect_refused(whole.substr(0, first) + whole.substr(first + entry, entry) +
                 whole.substr(first, entry) + whole.substr(first + 2 * entry));
  WriteBytes(path, whole);
  EXPECT_TRUE(RestoreInto(empty).ok());
}

TEST_F(KeyBackupTest, SaysWhichMasterKeyIsMissing) {
  MakeKey("subject-1");
  MakeBackup();
  const absl::Status refused =
      SubjectKeys::Restore(OptionsFor(Outside("empty"), {&master_}),
                           Outside("backup"), KeysOf({&master_}))
          .status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.message().find(KeyIdText(backup_.id())), std::string::npos);
  EXPECT_EQ(RestoreInto(Outside("empty"), "none").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(fs::exists(Outside("empty")));
}

TEST_F(KeyBackupTest, LiesOutsideAndReplacesNothing) {
  MakeKey("subject-1");
  EXPECT_REFUSED(keys_->Backup(Directory() + "/backup", backup_).status(),
                 kInvalidArgument, INVALID_FIELD);
  EXPECT_REFUSED(
      keys_->Backup(Directory() + "/../keys/backup", backup_).status(),
      kInvalidArgument, INVALID_FIELD);
  WriteBytes(Outside("backup"), "other");
  EXPECT_EQ(keys_->Backup(Outside("backup"), backup_).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(BytesOf(Outside("backup")), "other");
}

TEST_F(KeyBackupTest, NeedsTheDirectoryForItself) {
  MakeKey("subject-1");
  MakeBackup();
  EXPECT_REFUSED(
      SubjectKeys::Restore(SomeOptions(), Outside("backup"), KeysOf({&backup_}))
          .status(),
      kFailedPrecondition, IN_USE);
}

TEST_F(KeyBackupTest, ARestoreThatWasCutShortIsDoneAgain) {
  std::map<std::string, std::string> keys;
  for (int n = 0; n < 3; ++n) {
    const std::string subject = absl::StrCat("subject-", n);
    keys[subject] = MakeKey(subject);
  }
  ASSERT_TRUE(keys_->Dispose("subject-0", SomeDisposal()).ok());
  keys["subject-0"] = "";
  MakeBackup();
  for (size_t point = 0; point < 30; ++point) {
    SCOPED_TRACE(point);
    const std::string directory = Outside(absl::StrCat("restored-", point));
    size_t left = point;
    SubjectKeys::Options options = OptionsFor(directory, {&master_});
    options.hook = [&](std::string_view, const std::string&) {
      return left == 0 ? ENOSPC : (--left, 0);
    };
    keys_.reset();
    const absl::Status first =
        SubjectKeys::Restore(std::move(options), Outside("backup"),
                             KeysOf({&backup_}))
            .status();
    EXPECT_EQ(first.ok(), point >= 21) << first;
    ASSERT_TRUE(RestoreInto(directory).ok());
    OpenKeys(OptionsFor(directory, {&master_}));
    for (const auto& [subject, key] : keys) EXPECT_EQ(KeyOf(subject), key);
  }
}

}  // namespace
}  // namespace samverk::privacy
