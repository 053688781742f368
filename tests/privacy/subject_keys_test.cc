// Keys of subjects: made, found, disposed of, wrapped again.
#include "services/privacy/subject_keys.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "services/privacy/key_files.h"
#include "services/privacy/sealed_value.h"
#include "tests/privacy/privacy_fixture.h"

namespace samverk::privacy {
namespace {

namespace fs = std::filesystem;

class SubjectKeysTest : public PrivacyTest {};

TEST_F(SubjectKeysTest, EachSubjectHasAKeyOfItsOwn) {
  OpenKeys();
  EXPECT_EQ(keys_->Find("subject-1").status().code(),
            absl::StatusCode::kNotFound);
  const std::string one = MakeKey("subject-1");
  const std::string two = MakeKey("subject-2");
  EXPECT_EQ(one.size(), 32u);
  EXPECT_NE(one, two);
  EXPECT_EQ(MakeKey("subject-1"), one);
  EXPECT_EQ(KeyOf("subject-1"), one);
  EXPECT_EQ(KeyOf("subject-2"), two);
  OpenKeys();
  EXPECT_EQ(KeyOf("subject-1"), one);
  EXPECT_EQ(MakeKey("subject-2"), two);
}

TEST_F(SubjectKeysTest, AKeyIsDurableBeforeItIsGivenOut) {
  std::vector<std::string> done;
  hook_ = [&](std::string_view operation, const std::string&) {
    done.emplace_back(operation);
    return 0;
  };
  OpenKeys();
  done.clear();
  const std::string key = MakeKey("subject-1");
  EXPECT_EQ(done, std::vector<std::string>(
                      {"create", "write", "sync", "rename", "sync directory"}));
  // As the disk has it.
  const std::string copy = Outside("copy");
  fs::copy(Directory(), copy);
  fs::permissions(copy, fs::perms::owner_all);
  OpenKeys(OptionsFor(copy, {&master_}));
  EXPECT_EQ(KeyOf("subject-1"), key);
}

TEST_F(SubjectKeysTest, TheDirectoryShowsNeitherKeysNorSubjects) {
  OpenKeys();
  std::set<size_t> sizes;
  std::vector<std::string> keys;
  const std::vector<std::string> subjects = {"subject-1", "subject-number-2",
                                             std::string(kSubjectBytes, 's')};
  for (const std::string& subject : subjects) keys.push_back(MakeKey(subject));
  const std::string all = AllBytesIn(Directory());
  for (size_t n = 0; n < subjects.size(); ++n) {
    EXPECT_FALSE(HasPartOf(all, keys[n]));
    EXPECT_FALSE(HasPartOf(all, subjects[n]));
  }
  EXPECT_FALSE(HasPartOf(all, master_.bytes().view()));
  for (const auto& entry : fs::directory_iterator(Directory())) {
    if (IsKeyFile(entry.path().filename().string())) {
      sizes.insert(entry.file_size());
    }
  }
  EXPECT_EQ(sizes.size(), 1u);
  // Another directory has other names for the same subjects.
  std::set<std::string> names;
  const auto gather = [&] {
    ASSERT_TRUE(keys_
                    ->ForEach([&](const SubjectState& state) {
                      names.insert(state.name);
                    })
                    .ok());
  };
  gather();
  OpenKeys(OptionsFor(Outside("other"), {&master_}));
  for (const std::string& subject : subjects) MakeKey(subject);
  gather();
  EXPECT_EQ(names.size(), 2 * subjects.size());
}

TEST_F(SubjectKeysTest, ADisposalLeavesATombstoneAndNoKey) {
  OpenKeys();
  const std::string key = MakeKey("subject-1");
  const std::string other = MakeKey("subject-2");
  const std::string sealed =
      *Seal(**keys_->FindOrMake("subject-1"), "place", "value-1");
  ASSERT_TRUE(keys_->Dispose("subject-2", SomeDisposal()).ok());
  const std::string path = FileLike(".key");
  const std::string wrapped = BytesOf(path);
  ASSERT_EQ(wrapped.size(), 210u);
  // What becomes of the bytes, once their name is gone.
  fs::create_hard_link(path, Outside("kept"));

  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  const auto found = keys_->Find("subject-1");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->key, nullptr);
  ASSERT_NE(found->disposal, nullptr);
  EXPECT_EQ(*found->disposal, SomeDisposal());
  for (const std::string& all :
       {AllBytesIn(Directory()), BytesOf(Outside("kept"))}) {
    EXPECT_FALSE(HasPartOf(all, key));
    EXPECT_FALSE(HasPartOf(all, other));
    // Past the ids of format and master key, which are no secret.
    EXPECT_FALSE(HasPartOf(all, std::string_view(wrapped).substr(9)));
    EXPECT_FALSE(HasPartOf(all, "subject-1"));
  }
  for (const auto& entry : fs::directory_iterator(Directory())) {
    EXPECT_FALSE(IsKeyFile(entry.path().filename().string()));
    EXPECT_FALSE(IsCompanion(entry.path().filename().string()));
  }
  // It gets no other one, now or later.
  for (int start = 0; start < 2; ++start) {
    const absl::Status refused = keys_->FindOrMake("subject-1").status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_NE(refused.message().find("2031-02-01"), std::string::npos);
    EXPECT_NE(refused.message().find("KS-2031-17"), std::string::npos);
    EXPECT_EQ(refused.message().find("subject-1"), std::string::npos);
    EXPECT_EQ(KeyOf("subject-1"), "");
    OpenKeys();
  }
}

TEST_F(SubjectKeysTest, ADisposalIsDurableBeforeTheKeyIsTouched) {
  std::vector<std::string> done;
  hook_ = [&](std::string_view operation, const std::string& file) {
    const std::string_view name = file;
    done.push_back(
        absl::StrCat(ToAbsl(operation), " ",
                     ToAbsl(name.substr(std::min(kNameDigits, name.size())))));
    return 0;
  };
  OpenKeys();
  MakeKey("subject-1");
  done.clear();
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  EXPECT_EQ(done, std::vector<std::string>(
                      {"create .gone.new", "write .gone.new", "sync .gone.new",
                       "rename .gone.new", "sync directory ", "overwrite .key",
                       "sync .key", "unlink .key", "sync directory "}));
}

TEST_F(SubjectKeysTest, TheFirstDisposalStays) {
  OpenKeys();
  MakeKey("subject-1");
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  const Disposal later{absl::CivilDay(2032, 1, 1), "KS-2032-1", "again"};
  EXPECT_TRUE(keys_->Dispose("subject-1", later).ok());
  EXPECT_EQ(DisposalOf("subject-1"), SomeDisposal());
}

TEST_F(SubjectKeysTest, ASubjectWithoutAKeyCanBeDisposedOf) {
  OpenKeys();
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  EXPECT_EQ(keys_->FindOrMake("subject-1").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(SubjectKeysTest, ADisposedKeyIsNotRemembered) {
  OpenKeys();
  std::weak_ptr<const DataKey> key = *keys_->FindOrMake("subject-1");
  EXPECT_FALSE(key.expired());  // the cache has it
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  EXPECT_TRUE(key.expired());
}

TEST_F(SubjectKeysTest, RemembersNoMoreThanItIsTold) {
  SubjectKeys::Options options = SomeOptions();
  options.cache_entries = 3;
  OpenKeys(std::move(options));
  std::vector<std::weak_ptr<const DataKey>> keys;
  for (int n = 0; n < 20; ++n) {
    keys.push_back(*keys_->FindOrMake(absl::StrCat("subject-", n)));
  }
  EXPECT_EQ(std::count_if(keys.begin(), keys.end(),
                          [](const auto& key) { return !key.expired(); }),
            3);
}

TEST_F(SubjectKeysTest, RefusesWhatIsNoSubject) {
  OpenKeys();
  const std::string longest(kSubjectBytes, 's');
  const std::string key = MakeKey(longest);
  EXPECT_EQ(KeyOf(longest), key);
  EXPECT_REFUSED(keys_->Find("").status(), kInvalidArgument, INVALID_FIELD);
  EXPECT_REFUSED(keys_->FindOrMake("").status(), kInvalidArgument,
                 INVALID_FIELD);
  EXPECT_REFUSED(keys_->Dispose("", SomeDisposal()), kInvalidArgument,
                 INVALID_FIELD);
  EXPECT_REFUSED(keys_->FindOrMake(longest + "s").status(), kInvalidArgument,
                 LIMIT_EXCEEDED);
  EXPECT_REFUSED(keys_->Dispose("subject-1", Disposal()), kInvalidArgument,
                 INVALID_FIELD);
  EXPECT_EQ(keys_->Find("subject-1").status().code(),
            absl::StatusCode::kNotFound);
  // Any bytes are an id.
  const std::string odd("\0\xff/..\n", 6);
  const std::string other = MakeKey(odd);
  EXPECT_EQ(KeyOf(odd), other);
  EXPECT_NE(other, key);
}

TEST_F(SubjectKeysTest, ListsAllWithTheirState) {
  OpenKeys();
  const std::string one = MakeKey("subject-1");
  MakeKey("subject-2");
  ASSERT_TRUE(keys_->Dispose("subject-2", SomeDisposal()).ok());
  std::vector<SubjectState> states;
  ASSERT_TRUE(
      keys_
          ->ForEach([&](const SubjectState& state) { states.push_back(state); })
          .ok());
  ASSERT_EQ(states.size(), 2u);
  EXPECT_LT(states[0].name, states[1].name);
  if (states[0].disposal) std::swap(states[0], states[1]);
  EXPECT_EQ(states[0].subject, "subject-1");
  EXPECT_EQ(*states[0].key, KeyIdOf(SecretBytes::CopyOf(one)));
  EXPECT_EQ(*states[0].master_key, master_.id());
  EXPECT_FALSE(states[0].disposal.has_value());
  EXPECT_EQ(states[1].subject, "");
  EXPECT_EQ(*states[1].disposal, SomeDisposal());
  EXPECT_FALSE(states[1].key.has_value());
  EXPECT_FALSE(states[1].master_key.has_value());
}

TEST_F(SubjectKeysTest, IsOpenedByOneAtATime) {
  OpenKeys();
  EXPECT_REFUSED(SubjectKeys::Open(SomeOptions()).status(), kFailedPrecondition,
                 IN_USE);
}

TEST_F(SubjectKeysTest, SaysWhichMasterKeyIsMissing) {
  OpenKeys();
  MakeKey("subject-1");
  keys_.reset();
  const std::string before = AllBytesIn(Directory());
  const absl::Status refused =
      SubjectKeys::Open(OptionsFor(Directory(), {&newer_})).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  for (const std::string& said :
       {KeyIdText(master_.id()), KeyIdText(newer_.id()),
        std::string("give that one too")}) {
    EXPECT_NE(refused.message().find(said), std::string::npos) << refused;
  }
  EXPECT_EQ(AllBytesIn(Directory()), before);
}

TEST_F(SubjectKeysTest, MasterKeysAreChanged) {
  OpenKeys();
  std::map<std::string, std::string> keys;
  for (int n = 0; n < 10; ++n) {
    const std::string subject = absl::StrCat("subject-", n);
    keys[subject] = MakeKey(subject);
  }
  ASSERT_TRUE(keys_->Dispose("subject-0", SomeDisposal()).ok());
  keys["subject-0"] = "";
  OpenKeys(OptionsFor(Directory(), {&newer_, &master_}));
  keys["subject-new"] = MakeKey("subject-new");
  for (const auto& [subject, key] : keys) EXPECT_EQ(KeyOf(subject), key);
  // What was replaced is overwritten too.
  std::vector<std::string> wrapped;
  for (const auto& entry : fs::directory_iterator(Directory())) {
    const std::string file = entry.path().filename().string();
    if (!IsKeyFile(file)) continue;
    const std::string bytes = BytesOf(entry.path());
    if (bytes.substr(1, 8) != AsBytes(master_.id())) continue;
    wrapped.push_back(bytes);
    fs::create_hard_link(entry.path(), Outside(file + ".kept"));
  }
  ASSERT_EQ(wrapped.size(), 9u);
  auto done = keys_->RewrapAll();
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->done, 9u);
  EXPECT_EQ(done->were_current, 1u);
  const std::string all = AllBytesIn(place_.path());
  for (const std::string& bytes : wrapped) {
    EXPECT_FALSE(HasPartOf(all, std::string_view(bytes).substr(9)));
  }
  done = keys_->RewrapAll();
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->done, 0u);
  EXPECT_EQ(done->were_current, 10u);
  OpenKeys(OptionsFor(Directory(), {&newer_}));
  for (const auto& [subject, key] : keys) EXPECT_EQ(KeyOf(subject), key);
  keys_.reset();
  EXPECT_EQ(
      SubjectKeys::Open(OptionsFor(Directory(), {&master_})).status().code(),
      absl::StatusCode::kFailedPrecondition);
}

// While one makes a key, another asks for it: it waits, and has the same one.
TEST_F(SubjectKeysTest, TwoNeverMakeTwoKeysOfASubject) {
  std::future<std::string> other;
  std::atomic<bool> armed = false;
  hook_ = [&](std::string_view, const std::string&) {
    if (armed.exchange(false)) {
      other =
          std::async(std::launch::async, [&] { return MakeKey("subject-1"); });
      // Long enough to make one, if it could.
      EXPECT_EQ(other.wait_for(std::chrono::milliseconds(100)),
                std::future_status::timeout);
    }
    return 0;
  };
  OpenKeys();
  armed = true;
  const std::string key = MakeKey("subject-1");
  EXPECT_EQ(other.get(), key);
}

// While a key is disposed of, another asks for it: it is not remembered.
TEST_F(SubjectKeysTest, AKeyIsNotRememberedDuringItsDisposal) {
  std::future<std::string> other;
  std::atomic<bool> armed = false;
  hook_ = [&](std::string_view, const std::string&) {
    if (armed.exchange(false)) {
      other =
          std::async(std::launch::async, [&] { return KeyOf("subject-1"); });
      EXPECT_EQ(other.wait_for(std::chrono::milliseconds(100)),
                std::future_status::timeout);
    }
    return 0;
  };
  OpenKeys();
  MakeKey("subject-1");
  OpenKeys();  // so that the key is in no memory
  armed = true;
  ASSERT_TRUE(keys_->Dispose("subject-1", SomeDisposal()).ok());
  EXPECT_EQ(other.get(), "");
  EXPECT_EQ(KeyOf("subject-1"), "");
}

// Threads that make, find, dispose of and wrap the same keys.
TEST_F(SubjectKeysTest, ManyMayCallAtOnce) {
  OpenKeys();
  for (int n = 0; n < 8; ++n) MakeKey(absl::StrCat("subject-", n));
  SubjectKeys::Options options = OptionsFor(Directory(), {&newer_, &master_});
  options.cache_entries = 4;
  OpenKeys(std::move(options));
  constexpr int kSubjects = 24;
  std::array<std::atomic<bool>, kSubjects> disposed = {};
  std::array<std::set<std::string>, 4> seen[kSubjects];
  std::atomic<int> failures = 0;
  const auto work = [&](int thread) {
    for (int round = 0; round < 200; ++round) {
      const int n = (round * 7 + thread * 5) % kSubjects;
      const std::string subject = absl::StrCat("subject-", n);
      const bool was_disposed = disposed[n];
      if (n % 3 == 0 && round > 100) {
        if (!keys_->Dispose(subject, SomeDisposal()).ok()) ++failures;
        disposed[n] = true;
        const auto found = keys_->Find(subject);
        if (!found.ok() || found->key != nullptr) ++failures;
        continue;
      }
      const auto key = keys_->FindOrMake(subject);
      if (key.ok()) {
        if (was_disposed) ++failures;
        seen[n][thread].insert(std::string((*key)->bytes().view()));
      } else if (n % 3 != 0 || !absl::IsFailedPrecondition(key.status())) {
        ++failures;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back(work, thread);
  }
  for (int n = 0; n < 5; ++n) {
    EXPECT_TRUE(keys_->RewrapAll().ok());
    EXPECT_TRUE(keys_->ForEach([](const SubjectState&) {}).ok());
    EXPECT_TRUE(
        keys_->Backup(Outside(absl::StrCat("backup-", n)), backup_).ok());
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  for (int n = 0; n < kSubjects; ++n) {
    std::set<std::string> keys;
    for (const auto& of_thread : seen[n]) {
      keys.insert(of_thread.begin(), of_thread.end());
    }
    EXPECT_EQ(keys.size(), 1u) << n;
    EXPECT_EQ(KeyOf(absl::StrCat("subject-", n)),
              n % 3 == 0 ? "" : *keys.begin());
  }
}

}  // namespace
}  // namespace samverk::privacy
