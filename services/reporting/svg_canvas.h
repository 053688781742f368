// Drawing SVG with whole numbers: the same shapes, the same bytes.
#ifndef SAMVERK_SERVICES_REPORTING_SVG_CANVAS_H_
#define SAMVERK_SERVICES_REPORTING_SVG_CANVAS_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace samverk {

// How wide `text` is in a sans-serif font of `size` units, rounded up: by the
// widths of Helvetica and a margin, so that other fonts of its kind fit too.
int TextWidth(std::string_view text, int size, bool bold = false);

// `text` broken at spaces into lines of at most `width_max`; a word that is
// wider is broken anywhere. With more than `lines_max` lines the last ends in
// "…". At least one line.
std::vector<std::string> WrapText(std::string_view text, int size,
                                  int width_max, int lines_max,
                                  bool bold = false);

// A drawing under construction. Coordinates are whole units, y downwards.
// Colours and fonts are the style sheet's: shapes carry classes.
class SvgCanvas {
 public:
  // `id` makes ids within the drawing unique in the page.
  explicit SvgCanvas(std::string_view id) : id_(id) {}

  void Rect(int x, int y, int width, int height, std::string_view css_class,
            int radius = 0);
  // A rectangle with slanting stripes: what is not sure, or not done. The
  // stripes have the class `css_class` with "-stripe".
  void HatchedRect(int x, int y, int width, int height,
                   std::string_view css_class, int radius = 0);
  void Line(int x1, int y1, int x2, int y2, std::string_view css_class);
  void Circle(int x, int y, int radius, std::string_view css_class);
  // The left half of a circle.
  void HalfCircle(int x, int y, int radius, std::string_view css_class);
  // A square on its corner.
  void Diamond(int x, int y, int radius, std::string_view css_class);
  // A line of text with its baseline at y; `anchor` "start", "middle", "end".
  void Text(int x, int y, std::string_view text, std::string_view css_class,
            std::string_view anchor = "start");
  // A line of text that ends in a note of another class.
  void TextWithNote(int x, int y, std::string_view text,
                    std::string_view css_class, std::string_view note,
                    std::string_view note_class, std::string_view anchor);

  // The whole element; title and description are read out in its place.
  std::string Finish(std::string_view title, std::string_view description,
                     int width, int height) const;

 private:
  const std::string id_;
  std::set<std::string> hatches_;
  std::string body_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_REPORTING_SVG_CANVAS_H_
