// Records that are asked for: what is secret stays, in all its forms, and so do
// persons.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;

class Disclosure : public testing::Test {
 protected:
  void SetUp() override {
    server_ = std::make_unique<RunningServer>(directory_.path() + "/data");
    Record(1, R"("process_registered":{"name":"P"})");
    Record(2, R"("actor_registered":{"actor":"mkb","name":"mkb",)"
              R"("kind":"ACTOR_KIND_COMPANY","contact":{"subject":"p-77",)"
              R"("clear":"Someone"}})");
    Record(3, R"("information_owner":"mkb",)"
              R"("disclosure_requested":{"request":"r-1","scope":"allt"})");
  }
  static std::string IdOf(int number) {
    return absl::StrCat("018bcfe5-6800-7000-8000-0000000000", 10 + number);
  }
  // An event of the process; `rest` is its fact and what else it has.
  void Record(int number, const std::string& rest) const {
    const Outcome recorded = English(
        {"record", "-"},
        absl::StrCat(R"({"id":")", IdOf(number),
                     R"(","process":"p","recorded_by":{"organisation":"mkb",)"
                     R"("role":"projektledare","subject":"s-1"},)",
                     rest, "}\n"));
    EXPECT_EQ(recorded.status, 0) << recorded.err;
  }
  static std::string Goal(const std::string& text,
                          const std::string& more = "") {
    return absl::StrCat(more, R"("goal_set":{"goal":"g-1","text":")", text,
                        R"("})");
  }
  static std::string Correction(int target, const std::string& replacement) {
    return absl::StrCat(R"("event_corrected":{"target":")", IdOf(target),
                        R"(","reason_code":"skrivfel","reason":"hemligt skäl",)"
                        R"("replacement":{"process":"p",)",
                        replacement, "}}");
  }
  Outcome English(std::vector<std::string> arguments,
                  const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"--lang", "en"});
    return server_->Samverk(arguments, input);
  }
  Outcome Disclose(const std::string& process = "p",
                   const std::string& request = "r-1") const {
    return English({"disclose", "--process", process, "--request", request,
                    "--out", Out(), "--ground", "OSL 21:7"});
  }
  std::string Out() const { return directory_.path() + "/copy"; }
  std::string Copy() const { return ReadFile(Out() + "/handlingar.jsonl"); }
  std::string Note() const { return ReadFile(Out() + "/utlamnande.md"); }

  const std::string kSecret =
      R"("visibility":"VISIBILITY_SECRET","secrecy_ground":"OSL 18:1",)";
  TemporaryDirectory directory_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(Disclosure, WhatWasCorrectedToSecretIsLeftOut) {
  Record(4, Goal("hemligt mål", R"("visibility":"VISIBILITY_OPEN",)"));
  Record(5, Correction(4, Goal("hemligt mål", kSecret)));
  const Outcome disclosed = Disclose();
  EXPECT_EQ(disclosed.status, 0) << disclosed.err;
  EXPECT_FALSE(Has(Copy(), "hemligt")) << Copy();
  EXPECT_TRUE(Has(Copy(), "process_registered"));
  EXPECT_TRUE(Has(Note(), "2 events, secret by OSL 18:1")) << Note();
}

TEST_F(Disclosure, ACorrectionOfASecretThatSaysNothingOfItIsLeftOut) {
  Record(4, Goal("hemligt mål", kSecret));
  Record(5, Correction(4, Goal("hemligt, rättat")));
  EXPECT_EQ(Disclose().status, 0);
  EXPECT_FALSE(Has(Copy(), "hemligt")) << Copy();
  EXPECT_TRUE(Has(Note(), "2 events, secret by OSL 18:1")) << Note();
}

TEST_F(Disclosure, TheReasonForTakingASecretOutIsLeftOut) {
  Record(4, Goal("hemligt mål", kSecret));
  Record(5, absl::StrCat(R"("event_reversed":{"target":")", IdOf(4),
                         R"(","reason_code":"r","reason":"hemligt skäl"})"));
  EXPECT_EQ(Disclose().status, 0);
  EXPECT_FALSE(Has(Copy(), "hemligt")) << Copy();
  EXPECT_TRUE(Has(Note(), "2 events, secret by OSL 18:1")) << Note();
}

TEST_F(Disclosure, ARefusedRecordingLeavesNoCopy) {
  const Outcome refused = Disclose("p", "r-9");
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "DISCLOSURE_UNKNOWN")) << refused.err;
  EXPECT_TRUE(Has(refused.err, "\"r-9\" is not in the process")) << refused.err;
  for (const auto& entry : fs::directory_iterator(directory_.path())) {
    EXPECT_EQ(entry.path().filename(), "data");
  }
}

TEST_F(Disclosure, AProcessThatIsNotThereIsAnError) {
  const Outcome unknown = English({"disclose", "--process", "q", "--request",
                                   "r-1", "--out", Out(), "--no-record"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_TRUE(Has(unknown.err, "NOT_FOUND")) << unknown.err;
  EXPECT_FALSE(fs::exists(Out()));
}

TEST_F(Disclosure, NoOtherFilesAreTouched) {
  EXPECT_EQ(Disclose().status, 0);
  const std::string before = Copy();
  const Outcome again = Disclose();
  EXPECT_EQ(again.status, 1);
  EXPECT_TRUE(Has(again.err, "is there already")) << again.err;
  EXPECT_EQ(Copy(), before);
}

TEST_F(Disclosure, PseudonymsInTextsAreMaskedAndTextsToReadAreListed) {
  Record(4,
         R"("verbatim":"p-77 sade det; p-770 teg","mentioned_actors":["p-77"],)"
         R"("evidence":[{"title":"samtal med P-77"}],)"
         R"("goal_set":{"goal":"g-1","text":"ring s-1"})");
  Record(5,
         R"("gallring_decided":{"gallring":"g-1","plan_reference":"DHP p-77",)"
         R"("registry_number":"KS 2031/12","subjects":["p-77"]})");
  const Outcome disclosed = Disclose();
  EXPECT_EQ(disclosed.status, 0) << disclosed.err;
  EXPECT_FALSE(Has(Copy(), "p-77\"") || Has(Copy(), "p-77 ") ||
               Has(Copy(), "P-77") || Has(Copy(), "s-1"))
      << Copy();
  EXPECT_TRUE(Has(Copy(), "[masked] sade det; p-770 teg")) << Copy();
  EXPECT_TRUE(Has(Copy(), "DHP [masked]")) << Copy();
  const std::string note = Note();
  EXPECT_TRUE(Has(note, "- gallring_decided.plan_reference\n")) << note;
  EXPECT_TRUE(Has(note, "- verbatim: 1 text\n")) << note;
  EXPECT_TRUE(Has(note, "- goal_set.text: 1 text\n")) << note;
  EXPECT_FALSE(Has(note, "- goal_set.goal")) << note;
  EXPECT_TRUE(Has(disclosed.err, "a person must read")) << disclosed.err;
}

TEST_F(Disclosure, WhatMayNotBeReadIsSaidAndNotVouchedFor) {
  Record(4, Goal("öppet mål", R"("visibility":"VISIBILITY_PARTNER",)"));
  Record(5, Correction(4, Goal("hemligt mål", kSecret)));
  EXPECT_EQ(server_->Stop().status, 0);
  const std::string data = directory_.path() + "/data";
  const Outcome token =
      RunProgram({SAMVERK_PROGRAM, "token", "add", "s-2", "--data", data,
                  "--organisation", "fgk", "--role", "partner@p"});
  EXPECT_EQ(token.status, 0) << token.err;
  server_ = std::make_unique<RunningServer>(data);
  const Outcome disclosed =
      server_->Samverk({"--lang", "en", "disclose", "--process", "p",
                        "--request", "r-1", "--out", Out(), "--no-record"},
                       "", {{"SAMVERK_TOKEN", Lines(token.out).front()}});
  EXPECT_EQ(disclosed.status, 0) << disclosed.err;
  EXPECT_FALSE(Has(Copy(), "hemligt")) << Copy();
  EXPECT_TRUE(Has(Note(), "1 events that whoever made the copy may not read"))
      << Note();
  EXPECT_TRUE(Has(disclosed.err, "1 events you may not read")) << disclosed.err;
}

}  // namespace
}  // namespace samverk::e2e
