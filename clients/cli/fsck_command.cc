// "samverk fsck": checks every byte of a register that no server has open.
#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/progress.h"
#include "proto/codec/text.h"
#include "samverk/admin/v1/maintenance.pb.h"
#include "services/maintenance/maintenance.h"

namespace samverk::cli {
namespace {

struct FsckOptions {
  std::string data;
  bool repair = false;
};

void Tell(Session& session, const maintenance::Finding& finding) {
  if (session.json) {
    admin::v1::Finding message;
    message.set_kind(finding.kind);
    message.set_where(finding.where);
    message.set_expected(finding.expected);
    message.set_found(finding.found);
    message.set_repairable(finding.repairable);
    session.PrintJson(message);
    return;
  }
  const Style& style = session.style;
  session.Print(absl::StrCat(
      finding.kind, ": ", finding.where, ": ", style("väntat ", "expected "),
      finding.expected, style(", funnet ", ", found "), finding.found, "\n"));
}

absl::StatusOr<maintenance::CheckedRegister> Check(Session& session,
                                                   const std::string& data) {
  Progress progress(session.style("händelser", "events"), session.style);
  maintenance::CheckRequest request;
  request.data = data;
  request.on_finding = [&](const maintenance::Finding& finding) {
    progress.Clear();
    Tell(session, finding);
  };
  request.on_progress = [&](uint64_t done, uint64_t all) {
    progress.Update(done, all);
  };
  return maintenance::CheckRegister(request);
}

absl::Status Repair(Session& session, const std::string& data) {
  Progress progress(session.style("händelser", "events"), session.style);
  return maintenance::RepairRegister(
      data, [&](uint64_t done, uint64_t all) { progress.Update(done, all); });
}

std::string Summary(const maintenance::CheckedRegister& checked, bool repaired,
                    const Style& style) {
  const auto number = [&style](uint64_t n) {
    return codec::NumberText(static_cast<int64_t>(n), style.language);
  };
  std::string text = absl::StrCat(
      style("register \"", "register \""), checked.name,
      "\": ", number(checked.position), style(" händelser i ", " events in "),
      number(checked.commits), style(" skrivningar, ", " commits, "),
      number(checked.streams), style(" strömmar, ", " streams, "),
      number(checked.tiles), style(" plattor, ", " tiles, "),
      number(checked.index_entries),
      style(" indexposter, ", " index entries, "), number(checked.cursors),
      style(" markörer, ", " cursors, "), number(checked.view_entries),
      style(" vyposter; rot ", " view entries; root "),
      absl::BytesToHexString(checked.root), "\n");
  if (!checked.derived_checked) {
    text +=
        style("index och plattor kunde inte jämföras med en skadad logg\n",
              "indexes and tiles could not be compared with a damaged log\n");
  }
  if (checked.findings == 0) {
    return text + (repaired ? style("felen är avhjälpta; inga fel kvar\n",
                                    "mended; nothing is wrong any more\n")
                            : style("inga fel\n", "nothing is wrong\n"));
  }
  absl::StrAppend(&text, number(checked.findings), style(" fel", " wrong"));
  if (checked.irreparable > 0) {
    absl::StrAppend(
        &text, style(", varav ", ", of which "), number(checked.irreparable),
        style(" i det som inte kan härledas på nytt: återställ en "
              "säkerhetskopia (samverk restore)",
              " in what cannot be derived again: restore a backup (samverk "
              "restore)"));
  } else if (!repaired) {
    text += style(", som alla kan härledas på nytt (--repair)",
                  ", all of which can be derived again (--repair)");
  }
  return text + "\n";
}

int RunFsck(Session& session, const FsckOptions& options) {
  auto checked = Check(session, options.data);
  if (!checked.ok()) return session.Fail(checked.status());
  bool repaired = false;
  if (options.repair && checked->findings > 0 && checked->irreparable == 0) {
    const absl::Status status = Repair(session, options.data);
    if (!status.ok()) return session.Fail(status);
    repaired = true;
    checked = Check(session, options.data);
    if (!checked.ok()) return session.Fail(checked.status());
  }
  if (session.json) {
    admin::v1::CheckedRegister message;
    message.set_register_(checked->name);
    message.set_position(checked->position);
    message.set_root(checked->root);
    message.set_commits(checked->commits);
    message.set_streams(checked->streams);
    message.set_tiles(checked->tiles);
    message.set_index_entries(checked->index_entries);
    message.set_cursors(checked->cursors);
    message.set_view_entries(checked->view_entries);
    message.set_findings(checked->findings);
    message.set_irreparable(checked->irreparable);
    message.set_derived_checked(checked->derived_checked);
    message.set_repaired(repaired);
    session.PrintJson(message);
  } else {
    session.Print(Summary(*checked, repaired, session.style));
  }
  return checked->findings == 0 ? kDone : kFailed;
}

}  // namespace

void AddFsckCommand(CLI::App& program, Run& run) {
  const auto options = std::make_shared<FsckOptions>();
  CLI::App& command = *program.add_subcommand(
      "fsck", "Check every byte of a register that no server has open");
  command.add_option("--data", options->data, "Directory of the register")
      ->required()
      ->type_name("DIR");
  command.add_flag("--repair", options->repair,
                   "Derive again what can be; never touches events");
  command.callback([&run, options] {
    run = [options](Session& session) { return RunFsck(session, *options); };
  });
}

}  // namespace samverk::cli
