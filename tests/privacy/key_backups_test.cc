// Backups of keys in the server's own directory.
#include "services/privacy/key_backups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tests/privacy/privacy_fixture.h"

namespace samverk::privacy {
namespace {

namespace fs = std::filesystem;

class KeyBackupsTest : public PrivacyTest {
 protected:
  KeyBackupsTest() {
    auto opened = SubjectKeys::Open({Directory(), KeysOf({&master_})});
    EXPECT_TRUE(opened.ok()) << opened.status();
    keys_ = *std::move(opened);
    EXPECT_TRUE(keys_->FindOrMake("p-1").ok());
    EXPECT_TRUE(keys_->FindOrMake("p-2").ok());
    backups_ =
        std::make_unique<KeyBackups>(*keys_, clock_, KeysOf({&master_}),
                                     Outside("backups"), absl::Hours(24));
  }
  std::vector<std::string> Files() {
    std::vector<std::string> files;
    for (const auto& file : fs::directory_iterator(Outside("backups"))) {
      files.push_back(file.path().string());
    }
    return files;
  }
  // Keys that a restore of the only backup gives.
  size_t KeysInTheOnlyOne() {
    const std::vector<std::string> files = Files();
    if (files.size() != 1) return SIZE_MAX;
    const auto restored =
        SubjectKeys::Restore({Outside("elsewhere"), KeysOf({&master_})},
                             files[0], KeysOf({&master_}));
    EXPECT_TRUE(restored.ok()) << restored.status();
    return restored.ok() ? restored->keys : SIZE_MAX;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'769'947'200)};
  MasterKey master_ = RandomMasterKey();
  std::unique_ptr<SubjectKeys> keys_;
  std::unique_ptr<KeyBackups> backups_;
};

TEST_F(KeyBackupsTest, LiveTheirTime) {
  ASSERT_TRUE(backups_->Make().ok());
  clock_.Advance(absl::Hours(23));
  ASSERT_TRUE(backups_->Tidy().ok());
  EXPECT_EQ(Files().size(), 1u);
  std::ofstream(Outside("backups") + "/somebody-elses") << "x";
  clock_.Advance(absl::Hours(2));
  ASSERT_TRUE(backups_->Tidy().ok());
  EXPECT_THAT(Files(),
              ::testing::ElementsAre(::testing::HasSubstr("somebody-elses")));
}

TEST_F(KeyBackupsTest, AreMadeAnewWhenKeysWereDestroyed) {
  ASSERT_TRUE(backups_->Make().ok());
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(backups_->Make().ok());
  clock_.Advance(absl::Seconds(1));
  ASSERT_TRUE(keys_->Dispose("p-1", SomeDisposal()).ok());
  backups_->KeysWereDestroyed();
  ASSERT_TRUE(backups_->Tidy().ok());
  EXPECT_EQ(KeysInTheOnlyOne(), 1u);
  // Once.
  clock_.Advance(absl::Seconds(1));
  const std::vector<std::string> before = Files();
  ASSERT_TRUE(backups_->Tidy().ok());
  EXPECT_EQ(Files(), before);
}

TEST_F(KeyBackupsTest, WithoutOneNoneIsMade) {
  backups_->KeysWereDestroyed();
  ASSERT_TRUE(backups_->Tidy().ok());
  EXPECT_FALSE(fs::exists(Outside("backups")));
}

}  // namespace
}  // namespace samverk::privacy
