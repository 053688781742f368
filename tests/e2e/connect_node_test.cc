// The Connect client of npm, as partners use it, against a running server.
// Needs npm and its registry; connect_node/check.mjs says what is looked at.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/contract/temporary_directory.h"
#include "tests/e2e/npm_project.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;

TEST(ConnectNode, UsesWhatClientsOfGrpcUse) {
  TemporaryDirectory directory;
  const NpmProject project =
      InstallNpmProject("tests/e2e/connect_node", directory.path());
  if (!project.unavailable.empty()) GTEST_SKIP() << project.unavailable;

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
      RunProgram({"/usr/bin/node", project.directory + "/check.mjs",
                  "http://" + server.http_address(), contracts},
                 "", project.environment);
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  EXPECT_EQ(Lines(checked.out).size(), 2u) << checked.out;
  EXPECT_EQ(server.Stop().status, 0);
}

}  // namespace
}  // namespace samverk::e2e
