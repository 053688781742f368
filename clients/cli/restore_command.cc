// "samverk restore": a register made again from a backup.
#include <CLI/App.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/numbers.h"
#include "clients/cli/progress.h"
#include "samverk/admin/v1/maintenance.pb.h"
#include "services/maintenance/maintenance.h"

namespace samverk::cli {
namespace {

struct RestoreOptions {
  std::string from;
  std::string data;
  uint32_t number = 0;
  std::optional<uint64_t> to;
  bool check = false;
};

absl::StatusOr<maintenance::RestoredRegister> Restore(
    Session& session, const RestoreOptions& options) {
  if (options.check) {
    return maintenance::VerifyBackup(options.from, options.number);
  }
  Progress progress(session.style("händelser", "events"), session.style);
  maintenance::RestoreRequest request;
  request.backups = options.from;
  request.data = options.data;
  request.number = options.number;
  request.to = options.to;
  request.on_progress = [&progress](uint64_t done, uint64_t all) {
    progress.Update(done, all);
  };
  return maintenance::RestoreRegister(request);
}

int RunRestore(Session& session, const RestoreOptions& options) {
  if (options.check == !options.data.empty()) {
    return session.Misuse(
        "restore needs --data DIR to restore into, or --check; samverk restore "
        "--help says more");
  }
  if (options.check && options.to.has_value()) {
    return session.Misuse("--check checks the whole backup; leave --to out");
  }
  const auto restored = Restore(session, options);
  if (!restored.ok()) return session.Fail(restored.status());
  if (session.json) {
    admin::v1::RestoredRegister message;
    message.set_backup(restored->number);
    message.mutable_made_at()->set_seconds(restored->made_s);
    message.set_register_(restored->name);
    message.set_position(restored->position);
    message.set_root(restored->root);
    message.set_only_checked(options.check);
    session.PrintJson(message);
    return kDone;
  }
  const Style& style = session.style;
  session.Print(
      absl::StrCat(style("säkerhetskopia ", "backup "), restored->number,
                   style(" av \"", " of \""), restored->name,
                   options.check ? style("\" är hel", "\" is whole")
                                 : style("\" är återställd", "\" is restored"),
                   style(" till och med #", " up to #"), restored->position,
                   style(", rot ", ", root "),
                   absl::BytesToHexString(restored->root), "\n"));
  return kDone;
}

}  // namespace

void AddRestoreCommand(CLI::App& program, Run& run) {
  const auto options = std::make_shared<RestoreOptions>();
  CLI::App& command = *program.add_subcommand(
      "restore", "Make a register again from a backup, on this machine");
  command
      .add_option("--from", options->from, "The server's directory of backups")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--data", options->data,
                  "Directory of the new register; empty, or not there")
      ->type_name("DIR");
  command
      .add_option("--number", options->number,
                  "Number of the backup; the last when not given")
      ->check(WholeNumber(1, std::numeric_limits<uint32_t>::max()))
      ->type_name("N");
  command
      .add_option("--to", options->to,
                  "The last event to restore; all when not given")
      ->check(WholeNumber(1))
      ->type_name("POSITION");
  command.add_flag("--check", options->check,
                   "Only read the backup and compare its checksums");
  command.footer(
      "Examples:\n"
      "  samverk restore --from /backups --data /srv/restored\n"
      "  samverk restore --from /backups --data /srv/before --to 1200\n"
      "  samverk restore --from /backups --number 7 --check");
  command.callback([&run, options] {
    run = [options](Session& session) { return RunRestore(session, *options); };
  });
}

}  // namespace samverk::cli
