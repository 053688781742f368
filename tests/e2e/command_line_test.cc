// docs/command_line.md and the programs' own help name the same commands and
// options.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

using Names = std::set<std::string>;

std::string HelpOf(const std::vector<std::string>& command) {
  std::vector<std::string> all = {SAMVERK_PROGRAM};
  all.insert(all.end(), command.begin(), command.end());
  all.push_back("--help");
  const Outcome outcome = RunProgram(all);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return outcome.out;
}

// Lines of the help under a title ("Options:"), to the next empty line.
std::vector<std::string> Part(const std::string& help,
                              const std::string& title) {
  std::vector<std::string> part;
  bool inside = false;
  for (const std::string& line : Lines(help)) {
    if (line == title) {
      inside = true;
    } else if (line.empty()) {
      inside = false;
    } else if (inside) {
      part.push_back(line);
    }
  }
  return part;
}

// "--process" of "  -p,--process ID REQUIRED  Id of the process"; both names.
Names OptionsOf(const std::string& help) {
  Names names;
  for (const std::string& line : Part(help, "Options:")) {
    // What is continued from the line before is indented further.
    if (line.rfind("  -", 0) != 0) continue;
    const std::string name = line.substr(2, line.find(' ', 2) - 2);
    for (const absl::string_view one : absl::StrSplit(name, ',')) {
      names.emplace(one);
    }
  }
  return names;
}

std::vector<std::string> SubcommandsOf(const std::string& help) {
  std::vector<std::string> names;
  for (const std::string& line : Part(help, "Subcommands:")) {
    if (line.rfind("  ", 0) != 0 || line[2] == ' ') continue;
    names.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return names;
}

// Every command, with those that others stand under.
void CollectCommands(const std::vector<std::string>& prefix, Names& names) {
  for (const std::string& name : SubcommandsOf(HelpOf(prefix))) {
    std::vector<std::string> command = prefix;
    command.push_back(name);
    std::string text = "samverk";
    for (const std::string& word : command) absl::StrAppend(&text, " ", word);
    names.insert(text);
    CollectCommands(command, names);
  }
}

// Text of the document from a heading to the next one.
std::string Section(const std::string& document, const std::string& heading) {
  const size_t at = document.find(absl::StrCat("# ", heading, "\n"));
  EXPECT_NE(at, std::string::npos) << heading << " is missing";
  if (at == std::string::npos) return "";
  const size_t begin = document.find('\n', at);
  return document.substr(begin, document.find("\n#", begin) - begin);
}

// Options of the tables: the code in the first cell, without their values.
Names OptionsIn(const std::string& section) {
  Names names;
  const std::regex option("`(--?[a-z-]+)");
  for (const std::string& line : Lines(section)) {
    if (line.rfind("| `-", 0) != 0) continue;
    // "\|" within a cell does not end it.
    const std::string cell = line.substr(0, line.find(" | "));
    for (std::sregex_iterator it(cell.begin(), cell.end(), option), end;
         it != end; ++it) {
      names.insert((*it)[1]);
    }
  }
  return names;
}

const Names kHelp = {"--help", "-h"};

Names Without(Names names, const Names& others) {
  for (const std::string& other : others) names.erase(other);
  return names;
}

class CommandLine : public testing::Test {
 protected:
  void SetUp() override { ASSERT_FALSE(document_.empty()); }
  const std::string document_ = ReadFile("docs/command_line.md");
};

TEST_F(CommandLine, HelpAndDocumentNameTheSameCommands) {
  Names in_help;
  CollectCommands({}, in_help);
  EXPECT_GE(in_help.size(), 18u);
  Names in_document;
  const std::regex heading("^##+ `(samverk [a-z -]+)`$");
  for (const std::string& line : Lines(document_)) {
    std::smatch match;
    if (std::regex_match(line, match, heading)) in_document.insert(match[1]);
  }
  EXPECT_EQ(in_document, in_help);
}

TEST_F(CommandLine, HelpAndDocumentNameTheSameOptions) {
  EXPECT_EQ(OptionsIn(Section(document_, "Every command")),
            OptionsOf(HelpOf({})));
  Names commands;
  CollectCommands({}, commands);
  for (const std::string& command : commands) {
    std::vector<std::string> words = absl::StrSplit(command, ' ');
    words.erase(words.begin());
    // The options of the views stand once, where they are introduced.
    const bool view = words[0] == "show";
    const Names in_help = Without(OptionsOf(HelpOf(words)), kHelp);
    const Names in_document = OptionsIn(Section(
        document_, absl::StrCat("`", view ? "samverk show" : command, "`")));
    if (command == "samverk show") continue;
    EXPECT_EQ(in_document, in_help) << command;
  }
}

TEST_F(CommandLine, HelpAndDocumentNameTheSameOptionsOfTheServer) {
  const Outcome help = RunProgram({SAMVERKD_PROGRAM, "--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_EQ(OptionsIn(Section(document_, "The server")), OptionsOf(help.out));
}

}  // namespace
}  // namespace samverk::e2e
