// Events about money as the 2025 report tells them, for tests of budget and
// checks.
#ifndef SAMVERK_TESTS_BUDGET_MONEY_EVENTS_H_
#define SAMVERK_TESTS_BUDGET_MONEY_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eventstore/base/check.h"
#include "projections/question.h"
#include "proto/codec/edtf.h"
#include "samverk/event/v1/event.pb.h"
#include "tests/testing/fold_harness.h"

namespace samverk::testing {

inline event::v1::Event WithTime(std::string_view edtf,
                                 event::v1::Event event) {
  event.mutable_occurred()->set_edtf(std::string(edtf));
  return event;
}

// Corrects, or takes out, the nth event.
inline event::v1::Event Correction(uint64_t n, event::v1::Event replacement) {
  event::v1::Event event = Text<event::v1::Event>(
      R"pb(event_corrected { reason_code: "skrivfel" reason: "fel" })pb");
  event.mutable_event_corrected()->set_target(EventIdOf(n));
  *event.mutable_event_corrected()->mutable_replacement() =
      std::move(replacement);
  return event;
}
inline event::v1::Event Reversal(uint64_t n) {
  event::v1::Event event = Text<event::v1::Event>(
      R"pb(event_reversed { reason_code: "fel" reason: "hände inte" })pb");
  event.mutable_event_reversed()->set_target(EventIdOf(n));
  return event;
}

// The funder and the contributor, with the names that the report gives them.
inline event::v1::Event FgkRegistered() {
  return Text<event::v1::Event>(R"pb(
    actor_registered {
      actor: "fgk"
      name: "Fastighets- och gatukontoret (FGK)"
      kind: ACTOR_KIND_ADMINISTRATION
    })pb");
}
inline event::v1::Event MkbRegistered() {
  return Text<event::v1::Event>(R"pb(
    actor_registered {
      actor: "mkb"
      name: "MKB Fastighets AB"
      aliases: "MKB Fastighet AB"
      aliases: "MKB"
      kind: ACTOR_KIND_HOUSING_COMPANY
    })pb");
}

// M1: "uppgick till 300 000 kr"; the decision is not at hand.
inline event::v1::Event M1() {
  return WithTime("2025", Text<event::v1::Event>(R"pb(
                    grant_awarded {
                      grant: "fgk-2025"
                      funder: "fgk"
                      recipient: "mkb"
                      period { edtf: "2025" }
                      amount {
                        ore: 30000000
                        currency: "SEK"
                        precision: PRECISION_EXACT
                        verbatim: "300 000 kr"
                        vat: VAT_NOT_APPLICABLE
                      }
                    })pb"));
}

// M2: "varav ca 270 000kr har använts".
inline event::v1::Event M2() {
  return WithTime("2025", Text<event::v1::Event>(R"pb(
                    amount_stated {
                      statement: "m2"
                      kind: STATED_KIND_GRANT_USED
                      grant: "fgk-2025"
                      amount {
                        ore: 27000000
                        currency: "SEK"
                        precision: PRECISION_ESTIMATE
                        verbatim: "ca 270 000kr"
                      }
                    })pb"));
}

// M3: "342 840 kr i form av arbetstid, styrgruppsarbete, projektledning och
// lokaler".
inline event::v1::Event M3() {
  return WithTime("2025", Text<event::v1::Event>(R"pb(
                    amount_stated {
                      statement: "m3"
                      kind: STATED_KIND_IN_KIND
                      contributor: "mkb"
                      in_kind_parts: IN_KIND_KIND_WORKING_TIME
                      in_kind_parts: IN_KIND_KIND_STEERING_GROUP
                      in_kind_parts: IN_KIND_KIND_PROJECT_LEADERSHIP
                      in_kind_parts: IN_KIND_KIND_PREMISES
                      amount {
                        ore: 34284000
                        currency: "SEK"
                        precision: PRECISION_STATED
                        verbatim: "342 840 kr"
                      }
                    })pb"));
}

// M4: "uppgår till cirka 642 840", without a unit.
inline event::v1::Event M4() {
  return WithTime("2025", Text<event::v1::Event>(R"pb(
                    amount_stated {
                      statement: "m4"
                      kind: STATED_KIND_TOTAL
                      total_of { label: "beviljat" grant: "fgk-2025" }
                      total_of { label: "egen insats" statement: "m3" }
                      amount {
                        ore: 64284000
                        currency: "SEK"
                        precision: PRECISION_ESTIMATE
                        verbatim: "cirka 642 840"
                        currency_inferred: true
                      }
                    })pb"));
}

// Section 2 of the report: events 1 to 6.
inline std::vector<event::v1::Event> MoneyOf2025() {
  return {FgkRegistered(), MkbRegistered(), M1(), M2(), M3(), M4()};
}

inline event::v1::Event Booked(std::string_view cost, int64_t ore,
                               std::string_view edtf,
                               std::string_view grant = "fgk-2025") {
  event::v1::Event event = Text<event::v1::Event>(R"pb(
    cost_booked {
      voucher_series: "A"
      voucher_number: "117"
      text: "Scen och tält"
      amount { currency: "SEK" precision: PRECISION_EXACT }
    })pb");
  event.mutable_cost_booked()->set_cost(std::string(cost));
  event.mutable_cost_booked()->set_grant(std::string(grant));
  event.mutable_cost_booked()->mutable_amount()->set_ore(ore);
  if (edtf.empty()) return event;
  return WithTime(edtf, std::move(event));
}

// A contribution of MKB: hours at 600 kr an hour.
inline event::v1::Event InKindHours(std::string_view id, int64_t hours,
                                    std::string_view edtf = "2025") {
  event::v1::Event event = Text<event::v1::Event>(R"pb(
    in_kind_recorded {
      kind: IN_KIND_KIND_WORKING_TIME
      contributor: "mkb"
      unit: "h"
      rate_ore: 60000
      rate_basis: "schablon"
      value { currency: "SEK" precision: PRECISION_EXACT }
    })pb");
  auto& recorded = *event.mutable_in_kind_recorded();
  recorded.set_in_kind(std::string(id));
  recorded.set_quantity_hundredths(hours * 100);
  recorded.mutable_value()->set_ore(hours * 60000);
  return WithTime(edtf, std::move(event));
}

inline int64_t InstantUs(std::string_view edtf) {
  const auto span = codec::ParseEdtf(edtf);
  SAMVERK_CHECK(span.ok()) << span.status().ToString();
  return span->from_us;
}

// About the process "p" in `period` (empty: all time), on 31 January 2026
// unless told.
inline projections::Question Asking(std::string_view period,
                                    std::string_view on = "2026-01-31") {
  projections::Question question;
  question.process = std::string(kProcess);
  if (!period.empty()) {
    const auto span = codec::ParseEdtf(period);
    SAMVERK_CHECK(span.ok()) << span.status().ToString();
    question.period = *span;
  }
  question.evaluate_at_us = InstantUs(on);
  return question;
}

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_BUDGET_MONEY_EVENTS_H_
