// For whom output is made: their language, and the width of their screen.
#ifndef SAMVERK_CLIENTS_CLI_STYLE_H_
#define SAMVERK_CLIENTS_CLI_STYLE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "proto/codec/text.h"

namespace samverk::cli {

// How output looks.
struct Style {
  codec::Language language = codec::Language::kSwedish;
  // Columns that a line may take.
  size_t width = 100;
  // True on a terminal: headings are bold.
  bool styled = false;

  // The one of two texts that the reader understands.
  std::string operator()(std::string_view swedish,
                         std::string_view english) const {
    return std::string(language == codec::Language::kSwedish ? swedish
                                                             : english);
  }
  // The tag that the server understands.
  std::string tag() const {
    return language == codec::Language::kSwedish ? "sv" : "en";
  }
  std::string Bold(std::string_view text) const;
};

// The language to speak: of `flag` ("sv", "en") if it is given, else of the
// first of LC_ALL, LC_MESSAGES and LANG that is set: English for "en…", Swedish
// for everything else.
codec::Language ChooseLanguage(std::string_view flag);

// Columns of the terminal that standard output goes to; 100 when it goes
// elsewhere.
size_t OutputWidth();
bool OutputIsTerminal();

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_STYLE_H_
