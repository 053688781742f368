#include "tests/testing/events.h"

#include "absl/strings/str_format.h"
#include "eventstore/base/check.h"
#include "google/protobuf/text_format.h"

namespace samverk::testing {

using event::v1::Event;

std::string Uuid(uint64_t n) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", n);
}

Event EventOf(std::string_view text) {
  Event event;
  SAMVERK_CHECK(
      google::protobuf::TextFormat::ParseFromString(std::string(text), &event))
      << "not an event: " << text;
  if (event.process().empty()) event.set_process("p");
  if (!event.has_recorded_by()) {
    event.mutable_recorded_by()->set_organisation("mkb");
    event.mutable_recorded_by()->set_role("projektledare");
    event.mutable_recorded_by()->set_subject("s-1");
  }
  return event;
}

Event CostOf(std::string_view cost, int64_t ore) {
  Event event = EventOf(R"pb(
    occurred { edtf: "2025-05-12" }
    recorded_by { organisation: "mkb" role: "ekonom" subject: "s-eko" }
    cost_booked {
      voucher_series: "A"
      voucher_number: "117"
      account: "4610"
      grant: "stod"
      amount { currency: "SEK" precision: PRECISION_EXACT }
      text: "Jord och plantor till odlingslådor"
      booked_by: "mkb"
    })pb");
  event.mutable_cost_booked()->set_cost(std::string(cost));
  event.mutable_cost_booked()->mutable_amount()->set_ore(ore);
  return event;
}

std::vector<Event> World() {
  constexpr std::string_view
      kTexts
          [] =
              {
                  R"pb(process_registered { name: "Ekostaden" })pb",
                  R"pb(actor_registered {
                         actor: "mkb"
                         name: "MKB Fastighets AB"
                         aliases: "MKB"
                         kind: ACTOR_KIND_HOUSING_COMPANY
                       })pb",
                  R"pb(actor_registered {
                         actor: "fgk"
                         name: "Fastighets- och gatukontoret"
                         kind: ACTOR_KIND_ADMINISTRATION
                       })pb",
                  R"pb(actor_registered {
                         actor: "hgf"
                         name: "Hyresgästföreningen"
                         kind: ACTOR_KIND_ASSOCIATION
                       })pb",
                  R"pb(place_defined { place: "torget" name: "Torget" })pb",
                  R"pb(decision_recorded {
                         decision: "d-1"
                         body: "styrgruppen"
                         text: "Planen antas"
                       })pb",
                  R"pb(goal_set {
                         goal: "g-1"
                         text: "Fler ska känna sig trygga"
                       })pb",
                  R"pb(document_missing_noted {
                         document: "doc-1"
                         referenced_as: "Schema 2025"
                       })pb",
                  R"pb(occurred { edtf: "2025-01-15" }
                       grant_awarded {
                         grant: "stod"
                         funder: "fgk"
                         amount {
                           ore: 30000000
                           currency: "SEK"
                           precision: PRECISION_EXACT
                         }
                         period { edtf: "2025" }
                         recipient: "mkb"
                       })pb",
                  R"pb(budget_line_set {
                         line: "lokaler"
                         name: "Lokaler"
                         amount {
                           ore: 5000000
                           currency: "SEK"
                           precision: PRECISION_EXACT
                         }
                       })pb",
                  R"pb(amount_stated {
                         statement: "m-3"
                         kind: STATED_KIND_IN_KIND
                         contributor: "mkb"
                         amount {
                           ore: 34284000
                           currency: "SEK"
                           precision: PRECISION_STATED
                         }
                       })pb",
                  R"pb(occurred { edtf: "2025-08-01" }
                       activity_scheduled {
                         activity: "vandring"
                         kind: ACTIVITY_KIND_SAFETY_WALK
                         title: "Trygghetsvandring"
                         planned { edtf: "2025-09-17" }
                       })pb",
                  R"pb(occurred { edtf: "2025-05-20" }
                       dialogue_held {
                         held { activity: "dialog" title: "Boendedialog" }
                       })pb",
                  R"pb(occurred { edtf: "2025-05-20" }
                       finding_logged {
                         finding: "f-1"
                         polarity: POLARITY_DEFICIENCY
                         description: "Mörkt vid gångvägen"
                       })pb",
                  R"pb(occurred { edtf: "2025-05-20" }
                       finding_logged {
                         finding: "f-2"
                         polarity: POLARITY_ASSET
                         description: "Odlingslådorna är välskötta"
                       })pb",
                  R"pb(occurred { edtf: "2025-06-01" }
                       measure_proposed {
                         measure: "blomlador"
                         title: "Blomlådor"
                       })pb",
                  R"pb(occurred { edtf: "2025-03-01" }
                       study_started {
                         study: "mobilitet"
                         title: "Mobilitetsutredningen"
                       })pb",
                  R"pb(initiative_linked {
                         initiative: "sommargata"
                         title: "Sommargata"
                       })pb",
                  R"pb(outcome_claimed {
                         outcome: "o-1"
                         kind: OUTCOME_KIND_ACHIEVEMENT
                         claim: "Ett mer samlat nätverk"
                       })pb",
                  R"pb(occurred { edtf: "2025-04-02" }
                       in_kind_recorded {
                         in_kind: "i-1"
                         kind: IN_KIND_KIND_WORKING_TIME
                         contributor: "mkb"
                         quantity_hundredths: 1000
                         unit: "h"
                         rate_ore: 60000
                         value {
                           ore: 600000
                           currency: "SEK"
                           precision: PRECISION_STATED
                         }
                       })pb",
              };
  std::vector<Event> events;
  for (const std::string_view text : kTexts) events.push_back(EventOf(text));
  events.push_back(CostOf("c-1", 100'000));
  for (size_t i = 0; i < events.size(); ++i) events[i].set_id(Uuid(i + 1));
  return events;
}

}  // namespace samverk::testing
