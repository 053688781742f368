#include "eventstore/audit/note_fields.h"

#include <algorithm>
#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "eventstore/base/strings.h"

namespace samverk {

std::optional<uint64_t> ParseDecimal(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  uint64_t value = 0;
  if (text.empty() || !std::all_of(text.begin(), text.end(), digit) ||
      (text[0] == '0' && text.size() > 1) ||
      !absl::SimpleAtoi(ToAbsl(text), &value) ||
      value > uint64_t{std::numeric_limits<int64_t>::max()}) {
    return std::nullopt;
  }
  return value;
}

std::string ToBase64(std::string_view bytes) {
  return absl::Base64Escape(ToAbsl(bytes));
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(ToAbsl(text), &bytes) || ToBase64(bytes) != text) {
    return std::nullopt;
  }
  return bytes;
}

std::string HashToBase64(const Hash& hash) { return ToBase64(AsBytes(hash)); }

std::optional<Hash> HashFromBase64(std::string_view text) {
  const auto bytes = FromBase64(text);
  Hash hash;
  if (!bytes.has_value() || bytes->size() != hash.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

std::string FormatHashes(const std::vector<Hash>& hashes) {
  std::string text;
  for (const Hash& hash : hashes) text += HashToBase64(hash) + "\n";
  return text;
}

std::optional<std::vector<Hash>> TakeHashes(std::string_view& rest) {
  constexpr size_t kMost = 63;
  std::vector<Hash> hashes;
  for (;;) {
    const auto line = TakeLine(rest);
    if (!line.has_value()) return std::nullopt;
    if (line->empty()) return hashes;
    const auto hash = HashFromBase64(*line);
    if (!hash.has_value() || hashes.size() == kMost) return std::nullopt;
    hashes.push_back(*hash);
  }
}

std::optional<std::string_view> TakeLine(std::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace samverk
