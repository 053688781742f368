// The file of local tokens.
//
// Text. The first line is "samverk local tokens 1"; then a line a token, in the
// order of issue, with a space between its fields:
//
//   SHA-256 in hexadecimal, name, organisation, roles with commas between them
//   ("-": none), end of validity ("2027-01-31T00:00:00Z", "never")
//
// There is one way to write the same tokens. The file holds no token.
#ifndef SAMVERK_SERVICES_ACCESS_LOCAL_TOKEN_FILE_H_
#define SAMVERK_SERVICES_ACCESS_LOCAL_TOKEN_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/access/local_token.h"

namespace samverk::access {

// Pure.
std::string FormatLocalTokens(const LocalTokens& tokens);
// INVALID_ARGUMENT: it is not what FormatLocalTokens writes; says in which
// line.
absl::StatusOr<LocalTokens> ParseLocalTokens(std::string_view text);

// Reads them from a file that only its owner may read. No file: no tokens.
//   FAILED_PRECONDITION: it cannot be read, others may read or write it, it
//     belongs to another user, or is not in the format; the sentence names the
//     file and says what to do.
absl::StatusOr<LocalTokens> ReadLocalTokens(const std::string& path);

// Writes them, durably, so that only the owner may read them. The directory
// must exist; two threads must not write the same file at once. Errors of
// WriteFileDurably; what was there is unchanged then.
absl::Status WriteLocalTokens(const std::string& path,
                              const LocalTokens& tokens);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_LOCAL_TOKEN_FILE_H_
