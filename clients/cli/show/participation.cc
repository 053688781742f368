// "samverk show participation": who took part, as what, in what, how often.
#include "absl/strings/str_cat.h"
#include "clients/cli/format.h"
#include "clients/cli/labels.h"
#include "clients/cli/show/show.h"
#include "clients/cli/table.h"

namespace samverk::cli {
namespace {

using Kind = Column::Kind;
using view::v1::ActorParticipation;
using view::v1::ParticipationAnswer;

std::string Name(const view::v1::ActorView& actor) {
  return actor.names().empty() ? actor.actor() : actor.names(0).name();
}

std::string Roles(const view::v1::ActorView& actor, const Style& style) {
  std::string out;
  for (const auto& role : actor.roles()) {
    if (role.has_ended()) continue;
    std::string text = role.description();
    if (text.empty()) text = Label(role.kind(), style);
    if (text.empty()) text = style("deltar", "participant");
    absl::StrAppend(&out, out.empty() ? "" : "; ", text);
  }
  return out;
}

// "trygghetsvandring 3, möte minst 2".
std::string Kinds(const ActorParticipation& actor, const Style& style) {
  std::string out;
  for (const auto& kind : actor.kinds()) {
    absl::StrAppend(&out, out.empty() ? "" : ", ", Label(kind.kind(), style),
                    " ");
    if (!kind.occasions_unknown()) {
      absl::StrAppend(&out, kind.occasions());
    } else if (kind.occasions() > 0) {
      absl::StrAppend(&out, style("minst ", "at least "), kind.occasions());
    } else {
      absl::StrAppend(&out, style("(antal okänt)", "(number unknown)"));
    }
  }
  return out;
}

std::string Actors(const ParticipationAnswer& answer, Sources& sources,
                   const Style& style) {
  Table table({{style("Aktör", "Actor"), Kind::kText},
               {style("Slag", "Kind"), Kind::kText},
               {style("Roll", "Role"), Kind::kText},
               {style("Medverkan", "Participation"), Kind::kText},
               {style("Källa", "Source"), Kind::kText}});
  for (const ActorParticipation& actor : answer.actors()) {
    table.Row({Name(actor.actor()), Label(actor.actor().kind(), style),
               Roles(actor.actor(), style), Kinds(actor, style),
               sources.OfRow(actor, actor.entries_left_out())});
  }
  return table.Text(style);
}

std::string Categories(const ParticipationAnswer& answer, const Style& style) {
  Table table({{style("Deltagare", "Participants"), Kind::kText},
               {style("Antal", "Heads"), Kind::kRight},
               {style("Räknade i", "Counted in"), Kind::kRight},
               {style("Ej räknade i", "Not counted in"), Kind::kRight}});
  for (const auto& category : answer.categories()) {
    std::string heads = style("okänt", "unknown");
    if (category.counted_in() > 0) {
      heads = absl::StrCat(category.estimated() ? style("ca ", "approx. ") : "",
                           category.count());
    }
    table.Row({category.category().empty()
                   ? style("utan indelning", "not divided")
                   : category.category(),
               heads, absl::StrCat(category.counted_in()),
               absl::StrCat(category.uncounted_in())});
  }
  return table.Text(style);
}

}  // namespace

std::string ParticipationText(const ParticipationAnswer& answer,
                              const ScopeOptions& scope, Sources sources,
                              const Style& style) {
  std::string out =
      ViewHeading(style("Medverkan", "Participation"), scope.process,
                  scope.period, answer.answered(), style);
  const std::string actors = Actors(answer, sources, style);
  absl::StrAppend(&out, "\n", actors.empty() ? Nothing(style) : actors);
  const std::string categories = Categories(answer, style);
  if (!categories.empty()) {
    out += PartHeading(style("Deltagare i antal (den som kom två gånger räknas "
                             "två gånger)",
                             "Heads (who came twice counts twice)"),
                       style) +
           categories;
  }
  return out + sources.Legend(style);
}

int ShowParticipation(Session& session, const ScopeOptions& options) {
  PagedView<view::v1::GetParticipationRequest, ParticipationAnswer> view;
  view.ask = [](client::Client& client,
                const view::v1::GetParticipationRequest& request)
      -> absl::StatusOr<ParticipationAnswer> {
    auto answer = client.GetParticipation(request);
    if (!answer.ok()) return answer.status();
    return std::move(*answer->mutable_participation());
  };
  view.text = &ParticipationText;
  // An actor may come with a hundred entries, and an answer has a size.
  view.page_size = 100;
  return ShowPages(session, options, view);
}

}  // namespace samverk::cli
