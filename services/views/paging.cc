#include "services/views/paging.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "eventstore/base/sha256.h"
#include "eventstore/base/strings.h"
#include "services/common/field_error.h"

namespace samverk {
namespace {

constexpr size_t kQuestionBytes = 8;
// Of a list's tag and an entry's length, which are not the entry's own.
constexpr size_t kBytesBesideEntry = 8;

absl::Status NotOurs(std::string_view why) {
  return FieldError("page_token",
                    absl::StrCat(ToAbsl(why), "; begin again without it"));
}

// Neither the language nor how long the caller waits decides what there is.
std::string FingerprintOf(std::string_view call, view::v1::Scope scope) {
  scope.clear_at_least();
  scope.clear_language();
  const Hash hash = Sha256(absl::StrCat(ToAbsl(call), std::string(1, '\0'),
                                        scope.SerializeAsString()));
  return std::string(AsBytes(hash).substr(0, kQuestionBytes));
}

}  // namespace

absl::StatusOr<PageRequest> ReadPageRequest(std::string_view call,
                                            const view::v1::Scope& scope,
                                            uint32_t size,
                                            uint32_t size_default,
                                            std::string_view token) {
  if (size > limits::kViewPage) {
    return FieldError("page_size",
                      absl::StrCat(size, " is more than ", limits::kViewPage,
                                   ", the most that a page holds"));
  }
  PageRequest page;
  page.size = size == 0 ? size_default : size;
  page.question = FingerprintOf(call, scope);
  if (token.empty()) return page;
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(ToAbsl(token), &bytes) ||
      bytes.size() <= kQuestionBytes) {
    return NotOurs("it is not from an earlier answer");
  }
  if (bytes.compare(0, kQuestionBytes, page.question) != 0) {
    return NotOurs("it is from the answer to another question");
  }
  page.after = bytes.substr(kQuestionBytes);
  return page;
}

std::string TokenOf(const PageRequest& page, std::string_view key) {
  return absl::WebSafeBase64Escape(absl::StrCat(page.question, ToAbsl(key)));
}

PageCutter::PageCutter(const PageRequest& page)
    : page_(page), entries_left_(page.size), begun_(page.after.empty()) {}

void PageCutter::Reserve(size_t bytes) {
  bytes_left_ -= std::min(bytes, bytes_left_);
}

bool PageCutter::Takes(std::string_view key, size_t bytes, Counting counting) {
  if (!begun_) {
    begun_ = key == page_.after;
    return false;
  }
  const size_t needed = bytes + kBytesBesideEntry;
  const size_t count = counting == Counting::kCounted ? 1 : 0;
  const bool fits = needed <= bytes_left_ || last_.empty();
  if (full_ || !fits || count > entries_left_) {
    full_ = true;
    return false;
  }
  bytes_left_ -= std::min(needed, bytes_left_);
  entries_left_ -= count;
  last_ = key;
  return true;
}

absl::StatusOr<std::string> PageCutter::NextToken() const {
  if (!begun_) return NotOurs("the entry that it went on from is gone");
  return full_ ? TokenOf(page_, last_) : std::string();
}

}  // namespace samverk
