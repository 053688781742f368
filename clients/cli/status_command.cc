// "samverk status": how the server is doing.
#include <CLI/App.hpp>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

// "37,1 MiB"; "75,1 GiB" from 1024 MiB on.
std::string Size(uint64_t bytes, const Style& style) {
  const bool large = bytes >= uint64_t{1} << 30;
  const uint64_t tenths = (large ? bytes >> 10 : bytes) * 10 / (1 << 20);
  return absl::StrCat(
      codec::NumberText(static_cast<int64_t>(tenths / 10), style.language),
      style(",", "."), tenths % 10, large ? " GiB" : " MiB");
}

std::string Time(const google::protobuf::Timestamp& time) {
  return codec::DateTimeText(time.seconds() * 1'000'000 + time.nanos() / 1'000);
}

}  // namespace

std::string StatusText(const admin::v1::GetStatusResponse& status,
                       const Style& style) {
  std::vector<std::pair<std::string, std::string>> lines = {
      {style("Register", "Register"), status.register_()},
      {style("Program", "Program"),
       absl::StrCat("samverkd ", status.version())},
      {style("Igång sedan", "Running since"), Time(status.started_at())},
      {style("Senaste händelse", "Last event"),
       status.head() == 0 ? style("ingen", "none")
                          : absl::StrCat("#", status.head(), ", ",
                                         Time(status.head_recorded_at()))},
      {style("Processer", "Processes"), absl::StrCat(status.processes())},
      {style("Skrivbart", "Writable"),
       status.writable()
           ? style("ja", "yes")
           : absl::StrCat(style("nej: ", "no: "), status.read_only_reason())},
      {style("Väntande registreringar", "Recordings that wait"),
       absl::StrCat(status.append_queue())},
      {style("Trädets rot", "Root of the tree"),
       absl::BytesToHexString(status.root())},
      {style("Minne", "Memory"), Size(status.resident_bytes(), style)},
      {style("Disk", "Disk"),
       absl::StrCat(Size(status.disk_bytes(), style),
                    style(", ledigt ", ", free "),
                    Size(status.disk_free_bytes(), style))},
      {style("Lagringsformat", "Stored format"),
       absl::StrCat(status.log_format())},
      {style("Öppnat på", "Opened in"),
       absl::StrFormat("%d ms", status.open_us() / 1'000)},
  };
  for (const std::string& problem : status.problems()) {
    lines.emplace_back(style("Att åtgärda", "To be mended"), problem);
  }
  size_t width = 0;
  for (const auto& [label, value] : lines) {
    width = std::max(width, codec::DisplayWidth(label));
  }
  std::string out;
  for (const auto& [label, value] : lines) {
    out += label;
    out.append(width - codec::DisplayWidth(label) + 2, ' ');
    out += value + "\n";
  }
  if (!status.projections().empty()) {
    out += "\n" + ProjectionsText(status.projections(), style);
  }
  return out;
}

namespace {

int RunStatus(Session& session) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const auto status = client->GetStatus();
  if (!status.ok()) return session.Fail(status.status());
  if (session.json) {
    session.PrintJson(*status);
  } else {
    session.Print(StatusText(*status, session.style));
  }
  return kDone;
}

}  // namespace

void AddStatusCommand(CLI::App& program, Run& run) {
  CLI::App& command =
      *program.add_subcommand("status", "How the server is doing");
  command.callback([&run] { run = &RunStatus; });
}

}  // namespace samverk::cli
