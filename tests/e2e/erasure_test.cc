// A person is forgotten: after the disposal nothing that the server ever wrote
// has their name, and every proof from before still holds.
#include <gtest/gtest.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>

#include <filesystem>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "clients/cpp/client.h"
#include "clients/cpp/consumer_groups.h"
#include "samverk/bus/v1/consumer_group.pb.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;

// Nobody is called that.
constexpr char kName[] = "Qvintilia Xylander, 0700-000 000";
constexpr char kFirst[] = "Qvintilia";

std::string Line(const std::string& ref, const std::string& fact) {
  return absl::StrCat(
      R"({"process":"p","source":{"system":"t","ref":")", ref,
      R"("},"recorded_by":{"organisation":"mkb","role":"projektledare",)"
      R"("subject":"s-1"},)",
      fact, "}\n");
}

class Erasure : public testing::Test {
 protected:
  void SetUp() override {
    Start();
    Record(Line("1", R"("process_registered":{"name":"P"})"));
    Record(Line("2", Contact("mkb", "p-7", kName)));
    Record(Line("3", Contact("fgk", "p-8", "Someone Else")));
  }
  void Start(const std::vector<std::string>& arguments = {}) {
    if (server_ != nullptr) said_ += Said();
    server_ = std::make_unique<RunningServer>(Data(), arguments);
  }
  std::string Data() const { return directory_.path() + "/data"; }
  std::string File(const std::string& name) const {
    return absl::StrCat(directory_.path(), "/", name);
  }
  static std::string Contact(const std::string& actor,
                             const std::string& subject,
                             const std::string& name) {
    return absl::StrCat(R"("actor_registered":{"actor":")", actor,
                        R"(","name":")", actor,
                        R"(","kind":"ACTOR_KIND_COMPANY","contact":)"
                        R"({"subject":")",
                        subject, R"(","clear":")", name, R"("}})");
  }
  Outcome English(std::vector<std::string> arguments,
                  const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"--lang", "en"});
    return server_->Samverk(arguments, input);
  }
  void Record(const std::string& lines) const {
    const Outcome recorded = English({"record", "-"}, lines);
    EXPECT_EQ(recorded.status, 0) << recorded.err;
  }
  Outcome Read(const std::string& subject) const {
    return English({"personal", "read", "--process", "p", "--subject", subject,
                    "--purpose", "to call"});
  }
  void Dispose() const {
    Record(Line("4",
                R"("gallring_decided":{"gallring":"g-1","plan_reference":"DHP )"
                R"(2025","registry_number":"KS 2031/12","subjects":["p-7"]})"));
    const Outcome disposed = English({"personal", "dispose", "--process", "p",
                                      "--gallring", "g-1", "--yes"});
    EXPECT_EQ(disposed.status, 0) << disposed.err;
  }
  // Files below the directory whose bytes have a text, and tables that have it
  // when they are unpacked. What the server writes to its user counts too.
  std::set<std::string> FilesWith(const std::string& text) const {
    std::set<std::string> found;
    for (const auto& file :
         fs::recursive_directory_iterator(directory_.path())) {
      if (!file.is_regular_file()) continue;
      const std::string path = file.path().string();
      if (Has(ReadFile(path), text) ||
          (file.path().extension() == ".sst" && TableHas(path, text))) {
        found.insert(path);
      }
    }
    if (Has(said_ + Said(), text)) found.insert("what the server said");
    return found;
  }
  std::string Said() const {
    return server_->process().Out() + server_->process().Err();
  }
  // Tables are packed: their bytes show only parts of what is in them.
  static bool TableHas(const std::string& path, const std::string& text) {
    rocksdb::SstFileReader table((rocksdb::Options()));
    EXPECT_TRUE(table.Open(path).ok()) << path;
    const std::unique_ptr<rocksdb::Iterator> at(
        table.NewIterator(rocksdb::ReadOptions()));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      if (Has(at->key().ToString(), text) ||
          Has(at->value().ToString(), text)) {
        return true;
      }
    }
    EXPECT_TRUE(at->status().ok()) << path << ": " << at->status().ToString();
    return false;
  }
  // A start writes what lies in write-ahead logs into tables.
  void Restart() {
    EXPECT_EQ(server_->Stop().status, 0);
    Start();
  }
  // A consumer group that has put the person's event aside.
  void ParkIn(const std::string& group) const {
    auto client = client::Client::Connect({.address = server_->address()});
    ASSERT_TRUE(client.ok()) << client.status();
    bus::v1::GroupSettings settings;
    settings.mutable_filter()->set_process("p");
    settings.mutable_filter()->add_types("samverk.actor_registered");
    ASSERT_TRUE((*client)->groups().Create(group, settings).ok());
    bus::v1::ReceiveRequest request;
    request.set_name(group);
    client::Cancellation enough;
    int parked = 0;
    const absl::Status ended = (*client)->groups().Consume(
        request, {.on_event =
                      [&](const bus::v1::LeasedEvent&) {
                        if (++parked == 2) enough.Cancel();
                        return client::Verdict::Parked("no such actor here");
                      },
                  .cancellation = &enough});
    EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
    const auto listed = (*client)->groups().ListParked(group, 10);
    ASSERT_TRUE(listed.ok()) << listed.status();
    EXPECT_EQ(listed->size(), 2u);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<RunningServer> server_;
  std::string said_;  // by servers before it
};

TEST_F(Erasure, WhatIsSealedIsReadWithAPurposeThatGoesOnRecord) {
  EXPECT_TRUE(FilesWith(kFirst).empty());
  const Outcome read = Read("p-7");
  EXPECT_EQ(read.status, 0) << read.err;
  EXPECT_TRUE(Has(read.out, kName)) << read.out;
  EXPECT_FALSE(Has(read.out, "Someone Else")) << read.out;
  EXPECT_TRUE(Has(read.err, "on record as event #4")) << read.err;
  const Outcome log = English({"--json", "log", "--process", "p"});
  EXPECT_TRUE(Has(log.out, R"("purpose":"to call")")) << log.out;
  EXPECT_FALSE(Has(log.out, kFirst)) << log.out;
  const Outcome none = Read("p-9");
  EXPECT_EQ(none.status, 1);
  EXPECT_TRUE(Has(none.err, "NOT_FOUND")) << none.err;
}

TEST_F(Erasure, TheSameSentAgainIsTheSame) {
  const Outcome again =
      English({"record", "-"}, Line("2", Contact("mkb", "p-7", kName)));
  EXPECT_EQ(again.status, 0) << again.err;
  const Outcome other =
      English({"record", "-"}, Line("2", Contact("mkb", "p-7", "Another")));
  EXPECT_EQ(other.status, 1);
  EXPECT_TRUE(Has(other.err, "ID_CONFLICT")) << other.err;
}

TEST_F(Erasure, NothingIsLeftAndEveryProofHolds) {
  const auto make = [this](std::vector<std::string> what,
                           const std::string& name) {
    what.insert(what.begin(), "audit");
    what.insert(what.end(), {"--out", File(name)});
    const Outcome made = English(what);
    EXPECT_EQ(made.status, 0) << made.err;
  };
  make({"key"}, "key");
  make({"checkpoint", "--at-least", "3"}, "before.checkpoint");
  make({"prove", "2"}, "2.tlog-proof");
  // Everything that the server can write: backups, exports, reports, dead
  // letters, a copy of the keys.
  ParkIn("finance");
  EXPECT_EQ(English({"backup"}).status, 0);
  EXPECT_EQ(English({"audit", "export", "--out", File("export")}).status, 0);
  EXPECT_EQ(Read("p-7").status, 0);
  EXPECT_EQ(English({"report", "--process", "p", "--period", "2025", "--out",
                     File("report.md")})
                .status,
            0);

  Dispose();

  const Outcome read = Read("p-7");
  EXPECT_EQ(read.status, 0) << read.err;
  EXPECT_TRUE(Has(read.out, "decision KS 2031/12]")) << read.out;
  EXPECT_FALSE(Has(read.out, kFirst)) << read.out;
  EXPECT_TRUE(Has(Read("p-8").out, "Someone Else"));
  make({"prove-growth", File("before.checkpoint")}, "since.growth");
  EXPECT_EQ(server_->Stop().status, 0);
  EXPECT_EQ(FilesWith(kFirst), std::set<std::string>());
  EXPECT_EQ(FilesWith("Xylander"), std::set<std::string>());
  const Outcome verified = RunProgram(
      {SAMVERK_VERIFY_PROGRAM, "--lang", "en", "--key", File("key"),
       File("2.tlog-proof"), File("before.checkpoint"), File("since.growth")});
  EXPECT_EQ(verified.status, 0) << verified.out << verified.err;
  // Everything still replays, and stays forgotten.
  Start();
  EXPECT_FALSE(Has(Read("p-7").out, kFirst));
  EXPECT_EQ(RunProgram({SAMVERK_PROGRAM, "--server", server_->address(), "show",
                        "participation", "--process", "p"})
                .status,
            0);
  // All that there was lies in tables now.
  Restart();
  EXPECT_EQ(server_->Stop().status, 0);
  EXPECT_EQ(FilesWith(kFirst), std::set<std::string>());
  EXPECT_EQ(FilesWith("Xylander"), std::set<std::string>());
}

// The search itself finds what it should.
TEST_F(Erasure, TheSearchLooksIntoTables) {
  const std::string nobody = "Quirinus";
  Record(Line("5", absl::StrCat(R"("lesson_recorded":{"lesson":"l-1","text":")",
                                nobody, R"("})")));
  Restart();
  Restart();
  EXPECT_EQ(server_->Stop().status, 0);
  bool in_table = false;
  for (const std::string& path : FilesWith(nobody)) {
    in_table = in_table || path.ends_with(".sst");
  }
  EXPECT_TRUE(in_table);
}

// However far a disposal came, a start carries it out, or it was never decided.
TEST_F(Erasure, AServerKilledInADisposalFinishesIt) {
  Record(Line("4", R"("gallring_decided":{"gallring":"g-1","plan_reference":)"
                   R"("DHP 2025","registry_number":"KS 2031/12",)"
                   R"("subjects":["p-7"]})"));
  // By another than decided.
  const std::string destroy = absl::StrReplaceAll(
      Line("5", R"("key_destroyed":{"gallring":"g-1","subject":"p-7"})"),
      {{"s-1", "s-2"}});
  int recorded = 0;
  for (int round = 0; round < 10 && recorded == 0; ++round) {
    const Process disposing(
        {SAMVERK_PROGRAM, "--server", server_->address(), "record", "-"},
        destroy, {});
    // Before it is sent, on its way, written, carried out.
    absl::SleepFor(absl::Milliseconds(20 * round));
    server_->Kill();
    Start();
    recorded =
        Has(English({"--json", "log", "--process", "p"}).out, "key_destroyed");
    EXPECT_EQ(Has(Read("p-7").out, kFirst), recorded == 0) << round;
    EXPECT_TRUE(Has(Read("p-8").out, "Someone Else"));
  }
  EXPECT_EQ(recorded, 1);
  Restart();
  EXPECT_FALSE(Has(Read("p-7").out, kFirst));
  EXPECT_EQ(server_->Stop().status, 0);
  EXPECT_EQ(FilesWith(kFirst), std::set<std::string>());
}

TEST_F(Erasure, NothingMoreIsSealedUnderThePseudonym) {
  Dispose();
  const Outcome more =
      English({"record", "-"}, Line("9", Contact("hgf", "p-7", kName)));
  EXPECT_EQ(more.status, 1);
  EXPECT_TRUE(Has(more.err, "DISPOSED")) << more.err;
  // What was recorded before is still answered as it was then.
  const Outcome again =
      English({"record", "-"}, Line("2", Contact("mkb", "p-7", kName)));
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(FilesWith(kFirst), std::set<std::string>());
}

TEST_F(Erasure, WithoutADecisionNothingIsDestroyed) {
  const Outcome refused =
      English({"record", "-"}, Line("9", R"("key_destroyed":{"gallring":)"
                                         R"("g-9","subject":"p-7"})"));
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(Read("p-7").out, kName));
  EXPECT_EQ(English({"personal", "dispose", "--process", "p", "--gallring",
                     "g-9", "--yes"})
                .status,
            1);
}

TEST_F(Erasure, WhatIsLostIsShownBeforeItIs) {
  Record(Line("4", absl::StrCat(R"("retention_class":"gallras 7 år",)",
                                Contact("hgf", "p-7", kName))));
  Record(Line("5",
              R"("gallring_decided":{"gallring":"g-1","plan_reference":"DHP )"
              R"(2025","registry_number":"KS 2031/12","subjects":["p-7"]})"));
  const Outcome asked =
      English({"personal", "dispose", "--process", "p", "--gallring", "g-1"});
  EXPECT_EQ(asked.status, 2);
  EXPECT_TRUE(
      std::regex_search(asked.err, std::regex("p-7 +p +\\(none\\) +1 +#2\n")))
      << asked.err;
  EXPECT_TRUE(
      std::regex_search(asked.err, std::regex("p-7 +p +gallras 7 år +1 +#4\n")))
      << asked.err;
  EXPECT_TRUE(Has(asked.err, "add --yes")) << asked.err;
  // Nothing was done, and nothing was opened.
  EXPECT_FALSE(Has(asked.err, kFirst)) << asked.err;
  EXPECT_TRUE(Has(Read("p-7").out, kName));
  // Doing it again is harmless, and says that it was done.
  const std::vector<std::string> dispose = {
      "personal", "dispose", "--process", "p", "--gallring", "g-1", "--yes"};
  EXPECT_EQ(English(dispose).status, 0);
  const Outcome again = English(dispose);
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_TRUE(std::regex_search(again.err,
                                std::regex("p-7 +p +\\(none\\) +0 +1 +#2\n")))
      << again.err;
}

TEST_F(Erasure, APseudonymThatSealsNothingIsTakenForASlip) {
  Record(Line("4",
              R"("gallring_decided":{"gallring":"g-1","plan_reference":"DHP )"
              R"(2025","registry_number":"KS 2031/12",)"
              R"("subjects":["p-7","p-2O"]})"));
  const std::vector<std::string> dispose = {
      "personal", "dispose", "--process", "p", "--gallring", "g-1", "--yes"};
  const Outcome refused = English(dispose);
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "no value is sealed with the pseudonym p-2O"))
      << refused.err;
  EXPECT_TRUE(Has(Read("p-7").out, kName));
}

TEST_F(Erasure, ADecisionHoldsAsItWasCorrected) {
  const std::string decided =
      R"("gallring_decided":{"gallring":"g-1","plan_reference":"DHP 2025",)"
      R"("registry_number":"KS 2031/12","subjects":[")";
  const std::string id = "018bcfe5-6800-7000-8000-000000000044";
  Record(
      absl::StrCat(R"({"id":")", id,
                   R"(","process":"p","recorded_by":{"organisation":"mkb"},)",
                   decided, R"(p-2O"]}})", "\n"));
  Record(Line("5", absl::StrCat(R"("event_corrected":{"target":")", id,
                                R"(","reason_code":"r","reason":"r",)"
                                R"("replacement":{"process":"p",)",
                                decided, R"(p-7"]}}})")));
  const Outcome disposed = English(
      {"personal", "dispose", "--process", "p", "--gallring", "g-1", "--yes"});
  EXPECT_EQ(disposed.status, 0) << disposed.err;
  EXPECT_FALSE(Has(Read("p-7").out, kFirst));
}

TEST_F(Erasure, ARestoreOfKeysBringsNothingBack) {
  const Outcome backup = English({"--json", "personal", "backup-keys"});
  ASSERT_EQ(backup.status, 0) << backup.err;
  const std::string path = [&] {
    const size_t from = backup.out.find("\"path\":\"") + 8;
    return backup.out.substr(from, backup.out.find('"', from) - from);
  }();
  Dispose();
  EXPECT_EQ(server_->Stop().status, 0);
  // Into the directory as it is: the tombstone wins.
  Outcome restored = RunProgram({SAMVERK_PROGRAM, "--lang", "en", "personal",
                                 "restore-keys", path, "--data", Data()});
  EXPECT_EQ(restored.status, 0) << restored.err;
  EXPECT_TRUE(Has(restored.out, "1 were disposed of")) << restored.out;
  // Without any keys the register does not start: it would make new ones.
  fs::remove_all(Data() + "/keys");
  const Outcome refused = RunProgram(ServerCommand(Data(), {}));
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "its key is not there")) << refused.err;
  // Into an empty one, from before the disposal: the log has it, and the start
  // carries it out again.
  restored = RunProgram({SAMVERK_PROGRAM, "--lang", "en", "personal",
                         "restore-keys", path, "--data", Data()});
  EXPECT_EQ(restored.status, 0) << restored.err;
  Start();
  EXPECT_FALSE(Has(Read("p-7").out, kFirst));
  EXPECT_TRUE(Has(Read("p-8").out, "Someone Else"));
}

TEST_F(Erasure, TheMasterKeyIsChangedWithoutTouchingTheLog) {
  const auto offline = [this](const std::string& command) {
    return RunProgram({SAMVERK_PROGRAM, "--lang", "en", "personal", command,
                       "--data", Data()});
  };
  const std::string file = Data() + "/secrets/master-key";
  const std::string old = Lines(ReadFile(file)).front();
  // Not under a running server.
  for (const char* command : {"new-master-key", "drop-master-key"}) {
    const Outcome refused = offline(command);
    EXPECT_EQ(refused.status, 1) << command;
    EXPECT_TRUE(Has(refused.err, "IN_USE")) << refused.err;
  }
  EXPECT_EQ(Lines(ReadFile(file)), std::vector<std::string>{old});
  // Nor where there is none.
  for (const char* command : {"new-master-key", "drop-master-key"}) {
    EXPECT_EQ(RunProgram({SAMVERK_PROGRAM, "personal", command, "--data",
                          File("nowhere")})
                  .status,
              1);
    EXPECT_FALSE(fs::exists(File("nowhere"))) << command;
  }
  EXPECT_EQ(server_->Stop().status, 0);
  EXPECT_TRUE(Has(offline("drop-master-key").err, "nothing was taken out"));
  EXPECT_EQ(offline("new-master-key").status, 0);
  EXPECT_EQ(Lines(ReadFile(file)).size(), 2u);
  Start();
  EXPECT_TRUE(Has(server_->process().Err(), "wrapped with the current master"))
      << server_->process().Err();
  EXPECT_TRUE(Has(Read("p-7").out, kName));
  EXPECT_EQ(server_->Stop().status, 0);
  // The old one can be taken out now; after another change, also before the
  // server has wrapped anything with the new one.
  const Outcome dropped = offline("drop-master-key");
  EXPECT_EQ(dropped.status, 0) << dropped.err;
  EXPECT_TRUE(Has(dropped.err, "1 older")) << dropped.err;
  EXPECT_TRUE(Has(dropped.err, "Backups of keys")) << dropped.err;
  EXPECT_EQ(FilesWith(old), std::set<std::string>());
  EXPECT_EQ(offline("new-master-key").status, 0);
  EXPECT_EQ(offline("drop-master-key").status, 0);
  EXPECT_EQ(Lines(ReadFile(file)).size(), 1u);
  Start();
  EXPECT_TRUE(Has(Read("p-7").out, kName));
}

TEST_F(Erasure, ADisclosureMasksPersonsAndLeavesSecretsOut) {
  Record(Line("5",
              R"("visibility":"VISIBILITY_SECRET","secrecy_ground":"OSL 18:1",)"
              R"("goal_set":{"goal":"g-1","text":"hemligt mål"})"));
  Record(Line("6",
              R"("information_owner":"mkb",)"
              R"("disclosure_requested":{"request":"r-1","scope":"allt"})"));
  const Outcome disclosed =
      English({"disclose", "--process", "p", "--request", "r-1", "--out",
               File("copy"), "--ground", "OSL 21:7"});
  EXPECT_EQ(disclosed.status, 0) << disclosed.err;
  const std::string copy = ReadFile(File("copy") + "/handlingar.jsonl");
  EXPECT_FALSE(Has(copy, "hemligt"));
  EXPECT_FALSE(Has(copy, "p-7"));
  EXPECT_FALSE(Has(copy, "s-1"));
  EXPECT_FALSE(Has(copy, "ciphertext"));
  EXPECT_TRUE(Has(copy, "process_registered"));
  const std::string note = ReadFile(File("copy") + "/utlamnande.md");
  EXPECT_TRUE(Has(note, "actor_registered.contact")) << note;
  EXPECT_TRUE(Has(note, "1 events, secret by OSL 18:1")) << note;
  EXPECT_TRUE(
      Has(English({"--json", "log", "--process", "p"}).out, "masked_fields"));
}

TEST_F(Erasure, APreviewSaysWhatFallsDue) {
  Record(Line("7",
              R"("occurred":{"edtf":"2025-03"},"retention_class":"gallras 7 )"
              R"(år","lesson_recorded":{"lesson":"l-1","text":"t"})"));
  const auto due = [this](const std::string& at) {
    return English({"--json", "retention", "--process", "p", "--at", at}).out;
  };
  EXPECT_FALSE(Has(due("2032-12-31"), R"("due":"1")")) << due("2032-12-31");
  EXPECT_TRUE(Has(due("2032-12-31"), R"("next_due":"2033-01-01")"));
  EXPECT_TRUE(Has(due("2033-01-01"), R"("due":"1")")) << due("2033-01-01");
  EXPECT_EQ(English({"retention", "--process", "p", "--at", "snart"}).status,
            2);
}

}  // namespace
}  // namespace samverk::e2e
