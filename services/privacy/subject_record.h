// What is wrapped for a subject: its key, and whose it is.
#ifndef SAMVERK_SERVICES_PRIVACY_SUBJECT_RECORD_H_
#define SAMVERK_SERVICES_PRIVACY_SUBJECT_RECORD_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "services/privacy/aead.h"
#include "services/privacy/secret_bytes.h"

namespace samverk::privacy {

// The longest id of a subject.
inline constexpr size_t kSubjectBytes = 128;
// The key, and the subject with its length and zeros up to the longest: all
// records have one size.
inline constexpr size_t kSubjectRecordBytes = kKeyBytes + 1 + kSubjectBytes;

// INVALID_ARGUMENT: the id is empty (INVALID_FIELD) or too long
// (LIMIT_EXCEEDED). The sentence does not repeat it.
absl::Status CheckSubject(std::string_view subject);

// `key` has kKeyBytes; the subject is one that CheckSubject lets through.
SecretBytes FormatSubjectRecord(const SecretBytes& key,
                                std::string_view subject);

struct SubjectRecord {
  SecretBytes key;
  std::string subject;
};
// nullopt: these bytes are no record.
std::optional<SubjectRecord> ParseSubjectRecord(std::string_view bytes);

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_SUBJECT_RECORD_H_
