// "samverk personal": personal data, and the keys that it is sealed with.
#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/personal_dispose.h"
#include "clients/cli/table.h"
#include "clients/cpp/client.h"
#include "clients/cpp/privacy.h"
#include "proto/codec/text.h"
#include "services/maintenance/subject_keys.h"

namespace samverk::cli {
namespace {

struct PersonalOptions {
  std::string process;
  std::vector<std::string> subjects;
  std::string purpose;
  DisposalOptions disposal;
  maintenance::KeyPlaces places;
  std::string backup;
  std::string backup_key_file;
};

int RunRead(Session& session, const PersonalOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  privacy::v1::ReadPersonalRequest request;
  request.set_process(options.process);
  for (const std::string& subject : options.subjects) {
    request.add_subjects(subject);
  }
  request.set_purpose(options.purpose);
  const auto read = client->privacy().ReadPersonal(request);
  if (!read.ok()) return session.Fail(read.status());
  if (session.json) {
    session.PrintJson(*read);
    return kDone;
  }
  const Style& style = session.style;
  Table table({{style("Händelse", "Event"), Column::Kind::kRight},
               {style("Pseudonym", "Pseudonym"), Column::Kind::kWhole},
               {style("Fält", "Field"), Column::Kind::kText},
               {style("Uppgift", "Value"), Column::Kind::kText}});
  for (const auto& value : read->values()) {
    table.Row({absl::StrCat("#", value.position()), value.subject(),
               value.field(),
               value.has_clear() ? value.clear() : value.disposed()});
  }
  session.Print(table.Text(style));
  session.Say(absl::StrCat(style("läsningen är registrerad som händelse #",
                                 "the reading is on record as event #"),
                           read->recorded_at_position()));
  return kDone;
}

int RunDispose(Session& session, const PersonalOptions& options) {
  return DisposeOf(session, options.disposal);
}

int RunBackUp(Session& session) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto done = client->privacy().BackUpKeys();
  if (!done.ok()) return session.Fail(done.status());
  if (session.json) {
    session.PrintJson(*done);
    return kDone;
  }
  const Style& style = session.style;
  session.Print(absl::StrCat(
      done->path(), ": ", done->keys(), style(" nycklar, ", " keys, "),
      done->disposals(),
      style(" gallringar; ska vara borta senast ",
            " disposals; must be gone by "),
      codec::DateText(done->destroy_by().seconds() * 1'000'000), "\n"));
  return kDone;
}

int RunRestore(Session& session, const PersonalOptions& options) {
  const auto restored = maintenance::RestoreKeys(options.places, options.backup,
                                                 options.backup_key_file);
  if (!restored.ok()) return session.Fail(restored.status());
  const Style& style = session.style;
  session.Print(absl::StrCat(
      restored->keys, style(" nycklar och ", " keys and "), restored->disposals,
      style(" gallringar lades tillbaka, ", " disposals were put back, "),
      restored->kept, style(" fanns redan, ", " were here already, "),
      restored->refused,
      style(" var gallrade och lades inte tillbaka\n",
            " were disposed of and not put back\n")));
  return kDone;
}

int RunChange(Session& session, const PersonalOptions& options) {
  const absl::Status changed = maintenance::ChangeMasterKey(options.places);
  if (!changed.ok()) return session.Fail(changed);
  session.Say(session.style(
      "en ny huvudnyckel står först; starta servern, så slås alla nycklar in "
      "med den",
      "a new master key stands first; start the server, and all keys are "
      "wrapped with it"));
  return kDone;
}

int RunDrop(Session& session, const PersonalOptions& options) {
  const auto dropped = maintenance::DropMasterKeys(options.places);
  if (!dropped.ok()) return session.Fail(dropped.status());
  const Style& style = session.style;
  if (dropped->dropped == 0) {
    session.Say(absl::StrCat(
        dropped->file, style(" har bara den gällande huvudnyckeln; inget togs "
                             "bort",
                             " has the current master key alone; nothing was "
                             "taken out")));
    return kDone;
  }
  session.Say(absl::StrCat(
      dropped->dropped,
      style(" äldre huvudnycklar är borttagna ur ",
            " older master keys are taken out of "),
      dropped->file,
      style(" och överskrivna. Säkerhetskopior av nycklar som slogs in med dem "
            "kan inte läsas mer, utom av den som har en kopia av huvudnyckeln "
            "(restore-keys --backup-key): starta servern och gör en ny "
            "(samverk personal backup-keys)",
            " and overwritten. Backups of keys that were wrapped with them can "
            "be read no more, but by whoever has a copy of the master key "
            "(restore-keys --backup-key): start the server and make a new one "
            "(samverk personal backup-keys)")));
  return kDone;
}

using OptionsPtr = std::shared_ptr<PersonalOptions>;

void AddProcess(CLI::App& app, std::string& process) {
  app.add_option("--process", process, "Id of the process")
      ->required()
      ->type_name("ID");
}

void AddPlaces(CLI::App& app, PersonalOptions& options) {
  app.add_option("--data", options.places.data, "Directory of the register")
      ->required()
      ->type_name("DIR");
  app.add_option("--master-key", options.places.master_key_file,
                 "File of the master keys, if the server has another than its "
                 "own")
      ->type_name("FILE");
}

CLI::App& Add(CLI::App& command, const char* name, const char* what, Run& run,
              const OptionsPtr& options,
              int (*does)(Session&, const PersonalOptions&)) {
  CLI::App& added = *command.add_subcommand(name, what);
  added.callback([&run, options, does] {
    run = [options, does](Session& session) { return does(session, *options); };
  });
  return added;
}

}  // namespace

void AddPersonalCommand(CLI::App& program, Run& run) {
  const auto options = std::make_shared<PersonalOptions>();
  CLI::App& command = *program.add_subcommand(
      "personal", "Personal data: read, dispose of, and care for its keys");
  CLI::App& read = Add(command, "read",
                       "Show what is sealed; who reads, and what for, goes on "
                       "record",
                       run, options, &RunRead);
  AddProcess(read, options->process);
  read.add_option("--subject", options->subjects, "Pseudonym; several times")
      ->required()
      ->allow_extra_args(false);
  read.add_option("--purpose", options->purpose, "What for")->required();
  CLI::App& dispose = Add(command, "dispose",
                          "Destroy the keys that a decision names, for good",
                          run, options, &RunDispose);
  DisposalOptions& disposal = options->disposal;
  AddProcess(dispose, disposal.process);
  dispose
      .add_option("--gallring", disposal.gallring,
                  "Id of the decision (gallring_decided)")
      ->required();
  dispose
      .add_option("--subject", disposal.subjects,
                  "Pseudonyms, when the decision names a class")
      ->allow_extra_args(false);
  dispose.add_option("--backups-until", disposal.backups_until,
                     "Until when a backup of the keys may live (date)");
  dispose.add_flag("--yes", disposal.yes,
                   "Do it without asking, after having shown what is lost");
  CLI::App& backup = *command.add_subcommand(
      "backup-keys", "Write a backup of the keys, on the server's machine");
  backup.callback(
      [&run] { run = [](Session& session) { return RunBackUp(session); }; });
  CLI::App& restore = Add(command, "restore-keys",
                          "Put keys of a backup back into a register that no "
                          "server has open",
                          run, options, &RunRestore);
  restore.add_option("file", options->backup, "The backup")->required();
  restore
      .add_option("--backup-key", options->backup_key_file,
                  "File of the master key that the backup is wrapped with")
      ->type_name("FILE");
  AddPlaces(restore, *options);
  CLI::App& change = Add(command, "new-master-key",
                         "Put a new master key before the old one; the next "
                         "start uses it",
                         run, options, &RunChange);
  AddPlaces(change, *options);
  CLI::App& drop = Add(command, "drop-master-key",
                       "Take all master keys but the current one out of the "
                       "file, for good; no server has the register open",
                       run, options, &RunDrop);
  AddPlaces(drop, *options);
}

}  // namespace samverk::cli
