// A directory that a test may fill.
#ifndef SAMVERK_TESTS_ENGINE_TEMP_DIRECTORY_H_
#define SAMVERK_TESTS_ENGINE_TEMP_DIRECTORY_H_

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "eventstore/base/check.h"

namespace samverk::testing {

// Made when constructed, taken away with all that is in it when destroyed.
class TempDirectory {
 public:
  TempDirectory() {
    std::string path =
        (std::filesystem::temp_directory_path() / "samverk-XXXXXX").string();
    SAMVERK_CHECK(mkdtemp(path.data()) != nullptr) << path;
    path_ = path;
  }
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_ENGINE_TEMP_DIRECTORY_H_
