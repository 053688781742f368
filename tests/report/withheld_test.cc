// Reports and views without what their reader may not read: whatever is left
// out, what is left makes sense.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "projections/fold.h"
#include "services/reporting/report_generator.h"
#include "tests/report/test_register.h"
#include "tests/testing/events.h"

namespace samverk {
namespace {

using event::v1::Event;
using ::testing::HasSubstr;
using ::testing::Not;

class Withheld : public ::testing::Test {
 protected:
  Withheld() { testing::RecordDemo(register_); }

  // A report without what the filter leaves out; of a process whose
  // registration is left out there is none, which is fine.
  void ExpectMakesSense(const projections::EventFilter& filter) {
    ReportQuestion question;
    question.process = "augustenborg";
    question.period = "2025";
    question.format = report::v1::REPORT_FORMAT_HTML;
    question.filter = filter;
    const auto report = GenerateReport(register_.store(), "prov", question);
    EXPECT_TRUE(report.ok() || absl::IsNotFound(report.status()))
        << report.status();
  }

  testing::TestRegister register_;
};

TEST_F(Withheld, EachEventCanBeLeftOutAlone) {
  const uint64_t head = register_.store().Head().value();
  for (uint64_t out = 0; out < head; ++out) {
    SCOPED_TRACE(out + 1);
    uint64_t seen = 0;
    ExpectMakesSense([&](const Event&) { return seen++ != out; });
  }
}

TEST_F(Withheld, EachCanBeLeftAlone) {
  const uint64_t head = register_.store().Head().value();
  for (uint64_t left = 1; left < head; ++left) {
    SCOPED_TRACE(left + 1);
    uint64_t seen = 0;
    ExpectMakesSense([&](const Event&) {
      const uint64_t number = seen++;
      return number == 0 || number == left;
    });
  }
}

TEST_F(Withheld, AnyPartOfThemCanBeLeftOut) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 chance(seed);
  for (int round = 0; round < 100; ++round) {
    const auto of_eight = 1 + chance() % 7;
    ExpectMakesSense([&](const Event&) { return chance() % 8 >= of_eight; });
  }
}

TEST_F(Withheld, IsCountedAndSaid) {
  ReportQuestion question;
  question.process = "augustenborg";
  question.period = "2025";
  const auto whole = GenerateReport(register_.store(), "prov", question);
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole->withheld, 0u);
  EXPECT_THAT(whole->content, Not(HasSubstr("inte får läsa")));
  question.filter = [](const Event& event) {
    return !event.has_amount_stated();
  };
  const auto part = GenerateReport(register_.store(), "prov", question);
  ASSERT_TRUE(part.ok());
  EXPECT_GT(part->withheld, 0u);
  EXPECT_THAT(part->content, HasSubstr("inte får läsa"));
  EXPECT_NE(part->model_sha256, whole->model_sha256);
}

// An amendment of what is left out is left out with it: there is nothing for it
// to take back.
TEST_F(Withheld, AnAmendmentGoesWithWhatItAmends) {
  testing::TestRegister one;
  uint64_t ids = 0;
  for (const char* text :
       {"process_registered { name: 'P' municipality: 'Malmö' }",
        "visibility: VISIBILITY_SECRET secrecy_ground: 'OSL 18:1' "
        "amount_stated { statement: 'm' kind: STATED_KIND_OTHER amount { ore: "
        "100 currency: 'SEK' precision: PRECISION_EXACT } }",
        "event_corrected { target: '00000000-0000-4000-8000-000000000002' "
        "reason_code: 'skrivfel' reason: 'r' replacement { process: 'p' "
        "amount_stated { statement: 'm' kind: STATED_KIND_OTHER amount { ore: "
        "200 currency: 'SEK' precision: PRECISION_EXACT } } } }",
        "event_reversed { target: '00000000-0000-4000-8000-000000000003' "
        "reason_code: 'skrivfel' reason: 'r' }"}) {
    Event event = testing::EventOf(text);
    event.set_id(testing::Uuid(++ids));
    one.Record({event});
  }
  const auto folded =
      projections::FoldPrefix(one.store(), "p", {}, [](const Event& event) {
        return event.visibility() != event::v1::VISIBILITY_SECRET;
      });
  ASSERT_TRUE(folded.ok()) << folded.status();
  EXPECT_EQ((*folded)->withheld(), 3u);
  EXPECT_EQ((*folded)->events(), 1u);
}

}  // namespace
}  // namespace samverk
