#include "services/views/log_filter.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/limits.h"
#include "proto/codec/errors.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"
#include "services/common/field_error.h"

namespace samverk {
namespace {

constexpr std::string_view kProcessTag = "process:";

absl::StatusOr<std::string> TypeOf(const std::string& given) {
  const bool ours = absl::StartsWith(given, ToAbsl(codec::kTypePrefix));
  // Another application's, of which nothing is known here.
  if (!ours && absl::StrContains(given, ".")) return given;
  std::string type =
      ours ? given : absl::StrCat(ToAbsl(codec::kTypePrefix), given);
  if (codec::FactOfTypeName(type) == event::v1::Event::FACT_NOT_SET) {
    return absl::InvalidArgumentError(
        absl::StrCat(codec::Quoted(given),
                     " is no kind of event; they are named as in "
                     "samverk.cost_booked"));
  }
  return type;
}

// What comes before the first "/"; nothing when there is none.
std::string_view BeforeSlash(std::string_view text) {
  const size_t slash = text.find('/');
  return slash == std::string_view::npos ? std::string_view()
                                         : text.substr(0, slash);
}

// The process that a tag belongs to; empty when it does not say.
std::string_view ProcessOfTag(std::string_view tag) {
  if (tag.substr(0, kProcessTag.size()) == kProcessTag) {
    return tag.substr(kProcessTag.size());
  }
  return BeforeSlash(tag);
}

absl::Status CheckProcess(const std::string& given, std::string_view its,
                          std::string_view process) {
  if (given.empty()) {
    return absl::InvalidArgumentError("an empty text matches nothing");
  }
  if (process.empty() || its.empty() || its == process) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      codec::Quoted(given), " belongs to the process ", codec::Quoted(its),
      ", and no event of ", codec::Quoted(process),
      " matches it; leave one of them out"));
}

absl::StatusOr<std::string> StreamOf(const std::string& given,
                                     std::string_view process) {
  RETURN_IF_ERROR(CheckProcess(given, BeforeSlash(given), process));
  return given;
}

absl::StatusOr<std::string> TagOf(const std::string& given,
                                  std::string_view process) {
  RETURN_IF_ERROR(CheckProcess(given, ProcessOfTag(given), process));
  const bool qualified = !ProcessOfTag(given).empty();
  if (process.empty() || qualified) return given;
  return absl::StrCat(ToAbsl(process), "/", given);
}

}  // namespace

absl::StatusOr<Query> QueryOf(const LogFilter& filter) {
  const auto field_error = [&filter](std::string_view field,
                                     const absl::Status& why) {
    return FieldError(absl::StrCat(ToAbsl(filter.fields), ToAbsl(field)),
                      ToStd(why.message()));
  };
  QueryItem item;
  if (!filter.process.empty()) {
    item.tags.push_back(codec::ProcessTag(filter.process));
  }
  const auto add = [&](std::string_view field, const LogFilter::Texts* given,
                       size_t bytes_max, std::vector<std::string>& terms,
                       const auto& term_of) -> absl::Status {
    if (given == nullptr) return absl::OkStatus();
    for (const std::string& text : *given) {
      absl::StatusOr<std::string> term = term_of(text);
      if (term.ok() && term->size() > bytes_max) {
        term = absl::InvalidArgumentError(
            absl::StrCat(codec::Quoted(text), " is longer than the ", bytes_max,
                         " bytes that there can be"));
      }
      if (!term.ok()) return field_error(field, term.status());
      terms.push_back(*std::move(term));
    }
    if (terms.size() <= limits::kQueryTerms) return absl::OkStatus();
    return field_error(field, absl::InvalidArgumentError(absl::StrCat(
                                  terms.size(), " are too many; give at most ",
                                  limits::kQueryTerms)));
  };
  RETURN_IF_ERROR(add("streams", filter.streams, limits::kStreamBytes,
                      item.streams, [&](const std::string& stream) {
                        return StreamOf(stream, filter.process);
                      }));
  RETURN_IF_ERROR(
      add("types", filter.types, limits::kTypeBytes, item.types, TypeOf));
  RETURN_IF_ERROR(
      add("tags", filter.tags, limits::kTagBytes, item.tags,
          [&](const std::string& tag) { return TagOf(tag, filter.process); }));
  Query query;
  if (!item.types.empty() || !item.tags.empty() || !item.streams.empty()) {
    query.items.push_back(std::move(item));
  }
  return query;
}

}  // namespace samverk
