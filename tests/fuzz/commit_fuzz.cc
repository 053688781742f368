// Commit records: what is taken apart is what would be written.
#include <algorithm>
#include <string>

#include "eventstore/commit_record.h"
#include "tests/fuzz/fuzz.h"

namespace samverk::fuzz {
namespace {

constexpr size_t kRegisterAt = 80;
constexpr size_t kChecksumAt = 88;

void FuzzCommit(std::string_view bytes) {
  // The register that the bytes name, so that what follows is reached.
  RegisterHash origin{};
  if (bytes.size() >= kCommitHeaderBytes) {
    std::copy_n(bytes.begin() + kRegisterAt, origin.size(), origin.begin());
  }
  const auto header = DecodeCommitHeader(bytes, origin);
  if (!header.ok()) return;
  std::string again = EncodeCommitHeader(*header, origin, {});
  const bool whole = VerifyChecksum(bytes, {}).ok();
  SAMVERK_CHECK(whole == (again == bytes)) << "the checksum and the bytes";
  std::copy_n(bytes.begin() + kChecksumAt, 8, again.begin() + kChecksumAt);
  SAMVERK_CHECK(again == bytes) << "another encoding";
}

}  // namespace
}  // namespace samverk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  samverk::fuzz::FuzzCommit(samverk::fuzz::Bytes(data, size));
  return 0;
}
