#include "clients/verify/verify_files.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/verify/small_file.h"
#include "clients/verify/verify_export.h"
#include "clients/verify/words.h"
#include "eventstore/audit/verifier.h"

namespace samverk::verify {
namespace {

absl::StatusOr<std::string> ReadAll(std::istream& in) {
  std::string bytes(kFileBytes + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(in.gcount()));
  if (in.bad()) return absl::InvalidArgumentError("it cannot be read");
  if (bytes.size() > kFileBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has more than ", kFileBytes, " bytes"));
  }
  return bytes;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  return path == "-" ? ReadAll(std::cin) : ReadSmallFile(path, kFileBytes);
}

bool IsPrivate(const std::string& text) {
  return text.find("PRIVATE+KEY+") != std::string::npos;
}

absl::Status PrivateKeyGiven() {
  return absl::InvalidArgumentError(
      "this is the private key; give the public one (samverk audit key), and "
      "see that nobody else has this");
}

absl::StatusOr<Verified> VerifyFile(ProofVerifier& verifier,
                                    const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    auto all = VerifyExport(path, verifier);
    if (!all.ok()) return all.status();
    const absl::Status known = verifier.Remember(all->checkpoint);
    if (!known.ok()) return known;
    return all;
  }
  const auto bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  return verifier.Verify(*bytes);
}

}  // namespace

absl::StatusOr<NoteVerifier> ReadKey(const std::string& key_or_file,
                                     NoteSignatureKind kind) {
  if (IsPrivate(key_or_file)) return PrivateKeyGiven();
  auto key = ParseVerifier(key_or_file);
  if (!key.ok()) {
    const auto bytes = ReadFile(key_or_file);
    if (!bytes.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", key_or_file, "\" is neither a public key (",
                       key.status().message(), ") nor a file that has one"));
    }
    if (IsPrivate(*bytes)) return PrivateKeyGiven();
    key = ParseVerifier(std::string(absl::StripAsciiWhitespace(*bytes)));
    if (!key.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(key_or_file, ": ", key.status().message()));
    }
  }
  if (key->kind == kind) return key;
  return absl::InvalidArgumentError(
      key->kind == NoteSignatureKind::kCosignature
          ? "this is the key of a witness; give that of the register"
          : "this is the key of a register; give that of the witness");
}

absl::StatusOr<Checkpoint> ReadCheckpoint(const std::string& file) {
  const auto bytes = ReadFile(file);
  if (!bytes.ok()) return bytes.status();
  const auto note = ParseNote(*bytes);
  if (!note.ok()) return note.status();
  return ParseCheckpointText(note->text);
}

namespace {

// INVALID_ARGUMENT: a key is none, or more are needed than were given.
absl::StatusOr<WitnessPolicy> ReadPolicy(
    const Options& options, const std::vector<NoteVerifier>& logs) {
  WitnessPolicy policy;
  for (const std::string& text : options.witnesses) {
    auto key = ReadKey(text, NoteSignatureKind::kCosignature);
    if (!key.ok()) return key.status();
    // What a witness signs does not name it: one key is one witness, whatever
    // its names.
    for (const NoteVerifier& had : policy.witnesses) {
      if (had.key != key->key) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("the witnesses ", had.name, " and ", key->name,
                       " have the same key; leave one out"));
    }
    for (const NoteVerifier& log : logs) {
      if (log.key != key->key) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "the key of the witness ", key->name,
          " is the register's own, which proves nothing of the register"));
    }
    policy.witnesses.push_back(*std::move(key));
  }
  policy.needed = options.needed.value_or(policy.witnesses.size());
  if (policy.needed == 0 && !policy.witnesses.empty()) {
    return absl::InvalidArgumentError(
        "no witness is needed, and some are given; give at least 1, or none");
  }
  if (policy.needed <= policy.witnesses.size()) return policy;
  return absl::InvalidArgumentError(
      absl::StrCat(policy.needed, " witnesses are needed, and ",
                   policy.witnesses.size(), " are given; give their keys"));
}

}  // namespace

absl::StatusOr<Outcome> VerifyFiles(const Options& options) {
  std::vector<NoteVerifier> keys;
  for (const std::string& text : options.keys) {
    auto key = ReadKey(text);
    if (!key.ok()) return key.status();
    if (!keys.empty() && keys[0].name != key->name) {
      return absl::InvalidArgumentError(
          absl::StrCat("the keys are of two registers, ", keys[0].name, " and ",
                       key->name, "; give those of one"));
    }
    keys.push_back(*std::move(key));
  }
  auto policy = ReadPolicy(options, keys);
  if (!policy.ok()) return policy.status();
  ProofVerifier verifier(std::move(keys), *std::move(policy));
  Outcome outcome;
  for (const std::string& path : options.files) {
    const auto verified = VerifyFile(verifier, path);
    outcome.all_hold = outcome.all_hold && verified.ok();
    absl::StrAppend(&outcome.text, path, ": ",
                    verified.ok()
                        ? absl::StrCat(options.swedish ? "håller" : "holds",
                                       "\n", Proved(*verified, options.swedish))
                        : NotProved(verified.status(), options.swedish) + "\n");
  }
  return outcome;
}

}  // namespace samverk::verify
