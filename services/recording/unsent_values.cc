#include "services/recording/unsent_values.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "google/protobuf/text_format.h"

namespace samverk::recording {
namespace {

std::string TextOf(const event::v1::Event& event) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(event, &text);
  return text;
}

}  // namespace

bool HasUnsent(const event::v1::Event& sent,
               const std::vector<RuleValue>& values) {
  if (values.empty()) return false;
  const std::string text = TextOf(sent);
  return std::any_of(values.begin(), values.end(),
                     [&text](const RuleValue& value) {
                       return !absl::StrContains(text, value.second);
                     });
}

void LeaveOutUnsent(const event::v1::Event& sent,
                    std::vector<RuleValue>& values) {
  const std::string text = TextOf(sent);
  for (RuleValue& value : values) {
    if (!absl::StrContains(text, value.second)) value.second = "…";
  }
}

}  // namespace samverk::recording
