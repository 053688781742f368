#include "services/server/tls_credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/common/small_file.h"

namespace samverk {
namespace {

constexpr size_t kFileBytes = 4 << 20;

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

absl::Status Unusable(const std::string& file, std::string_view why) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, error::v1::REASON_INVALID_FIELD,
      absl::StrCat("TLS: ", file, ": ", ToAbsl(why)), {{"file", file}});
}

absl::StatusOr<std::string> Read(const std::string& file) {
  auto text = ReadSmallFile(file, kFileBytes);
  if (!text.ok()) return Unusable(file, ToStd(text.status().message()));
  return text;
}

Bio Open(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
          &BIO_free};
}

// No question is asked on a terminal.
int NoPassword(char*, int, int, void*) { return 0; }

absl::StatusOr<Certificate> FirstCertificate(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, Read(file));
  Certificate certificate(
      PEM_read_bio_X509(Open(text).get(), nullptr, &NoPassword, nullptr),
      &X509_free);
  ERR_clear_error();
  if (certificate != nullptr) return certificate;
  return Unusable(file, "it has no certificate in PEM; give one that has");
}

absl::StatusOr<Key> PrivateKey(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, Read(file));
  Key key(
      PEM_read_bio_PrivateKey(Open(text).get(), nullptr, &NoPassword, nullptr),
      &EVP_PKEY_free);
  ERR_clear_error();
  if (key != nullptr) return key;
  return Unusable(file,
                  "it has no private key in PEM, or one with a password; give "
                  "one that has, without");
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeTlsCredentials(
    const TlsFiles& files) {
  ASSIGN_OR_RETURN(const Certificate certificate,
                   FirstCertificate(files.certificate));
  ASSIGN_OR_RETURN(const Key key, PrivateKey(files.key));
  const bool pair = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!pair) {
    return Unusable(files.key, absl::StrCat("it is not the key of the first "
                                            "certificate in ",
                                            files.certificate));
  }
  if (!files.authorities.empty()) {
    RETURN_IF_ERROR(FirstCertificate(files.authorities).status());
  }
  auto provider =
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          files.key, files.certificate, files.authorities, kTlsLookSeconds);
  grpc::experimental::TlsServerCredentialsOptions options(provider);
  options.watch_identity_key_cert_pairs();
  if (!files.authorities.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(
        GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(options);
}

}  // namespace samverk
