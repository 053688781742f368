#include "projections/budget/budget_text.h"

#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "projections/budget/figures.h"
#include "projections/budget/grant_position.h"
#include "projections/kept_facts.h"
#include "samverk/view/v1/participation.pb.h"

namespace samverk::projections {
namespace {

using codec::Language;
using view::v1::ActorView;
using view::v1::DatedAmount;

constexpr size_t kAbbreviationBytesMax = 6;

bool IsAbbreviation(std::string_view text) {
  if (text.size() < 2 || text.size() > kAbbreviationBytesMax) return false;
  for (const char c : text) {
    if (c == ' ' || (c >= 'a' && c <= 'z')) return false;
  }
  return true;
}

// "Fastighets- och gatukontoret (FGK)" → "FGK"; empty when there is none.
std::string_view InBrackets(std::string_view name) {
  const size_t open = name.rfind('(');
  if (open == std::string_view::npos || !name.ends_with(')')) return "";
  const std::string_view inner = name.substr(open + 1, name.size() - open - 2);
  return IsAbbreviation(inner) ? inner : "";
}

std::string DispositionText(const DatedAmount& dated, Language language) {
  const std::string sum = codec::MoneyText(
      dated.amount().ore(), dated.amount().precision(), language);
  if (dated.disposition() == view::v1::DISPOSITION_REPAID) {
    return absl::StrCat(Say(language, "återbetalt ", "repaid "), sum);
  }
  if (dated.disposition() == view::v1::DISPOSITION_OFFSET) {
    return absl::StrCat(Say(language, "avräknat mot ", "set off against "),
                        dated.reference(), " ", sum);
  }
  std::string text =
      absl::StrCat(Say(language, "överfört ", "carried over "), sum);
  if (!dated.until().edtf().empty()) {
    absl::StrAppend(
        &text,
        Say(language, ", får användas till och med ", ", may be used until "),
        codec::EdtfText(dated.until().edtf(), dated.until().circa(), language));
  }
  return text;
}

}  // namespace

std::string FigureText(const view::v1::Figure& figure, Language language) {
  return codec::MoneyText(figure.ore(), figure.precision(), language);
}

std::string JoinWords(const std::vector<std::string>& words,
                      Language language) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    const bool last = i + 1 == words.size();
    if (i > 0) {
      absl::StrAppend(&text, last ? Say(language, " och ", " and ") : ", ");
    }
    absl::StrAppend(&text, words[i]);
  }
  return text;
}

std::string_view InKindKindText(event::v1::InKindKind kind, Language language) {
  const bool sv = language == Language::kSwedish;
  if (kind == event::v1::IN_KIND_KIND_WORKING_TIME) {
    return sv ? "arbetstid" : "working time";
  }
  if (kind == event::v1::IN_KIND_KIND_STEERING_GROUP) {
    return sv ? "styrgruppsarbete" : "steering group work";
  }
  if (kind == event::v1::IN_KIND_KIND_PROJECT_LEADERSHIP) {
    return sv ? "projektledning" : "project leadership";
  }
  if (kind == event::v1::IN_KIND_KIND_PREMISES) {
    return sv ? "lokaler" : "premises";
  }
  if (kind == event::v1::IN_KIND_KIND_MATERIAL) return "material";
  return sv ? "annat" : "other";
}

std::string ShortActorName(const ViewSet& views, std::string_view process,
                           std::string_view actor) {
  const auto* entry = views.Of(ProjectionId::kParticipation)
                          .Find<view::v1::ParticipationEntry>(
                              KeyPrefix(process, "actor").append(actor));
  if (entry == nullptr || entry->actor().names().empty()) {
    return std::string(actor);
  }
  const ActorView& view = entry->actor();
  const std::string& name = view.names(0).name();
  if (const auto inner = InBrackets(name); !inner.empty()) {
    return std::string(inner);
  }
  for (const std::string& alias : view.aliases()) {
    if (IsAbbreviation(alias)) return alias;
  }
  return name;
}

std::string RemainderText(const view::v1::GrantPosition& position,
                          Language language) {
  struct Kind {
    view::v1::Disposition disposition;
    absl::string_view sv;
    absl::string_view en;
  };
  static constexpr std::array<Kind, 3> kKinds = {
      {{view::v1::DISPOSITION_REPAID, " återbetalt", " repaid"},
       {view::v1::DISPOSITION_CARRIED_OVER, " överfört", " carried over"},
       {view::v1::DISPOSITION_OFFSET, " avräknat", " set off"}}};
  std::string text;
  const auto add = [&text](const std::string& part) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", part);
  };
  for (const Kind& kind : kKinds) {
    FigureSum sum;
    for (const DatedAmount& dated : position.grant().dispositions()) {
      if (dated.disposition() != kind.disposition) continue;
      sum.Add(MakeFigure(dated.amount(), view::v1::BASIS_DECIDED,
                         dated.origin().position()));
    }
    if (sum.empty()) continue;
    add(absl::StrCat(FigureText(sum.Result(view::v1::BASIS_DECIDED), language),
                     Say(language, kind.sv, kind.en)));
  }
  const bool missing =
      !text.empty() || position.disposition() == view::v1::DISPOSITION_MISSING;
  if (!position.has_remainder() || !missing) return text;
  const view::v1::Figure left = Undisposed(position);
  if (left.ore() > 0) {
    add(absl::StrCat(
        FigureText(left, language),
        Say(language, " saknar disposition", " without disposition")));
  }
  return text;
}

std::vector<std::string> DispositionTexts(const view::v1::GrantView& grant,
                                          Language language) {
  std::vector<std::string> texts;
  for (const DatedAmount& dated : grant.dispositions()) {
    texts.push_back(DispositionText(dated, language));
  }
  for (const DatedAmount& dated : grant.reclaimed()) {
    texts.push_back(
        absl::StrCat(Say(language, "återkrävt ", "claimed back "),
                     codec::MoneyText(dated.amount().ore(),
                                      dated.amount().precision(), language)));
  }
  return texts;
}

}  // namespace samverk::projections
