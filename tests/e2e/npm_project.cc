#include "tests/e2e/npm_project.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <regex>

#include "absl/strings/str_cat.h"

namespace samverk::e2e {

namespace fs = std::filesystem;

NpmProject InstallNpmProject(const std::string& source,
                             const std::string& parent) {
  NpmProject project;
  if (access("/usr/bin/npm", X_OK) != 0) {
    project.unavailable = "there is no npm";
    return project;
  }
  project.directory =
      absl::StrCat(parent, "/", fs::path(source).filename().string());
  fs::copy(source, project.directory, fs::copy_options::recursive);
  project.environment["HOME"] = parent;
  // Of networks with a certificate authority of their own.
  if (const char* authorities = std::getenv("NODE_EXTRA_CA_CERTS")) {
    project.environment["NODE_EXTRA_CA_CERTS"] = authorities;
  }
  const Outcome installed = RunProgram(
      {"/bin/sh", "-c",
       absl::StrCat("cd ", project.directory,
                    " && npm ci --ignore-scripts --no-audit --no-fund")},
      "", project.environment);
  static const std::regex kNoNetwork(
      "ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH");
  if (std::regex_search(installed.err, kNoNetwork)) {
    project.unavailable = "npm does not reach its registry:\n" + installed.err;
  } else {
    EXPECT_EQ(installed.status, 0) << installed.err;
  }
  return project;
}

}  // namespace samverk::e2e
