#include "projections/checks/check_draft.h"

#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"
#include "projections/budget/figures.h"

namespace samverk::projections {

std::string CheckId(std::string_view rule, std::string_view entity) {
  return absl::StrCat(ToAbsl(rule), "/", ToAbsl(entity));
}

std::string_view RuleOfId(std::string_view id) {
  const size_t slash = id.find('/');
  if (slash == std::string_view::npos) return "";
  const std::string_view rule = id.substr(0, slash);
  return NumberOfRule(rule) > 0 ? rule : "";
}

int NumberOfRule(std::string_view rule) {
  int number = 0;
  if (rule.size() < 2 || rule.size() > 3 || rule[0] != 'C' || rule[1] == '0' ||
      !absl::SimpleAtoi(ToAbsl(rule.substr(1)), &number)) {
    return 0;
  }
  return number >= 1 && number <= 14 ? number : 0;
}

uint32_t SectionOfRule(std::string_view rule) {
  switch (NumberOfRule(rule)) {
    case 0:
      return 1;
    case 8:  // plans
      return 6;
    case 9:  // effects, most of all in lessons
      return 7;
    case 10:  // activities
      return 4;
    case 11:  // attachments
      return 8;
    case 12:  // actors
      return 5;
    default:  // money
      return 2;
  }
}

std::string Shorten(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t end = bytes_max;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(ToAbsl(text.substr(0, end)), "…");
}

CheckDraft::CheckDraft(std::string_view rule, std::string_view entity) {
  check_.set_id(CheckId(rule, entity));
  check_.set_rule(std::string(rule));
  check_.set_section(SectionOfRule(rule));
}

CheckDraft& CheckDraft::Section(uint32_t section) {
  check_.set_section(section);
  return *this;
}

CheckDraft& CheckDraft::Text(absl::string_view sentence) {
  std::string& text = *check_.mutable_text();
  if (!text.empty()) text += ' ';
  const size_t begin = text.size();
  text.append(sentence.data(), sentence.size());
  // Sums may begin a sentence: "ca 30 000 kr …".
  if (begin < text.size())
    text[begin] = absl::ascii_toupper(static_cast<unsigned char>(text[begin]));
  return *this;
}

CheckDraft& CheckDraft::Action(absl::string_view action) {
  check_.set_action(std::string(action));
  return *this;
}

CheckDraft& CheckDraft::At(uint64_t position) {
  positions_.insert(position);
  if (positions_.size() > kPositionsShown) {
    positions_.erase(std::prev(positions_.end()));
  }
  return *this;
}

CheckDraft& CheckDraft::Row(std::string_view kind, std::string_view about) {
  check_.add_rows(about.empty()
                      ? std::string(kind)
                      : absl::StrCat(ToAbsl(kind), "/", ToAbsl(about)));
  return *this;
}

view::v1::CheckView CheckDraft::Done() const {
  view::v1::CheckView check = check_;
  check.mutable_positions()->Add(positions_.begin(), positions_.end());
  return check;
}

}  // namespace samverk::projections
