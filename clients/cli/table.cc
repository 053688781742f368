#include "clients/cli/table.h"

#include <algorithm>
#include <utility>

#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

using codec::DisplayWidth;

constexpr size_t kGap = 2;
// A text column is not made narrower than this to make the table fit.
constexpr size_t kLeastTextWidth = 12;

size_t LengthOfCodePoint(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

// How much of `text`, from its beginning, is at most `width` columns wide.
// Looks no further than that, however long the text is.
size_t FittingBytes(std::string_view text, size_t width) {
  size_t end = 0;
  while (end < text.size()) {
    const size_t length =
        std::min(text.size() - end, LengthOfCodePoint(text[end]));
    const size_t columns = DisplayWidth(text.substr(end, length));
    if (columns > width) break;
    width -= columns;
    end += length;
  }
  return end;
}

// Cuts off the longest beginning of `word` that fits; at least one character.
std::string_view TakeFitting(std::string_view& word, size_t width) {
  const size_t least = std::min(word.size(), LengthOfCodePoint(word[0]));
  const std::string_view taken =
      word.substr(0, std::max(least, FittingBytes(word, width)));
  word.remove_prefix(taken.size());
  return taken;
}

void WrapLine(std::string_view line, size_t width,
              std::vector<std::string>& lines) {
  std::string current;
  size_t taken = 0;  // columns of `current`
  while (!line.empty()) {
    const size_t space = std::min(line.find(' '), line.size());
    std::string_view word = line.substr(0, space);
    line.remove_prefix(std::min(space + 1, line.size()));
    if (word.empty()) continue;
    const size_t room = taken < width ? width - taken - 1 : 0;
    if (!current.empty() && FittingBytes(word, room) < word.size()) {
      lines.push_back(std::move(current));
      current.clear();
      taken = 0;
    }
    while (current.empty() && FittingBytes(word, width) < word.size()) {
      lines.emplace_back(TakeFitting(word, width));
    }
    if (!current.empty()) {
      current += ' ';
      ++taken;
    }
    current += word;
    taken += DisplayWidth(word);
  }
  lines.push_back(std::move(current));
}

void Pad(size_t count, std::string& line) { line.append(count, ' '); }

void TrimRight(std::string& line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
}

size_t WidestLine(std::string_view text) {
  size_t widest = 0;
  while (true) {
    const size_t end = std::min(text.find('\n'), text.size());
    widest = std::max(widest, DisplayWidth(text.substr(0, end)));
    if (end == text.size()) return widest;
    text.remove_prefix(end + 1);
  }
}

size_t LongestWord(std::string_view text) {
  size_t longest = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(" \n"), text.size());
    longest = std::max(longest, DisplayWidth(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

}  // namespace

std::vector<std::string> Wrap(std::string_view text, size_t width) {
  std::vector<std::string> lines;
  while (true) {
    const size_t end = std::min(text.find('\n'), text.size());
    WrapLine(text.substr(0, end), std::max<size_t>(width, 1), lines);
    if (end == text.size()) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string Paragraph(std::string_view text, size_t indent,
                      const Style& style) {
  const size_t width = style.width > indent + kLeastTextWidth
                           ? style.width - indent
                           : kLeastTextWidth;
  std::string out;
  for (const std::string& line : Wrap(text, width)) {
    std::string indented(indent, ' ');
    indented += line;
    TrimRight(indented);
    out += indented + "\n";
  }
  return out;
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::Row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<size_t> Table::Widths(const std::vector<size_t>& columns,
                                  size_t width) const {
  std::vector<size_t> widths;
  size_t total = 0;
  for (const size_t column : columns) {
    size_t widest = DisplayWidth(columns_[column].header);
    for (const auto& row : rows_) {
      widest = std::max(widest, WidestLine(row[column]));
    }
    widths.push_back(widest);
    total += widest + kGap;
  }
  total -= kGap;
  // First columns are made narrower as far as their words stay whole; only then
  // are words broken.
  std::vector<size_t> least;
  for (const size_t column : columns) {
    size_t longest = 0;
    for (const auto& row : rows_) {
      longest = std::max(longest, LongestWord(row[column]));
    }
    least.push_back(std::max({longest, DisplayWidth(columns_[column].header),
                              std::min(longest, kLeastTextWidth)}));
  }
  total = Narrow(columns, least, width, total, widths);
  for (size_t i = 0; i < columns.size(); ++i) {
    least[i] = std::max(DisplayWidth(columns_[columns[i]].header),
                        std::min(least[i], kLeastTextWidth));
  }
  Narrow(columns, least, width, total, widths);
  return widths;
}

size_t Table::Narrow(const std::vector<size_t>& columns,
                     const std::vector<size_t>& least, size_t width,
                     size_t total, std::vector<size_t>& widths) const {
  // The widest text column gives way first, one column of characters at a time.
  while (total > width) {
    size_t widest = columns.size();
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns_[columns[i]].kind == Column::Kind::kText &&
          widths[i] > least[i] &&
          (widest == columns.size() || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    if (widest == columns.size()) break;
    --widths[widest];
    --total;
  }
  return total;
}

std::string Table::Text(const Style& style) const {
  if (rows_.empty()) return "";
  std::vector<size_t> columns;
  for (size_t column = 0; column < columns_.size(); ++column) {
    const bool used =
        std::any_of(rows_.begin(), rows_.end(),
                    [&](const auto& row) { return !row[column].empty(); });
    if (used) columns.push_back(column);
  }
  const std::vector<size_t> widths = Widths(columns, style.width);

  // One line of the table: a cell's line for each column.
  const auto line_of = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) Pad(kGap, line);
      const size_t width = DisplayWidth(cells[i]);
      const size_t padding = widths[i] > width ? widths[i] - width : 0;
      const bool right = columns_[columns[i]].kind == Column::Kind::kRight;
      if (right) Pad(padding, line);
      line += cells[i];
      if (!right) Pad(padding, line);
    }
    TrimRight(line);
    return line;
  };

  std::string out;
  std::vector<std::string> headers;
  std::string rule;
  for (size_t i = 0; i < columns.size(); ++i) {
    headers.push_back(columns_[columns[i]].header);
    if (i > 0) Pad(kGap, rule);
    for (size_t n = 0; n < widths[i]; ++n) rule += "─";
  }
  out += style.Bold(line_of(headers)) + "\n" + rule + "\n";
  for (const auto& row : rows_) {
    std::vector<std::vector<std::string>> wrapped;
    size_t height = 1;
    for (size_t i = 0; i < columns.size(); ++i) {
      wrapped.push_back(Wrap(row[columns[i]], widths[i]));
      height = std::max(height, wrapped.back().size());
    }
    for (size_t n = 0; n < height; ++n) {
      std::vector<std::string> cells;
      for (auto& lines : wrapped) {
        cells.push_back(n < lines.size() ? lines[n] : "");
      }
      out += line_of(cells) + "\n";
    }
  }
  return out;
}

}  // namespace samverk::cli
