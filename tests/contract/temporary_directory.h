// A directory for one test.
#ifndef SAMVERK_TESTS_CONTRACT_TEMPORARY_DIRECTORY_H_
#define SAMVERK_TESTS_CONTRACT_TEMPORARY_DIRECTORY_H_

#include <cstdlib>
#include <filesystem>
#include <string>

#include "eventstore/base/check.h"

namespace samverk {

// Made when constructed, removed with all that is in it when destroyed.
class TemporaryDirectory {
 public:
  // `parent` must exist.
  explicit TemporaryDirectory(const std::filesystem::path& parent =
                                  std::filesystem::temp_directory_path()) {
    std::string pattern = (parent / "samverk-XXXXXX").string();
    SAMVERK_CHECK(mkdtemp(pattern.data()) != nullptr) << pattern;
    path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  // A parent that is faster than a disk, where there is one: for tests that
  // open many stores and in which a sync need not be real.
  static std::filesystem::path InMemory() {
    return std::filesystem::exists("/dev/shm")
               ? std::filesystem::path("/dev/shm")
               : std::filesystem::temp_directory_path();
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace samverk

#endif  // SAMVERK_TESTS_CONTRACT_TEMPORARY_DIRECTORY_H_
