#include "projections/report/telling.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "proto/codec/text.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::projections {

namespace {

// Where `text` begins in `words`, or where it begins there with a small letter;
// npos for nowhere. The two have the same number of bytes.
size_t FindText(std::string_view words, std::string_view text) {
  if (text.empty()) return std::string::npos;
  const size_t at = words.find(text);
  if (at != std::string::npos) return at;
  std::string small(text);
  const auto first = static_cast<unsigned char>(small[0]);
  if (first >= 'A' && first <= 'Z') {
    small[0] = static_cast<char>(first - 'A' + 'a');
  } else if (first == 0xC3 && small.size() > 1) {
    // U+00C0 to U+00DE: small letters are 0x20 after.
    small[1] = static_cast<char>(small[1] | 0x20);
  }
  return words.find(small);
}

// True when an inference about `path` is one about `field`: the path ends with
// it, or is that of the whole fact ("survey_conducted", also in its "held").
bool Covers(std::string_view path, std::string_view field) {
  if (path == field) return true;
  if (path.size() > field.size() && path.ends_with(field) &&
      path[path.size() - field.size() - 1] == '.') {
    return true;
  }
  if (path.ends_with(".held")) path.remove_suffix(5);
  const auto* arm =
      event::v1::Event::descriptor()->FindFieldByName(std::string(path));
  // When it happened is told of no fact in its own fields.
  return arm != nullptr && arm->containing_oneof() != nullptr &&
         field != "occurred";
}

}  // namespace

std::string_view WithoutFullStop(std::string_view text) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  return text;
}

bool IsLate(const view::v1::Origin& origin) {
  const view::v1::When& when = origin.occurred();
  if (when.from_us() == 0 && when.to_us() == 0) return false;
  return origin.recorded_at_us() - when.to_us() > kLateAfterUs;
}

bool IsInferred(const view::v1::Origin& origin, std::string_view field) {
  return std::any_of(
      origin.inferred_fields().begin(), origin.inferred_fields().end(),
      [field](const std::string& path) { return Covers(path, field); });
}

bool IsInferred(const view::v1::Origin& origin, std::string_view list,
                int index) {
  const std::string entry = absl::StrCat(std::string(list), "[", index, "]");
  return IsInferred(origin, list) ||
         std::any_of(origin.inferred_fields().begin(),
                     origin.inferred_fields().end(),
                     [&entry](std::string_view path) {
                       const size_t end = path.rfind(']');
                       return end != std::string_view::npos &&
                              Covers(path.substr(0, end + 1), entry);
                     });
}

Marks InferredMark(const view::v1::Origin& origin, std::string_view list,
                   int index) {
  return IsInferred(origin, list, index) ? Marks{mark::kInferred} : Marks{};
}

Marks InferredMark(const view::v1::Origin& origin,
                   std::initializer_list<std::string_view> fields) {
  for (const std::string_view field : fields) {
    if (IsInferred(origin, field)) return {mark::kInferred};
  }
  return {};
}

Marks InferredMark(const ReportContext& context, const Sources& sources,
                   std::initializer_list<std::string_view> fields) {
  for (const uint64_t position : sources.positions()) {
    const event::v1::Event* event = context.event_at(position);
    if (event == nullptr) continue;
    for (const event::v1::Inference& inference : event->inferred()) {
      for (const std::string_view field : fields) {
        if (Covers(inference.field(), field)) return {mark::kInferred};
      }
    }
  }
  return {};
}

Marks Together(Marks marks, const Marks& more) {
  for (const std::string_view mark : more) {
    if (std::find(marks.begin(), marks.end(), mark) == marks.end()) {
      marks.push_back(mark);
    }
  }
  return marks;
}

std::string TimeText(const ReportContext& context, const view::v1::When& when) {
  if (when.edtf().empty()) {
    return std::string(context.Say("tid ej angiven", "time not stated"));
  }
  return codec::EdtfText(when.edtf(), when.circa(), context.language());
}

void TellTime(const ReportContext& context, const view::v1::Origin& origin,
              Prose& prose) {
  Marks marks;
  if (IsInferred(origin, "occurred")) marks.push_back(mark::kInferred);
  if (IsLate(origin) && !origin.imported()) marks.push_back(mark::kLate);
  prose.Fact(TimeText(context, origin.occurred()), origin, marks);
}

std::string SumText(const ReportContext& context,
                    const event::v1::Money& money) {
  if (money.precision() == event::v1::PRECISION_UNSPECIFIED) return "";
  return codec::MoneyText(money.ore(), money.precision(), context.language());
}

std::string SumText(const ReportContext& context,
                    const view::v1::Figure& figure) {
  if (figure.precision() == event::v1::PRECISION_UNSPECIFIED) return "";
  return codec::MoneyText(figure.ore(), figure.precision(), context.language());
}

std::string HeadsText(const ReportContext& context,
                      const event::v1::Headcount& heads) {
  std::vector<std::string> categories;
  for (const event::v1::CategoryCount& category : heads.by_category()) {
    categories.push_back(
        category.has_count()
            ? absl::StrCat(
                  codec::NumberText(category.count(), context.language()), " ",
                  category.category())
            : absl::StrCat(
                  category.category(), " ",
                  std::string(context.Say("(ej räknade)", "(not counted)"))));
  }
  std::string text;
  if (heads.has_total()) {
    const std::string_view about =
        heads.basis() == event::v1::COUNT_BASIS_ESTIMATED
            ? context.Say("ca ", "approx. ")
            : "";
    text = absl::StrCat(
        std::string(about),
        Counted(context, heads.total(), {"deltagare", "participant"},
                {"deltagare", "participants"}));
    if (!categories.empty()) {
      absl::StrAppend(&text, " (", JoinList(categories, context.language()),
                      ")");
    }
    return text;
  }
  if (categories.empty()) {
    return std::string(context.Say("antal ej angivet", "number not stated"));
  }
  return JoinList(categories, context.language());
}

std::string WhereText(const ReportContext& context,
                      const event::v1::Where& where) {
  std::string text;
  if (!where.place().empty()) text = context.place_name(where.place());
  const std::string& description = where.description();
  if (text.empty()) {
    text = description;
  } else if (!description.empty() && !HoldsText(description, text)) {
    absl::StrAppend(&text, " (", description, ")");
  }
  if (text.empty() && where.has_point()) {
    text = context.Say("punkt på kartan", "point on the map");
  }
  return text;
}

void TellClaim(std::string_view text, const view::v1::Origin& origin,
               const Marks& marks, Prose& prose) {
  const std::string_view words = origin.verbatim();
  if (words.empty()) {
    prose.Fact(text, origin, marks);
  } else if (HoldsText(words, text)) {
    prose.Quote(Shortened(words, kQuoteBytesMax), origin, marks);
  } else {
    prose.Fact(WithoutFullStop(text), origin, marks).Own(": ");
    prose.Quote(Shortened(words, kQuoteBytesMax), origin);
  }
}

void TellPart(std::string_view text, const view::v1::Origin& origin,
              const Marks& marks, Prose& prose) {
  const size_t at = FindText(origin.verbatim(), WithoutFullStop(text));
  if (at == std::string::npos) {
    prose.Fact(text, origin, marks);
  } else {
    prose.Quote(std::string_view(origin.verbatim())
                    .substr(at, WithoutFullStop(text).size()),
                origin, marks);
  }
}

bool HoldsText(std::string_view words, std::string_view text) {
  return FindText(words, WithoutFullStop(text)) != std::string::npos;
}

void WordsList::Add(std::string_view words, const Sources& sources) {
  if (words.empty()) return;
  for (auto& [known, all] : words_) {
    if (known == words) {
      all.Add(sources);
      return;
    }
  }
  if (words_.size() >= static_cast<size_t>(kRowsMax)) return;
  words_.emplace_back(words, sources);
}

report::v1::BulletList WordsList::Done() const {
  report::v1::BulletList list;
  for (const auto& [words, sources] : words_) {
    Prose prose;
    prose.Quote(Shortened(words, kQuoteBytesMax), sources);
    *list.add_items() = Item(std::move(prose));
  }
  return list;
}

std::string ActorList(
    const ReportContext& context,
    const google::protobuf::RepeatedPtrField<std::string>& ids) {
  std::vector<std::string> names;
  for (const std::string& id : ids) names.push_back(context.actor_name(id));
  return JoinList(names, context.language());
}

Sources MentionsOf(const ReportContext& context,
                   const view::v1::ActorView& actor) {
  std::set<std::string_view> names(actor.aliases().begin(),
                                   actor.aliases().end());
  for (const view::v1::ActorName& name : actor.names()) {
    names.insert(name.name());
  }
  Sources mentions;
  for (const view::v1::OutcomeView& outcome : context.lessons.outcomes()) {
    const uint64_t position = outcome.origin().position();
    const event::v1::Event* event = context.event_at(position);
    if (event == nullptr) continue;
    for (const std::string& name : event->mentioned_actors()) {
      if (names.contains(name)) mentions.Add(position);
    }
  }
  return mentions;
}

Prose BasisProse(const ReportContext& context,
                 const std::vector<BasisPart>& parts,
                 const view::v1::Origin& origin) {
  const auto title_of = [&context](std::string_view field,
                                   const std::string& id) {
    if (field == "activities") return context.ActivityTitle(id);
    if (field == "studies") return context.StudyTitle(id);
    if (field == "initiatives") return context.InitiativeTitle(id);
    return context.MeasureTitle(id);
  };
  Prose prose;
  for (const BasisPart& part : parts) {
    std::vector<std::string> titles;
    for (const std::string& id : part.ids) {
      titles.push_back(title_of(part.field, id));
    }
    if (titles.empty()) continue;
    prose.Own(prose.empty() ? context.Say("Bygger på: ", "Rests on: ") : "; ")
        .Fact(JoinList(titles, context.language()), origin,
              InferredMark(origin, {part.field}));
  }
  if (!prose.empty()) prose.Own(".");
  return prose;
}

std::vector<std::string> Strings(
    const google::protobuf::RepeatedPtrField<std::string>& values) {
  return {values.begin(), values.end()};
}

std::string Shortened(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string Counted(const ReportContext& context, int64_t number,
                    Words singular, Words plural) {
  const Words& noun = number == 1 ? singular : plural;
  return absl::StrCat(codec::NumberText(number, context.language()),
                      // A number does not part from its noun: U+00A0.
                      "\u00A0", std::string(noun.In(context.language())));
}

std::string LeftOutText(const ReportContext& context, int shown, int all) {
  if (all <= shown) return "";
  return absl::StrCat(
      std::string(context.Say("Ytterligare ", "Another ")),
      codec::NumberText(all - shown, context.language()),
      std::string(context.Say(" finns i registret och visas inte här.",
                              " are in the register and not shown here.")));
}

}  // namespace samverk::projections
