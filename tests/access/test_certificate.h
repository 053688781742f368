// Certificates that tests make.
#ifndef SAMVERK_TESTS_ACCESS_TEST_CERTIFICATE_H_
#define SAMVERK_TESTS_ACCESS_TEST_CERTIFICATE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "tests/access/test_keys.h"

namespace samverk::access {

struct TestCertificate {
  // Types of names (GEN_URI, GEN_DNS, GEN_EMAIL, GEN_IPADD of 4 bytes) and
  // their bytes. Empty: no extension of names.
  std::vector<std::pair<int, std::string>> names = {};
  std::string common_name = "client";
  // The extension of names twice, which RFC 5280, section 4.2, forbids.
  bool names_twice = false;
  // In place of the extension's bytes, if not empty.
  std::string raw_names = {};
  absl::Time ends = absl::FromUnixSeconds(1'800'000'000);
  // Of an authority that signs others.
  bool authority = false;
  // Whose it is, and the common name and key of who signed it. Null and empty:
  // EcKey, and itself.
  const TestKey* key = nullptr;
  std::string issuer = {};
  const TestKey* issuer_key = nullptr;

  std::string Der() const;
  std::string Pem() const;
};

}  // namespace samverk::access

#endif  // SAMVERK_TESTS_ACCESS_TEST_CERTIFICATE_H_
