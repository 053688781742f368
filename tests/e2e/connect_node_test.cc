// The Connect client of npm, as partners use it, against a running server.
// Needs npm and its registry; connect_node/check.mjs says what is looked at.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;

TEST(ConnectNode, UsesWhatClientsOfGrpcUse) {
  if (access("/usr/bin/npm", X_OK) != 0) GTEST_SKIP() << "there is no npm";
  TemporaryDirectory directory;
  const std::string work = directory.path() + "/connect_node";
  fs::copy("tests/e2e/connect_node", work, fs::copy_options::recursive);
  Environment environment = {{"HOME", directory.path()}};
  // Of networks with a certificate authority of their own.
  if (const char* authorities = std::getenv("NODE_EXTRA_CA_CERTS")) {
    environment["NODE_EXTRA_CA_CERTS"] = authorities;
  }

  const Outcome installed =
      RunProgram({"/bin/sh", "-c",
                  absl::StrCat("cd ", work, " && npm ci --no-audit --no-fund")},
                 "", environment);
  static const std::regex kNoNetwork(
      "ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH");
  if (std::regex_search(installed.err, kNoNetwork)) {
    GTEST_SKIP() << "npm does not reach its registry:\n" << installed.err;
  }
  ASSERT_EQ(installed.status, 0) << installed.err;

  const std::string contracts = directory.path() + "/contracts.binpb";
  std::vector<std::string> protoc = {"/usr/bin/protoc", "-Iproto",
                                     "--include_imports",
                                     "--descriptor_set_out=" + contracts};
  for (const auto& entry : fs::recursive_directory_iterator("proto")) {
    if (entry.path().extension() == ".proto") {
      protoc.push_back(fs::relative(entry.path(), "proto").string());
    }
  }
  const Outcome described = RunProgram(protoc);
  ASSERT_EQ(described.status, 0) << described.err;

  RunningServer server(directory.path() + "/data", {"--demo"});
  const Outcome checked =
      RunProgram({"/usr/bin/node", work + "/check.mjs",
                  "http://" + server.http_address(), contracts},
                 "", environment);
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  EXPECT_EQ(Lines(checked.out).size(), 2u) << checked.out;
  EXPECT_EQ(server.Stop().status, 0);
}

}  // namespace
}  // namespace samverk::e2e
