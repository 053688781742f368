// "samverk personal": personal data, and the keys that it is sealed with.
#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/table.h"
#include "clients/cpp/client.h"
#include "clients/cpp/privacy.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/text.h"
#include "services/maintenance/subject_keys.h"

namespace samverk::cli {
namespace {

using event::v1::Event;

struct PersonalOptions {
  std::string process;
  std::vector<std::string> subjects;
  std::string purpose;
  std::string gallring;
  std::string backups_until;
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

// The decision that a disposal rests on; empty: there is none.
absl::StatusOr<Event> FindDecision(client::Client& client,
                                   const PersonalOptions& options) {
  view::v1::ReadLogRequest request;
  request.set_process(options.process);
  request.add_types(std::string(codec::TypeName(Event::kGallringDecided)));
  Event decision;
  client::LogReader reader;
  reader.on_page = [&](const view::v1::ReadLogResponse& page) {
    for (const auto& logged : page.events()) {
      if (logged.event().gallring_decided().gallring() == options.gallring) {
        decision = logged.event();
      }
    }
    return true;
  };
  const absl::Status status = client.ReadLog(request, reader);
  if (!status.ok()) return status;
  return decision;
}

int RunDispose(Session& session, const PersonalOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const Style& style = session.style;
  const auto decision = FindDecision(*client, options);
  if (!decision.ok()) return session.Fail(decision.status());
  if (!decision->has_gallring_decided()) {
    return session.Fail(absl::NotFoundError(absl::StrCat(
        style("det finns inget gallringsbeslut ", "there is no decision "),
        options.gallring,
        style(" i processen, eller inget som ni får läsa; registrera det först "
              "(gallring_decided)",
              " on disposal in the process, or none that you may read; record "
              "it first (gallring_decided)"))));
  }
  std::vector<std::string> subjects = options.subjects;
  if (subjects.empty()) {
    subjects.assign(decision->gallring_decided().subjects().begin(),
                    decision->gallring_decided().subjects().end());
  }
  if (subjects.empty()) {
    return session.Misuse(
        style("beslutet nämner ingen pseudonym; ange vilka med --subject",
              "the decision names no pseudonym; say which with --subject"));
  }
  recording::v1::RecordRequest request;
  for (const std::string& subject : subjects) {
    Event& event = *request.add_events();
    event.set_process(options.process);
    // The same command again is the same recording.
    event.mutable_source()->set_system("samverk-personal");
    event.mutable_source()->set_ref(
        absl::StrCat("dispose/", options.gallring, "/", subject));
    if (session.connection().token.empty() &&
        session.connection().certificate_pem.empty()) {
      event.mutable_recorded_by()->set_organisation("register");
      event.mutable_recorded_by()->set_role("arkivarie");
    }
    auto& destroyed = *event.mutable_key_destroyed();
    destroyed.set_gallring(options.gallring);
    destroyed.set_subject(subject);
    if (!options.backups_until.empty()) {
      destroyed.mutable_backups_until()->set_edtf(options.backups_until);
    }
  }
  const auto recorded = client->Record(request);
  if (!recorded.ok()) return session.Fail(recorded.status());
  if (session.json) {
    session.PrintJson(*recorded);
  } else {
    session.Say(absl::StrCat(
        style("nycklarna är förstörda, ", "the keys are destroyed, "),
        subjects.size(),
        style(" stycken; kopior kan finnas i säkerhetskopior av nycklar tills "
              "de tagits bort",
              " of them; copies may live in backups of keys until those are "
              "gone")));
  }
  return kDone;
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

using OptionsPtr = std::shared_ptr<PersonalOptions>;

void AddProcess(CLI::App& app, PersonalOptions& options) {
  app.add_option("--process", options.process, "Id of the process")
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
  AddProcess(read, *options);
  read.add_option("--subject", options->subjects, "Pseudonym; several times")
      ->required()
      ->allow_extra_args(false);
  read.add_option("--purpose", options->purpose, "What for")->required();
  CLI::App& dispose = Add(command, "dispose",
                          "Destroy the keys that a decision names, for good",
                          run, options, &RunDispose);
  AddProcess(dispose, *options);
  dispose
      .add_option("--gallring", options->gallring,
                  "Id of the decision (gallring_decided)")
      ->required();
  dispose
      .add_option("--subject", options->subjects,
                  "Pseudonyms, when the decision names a class")
      ->allow_extra_args(false);
  dispose.add_option("--backups-until", options->backups_until,
                     "Until when a backup of the keys may live (date)");
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
}

}  // namespace samverk::cli
