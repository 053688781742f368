#include "services/access/unknown_right.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"
#include "proto/codec/errors.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/text.h"
#include "services/access/caller.h"
#include "services/access/role.h"

namespace samverk::access {
namespace {

std::string RoleNames(codec::Language language) {
  std::string names;
  for (int i = 0; i < kRoleCount; ++i) {
    absl::StrAppend(&names, names.empty() ? "" : ", ",
                    ToAbsl(RoleName(static_cast<Role>(i), language)));
  }
  return names;
}

// Kinds that begin with the same word: of "samverk.finding_loged" those of
// findings. Empty: none.
std::string KindsLike(std::string_view right) {
  const std::string_view word = right.substr(0, right.find('_'));
  std::string kinds;
  for (const auto kind : codec::AllFacts()) {
    const std::string_view name = codec::TypeName(kind);
    if (word.size() <= codec::kTypePrefix.size() ||
        !absl::StartsWithIgnoreCase(ToAbsl(name), ToAbsl(word))) {
      continue;
    }
    absl::StrAppend(&kinds, kinds.empty() ? "" : ", ", ToAbsl(name));
  }
  return kinds;
}

}  // namespace

std::optional<UnknownRight> WhyUnknown(std::string_view right) {
  if (IsKnownRight(right)) return std::nullopt;
  const std::string which = codec::Quoted(right);
  const std::string like = KindsLike(right);
  return UnknownRight{
      absl::StrCat("rollen ", which, " finns inte. Rollerna är ",
                   RoleNames(codec::Language::kSwedish),
                   " och machine; för program ett slag av händelse (",
                   like.empty() ? "samverk.cost_booked" : like,
                   "); för sekretess secrecy:GRUND. Var och en kan följas av "
                   "@PROCESS, utom machine"),
      absl::StrCat("there is no role ", which, ". The roles are ",
                   RoleNames(codec::Language::kEnglish),
                   " and machine; for a program a kind of event (",
                   like.empty() ? "samverk.cost_booked" : like,
                   "); for secrecy secrecy:GROUND. Each may be followed by "
                   "@PROCESS, but for machine")};
}

}  // namespace samverk::access
