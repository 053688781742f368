#include "clients/cli/retention_governing.h"

#include <cstdint>

#include "proto/codec/edtf.h"

namespace samverk::cli {
namespace {

using event::v1::Event;

// The year in which something happened or, where nobody says when, was
// recorded.
absl::civil_year_t YearOf(const Event& event,
                          const google::protobuf::Timestamp& recorded_at) {
  const auto span = codec::ParseEdtf(event.occurred().edtf());
  const int64_t us = span.ok() && !span->open_end
                         ? span->to_us - 1
                         : recorded_at.seconds() * 1'000'000;
  return codec::StockholmDate(us).year;
}

}  // namespace

void GoverningClasses::AddAmendment(const Event& event) {
  Chain& chain = amended_[chains_.RootOf(event)];
  if (!event.has_event_corrected()) return;
  const Event& replacement = event.event_corrected().replacement();
  chain.replacement.emplace();
  chain.replacement->set_retention_class(replacement.retention_class());
  *chain.replacement->mutable_occurred() = replacement.occurred();
}

Governing GoverningClasses::Of(const view::v1::LoggedEvent& logged) {
  const Event& event = logged.event();
  const Governing own = {event.retention_class(),
                         YearOf(event, logged.recorded_at())};
  const auto found = amended_.find(chains_.RootOf(event));
  if (found == amended_.end()) return own;
  Chain& chain = found->second;
  // The first that is seen is what was amended, or stands for it when that may
  // not be read.
  if (!chain.standing.has_value()) {
    chain.standing = own;
    if (chain.replacement.has_value()) {
      chain.standing->retention_class = chain.replacement->retention_class();
      chain.standing->year = YearOf(*chain.replacement, logged.recorded_at());
    }
  }
  const bool takes_out = event.has_event_reversed() || event.has_event_voided();
  return takes_out && !own.retention_class.empty() ? own : *chain.standing;
}

}  // namespace samverk::cli
