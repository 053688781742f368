// samverk-verify: verifies what a register has given out, without it.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "clients/verify/verify_files.h"

namespace {

// English for "en…", Swedish for everything else.
bool SpeaksSwedish(const std::string& flag) {
  if (!flag.empty()) return flag == "sv";
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string(value).rfind("en", 0) != 0;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  samverk::verify::Options options;
  std::string language;
  CLI::App program(
      "samverk-verify says what files of a register prove: proofs of events, "
      "checkpoints, proofs that nothing was changed. It asks no server.",
      "samverk-verify");
  program.set_version_flag("--version", "samverk-verify " SAMVERK_VERSION);
  program.add_option("FILE", options.files, "What is to be verified; -: input")
      ->required();
  program
      .add_option("--key", options.keys,
                  "The register's public key, NAME+ID+KEY, or a file with it; "
                  "several times for those that it has had")
      ->required()
      ->allow_extra_args(false);
  program
      .add_option(
          "--witness", options.witnesses,
          "Public key of a witness that must have signed too, or a file "
          "with it; may be given several times")
      ->allow_extra_args(false);
  program.add_option("--needed", options.needed,
                     "How many of the witnesses must have signed [all]");
  program.add_option("--lang", language, "Language of texts: sv or en")
      ->check(CLI::IsMember({"sv", "en"}));
  program.footer(
      "A proof of growth comes after the checkpoint that it begins at.\n"
      "FILE may be a directory of samverk audit export.\n"
      "Exit status: 0 everything holds, 1 something does not, 2 usage.\n"
      "Example:\n"
      "  samverk-verify --key register.key event-17.tlog-proof");
  try {  // The library's only way to say what is wrong.
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : 2;
  }
  options.swedish = SpeaksSwedish(language);
  const auto outcome = samverk::verify::VerifyFiles(options);
  if (!outcome.ok()) {
    std::fprintf(stderr, "samverk-verify: %s\n",
                 std::string(outcome.status().message()).c_str());
    return 2;
  }
  const bool written =
      std::fwrite(outcome->text.data(), 1, outcome->text.size(), stdout) ==
          outcome->text.size() &&
      std::fflush(stdout) == 0;
  return outcome->all_hold && written ? 0 : 1;
}
