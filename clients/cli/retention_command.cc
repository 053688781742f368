// "samverk retention": what falls due for disposal, by class of retention.
#include <CLI/App.hpp>
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "clients/cli/commands.h"
#include "clients/cli/table.h"
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

// One class and kind.
struct Entry {
  uint64_t events = 0;
  uint64_t due = 0;
  std::optional<absl::CivilDay> first_due;  // of those that are not yet
};

// "gallras 7 år", "gallras efter 10 år": 7, 10. nullopt: no number of years.
std::optional<int> YearsOf(const std::string& retention_class) {
  for (const absl::string_view word :
       absl::StrSplit(retention_class, ' ', absl::SkipEmpty())) {
    int years = 0;
    if (absl::SimpleAtoi(word, &years) && years >= 0 && years <= 1'000 &&
        absl::StrContains(retention_class, "år")) {
      return years;
    }
  }
  return std::nullopt;
}

// When it falls due: so many years after the end of the year in which it
// happened or, where nobody says when, was recorded.
absl::CivilDay DueOf(const view::v1::LoggedEvent& logged, int years) {
  const auto span = codec::ParseEdtf(logged.event().occurred().edtf());
  const int64_t us = span.ok() && !span->open_end
                         ? span->to_us - 1
                         : logged.recorded_at().seconds() * 1'000'000;
  return absl::CivilDay(codec::StockholmDate(us).year + years + 1, 1, 1);
}

std::optional<absl::CivilDay> DayOf(const std::string& text) {
  absl::CivilDay day;
  if (absl::ParseCivilTime(text, &day)) return day;
  return std::nullopt;
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
  view::v1::ReadLogRequest request;
  request.set_process(options.process);
  std::map<std::pair<std::string, std::string>, Entry> entries;
  client::LogReader reader;
  reader.on_page = [&](const view::v1::ReadLogResponse& page) {
    for (const auto& logged : page.events()) {
      const std::string& retention = logged.event().retention_class();
      Entry& entry = entries[{retention, logged.type()}];
      ++entry.events;
      const auto years = YearsOf(retention);
      if (!years.has_value()) continue;
      const absl::CivilDay due = DueOf(logged, *years);
      if (due <= at) {
        ++entry.due;
      } else if (!entry.first_due.has_value() || due < *entry.first_due) {
        entry.first_due = due;
      }
    }
    return true;
  };
  const absl::Status status = client->ReadLog(request, reader);
  if (!status.ok()) return session.Fail(status);
  Table table(
      {{style("Gallringsklass", "Retention class"), Column::Kind::kText},
       {style("Slag", "Kind"), Column::Kind::kWhole},
       {style("Händelser", "Events"), Column::Kind::kRight},
       {style("Förfallna ", "Due ") + absl::FormatCivilTime(at),
        Column::Kind::kRight},
       {style("Nästa", "Next"), Column::Kind::kWhole}});
  for (const auto& [key, entry] : entries) {
    const auto& [retention, type] = key;
    if (session.json) {
      admin::v1::RetentionDue due;
      due.set_retention_class(retention);
      due.set_type(type);
      due.set_events(entry.events);
      due.set_due(entry.due);
      if (entry.first_due.has_value()) {
        due.set_next_due(absl::FormatCivilTime(*entry.first_due));
      }
      session.PrintJson(due);
      continue;
    }
    table.Row({retention.empty() ? style("(ingen)", "(none)") : retention,
               std::string(absl::StripPrefix(
                   type, absl::string_view(codec::kTypePrefix.data(),
                                           codec::kTypePrefix.size()))),
               absl::StrCat(entry.events), absl::StrCat(entry.due),
               entry.first_due.has_value()
                   ? absl::FormatCivilTime(*entry.first_due)
                   : ""});
  }
  session.Print(table.Text(style));
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
