// What is counted as lost when keys are destroyed.
#include "clients/cli/personal_loss.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

#include "google/protobuf/text_format.h"

namespace samverk::cli {
namespace {

view::v1::LoggedEvent Logged(const std::string& text) {
  view::v1::LoggedEvent logged;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &logged));
  return logged;
}

// An event of a process with a value that is sealed with the key of p-20.
view::v1::LoggedEvent Sealed(uint64_t position, const std::string& process,
                             const std::string& retention_class) {
  auto logged = Logged(
      R"pb(event {
             actor_registered {
               contact {
                 subject: "p-20"
                 sealed {}
               }
             }
           })pb");
  logged.set_position(position);
  logged.mutable_event()->set_process(process);
  logged.mutable_event()->set_retention_class(retention_class);
  return logged;
}

Style English() {
  Style style;
  style.language = codec::Language::kEnglish;
  return style;
}

TEST(PersonalLoss, CountsBySubjectProcessAndClass) {
  PersonalLoss loss({"p-20", "p-21"});
  loss.Add(Sealed(2, "p", ""));
  loss.Add(Sealed(4, "q", "7 år"));
  loss.Add(Sealed(9, "p", ""));
  EXPECT_EQ(loss.Text(English()),
            "Pseudonym  Process  Retention class  Values  Events\n"
            "─────────  ───────  ───────────────  ──────  ──────\n"
            "p-20       p        (none)                2  #2, #9\n"
            "p-20       q        7 år                  1  #4\n");
  EXPECT_EQ(loss.ProcessesOf("p-20"), (std::set<std::string>{"p", "q"}));
  EXPECT_TRUE(loss.ProcessesOf("p-21").empty());
  EXPECT_TRUE(loss.ProcessesOf("p-2O").empty());
}

TEST(PersonalLoss, CountsWhatACorrectionHasAndItsClass) {
  PersonalLoss loss({"p-20"});
  auto corrected = Logged(R"pb(
    position: 5
    event {
      process: "p"
      retention_class: "not this"
      event_corrected {
        replacement {
          retention_class: "keep"
          actor_registered {
            contact {
              subject: "p-20"
              sealed {}
            }
          }
        }
      }
    })pb");
  loss.Add(corrected);
  const std::string text = loss.Text(English());
  EXPECT_NE(text.find("p-20       p        keep "), std::string::npos) << text;
}

TEST(PersonalLoss, LeavesOutOthersAndWhatIsNotSealed) {
  PersonalLoss loss({"p-20"});
  loss.Add(Logged(R"pb(
    event {
      process: "p"
      actor_registered {
        contact {
          subject: "p-21"
          sealed {}
        }
      }
    })pb"));
  loss.Add(Logged(R"pb(
    event {
      process: "p"
      actor_registered { contact { subject: "p-20" } }
    })pb"));
  EXPECT_EQ(loss.Text(English()), "");
}

TEST(PersonalLoss, SaysWhatIsGoneAlready) {
  PersonalLoss loss({"p-20"});
  loss.Add(Sealed(2, "p", ""));
  loss.Add(Logged(R"pb(event { key_destroyed { subject: "p-20" } })pb"));
  EXPECT_EQ(
      loss.Text(English()),
      "Pseudonym  Process  Retention class  Values  Gone already  Events\n"
      "─────────  ───────  ───────────────  ──────  ────────────  ──────\n"
      "p-20       p        (none)                0             1  #2\n");
}

}  // namespace
}  // namespace samverk::cli
