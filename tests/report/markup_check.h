// Whether a page is well-formed, as far as our own renderer must be.
#ifndef SAMVERK_TESTS_REPORT_MARKUP_CHECK_H_
#define SAMVERK_TESTS_REPORT_MARKUP_CHECK_H_

#include <string>
#include <string_view>
#include <vector>

namespace samverk::testing {

// What a page consists of, gathered while it is checked.
struct Markup {
  std::vector<std::string> errors;     // empty: well-formed
  std::vector<std::string> tags;       // names of elements as they begin
  std::vector<std::string> ids;        // values of id attributes
  std::vector<std::string> targets;    // of links within the page, without "#"
  std::vector<std::string> addresses;  // every other href, src, xlink, url(...)
  std::string text;                    // the text between tags, decoded
};

// Reads `html`: every element that begins ends, in order, but for void ones;
// attributes are quoted and not given twice; "<", ">" and "&" occur in text
// only escaped. Not a browser: it refuses what our renderer never writes.
Markup CheckMarkup(std::string_view html);

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_REPORT_MARKUP_CHECK_H_
