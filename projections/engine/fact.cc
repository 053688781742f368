#include "projections/fact.h"

#include <algorithm>
#include <limits>
#include <string>

#include "absl/strings/numbers.h"

namespace samverk::projections {
namespace {

bool IsKnown(const view::v1::When& when) {
  return when.from_us() != 0 || when.to_us() != 0;
}

// Where something stands in the order of the business.
int64_t FirstInstant(const view::v1::Origin& origin) {
  return IsKnown(origin.occurred()) ? origin.occurred().from_us()
                                    : std::numeric_limits<int64_t>::max();
}

void SetSpan(const codec::TimeSpan& span, view::v1::When& when) {
  when.set_circa(when.circa() || span.circa);
  when.set_from_us(span.from_us);
  when.set_to_us(span.to_us);
}

}  // namespace

void SetOrigin(const Fact& fact, view::v1::Origin& origin) {
  const event::v1::Event& event = fact.event;
  origin.Clear();
  origin.set_position(fact.position.value());
  if (fact.occurred.has_value()) {
    view::v1::When& when = *origin.mutable_occurred();
    when.set_edtf(event.occurred().edtf());
    when.set_circa(event.occurred().circa());
    SetSpan(*fact.occurred, when);
  }
  origin.set_recorded_at_us(fact.recorded_at_us);
  const event::v1::Recorder& recorder = event.recorded_by();
  std::string& recorded_by = *origin.mutable_recorded_by();
  recorded_by.append(recorder.organisation()).append("/");
  recorded_by.append(recorder.role());
  // A text that is set to nothing would take room.
  if (const auto& text = recorder.subject(); !text.empty()) {
    origin.set_recorder_subject(text);
  }
  if (const auto& text = event.verbatim(); !text.empty()) {
    origin.set_verbatim(text);
  }
  if (const auto& text = event.source().locator(); !text.empty()) {
    origin.set_locator(text);
  }
  if (const auto& text = event.source().document(); !text.empty()) {
    origin.set_document(text);
  }
  for (const auto& inference : event.inferred()) {
    origin.add_inferred_fields(inference.field());
  }
  origin.set_without_evidence(event.evidence().empty());
  const auto kind = event.source().kind();
  origin.set_imported(kind == event::v1::SOURCE_KIND_TRANSCRIBED ||
                      kind == event::v1::SOURCE_KIND_IMPORTED);
}

view::v1::When WhenOf(const event::v1::Occurred& occurred) {
  view::v1::When when;
  if (occurred.edtf().empty()) return when;
  when.set_edtf(occurred.edtf());
  when.set_circa(occurred.circa());
  const auto span = codec::ParseEdtf(occurred.edtf());
  // Admission refuses what cannot be parsed; if it is there nevertheless, the
  // words are kept and the interval is not known.
  if (span.ok()) SetSpan(*span, when);
  return when;
}

std::string EntryKey(const event::v1::Event& event, std::string_view kind,
                     std::string_view id) {
  const std::string& process = event.process();
  std::string key(process.size() + kind.size() + id.size() + 2, '/');
  char* at = std::copy(process.begin(), process.end(), key.data());
  at = std::copy(kind.begin(), kind.end(), at + 1);
  std::copy(id.begin(), id.end(), at + 1);
  return key;
}

int YearOf(const view::v1::When& when) {
  // An interval with an open start has no first day.
  const std::string& edtf = when.edtf();
  const bool open_start = edtf.rfind("..", 0) == 0;
  if (!IsKnown(when) || open_start) return 0;
  // A date without a time of day begins in the year that it is written with;
  // that saves the calendar's arithmetic.
  int year = 0;
  if (edtf.find('T') == std::string::npos && edtf.size() >= 4 &&
      absl::SimpleAtoi(absl::string_view(edtf.data(), 4), &year)) {
    return year;
  }
  return codec::StockholmDate(when.from_us()).year;
}

bool HappenedBefore(const view::v1::Origin& a, const view::v1::Origin& b) {
  const int64_t first_a = FirstInstant(a);
  const int64_t first_b = FirstInstant(b);
  return first_a != first_b ? first_a < first_b : a.position() < b.position();
}

}  // namespace samverk::projections
