// What a class of retention says, and which one governs an event.
#include "clients/cli/retention_class.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/time/civil_time.h"
#include "clients/cli/retention_governing.h"

namespace samverk::cli {
namespace {

using event::v1::Event;
using Kind = RetentionClass::Kind;

// Months; 0: kept; -1: nothing is said; -2: not understood.
int Says(const std::string& text) {
  const RetentionClass says = ParseRetentionClass(text);
  switch (says.kind) {
    case Kind::kNone:
      return -1;
    case Kind::kKept:
      return 0;
    case Kind::kDisposed:
      return says.months;
    case Kind::kNotUnderstood:
      break;
  }
  return -2;
}

TEST(ParseRetentionClass, TakesYearsAndMonths) {
  for (const char* text :
       {"gallras 5 år", "gallras efter 5 år", "Gallras 5 ÅR", "5 år", "5år",
        "5 years", "destroy after 5 years", "Destroy 5 YEARS",
        " gallras  5 år ", "gallras\u00a05\u00a0år", "gallras 5 a\u030ar",
        "gallras 60 månader", "60 months", "BFL 7 kap 2 § gallras efter 5 år",
        "BFL 7 kap. 2 §: gallras efter 5 år", "OSL 18:1, gallras 5 år"}) {
    EXPECT_EQ(Says(text), 60) << text;
  }
  EXPECT_EQ(Says("gallras 1 månad"), 1);
  EXPECT_EQ(Says("1 year"), 12);
  EXPECT_EQ(Says("1000 år"), 12'000);
}

TEST(ParseRetentionClass, KeepsWhatIsKept) {
  for (const char* text : {"bevara", "bevaras", "Bevaras", "keep", "kept",
                           "bevaras (gallrades förr 2 år)", "TF 2:1 bevaras"}) {
    EXPECT_EQ(Says(text), 0) << text;
  }
  EXPECT_EQ(Says(""), -1);
  EXPECT_EQ(Says("  "), -1);
}

TEST(ParseRetentionClass, UnderstandsNothingElse) {
  for (const char* text : {"gallras 1 år efter att processen stängts",
                           "gallras 6 månader efter årsskiftet",
                           "gallras 24 månader efter årets slut",
                           "gallras sju år",
                           "gallras 2-3 år",
                           "gallras 2–3 år",
                           "gallras",
                           "7",
                           "0 år",
                           "1001 år",
                           "99999999999999999999 år",
                           "ej gallras 5 år",
                           "gallras ej 5 år",
                           "gallras tidigast efter 5 år",
                           "ej 5 § gallras 5 år",
                           "gallras 5 år om inte bevaras",
                           "bevaras 5 år",
                           "bevaras (5 år) gallras",
                           "bevaras (1) gallras 5 år (2)",
                           "gallras -5 år",
                           "gallras 5,5 år",
                           "gallras 5 åren",
                           "vid inaktualitet",
                           "BFL 7 kap",
                           "BFL 7 år",
                           "gallras 5 år, gallras 7 år",
                           "\xff"}) {
    EXPECT_EQ(Says(text), -2) << text;
  }
}

TEST(DueAfter, CountsFromTheTurnOfTheYear) {
  EXPECT_EQ(DueAfter(2025, 7 * 12), absl::CivilDay(2033, 1, 1));
  EXPECT_EQ(DueAfter(2025, 24), absl::CivilDay(2028, 1, 1));
  EXPECT_EQ(DueAfter(2025, 6), absl::CivilDay(2026, 7, 1));
  EXPECT_EQ(DueAfter(2025, 1), absl::CivilDay(2026, 2, 1));
}

// An event of 2020, recorded in 2024, of a class.
view::v1::LoggedEvent Logged(const std::string& id, const std::string& says) {
  view::v1::LoggedEvent logged;
  logged.mutable_recorded_at()->set_seconds(1'717'200'000);
  Event& event = *logged.mutable_event();
  event.set_id(id);
  event.set_retention_class(says);
  event.mutable_occurred()->set_edtf("2020-05");
  return logged;
}

view::v1::LoggedEvent Corrected(const std::string& id,
                                const std::string& target,
                                const std::string& says,
                                const std::string& edtf) {
  view::v1::LoggedEvent logged = Logged(id, "");
  auto& corrected = *logged.mutable_event()->mutable_event_corrected();
  corrected.set_target(target);
  corrected.mutable_replacement()->set_retention_class(says);
  corrected.mutable_replacement()->mutable_occurred()->set_edtf(edtf);
  return logged;
}

std::string Shown(const Governing& governing) {
  return governing.retention_class + " " + std::to_string(governing.year);
}

TEST(GoverningClasses, TheOwnWhereNothingAmends) {
  GoverningClasses classes;
  EXPECT_EQ(Shown(classes.Of(Logged("a", "5 år"))), "5 år 2020");
}

TEST(GoverningClasses, WhatStandsGovernsAllOfItsChain) {
  const auto first = Logged("a", "5 år");
  const auto second = Corrected("b", "A", "7 år", "2021");
  const auto third = Corrected("c", "b", "bevaras", "2022");
  GoverningClasses classes;
  classes.AddAmendment(second.event());
  classes.AddAmendment(third.event());
  for (const auto& logged : {first, second, third}) {
    EXPECT_EQ(Shown(classes.Of(logged)), "bevaras 2022");
  }
  EXPECT_EQ(Shown(classes.Of(Logged("d", "5 år"))), "5 år 2020");
}

TEST(GoverningClasses, WithoutATimeItHappenedWhenItWasRecorded) {
  const auto second = Corrected("b", "a", "7 år", "");
  GoverningClasses classes;
  classes.AddAmendment(second.event());
  EXPECT_EQ(Shown(classes.Of(Logged("a", "5 år"))), "7 år 2024");
}

TEST(GoverningClasses, WhatWasTakenOutIsStillARecord) {
  const auto first = Logged("a", "5 år");
  view::v1::LoggedEvent reversed = Logged("b", "");
  reversed.mutable_event()->mutable_event_reversed()->set_target("a");
  GoverningClasses classes;
  classes.AddAmendment(reversed.event());
  EXPECT_EQ(Shown(classes.Of(first)), "5 år 2020");
  EXPECT_EQ(Shown(classes.Of(reversed)), "5 år 2020");
}

TEST(GoverningClasses, WhatTakesOutMayHaveItsOwn) {
  const auto first = Logged("a", "5 år");
  view::v1::LoggedEvent voided = Logged("b", "bevaras");
  voided.mutable_event()->mutable_event_voided()->set_target("a");
  GoverningClasses classes;
  classes.AddAmendment(voided.event());
  EXPECT_EQ(Shown(classes.Of(first)), "5 år 2020");
  EXPECT_EQ(Shown(classes.Of(voided)), "bevaras 2020");
}

}  // namespace
}  // namespace samverk::cli
