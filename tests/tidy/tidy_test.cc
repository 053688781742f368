// The rules of the house: which folder may include which, what pure code may
// not touch, what no file may hold. Each failure says what to do instead.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace samverk {
namespace {

namespace fs = std::filesystem;

// A file of ours, with its path from the root.
struct SourceFile {
  std::string path;
  std::string text;
};

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

bool StartsWith(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

bool HasExtension(const std::string& path,
                  const std::vector<std::string>& extensions) {
  return std::any_of(
      extensions.begin(), extensions.end(),
      [&](const std::string& e) { return fs::path(path).extension() == e; });
}

// Files under the folders that hold code and text, sorted by path.
std::vector<SourceFile> FilesUnder(const std::vector<std::string>& folders,
                                   const std::vector<std::string>& extensions) {
  const fs::path root = SAMVERK_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (auto it = fs::recursive_directory_iterator(root / folder);
         it != fs::recursive_directory_iterator(); ++it) {
      if (it->path().filename() == "node_modules") {
        it.disable_recursion_pending();
        continue;
      }
      if (!it->is_regular_file()) continue;
      const std::string path = fs::relative(it->path(), root).string();
      if (HasExtension(path, extensions)) {
        files.push_back({path, ReadAll(it->path())});
      }
    }
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

std::vector<SourceFile> Code() {
  return FilesUnder({"proto/codec", "proto/describe", "eventstore",
                     "projections", "services", "clients", "tests"},
                    {".h", ".cc"});
}

// Lines of a text, from 1.
template <typename Visit>
void ForEachLine(const std::string& text, Visit visit) {
  std::istringstream in(text);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) visit(number, line);
}

// The folder that an include or a path belongs to.
std::string LayerOf(const std::string& path) {
  for (const char* layer :
       {"proto/codec", "proto/describe", "eventstore/audit", "eventstore/base",
        "eventstore", "projections", "services/maintenance", "services",
        "clients", "tests", "deploy"}) {
    if (StartsWith(path, std::string(layer) + "/")) return layer;
  }
  if (StartsWith(path, "samverk/") || StartsWith(path, "google/rpc/")) {
    return "proto";
  }
  return "";
}

TEST(Tidy, ArrowsPointOneWay) {
  // What each folder may include besides itself.
  const std::map<std::string, std::set<std::string>> allowed = {
      {"proto/codec", {"proto"}},
      {"proto/describe", {"proto", "proto/codec"}},
      {"eventstore/base", {"proto", "eventstore"}},
      {"eventstore/audit", {"proto", "eventstore/base", "eventstore"}},
      {"eventstore", {"proto", "eventstore/base", "eventstore/audit"}},
      {"projections",
       {"proto", "proto/codec", "eventstore", "eventstore/base",
        "eventstore/audit"}},
      {"services",
       {"proto", "proto/codec", "proto/describe", "eventstore",
        "eventstore/base", "eventstore/audit", "projections"}},
      // Registers that nobody serves: what the command line does by itself.
      {"services/maintenance",
       {"proto", "eventstore", "eventstore/base", "projections", "services"}},
      {"clients",
       {"proto", "proto/codec", "proto/describe", "eventstore/audit",
        "services/maintenance"}},
  };
  const std::regex include("^\\s*#include \"([^\"]+)\"");
  for (const SourceFile& file : Code()) {
    const std::string layer = LayerOf(file.path);
    if (layer == "tests") continue;
    ForEachLine(file.text, [&](int number, const std::string& line) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) return;
      const std::string target = LayerOf(match[1]);
      if (target.empty() || target == layer) return;
      EXPECT_TRUE(allowed.at(layer).contains(target))
          << file.path << ":" << number << " includes " << match[1]
          << ". Arrows go services -> projections -> eventstore -> proto, and "
             "clients -> proto, eventstore/audit and services/maintenance. "
             "Move what both need further down, or pass it in.";
    });
  }
}

// Code without clock, chance and I/O: folds, answers, rules, renderers, codec,
// proofs.
bool IsPure(const std::string& path) {
  if (StartsWith(path, "proto/codec/")) return true;
  if (StartsWith(path, "proto/describe/")) return true;
  if (StartsWith(path, "eventstore/audit/")) return true;
  if (StartsWith(path, "projections/")) {
    return !StartsWith(path, "projections/engine/") &&
           path != "projections/fold.h";
  }
  // All but the rim: what takes calls, and what reads and writes the register.
  if (StartsWith(path, "services/recording/")) {
    static const std::regex rim(
        ".*/(recorder|recording_service|register_reader)\\.(cc|h)");
    return !std::regex_match(path, rim);
  }
  if (StartsWith(path, "services/reporting/")) {
    static const std::regex rim(
        ".*/(report_generator|report_service)\\.(cc|h)");
    return !std::regex_match(path, rim);
  }
  return false;
}

TEST(Tidy, PureCodeHasNoClockNoChanceNoInputOutput) {
  const std::vector<std::pair<std::regex, std::string>> banned = {
      {std::regex("absl::Now\\(|std::chrono|\\btime\\(nullptr\\)|SystemClock"),
       "take the time as an argument"},
      {std::regex("std::random|\\brand\\(|mt19937|absl::BitGen"),
       "take ids and salts as arguments"},
      {std::regex("#include <(fstream|iostream|thread|mutex|filesystem|cstdio|"
                  "condition_variable)>"),
       "do input, output and threads in the engine or the service"},
      {std::regex("#include [<\"](grpcpp|rocksdb|spdlog)/"),
       "keep gRPC, RocksDB and logging at the rim"},
      {std::regex("flat_hash_map|flat_hash_set|unordered_map|unordered_set"),
       "hash order differs from run to run: use absl::btree_map or a sorted "
       "vector"},
  };
  for (const SourceFile& file : Code()) {
    if (!IsPure(file.path)) continue;
    ForEachLine(file.text, [&](int number, const std::string& line) {
      for (const auto& [pattern, remedy] : banned) {
        EXPECT_FALSE(std::regex_search(line, pattern))
            << file.path << ":" << number << ": " << line
            << "\nThis file is pure: " << remedy << ".";
      }
    });
  }
}

TEST(Tidy, SwitchesOverFactsHaveNoDefault) {
  const std::regex default_label("^\\s*default:");
  for (const SourceFile& file : Code()) {
    if (StartsWith(file.path, "tests/")) continue;
    if (file.text.find("fact_case()") == std::string::npos) continue;
    ForEachLine(file.text, [&](int number, const std::string& line) {
      EXPECT_FALSE(std::regex_search(line, default_label))
          << file.path << ":" << number
          << ": `default:` hides a new kind of fact from the compiler. List "
             "what is ignored, with the reason; switch over other enums in "
             "another file.";
    });
  }
}

TEST(Tidy, NothingBannedAnywhere) {
  struct Ban {
    std::regex pattern;
    std::string remedy;
  };
  const std::vector<Ban> bans = {
      {std::regex("absl::(Mutex|MutexLock|CondVar)\\b"),
       "use samverk::Mutex (eventstore/base/mutex.h)"},
      {std::regex("#include <(format|expected|ranges)>"),
       "GCC 12 or clang 14 lack it: absl::StrCat, absl::StatusOr, loops"},
      {std::regex("\\b(TODO|FIXME|XXX)\\b"),
       "finish it, or write it down where work is planned"},
      {std::regex("using namespace "), "name what is used"},
      {std::regex("/(work|farm|tmp)/main"), "no path of one machine"},
      {std::regex("std::(this_thread::sleep|system\\()"),
       "wait on a condition with a deadline"},
  };
  for (const SourceFile& file : Code()) {
    if (StartsWith(file.path, "tests/tidy/")) continue;
    const bool test = StartsWith(file.path, "tests/");
    ForEachLine(file.text, [&](int number, const std::string& line) {
      const bool comment = StartsWith(line, "//");
      for (const Ban& ban : bans) {
        if (comment && &ban == &bans.front()) continue;
        // Tests of real processes may have to wait for them.
        if (test && ban.remedy == bans.back().remedy) continue;
        EXPECT_FALSE(std::regex_search(line, ban.pattern))
            << file.path << ":" << number << ": " << line << "\n"
            << ban.remedy;
      }
    });
  }
}

TEST(Tidy, FilesAreOfReadableSize) {
  for (const SourceFile& file : Code()) {
    // A table of cases may be longer than code.
    const long kLines = StartsWith(file.path, "tests/") ? 1000 : 700;
    const long lines = std::count(file.text.begin(), file.text.end(), '\n');
    EXPECT_LE(lines, kLines)
        << file.path << ": two ideas in one file? One idea a file.";
  }
}

TEST(Tidy, HeadersHaveGuardsByPath) {
  for (const SourceFile& file : Code()) {
    if (!HasExtension(file.path, {".h"})) continue;
    std::string guard = "SAMVERK_" + file.path + "_";
    std::transform(guard.begin(), guard.end(), guard.begin(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0
                 ? static_cast<char>(
                       std::toupper(static_cast<unsigned char>(c)))
                 : '_';
    });
    EXPECT_NE(file.text.find("#ifndef " + guard + "\n"), std::string::npos)
        << file.path << ": the include guard is " << guard;
  }
}

TEST(Tidy, EverySourceIsBuilt) {
  std::string lists;
  for (const SourceFile& file :
       FilesUnder({"proto", "eventstore", "projections", "services", "clients",
                   "tests"},
                  {".txt", ".cmake"})) {
    lists += file.text;
  }
  for (const SourceFile& file : Code()) {
    if (!HasExtension(file.path, {".cc"})) continue;
    const std::string name = fs::path(file.path).filename().string();
    // A list may name its tests without "_test.cc".
    std::string stem = fs::path(file.path).stem().string();
    if (const size_t end = stem.rfind("_test"); end != std::string::npos) {
      stem.erase(end);
    }
    EXPECT_TRUE(lists.find(name) != std::string::npos ||
                lists.find(stem) != std::string::npos)
        << file.path << " is in no CMakeLists.txt: list it or delete it.";
  }
}

TEST(Tidy, LinksInDocumentsLeadSomewhere) {
  const fs::path root = SAMVERK_SOURCE_DIR;
  std::vector<SourceFile> documents =
      FilesUnder({"docs", "deploy", "proto", "tests"}, {".md"});
  documents.push_back({"README.md", ReadAll(root / "README.md")});
  const std::regex link("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");
  for (const SourceFile& document : documents) {
    if (StartsWith(document.path, "tests/report/golden/")) continue;
    const auto begin =
        std::sregex_iterator(document.text.begin(), document.text.end(), link);
    for (auto it = begin; it != std::sregex_iterator(); ++it) {
      const fs::path target =
          (root / document.path).parent_path() / (*it)[1].str();
      EXPECT_TRUE(fs::exists(target)) << document.path << " links to "
                                      << (*it)[1] << ", which is not there";
    }
  }
}

}  // namespace
}  // namespace samverk
