#include "services/views/pages.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace samverk {
namespace {

using google::protobuf::RepeatedPtrField;
using view::v1::ActivitiesAnswer;
using view::v1::ActivityView;
using view::v1::ActorParticipation;
using view::v1::ChecksAnswer;
using view::v1::ContributionView;
using view::v1::FindingsAnswer;
using view::v1::LessonsAnswer;
using view::v1::ListCostsResponse;
using view::v1::ListProcessesResponse;
using view::v1::MeasuresAnswer;
using view::v1::ParticipationAnswer;
using view::v1::TimelineAnswer;
using view::v1::TimelineEntry;
using Counting = PageCutter::Counting;

// Leaves the entries [first, end).
template <typename Entry>
void KeepRange(int first, int end, RepeatedPtrField<Entry>& list) {
  list.DeleteSubrange(end, list.size() - end);
  list.DeleteSubrange(0, first);
}

// Leaves in the next list of the row what is on the page. `id_of` gives the id
// of the entry at an index, which no other entry of the list has.
template <typename Entry, typename IdOf>
void CutList(std::string_view name, Counting counting, const IdOf& id_of,
             PageCutter& cutter, RepeatedPtrField<Entry>& list) {
  int first = 0;
  int end = 0;
  for (int i = 0; i < list.size(); ++i) {
    const std::string key = absl::StrCat(
        absl::string_view(name.data(), name.size()), "/", id_of(i));
    if (!cutter.Takes(key, list.Get(i).ByteSizeLong(), counting)) continue;
    if (first == end) first = i;
    end = i + 1;
  }
  KeepRange(first, end, list);
}

// Leaves the latest entries.
void CutEntries(ActorParticipation& actor) {
  auto& entries = *actor.mutable_entries();
  size_t bytes = 0;
  int first = entries.size();
  while (first > 0 && entries.size() - first < limits::kViewEntries) {
    bytes += entries.Get(first - 1).ByteSizeLong();
    if (bytes > limits::kViewEntryBytes) break;
    --first;
  }
  actor.set_entries_left_out(static_cast<uint32_t>(first));
  entries.DeleteSubrange(0, first);
}

// Several entries of a timeline may come from one event, and several be about
// one entity; those that nothing tells apart are numbered.
std::vector<std::string> TimelineIds(const TimelineAnswer& answer) {
  std::map<std::string, int> met;
  std::vector<std::string> ids;
  for (const TimelineEntry& entry : answer.entries()) {
    std::string id =
        absl::StrCat(entry.kind(), "/", entry.entity(), "/",
                     entry.positions_size() > 0 ? entry.positions(0) : 0);
    const int earlier = met[id]++;
    if (earlier > 0) absl::StrAppend(&id, "/", earlier);
    ids.push_back(std::move(id));
  }
  return ids;
}

std::map<std::string, std::vector<int>> ContributionsByActivity(
    const ActivitiesAnswer& answer) {
  std::map<std::string, std::vector<int>> by_activity;
  for (int i = 0; i < answer.contributions_size(); ++i) {
    by_activity[answer.contributions(i).activity()].push_back(i);
  }
  return by_activity;
}

// Leaves the entries that are marked.
template <typename Entry>
void KeepMarked(const std::vector<bool>& marked,
                RepeatedPtrField<Entry>& list) {
  int kept = 0;
  for (int i = 0; i < list.size(); ++i) {
    if (marked[static_cast<size_t>(i)]) list.SwapElements(kept++, i);
  }
  list.DeleteSubrange(kept, list.size() - kept);
}

std::string KeyOfCost(const view::v1::BudgetEntry& entry) {
  return entry.has_cost() ? absl::StrCat("cost/", entry.cost().cost())
                          : absl::StrCat("in_kind/", entry.in_kind().in_kind());
}

}  // namespace

absl::Status CutToPage(const PageRequest& page, ParticipationAnswer& answer) {
  for (ActorParticipation& actor : *answer.mutable_actors()) CutEntries(actor);
  PageCutter cutter(page);
  CutList(
      "category", Counting::kNotCounted,
      [&](int i) { return answer.categories(i).category(); }, cutter,
      *answer.mutable_categories());
  CutList(
      "actor", Counting::kCounted,
      [&](int i) { return answer.actors(i).actor().actor(); }, cutter,
      *answer.mutable_actors());
  ASSIGN_OR_RETURN(*answer.mutable_next_page_token(), cutter.NextToken());
  return absl::OkStatus();
}

absl::Status CutToPage(const PageRequest& page, ActivitiesAnswer& answer) {
  const auto said = ContributionsByActivity(answer);
  std::vector<bool> activities(static_cast<size_t>(answer.activities_size()));
  std::vector<bool> contributions(
      static_cast<size_t>(answer.contributions_size()));
  PageCutter cutter(page);
  for (const auto& kind : answer.kinds()) cutter.Reserve(kind.ByteSizeLong());
  for (int i = 0; i < answer.activities_size(); ++i) {
    const ActivityView& activity = answer.activities(i);
    activities[static_cast<size_t>(i)] =
        cutter.Takes(absl::StrCat("activity/", activity.activity()),
                     activity.ByteSizeLong(), Counting::kCounted);
    const auto at = said.find(activity.activity());
    if (at == said.end()) continue;
    for (const int c : at->second) {
      const ContributionView& contribution = answer.contributions(c);
      contributions[static_cast<size_t>(c)] = cutter.Takes(
          absl::StrCat("contribution/", contribution.contribution()),
          contribution.ByteSizeLong(), Counting::kNotCounted);
    }
  }
  KeepMarked(activities, *answer.mutable_activities());
  KeepMarked(contributions, *answer.mutable_contributions());
  ASSIGN_OR_RETURN(*answer.mutable_next_page_token(), cutter.NextToken());
  return absl::OkStatus();
}

absl::Status CutToPage(const PageRequest& page, FindingsAnswer& answer) {
  PageCutter cutter(page);
  for (const auto& row : answer.funnel()) cutter.Reserve(row.ByteSizeLong());
  CutList(
      "finding", Counting::kCounted,
      [&](int i) { return answer.findings(i).finding(); }, cutter,
      *answer.mutable_findings());
  ASSIGN_OR_RETURN(*answer.mutable_next_page_token(), cutter.NextToken());
  return absl::OkStatus();
}

absl::Status CutToPage(const PageRequest& page, MeasuresAnswer& answer) {
  PageCutter cutter(page);
  CutList(
      "place", Counting::kNotCounted,
      [&](int i) { return answer.places(i).place(); }, cutter,
      *answer.mutable_places());
  CutList(
      "measure", Counting::kCounted,
      [&](int i) { return answer.measures(i).measure().measure(); }, cutter,
      *answer.mutable_measures());
  ASSIGN_OR_RETURN(*answer.mutable_next_page_token(), cutter.NextToken());
  return absl::OkStatus();
}

absl::Status CutToPage(const PageRequest& page, TimelineAnswer& answer) {
  const std::vector<std::string> ids = TimelineIds(answer);
  PageCutter cutter(page);
  cutter.Reserve(answer.process().ByteSizeLong() +
                 answer.current_phase().ByteSizeLong());
  CutList(
      "entry", Counting::kCounted,
      [&ids](int i) { return ids[static_cast<size_t>(i)]; }, cutter,
      *answer.mutable_entries());
  ASSIGN_OR_RETURN(*answer.mutable_next_page_token(), cutter.NextToken());
  return absl::OkStatus();
}

absl::Status CutToPage(const PageRequest& page, ChecksAnswer& answer) {
  PageCutter cutter(page);
  CutList(
      "document", Counting::kNotCounted,
      [&](int i) { return answer.documents(i).document(); }, cutter,
      *answer.mutable_documents());
  CutList(
      "report", Counting::kNotCounted,
      [&](int i) { return answer.reports(i).report(); }, cutter,
      *answer.mutable_reports());
  CutList(
      "check", Counting::kCounted, [&](int i) { return answer.checks(i).id(); },
      cutter, *answer.mutable_checks());
  ASSIGN_OR_RETURN(*answer.mutable_next_page_token(), cutter.NextToken());
  return absl::OkStatus();
}

absl::Status CutToPage(const PageRequest& page, LessonsAnswer& answer) {
  PageCutter cutter(page);
  CutList(
      "study", Counting::kNotCounted,
      [&](int i) { return answer.studies(i).started().study(); }, cutter,
      *answer.mutable_studies());
  CutList(
      "initiative", Counting::kNotCounted,
      [&](int i) { return answer.initiatives(i).linked().initiative(); },
      cutter, *answer.mutable_initiatives());
  CutList(
      "lesson", Counting::kCounted,
      [&](int i) { return answer.lessons(i).recorded().lesson(); }, cutter,
      *answer.mutable_lessons());
  CutList(
      "outcome", Counting::kCounted,
      [&](int i) { return answer.outcomes(i).claimed().outcome(); }, cutter,
      *answer.mutable_outcomes());
  ASSIGN_OR_RETURN(*answer.mutable_next_page_token(), cutter.NextToken());
  return absl::OkStatus();
}

absl::Status CutToPage(const PageRequest& page, ListProcessesResponse& answer) {
  PageCutter cutter(page);
  CutList(
      "process", Counting::kCounted,
      [&](int i) { return answer.processes(i).process(); }, cutter,
      *answer.mutable_processes());
  ASSIGN_OR_RETURN(*answer.mutable_next_page_token(), cutter.NextToken());
  return absl::OkStatus();
}

absl::Status CutToPage(const PageRequest& page, std::string_view next_key,
                       ListCostsResponse& answer) {
  PageRequest from_here = page;
  from_here.after.clear();
  PageCutter cutter(from_here);
  int kept = 0;
  for (const auto& entry : answer.entries()) {
    if (!cutter.Takes(KeyOfCost(entry), entry.ByteSizeLong(),
                      Counting::kCounted)) {
      break;
    }
    ++kept;
  }
  KeepRange(0, kept, *answer.mutable_entries());
  ASSIGN_OR_RETURN(*answer.mutable_next_page_token(), cutter.NextToken());
  if (answer.next_page_token().empty() && !next_key.empty()) {
    answer.set_next_page_token(TokenOf(page, next_key));
  }
  return absl::OkStatus();
}

}  // namespace samverk
