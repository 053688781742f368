// What the README shows is what the programs print. Positions and clocks may
// differ, and "…" on a line of its own stands for lines that are left out.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

// A command of the README, and what it is said to print.
struct Shown {
  std::string command;
  std::vector<std::string> output;
  bool with_output = false;  // it stands after "$ "
};

// The commands of the fenced blocks, in order: those after "$ ", and those that
// run samverk.
std::vector<Shown> CommandsOf(const std::string& readme) {
  std::vector<Shown> commands;
  bool fenced = false;
  bool in_document = false;  // between "<<'JSON'" and "JSON"
  for (const std::string& line : Lines(readme)) {
    if (absl::StartsWith(line, "```")) {
      fenced = !fenced;
      in_document = false;
    } else if (!fenced) {
      continue;
    } else if (in_document) {
      absl::StrAppend(&commands.back().command, "\n", line);
      in_document = line != "JSON";
    } else if (absl::StartsWith(line, "$ ")) {
      commands.push_back({line.substr(2), {}, true});
      in_document = absl::EndsWith(line, "<<'JSON'");
    } else if (absl::StartsWith(line, "samverk ")) {
      commands.push_back({line, {}, false});
    } else if (!commands.empty() && commands.back().with_output) {
      commands.back().output.push_back(line);
    }
  }
  return commands;
}

// A line without what differs from one run to the next.
std::string Normal(const std::string& line) {
  static const std::vector<std::pair<std::regex, std::string>> kDiffering = {
      {std::regex("#[0-9]+"), "#N"},
      {std::regex("\"(position|cursor|head)\":\"[0-9]+\""), "\"$1\":\"N\""},
      {std::regex("[0-9-]{10}T[0-9:.]+Z"), "INSTANT"},
      {std::regex("\u00a0"), " "},
      {std::regex("(─)+"), "─"},
      {std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}"), "CLOCK"},
      {std::regex("händelse [0-9]+"), "händelse N"},
      {std::regex(" av [0-9]+\\)"), " av N)"},
      {std::regex("[0-9]+ dagar efter"), "N dagar efter"},
      {std::regex(" +"), " "},
      {std::regex(" $"), ""}};
  std::string normal = line;
  for (const auto& [pattern, replacement] : kDiffering) {
    normal = std::regex_replace(normal, pattern, replacement);
  }
  return normal;
}

std::vector<std::string> Normal(std::vector<std::string> lines) {
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  for (std::string& line : lines) line = Normal(line);
  return lines;
}

// True when `lines` are `shown`, where "…" stands for any number of them.
bool Matches(const std::vector<std::string>& shown, size_t from,
             const std::vector<std::string>& lines, size_t at) {
  if (from == shown.size()) return at == lines.size();
  if (shown[from] == "…") {
    for (size_t next = at; next <= lines.size(); ++next) {
      if (Matches(shown, from + 1, lines, next)) return true;
    }
    return false;
  }
  return at < lines.size() && shown[from] == lines[at] &&
         Matches(shown, from + 1, lines, at + 1);
}

TEST(Readme, ShowsWhatTheProgramsPrint) {
  const std::vector<Shown> commands = CommandsOf(ReadFile("README.md"));
  ASSERT_GE(commands.size(), 8u);
  TemporaryDirectory directory;
  RunningServer server(directory.path() + "/data");
  server.RecordDemo();
  const std::string bin =
      std::filesystem::path(SAMVERK_PROGRAM).parent_path().string();
  size_t compared = 0;
  for (const Shown& shown : commands) {
    if (absl::StrContains(shown.command, "--follow")) continue;
    const Outcome outcome = RunProgram(
        {"/bin/sh", "-c",
         absl::StrCat(
             "cd ", directory.path(), "\nexec 2>&1\n",
             absl::StrReplaceAll(shown.command,
                                 {{"127.0.0.1:7480", server.http_address()}}),
             "\n")},
        "",
        {{"PATH", absl::StrCat(bin, ":/usr/bin:/bin")},
         {"SAMVERK_SERVER", server.address()}});
    if (!shown.with_output) {
      EXPECT_EQ(outcome.status, 0) << shown.command << "\n" << outcome.out;
      continue;
    }
    ++compared;
    EXPECT_TRUE(Matches(Normal(shown.output), 0, Normal(Lines(outcome.out)), 0))
        << "$ " << shown.command << "\nThe README shows:\n"
        << absl::StrJoin(shown.output, "\n") << "\nIt prints:\n"
        << outcome.out;
  }
  EXPECT_GE(compared, 6u);
  EXPECT_EQ(server.Stop().status, 0);
}

}  // namespace
}  // namespace samverk::e2e
