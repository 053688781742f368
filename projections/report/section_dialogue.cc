// Section 4: activities, planned against held, and what was said in them.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "projections/report/prose.h"
#include "projections/report/sections.h"
#include "projections/report/telling.h"
#include "projections/report/words.h"

namespace samverk::projections {

using event::v1::Held;
using report::v1::BulletList;
using report::v1::Paragraph;
using report::v1::Section;
using view::v1::ActivityOccasion;
using view::v1::ActivityView;

namespace {

// A cell tells of at most so many occasions; their number is told apart.
constexpr int kOccasionsMax = 12;

// Where an activity comes from: its schedule and its occasions.
Sources SourcesOf(const ActivityView& activity) {
  Sources sources;
  for (const ActivityOccasion& occasion : activity.held()) {
    sources.Add(occasion.origin().position());
  }
  if (sources.empty()) sources.Add(activity.scheduled().position());
  return sources;
}

std::vector<std::string> ThemesOf(const ActivityView& activity) {
  std::vector<std::string> themes = Strings(activity.themes());
  for (const ActivityOccasion& occasion : activity.held()) {
    for (const std::string& theme : occasion.held().themes()) {
      bool known = false;
      for (const std::string& other : themes) known = known || other == theme;
      if (!known) themes.push_back(theme);
    }
  }
  return themes;
}

// The mark of what occasions say in `field`, or the schedule where nothing was
// held: when one of them has it inferred.
Marks MarkOf(const ActivityView& activity, std::string_view field) {
  if (activity.held().empty()) {
    return InferredMark(activity.scheduled(), {field});
  }
  for (const ActivityOccasion& occasion : activity.held()) {
    if (IsInferred(occasion.origin(), field)) return {mark::kInferred};
  }
  return {};
}

// "Trygghetsvandring: höstens vandring – belysning, trafik".
Paragraph TitleCell(const ReportContext& context,
                    const ActivityView& activity) {
  const Sources sources = SourcesOf(activity);
  const std::string kind =
      Capitalised(WordsFor(activity.kind()).In(context.language()));
  Prose prose;
  // "Trygghetsvandring våren 2025" says itself what it is.
  if (activity.title().empty()) {
    prose.Fact(kind, sources);
  } else if (!activity.title().starts_with(kind)) {
    prose.Fact(kind, sources).Own(": ");
  }
  prose.Fact(activity.title(), sources, MarkOf(activity, "title"));
  const std::vector<std::string> themes = ThemesOf(activity);
  if (!themes.empty()) {
    prose.Own(" – ").Fact(JoinList(themes, context.language()), sources,
                          MarkOf(activity, "themes"));
  }
  for (const ActivityOccasion& occasion : activity.held()) {
    if (occasion.held().summary().empty()) continue;
    prose.Own(". ").Fact(occasion.held().summary(), occasion.origin(),
                         InferredMark(occasion.origin(), {"summary"}));
  }
  return prose.Done();
}

std::string CadenceOf(const ActivityView& activity) {
  for (const ActivityOccasion& occasion : activity.held()) {
    if (!occasion.held().cadence().empty()) return occasion.held().cadence();
  }
  return activity.cadence();
}

Paragraph WhenCell(const ReportContext& context, const ActivityView& activity) {
  Prose prose;
  int shown = 0;
  for (const ActivityOccasion& occasion : activity.held()) {
    if (++shown > kOccasionsMax) break;
    if (!prose.empty()) prose.Own("; ");
    TellTime(context, occasion.origin(), prose);
  }
  const std::string cadence = CadenceOf(activity);
  if (!cadence.empty()) {
    prose.Own(prose.empty() ? "" : ", ")
        .Fact(cadence, SourcesOf(activity), MarkOf(activity, "cadence"));
  }
  // The plan, where nothing was held, or it was moved.
  const bool moved = activity.plans_size() > 1;
  for (const view::v1::ActivityPlan& plan : activity.plans()) {
    if (!activity.held().empty() && !moved) continue;
    if (!prose.empty()) prose.Own("; ");
    prose.Own(context.Say("planerad ", "planned "))
        .Fact(TimeText(context, plan.planned()), plan.origin(),
              InferredMark(plan.origin(), {"planned"}));
    if (!plan.reason().empty()) {
      prose.Own(" (").Fact(plan.reason(), plan.origin()).Own(")");
    }
  }
  return prose.Done();
}

Paragraph WhereCell(const ReportContext& context,
                    const ActivityView& activity) {
  Prose prose;
  std::vector<std::string> told;
  const auto tell = [&](const event::v1::Where& where,
                        const view::v1::Origin& from, const Marks& marks) {
    const std::string text = WhereText(context, where);
    if (text.empty()) return;
    for (const std::string& other : told) {
      if (other == text) return;
    }
    told.push_back(text);
    prose.Own(prose.empty() ? "" : "; ").Fact(text, from, marks);
  };
  for (const ActivityOccasion& occasion : activity.held()) {
    for (int i = 0; i < occasion.held().where_size(); ++i) {
      tell(occasion.held().where(i), occasion.origin(),
           InferredMark(occasion.origin(), "where", i));
    }
  }
  if (prose.empty()) {
    for (const event::v1::Where& where : activity.planned_where()) {
      tell(where, activity.scheduled(),
           InferredMark(activity.scheduled(), {"where"}));
    }
  }
  if (prose.empty()) prose.Own(context.Say("ej angiven", "not stated"));
  return prose.Done();
}

// "; arrangör: MKB", as the last occasion that names one says, else the plan.
void TellOrganiser(const ReportContext& context, const ActivityView& activity,
                   Prose& prose) {
  const view::v1::Origin* from = &activity.scheduled();
  std::string_view organiser = activity.organiser();
  for (const ActivityOccasion& occasion : activity.held()) {
    if (occasion.held().organiser().empty()) continue;
    organiser = occasion.held().organiser();
    from = &occasion.origin();
  }
  if (organiser.empty()) return;
  prose.Own(context.Say("; arrangör: ", "; organiser: "))
      .Fact(context.actor_name(organiser), *from,
            InferredMark(*from, {"organiser"}));
}

Paragraph WhoCell(const ReportContext& context, const ActivityView& activity) {
  Prose prose;
  std::vector<std::string> told;
  for (const ActivityOccasion& occasion : activity.held()) {
    for (int i = 0; i < occasion.held().participants_size(); ++i) {
      const event::v1::Participation& one = occasion.held().participants(i);
      bool known = false;
      for (const std::string& other : told) known |= other == one.actor();
      if (known) continue;
      told.push_back(one.actor());
      std::string text = context.actor_name(one.actor());
      if (!one.role().empty()) absl::StrAppend(&text, " (", one.role(), ")");
      prose.Own(prose.empty() ? "" : ", ")
          .Fact(text, occasion.origin(),
                InferredMark(occasion.origin(), "participants", i));
    }
  }
  if (prose.empty() && !activity.invited().empty()) {
    prose.Own(context.Say("inbjudna: ", "invited: "))
        .Fact(ActorList(context, activity.invited()), activity.scheduled(),
              InferredMark(activity.scheduled(), {"invited"}));
  }
  if (prose.empty()) prose.Own(context.Say("ej angivet", "not stated"));
  TellOrganiser(context, activity, prose);
  return prose.Done();
}

Paragraph HeadsCell(const ReportContext& context,
                    const ActivityView& activity) {
  Prose prose;
  int shown = 0;
  bool counted = false;
  for (const ActivityOccasion& occasion : activity.held()) {
    counted |= occasion.held().has_headcount();
  }
  for (const ActivityOccasion& occasion : activity.held()) {
    // That nobody was counted at any of them is said once.
    if (++shown > (counted ? kOccasionsMax : 1)) break;
    if (!prose.empty()) prose.Own("; ");
    prose.Fact(
        HeadsText(context, occasion.held().headcount()),
        counted ? Sources(occasion.origin()) : SourcesOf(activity),
        counted ? InferredMark(occasion.origin(), {"headcount"}) : Marks{});
  }
  if (activity.has_answers()) {
    prose.Own(prose.empty() ? "" : ", ")
        .Fact(Counted(context, activity.answers(), {"svar", "answer"},
                      {"svar", "answers"}),
              SourcesOf(activity));
  }
  if (activity.held().empty()) prose.Own("–");
  return prose.Done();
}

// "genomförd, oplanerad"; "serie: 6 väntade, antal hållna ej angivet".
Paragraph OutcomeCell(const ReportContext& context,
                      const ActivityView& activity) {
  Prose prose;
  const Sources sources = SourcesOf(activity);
  prose.Fact(WordsFor(activity.state()).In(context.language()),
             activity.has_cancelled() && activity.held().empty()
                 ? Sources(activity.cancelled())
                 : sources,
             MarkOf(activity, "held"));
  if (!activity.cancel_reason().empty()) {
    prose.Own(": ").Fact(activity.cancel_reason(), activity.cancelled());
  }
  if (activity.held_count_unknown()) {
    prose.Own(", ").Fact(
        context.Say("antal gånger ej angivet", "number of times not stated"),
        sources);
  } else if (activity.held_count() > 1) {
    prose.Own(", ").Fact(Counted(context, activity.held_count(),
                                 {"gång", "time"}, {"gånger", "times"}),
                         sources);
  }
  if (activity.expected_count() > 0) {
    prose.Own(", ").Fact(
        absl::StrCat(
            codec::NumberText(activity.expected_count(), context.language()),
            std::string(context.Say(" väntade", " expected"))),
        activity.has_scheduled() ? Sources(activity.scheduled()) : sources,
        InferredMark(activity.scheduled(), {"expected_count"}));
  }
  if (!activity.held().empty() && !activity.has_scheduled()) {
    prose.Own(context.Say(", ingen plan registrerad", ", no plan recorded"));
  }
  return prose.Done();
}

void WriteActivities(const ReportContext& context, Section& section) {
  TableWriter table(
      context.Say("Aktiviteter under perioden", "Activities in the period"));
  table.Left(context.Say("Aktivitet", "Activity"))
      .Left(context.Say("När", "When"))
      .Left(context.Say("Var", "Where"))
      .Left(context.Say("Medverkande", "Taking part"))
      .Left(context.Say("Antal", "Heads"))
      .Left(context.Say("Utfall", "Outcome"));
  for (const ActivityView& activity : context.activities.activities()) {
    if (table.rows() >= kRowsMax) break;
    table.Row({TitleCell(context, activity), WhenCell(context, activity),
               WhereCell(context, activity), WhoCell(context, activity),
               HeadsCell(context, activity), OutcomeCell(context, activity)});
  }
  const std::string left_out =
      LeftOutText(context, table.rows(), context.activities.activities_size());
  AddTable(section, table.Done());
  if (!left_out.empty()) AddParagraph(section, Prose().Own(left_out));
}

// The sources' own words about the activities.
void WriteWords(const ReportContext& context, Section& section) {
  WordsList words;
  for (const ActivityView& activity : context.activities.activities()) {
    for (const ActivityOccasion& occasion : activity.held()) {
      words.Add(occasion.origin());
    }
  }
  BulletList list = words.Done();
  if (list.items().empty()) return;
  AddSubheading(section, context.Say("Så står det i underlaget",
                                     "In the words of the sources"));
  AddList(section, std::move(list));
}

// How many activities of a kind were held, and of them unplanned. A series of
// unknown number has no number here either.
struct HeldOfKind {
  bool unknown = false;
  bool unplanned_unknown = false;
};

HeldOfKind LookAtHeld(const ReportContext& context,
                      event::v1::ActivityKind kind) {
  HeldOfKind held;
  for (const ActivityView& activity : context.activities.activities()) {
    if (activity.kind() != kind || !activity.held_count_unknown()) continue;
    held.unknown = true;
    held.unplanned_unknown |= !activity.has_scheduled();
  }
  return held;
}

// Planned against held by kind; the table of activities has their events.
void WriteSummary(const ReportContext& context, Section& section) {
  TableWriter table(
      context.Say("Planerat mot genomfört", "Planned against held"));
  table.Left(context.Say("Slag", "Kind"))
      .Right(context.Say("Planerade", "Planned"))
      .Right(context.Say("Genomförda", "Held"))
      .Right(context.Say("Därav oplanerade", "Of them unplanned"))
      .Right(context.Say("Inställda", "Cancelled"))
      .Right(context.Say("Utfall saknas", "Outcome missing"));
  for (const view::v1::KindSummary& kind : context.activities.kinds()) {
    Sources sources;
    for (const ActivityView& activity : context.activities.activities()) {
      if (activity.kind() == kind.kind()) sources.Add(SourcesOf(activity));
    }
    const HeldOfKind held = LookAtHeld(context, kind.kind());
    const auto cell = [&](uint32_t count, bool unknown = false) {
      return Prose()
          .Fact(unknown ? std::string(context.Say("ej angivet", "not stated"))
                        : codec::NumberText(count, context.language()),
                sources)
          .Done();
    };
    table.Row(
        {Prose()
             .Fact(Capitalised(WordsFor(kind.kind()).In(context.language())),
                   sources)
             .Done(),
         cell(kind.planned()), cell(kind.held(), held.unknown),
         cell(kind.unplanned(), held.unplanned_unknown), cell(kind.cancelled()),
         cell(kind.outcome_missing())});
  }
  AddTable(section, table.Done());
}

void WriteContributions(const ReportContext& context, Section& section) {
  BulletList list;
  for (const view::v1::ContributionView& said :
       context.activities.contributions()) {
    if (list.items_size() >= kRowsMax) break;
    Prose prose;
    if (!said.theme().empty()) {
      prose
          .Fact(Capitalised(said.theme()), said.origin(),
                InferredMark(said.origin(), {"theme"}))
          .Own(": ");
    }
    TellClaim(said.paraphrase(), said.origin(),
              InferredMark(said.origin(), {"paraphrase"}), prose);
    prose.Own(" (").Fact(context.ActivityTitle(said.activity()), said.origin());
    if (said.similar_count() > 0) {
      prose.Own("; ").Fact(Counted(context, said.similar_count(),
                                   {"liknande synpunkt", "similar view"},
                                   {"liknande synpunkter", "similar views"}),
                           said.origin());
    }
    *list.add_items() = Item(std::move(prose.Own(")")));
  }
  if (list.items().empty()) return;
  const std::string left_out = LeftOutText(
      context, list.items_size(), context.activities.contributions_size());
  AddSubheading(section, context.Say("Synpunkter från dialogerna",
                                     "What was said in the dialogues"));
  AddList(section, std::move(list));
  if (!left_out.empty()) AddParagraph(section, Prose().Own(left_out));
}

// What the activities lack, in numbers.
void WriteLacks(const ReportContext& context, Section& section) {
  int held = 0;
  int undated = 0;
  int uncounted = 0;
  int unknown_series = 0;
  int no_outcome = 0;
  for (const ActivityView& activity : context.activities.activities()) {
    if (activity.state() == view::v1::ACTIVITY_STATE_OUTCOME_MISSING) {
      ++no_outcome;
    }
    if (activity.held().empty()) continue;
    ++held;
    bool dated = true;
    bool counted = true;
    for (const ActivityOccasion& occasion : activity.held()) {
      // "2025-09-17" is a day; a season, a month or a year is not.
      dated &= occasion.origin().occurred().edtf().size() >= 10;
      counted &= occasion.held().headcount().has_total();
    }
    if (!dated) ++undated;
    if (!counted) ++uncounted;
    if (activity.held_count_unknown()) ++unknown_series;
  }
  if (held == 0) {
    AddMissing(section, context.Say("Ingen genomförd aktivitet är registrerad.",
                                    "No held activity is recorded."));
  }
  const auto missing = [&](int number, std::string_view sv,
                           std::string_view en) {
    if (number == 0) return;
    AddMissing(section,
               absl::StrCat(std::string(context.Say(sv, en)),
                            std::string(context.Say(" för ", " of ")), number,
                            std::string(context.Say(" av ", " of ")), held,
                            std::string(context.Say(" genomförda aktiviteter.",
                                                    " held activities."))));
  };
  missing(undated, "Datum", "The date");
  missing(uncounted, "Antal deltagare", "The number of participants");
  missing(unknown_series, "Antal tillfällen", "The number of occasions");
  if (no_outcome > 0) {
    AddMissing(
        section,
        absl::StrCat(std::string(context.Say("Utfall av ", "The outcome of ")),
                     Counted(context, no_outcome,
                             {"planerad aktivitet", "planned activity"},
                             {"planerade aktiviteter", "planned activities"}),
                     "."));
  }
}

}  // namespace

void WriteDialogueSection(const ReportContext& context, Section& section) {
  WriteActivities(context, section);
  WriteSummary(context, section);
  WriteWords(context, section);
  WriteContributions(context, section);
  WriteLacks(context, section);
}

}  // namespace samverk::projections
