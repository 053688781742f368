// Section 5: actors and their function.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/report/prose.h"
#include "projections/report/sections.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using report::v1::BulletList;
using report::v1::Paragraph;
using report::v1::Section;
using view::v1::ActorParticipation;
using view::v1::ActorRole;
using view::v1::ActorView;

namespace {

// Roles that were held in the period.
std::vector<const ActorRole*> RolesOf(const ReportContext& context,
                                      const ActorView& actor) {
  std::vector<const ActorRole*> roles;
  for (const ActorRole& role : actor.roles()) {
    const Question& question = context.parameters.question;
    const bool ended_before =
        role.has_ended() && question.period.has_value() &&
        role.ended().occurred().to_us() != 0 &&
        role.ended().occurred().to_us() <= question.period->from_us;
    if (!ended_before && question.Selects(role.valid())) roles.push_back(&role);
  }
  return roles;
}

// The name; in brackets the names that it took the place of, and other
// spellings that differ by more than a capital.
Paragraph NameCell(const ReportContext& context, const ActorView& actor) {
  const std::string current = context.actor_name(actor.actor());
  Prose prose;
  prose.Fact(current, actor.origin(), InferredMark(actor.origin(), {"name"}));
  std::string_view separator = " (";
  for (const view::v1::ActorName& name : actor.names()) {
    if (name.name() == current) continue;
    prose.Own(separator)
        .Own(name.wrong() ? context.Say("felaktigt: ", "wrongly: ")
                          : context.Say("tidigare: ", "formerly: "))
        .Fact(name.name(), name.origin());
    separator = "; ";
  }
  std::vector<std::string> aliases;
  for (const std::string& alias : actor.aliases()) {
    if (Capitalised(alias) != Capitalised(current)) aliases.push_back(alias);
  }
  if (!aliases.empty()) {
    prose.Own(separator)
        .Own(context.Say("även: ", "also: "))
        .Fact(JoinList(aliases, context.language()), actor.origin(),
              InferredMark(actor.origin(), {"aliases"}));
    separator = "; ";
  }
  if (separator == "; ") prose.Own(")");
  if (!actor.part_of().empty()) {
    prose.Own(context.Say(", del av ", ", part of "))
        .Fact(context.actor_name(actor.part_of()), actor.origin(),
              InferredMark(actor.origin(), {"part_of"}));
  }
  return prose.Done();
}

Paragraph RoleCell(const ReportContext& context, const ActorView& actor) {
  Prose prose;
  for (const ActorRole* role : RolesOf(context, actor)) {
    if (!prose.empty()) prose.Own("; ");
    if (role->description().empty()) {
      prose.Fact(Capitalised(WordsFor(role->kind()).In(context.language())),
                 role->origin(), InferredMark(role->origin(), {"kind"}));
    } else {
      TellPart(role->description(), role->origin(),
               InferredMark(role->origin(), {"description"}), prose);
    }
    if (role->has_ended()) {
      prose.Own(context.Say(" (till ", " (until "))
          .Fact(TimeText(context, role->ended().occurred()), role->ended(),
                InferredMark(role->ended(), {"occurred"}))
          .Own(")");
    }
  }
  if (prose.empty()) {
    prose.Own(context.Say("roll ej angiven", "role not stated"));
  }
  return prose.Done();
}

// Whether it was inferred that the actor took part.
bool PartIsInferred(const ReportContext& context,
                    const view::v1::ParticipationView& entry) {
  const view::v1::Origin& origin = entry.origin();
  if (entry.organiser()) return IsInferred(origin, "organiser");
  const bool of_some =
      std::any_of(origin.inferred_fields().begin(),
                  origin.inferred_fields().end(), [](std::string_view path) {
                    return path.find("participants[") != std::string_view::npos;
                  });
  if (!of_some) return IsInferred(origin, "participants");
  for (const view::v1::ActivityView& activity :
       context.activities.activities()) {
    for (const view::v1::ActivityOccasion& occasion : activity.held()) {
      if (occasion.origin().position() != origin.position()) continue;
      const auto& all = occasion.held().participants();
      for (int i = 0; i < all.size(); ++i) {
        if (all[i].actor() == entry.actor()) {
          return IsInferred(origin, "participants", i);
        }
      }
    }
  }
  return IsInferred(origin, "participants");
}

// "trygghetsvandringar (3 gånger), workshoppar (antal ej angivet)".
Paragraph PartCell(const ReportContext& context,
                   const ActorParticipation& part) {
  Prose prose;
  for (const view::v1::KindCount& kind : part.kinds()) {
    Sources sources;
    bool inferred = true;
    for (const view::v1::ParticipationView& entry : part.entries()) {
      if (entry.kind() != kind.kind()) continue;
      sources.Add(entry.origin().position());
      inferred = inferred && PartIsInferred(context, entry);
    }
    std::string text(PluralFor(kind.kind()).In(context.language()));
    std::string times;
    if (kind.occasions() > 0) {
      times = Counted(context, kind.occasions(), {"gång", "time"},
                      {"gånger", "times"});
    }
    if (kind.occasions_unknown()) {
      if (!times.empty()) times += context.Say(" och ", " and ");
      times += kind.occasions() > 0
                   ? context.Say("en serie av okänt antal",
                                 "a series of unknown number")
                   : context.Say("antal ej angivet", "number not stated");
    }
    absl::StrAppend(&text, " (", times, ")");
    prose.Own(prose.empty() ? "" : ", ")
        .Fact(text, sources,
              inferred && !sources.empty() ? Marks{mark::kInferred} : Marks{});
  }
  if (prose.empty()) {
    prose.Own(
        context.Say("ingen registrerad aktivitet", "no activity recorded"));
  }
  return prose.Done();
}

void WriteActors(const ReportContext& context, Section& section) {
  TableWriter table(
      context.Say("Aktörer och deras funktion", "Actors and their function"));
  table.Left(context.Say("Aktör", "Actor"))
      .Left(context.Say("Roll / Funktion i samverkansprocessen",
                        "Role / Function in the collaboration process"))
      .Left(context.Say("Medverkan under perioden", "Took part in the period"));
  for (const ActorParticipation& part : context.participation.actors()) {
    if (table.rows() >= kRowsMax) break;
    table.Row({NameCell(context, part.actor()), RoleCell(context, part.actor()),
               PartCell(context, part)});
    if (RolesOf(context, part.actor()).empty()) {
      AddMissing(
          section,
          absl::StrCat(std::string(context.Say("Roll för ", "The role of ")),
                       context.actor_name(part.actor().actor()), "."));
    }
  }
  const std::string left_out =
      LeftOutText(context, table.rows(), context.participation.actors_size());
  if (table.rows() == 0) {
    AddMissing(section, context.Say("Inga aktörer är registrerade.",
                                    "No actors are recorded."));
  }
  AddTable(section, table.Done());
  if (!left_out.empty()) AddParagraph(section, Prose().Own(left_out));
}

// Actors of the register without a role and a part in an activity: those that
// claims name, and those that nobody has said anything of.
void WriteSilent(const ReportContext& context, Section& section) {
  Prose named;
  Prose silent;
  for (const ActorView& actor : context.silent_actors) {
    const std::string name = context.actor_name(actor.actor());
    Sources mentions = MentionsOf(context, actor);
    Prose& prose = mentions.empty() ? silent : named;
    if (!prose.empty()) {
      prose.Own(", ");
    } else if (mentions.empty()) {
      prose.Own(
          context.Say("I registret utan roll eller registrerad aktivitet "
                      "under perioden: ",
                      "In the register without a role or a recorded "
                      "activity in the period: "));
    } else {
      prose.Own(context.Say("Nämns i underlaget utan angiven roll: ",
                            "Named in the sources without a stated role: "));
    }
    prose.Fact(name, mentions.Add(actor.origin()),
               InferredMark(actor.origin(), {"name"}));
    AddMissing(
        section,
        absl::StrCat(std::string(context.Say("Roll för ", "The role of ")),
                     name, "."));
  }
  for (Prose* prose : {&named, &silent}) {
    if (!prose->empty()) prose->Own(".");
    AddParagraph(section, std::move(*prose));
  }
}

// Actors in more than one kind of role: a controller wants to see who pays,
// takes part and receives the report at once.
void WriteManyRoles(const ReportContext& context, Section& section) {
  BulletList list;
  for (const ActorParticipation& part : context.participation.actors()) {
    std::vector<const ActorRole*> roles;  // the first of each kind
    for (const ActorRole* role : RolesOf(context, part.actor())) {
      const bool known = std::any_of(roles.begin(), roles.end(),
                                     [role](const ActorRole* other) {
                                       return other->kind() == role->kind();
                                     });
      if (known) continue;
      roles.push_back(role);
    }
    if (roles.size() < 2 || list.items_size() >= kRowsMax) continue;
    Prose prose;
    prose.Fact(context.actor_name(part.actor().actor()), part.actor().origin())
        .Own(context.Say(" är ", " is "));
    for (size_t i = 0; i < roles.size(); ++i) {
      prose
          .Own(i == 0                 ? ""
               : i + 1 < roles.size() ? ", "
                                      : context.Say(" och ", " and "))
          .Fact(WordsFor(roles[i]->kind()).In(context.language()),
                roles[i]->origin(), InferredMark(roles[i]->origin(), {"kind"}));
    }
    prose.Own(".");
    *list.add_items() = Item(std::move(prose));
  }
  if (list.items().empty()) return;
  AddSubheading(section, context.Say("Flera roller hos samma aktör",
                                     "Several roles with one actor"));
  AddList(section, std::move(list));
}

// Activities where the category took part, as sources of its number.
Sources SourcesOfCategory(const ReportContext& context,
                          const std::string& category) {
  Sources sources;
  for (const view::v1::ActivityView& activity :
       context.activities.activities()) {
    for (const view::v1::ActivityOccasion& occasion : activity.held()) {
      for (const event::v1::CategoryCount& count :
           occasion.held().headcount().by_category()) {
        if (count.category() == category) {
          sources.Add(occasion.origin().position());
        }
      }
    }
  }
  return sources;
}

void WriteCategories(const ReportContext& context, Section& section) {
  TableWriter table(
      context.Say("Deltagare efter grupp", "Participants by group"));
  table.Left(context.Say("Grupp", "Group"))
      .Right(context.Say("Antal räknade", "Heads counted"))
      .Right(context.Say("Räknade vid", "Counted at"))
      .Right(context.Say("Ej räknade vid", "Not counted at"));
  for (const view::v1::CategoryTotal& total :
       context.participation.categories()) {
    if (table.rows() >= kRowsMax) break;
    // Without a category: who came and was not divided into groups.
    if (total.category().empty()) continue;
    const Sources sources = SourcesOfCategory(context, total.category());
    std::string heads = codec::NumberText(static_cast<int64_t>(total.count()),
                                          context.language());
    if (total.estimated()) {
      heads = absl::StrCat(std::string(context.Say("ca ", "approx. ")), heads);
    }
    if (total.counted_in() == 0) {
      heads = context.Say("ej angivet", "not stated");
    }
    table.Row(
        {Prose().Fact(Capitalised(total.category()), sources).Done(),
         Prose().Fact(heads, sources).Done(),
         Prose()
             .Fact(codec::NumberText(total.counted_in(), context.language()),
                   sources)
             .Done(),
         Prose()
             .Fact(codec::NumberText(total.uncounted_in(), context.language()),
                   sources)
             .Done()});
  }
  const bool any = table.rows() > 0;
  AddTable(section, table.Done());
  if (any) {
    AddParagraph(section,
                 Prose().Own(context.Say(
                     "Den som kommit två gånger räknas två gånger. Inga namn "
                     "finns i registret.",
                     "Who came twice counts twice. No names are in the "
                     "register.")));
  }
}

}  // namespace

void WriteActorsSection(const ReportContext& context, Section& section) {
  WriteActors(context, section);
  WriteSilent(context, section);
  WriteManyRoles(context, section);
  WriteCategories(context, section);
}

}  // namespace samverk::projections
