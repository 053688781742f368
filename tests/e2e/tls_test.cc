// TLS: who the server is, and who its clients are by their certificates.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/access/test_certificate.h"
#include "tests/contract/temporary_directory.h"
#include "tests/e2e/programs.h"

namespace samverk::e2e {
namespace {

using access::TestCertificate;
using access::TestKey;

constexpr char kGoal[] = R"({"process":"p","source":{"system":"t","ref":"%"},)"
                         R"("process_registered":{"name":"P"}})"
                         "\n";

class Tls : public testing::Test {
 protected:
  void SetUp() override {
    Write("ca.pem", Authority("authority").Pem());
    Write("server.pem", Signed("server", {{GEN_DNS, "localhost"}}).Pem());
    Write("server.key", server_key_.PrivatePem());
    Write("access.toml",
          "[[certificate]]\nname = \"dns:leader.mkb.example\"\n"
          "organisation = \"mkb\"\nroles = [\"officer\", \"projektledare\", "
          "\"administrator\"]\n");
    Client("leader", {{GEN_DNS, "leader.mkb.example"}}, Tomorrow());
    Start();
  }

  void Start(const std::string& address = "127.0.0.1:0") {
    server_.reset();
    server_ = std::make_unique<RunningServer>(
        Path("data"),
        std::vector<std::string>{
            "--tls-certificate", Path("server.pem"), "--tls-key",
            Path("server.key"), "--client-authorities", Path("ca.pem"),
            "--access", Path("access.toml"), "--grpc", address});
  }

  // Whether reflection says which services there are.
  bool Reflects() const {
    grpc::SslCredentialsOptions authority;
    authority.pem_root_certs = ReadFile(Path("ca.pem"));
    const std::string& address = server_->address();
    grpc::GenericStub stub(grpc::CreateChannel(
        absl::StrCat("localhost:", address.substr(address.rfind(':') + 1)),
        grpc::SslCredentials(authority)));
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Minutes(1)));
    grpc::CompletionQueue queue;
    const auto await = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      queue.Next(&tag, &ok);
      return ok;
    };
    const auto call = stub.PrepareCall(
        &context,
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        &queue);
    call->StartCall(nullptr);
    await();
    // Field 7, an empty text: list_services.
    const grpc::Slice list(std::string("\x3a\x00", 2));
    call->WriteLast(grpc::ByteBuffer(&list, 1), grpc::WriteOptions(), nullptr);
    await();
    grpc::ByteBuffer answer;
    call->Read(&answer, nullptr);
    const bool said = await();
    grpc::Status status;
    call->Finish(&status, nullptr);
    await();
    EXPECT_EQ(status.ok(), said) << status.error_message();
    return said;
  }

  static absl::Time Tomorrow() { return absl::Now() + absl::Hours(24); }

  std::string Path(const std::string& name) const {
    return absl::StrCat(directory_.path(), "/", name);
  }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
  }
  TestCertificate Authority(const std::string& name) const {
    return {.common_name = name, .authority = true, .key = &authority_key_};
  }
  TestCertificate Signed(const std::string& name,
                         std::vector<std::pair<int, std::string>> names) const {
    return {.names = std::move(names),
            .common_name = name,
            .key = &server_key_,
            .issuer = "authority",
            .issuer_key = &authority_key_};
  }
  // A client's certificate and key, NAME.pem and NAME.key.
  void Client(const std::string& name,
              std::vector<std::pair<int, std::string>> names,
              absl::Time ends) const {
    TestCertificate certificate = Signed(name, std::move(names));
    certificate.ends = ends;
    Write(name + ".pem", certificate.Pem());
    Write(name + ".key", server_key_.PrivatePem());
  }
  // Runs samverk over TLS with a client's certificate; "": without one.
  Outcome As(const std::string& client, std::vector<std::string> arguments,
             const std::string& input = "") const {
    const std::string& address = server_->address();
    std::vector<std::string> command = {
        SAMVERK_PROGRAM,
        "--lang",
        "en",
        "--server",
        absl::StrCat("localhost:", address.substr(address.rfind(':') + 1)),
        "--ca",
        Path("ca.pem")};
    if (!client.empty()) {
      command.insert(command.end(), {"--cert", Path(client + ".pem"), "--key",
                                     Path(client + ".key")});
    }
    command.insert(command.end(), arguments.begin(), arguments.end());
    return RunProgram(command, input);
  }

  TemporaryDirectory directory_;
  const TestKey authority_key_ = TestKey::EcP256();
  const TestKey server_key_ = TestKey::EcP256();
  std::unique_ptr<RunningServer> server_;
};

TEST_F(Tls, ACertificateStandsForItsOrganisation) {
  const Outcome recorded = As("leader", {"record", "-"}, kGoal);
  EXPECT_EQ(recorded.status, 0) << recorded.err;
  const Outcome log = As("leader", {"--json", "log", "--process", "p"});
  EXPECT_TRUE(Has(log.out, R"("organisation":"mkb")")) << log.out << log.err;
  EXPECT_TRUE(Has(log.out, R"("subject":"dns:leader.mkb.example")")) << log.out;
}

TEST_F(Tls, WithoutACertificateOnlyWhatIsAnybodys) {
  EXPECT_EQ(As("", {"audit", "checkpoint"}).status, 0);
  const Outcome refused = As("", {"record", "-"}, kGoal);
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(Has(refused.err, "UNAUTHENTICATED")) << refused.err;
}

TEST_F(Tls, CertificatesThatDoNotHoldAreRefused) {
  // Without a name, and with one that no rule has.
  Client("nameless", {}, Tomorrow());
  Client("stranger", {{GEN_DNS, "stranger.example"}}, Tomorrow());
  for (const char* client : {"nameless", "stranger"}) {
    const Outcome refused = As(client, {"audit", "checkpoint"});
    EXPECT_EQ(refused.status, 1) << client;
    EXPECT_TRUE(Has(refused.err, "UNAUTHENTICATED")) << refused.err;
  }
  // Expired, and of another authority of the same name: no connection.
  Client("expired", {{GEN_DNS, "leader.mkb.example"}},
         absl::Now() - absl::Hours(1));
  const TestKey other = TestKey::EcP256();
  TestCertificate forged = Signed("forged", {{GEN_DNS, "leader.mkb.example"}});
  forged.issuer_key = &other;
  Write("forged.pem", forged.Pem());
  Write("forged.key", server_key_.PrivatePem());
  for (const char* client : {"expired", "forged"}) {
    const Outcome refused = As(client, {"audit", "checkpoint"});
    EXPECT_EQ(refused.status, 1) << client;
  }
}

TEST_F(Tls, AServerOfAnotherAuthorityIsNotBelieved) {
  const TestKey other = TestKey::EcP256();
  Write("ca.pem.own", ReadFile(Path("ca.pem")));
  Write("ca.pem",
        TestCertificate{
            .common_name = "authority", .authority = true, .key = &other}
            .Pem());
  EXPECT_EQ(As("", {"audit", "checkpoint"}).status, 1);
}

TEST_F(Tls, InClearNobodyIsAnswered) {
  const Outcome refused = RunProgram(
      {SAMVERK_PROGRAM, "--server", server_->address(), "audit", "checkpoint"});
  EXPECT_EQ(refused.status, 1);
}

TEST_F(Tls, CertificatesAreRenewedWithoutAStart) {
  // Another key and certificate of the server, by the same authority.
  const TestKey fresh = TestKey::EcP256();
  TestCertificate renewed = Signed("renewed", {{GEN_DNS, "localhost"}});
  renewed.key = &fresh;
  // A client that trusts this certificate alone sees when it is served.
  Write("server.key.new", fresh.PrivatePem());
  Write("server.pem.new", renewed.Pem());
  ASSERT_EQ(
      std::rename(Path("server.key.new").c_str(), Path("server.key").c_str()),
      0);
  ASSERT_EQ(
      std::rename(Path("server.pem.new").c_str(), Path("server.pem").c_str()),
      0);
  const std::string address = server_->address();
  const auto served = [&] {
    return RunProgram({"/usr/bin/openssl", "s_client", "-connect", address,
                       "-servername", "localhost", "-alpn", "h2"},
                      "")
        .out;
  };
  const absl::Time latest = absl::Now() + absl::Seconds(60);
  while (!Has(served(), "renewed") && absl::Now() < latest) {
    absl::SleepFor(absl::Milliseconds(500));
  }
  EXPECT_TRUE(Has(served(), "renewed"));
  EXPECT_EQ(As("leader", {"audit", "checkpoint"}).status, 0);
}

TEST(TlsOptions, AreCheckedBeforeAnythingIsOpened) {
  TemporaryDirectory directory;
  const std::string data = directory.path() + "/data";
  const Outcome half = TryServer({"--data", data, "--tls-key", "x"});
  EXPECT_EQ(half.status, 1);
  EXPECT_TRUE(Has(half.err, "give both --tls-certificate and --tls-key"))
      << half.err;
  const Outcome missing =
      TryServer({"--data", data, "--tls-certificate", "/nonexistent",
                 "--tls-key", "/nonexistent"});
  EXPECT_TRUE(Has(missing.err, "there is no file /nonexistent")) << missing.err;
  const Outcome open = TryServer({"--data", data, "--grpc", "0.0.0.0:0"});
  EXPECT_TRUE(Has(open.err, "neither TLS nor authentication")) << open.err;
  std::ofstream(directory.path() + "/a.pem") << "no certificate\n";
  const std::string pem = directory.path() + "/a.pem";
  const Outcome broken =
      TryServer({"--data", data, "--tls-certificate", pem, "--tls-key", pem});
  EXPECT_EQ(broken.status, 1);
  EXPECT_TRUE(Has(broken.err, "has no certificate in PEM")) << broken.err;
}

TEST_F(Tls, ContractsAreToldOnThisMachineAlone) {
  EXPECT_TRUE(Reflects());
  Start("0.0.0.0:0");
  EXPECT_FALSE(Reflects());
}

}  // namespace
}  // namespace samverk::e2e
