// Cutting a page out of a list. A token is the id of the last entry before it.
#ifndef SAMVERK_SERVICES_VIEWS_PAGING_H_
#define SAMVERK_SERVICES_VIEWS_PAGING_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "eventstore/limits.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "services/views/views_source.h"

namespace samverk {

// The size to use. INVALID_ARGUMENT when it is above limits::kViewPage.
inline absl::StatusOr<uint32_t> PageSizeOf(uint32_t asked) {
  if (asked > limits::kViewPage) {
    return FieldError("page_size",
                      absl::StrCat(asked, " is more than ", limits::kViewPage,
                                   ", the most that a page holds"));
  }
  return asked == 0 ? limits::kViewPageDefault : asked;
}

// Leaves in `list` the `size` entries after the one whose id is `token` (from
// the first for an empty one), and returns the next page's token, or "" when
// nothing is left. `id` gives an entry's id. INVALID_ARGUMENT: no entry has it.
template <typename Entry, typename Id>
absl::StatusOr<std::string> CutPage(
    const std::string& token, uint32_t size,
    google::protobuf::RepeatedPtrField<Entry>& list, Id id) {
  int first = 0;
  if (!token.empty()) {
    while (first < list.size() && id(list.Get(first)) != token) ++first;
    if (first == list.size()) {
      return FieldError("page_token",
                        absl::StrCat("\"", token,
                                     "\" is not from an earlier answer; begin "
                                     "again without it"));
    }
    ++first;
  }
  list.DeleteSubrange(0, first);
  if (list.size() <= static_cast<int>(size)) return std::string();
  list.DeleteSubrange(static_cast<int>(size),
                      list.size() - static_cast<int>(size));
  return std::string(id(list.Get(list.size() - 1)));
}

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_PAGING_H_
