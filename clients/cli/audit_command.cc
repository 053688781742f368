// "samverk audit": checkpoints and proofs, for those who do not trust the
// server.
#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/audit_export.h"
#include "clients/cli/commands.h"
#include "clients/cli/numbers.h"
#include "clients/cli/output_file.h"
#include "clients/cpp/audit.h"
#include "clients/verify/verify_files.h"
#include "eventstore/audit/growth_proof.h"

namespace samverk::cli {
namespace {

struct AuditOptions {
  uint64_t position = 0;
  uint64_t at_least = 0;
  std::string since;  // a file
  std::string out;
  bool as_witness = false;
  std::vector<std::string> keys;
  std::vector<std::string> witnesses;
  std::optional<size_t> needed;
  std::vector<std::string> files;
};

// To the file that was named, or to standard output.
int Write(Session& session, const std::string& out, std::string_view text) {
  if (out.empty()) {
    session.Print(text);
    return kDone;
  }
  const std::string why = WriteOutputFile(out, text);
  if (!why.empty()) {
    session.Say(absl::StrCat(
        "samverk: ", out,
        session.style(" kan inte skrivas: ", " cannot be written: "), why));
    return kFailed;
  }
  session.Say(absl::StrCat(session.style("skrev ", "wrote "), out));
  return kDone;
}

int RunCheckpoint(Session& session, const AuditOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto answer = client->audit().GetCheckpoint(options.at_least);
  if (!answer.ok()) return session.Fail(answer.status());
  if (session.json && options.out.empty()) {
    session.PrintJson(*answer);
    return kDone;
  }
  return Write(session, options.out, answer->checkpoint());
}

int RunKey(Session& session, const AuditOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto answer = client->audit().GetCheckpoint();
  if (!answer.ok()) return session.Fail(answer.status());
  if (options.as_witness && answer->witness_key().empty()) {
    return session.Fail(absl::FailedPreconditionError(
        session.style("servern är inget vittne (samverkd --witness-for)",
                      "the server is no witness (samverkd --witness-for)")));
  }
  return Write(
      session, options.out,
      (options.as_witness ? answer->witness_key() : answer->key()) + "\n");
}

int RunProve(Session& session, const AuditOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto proof = client->audit().ProveInclusion(options.position);
  if (!proof.ok()) return session.Fail(proof.status());
  return Write(session, options.out, *proof);
}

int RunProveGrowth(Session& session, const AuditOptions& options) {
  const auto before = verify::ReadCheckpoint(options.since);
  if (!before.ok()) {
    session.Say(absl::StrCat(options.since, ": ", before.status().message()));
    return kFailed;
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto head = client->GetHead();
  if (!head.ok()) return session.Fail(head.status());
  if (*head < before->tree.size) {
    return session.Fail(absl::DataLossError(absl::StrCat(
        session.style("servern har färre händelser, ",
                      "the server has fewer events, "),
        *head,
        session.style(", än kontrollpunkten omfattar, ",
                      ", than the checkpoint covers, "),
        before->tree.size,
        session.style(
            ": händelser har gått förlorade eller tagits bort, eller "
            "så är det ett annat register. Spara kontrollpunkten, den "
            "är beviset",
            ": events were lost or removed, or it is another "
            "register. Keep the checkpoint, it is the evidence"))));
  }
  const auto answer = client->audit().ProveConsistency(before->tree.size);
  if (!answer.ok()) return session.Fail(answer.status());
  GrowthProof proof;
  proof.old_size = before->tree.size;
  for (const std::string& bytes : answer->hashes()) {
    Hash hash;
    if (bytes.size() != hash.size()) {
      return session.Fail(
          absl::InternalError("the server's proof has a hash of another size"));
    }
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    proof.hashes.push_back(hash);
  }
  proof.checkpoint = answer->checkpoint();
  return Write(session, options.out, FormatGrowthProof(proof));
}

int RunVerify(Session& session, const AuditOptions& options) {
  verify::Options what;
  what.keys = options.keys;
  what.files = options.files;
  what.witnesses = options.witnesses;
  what.needed = options.needed;
  what.swedish = session.style.language == codec::Language::kSwedish;
  const auto outcome = verify::VerifyFiles(what);
  if (!outcome.ok()) {
    return session.Misuse(std::string(outcome.status().message()));
  }
  session.Print(outcome->text);
  return outcome->all_hold ? kDone : kFailed;
}

int RunExport(Session& session, const AuditOptions& options) {
  return ExportRegister(session, options.out);
}

using Action = int (*)(Session&, const AuditOptions&);

// A command of the group, with options of its own.
std::pair<CLI::App*, std::shared_ptr<AuditOptions>> Add(CLI::App& group,
                                                        Run& run,
                                                        const char* word,
                                                        const char* help,
                                                        Action action) {
  const auto options = std::make_shared<AuditOptions>();
  CLI::App& command = *group.add_subcommand(word, help);
  command.callback([&run, options, action] {
    run = [options, action](Session& session) {
      return action(session, *options);
    };
  });
  return {&command, options};
}

void AddOut(CLI::App& command, AuditOptions& options) {
  command.add_option("--out", options.out,
                     "File to write, in place of standard output");
}

}  // namespace

void AddAuditCommand(CLI::App& program, Run& run) {
  CLI::App& group = *program.add_subcommand(
      "audit", "Signed checkpoints, and proofs of what is on record");
  {
    const auto [command, options] =
        Add(group, run, "checkpoint",
            "The register's signed head: keep it, and compare later",
            &RunCheckpoint);
    command
        ->add_option("--at-least", options->at_least,
                     "It is to cover this position")
        ->check(WholeNumber(0));
    AddOut(*command, *options);
  }
  {
    const auto [command, options] =
        Add(group, run, "key", "The register's public key", &RunKey);
    command->add_flag("--as-witness", options->as_witness,
                      "The key that the server cosigns other registers with");
    AddOut(*command, *options);
  }
  {
    const auto [command, options] = Add(
        group, run, "prove", "The proof that an event is on record", &RunProve);
    command->add_option("POSITION", options->position, "The event's position")
        ->check(WholeNumber(1))
        ->required();
    AddOut(*command, *options);
  }
  {
    const auto [command, options] =
        Add(group, run, "prove-growth",
            "The proof that nothing was changed since a checkpoint",
            &RunProveGrowth);
    command
        ->add_option("CHECKPOINT", options->since,
                     "File of the earlier checkpoint")
        ->required();
    AddOut(*command, *options);
  }
  {
    const auto [command, options] =
        Add(group, run, "verify",
            "Say what files prove; asks no server (as samverk-verify does)",
            &RunVerify);
    command
        ->add_option("FILE", options->files,
                     "Proofs and checkpoints; a proof of growth after the "
                     "checkpoint that it begins at")
        ->required();
    command
        ->add_option("--key", options->keys,
                     "The register's public key, or a file with it; from "
                     "elsewhere than the server. Several times for those that "
                     "it has had")
        ->required()
        ->allow_extra_args(false);
    command
        ->add_option("--witness", options->witnesses,
                     "Public key of a witness that must have signed too, or a "
                     "file with it; may be given several times")
        ->allow_extra_args(false);
    command->add_option("--needed", options->needed,
                        "How many of the witnesses must have signed [all]");
  }
  {
    const auto [command, options] =
        Add(group, run, "export",
            "Write the whole register into a directory that can be kept",
            &RunExport);
    command->add_option("--out", options->out, "A new directory")->required();
  }
  group.footer(
      "Examples:\n"
      "  samverk audit key --out register.key\n"
      "  samverk audit checkpoint --out 2025.checkpoint\n"
      "  samverk audit prove 17 --out event-17.tlog-proof\n"
      "  samverk audit prove-growth 2025.checkpoint --out since-2025.growth\n"
      "  samverk audit verify --key register.key event-17.tlog-proof "
      "2025.checkpoint since-2025.growth");
}

}  // namespace samverk::cli
