// "samverk backup": the server backs its register up.
#include <CLI/App.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
#include "clients/cli/numbers.h"
#include "clients/cli/progress.h"
#include "clients/cli/table.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;

constexpr uint64_t kKilo = 1024;

int RunBackup(Session& session, uint32_t keep) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const Style& style = session.style;
  absl::StatusOr<admin::v1::CreateBackupResponse> last;
  {
    Progress progress("KiB", style);
    last = client->CreateBackup(
        keep, [&](const admin::v1::CreateBackupResponse& at) {
          progress.Update(at.bytes_done() / kKilo, at.bytes_total() / kKilo);
        });
  }
  if (!last.ok()) return session.Fail(last.status());
  if (session.json) {
    session.PrintJson(*last);
    return kDone;
  }
  const admin::v1::Backup& backup = last->backup();
  session.Print(absl::StrCat(
      style("säkerhetskopia ", "backup "), backup.number(),
      style(" till och med #", " up to #"), backup.position(), ", ",
      style("rot ", "root "), absl::BytesToHexString(backup.root()), ", ",
      style("i ", "in "), last->directory(), "\n"));
  return kDone;
}

int RunList(Session& session) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto answer = client->ListBackups();
  if (!answer.ok()) return session.Fail(answer.status());
  if (session.json) {
    session.PrintJson(*answer);
    return kDone;
  }
  const Style& style = session.style;
  Table table({{style("Nummer", "Number"), Kind::kRight},
               {style("Gjord", "Made"), Kind::kWhole},
               {style("Till och med", "Up to"), Kind::kRight},
               {"KiB", Kind::kRight},
               {style("Fel", "Wrong"), Kind::kText}});
  for (const admin::v1::Backup& backup : answer->backups()) {
    const bool usable = backup.damage().empty();
    table.Row(
        {absl::StrCat(backup.number()),
         usable ? codec::DateTimeText(backup.made_at().seconds() * 1'000'000)
                : "",
         usable ? absl::StrCat("#", backup.position()) : "",
         usable
             ? codec::NumberText(static_cast<int64_t>(backup.bytes() / kKilo),
                                 style.language)
             : "",
         backup.damage()});
  }
  session.Print(answer->backups().empty() ? Nothing(style) : table.Text(style));
  session.Say(absl::StrCat(style("i ", "in "), answer->directory()));
  return kDone;
}

}  // namespace

void AddBackupCommand(CLI::App& program, Run& run) {
  CLI::App& backup = *program.add_subcommand(
      "backup", "Back the register up, on the server's machine");
  const auto keep = std::make_shared<uint32_t>(0);
  backup
      .add_option("--keep", *keep,
                  "Remove older backups until so many are left")
      ->check(WholeNumber(1, std::numeric_limits<uint32_t>::max()))
      ->type_name("N");
  CLI::App& list = *backup.add_subcommand("list", "The backups that there are");
  list.callback([&run] { run = &RunList; });
  backup.callback([&run, &backup, keep] {
    if (!backup.get_subcommands().empty()) return;
    run = [keep](Session& session) { return RunBackup(session, *keep); };
  });
}

}  // namespace samverk::cli
