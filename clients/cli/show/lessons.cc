// "samverk show lessons": outcomes with how well they are backed, lessons,
// studies and initiatives.
#include "absl/strings/str_cat.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/show/show.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;
using view::v1::LessonsAnswer;

std::string Outcomes(const LessonsAnswer& answer, Sources& sources,
                     const Style& style) {
  Table table({{style("Slag", "Kind"), Kind::kText},
               {style("Vad", "What"), Kind::kText},
               {style("Styrka", "Grade"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const auto& outcome : answer.outcomes()) {
    const auto& claimed = outcome.claimed();
    std::string what = claimed.claim();
    if (!claimed.from().empty() || !claimed.to().empty()) {
      what = absl::StrCat(claimed.from(), " → ", claimed.to(),
                          what.empty() ? "" : "\n", what);
    }
    std::string grade = Label(outcome.grade(), style);
    const std::string hedge = Label(claimed.hedge(), style);
    if (!hedge.empty()) absl::StrAppend(&grade, " (", hedge, ")");
    table.Row(
        {Label(claimed.kind(), style), what, grade, sources.OfRow(outcome)});
  }
  return table.Text(style);
}

std::string Lessons(const LessonsAnswer& answer, Sources& sources,
                    const Style& style) {
  Table table({{"", Kind::kRight},
               {style("Lärdom", "Lesson"), Kind::kText},
               {style("Förklaring", "Explanation"), Kind::kText},
               {style("Delas av", "Agreed by"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  int number = 0;
  for (const auto& lesson : answer.lessons()) {
    table.Row({absl::StrCat(++number, "."), lesson.recorded().text(),
               lesson.recorded().explanation(),
               Joined(lesson.recorded().agreed_by()), sources.OfRow(lesson)});
  }
  return table.Text(style);
}

std::string Studies(const LessonsAnswer& answer, Sources& sources,
                    const Style& style) {
  Table table({{style("Utredning", "Study"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Insikter", "Insights"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const auto& study : answer.studies()) {
    const bool published = study.has_published();
    std::string insights = study.conclusions();
    for (const auto& insight : study.insights()) {
      absl::StrAppend(
          &insights, insights.empty() ? "" : "\n", insight.recorded().text(),
          published ? "" : style(" (preliminärt)", " (preliminary)"));
    }
    table.Row({study.started().title().empty() ? study.started().study()
                                               : study.started().title(),
               published ? style("publicerad", "published")
                         : style("pågår", "in progress"),
               insights, sources.OfRow(study)});
  }
  return table.Text(style);
}

std::string Initiatives(const LessonsAnswer& answer, Sources& sources,
                        const Style& style) {
  Table table({{style("Initiativ", "Initiative"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Röster", "Votes"), Kind::kRight},
               {style("Länk", "Link"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const auto& initiative : answer.initiatives()) {
    std::string state = style("okänt", "unknown");
    std::string votes;
    for (const auto& step : initiative.steps()) {
      state = Label(step.observed().status(), style);
      if (step.observed().has_votes()) {
        votes = absl::StrCat(step.observed().votes());
      }
    }
    table.Row(
        {initiative.linked().title().empty() ? initiative.linked().initiative()
                                             : initiative.linked().title(),
         state, votes, initiative.linked().url(), sources.OfRow(initiative)});
  }
  return table.Text(style);
}

}  // namespace

std::string LessonsText(const LessonsAnswer& answer, const ScopeOptions& scope,
                        Sources sources, const Style& style) {
  std::string out = ViewHeading(style("Lärdomar", "Lessons"), scope.process,
                                scope.period, answer.answered(), style);
  const std::string lessons = Lessons(answer, sources, style);
  absl::StrAppend(&out, "\n", lessons.empty() ? Nothing(style) : lessons);
  const auto append = [&](std::string_view title, const std::string& part) {
    if (!part.empty()) out += PartHeading(title, style) + part;
  };
  append(style("Förflyttning och resultat", "Shifts and achievements"),
         Outcomes(answer, sources, style));
  append(style("Utredningar", "Studies"), Studies(answer, sources, style));
  append(style("Initiativ", "Initiatives"),
         Initiatives(answer, sources, style));
  return out + sources.Legend(style);
}

int ShowLessons(Session& session, const ScopeOptions& options) {
  PagedView<view::v1::ListLessonsRequest, LessonsAnswer> view;
  view.ask = [](client::Client& client,
                const view::v1::ListLessonsRequest& request)
      -> absl::StatusOr<LessonsAnswer> {
    auto answer = client.ListLessons(request);
    if (!answer.ok()) return answer.status();
    return std::move(*answer->mutable_lessons());
  };
  view.text = &LessonsText;
  return ShowPages(session, options, view);
}

}  // namespace samverk::cli
