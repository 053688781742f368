#include "services/access/permission_text.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/error.h"
#include "eventstore/base/strings.h"
#include "proto/codec/errors.h"
#include "proto/codec/event_codec.h"

namespace samverk::access {
namespace {

using codec::Language;

absl::Status Denied(std::string_view sentence) {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   error::v1::REASON_NOT_PERMITTED, sentence);
}
using codec::Quoted;

// One of two texts.
std::string In(Language language, std::string_view swedish,
               std::string_view english) {
  return std::string(language == Language::kSwedish ? swedish : english);
}

// "cost_booked".
std::string KindName(event::v1::Event::FactCase kind) {
  const std::string_view type = codec::TypeName(kind);
  return type.empty() ? "?"
                      : std::string(type.substr(codec::kTypePrefix.size()));
}

// "partner (its own), finance": who may record a kind.
std::string RolesThatMay(const PermissionRow* row, bool accepts,
                         Language language) {
  std::vector<std::string> roles;
  for (int i = 0; row != nullptr && i < kRoleCount; ++i) {
    const auto role = static_cast<Role>(i);
    const RecordScope scope = row->Scope(role);
    if (scope == RecordScope::kNone ||
        (accepts && scope != RecordScope::kOthers)) {
      continue;
    }
    std::string name(RoleName(role, language));
    if (scope == RecordScope::kOwn) {
      name += In(language, " (sitt eget)", " (its own)");
    }
    if (scope == RecordScope::kOthers) {
      name += In(language, " (andras)", " (of others)");
    }
    roles.push_back(std::move(name));
  }
  return absl::StrJoin(roles, ", ");
}

std::string WhoMay(const PermissionRow* row, bool accepts, Language language) {
  const std::string roles = RolesThatMay(row, accepts, language);
  if (roles.empty()) {
    return In(language,
              "ingen får det: registret gör det självt, eller känner "
              "inte slaget",
              "nobody may: the register does so itself, or does not know the "
              "kind");
  }
  return absl::StrCat(In(language, "det får ", "these may: "), roles);
}

// What "own" is, to end "only ".
std::string OwnWords(OwnBy own_by, Language language) {
  switch (own_by) {
    case OwnBy::kNobody:
    case OwnBy::kRecorder:
      return In(language, "för sin egen organisation",
                "for their own organisation");
    case OwnBy::kControl:
      return In(language, "där den egna organisationen har rådighet",
                "where their own organisation has control");
    case OwnBy::kContributor:
      return In(language, "den egna organisationens bidrag",
                "their own organisation's contributions");
    case OwnBy::kSubstantiator:
      return In(language, "i den egna organisationens namn",
                "in their own organisation's name");
    case OwnBy::kTarget:
      return In(language, "det den egna organisationen registrerat",
                "what their own organisation recorded");
    case OwnBy::kInformationOwner:
      return In(language, "den egna organisationens handlingar",
                "their own organisation's records");
  }
  return "";
}

std::string Why(RecordDenial denial, const Caller& caller,
                const RecordAction& action, const PermissionRow* row,
                Language language) {
  switch (denial) {
    case RecordDenial::kAllowed:
      break;
    case RecordDenial::kNobody:
      return In(language, "den som anropar har inte loggat in; gör det",
                "who calls has not logged in; do so");
    case RecordDenial::kNotTheRecorder:
      return absl::StrCat(
          In(language,
             "händelsen sägs vara registrerad av någon annan än den "
             "som anropar (organisation ",
             "the event says that somebody else than who calls recorded it "
             "(organisation "),
          Quoted(caller.organisation), ", subject ", Quoted(caller.subject),
          In(language, "); ange den i recorded_by, och annars on_behalf_of",
             "); give that in recorded_by, and otherwise on_behalf_of"));
    case RecordDenial::kTargetUnknown:
      return In(language,
                "det som ska rättas är inget som kan rättas; rätta en "
                "händelse som inte själv är en rättelse",
                "what is to be corrected cannot be; correct an event that is "
                "no correction itself");
    case RecordDenial::kMachine:
      return In(language,
                "en maskin får bara registrera de slag den fått rätt "
                "till; ge den rätten, eller låt en person göra det",
                "a machine may record only the kinds that it was given; give "
                "it the right, or let a person do it");
    case RecordDenial::kRole:
      return absl::StrCat(In(language,
                             "ingen roll som den som anropar har får "
                             "det; ",
                             "no role of who calls may; "),
                          WhoMay(row, action.approver.has_value(), language));
    case RecordDenial::kNotOwn:
      return absl::StrCat(
          In(language, "den som anropar får det bara ",
             "who calls may do so only "),
          row == nullptr ? "" : OwnWords(row->own_by, language), " (",
          Quoted(caller.organisation),
          In(language, "), och detta är ", "), and this is "),
          action.owner.has_value() && !action.owner->empty()
              ? Quoted(*action.owner)
              : In(language, "ingens som är känd", "nobody's that is known"),
          "; ", WhoMay(row, action.approver.has_value(), language));
    case RecordDenial::kRecorderUnknown:
      return In(language,
                "det är inte känt vem som registrerat det som ska "
                "godkännas, så ingen kan säga att det är en annan",
                "it is not known who recorded what is to be approved, so "
                "nobody can say that it is another person");
    case RecordDenial::kNotTheApprover:
      return In(language,
                "händelsen säger att någon annan än den som anropar godkänner; "
                "låt den personen registrera det",
                "the event says that somebody else than who calls approves; "
                "let that person record it");
    case RecordDenial::kSamePerson:
      return absl::StrCat(
          In(language,
             "den som själv registrerat något får inte godkänna det; "
             "låt en annan person göra det: ",
             "who recorded a thing may not approve it; let another person do "
             "so: "),
          WhoMay(row, action.approver.has_value(), language));
  }
  return "";
}

std::string ClassName(VisibilityClass visibility, Language language) {
  switch (visibility) {
    case VisibilityClass::kOpen:
      return In(language, "öppen", "open");
    case VisibilityClass::kPartner:
      return In(language, "partner", "partner");
    case VisibilityClass::kSteeringGroup:
      return In(language, "styrgrupp", "steering group");
    case VisibilityClass::kFunder:
      return In(language, "finansiär", "funder");
    case VisibilityClass::kSecret:
      return In(language, "sekretess", "secret");
  }
  return "";
}

// "officer (cleared for its ground), controller (audit)".
std::string RolesThatRead(VisibilityClass visibility, Language language) {
  std::vector<std::string> roles;
  for (int i = 0; i < kRoleCount; ++i) {
    const auto role = static_cast<Role>(i);
    std::string name(RoleName(role, language));
    switch (ReadScopeOf(role, visibility)) {
      case ReadScope::kNone:
        continue;
      case ReadScope::kAll:
        break;
      case ReadScope::kOwn:
        name += In(language, " (sin organisations)", " (its organisation's)");
        break;
      case ReadScope::kGround:
        name += In(language, " (med rätt till lagrummet)",
                   " (cleared for its ground)");
        break;
      case ReadScope::kAudit:
        name += In(language, " (det som granskas)", " (what is audited)");
        break;
    }
    roles.push_back(std::move(name));
  }
  return absl::StrJoin(roles, ", ");
}

}  // namespace

absl::Status RecordDenied(RecordDenial denial, const Caller& caller,
                          const RecordAction& action, const PermissionRow* row,
                          Language language) {
  return Denied(absl::StrCat(
      KindName(action.kind),
      In(language, " får inte registreras i ", " may not be recorded in "),
      // A right that is needed in all of them.
      action.process.empty() ? In(language, "alla processer", "all processes")
                             : Quoted(action.process),
      ": ",
      Why(denial, caller, action, row, language)));
}

absl::Status ReadDenied(std::optional<VisibilityClass> visibility,
                        const ReadAction& action, Language language) {
  const std::string where = Quoted(action.process);
  if (!visibility.has_value()) {
    return Denied(absl::StrCat(
        In(language, "händelsen i ", "the event in "), where,
        In(language,
           " har en synlighet som servern inte känner; uppgradera "
           "servern",
           " has a visibility that the server does not know; upgrade the "
           "server")));
  }
  return Denied(
      absl::StrCat(In(language, "händelsen i ", "the event in "), where,
                   In(language, " har synligheten ", " has the visibility "),
                   ClassName(*visibility, language),
                   In(language, ", som den som anropar inte får läsa; det får ",
                      ", which who calls may not read; these may: "),
                   RolesThatRead(*visibility, language)));
}

}  // namespace samverk::access
