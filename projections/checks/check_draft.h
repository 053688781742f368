// A check while a rule writes it.
#ifndef SAMVERK_PROJECTIONS_CHECKS_CHECK_DRAFT_H_
#define SAMVERK_PROJECTIONS_CHECKS_CHECK_DRAFT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "samverk/view/v1/checks.pb.h"

namespace samverk::projections {

// "C7/A-117": what a check is known by, however often it is asked for.
std::string CheckId(std::string_view rule, std::string_view entity);

// The rule of a derived check's id: "C7"; empty for ids of other forms.
std::string_view RuleOfId(std::string_view id);

// 1 to 14 for "C1" to "C14", 0 for anything else.
int NumberOfRule(std::string_view rule);

// The section of the report that a rule's checks belong to; 1 for others.
uint32_t SectionOfRule(std::string_view rule);

// At most `bytes_max` bytes of a text, cut between characters, with "…" when
// something is left out.
std::string Shorten(std::string_view text, size_t bytes_max = 120);

// Gathers sentences, an action, events and rows.
class CheckDraft {
 public:
  CheckDraft(std::string_view rule, std::string_view entity);

  CheckDraft& Section(uint32_t section);
  // Adds a sentence; its first letter is made a capital.
  CheckDraft& Text(absl::string_view sentence);
  CheckDraft& Action(absl::string_view action);
  // Adds events that the check is about. The least kPositionsShown are kept.
  CheckDraft& At(uint64_t position);
  template <typename Positions>
  CheckDraft& AtAll(const Positions& positions) {
    for (const uint64_t position : positions) At(position);
    return *this;
  }
  // Adds a row of the outcome table that the check is about, by its key.
  CheckDraft& Row(std::string_view kind, std::string_view about = "");

  // Whether nothing has been found so far.
  bool empty() const { return check_.text().empty(); }
  // The check, without state and steps.
  view::v1::CheckView Done() const;

 private:
  view::v1::CheckView check_;
  absl::btree_set<uint64_t> positions_;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_CHECKS_CHECK_DRAFT_H_
