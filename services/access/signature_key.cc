#include "services/access/signature_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "services/access/openssl_error_mark.h"

namespace samverk::access {
namespace {

constexpr size_t kCoordinateBytes = 32;
constexpr char kUncompressed = '\x04';  // SEC 1, section 2.3.3

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* what) const {
    free(what);
  }
};
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;

const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

Number ToNumber(std::string_view bytes) {
  Number number(
      BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
  SAMVERK_CHECK(number != nullptr) << "no memory for a number";
  return number;
}

// INVALID_ARGUMENT: OpenSSL takes them for no key.
absl::StatusOr<std::shared_ptr<EVP_PKEY>> MakeKey(const char* type,
                                                  OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const Context making(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  SAMVERK_CHECK(parameters != nullptr && making != nullptr)
      << "OpenSSL makes no keys of type " << type;
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_fromdata_init(making.get()) != 1 ||
      EVP_PKEY_fromdata(making.get(), &made, EVP_PKEY_PUBLIC_KEY,
                        parameters.get()) != 1) {
    return absl::InvalidArgumentError("OpenSSL does not take it for a key");
  }
  std::shared_ptr<EVP_PKEY> key(made, EVP_PKEY_free);
  const Context checking(
      EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (checking == nullptr || EVP_PKEY_public_check(checking.get()) != 1) {
    return absl::InvalidArgumentError("it is no valid public key");
  }
  return key;
}

absl::Status CheckExponent(std::string_view exponent) {
  if (exponent.empty() || exponent.size() > kRsaExponentBytesMost) {
    return absl::InvalidArgumentError(
        absl::StrCat("its exponent e has ", exponent.size(),
                     " bytes, not 1 to ", kRsaExponentBytesMost));
  }
  if ((exponent.back() & 1) == 0 || exponent == "\x01") {
    return absl::InvalidArgumentError("its exponent e is even, or 1");
  }
  return absl::OkStatus();
}

// A DER sequence of r and s, as OpenSSL takes it; empty when they are not 32
// bytes each.
std::string DerOf(std::string_view signature) {
  if (signature.size() != 2 * kCoordinateBytes) return "";
  Number r = ToNumber(signature.substr(0, kCoordinateBytes));
  Number s = ToNumber(signature.substr(kCoordinateBytes));
  const EcSignature pair(ECDSA_SIG_new());
  SAMVERK_CHECK(pair != nullptr &&
                ECDSA_SIG_set0(pair.get(), r.release(), s.release()) == 1)
      << "no memory for a signature";
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return "";
  std::string bytes(reinterpret_cast<const char*>(der),
                    static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

std::string_view AlgorithmName(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::kRs256 ? "RS256" : "ES256";
}

SignatureKey::SignatureKey(SignatureAlgorithm algorithm,
                           std::shared_ptr<EVP_PKEY> key)
    : algorithm_(algorithm), key_(std::move(key)) {}

absl::StatusOr<SignatureKey> SignatureKey::Rsa(std::string_view modulus,
                                               std::string_view exponent) {
  if (modulus.empty() || modulus.front() == '\0' ||
      (!exponent.empty() && exponent.front() == '\0')) {
    return absl::InvalidArgumentError("its numbers begin with zeros");
  }
  if (modulus.size() > kRsaBitsMost / 8) {
    return absl::InvalidArgumentError(
        absl::StrCat("its modulus n has more than ", kRsaBitsMost, " bits"));
  }
  RETURN_IF_ERROR(CheckExponent(exponent));
  const OpenSslErrorMark mark;
  const Number n = ToNumber(modulus);
  if (BN_num_bits(n.get()) < kRsaBitsLeast) {
    return absl::InvalidArgumentError(
        absl::StrCat("its modulus n has ", BN_num_bits(n.get()), " bits, and ",
                     kRsaBitsLeast, " are the least"));
  }
  if (!BN_is_odd(n.get())) {
    return absl::InvalidArgumentError("its modulus n is even");
  }
  const Number e = ToNumber(exponent);
  const Builder builder(OSSL_PARAM_BLD_new());
  SAMVERK_CHECK(builder != nullptr &&
                OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N,
                                       n.get()) == 1 &&
                OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E,
                                       e.get()) == 1)
      << "no memory for a key";
  ASSIGN_OR_RETURN(auto key, MakeKey("RSA", builder.get()));
  return SignatureKey(SignatureAlgorithm::kRs256, std::move(key));
}

absl::StatusOr<SignatureKey> SignatureKey::EcP256(std::string_view x,
                                                  std::string_view y) {
  if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("its coordinates x and y have ", x.size(), " and ",
                     y.size(), " bytes, not ", kCoordinateBytes));
  }
  const OpenSslErrorMark mark;
  const std::string point =
      absl::StrCat(std::string(1, kUncompressed), ToAbsl(x), ToAbsl(y));
  const Builder builder(OSSL_PARAM_BLD_new());
  SAMVERK_CHECK(
      builder != nullptr &&
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                      "prime256v1", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                       point.data(), point.size()) == 1)
      << "no memory for a key";
  ASSIGN_OR_RETURN(auto key, MakeKey("EC", builder.get()));
  return SignatureKey(SignatureAlgorithm::kEs256, std::move(key));
}

bool SignatureKey::Verify(std::string_view message,
                          std::string_view signature) const {
  const OpenSslErrorMark mark;
  std::string der;
  if (algorithm_ == SignatureAlgorithm::kEs256) {
    der = DerOf(signature);
    if (der.empty()) return false;
    signature = der;
  }
  const Digest digest(EVP_MD_CTX_new());
  return digest != nullptr &&
         EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr,
                              key_.get()) == 1 &&
         EVP_DigestVerify(digest.get(), Bytes(signature), signature.size(),
                          Bytes(message), message.size()) == 1;
}

}  // namespace samverk::access
