// Facts about findings and measures as the tests of this folder write them.
#ifndef SAMVERK_TESTS_FINDINGS_FACTS_H_
#define SAMVERK_TESTS_FINDINGS_FACTS_H_

#include <string>

#include "samverk/event/v1/event.pb.h"
#include "tests/testing/fold_harness.h"

namespace samverk::testing {

// An event at `when` (empty: not known) with a fact in text format.
inline event::v1::Event At(const std::string& when, const std::string& fact) {
  event::v1::Event event = Text<event::v1::Event>(fact);
  if (!when.empty()) event.mutable_occurred()->set_edtf(when);
  return event;
}

inline event::v1::Event Logged(const std::string& when,
                               const std::string& finding,
                               const std::string& more = "") {
  return At(when, "finding_logged { finding: '" + finding +
                      "' polarity: POLARITY_DEFICIENCY description: 'mörkt' " +
                      more + "}");
}

inline event::v1::Event Asset(const std::string& when,
                              const std::string& finding) {
  return At(when,
            "finding_logged { finding: '" + finding +
                "' polarity: POLARITY_ASSET description: 'bra upplyst' }");
}

inline event::v1::Event Assigned(const std::string& when,
                                 const std::string& finding,
                                 const std::string& assignee = "fgk") {
  return At(when, "finding_assigned { finding: '" + finding + "' assignee: '" +
                      assignee + "' }");
}

inline event::v1::Event Declined(const std::string& when,
                                 const std::string& finding) {
  return At(when, "finding_declined { finding: '" + finding +
                      "' reason: DECLINE_REASON_NO_CONTROL "
                      "motivation: 'privat mark' }");
}

inline event::v1::Event Proposed(const std::string& when,
                                 const std::string& measure,
                                 const std::string& more = "") {
  return At(when, "measure_proposed { measure: '" + measure + "' title: '" +
                      measure + "' " + more + "}");
}

// A step of a measure that says nothing more: "started", "closed" …
inline event::v1::Event Measure(const std::string& when,
                                const std::string& step,
                                const std::string& measure,
                                const std::string& more = "") {
  return At(when,
            "measure_" + step + " { measure: '" + measure + "' " + more + "}");
}

inline event::v1::Event Reversed(int n) {
  return Text<event::v1::Event>("event_reversed { target: '" +
                                EventIdOf(static_cast<uint64_t>(n)) +
                                "' reason_code: 'fel' reason: 'hände inte' }");
}

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_FINDINGS_FACTS_H_
