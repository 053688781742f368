// What each field of each event may hold, beyond its type in the contract: one
// table, from which structure checks, routes, references and the events that a
// decision reads all follow.
#ifndef SAMVERK_SERVICES_RECORDING_FIELD_CATALOGUE_H_
#define SAMVERK_SERVICES_RECORDING_FIELD_CATALOGUE_H_

#include <cstddef>
#include <string_view>

#include "absl/types/span.h"
#include "eventstore/limits.h"
#include "services/recording/entity.h"

namespace samverk::recording {

// What a text (or bytes) field holds.
enum class FieldContent {
  kWords,      // text that people read: screened for personal data
  kTitle,      // of a document, or where in it something stands: full of dates
  kReference,  // number or name in another system: screened for identity
               // numbers and e-mail addresses alone, for it is full of digits
  kId,         // id of an entity, or of something like it
  kCheckId,    // id of a check, also of one that the register derives
  kEventId,    // UUID of an event
  kTime,       // EDTF
  kHash,       // SHA-256, 32 bytes
  kCurrency,   // ISO 4217
  kChoice,     // one of FieldRule::choices
  kMediaType,  // IANA media type
  kLanguage,   // BCP 47 tag
};

// What an entity named by a field has to do with the event.
enum class Relation {
  kNone,
  kCreates,   // the event creates it: no other event has
  kMakes,     // the event is about it, and it need not exist before
  kAbout,     // the event is about it: it exists
  kRefers,    // it exists
  kMentions,  // it may exist or not
};

// Whether it brings the entity into being, or would if it were not there.
inline bool BringsIntoBeing(Relation relation) {
  return relation == Relation::kCreates || relation == Relation::kMakes;
}

// Which sums a money field takes.
enum class MoneySign { kNotNegative, kPositive };

// One field.
struct FieldRule {
  std::string_view field;  // "FindingLogged.finding"
  bool required = false;
  FieldContent content = FieldContent::kWords;
  EntityKind entity = EntityKind::kNone;
  Relation relation = Relation::kNone;
  MoneySign sign = MoneySign::kNotNegative;
  size_t max_bytes = limits::kTextBytes;
  std::string_view choices = {};  // separated by spaces
};

// The fields that hold anything but optional words, numbers and values. Every
// field of every event that is not listed is optional; a text holds words.
absl::Span<const FieldRule> FieldRules();

// Entries of a list.
inline constexpr int kListEntries = 200;

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_FIELD_CATALOGUE_H_
