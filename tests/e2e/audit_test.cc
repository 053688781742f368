// Proving to outsiders what is on record: the command line, the offline
// verifiers, tiles over HTTP.
#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/audit/note_key.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

namespace fs = std::filesystem;

class AuditE2e : public testing::Test {
 protected:
  void Start(const std::vector<std::string>& arguments = {}) {
    server_ = std::make_unique<RunningServer>(Data(), arguments);
  }
  std::string Data() const { return directory_.path() + "/data"; }
  std::string File(const std::string& name) const {
    return absl::StrCat(directory_.path(), "/", name);
  }
  // Runs "samverk audit …".
  Outcome Audit(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--lang", "en", "audit"});
    return server_->Samverk(arguments);
  }
  void Make(std::vector<std::string> arguments, const std::string& name) const {
    arguments.insert(arguments.end(), {"--out", File(name)});
    const Outcome made = Audit(arguments);
    ASSERT_EQ(made.status, 0) << made.err;
  }
  // The three offline verifiers, which must agree.
  void ExpectVerified(const std::vector<std::string>& names, bool holds) const {
    std::vector<std::string> files;
    for (const std::string& name : names) files.push_back(File(name));
    const auto with = [&files](std::vector<std::string> command) {
      command.insert(command.end(), files.begin(), files.end());
      return RunProgram(command);
    };
    const Outcome ours =
        with({SAMVERK_VERIFY_PROGRAM, "--lang", "en", "--key", File("key")});
    EXPECT_EQ(ours.status, holds ? 0 : 1) << ours.out << ours.err;
    const Outcome command_line = with({SAMVERK_PROGRAM, "--lang", "en", "audit",
                                       "verify", "--key", File("key")});
    EXPECT_EQ(command_line.status, ours.status) << command_line.err;
    EXPECT_EQ(command_line.out, ours.out);
    const Outcome independent =
        with({"/usr/bin/python3", "clients/verify/verify.py", File("key")});
    EXPECT_EQ(independent.status, holds ? 0 : 1)
        << independent.out << independent.err;
  }

  TemporaryDirectory directory_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(AuditE2e, WhatIsOnRecordIsProvedOffline) {
  Start();
  server_->RecordDemo();
  const std::string head = absl::StrCat(DemoEvents());
  Make({"key"}, "key");
  Make({"checkpoint", "--at-least", head}, "2025.checkpoint");
  Make({"prove", "17"}, "17.tlog-proof");
  EXPECT_EQ(server_
                ->Samverk({"record", "-"},
                          R"({"process":"augustenborg","source":{"system":"t",)"
                          R"("ref":"1"},"recorded_by":{"organisation":"mkb",)"
                          R"("role":"projektledare","subject":"p-1"},)"
                          R"("goal_set":{"goal":"g-1","text":"t"}})"
                          "\n")
                .status,
            0);
  Make({"checkpoint", "--at-least", absl::StrCat(DemoEvents() + 1)}, "later");
  Make({"prove-growth", File("2025.checkpoint")}, "since.growth");
  EXPECT_EQ(server_->Stop().status, 0);

  ExpectVerified({"17.tlog-proof", "2025.checkpoint", "since.growth", "later"},
                 true);
  const Outcome said = RunProgram(
      {SAMVERK_VERIFY_PROGRAM, "--lang", "en", "--key", File("key"),
       File("17.tlog-proof"), File("2025.checkpoint"), File("since.growth")});
  EXPECT_TRUE(Has(said.out, "Event 17 is one of them, byte for byte"))
      << said.out;
  EXPECT_TRUE(Has(said.out, absl::StrCat("The first ", head,
                                         " of them are those of the earlier")))
      << said.out;
  const Outcome swedish =
      RunProgram({SAMVERK_VERIFY_PROGRAM, "--lang", "sv", "--key", File("key"),
                  File("17.tlog-proof")});
  EXPECT_TRUE(Has(swedish.out, "Händelse 17 är en av dem")) << swedish.out;

  // Whatever is changed in them.
  for (const char* name : {"17.tlog-proof", "2025.checkpoint"}) {
    const std::string bytes = ReadFile(File(name));
    for (size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 12) {
      std::string changed = bytes;
      changed[at] = changed[at] == 'A' ? 'B' : 'A';
      std::ofstream(File("changed"), std::ios::binary) << changed;
      SCOPED_TRACE(absl::StrCat(name, " byte ", at));
      ExpectVerified({"changed"}, false);
    }
  }
  // A proof of growth alone begins nowhere.
  ExpectVerified({"since.growth"}, false);
}

TEST_F(AuditE2e, AnExportIsVerifiedAsAWhole) {
  Start({"--raw-store", "--register", "bench-1"});
  server_->RecordDemo();
  // More than one tile.
  ASSERT_EQ(server_
                ->Samverk({"bench", "append", "--callers", "4", "--batch", "50",
                           "--seconds", "1", "--yes"})
                .status,
            0);
  Make({"key"}, "key");
  Make({"export"}, "export");
  EXPECT_EQ(Audit({"export", "--out", File("export")}).status, 2)
      << "not twice";
  EXPECT_EQ(server_->Stop().status, 0);
  ExpectVerified({"export"}, true);
  const std::string events = ReadFile(File("export/events.jsonl"));
  EXPECT_TRUE(Has(Lines(events)[0], R"({"position":"1","stream":")"));
  EXPECT_TRUE(Has(ReadFile(File("export/README.txt")), "REGISTER bench-1, "));
  EXPECT_TRUE(fs::exists(File("export/schemas/samverk.cost_booked.json")));

  // Whatever is changed is found, and where.
  const auto verified_after = [this](const std::string& name, size_t at) {
    const std::string path = File("export/" + name);
    const std::string bytes = ReadFile(path);
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(path, std::ios::binary) << changed;
    const Outcome outcome = RunProgram({SAMVERK_VERIFY_PROGRAM, "--lang", "en",
                                        "--key", File("key"), File("export")});
    EXPECT_EQ(outcome.status, 1) << name << " " << at;
    if (Has(name, "entries") || name == "checkpoint") {
      ExpectVerified({"export"}, false);
    }
    std::ofstream(path, std::ios::binary) << bytes;
    return outcome.out;
  };
  EXPECT_TRUE(Has(verified_after("tile/entries/000", 100), "event 1:"));
  EXPECT_TRUE(Has(verified_after("tile/0/000", 32 * 6 + 5), "event 7:"));
  verified_after("checkpoint", 9);
  verified_after("events.jsonl", events.find("leaf_hash") + 14);
  ExpectVerified({"export"}, true);
  fs::remove(File("export/tile/0/000"));
  EXPECT_EQ(
      RunProgram({SAMVERK_VERIFY_PROGRAM, "--key", File("key"), File("export")})
          .status,
      1);
}

TEST_F(AuditE2e, TheVerifierLinksNeitherStoreNorServer) {
  const Outcome linked = RunProgram({"/usr/bin/ldd", SAMVERK_VERIFY_PROGRAM});
  EXPECT_EQ(linked.status, 0);
  EXPECT_TRUE(Has(linked.out, "libcrypto")) << linked.out;
  for (const char* not_this : {"rocksdb", "grpc", "libnats", "libcurl"}) {
    EXPECT_FALSE(Has(linked.out, not_this)) << linked.out;
  }
}

TEST_F(AuditE2e, WhatIsWrongIsSaid) {
  Start();
  server_->RecordDemo();
  const Outcome beyond = Audit({"prove", "1000000"});
  EXPECT_EQ(beyond.status, 1);
  EXPECT_TRUE(Has(beyond.err, "has not been recorded yet")) << beyond.err;
  EXPECT_EQ(Audit({"prove", "0"}).status, 2);
  EXPECT_EQ(Audit({"prove-growth", File("none")}).status, 1);
  const Outcome no_key = RunProgram(
      {SAMVERK_VERIFY_PROGRAM, "--lang", "en", "--key", "x", File("none")});
  EXPECT_EQ(no_key.status, 2);
  EXPECT_TRUE(Has(no_key.err, "neither a public key")) << no_key.err;
}

TEST_F(AuditE2e, ThePrivateKeyIsNotRepeated) {
  Start();
  const std::string secret = Data() + "/secrets/log-key";
  const std::string seed = ReadFile(secret).substr(25);
  for (const std::string& key : {secret, ReadFile(secret)}) {
    const Outcome refused =
        RunProgram({SAMVERK_VERIFY_PROGRAM, "--key", key, File("none")});
    EXPECT_EQ(refused.status, 2);
    EXPECT_TRUE(Has(refused.err, "private key")) << refused.err;
    EXPECT_FALSE(Has(refused.out + refused.err, seed.substr(0, 20)));
  }
}

TEST_F(AuditE2e, AServerWithFewerEventsIsNotExcused) {
  Start();
  server_->RecordDemo();
  Make({"key"}, "key");
  Make({"checkpoint", "--at-least", absl::StrCat(DemoEvents())}, "kept");
  EXPECT_EQ(server_->Stop().status, 0);
  RunningServer other(directory_.path() + "/other");
  const Outcome told =
      other.Samverk({"--lang", "en", "audit", "prove-growth", File("kept")});
  EXPECT_EQ(told.status, 1);
  EXPECT_TRUE(Has(told.err, "it is the evidence")) << told.err;
}

TEST_F(AuditE2e, AnEmptyRegisterIsExportedToo) {
  Start();
  Make({"key"}, "key");
  Make({"export"}, "export");
  ExpectVerified({"export"}, true);
  // What is no file is said, and the others are verified nevertheless.
  fs::remove(File("export/checkpoint"));
  fs::create_directory(File("export/checkpoint"));
  Make({"checkpoint"}, "checkpoint");
  const Outcome said =
      RunProgram({SAMVERK_VERIFY_PROGRAM, "--lang", "en", "--key", File("key"),
                  File("export"), File("checkpoint")});
  EXPECT_EQ(said.status, 1);
  EXPECT_TRUE(Has(said.out, "is no file")) << said.out << said.err;
  EXPECT_TRUE(Has(said.out, "checkpoint: holds")) << said.out;
}

TEST_F(AuditE2e, MonitorsReadTilesOverHttp) {
  Start();
  server_->RecordDemo();
  const auto get = [this](const std::string& path) {
    return httplib::Client(server_->http_address()).Get(path);
  };
  Make({"key"}, "key");
  const Outcome covering =
      Audit({"checkpoint", "--at-least", absl::StrCat(DemoEvents())});
  const auto checkpoint = get("/checkpoint");
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->status, 200);
  EXPECT_EQ(checkpoint->body, covering.out);
  EXPECT_EQ(checkpoint->get_header_value("Content-Type"),
            "text/plain; charset=utf-8");
  const auto tile = get(absl::StrCat("/tile/0/000.p/", DemoEvents()));
  ASSERT_TRUE(tile);
  EXPECT_EQ(tile->status, 200);
  EXPECT_EQ(tile->body.size(), 32 * DemoEvents());
  EXPECT_TRUE(Has(tile->get_header_value("Cache-Control"), "immutable"));
  EXPECT_EQ(get("/tile/0/001")->status, 404);
  EXPECT_TRUE(Has(get("/asyncapi.json")->body, "\"asyncapi\""));
  EXPECT_TRUE(Has(get("/schemas/samverk.cost_booked.json")->body, "ore"));
  // Not for a page whose name its owner has lead to this machine, nor for one
  // of elsewhere: there are events in entries.
  for (const httplib::Headers& headers :
       {httplib::Headers{{"Host", "a.example"}},
        httplib::Headers{{"Origin", "https://a.example"}}}) {
    const auto refused =
        httplib::Client(server_->http_address())
            .Get(absl::StrCat("/tile/entries/000.p/", DemoEvents()), headers);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 403);
  }
}

TEST_F(AuditE2e, TheKeyIsKeptAndNotGivenAway) {
  Start();
  server_->RecordDemo();
  Make({"key"}, "key");
  const std::string secret = ReadFile(Data() + "/secrets/log-key");
  EXPECT_TRUE(Has(secret, "PRIVATE+KEY+samverk+")) << "it is there";
  const Outcome first = server_->Stop();
  EXPECT_FALSE(Has(first.err, "PRIVATE")) << first.err;
  EXPECT_TRUE(Has(first.err, "a new key for checkpoints was made"));

  Start();
  const std::string again = Audit({"key"}).out;
  EXPECT_EQ(again, ReadFile(File("key")));
  EXPECT_EQ(server_->Stop().status, 0);

  // Without it nothing is signed, unless somebody says so.
  fs::rename(Data() + "/secrets/log-key", File("log-key"));
  const Outcome refused =
      TryServer({"--data", Data(), "--grpc", "127.0.0.1:0", "--http", "none"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "--new-log-key")) << refused.err;
  fs::rename(File("log-key"), Data() + "/secrets/log-key");
  Start({"--new-log-key"});
  EXPECT_NE(Audit({"key"}).out, ReadFile(File("key")));
}

// Two registers, each the other's witness.
TEST_F(AuditE2e, RegistersAreWitnessesToEachOther) {
  const std::string other_data = directory_.path() + "/other";
  Start({"--register", "one.example"});
  Make({"key"}, "key");
  EXPECT_EQ(Audit({"key", "--as-witness"}).status, 1) << "it is none yet";
  const std::string key = Lines(ReadFile(File("key")))[0];
  EXPECT_EQ(server_->Stop().status, 0);
  fs::copy(Data() + "/log", File("early"), fs::copy_options::recursive);
  auto other = std::make_unique<RunningServer>(
      other_data, std::vector<std::string>{"--register", "other.example",
                                           "--witness-for", key});
  const Outcome witness =
      other->Samverk({"--lang", "en", "audit", "key", "--as-witness"});
  ASSERT_EQ(witness.status, 0) << witness.err;
  EXPECT_TRUE(Has(witness.out, "other.example/witness+")) << witness.out;
  std::ofstream(File("witness.key")) << witness.out;
  const std::string address =
      absl::StrCat(Lines(witness.out)[0], " http://", other->http_address());

  Start({"--witness", address});
  server_->RecordDemo();
  const std::string head = absl::StrCat(DemoEvents());
  // Sooner or later with the cosignature.
  const auto verify = [this](const std::string& name) {
    return RunProgram({SAMVERK_VERIFY_PROGRAM, "--lang", "en", "--key",
                       File("key"), "--witness", File("witness.key"),
                       File(name)});
  };
  Outcome verified;
  const absl::Time late = absl::Now() + absl::Seconds(60);
  do {
    Make({"prove", head}, "proof");
    verified = verify("proof");
  } while (verified.status != 0 && absl::Now() < late);
  EXPECT_EQ(verified.status, 0) << verified.out << verified.err;
  EXPECT_TRUE(
      Has(verified.out,
          "The witness other.example/witness has seen the same history"))
      << verified.out;
  const auto independently = [this](const std::string& witness_key) {
    return RunProgram({"/usr/bin/python3", "clients/verify/verify.py",
                       File("key"), "--witness", witness_key, File("proof")})
        .status;
  };
  EXPECT_EQ(independently(File("witness.key")), 0);
  EXPECT_NE(independently(File("key")), 0) << "no key of a witness";
  // One key is one witness, whatever it is called.
  const std::string again =
      FormatVerifier({"another.example/w", NoteSignatureKind::kCosignature,
                      ParseVerifier(Lines(witness.out)[0])->key});
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--witness", again},
        std::vector<std::string>{"--needed", "0"},
        std::vector<std::string>{"--needed", "2"}}) {
    std::vector<std::string> command = {SAMVERK_VERIFY_PROGRAM,
                                        "--lang",
                                        "en",
                                        "--key",
                                        File("key"),
                                        "--witness",
                                        File("witness.key"),
                                        File("proof")};
    command.insert(command.end(), more.begin(), more.end());
    EXPECT_EQ(RunProgram(command).status, 2) << more[1];
  }
  EXPECT_NE(independently(File("witness.key") + "," + again), 0);
  // An export has it too.
  Make({"export"}, "export");
  EXPECT_EQ(verify("export").status, 0) << verify("export").out;
  // Without it, it is not proved.
  const std::string proof = ReadFile(File("proof"));
  std::ofstream(File("proof"))
      << proof.substr(0, proof.rfind("\n", proof.size() - 2) + 1);
  EXPECT_EQ(verify("proof").status, 1);
  EXPECT_EQ(independently(File("witness.key")), 1);

  // A register that has lost its events is told by the other.
  EXPECT_EQ(server_->Stop().status, 0);
  fs::remove_all(Data() + "/log");
  fs::remove_all(Data() + "/views");
  fs::rename(File("early"), Data() + "/log");
  Start({"--rebuild", "--witness", address});
  Outcome status;
  do {
    status = server_->Samverk({"--lang", "en", "status"});
  } while (!Has(status.out, "it says that it has cosigned") &&
           absl::Now() < late);
  EXPECT_TRUE(
      Has(status.out, absl::StrCat("it says that it has cosigned ", head)))
      << status.out;
  // It ends also when the other is gone, and the other goes on where it was.
  other->Kill();
  EXPECT_EQ(server_->Stop().status, 0);
  other = std::make_unique<RunningServer>(
      other_data, std::vector<std::string>{"--witness-for", key});
  EXPECT_EQ(other->Stop().status, 0);
}

TEST_F(AuditE2e, WitnessesThatAreWrittenWrongAreSaid) {
  for (const auto& [option, value, why] :
       {std::tuple("--witness", "nonsense", "is no witness"),
        std::tuple("--witness-for", "nonsense", "NAME+ID+KEY"),
        std::tuple("--scrub-mb", "-1", "--scrub-mb")}) {
    const Outcome refused =
        TryServer({"--data", Data(), "--grpc", "127.0.0.1:0", "--http", "none",
                   option, value});
    EXPECT_NE(refused.status, 0);
    EXPECT_TRUE(Has(refused.err, why)) << refused.err;
  }
}

}  // namespace
}  // namespace samverk::e2e
