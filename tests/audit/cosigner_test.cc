// A register whose checkpoints witnesses cosign, over HTTP.
#include "services/audit/witness/cosigner.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "eventstore/audit/verifier.h"
#include "services/audit/witness/witness.h"
#include "services/http/http_server.h"
#include "tests/audit/audit_fixture.h"
#include "tests/audit/witness_fixture.h"

namespace samverk {
namespace {

// A witness with a server of its own.
struct ServedWitness {
  TemporaryDirectory directory;
  SystemClock clock;
  std::unique_ptr<Witness> witness;
  std::unique_ptr<HttpServer> server;

  ServedWitness(const std::string& name, NoteVerifier log) {
    auto opened = Witness::Open({.directory = directory.path(),
                                 .name = name,
                                 .logs = {std::move(log)},
                                 .clock = &clock});
    EXPECT_TRUE(opened.ok()) << opened.status();
    witness = *std::move(opened);
    HttpServer::Options http;
    http.host = "127.0.0.1";
    http.others = [this](const HttpRequest& request) {
      return witness->AddCheckpoint(request);
    };
    auto started = HttpServer::Start(std::move(http));
    EXPECT_TRUE(started.ok()) << started.status();
    server = *std::move(started);
  }
  WitnessAddress Address() const {
    return {witness->Verifier(),
            absl::StrCat("http://127.0.0.1:", server->port())};
  }
};

class CosignerTest : public AuditTest {
 protected:
  ~CosignerTest() override { cosigner_.reset(); }

  void Ask(std::vector<WitnessAddress> witnesses) {
    cosigner_.reset();
    cosigner_ = std::make_unique<Cosigner>(
        Cosigner::Options{.signer = signer_.get(),
                          .prover = prover_.get(),
                          .witnesses = std::move(witnesses),
                          .interval = absl::Milliseconds(5),
                          .retry = absl::Milliseconds(20),
                          .timeout = absl::Seconds(5)});
  }
  // Waits until all witnesses have, or have not, a problem.
  std::vector<Cosigner::State> Await(
      const std::function<bool(const std::vector<Cosigner::State>&)>& what) {
    const absl::Time late = absl::Now() + absl::Seconds(30);
    while (true) {
      const std::vector<Cosigner::State> states = cosigner_->States();
      if (what(states)) return states;
      if (absl::Now() > late) {
        ADD_FAILURE() << "it does not happen; the first problem: "
                      << states[0].problem;
        return states;
      }
      absl::SleepFor(absl::Milliseconds(1));
    }
  }
  void AwaitCosigned(uint64_t size) {
    Await([&](const auto& states) {
      return std::all_of(states.begin(), states.end(), [&](const auto& state) {
        return state.cosigned >= size && state.problem.empty();
      });
    });
  }
  absl::StatusOr<Verified> VerifyWith(const std::string& bytes,
                                      std::vector<NoteVerifier> witnesses) {
    const size_t needed = witnesses.size();
    return ProofVerifier({Key()}, {std::move(witnesses), needed}).Verify(bytes);
  }

  std::unique_ptr<Cosigner> cosigner_;
};

TEST_F(CosignerTest, CheckpointsAndProofsComeWithCosignatures) {
  OpenAll();
  ServedWitness one("one.example/w", Key());
  ServedWitness two("two.example/w", Key());
  Ask({one.Address(), two.Address()});
  for (uint64_t n = 10; n <= 300; n += 29) {
    AppendEvents(n == 10 ? 1 : n - 28, n);
    ASSERT_TRUE(signer_->Covering(Position(n)).ok());
    AwaitCosigned(n);
    const auto proof = prover_->Inclusion(Position(n));
    ASSERT_TRUE(proof.ok()) << proof.status();
    const auto verified =
        VerifyWith(FormatTlogProof(*proof),
                   {one.witness->Verifier(), two.witness->Verifier()});
    ASSERT_TRUE(verified.ok()) << verified.status();
    ASSERT_EQ(verified->cosigned.size(), 2u);
    EXPECT_EQ(verified->cosigned[1].witness, "two.example/w");
  }
  const auto head = signer_->Covering(Position());
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->note.signatures.size(), 3u);
}

TEST_F(CosignerTest, AWitnessThatIsNotThereHoldsUpNobody) {
  OpenAll();
  ServedWitness one("one.example/w", Key());
  WitnessAddress gone = one.Address();
  gone.key.name = "gone.example/w";
  gone.url = "http://127.0.0.1:1";
  Ask({gone, one.Address()});
  AppendEvents(1, 20);
  ASSERT_TRUE(signer_->Covering(Position(20)).ok());
  const auto states = Await([](const auto& all) {
    return !all[0].problem.empty() && all[1].cosigned == 20;
  });
  EXPECT_EQ(states[1].problem, "");
  const std::string head = FormatNote(signer_->Covering(Position())->note);
  EXPECT_TRUE(VerifyWith(head, {one.witness->Verifier()}).ok());
  const absl::Status too_few =
      VerifyWith(head, {one.witness->Verifier(), gone.key}).status();
  EXPECT_EQ(too_few.code(), absl::StatusCode::kFailedPrecondition) << too_few;
}

TEST_F(CosignerTest, GoesOnAfterStartsOfBoth) {
  OpenAll();
  ServedWitness one("one.example/w", Key());
  Ask({one.Address()});
  AppendEvents(1, 20);
  ASSERT_TRUE(signer_->Covering(Position(20)).ok());
  AwaitCosigned(20);
  cosigner_.reset();
  CloseAll();
  OpenAll();
  AppendEvents(21, 60);
  ASSERT_TRUE(signer_->Covering(Position(60)).ok());
  Ask({one.Address()});
  AwaitCosigned(60);
}

TEST_F(CosignerTest, ALogThatHasLostEventsIsToldByItsWitness) {
  OpenAll();
  AppendEvents(1, 20);
  CloseAll();
  const std::string copy = outside_.path() + "/copy";
  std::filesystem::copy(directory_.path(), copy,
                        std::filesystem::copy_options::recursive);
  OpenAll();
  AppendEvents(21, 60);
  ASSERT_TRUE(signer_->Covering(Position(60)).ok());
  ServedWitness one("one.example/w", Key());
  Ask({one.Address()});
  AwaitCosigned(60);
  cosigner_.reset();
  CloseAll();
  // The older copy, served by somebody who wants it so.
  std::filesystem::remove_all(directory_.path());
  std::filesystem::copy(copy, directory_.path(),
                        std::filesystem::copy_options::recursive);
  Open();
  ASSERT_TRUE(TrySign(true).ok());
  prover_ = std::make_unique<Prover>(*store_, *store_, *signer_);
  Ask({one.Address()});
  const auto fewer =
      Await([](const auto& all) { return !all[0].problem.empty(); });
  EXPECT_NE(fewer[0].problem.find("it says that it has cosigned 60 events"),
            std::string::npos)
      << fewer[0].problem;
  // And goes on as another history.
  for (uint64_t n = 101; n <= 140; ++n) AppendEvents(n, n);
  ASSERT_TRUE(signer_->Covering(Position(60)).ok());
  Await([](const auto& all) {
    return all[0].problem.find(
               "other events of this register than its first "
               "60") != std::string::npos;
  });
  // And when it has more than the witness knows.
  AppendEvents(141, 150);
  ASSERT_TRUE(signer_->Covering(Position(70)).ok());
  const auto grown = Await([](const auto& all) {
    return all[0].problem.find(
               "other events of this register than its first "
               "60") != std::string::npos;
  });
  EXPECT_EQ(grown[0].cosigned, 0u);
}

TEST_F(CosignerTest, AnswersThatAreNoSignaturesAreRefused) {
  OpenAll();
  std::string body;
  int status = 200;
  Mutex mu;
  HttpServer::Options http;
  http.host = "127.0.0.1";
  http.others = [&](const HttpRequest&) {
    MutexLock lock(mu);
    return HttpAnswer{.status = status, .body = body};
  };
  auto server = HttpServer::Start(std::move(http));
  ASSERT_TRUE(server.ok()) << server.status();
  NoteSigner witness = NewSigner("w");
  witness.kind = NoteSignatureKind::kCosignature;
  Ask({{witness.Verifier(),
        absl::StrCat("http://127.0.0.1:", (*server)->port())}});
  const auto expect = [&](int new_status, const std::string& new_body,
                          const std::string& problem) {
    {
      MutexLock lock(mu);
      status = new_status;
      body = new_body;
    }
    Await([&](const auto& all) {
      return all[0].problem.find(problem) != std::string::npos;
    });
  };
  expect(200, "", "no signature with the key");
  expect(200, "nonsense\n", "is no signature");
  expect(200, SignatureLine(SignText("another text\n", witness, absl::Now())),
         "no signature with the key");
  expect(500, "\x1b[31mhm\n", "answers 500: \\x1b[31mhm");
  expect(409, "x\n", "answers 409");
  expect(301, "", "answers 301");
  expect(422, "", "other events of this register");
  EXPECT_EQ(signer_->Covering(Position())->note.signatures.size(), 1u);
}

TEST(WitnessAddress, IsAKeyAndAnAddress) {
  NoteSigner signer = NewSigner("w");
  const std::string of_log = FormatVerifier(signer.Verifier());
  signer.kind = NoteSignatureKind::kCosignature;
  const std::string key = FormatVerifier(signer.Verifier());
  const auto right = ParseWitnessAddress(key + " https://w.example/path/");
  ASSERT_TRUE(right.ok()) << right.status();
  EXPECT_EQ(right->url, "https://w.example/path");
  EXPECT_EQ(right->key, signer.Verifier());
  EXPECT_TRUE(ParseWitnessAddress(key + " http://127.0.0.1:7480").ok());
  for (const std::string& wrong :
       {std::string(key), of_log + " https://w.example",
        key + " http://w.example", key + " ftp://w.example",
        key + "  https://w.example", std::string("x https://w.example"),
        std::string()}) {
    EXPECT_EQ(ParseWitnessAddress(wrong).status().code(),
              absl::StatusCode::kInvalidArgument)
        << wrong;
  }
}

}  // namespace
}  // namespace samverk
