#include "clients/cli/personal_loss.h"

#include "absl/strings/str_cat.h"
#include "clients/cli/table.h"
#include "google/protobuf/message.h"
#include "proto/codec/message_walk.h"

namespace samverk::cli {

using event::v1::Event;
using event::v1::Personal;
using google::protobuf::Message;

void PersonalLoss::Add(const view::v1::LoggedEvent& logged) {
  const Event& event = logged.event();
  if (event.has_key_destroyed()) gone_.insert(event.key_destroyed().subject());
  const std::string& retention_class =
      event.has_event_corrected()
          ? event.event_corrected().replacement().retention_class()
          : event.retention_class();
  const auto visit = [&](Message& message, const std::string&) {
    if (message.GetDescriptor() != Personal::descriptor()) return true;
    const auto& personal = static_cast<const Personal&>(message);
    if (!personal.has_sealed() || !subjects_.contains(personal.subject())) {
      return false;
    }
    Values& values =
        values_[{personal.subject(), event.process(), retention_class}];
    ++values.count;
    if (values.positions.empty() ||
        *values.positions.rbegin() != logged.position()) {
      values.positions.Add(logged.position());
    }
    return false;
  };
  // The walk changes nothing that its visitor does not change.
  codec::ForEachMessage(const_cast<Event&>(event), visit);
}

std::set<std::string> PersonalLoss::ProcessesOf(
    const std::string& subject) const {
  std::set<std::string> processes;
  for (const auto& [key, values] : values_) {
    if (std::get<0>(key) == subject) processes.insert(std::get<1>(key));
  }
  return processes;
}

std::string PersonalLoss::Text(const Style& style) const {
  Table table(
      {{style("Pseudonym", "Pseudonym"), Column::Kind::kWhole},
       {style("Process", "Process"), Column::Kind::kWhole},
       {style("Gallringsklass", "Retention class"), Column::Kind::kText},
       {style("Uppgifter", "Values"), Column::Kind::kRight},
       {style("Redan borta", "Gone already"), Column::Kind::kRight},
       {style("Händelser", "Events"), Column::Kind::kText}});
  Sources sources({});
  for (const auto& [key, values] : values_) {
    const auto& [subject, process, retention_class] = key;
    const bool gone = gone_.contains(subject);
    const std::string count = absl::StrCat(values.count);
    table.Row(
        {subject, process,
         retention_class.empty() ? style("(ingen)", "(none)") : retention_class,
         gone ? "0" : count, gone ? count : "", sources.Of(values.positions)});
  }
  return table.Text(style);
}

}  // namespace samverk::cli
