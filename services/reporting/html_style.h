// How the page looks.
#ifndef SAMVERK_SERVICES_REPORTING_HTML_STYLE_H_
#define SAMVERK_SERVICES_REPORTING_HTML_STYLE_H_

#include <string>
#include <string_view>

namespace samverk {

// The content of the page's <style> element. `footer` is printed at the foot of
// every page of paper, `page_of` ("Sida %, av %") around the numbers: the two
// per cent signs stand for them.
std::string HtmlStyle(std::string_view footer, std::string_view page_of);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_HTML_STYLE_H_
