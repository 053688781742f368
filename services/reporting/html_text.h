// Text in HTML, SVG and CSS.
#ifndef SAMVERK_SERVICES_REPORTING_HTML_TEXT_H_
#define SAMVERK_SERVICES_REPORTING_HTML_TEXT_H_

#include <string>
#include <string_view>

namespace samverk {

// `text` cleaned (see CleanText) and escaped for content and for attribute
// values in double quotation marks.
std::string HtmlText(std::string_view text);

// `text` as a CSS string with its quotation marks, safe in a <style> element.
std::string CssString(std::string_view text);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_HTML_TEXT_H_
