#include "services/recording/unsent_values.h"

#include <string>

#include "absl/strings/match.h"
#include "google/protobuf/text_format.h"

namespace samverk::recording {

void LeaveOutUnsent(const event::v1::Event& sent,
                    std::vector<RuleValue>& values) {
  if (values.empty()) return;
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(sent, &text);
  for (RuleValue& value : values) {
    if (!absl::StrContains(text, value.second)) value.second = "…";
  }
}

}  // namespace samverk::recording
