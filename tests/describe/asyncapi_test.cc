// The AsyncAPI document against AsyncAPI's own parser, from npm.
#include "proto/describe/asyncapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/contract/temporary_directory.h"
#include "tests/e2e/npm_project.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

TEST(AsyncApi, IsWhatTheProgramExports) {
  TemporaryDirectory directory;
  const std::string file = directory.path() + "/asyncapi.json";
  const Outcome written =
      RunProgram({SAMVERK_PROGRAM, "export", "asyncapi", "--out", file});
  EXPECT_EQ(written.status, 0) << written.err;
  EXPECT_EQ(written.out, "");
  EXPECT_THAT(written.err, HasSubstr("AsyncAPI 3.0"));
  EXPECT_EQ(ReadFile(file), describe::AsyncApi());

  const Outcome printed = RunProgram({SAMVERK_PROGRAM, "export", "asyncapi"});
  EXPECT_EQ(printed.out, describe::AsyncApi());
  EXPECT_EQ(printed.err, "");

  const Outcome failed =
      RunProgram({SAMVERK_PROGRAM, "--lang", "en", "export", "asyncapi",
                  "--out", directory.path() + "/none/asyncapi.json"});
  EXPECT_EQ(failed.status, 1);
  EXPECT_THAT(failed.err, HasSubstr("cannot be written"));
}

TEST(AsyncApi, IsTakenByItsParserAndASpoiledOneIsNot) {
  TemporaryDirectory directory;
  const NpmProject project =
      InstallNpmProject("tests/describe/asyncapi", directory.path());
  if (!project.unavailable.empty()) GTEST_SKIP() << project.unavailable;
  const auto check = [&](const std::string& document) {
    const std::string file = directory.path() + "/asyncapi.json";
    std::ofstream(file, std::ios::binary) << document;
    return RunProgram({"/usr/bin/node", project.directory + "/check.mjs", file},
                      "", project.environment);
  };
  const Outcome checked = check(describe::AsyncApi());
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  EXPECT_THAT(
      Lines(checked.out),
      ElementsAre(MatchesRegex(
          "3\\.0\\.0: [0-9]+ channels, [0-9]+ operations, [0-9]+ messages")));

  std::string spoiled = describe::AsyncApi();
  const std::string action = "\"action\": \"send\"";
  spoiled.replace(spoiled.find(action), action.size(), "\"action\": \"shout\"");
  const Outcome refused = check(spoiled);
  EXPECT_EQ(refused.status, 1) << refused.err;
  EXPECT_THAT(refused.out, HasSubstr("operations.record.action"));
}

}  // namespace
}  // namespace samverk::e2e
