#include "services/reporting/svg_canvas.h"

#include <array>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "services/reporting/html_text.h"
#include "services/reporting/report_text.h"

namespace samverk {

namespace {

// Helvetica's advance widths of U+0020 to U+007E, thousandths of the size.
constexpr std::array<int, 95> kWidths = {
    278, 278, 355, 556, 556,  889, 667, 191, 333, 333, 389, 584, 278, 333,
    278, 278, 556, 556, 556,  556, 556, 556, 556, 556, 556, 556, 278, 278,
    584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722,  778, 667, 778, 722, 667, 611, 722, 667, 944,
    667, 667, 611, 278, 278,  278, 469, 556, 333, 556, 556, 500, 556, 556,
    278, 556, 556, 222, 222,  500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500,  500, 500, 334, 260, 334, 584};
// Anything else: letters with marks are as wide as "n", capitals rarer.
constexpr int kOtherWidth = 600;
constexpr int kMarginPermille = 1080;
constexpr int kBoldPermille = 1070;

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Cuts a word into pieces that fit.
std::vector<std::string> BrokenWord(std::string_view word, int size,
                                    int width_max, bool bold) {
  std::vector<std::string> pieces(1);
  for (size_t at = 0; at < word.size();) {
    size_t end = at + 1;
    while (end < word.size() && IsContinuation(word[end])) ++end;
    std::string longer = pieces.back() + std::string(word.substr(at, end - at));
    if (!pieces.back().empty() && TextWidth(longer, size, bold) > width_max) {
      pieces.emplace_back(word.substr(at, end - at));
    } else {
      pieces.back() = std::move(longer);
    }
    at = end;
  }
  return pieces;
}

std::string Class(std::string_view css_class) {
  return absl::StrCat(" class=\"", std::string(css_class), "\"");
}

}  // namespace

int TextWidth(std::string_view text, int size, bool bold) {
  int64_t thousandths = 0;
  for (const char c : text) {
    if (IsContinuation(c)) continue;
    const bool known = c >= ' ' && c <= '~';
    thousandths += known ? kWidths[static_cast<size_t>(c - ' ')] : kOtherWidth;
  }
  thousandths = thousandths * kMarginPermille / 1000;
  if (bold) thousandths = thousandths * kBoldPermille / 1000;
  return static_cast<int>((thousandths * size + 999) / 1000);
}

std::vector<std::string> WrapText(std::string_view text, int size,
                                  int width_max, int lines_max, bool bold) {
  const std::string clean = CleanText(text);
  std::vector<std::string> lines(1);
  size_t at = 0;
  while (at < clean.size()) {
    size_t end = clean.find(' ', at);
    if (end == std::string::npos) end = clean.size();
    const std::string word = clean.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const std::string longer =
        lines.back().empty() ? word : absl::StrCat(lines.back(), " ", word);
    if (TextWidth(longer, size, bold) <= width_max) {
      lines.back() = longer;
      continue;
    }
    for (std::string& piece : BrokenWord(word, size, width_max, bold)) {
      if (lines.back().empty()) {
        lines.back() = std::move(piece);
      } else {
        lines.push_back(std::move(piece));
      }
    }
  }
  if (lines.size() > static_cast<size_t>(lines_max)) {
    lines.resize(static_cast<size_t>(lines_max));
    std::string& last = lines.back();
    while (!last.empty() && TextWidth(last + "…", size, bold) > width_max) {
      while (!last.empty() && IsContinuation(last.back())) last.pop_back();
      last.pop_back();
    }
    last += "…";
  }
  return lines;
}

void SvgCanvas::Rect(int x, int y, int width, int height,
                     std::string_view css_class, int radius) {
  absl::StrAppend(&body_, "<rect", Class(css_class), " x=\"", x, "\" y=\"", y,
                  "\" width=\"", width, "\" height=\"", height, "\"");
  if (radius > 0) absl::StrAppend(&body_, " rx=\"", radius, "\"");
  body_ += "/>\n";
}

void SvgCanvas::HatchedRect(int x, int y, int width, int height,
                            std::string_view css_class, int radius) {
  hatches_.insert(std::string(css_class));
  Rect(x, y, width, height, css_class, radius);
  absl::StrAppend(&body_, "<rect x=\"", x, "\" y=\"", y, "\" width=\"", width,
                  "\" height=\"", height, "\" rx=\"", radius, "\" fill=\"url(#",
                  id_, "-", std::string(css_class), ")\"/>\n");
}

void SvgCanvas::Line(int x1, int y1, int x2, int y2,
                     std::string_view css_class) {
  absl::StrAppend(&body_, "<line", Class(css_class), " x1=\"", x1, "\" y1=\"",
                  y1, "\" x2=\"", x2, "\" y2=\"", y2, "\"/>\n");
}

void SvgCanvas::Circle(int x, int y, int radius, std::string_view css_class) {
  absl::StrAppend(&body_, "<circle", Class(css_class), " cx=\"", x, "\" cy=\"",
                  y, "\" r=\"", radius, "\"/>\n");
}

void SvgCanvas::HalfCircle(int x, int y, int radius,
                           std::string_view css_class) {
  absl::StrAppend(&body_, "<path", Class(css_class), " d=\"M", x, " ",
                  y - radius, "A", radius, " ", radius, " 0 0 0 ", x, " ",
                  y + radius, "Z\"/>\n");
}

void SvgCanvas::Diamond(int x, int y, int radius, std::string_view css_class) {
  absl::StrAppend(&body_, "<path", Class(css_class), " d=\"M", x, " ",
                  y - radius, "L", x + radius, " ", y, "L", x, " ", y + radius,
                  "L", x - radius, " ", y, "Z\"/>\n");
}

void SvgCanvas::Text(int x, int y, std::string_view text,
                     std::string_view css_class, std::string_view anchor) {
  absl::StrAppend(&body_, "<text", Class(css_class), " x=\"", x, "\" y=\"", y,
                  "\"");
  if (anchor != "start") {
    absl::StrAppend(&body_, " text-anchor=\"", std::string(anchor), "\"");
  }
  absl::StrAppend(&body_, ">", HtmlText(text), "</text>\n");
}

void SvgCanvas::TextWithNote(int x, int y, std::string_view text,
                             std::string_view css_class, std::string_view note,
                             std::string_view note_class,
                             std::string_view anchor) {
  absl::StrAppend(&body_, "<text", Class(css_class), " x=\"", x, "\" y=\"", y,
                  "\" text-anchor=\"", std::string(anchor), "\">",
                  HtmlText(text), " <tspan", Class(note_class), ">",
                  HtmlText(note), "</tspan></text>\n");
}

std::string SvgCanvas::Finish(std::string_view title,
                              std::string_view description, int width,
                              int height) const {
  std::string defs;
  for (const std::string& hatch : hatches_) {
    absl::StrAppend(&defs, "<pattern id=\"", id_, "-", hatch,
                    "\" width=\"9\" height=\"9\" "
                    "patternUnits=\"userSpaceOnUse\" "
                    "patternTransform=\"rotate(45)\"><rect width=\"4\" "
                    "height=\"9\" class=\"",
                    hatch, "-stripe\"/></pattern>\n");
  }
  if (!defs.empty()) defs = absl::StrCat("<defs>\n", defs, "</defs>\n");
  return absl::StrCat(
      "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ", width, " ", height,
      "\" aria-labelledby=\"", id_, "-t ", id_, "-d\">\n<title id=\"", id_,
      "-t\">", HtmlText(title), "</title>\n<desc id=\"", id_, "-d\">",
      HtmlText(description), "</desc>\n", defs, body_, "</svg>\n");
}

}  // namespace samverk
