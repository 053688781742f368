// The checks of values beyond those of their fields.
#include <array>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "eventstore/limits.h"
#include "services/recording/folded_text.h"
#include "services/recording/structure.h"

namespace samverk::recording {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;

// 10^15 öre: with it, a sum of all events of a register fits into 64 bits for
// as long as anybody will care to add.
constexpr int64_t kLargestOre = 1'000'000'000'000'000;

void CheckMoney(const event::v1::Money& money, const FieldRule& rule,
                ViolationList& violations) {
  const int64_t ore = money.ore();
  const bool positive = rule.sign == MoneySign::kPositive;
  if (ore <= kLargestOre && ore >= (positive ? 1 : 0)) return;
  const auto* type = event::v1::Money::descriptor();
  const std::string amount = absl::StrCat(ore);
  if (ore > kLargestOre) {
    violations.Add(
        Rule::kAmountTooLarge, type, "ore",
        {{"amount_ore", amount}, {"limit_ore", absl::StrCat(kLargestOre)}});
  } else if (positive) {
    violations.Add(Rule::kAmountNotPositive, type, "ore",
                   {{"amount_ore", amount}});
  } else {
    violations.Add(Rule::kAmountNegative, type, "ore",
                   {{"amount_ore", amount}});
  }
}

void CheckHeadcount(const event::v1::Headcount& headcount, const FieldRule&,
                    ViolationList& violations) {
  uint64_t sum = 0;
  std::set<std::string> categories;
  for (int i = 0; i < headcount.by_category_size(); ++i) {
    const auto& entry = headcount.by_category(i);
    sum += entry.count();
    if (categories.insert(entry.category()).second) continue;
    violations.path().Push(
        headcount.GetDescriptor()->FindFieldByName("by_category"), i);
    violations.Add(Rule::kListRepeats, entry.GetDescriptor(), "category",
                   {{"value", ShownValue(entry.category())}});
    violations.path().Pop();
  }
  if (headcount.has_total() && sum > headcount.total()) {
    violations.Add(Rule::kHeadcountSum, nullptr,
                   {{"sum", absl::StrCat(sum)},
                    {"total", absl::StrCat(headcount.total())}});
  }
}

void CheckDegrees(int32_t value, int32_t limit, const Message& point,
                  std::string_view field, ViolationList& violations) {
  if (value >= -limit && value <= limit) return;
  violations.Add(Rule::kNumberOutOfRange, point.GetDescriptor(), field,
                 {{"value", absl::StrCat(value)},
                  {"least", absl::StrCat(-limit)},
                  {"most", absl::StrCat(limit)}});
}

void CheckPoint(const event::v1::GeoPoint& point, const FieldRule&,
                ViolationList& violations) {
  CheckDegrees(point.latitude_e7(), 900'000'000, point, "latitude_e7",
               violations);
  CheckDegrees(point.longitude_e7(), 1'800'000'000, point, "longitude_e7",
               violations);
}

void CheckWhere(const event::v1::Where& where, const FieldRule&,
                ViolationList& violations) {
  if (where.place().empty() && !where.has_point() &&
      where.description().empty()) {
    violations.Add(Rule::kWhereEmpty, nullptr);
  }
}

void CheckEvidence(const event::v1::Evidence& evidence, const FieldRule&,
                   ViolationList& violations) {
  if (evidence.document().empty() && evidence.sha256().empty() &&
      evidence.title().empty() && evidence.registry_number().empty()) {
    violations.Add(Rule::kEvidenceEmpty, nullptr);
  }
}

void CheckSource(const event::v1::Source& source, const FieldRule&,
                 ViolationList& violations) {
  if (source.ref().empty() || !source.system().empty()) return;
  violations.Add(Rule::kSourceIncomplete, source.GetDescriptor(), "system",
                 {{"ref", ShownValue(source.ref())}});
}

constexpr size_t kPersonalBytes = limits::kTextBytes;
constexpr size_t kPseudonymBytes = 64;

// The text itself is anything but too long: it is sealed, and never screened.
void CheckClear(const event::v1::Personal& personal,
                ViolationList& violations) {
  if (!violations.can_seal()) {
    return violations.Add(Rule::kPersonalNotSealable, personal.GetDescriptor(),
                          "clear");
  }
  // Written in one way, so that whoever disposes of it finds all of it.
  if (IsBlank(personal.subject())) {
    violations.Add(Rule::kFieldMissing, personal.GetDescriptor(), "subject");
  } else if (!IsId(personal.subject())) {
    violations.Add(Rule::kIdInvalid, personal.GetDescriptor(), "subject",
                   {{"value", ShownValue(personal.subject())},
                    {"limit", absl::StrCat(kPseudonymBytes)}});
  }
  if (personal.clear().empty()) {
    violations.Add(Rule::kFieldMissing, personal.GetDescriptor(), "clear");
  }
  if (personal.clear().size() > kPersonalBytes) {
    violations.Add(Rule::kTextTooLong, personal.GetDescriptor(), "clear",
                   {{"bytes", absl::StrCat(personal.clear().size())},
                    {"limit", absl::StrCat(kPersonalBytes)}});
  }
}

void CheckPersonal(const event::v1::Personal& personal, const FieldRule&,
                   ViolationList& violations) {
  switch (personal.value_case()) {
    case event::v1::Personal::kClear:
      return CheckClear(personal, violations);
    case event::v1::Personal::kSealed:
      return violations.Add(Rule::kPersonalNotSealable,
                            personal.GetDescriptor(), "sealed");
    case event::v1::Personal::VALUE_NOT_SET:
      return;
  }
}

// Required, a time is more than its flag.
void CheckOccurred(const event::v1::Occurred& occurred, const FieldRule& rule,
                   ViolationList& violations) {
  if (rule.required && occurred.edtf().empty()) {
    violations.Add(Rule::kFieldMissing, occurred.GetDescriptor(), "edtf");
  }
}

void CheckHeld(const event::v1::Held& held, const FieldRule&,
               ViolationList& violations) {
  if (!held.has_occasions()) return;
  const bool fits =
      held.series() ? held.occasions() >= 2 : held.occasions() == 1;
  if (!fits) {
    violations.Add(Rule::kOccasionsInvalid, held.GetDescriptor(), "occasions",
                   {{"occasions", absl::StrCat(held.occasions())}});
  }
}

void CheckStatedPart(const event::v1::StatedPart& part, const FieldRule&,
                     ViolationList& violations) {
  const bool statement = !part.statement().empty();
  const bool grant = !part.grant().empty();
  const bool nothing = !statement && !grant && part.label().empty();
  if (nothing || (statement && grant)) {
    violations.Add(Rule::kStatedPartInvalid, nullptr);
  }
}

// The check of one type of value.
struct ValueCheck {
  const Descriptor* type;
  void (*check)(const Message& value, const FieldRule& rule,
                ViolationList& violations);
};

template <typename Value,
          void (*check)(const Value&, const FieldRule&, ViolationList&)>
ValueCheck Checking() {
  return {Value::descriptor(), [](const Message& value, const FieldRule& rule,
                                  ViolationList& violations) {
            check(static_cast<const Value&>(value), rule, violations);
          }};
}

// The types that have one. Descriptors are looked up once: each look-up takes
// longer than most checks.
absl::Span<const ValueCheck> ValueChecks() {
  namespace v1 = event::v1;
  static const auto& checks = *new std::array{
      Checking<v1::Money, CheckMoney>(),
      Checking<v1::Occurred, CheckOccurred>(),
      Checking<v1::Headcount, CheckHeadcount>(),
      Checking<v1::GeoPoint, CheckPoint>(),
      Checking<v1::Where, CheckWhere>(),
      Checking<v1::Evidence, CheckEvidence>(),
      Checking<v1::Source, CheckSource>(),
      Checking<v1::Personal, CheckPersonal>(),
      Checking<v1::Held, CheckHeld>(),
      Checking<v1::StatedPart, CheckStatedPart>(),
  };
  return checks;
}

}  // namespace

void CheckValue(const Message& value, const Descriptor* type,
                const FieldRule& rule, ViolationList& violations) {
  for (const ValueCheck& known : ValueChecks()) {
    if (known.type == type) return known.check(value, rule, violations);
  }
}

}  // namespace samverk::recording
