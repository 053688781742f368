// OpenSSL's list of errors, kept as it was found.
#ifndef SAMVERK_SERVICES_ACCESS_OPENSSL_ERROR_MARK_H_
#define SAMVERK_SERVICES_ACCESS_OPENSSL_ERROR_MARK_H_

#include <openssl/err.h>

namespace samverk::access {

// Takes away what calls within its scope add to the thread's list of errors:
// whoever reads the list afterwards (TLS on the same thread) would take them
// for its own.
class OpenSslErrorMark {
 public:
  OpenSslErrorMark() { ERR_set_mark(); }
  ~OpenSslErrorMark() { ERR_pop_to_mark(); }
  OpenSslErrorMark(const OpenSslErrorMark&) = delete;
  OpenSslErrorMark& operator=(const OpenSslErrorMark&) = delete;
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_OPENSSL_ERROR_MARK_H_
