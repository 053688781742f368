#include "projections/checks/checks_answer.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "projections/budget/last_happened.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"
#include "projections/kept_facts.h"

namespace samverk::projections {
namespace {

using view::v1::CheckEntry;
using view::v1::CheckRecord;
using view::v1::ChecksAnswer;
using view::v1::CheckState;
using view::v1::CheckStep;
using view::v1::CheckView;
using ChecksById = absl::btree_map<std::string, CheckView>;

constexpr char kManual[] = "manual";

// Ids are unique within a kind of entity alone: a lesson and an outcome, or a
// cost and a contribution, may have the same. Then one check tells of both, so
// that none hides the other.
void Merge(const CheckView& other, CheckView& check) {
  absl::StrAppend(check.mutable_text(), " ", other.text());
  if (other.action() != check.action()) {
    absl::StrAppend(check.mutable_action(), " ", other.action());
  }
  check.mutable_rows()->MergeFrom(other.rows());
  absl::btree_set<uint64_t> positions(check.positions().begin(),
                                      check.positions().end());
  positions.insert(other.positions().begin(), other.positions().end());
  check.clear_positions();
  for (const uint64_t position : positions) {
    if (static_cast<size_t>(check.positions_size()) == kPositionsShown) break;
    check.add_positions(position);
  }
}

// What the rules find, by id.
ChecksById RunRules(const CheckContext& context) {
  Checks found;
  AddTotalChecks(context, found);
  AddGrantChecks(context, found);
  AddInKindChecks(context, found);
  AddCostChecks(context, found);
  AddMeasureChecks(context, found);
  AddEffectChecks(context, found);
  AddActivityChecks(context, found);
  AddDocumentChecks(context, found);
  AddMentionChecks(context, found);
  AddEstimateChecks(context, found);
  AddAttestChecks(context, found);
  ChecksById checks;
  for (const CheckView& check : found) {
    const auto [at, added] = checks.emplace(check.id(), check);
    if (!added) Merge(check, at->second);
  }
  return checks;
}

// What was last said about a check; open when nothing was.
CheckState StateOf(const CheckRecord& record) {
  const CheckStep* last =
      LastHappened(record.steps(), [](const CheckStep&) { return true; });
  return last == nullptr ? view::v1::CHECK_STATE_OPEN : last->state();
}

// A check that a rule finds, with what was said about it. Nothing that is said
// takes it off the list, and saying that it is resolved does not make it so.
void TakeWords(const CheckContext& context, CheckView& check) {
  check.set_state(view::v1::CHECK_STATE_OPEN);
  const auto record = context.records.find(check.id());
  if (record == context.records.end()) return;
  check.set_state(StateOf(record->second));
  *check.mutable_steps() = record->second.steps();
  if (check.state() == view::v1::CHECK_STATE_RESOLVED) {
    absl::StrAppend(
        check.mutable_text(),
        context.Say(" Anges som åtgärdad, men förhållandet kvarstår.",
                    " Said to be resolved, but it is still so."));
  }
}

// A check that somebody raised by hand.
CheckView ManualCheck(const CheckContext& context, const CheckRecord& record) {
  CheckView check;
  check.set_id(record.check());
  check.set_rule(kManual);
  check.set_text(record.raised().text());
  check.set_action(
      std::string(context.Say("Förklara anmärkningen, eller åtgärda den.",
                              "Explain the remark, or resolve it.")));
  check.set_section(SectionOfRule(record.raised().rule()));
  check.set_state(StateOf(record));
  check.add_positions(record.origin().position());
  *check.mutable_steps() = record.steps();
  return check;
}

// A check that was spoken of and that no rule finds any more.
CheckView PastCheck(const CheckContext& context, const CheckRecord& record) {
  CheckView check;
  check.set_id(record.check());
  const std::string_view rule = RuleOfId(record.check());
  check.set_rule(rule.empty() ? kManual : std::string(rule));
  check.set_text(
      std::string(context.Say("Det som kontrollen gällde är inte längre så.",
                              "What the check was about is not so any more.")));
  check.set_section(SectionOfRule(rule));
  check.set_state(view::v1::CHECK_STATE_RESOLVED);
  for (const CheckStep& step : record.steps()) {
    if (static_cast<size_t>(check.positions_size()) == kPositionsShown) break;
    check.add_positions(step.origin().position());
  }
  *check.mutable_steps() = record.steps();
  return check;
}

// The checks of all time by id, for telling what is past from what merely lies
// outside the period.
ChecksById ChecksOfAllTime(const CheckContext& context) {
  Question all_time = context.question;
  all_time.period.reset();
  return RunRules(MakeCheckContext(context.views, all_time));
}

// Adds the checks that there are words on but that no rule finds: raised by
// hand, or past.
void AddSpokenOf(const CheckContext& context, ChecksById& checks) {
  std::vector<const CheckRecord*> unfound;
  for (const auto& [id, record] : context.records) {
    if (checks.contains(id)) continue;
    if (record.has_raised()) {
      checks.emplace(id, ManualCheck(context, record));
    } else {
      unfound.push_back(&record);
    }
  }
  if (unfound.empty()) return;
  const ChecksById elsewhere = context.question.period.has_value()
                                   ? ChecksOfAllTime(context)
                                   : ChecksById();
  for (const CheckRecord* record : unfound) {
    if (elsewhere.contains(record->check())) continue;
    checks.emplace(record->check(), PastCheck(context, *record));
  }
}

// Open first, then by rule (those raised by hand last) and id.
bool ComesBefore(const CheckView& a, const CheckView& b) {
  const auto key = [](const CheckView& check) {
    const int number = NumberOfRule(check.rule());
    return std::make_tuple(check.state() != view::v1::CHECK_STATE_OPEN,
                           number == 0 ? 99 : number,
                           std::string_view(check.id()));
  };
  return key(a) < key(b);
}

void AddDocumentsAndReports(const CheckContext& context, ChecksAnswer& answer) {
  const ViewReader& table = context.views.Of(ProjectionId::kChecks);
  const std::string& process = context.question.process;
  table.Scan<CheckEntry>(KeyPrefix(process, "document"), "",
                         [&](std::string_view, const CheckEntry& entry) {
                           *answer.add_documents() = entry.document();
                           return true;
                         });
  table.Scan<CheckEntry>(KeyPrefix(process, "report"), "",
                         [&](std::string_view, const CheckEntry& entry) {
                           *answer.add_reports() = entry.report();
                           return true;
                         });
}

}  // namespace

ChecksAnswer AnswerChecks(const ViewSet& views, const Question& question) {
  const CheckContext context = MakeCheckContext(views, question);
  ChecksById checks = RunRules(context);
  for (auto& [id, check] : checks) TakeWords(context, check);
  AddSpokenOf(context, checks);
  ChecksAnswer answer;
  for (auto& [id, check] : checks) *answer.add_checks() = std::move(check);
  std::sort(answer.mutable_checks()->begin(), answer.mutable_checks()->end(),
            ComesBefore);
  AddDocumentsAndReports(context, answer);
  return answer;
}

void AttachChecks(const ChecksAnswer& checks, view::v1::BudgetView& budget) {
  for (const CheckView& check : checks.checks()) {
    if (check.state() != view::v1::CHECK_STATE_OPEN) continue;
    for (view::v1::OutcomeRow& row : *budget.mutable_rows()) {
      const auto& rows = check.rows();
      if (std::find(rows.begin(), rows.end(), row.key()) != rows.end()) {
        row.add_checks(check.id());
      }
    }
  }
}

}  // namespace samverk::projections
