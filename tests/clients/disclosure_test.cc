// What of an event may be given out: pseudonyms in texts, and free text.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "clients/cli/disclosure_mask.h"
#include "clients/cli/free_text.h"
#include "clients/cli/new_directory.h"
#include "clients/cli/pseudonyms.h"
#include "google/protobuf/text_format.h"
#include "tests/contract/temporary_directory.h"

namespace samverk::cli {
namespace {

namespace fs = std::filesystem;
using event::v1::Event;

view::v1::LoggedEvent LoggedFrom(const std::string& text) {
  view::v1::LoggedEvent logged;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &logged));
  return logged;
}

std::string Masked(std::string text) {
  Pseudonyms pseudonyms;
  for (const char* pseudonym : {"p-7", "p-77", "Å-1", "x y"}) {
    pseudonyms.Add(pseudonym);
  }
  pseudonyms.Mask(text, "[]");
  return text;
}

TEST(Pseudonyms, AreMaskedWhereTheyStandAlone) {
  EXPECT_EQ(Masked("p-77"), "[]");
  EXPECT_EQ(Masked("DHP p-77, och p-7."), "DHP [], och [].");
  EXPECT_EQ(Masked("(P-77)"), "([])");
  EXPECT_EQ(Masked("dispose/g-1/p-7"), "dispose/g-1/[]");
  EXPECT_EQ(Masked("p-77s väg"), "[] väg");
  EXPECT_EQ(Masked("p-7–p-77"), "[]–[]");
  EXPECT_EQ(Masked("hos Å-1 igår"), "hos [] igår");
  EXPECT_EQ(Masked("en x y till"), "en [] till");
  EXPECT_EQ(Masked("p-7 p-7"), "[] []");
}

TEST(Pseudonyms, LeaveOtherWordsAlone) {
  for (const char* text : {"p-770", "ap-7", "p-7a", "p-7sa", "p", "7", ""}) {
    EXPECT_EQ(Masked(text), text);
  }
}

TEST(Pseudonyms, AreFoundInEveryFieldForThem) {
  Pseudonyms pseudonyms;
  for (
      const char* text :
      {R"(recorded_by { subject: "s1" })",
       R"(gallring_decided { subjects: "s2" subjects: "s3" })",
       R"(key_destroyed { subject: "s4" })",
       R"(sealed_data_read { principal: "s5" subjects: "s6" })",
       R"(secret_data_read { principal: "s7" })",
       R"(rights_granted { principal: "s8" })",
       R"(actor_registered { contact { subject: "s9" } })",
       R"(event_corrected { replacement { recorded_by { subject: "s0" } } })"}) {
    Event event;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &event));
    pseudonyms.AddFrom(event);
  }
  std::string text = "s0 s1 s2 s3 s4 s5 s6 s7 s8 s9";
  EXPECT_TRUE(pseudonyms.Mask(text, "-"));
  EXPECT_EQ(text, "- - - - - - - - - -");
}

TEST(DisclosureMask, TakesPseudonymsOutOfEveryText) {
  Pseudonyms pseudonyms;
  pseudonyms.Add("p-77");
  DisclosureMask mask(pseudonyms, "[maskerat]");
  view::v1::LoggedEvent logged = LoggedFrom(R"pb(
    stream: "p/x:p-77"
    tags: "p/x:p-77"
    event {
      recorded_by { organisation: "mkb" subject: "p-77" }
      verbatim: "p-77 sade det"
      mentioned_actors: "mkb"
      mentioned_actors: "p-77"
      evidence { title: "Samtal med p-77" }
      gallring_decided { plan_reference: "DHP p-77" subjects: "p-77" }
    })pb");
  mask.Apply(logged);
  EXPECT_EQ(logged.DebugString().find("p-77"), std::string::npos)
      << logged.DebugString();
  EXPECT_EQ(logged.event().gallring_decided().plan_reference(),
            "DHP [maskerat]");
  EXPECT_EQ(mask.masked(),
            (std::set<std::string>{
                "evidence.title", "gallring_decided.plan_reference",
                "gallring_decided.subjects", "mentioned_actors",
                "recorded_by.subject", "stream", "tags", "verbatim"}));
}

TEST(DisclosureMask, TakesOutWhoReadAndWhoHasRights) {
  const Pseudonyms none;
  DisclosureMask mask(none, "-");
  for (
      const char* text :
      {R"(event { sealed_data_read { principal: "a" subjects: "b" purpose: "c" } })",
       R"(event { secret_data_read { principal: "a" } })",
       R"(event { rights_withdrawn { principal: "a" } })"}) {
    view::v1::LoggedEvent logged = LoggedFrom(text);
    mask.Apply(logged);
    EXPECT_EQ(logged.DebugString().find('"'), std::string::npos) << text;
  }
  EXPECT_EQ(mask.masked(), (std::set<std::string>{"rights_withdrawn.principal",
                                                  "secret_data_read.principal",
                                                  "sealed_data_read"}));
}

TEST(DisclosureMask, SaysWhichTextsNobodyHasRead) {
  const Pseudonyms none;
  DisclosureMask mask(none, "-");
  view::v1::LoggedEvent logged = LoggedFrom(R"pb(
    event {
      id: "018bcfe5-6800-7000-8000-00000000002a"
      process: "p"
      occurred { edtf: "2025" }
      recorded_by { organisation: "mkb" role: "projektledare" }
      language: "sv"
      mentioned_actors: "mkb"
      mentioned_actors: "fgk"
      finding_logged { finding: "f-1" description: "mörkt" activities: "a-1" }
    })pb");
  mask.Apply(logged);
  mask.Apply(logged);
  EXPECT_EQ(mask.unread(),
            (std::map<std::string, uint64_t>{{"finding_logged.description", 2},
                                             {"mentioned_actors", 4},
                                             {"recorded_by.role", 2}}));
}

// Calls `visit` with each text field that an event can have somewhere inside.
template <typename Visit>
void ForEachText(const google::protobuf::Descriptor& type,
                 std::set<std::string>& seen, Visit visit) {
  if (!seen.insert(type.full_name()).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& field = *type.field(i);
    if (field.message_type() != nullptr) {
      ForEachText(*field.message_type(), seen, visit);
    } else if (field.type() == google::protobuf::FieldDescriptor::TYPE_STRING) {
      visit(field);
    }
  }
}

TEST(FreeText, IsEveryTextThatTheContractDoesNotCallAnId) {
  FreeText free_text;
  std::set<std::string> free;
  std::set<std::string> seen;
  ForEachText(*Event::descriptor(), seen, [&](const auto& field) {
    if (free_text.Is(field)) {
      free.insert(field.full_name().substr(sizeof("samverk.event.v1")));
    }
  });
  for (const char* field :
       {"Event.verbatim", "Event.mentioned_actors", "Evidence.title",
        "Source.ref", "EventCorrected.reason", "GallringDecided.plan_reference",
        "FindingLogged.description", "CostBooked.text", "Where.description",
        "Inference.basis", "MeasurePlanned.funding"}) {
    EXPECT_TRUE(free.contains(field)) << field;
  }
  for (const char* field :
       {"Event.id", "Event.process", "Event.causation_id", "Occurred.edtf",
        "Money.currency", "Recorder.organisation", "FindingLogged.finding",
        "OutcomeClaimed.activities", "DecisionRecorded.about_events",
        "Evidence.media_type", "ReportFile.format"}) {
    EXPECT_FALSE(free.contains(field)) << field;
  }
}

class NewDirectoryTest : public testing::Test {
 protected:
  TemporaryDirectory directory_;
  const std::string path_ = directory_.path() + "/copy";
  const Style style_;
};

TEST_F(NewDirectoryTest, IsThereWhenItIsFinished) {
  auto made = NewDirectory::Make(path_ + "/", style_);
  ASSERT_TRUE(made.ok()) << made.status();
  std::ofstream((*made)->unfinished() + "/a") << "1";
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_TRUE((*made)->Finish(style_).ok());
  made->reset();
  EXPECT_TRUE(fs::exists(path_ + "/a"));
}

TEST_F(NewDirectoryTest, LeavesNothingBehind) {
  auto made = NewDirectory::Make(path_, style_);
  ASSERT_TRUE(made.ok()) << made.status();
  std::ofstream((*made)->unfinished() + "/a") << "1";
  made->reset();
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

TEST_F(NewDirectoryTest, TakesTheNameOfAnEmptyOneAlone) {
  fs::create_directory(path_);
  auto made = NewDirectory::Make(path_, style_);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_TRUE((*made)->Finish(style_).ok());
  std::ofstream(path_ + "/a") << "1";
  const auto refused = NewDirectory::Make(path_, style_);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(fs::exists(path_ + "/a"));
}

TEST_F(NewDirectoryTest, HasANameOfItsOwn) {
  for (const char* path : {"", ".", "./", "..", "/", "a/.."}) {
    EXPECT_EQ(NewDirectory::Make(path, style_).status().code(),
              absl::StatusCode::kFailedPrecondition)
        << path;
  }
}

TEST_F(NewDirectoryTest, WhatCannotBeNamedStays) {
  auto made = NewDirectory::Make(path_, style_);
  ASSERT_TRUE(made.ok()) << made.status();
  std::ofstream((*made)->unfinished() + "/a") << "1";
  fs::create_directory(path_);
  std::ofstream(path_ + "/other") << "1";
  const std::string there = (*made)->unfinished();
  const absl::Status finished = (*made)->Finish(style_);
  EXPECT_FALSE(finished.ok());
  EXPECT_NE(finished.message().find(there), absl::string_view::npos)
      << finished;
  made->reset();
  EXPECT_TRUE(fs::exists(there + "/a"));
}

}  // namespace
}  // namespace samverk::cli
