#include "clients/cli/free_text.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace samverk::cli {
namespace {

using google::protobuf::FieldDescriptor;

// What the comment of a field begins with that holds no free text.
constexpr const char* kOther[] = {"Id of", "Ids of",    "Organisation: id of",
                                  "UUID",  "ISO ",      "BCP 47",
                                  "IANA",  "Language:", "Format:"};

}  // namespace

bool FreeText::Is(const FieldDescriptor& field) {
  if (field.type() != FieldDescriptor::TYPE_STRING) return false;
  const auto [known, is_new] = known_.try_emplace(field.full_name(), true);
  if (!is_new) return known->second;
  const FieldDescriptor* described =
      contracts_.Message(field.containing_type()->full_name())
          .FindFieldByNumber(field.number());
  if (described == nullptr) return true;
  const std::string comment = describe::CommentOf(*described);
  known->second = std::none_of(std::begin(kOther), std::end(kOther),
                               [&comment](const char* beginning) {
                                 return absl::StartsWith(comment, beginning);
                               });
  return known->second;
}

}  // namespace samverk::cli
