// Runs a fuzz target without libFuzzer: first every file of a corpus, then
// random bytes and corpus files with some bytes changed.
//
//   NAME_fuzz --rounds=N CORPUS     N of the latter, from a seed that it prints
//   NAME_fuzz --seed=S --rounds=N CORPUS     the same again
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace samverk::fuzz {
namespace {

namespace fs = std::filesystem;

void Try(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()),
                         bytes.size());
}

std::vector<std::string> ReadCorpus(const fs::path& directory) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(directory)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file),
                        std::istreambuf_iterator<char>());
  }
  return corpus;
}

class Inputs {
 public:
  Inputs(uint64_t seed, const std::vector<std::string>& corpus)
      : random_(seed), corpus_(corpus) {}

  std::string Next() {
    if (corpus_.empty() || Below(4) == 0) return RandomBytes();
    std::string bytes = corpus_[Below(corpus_.size())];
    for (size_t changes = 1 + Below(6); changes > 0; --changes) Change(bytes);
    return bytes;
  }

 private:
  size_t Below(size_t n) { return random_() % n; }
  char Byte() { return static_cast<char>(random_()); }
  std::string RandomBytes() {
    std::string bytes(Below(Below(4) == 0 ? 2'000 : 60), '\0');
    for (char& byte : bytes) byte = Byte();
    return bytes;
  }
  void Change(std::string& bytes) {
    if (bytes.empty()) {
      bytes.push_back(Byte());
      return;
    }
    const size_t at = Below(bytes.size());
    switch (Below(6)) {
      case 0:
        bytes[at] = Byte();
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
        break;
      case 2:
        bytes.insert(at, 1 + Below(3), Byte());
        break;
      case 3:
        bytes.erase(at, 1 + Below(8));
        break;
      case 4:
        bytes.resize(at);
        break;
      default: {  // a piece of another one
        const std::string& other = corpus_[Below(corpus_.size())];
        bytes.insert(at, other.substr(Below(other.size() + 1), Below(40)));
      }
    }
  }

  std::mt19937_64 random_;
  const std::vector<std::string>& corpus_;
};

// True when `argument` is "--name=N"; N is then in `number`.
bool IsNumber(std::string_view argument, std::string_view start,
              uint64_t& number) {
  if (argument.substr(0, start.size()) != start) return false;
  number = std::stoull(std::string(argument.substr(start.size())));
  return true;
}

int Main(int argc, char** argv) {
  uint64_t rounds = 1'000;
  uint64_t seed = std::random_device{}();
  fs::path directory;
  for (int i = 1; i < argc; ++i) {
    if (!IsNumber(argv[i], "--rounds=", rounds) &&
        !IsNumber(argv[i], "--seed=", seed)) {
      directory = argv[i];
    }
  }
  const std::vector<std::string> corpus = ReadCorpus(directory);
  std::cout << corpus.size() << " files, then " << rounds
            << " inputs; again with --seed=" << seed << std::endl;
  for (const std::string& bytes : corpus) Try(bytes);
  Inputs inputs(seed, corpus);
  for (uint64_t i = 0; i < rounds; ++i) Try(inputs.Next());
  return 0;
}

}  // namespace
}  // namespace samverk::fuzz

int main(int argc, char** argv) { return samverk::fuzz::Main(argc, argv); }
