// C12: who is named in a text is in the register, with a role.
#include <cstdint>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "projections/checks/check_context.h"
#include "projections/checks/check_draft.h"
#include "projections/kept_facts.h"
#include "samverk/view/v1/participation.pb.h"

namespace samverk::projections {
namespace {

using view::v1::ActorView;
using view::v1::CheckEntry;
using view::v1::ParticipationEntry;

struct Actor {
  std::string name;
  bool has_role = false;
};
// The actors of the register by id, and their ids by id, name and alias.
struct ActorRegister {
  absl::btree_map<std::string, Actor> actors;
  absl::btree_map<std::string, std::string> ids;
};

ActorRegister ReadActors(const CheckContext& context) {
  ActorRegister known;
  context.views.Of(ProjectionId::kParticipation)
      .Scan<ParticipationEntry>(
          KeyPrefix(context.question.process, "actor"), "",
          [&](std::string_view, const ParticipationEntry& entry) {
            const ActorView& actor = entry.actor();
            if (!actor.has_origin()) return true;  // never registered
            known.actors[actor.actor()] = {
                actor.names().empty() ? actor.actor() : actor.names(0).name(),
                !actor.roles().empty()};
            known.ids[actor.actor()] = actor.actor();
            for (const auto& name : actor.names()) {
              known.ids.emplace(name.name(), actor.actor());
            }
            for (const std::string& alias : actor.aliases()) {
              known.ids.emplace(alias, actor.actor());
            }
            return true;
          });
  return known;
}

struct Mentions {
  uint64_t count = 0;
  absl::btree_set<uint64_t> positions;  // the first kPositionsShown

  void Add(uint64_t position) {
    ++count;
    if (positions.size() < kPositionsShown) positions.insert(position);
  }
};
using MentionsByName = absl::btree_map<std::string, Mentions>;

// Names without an actor, and ids of actors without a role. Mentions are in
// the order of their positions.
void ReadMentions(const CheckContext& context, const ActorRegister& known,
                  MentionsByName& unknown, MentionsByName& without_role) {
  context.views.Of(ProjectionId::kChecks)
      .Scan<CheckEntry>(
          KeyPrefix(context.question.process, "mention"), "",
          [&](std::string_view, const CheckEntry& entry) {
            const auto& origin = entry.mention().origin();
            if (!context.question.Selects(origin.occurred())) return true;
            for (const std::string& name : entry.mention().mentioned()) {
              const auto id = known.ids.find(name);
              if (id == known.ids.end()) {
                unknown[name].Add(origin.position());
              } else if (!known.actors.at(id->second).has_role) {
                without_role[id->second].Add(origin.position());
              }
            }
            return true;
          });
}

std::string MentionedText(const CheckContext& context,
                          const Mentions& mentions) {
  return absl::StrCat(context.Say("\" nämns i ", "\" is mentioned in "),
                      codec::NumberText(static_cast<int64_t>(mentions.count),
                                        context.language()),
                      mentions.count == 1
                          ? context.Say(" händelse", " event")
                          : context.Say(" händelser", " events"));
}

}  // namespace

void AddMentionChecks(const CheckContext& context, Checks& checks) {
  const ActorRegister known = ReadActors(context);
  MentionsByName unknown;
  MentionsByName without_role;
  ReadMentions(context, known, unknown, without_role);
  for (const auto& [name, mentions] : unknown) {
    checks.push_back(
        CheckDraft("C12", name)
            .AtAll(mentions.positions)
            .Text(absl::StrCat(
                "\"", Shorten(name), MentionedText(context, mentions),
                context.Say(" men finns inte i aktörsregistret.",
                            " but is not in the register of actors.")))
            .Action(context.Say(
                "Registrera aktören, eller lägg namnet som alias till den som "
                "avses.",
                "Register the actor, or add the name as an alias of the one "
                "that is meant."))
            .Done());
  }
  for (const auto& [id, mentions] : without_role) {
    checks.push_back(
        CheckDraft("C12", id)
            .AtAll(mentions.positions)
            .Text(absl::StrCat("\"", Shorten(known.actors.at(id).name),
                               MentionedText(context, mentions),
                               context.Say(" men har ingen roll i processen.",
                                           " but has no role in the process.")))
            .Action(context.Say(
                "Registrera aktörens roll, eller förklara varför den saknas.",
                "Record the actor's role, or explain why it has none."))
            .Done());
  }
}

}  // namespace samverk::projections
