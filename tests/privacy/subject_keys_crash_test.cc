// Every point at which work on keys can be cut short: a crash, a full disk.
#include <algorithm>
#include <cerrno>
#include <functional>
#include <set>

#include "services/privacy/key_files.h"
#include "services/privacy/subject_keys.h"
#include "tests/privacy/privacy_fixture.h"

namespace samverk::privacy {
namespace {

namespace fs = std::filesystem;

class SubjectKeysCrashTest : public PrivacyTest {
 protected:
  // Does `work`, and keeps the directory as it is before each of its
  // operations, and as it is in the middle of those that write bytes.
  void Crash(const std::function<void()>& work) {
    watching_ = true;
    work();
    watching_ = false;
    Keep();
    keys_.reset();
  }
  void OpenWatched(const std::vector<const MasterKey*>& master_keys) {
    SubjectKeys::Options options = OptionsFor(Directory(), master_keys);
    options.hook = [this](std::string_view operation, const std::string& file) {
      if (!watching_) return 0;
      Keep();
      // A file that is half of what it was to be.
      if (operation == "sync" && IsCompanion(file)) {
        const std::string path = copies_.back() + "/" + file;
        fs::resize_file(path, fs::file_size(path) / 2);
      } else if (operation == "sync" || operation == "unlink") {
        Keep();
      } else if (operation == "overwrite") {
        Keep();
        const std::string path = copies_.back() + "/" + file;
        std::string bytes = BytesOf(path);
        for (size_t n = 0; n < bytes.size() / 2; ++n) bytes[n] = '?';
        WriteBytes(path, bytes);
      }
      return 0;
    };
    OpenKeys(std::move(options));
  }
  void Keep() {
    copies_.push_back(Outside(absl::StrCat("copy-", copies_.size())));
    fs::copy(Directory(), copies_.back());
    fs::permissions(copies_.back(), fs::perms::owner_all);
  }
  // Files left by what was cut short.
  static size_t Leftovers(const std::string& directory) {
    size_t count = 0;
    for (const auto& entry : fs::directory_iterator(directory)) {
      count += IsCompanion(entry.path().filename().string()) ? 1 : 0;
    }
    return count;
  }

  bool watching_ = false;
  std::vector<std::string> copies_;
};

TEST_F(SubjectKeysCrashTest, ADisposalIsDoneOrNotAndThenDone) {
  OpenWatched({&master_});
  const std::string key = MakeKey("subject-1");
  const std::string other = MakeKey("subject-2");
  std::set<std::string> wrapped;
  for (const auto& entry : fs::directory_iterator(Directory())) {
    if (IsKeyFile(entry.path().filename().string())) {
      wrapped.insert(BytesOf(entry.path()).substr(9));
    }
  }
  Crash([&] { ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok()); });
  ASSERT_GE(copies_.size(), 12u);
  size_t with_key = 0;
  for (const std::string& copy : copies_) {
    SCOPED_TRACE(copy);
    OpenKeys(OptionsFor(copy, {&master_}));
    EXPECT_EQ(Leftovers(copy), 0u);
    EXPECT_EQ(KeyOf("subject-2"), other);
    const std::string found = KeyOf("subject-1");
    if (!found.empty()) {
      ++with_key;
      EXPECT_EQ(found, key);
      ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
    }
    EXPECT_EQ(DisposalOf("subject-1"), SomeDisposal());
    // Of the two wrapped keys the other's alone is left.
    const std::string all = AllBytesIn(copy);
    EXPECT_FALSE(HasPartOf(all, key));
    EXPECT_FALSE(HasPartOf(all, "subject-1"));
    EXPECT_EQ(std::count_if(wrapped.begin(), wrapped.end(),
                            [&](const std::string& bytes) {
                              return HasPartOf(all, bytes);
                            }),
              1);
  }
  // Both kinds of ends were among them.
  EXPECT_GT(with_key, 0u);
  EXPECT_LT(with_key, copies_.size());
}

TEST_F(SubjectKeysCrashTest, AKeyThatWasNotGivenOutLeavesNothing) {
  OpenWatched({&master_});
  std::string key;
  Crash([&] { key = MakeKey("subject-1"); });
  ASSERT_GE(copies_.size(), 5u);
  for (const std::string& copy : copies_) {
    SCOPED_TRACE(copy);
    OpenKeys(OptionsFor(copy, {&master_}));
    EXPECT_EQ(Leftovers(copy), 0u);
    const auto found = keys_->Find("subject-1");
    if (found.ok()) {
      EXPECT_EQ(found->key->bytes().view(), key);
    } else {
      EXPECT_EQ(found.status().code(), absl::StatusCode::kNotFound);
      EXPECT_NE(MakeKey("subject-1"), key);
    }
  }
  OpenKeys(OptionsFor(copies_.back(), {&master_}));
  EXPECT_EQ(KeyOf("subject-1"), key);
}

TEST_F(SubjectKeysCrashTest, AChangeOfMasterKeysGoesOnWhereItEnded) {
  OpenWatched({&master_});
  const std::vector<std::string> subjects = {"subject-1", "subject-2",
                                             "subject-3"};
  std::vector<std::string> keys;
  for (const std::string& subject : subjects) keys.push_back(MakeKey(subject));
  MakeKey("subject-4");
  ASSERT_TRUE(keys_->Dispose("subject-4", SomeDisposal()).ok());
  OpenWatched({&newer_, &master_});
  Crash([&] { ASSERT_TRUE(keys_->RewrapAll().ok()); });
  ASSERT_GE(copies_.size(), 36u);
  std::set<size_t> left_to_do;
  for (const std::string& copy : copies_) {
    SCOPED_TRACE(copy);
    const auto expect_all = [&] {
      for (size_t n = 0; n < subjects.size(); ++n) {
        EXPECT_EQ(KeyOf(subjects[n]), keys[n]);
      }
      EXPECT_EQ(KeyOf("subject-4"), "");
    };
    OpenKeys(OptionsFor(copy, {&newer_, &master_}));
    EXPECT_EQ(Leftovers(copy), 0u);
    expect_all();
    const auto done = keys_->RewrapAll();
    ASSERT_TRUE(done.ok()) << done.status();
    left_to_do.insert(done->done);
    EXPECT_EQ(done->done + done->were_current, subjects.size());
    OpenKeys(OptionsFor(copy, {&newer_}));
    expect_all();
  }
  EXPECT_EQ(left_to_do, std::set<size_t>({0, 1, 2, 3}));
}

TEST_F(SubjectKeysCrashTest, AFirstStartMayBeCutShort) {
  // The directory is there already, so that it can be copied.
  fs::create_directory(Directory());
  fs::permissions(Directory(), fs::perms::owner_all);
  watching_ = true;
  OpenWatched({&master_});
  watching_ = false;
  keys_.reset();
  ASSERT_GE(copies_.size(), 5u);
  for (const std::string& copy : copies_) {
    SCOPED_TRACE(copy);
    OpenKeys(OptionsFor(copy, {&master_}));
    const std::string key = MakeKey("subject-1");
    EXPECT_EQ(KeyOf("subject-1"), key);
    EXPECT_EQ(Leftovers(copy), 0u);
  }
}

// One operation fails, or all from one on: of every kind, at every point.
TEST_F(SubjectKeysCrashTest, AFullDiskLeavesNothingHalfDone) {
  size_t left = 0;  // operations that are still done
  bool failing = false, all_after = false;
  hook_ = [&](std::string_view, const std::string&) {
    if (!failing) return 0;
    if (left > 0) {
      --left;
      return 0;
    }
    failing = all_after;
    return ENOSPC;
  };
  for (const bool all : {false, true}) {
    all_after = all;
    size_t refused_makes = 0, refused_disposals = 0;
    for (size_t point = 0; point < 12; ++point) {
      const std::string subject = absl::StrCat("subject-", all, "-", point);
      SCOPED_TRACE(subject);
      OpenKeys();
      left = point;
      failing = true;
      const auto made = keys_->FindOrMake(subject);
      failing = false;
      if (!made.ok()) {
        ++refused_makes;
        EXPECT_REFUSED(made.status(), kResourceExhausted, DISK_FULL);
      }
      const std::string key = MakeKey(subject);
      if (made.ok()) {
        EXPECT_EQ(key, (*made)->bytes().view());
      }
      left = point;
      failing = true;
      const absl::Status disposed = keys_->Dispose(subject, SomeDisposal());
      failing = false;
      if (!disposed.ok()) {
        ++refused_disposals;
        const std::string found = KeyOf(subject);
        EXPECT_TRUE(found.empty() || found == key);
        // Also after a start between the two.
        if (point % 2 == 0) OpenKeys();
        if (!found.empty()) {
          EXPECT_EQ(KeyOf(subject), key);
        }
      }
      ASSERT_TRUE(keys_->Dispose(subject, SomeDisposal()).ok());
      EXPECT_EQ(KeyOf(subject), "");
      EXPECT_FALSE(HasPartOf(AllBytesIn(Directory()), key));
      for (const auto& entry : fs::directory_iterator(Directory())) {
        EXPECT_FALSE(IsKeyFile(entry.path().filename().string()));
        EXPECT_FALSE(IsCompanion(entry.path().filename().string()));
      }
    }
    // Five operations make a key, nine dispose of it.
    EXPECT_EQ(refused_makes, 5u);
    EXPECT_EQ(refused_disposals, 9u);
  }
}

TEST_F(SubjectKeysCrashTest, AFullDiskDelaysAChangeOfMasterKeys) {
  size_t left = 0;
  bool failing = false;
  hook_ = [&](std::string_view, const std::string&) {
    if (!failing) return 0;
    if (left > 0) {
      --left;
      return 0;
    }
    return ENOSPC;
  };
  for (size_t point = 0; point < 18; ++point) {
    SCOPED_TRACE(point);
    const std::string directory = Outside(absl::StrCat("keys-", point));
    OpenKeys(OptionsFor(directory, {&master_}));
    const std::string key = MakeKey("subject-1");
    SubjectKeys::Options options = OptionsFor(directory, {&newer_, &master_});
    options.hook = hook_;
    OpenKeys(std::move(options));
    left = point;
    failing = true;
    const absl::Status refused = keys_->RewrapAll().status();
    failing = false;
    EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(KeyOf("subject-1"), key);
    // Nothing of the key outlives its disposal, wherever it was.
    if (point % 2 == 0) {
      ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
      for (const auto& entry : fs::directory_iterator(directory)) {
        const std::string file = entry.path().filename().string();
        EXPECT_TRUE(file == kNamesFile || file == "names.new" ||
                    file == "LOCK" || IsTombstoneFile(file))
            << file;
      }
    }
    ASSERT_TRUE(keys_->RewrapAll().ok());
    OpenKeys(OptionsFor(directory, {&newer_}));
    EXPECT_EQ(KeyOf("subject-1"), point % 2 == 0 ? "" : key);
  }
}

}  // namespace
}  // namespace samverk::privacy
