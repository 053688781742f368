// Whom certificates stand for.
#include "services/access/certificate_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/access/test_certificate.h"

namespace samverk::access {
namespace {

using testing::HasSubstr;

using TestNames = std::vector<std::pair<int, std::string>>;

CertificateMapping Mapping() {
  return *CertificateMapping::Create(
      {{{NameKind::kUri, "spiffe://mkb.example/finance"},
        "mkb",
        {"samverk.cost_booked"}},
       {{NameKind::kDns, "walk.MKB.example"}, "mkb", {"projektledare"}},
       {{NameKind::kDns, "walk2.mkb.example"}, "mkb", {"projektledare"}},
       {{NameKind::kEmail, "Subject-1@fgk.example"}, "fgk", {"handläggare"}}});
}

Refusal Try(const TestNames& names) {
  TestCertificate certificate;
  certificate.names = names;
  const Refusal der = Mapping().Identify(certificate.Der()).refusal;
  EXPECT_EQ(Mapping().Identify(certificate.Pem()).refusal, der);
  return der;
}

TEST(CertificateMapping, FindsTheOrganisationOfEachKindOfName) {
  const struct {
    std::pair<int, std::string> name;
    const char* organisation;
    const char* subject;
  } cases[] = {{{GEN_URI, "spiffe://mkb.example/finance"},
                "mkb",
                "uri:spiffe://mkb.example/finance"},
               {{GEN_DNS, "WALK.mkb.example"}, "mkb", "dns:walk.mkb.example"},
               {{GEN_EMAIL, "Subject-1@FGK.example"},
                "fgk",
                "email:Subject-1@fgk.example"}};
  for (const auto& each : cases) {
    TestCertificate certificate;
    certificate.names = {each.name};
    for (const std::string& text : {certificate.Der(), certificate.Pem()}) {
      const Verdict verdict = Mapping().Identify(text);
      ASSERT_TRUE(verdict.ok()) << RefusalName(verdict.refusal);
      EXPECT_EQ(verdict.credential.organisation, each.organisation);
      EXPECT_EQ(verdict.credential.subject, each.subject);
      EXPECT_EQ(verdict.credential.roles.size(), 1u);
      EXPECT_EQ(verdict.credential.expires, certificate.ends);
    }
  }
}

TEST(CertificateMapping, WantsAName) {
  EXPECT_EQ(Try({}), Refusal::kCertificateWithoutName);
  EXPECT_EQ(Try({{GEN_IPADD, "\x7f\x01\x01\x01"}}),
            Refusal::kCertificateWithoutName);
  // The common name is not one.
  TestCertificate certificate;
  certificate.common_name = "walk.mkb.example";
  EXPECT_EQ(Mapping().Identify(certificate.Der()).refusal,
            Refusal::kCertificateWithoutName);
}

TEST(CertificateMapping, WantsAKnownName) {
  for (const auto& name : TestNames{{GEN_DNS, "walk.mkb.example.other"},
                                    {GEN_DNS, "x.walk.mkb.example"},
                                    {GEN_DNS, "*.mkb.example"},
                                    {GEN_DNS, "walk.mkb.example."},
                                    {GEN_URI, "spiffe://mkb.example/Finance"},
                                    {GEN_URI, "spiffe://MKB.example/finance"},
                                    {GEN_URI, "walk.mkb.example"},
                                    {GEN_EMAIL, "subject-1@fgk.example"},
                                    {GEN_EMAIL, "walk.mkb.example"},
                                    {GEN_DNS, "Subject-1@fgk.example"}}) {
    EXPECT_EQ(Try({name}), Refusal::kCertificateUnknown) << name.second;
  }
  // Names that nobody knows are not in the way of one that somebody does.
  EXPECT_EQ(Try({{GEN_DNS, "other.example"},
                 {GEN_IPADD, "\x7f\x01\x01\x01"},
                 {GEN_DNS, "walk.mkb.example"}}),
            Refusal::kNone);
}

TEST(CertificateMapping, RefusesNamesThatReadersSeeDifferently) {
  const std::string nul("walk.mkb.example\0.other.example", 31);
  for (const int type : {GEN_URI, GEN_DNS, GEN_EMAIL}) {
    for (const std::string& name :
         {nul, std::string("walk.mkb.example\0", 17), std::string("\0", 1),
          std::string("wälk.mkb.example"), std::string("w\xe4lk.mkb.example"),
          std::string("walk.mkb.example "), std::string("walk.mkb.example\n"),
          std::string("walk.mkb.example\x7f")}) {
      EXPECT_EQ(Try({{type, name}}), Refusal::kCertificateNameInvalid);
      // Also beside one that is known.
      EXPECT_EQ(Try({{GEN_DNS, "walk.mkb.example"}, {type, name}}),
                Refusal::kCertificateNameInvalid);
    }
  }
  EXPECT_EQ(Try({{GEN_DNS, ""}}), Refusal::kCertificateNameInvalid);
  const TestNames many(kCertificateNames, {GEN_DNS, "walk.mkb.example"});
  EXPECT_EQ(Try(many), Refusal::kNone);
  TestNames more = many;
  more.push_back({GEN_DNS, "walk.mkb.example"});
  EXPECT_EQ(Try(more), Refusal::kCertificateNameInvalid);
}

TEST(CertificateMapping, RefusesNamesOfTwoOrganisations) {
  EXPECT_EQ(
      Try({{GEN_DNS, "walk.mkb.example"}, {GEN_DNS, "walk2.mkb.example"}}),
      Refusal::kNone);
  EXPECT_EQ(Try({{GEN_DNS, "walk.mkb.example"},
                 {GEN_EMAIL, "Subject-1@fgk.example"}}),
            Refusal::kCertificateAmbiguous);
  EXPECT_EQ(Try({{GEN_EMAIL, "Subject-1@fgk.example"},
                 {GEN_DNS, "walk.mkb.example"}}),
            Refusal::kCertificateAmbiguous);
  // The same organisation, with other roles.
  EXPECT_EQ(Try({{GEN_DNS, "walk.mkb.example"},
                 {GEN_URI, "spiffe://mkb.example/finance"}}),
            Refusal::kCertificateAmbiguous);
}

TEST(CertificateMapping, RefusesAnExtensionThatIsTwiceOrMalformed) {
  TestCertificate twice;
  twice.names = {{GEN_DNS, "walk.mkb.example"}};
  twice.names_twice = true;
  EXPECT_EQ(Mapping().Identify(twice.Der()).refusal,
            Refusal::kCertificateNameInvalid);
  TestCertificate malformed;
  malformed.raw_names = "\x30\x7f\x82\x01";
  EXPECT_EQ(Mapping().Identify(malformed.Der()).refusal,
            Refusal::kCertificateNameInvalid);
}

TEST(CertificateMapping, ReadsOneCertificate) {
  TestCertificate certificate;
  certificate.names = {{GEN_DNS, "walk.mkb.example"}};
  const std::string der = certificate.Der();
  const std::string pem = certificate.Pem();
  EXPECT_EQ(Mapping().Identify(pem + "\r\n\t ").refusal, Refusal::kNone);
  ERR_clear_error();
  for (const std::string& text :
       {std::string(), std::string("\0", 1), der + "x", der + der, pem + pem,
        pem + "x", "x" + pem, pem.substr(0, pem.size() / 2),
        std::string("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
        std::string(kCertificateBytes + 1, '\x30')}) {
    EXPECT_EQ(Mapping().Identify(text).refusal,
              Refusal::kCertificateUnreadable);
  }
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_EQ(Mapping().Identify(der.substr(0, size)).refusal,
              Refusal::kCertificateUnreadable)
        << size;
  }
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(CertificateMapping, ChecksItsRules) {
  const CertificateRule good{{NameKind::kDns, "a.example"}, "mkb", {"partner"}};
  EXPECT_TRUE(CertificateMapping::Create({good}).ok());
  const auto refused = [](CertificateRule rule) {
    const auto mapping = CertificateMapping::Create({std::move(rule)});
    EXPECT_EQ(mapping.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(mapping.status().message(), HasSubstr("rule 1"));
  };
  CertificateRule rule = good;
  for (const std::string& name :
       {std::string(), std::string("*.example"), std::string("ä.example"),
        std::string("a b"), std::string(300, 'a')}) {
    rule.name.value = name;
    refused(rule);
  }
  rule = good;
  rule.organisation = "MKB";
  refused(rule);
  rule = good;
  rule.roles = {"a\nb"};
  refused(rule);
  CertificateRule same = good;
  same.name.value = "A.Example";
  EXPECT_THAT(CertificateMapping::Create({good, same}).status().message(),
              HasSubstr("rules 1 and 2"));
}

}  // namespace
}  // namespace samverk::access
