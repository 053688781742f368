#include "services/privacy/subject_record.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "eventstore/base/check.h"
#include "eventstore/base/error.h"

namespace samverk::privacy {

absl::Status CheckSubject(std::string_view subject) {
  if (subject.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     error::v1::REASON_INVALID_FIELD,
                     "personal data has no subject; name whom it is about by "
                     "a pseudonym");
  }
  if (subject.size() <= kSubjectBytes) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument, error::v1::REASON_LIMIT_EXCEEDED,
      absl::StrCat("a subject's id has ", subject.size(),
                   " bytes and may have ", kSubjectBytes, "; shorten it"),
      {{"limit", absl::StrCat(kSubjectBytes)},
       {"value", absl::StrCat(subject.size())},
       {"what", "subject"}});
}

SecretBytes FormatSubjectRecord(const SecretBytes& key,
                                std::string_view subject) {
  SAMVERK_CHECK(key.size() == kKeyBytes && subject.size() <= kSubjectBytes)
      << key.size() << " " << subject.size();
  SecretBytes record(kSubjectRecordBytes);
  uint8_t* end = record.span().data();
  end = std::copy(key.data(), key.data() + key.size(), end);
  *end++ = static_cast<uint8_t>(subject.size());
  std::copy(subject.begin(), subject.end(), end);
  return record;
}

std::optional<SubjectRecord> ParseSubjectRecord(std::string_view bytes) {
  if (bytes.size() != kSubjectRecordBytes) return std::nullopt;
  const auto length = static_cast<uint8_t>(bytes[kKeyBytes]);
  if (length == 0 || length > kSubjectBytes) return std::nullopt;
  return SubjectRecord{SecretBytes::CopyOf(bytes.substr(0, kKeyBytes)),
                       std::string(bytes.substr(kKeyBytes + 1, length))};
}

}  // namespace samverk::privacy
