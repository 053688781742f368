// Cutting a page out of an answer.
//
// An answer is walked as one row of entries, whichever lists they stand in, and
// a page is a part of that row: as many counted entries as the caller asks for,
// and about limits::kViewPageBytes at most, so that a page of long texts fits
// into a message too. What belongs on the first page stands first in the row
// and is not counted. A page goes on after the last entry of the page before:
// nothing comes twice or is passed over, whatever is recorded in between.
//
// A token says which question it belongs to and which entry was the last. To
// callers it is opaque.
#ifndef SAMVERK_SERVICES_VIEWS_PAGING_H_
#define SAMVERK_SERVICES_VIEWS_PAGING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "eventstore/limits.h"
#include "samverk/view/v1/common.pb.h"

namespace samverk {

// The page that a caller asks for.
struct PageRequest {
  size_t size = 0;       // counted entries at most
  std::string after;     // key of the entry before it; empty: the first page
  std::string question;  // tells the tokens of one question from another's
};

// The page that `token` and `size` (0: `size_default`) ask for. `call` and the
// scope tell the question: all that decides which entries there are.
//   INVALID_ARGUMENT: page_size is above limits::kViewPage; page_token is
//     malformed, or is from the answer to another question.
absl::StatusOr<PageRequest> ReadPageRequest(std::string_view call,
                                            const view::v1::Scope& scope,
                                            uint32_t size,
                                            uint32_t size_default,
                                            std::string_view token);

// The same of a request about a process. `narrowed_to` is what else the request
// says about which entries it wants.
template <typename Request>
absl::StatusOr<PageRequest> ReadPageRequest(
    const Request& request, std::string_view narrowed_to = "",
    uint32_t size_default = limits::kViewPageDefault) {
  return ReadPageRequest(
      absl::StrCat(Request::descriptor()->full_name(), "/",
                   absl::string_view(narrowed_to.data(), narrowed_to.size())),
      request.scope(), request.page_size(), size_default, request.page_token());
}

// The token of the page after the entry `key`.
std::string TokenOf(const PageRequest& page, std::string_view key);

// Walks the row of entries once.
class PageCutter {
 public:
  enum class Counting { kCounted, kNotCounted };

  explicit PageCutter(const PageRequest& page);

  // Takes room for what stands on every page.
  void Reserve(size_t bytes);

  // Whether the next entry of the row is on the page. `key` is its own and
  // stays the same from page to page. One entry is on it, however large.
  bool Takes(std::string_view key, size_t bytes, Counting counting);

  // The next page's token, or "" when the row has been walked to its end.
  // INVALID_ARGUMENT (page_token): the entry that it went on from is gone.
  absl::StatusOr<std::string> NextToken() const;

 private:
  const PageRequest page_;
  size_t entries_left_;
  size_t bytes_left_ = limits::kViewPageBytes;
  bool begun_;         // the entry that the page comes after has been met
  bool full_ = false;  // an entry was left for the next page
  std::string last_;   // key of the last entry taken
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_PAGING_H_
