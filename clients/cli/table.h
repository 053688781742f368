// Tables of text that fit the screen.
#ifndef SAMVERK_CLIENTS_CLI_TABLE_H_
#define SAMVERK_CLIENTS_CLI_TABLE_H_

#include <string>
#include <string_view>
#include <vector>

#include "clients/cli/style.h"

namespace samverk::cli {

// A column. Text wraps between words when the table would be too wide; numbers,
// dates and ids stay whole.
struct Column {
  enum class Kind { kText, kWhole, kRight };
  std::string header;
  Kind kind = Kind::kText;
};

// Rows of UTF-8 cells. A line break in a cell begins a new line of it.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  // Adds a row; missing cells are empty.
  void Row(std::vector<std::string> cells);

  bool empty() const { return rows_.empty(); }

  // The table's lines, each ended by a line break; no trailing spaces. Nothing
  // for a table without rows. Columns that are empty in every row are left out.
  std::string Text(const Style& style) const;

 private:
  // Widths of `columns` in a table that is at most `width` wide, if it can be.
  std::vector<size_t> Widths(const std::vector<size_t>& columns,
                             size_t width) const;
  // Makes text columns narrower, but not than `least`, until `total` is at most
  // `width`; the total that it came to.
  size_t Narrow(const std::vector<size_t>& columns,
                const std::vector<size_t>& least, size_t width, size_t total,
                std::vector<size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// `text` in lines of at most `width` columns, broken between words (a word that
// is longer is broken within). At least one line.
std::vector<std::string> Wrap(std::string_view text, size_t width);

// `text` wrapped as a paragraph whose lines begin with `indent` spaces.
std::string Paragraph(std::string_view text, size_t indent, const Style& style);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_TABLE_H_
