// "samverk retention": what falls due for disposal, by class of retention.
#include <CLI/App.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "clients/cli/commands.h"
#include "clients/cli/retention_class.h"
#include "clients/cli/retention_governing.h"
#include "clients/cli/table.h"
#include "clients/cli/withheld.h"
#include "clients/cpp/client.h"
#include "proto/codec/edtf.h"
#include "proto/codec/event_codec.h"
#include "samverk/admin/v1/maintenance.pb.h"

namespace samverk::cli {
namespace {

struct RetentionOptions {
  std::string process;
  std::string at;
};

using event::v1::Event;

// One class and kind.
struct Entry {
  RetentionClass says;
  uint64_t events = 0;
  uint64_t due = 0;
  std::optional<absl::CivilDay> first_due;  // of those that are not yet
};
// By class and type.
using Entries = std::map<std::pair<std::string, std::string>, Entry>;

void Count(const Governing& governing, const std::string& type,
           absl::CivilDay at, Entries& entries) {
  Entry& entry = entries[{governing.retention_class, type}];
  entry.says = ParseRetentionClass(governing.retention_class);
  ++entry.events;
  if (entry.says.kind != RetentionClass::Kind::kDisposed) return;
  const absl::CivilDay due = DueAfter(governing.year, entry.says.months);
  if (due <= at) {
    ++entry.due;
  } else if (!entry.first_due.has_value() || due < *entry.first_due) {
    entry.first_due = due;
  }
}

absl::Status Read(
    client::Client& client, const RetentionOptions& options, uint64_t head,
    bool amendments,
    const std::function<void(const view::v1::LoggedEvent&)>& take) {
  view::v1::ReadLogRequest request;
  request.set_process(options.process);
  request.set_to(head);
  if (amendments) {
    for (const Event::FactCase kind :
         {Event::kEventCorrected, Event::kEventReversed, Event::kEventVoided}) {
      request.add_types(std::string(codec::TypeName(kind)));
    }
  }
  client::LogReader reader;
  reader.on_page = [&take](const view::v1::ReadLogResponse& page) {
    for (const auto& logged : page.events()) take(logged);
    return true;
  };
  return client.ReadLog(request, reader);
}

absl::Status CountAll(client::Client& client, const RetentionOptions& options,
                      uint64_t head, absl::CivilDay at, Entries& entries) {
  GoverningClasses classes;
  absl::Status status = Read(client, options, head, true,
                             [&classes](const view::v1::LoggedEvent& logged) {
                               classes.AddAmendment(logged.event());
                             });
  if (!status.ok()) return status;
  return Read(client, options, head, false,
              [&](const view::v1::LoggedEvent& logged) {
                Count(classes.Of(logged), logged.type(), at, entries);
              });
}

std::optional<absl::CivilDay> DayOf(const std::string& text) {
  absl::CivilDay day;
  if (absl::ParseCivilTime(text, &day)) return day;
  return std::nullopt;
}

void PrintAsJson(Session& session, const Entries& entries) {
  for (const auto& [key, entry] : entries) {
    admin::v1::RetentionDue due;
    due.set_retention_class(key.first);
    due.set_type(key.second);
    due.set_events(entry.events);
    due.set_due(entry.due);
    if (entry.first_due.has_value()) {
      due.set_next_due(absl::FormatCivilTime(*entry.first_due));
    }
    due.set_not_understood(entry.says.kind ==
                           RetentionClass::Kind::kNotUnderstood);
    session.PrintJson(due);
  }
}

// What stands where the next day would.
std::string NextOf(const Entry& entry, const Style& style) {
  switch (entry.says.kind) {
    case RetentionClass::Kind::kNone:
      return "";
    case RetentionClass::Kind::kKept:
      return style("bevaras", "kept");
    case RetentionClass::Kind::kNotUnderstood:
      return style("förstås inte", "not understood");
    case RetentionClass::Kind::kDisposed:
      break;
  }
  return entry.first_due.has_value() ? absl::FormatCivilTime(*entry.first_due)
                                     : "";
}

void PrintAsTable(Session& session, const Entries& entries, absl::CivilDay at) {
  const Style& style = session.style;
  Table table(
      {{style("Gallringsklass", "Retention class"), Column::Kind::kText},
       {style("Slag", "Kind"), Column::Kind::kWhole},
       {style("Händelser", "Events"), Column::Kind::kRight},
       {style("Förfallna ", "Due ") + absl::FormatCivilTime(at),
        Column::Kind::kRight},
       {style("Nästa", "Next"), Column::Kind::kWhole}});
  for (const auto& [key, entry] : entries) {
    const auto& [retention, type] = key;
    table.Row({retention.empty() ? style("(ingen)", "(none)") : retention,
               std::string(absl::StripPrefix(
                   type, absl::string_view(codec::kTypePrefix.data(),
                                           codec::kTypePrefix.size()))),
               absl::StrCat(entry.events), absl::StrCat(entry.due),
               NextOf(entry, style)});
  }
  session.Print(table.Text(style));
}

int RunRetention(Session& session, const RetentionOptions& options) {
  const Style& style = session.style;
  const codec::Date today =
      codec::StockholmDate(absl::ToUnixMicros(absl::Now()));
  absl::CivilDay at(today.year, today.month, today.day);
  if (!options.at.empty()) {
    const auto day = DayOf(options.at);
    if (!day.has_value()) {
      return session.Misuse(
          absl::StrCat("\"", options.at, "\"",
                       style(" är inget datum; skriv till exempel 2032-01-01",
                             " is no date; write for instance 2032-01-01")));
    }
    at = *day;
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto reach = ReachOf(*client, options.process);
  if (!reach.ok()) return session.Fail(reach.status());
  Entries entries;
  const absl::Status status =
      CountAll(*client, options, reach->head, at, entries);
  if (!status.ok()) return session.Fail(status);
  if (session.json) {
    PrintAsJson(session, entries);
  } else {
    PrintAsTable(session, entries, at);
  }
  if (reach->withheld > 0) {
    session.Say(absl::StrCat(
        reach->withheld,
        style(" händelser får du inte läsa, och de är inte räknade",
              " events you may not read, and they are not counted")));
  }
  return kDone;
}

}  // namespace

void AddRetentionCommand(CLI::App& program, Run& run) {
  const auto options = std::make_shared<RetentionOptions>();
  CLI::App& command = *program.add_subcommand(
      "retention",
      "What falls due for disposal, by class of retention: a preview, which "
      "disposes of nothing");
  command.add_option("--process", options->process, "Id of the process")
      ->required()
      ->type_name("ID");
  command.add_option("--at", options->at, "On which day; today if not given")
      ->type_name("DATE");
  command.callback([&run, options] {
    run = [options](Session& session) {
      return RunRetention(session, *options);
    };
  });
}

}  // namespace samverk::cli
