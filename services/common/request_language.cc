#include "services/common/request_language.h"

#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "eventstore/base/strings.h"

namespace samverk {
namespace {

// The weight of one part's parameters, "q=0.8": 1 when it has none, 0 (not
// wanted) when it is malformed.
double WeightOf(const std::vector<absl::string_view>& parts) {
  for (size_t i = 1; i < parts.size(); ++i) {
    absl::string_view parameter = absl::StripAsciiWhitespace(parts[i]);
    if (!absl::ConsumePrefix(&parameter, "q=")) continue;
    double weight = 0;
    if (!absl::SimpleAtod(parameter, &weight)) return 0;
    return weight >= 0 && weight <= 1 ? weight : 0;
  }
  return 1;
}

// "sv", "sv-SE" and "*" are Swedish, "en…" is English, others are not ours.
std::optional<codec::Language> OurLanguage(absl::string_view range) {
  if (range == "*") return codec::Language::kSwedish;
  const std::string primary = absl::AsciiStrToLower(
      absl::string_view(*absl::StrSplit(range, '-').begin()));
  if (primary == "sv") return codec::Language::kSwedish;
  if (primary == "en") return codec::Language::kEnglish;
  return std::nullopt;
}

}  // namespace

codec::Language LanguageOfHeader(std::string_view accept_language) {
  std::optional<codec::Language> best;
  double best_weight = 0;
  bool asks = false;
  for (absl::string_view part :
       absl::StrSplit(ToAbsl(accept_language), ',', absl::SkipWhitespace())) {
    const std::vector<absl::string_view> parts = absl::StrSplit(part, ';');
    asks = true;
    const auto language = OurLanguage(absl::StripAsciiWhitespace(parts[0]));
    const double weight = WeightOf(parts);
    if (language.has_value() && weight > best_weight) {
      best = language;
      best_weight = weight;
    }
  }
  if (best.has_value()) return *best;
  return asks ? codec::Language::kEnglish : codec::Language::kSwedish;
}

codec::Language RequestLanguage(std::string_view field,
                                const grpc::ServerContextBase& context) {
  if (!field.empty()) return codec::LanguageOf(field);
  const auto& metadata = context.client_metadata();
  const auto header = metadata.find("accept-language");
  if (header == metadata.end()) return codec::Language::kSwedish;
  return LanguageOfHeader({header->second.data(), header->second.size()});
}

}  // namespace samverk
