#include "services/reporting/html_text.h"

#include "services/reporting/report_text.h"

namespace samverk {

std::string HtmlText(std::string_view text) {
  const std::string clean = CleanText(text);
  std::string escaped;
  escaped.reserve(clean.size() + clean.size() / 8);
  for (const char c : clean) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string CssString(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string escaped = "\"";
  for (const char c : CleanText(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x80 || c == ' ' || (c >= '0' && c <= '9') ||
                       (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (plain) {
      escaped += c;
    } else {
      // The space ends the number and is not shown.
      escaped += '\\';
      escaped += kHex[byte >> 4];
      escaped += kHex[byte & 15];
      escaped += ' ';
    }
  }
  return escaped + "\"";
}

}  // namespace samverk
