#include "proto/codec/event_codec.h"

#include <algorithm>
#include <climits>
#include <map>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/unknown_field_set.h"
#include "proto/codec/errors.h"

namespace samverk::codec {
namespace {

using event::v1::Event;
using FactCase = Event::FactCase;

// The arms of the oneof have numbers from here on; below it are the fields of
// the envelope. An unknown number from here on is a kind of fact.
constexpr int kFirstFactNumber = 100;

// "CostBooked" to "cost_booked".
std::string SnakeCase(const std::string& name) {
  std::string snake;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !snake.empty()) snake.push_back('_');
    snake.push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return snake;
}

// The catalogue by kind and by name; made once, never destroyed.
struct Catalogue {
  std::vector<FactCase> facts;
  std::vector<std::string> name_of;  // by field number
  std::map<std::string, FactCase, std::less<>> fact_of;
};

const Catalogue& TheCatalogue() {
  static const Catalogue& catalogue = *[] {
    auto* made = new Catalogue;
    const auto* oneof = Event::descriptor()->FindOneofByName("fact");
    for (int i = 0; i < oneof->field_count(); ++i) {
      const auto* arm = oneof->field(i);
      const auto fact = static_cast<FactCase>(arm->number());
      std::string name = absl::StrCat(View(kTypePrefix),
                                      SnakeCase(arm->message_type()->name()));
      made->facts.push_back(fact);
      made->fact_of.emplace(name, fact);
      const auto number = static_cast<size_t>(arm->number());
      if (made->name_of.size() <= number) made->name_of.resize(number + 1);
      made->name_of[number] = std::move(name);
    }
    std::sort(made->facts.begin(), made->facts.end());
    return made;
  }();
  return catalogue;
}

absl::Status UnknownEvent(std::string_view type_name, const std::string& why) {
  return CodecError(absl::StatusCode::kFailedPrecondition,
                    error::v1::REASON_UNKNOWN_EVENT,
                    absl::StrCat("a stored event of type ", Quoted(type_name),
                                 " ", why, "; upgrade this program"),
                    {{"type", std::string(type_name)}});
}

absl::Status Damaged(std::string_view type_name, const std::string& why) {
  return CodecError(
      absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
      absl::StrCat("a stored event of type ", Quoted(type_name), " ", why,
                   "; stop, restore a backup, and compare it with a kept "
                   "checkpoint"),
      {{"type", std::string(type_name)}});
}

// The number of a kind of fact that this program does not know; 0 if there is
// none.
int UnknownFactNumber(const Event& event) {
  const auto& unknown = event.GetReflection()->GetUnknownFields(event);
  for (int i = 0; i < unknown.field_count(); ++i) {
    if (unknown.field(i).number() >= kFirstFactNumber) {
      return unknown.field(i).number();
    }
  }
  return 0;
}

// Each event, a replacement within a correction too, states one fact that is
// known.
absl::Status CheckFact(std::string_view type_name, const Event& event) {
  const int unknown = UnknownFactNumber(event);
  if (unknown != 0) {
    return UnknownEvent(type_name,
                        absl::StrCat("holds a kind of fact that this program "
                                     "does not know (field ",
                                     unknown, ")"));
  }
  if (event.fact_case() == Event::FACT_NOT_SET) {
    return Damaged(type_name, "states no fact");
  }
  if (event.has_event_corrected() &&
      event.event_corrected().has_replacement()) {
    return CheckFact(type_name, event.event_corrected().replacement());
  }
  return absl::OkStatus();
}

// Brings an event that was stored by an earlier release up to date. No arm has
// been retired so far.
void Upcast(Event&) {}

}  // namespace

std::string_view TypeName(FactCase fact) {
  const auto& names = TheCatalogue().name_of;
  const auto number = static_cast<size_t>(fact);
  return number < names.size() ? std::string_view(names[number])
                               : std::string_view();
}

FactCase FactOfTypeName(std::string_view type_name) {
  const auto& facts = TheCatalogue().fact_of;
  const auto found = facts.find(type_name);
  return found == facts.end() ? Event::FACT_NOT_SET : found->second;
}

const std::vector<FactCase>& AllFacts() { return TheCatalogue().facts; }

std::string EncodePayload(const Event& event) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  event.SerializePartialToCodedStream(&out);
  out.Trim();
  // Fields are written in the order of their numbers: the id stands first.
  static_assert(Event::kIdFieldNumber == 1);
  if (const size_t id = event.id().size(); id > 0) {
    const size_t length = google::protobuf::io::CodedOutputStream::VarintSize32(
        static_cast<uint32_t>(id));
    bytes.erase(0, 1 + length + id);
  }
  return bytes;
}

absl::Status DecodePayload(std::string_view type_name, std::string_view id,
                           std::string_view payload, Event& event) {
  if (payload.size() > INT_MAX ||
      !event.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    event.Clear();
    return Damaged(type_name, "has bytes that are not an event");
  }
  absl::Status status = CheckFact(type_name, event);
  if (status.ok() && TypeName(event.fact_case()) != type_name) {
    status = UnknownEvent(
        type_name,
        absl::StrCat("holds the fact ", Quoted(TypeName(event.fact_case()))));
  }
  if (!status.ok()) {
    event.Clear();
    return status;
  }
  Upcast(event);
  if (!id.empty()) event.set_id(id.data(), id.size());
  return absl::OkStatus();
}

}  // namespace samverk::codec
