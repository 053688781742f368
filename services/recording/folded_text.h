// Text as screening looks at it: what people read as the same is the same.
#ifndef SAMVERK_SERVICES_RECORDING_FOLDED_TEXT_H_
#define SAMVERK_SERVICES_RECORDING_FOLDED_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace samverk::recording {

// True for characters that show nothing and that programs skip: soft hyphen,
// joiners, word joiner, byte order mark, variation selectors.
bool IsIgnorable(uint32_t code_point);

// True for marks that turn the direction of writing.
bool IsDirectionMark(uint32_t code_point);

// True when the text has nothing to see: spaces of any kind, ignorable
// characters, tabs and line breaks. `text` may be any bytes.
bool IsBlank(std::string_view text);

// The form of an id: [a-z0-9][a-z0-9._-]*
bool IsId(std::string_view text);

// A text with decimal digits of every script, dashes, spaces, "@" and the wide
// forms of ASCII as their ASCII counterparts, and without ignorable characters.
// Everything else is kept. `original` must outlive it and be UTF-8.
class FoldedText {
 public:
  explicit FoldedText(std::string_view original);

  std::string_view text() const { return text_; }
  // Where in the original the byte at `at` of text() comes from; its size for
  // the end.
  size_t OriginalOffset(size_t at) const {
    return offsets_.empty() ? at : offsets_[at];
  }

 private:
  std::string folded_;
  std::string_view text_;
  // One for each byte and one for the end; empty when nothing was folded.
  std::vector<size_t> offsets_;
};

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_FOLDED_TEXT_H_
