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

std::string Outcomes(const LessonsAnswer& answer, const Style& style) {
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
    Positions positions;
    positions.Add(outcome.origin().position());
    for (const auto& word : outcome.substantiations()) {
      positions.Add(word.origin().position());
    }
    table.Row(
        {Label(claimed.kind(), style), what, grade, SourcesCell(positions)});
  }
  return table.Text(style);
}

std::string Lessons(const LessonsAnswer& answer, const Style& style) {
  Table table({{"", Kind::kRight},
               {style("Lärdom", "Lesson"), Kind::kText},
               {style("Förklaring", "Explanation"), Kind::kText},
               {style("Delas av", "Agreed by"), Kind::kText},
               {style("Källa", "Source"), Kind::kWhole}});
  int number = 0;
  for (const auto& lesson : answer.lessons()) {
    table.Row({absl::StrCat(++number, "."), lesson.recorded().text(),
               lesson.recorded().explanation(),
               Joined(lesson.recorded().agreed_by()),
               SourceCell(lesson.origin())});
  }
  return table.Text(style);
}

std::string Studies(const LessonsAnswer& answer, const Style& style) {
  Table table({{style("Utredning", "Study"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Insikter", "Insights"), Kind::kText},
               {style("Källa", "Source"), Kind::kWhole}});
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
               insights, SourceCell(study.origin())});
  }
  return table.Text(style);
}

std::string Initiatives(const LessonsAnswer& answer, const Style& style) {
  Table table({{style("Initiativ", "Initiative"), Kind::kText},
               {style("Läge", "State"), Kind::kText},
               {style("Röster", "Votes"), Kind::kRight},
               {style("Länk", "Link"), Kind::kText},
               {style("Källa", "Source"), Kind::kWhole}});
  for (const auto& initiative : answer.initiatives()) {
    std::string state = style("okänt", "unknown");
    std::string votes;
    for (const auto& step : initiative.steps()) {
      state = Label(step.observed().status(), style);
      if (step.observed().has_votes()) {
        votes = absl::StrCat(step.observed().votes());
      }
    }
    table.Row({initiative.linked().title().empty()
                   ? initiative.linked().initiative()
                   : initiative.linked().title(),
               state, votes, initiative.linked().url(),
               SourceCell(initiative.origin())});
  }
  return table.Text(style);
}

}  // namespace

std::string LessonsText(const LessonsAnswer& answer, const ScopeOptions& scope,
                        const Style& style) {
  std::string out = ViewHeading(style("Lärdomar", "Lessons"), scope.process,
                                scope.period, answer.answered(), style);
  const std::string lessons = Lessons(answer, style);
  absl::StrAppend(&out, "\n", lessons.empty() ? Nothing(style) : lessons);
  const auto append = [&](std::string_view title, const std::string& part) {
    if (!part.empty()) out += PartHeading(title, style) + part;
  };
  append(style("Förflyttning och resultat", "Shifts and achievements"),
         Outcomes(answer, style));
  append(style("Utredningar", "Studies"), Studies(answer, style));
  append(style("Initiativ", "Initiatives"), Initiatives(answer, style));
  return out;
}

int ShowLessons(Session& session, const ScopeOptions& options) {
  return AskAbout(
      session, options,
      [&](client::Client& client, const view::v1::Scope& scope) {
        view::v1::ListLessonsRequest request;
        *request.mutable_scope() = scope;
        const auto answer = client.ListLessons(request);
        if (!answer.ok()) return session.Fail(answer.status());
        if (session.json) {
          session.PrintJson(answer->lessons());
        } else {
          session.Print(LessonsText(answer->lessons(), options, session.style));
        }
        return kDone;
      });
}

}  // namespace samverk::cli
