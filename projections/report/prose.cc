#include "projections/report/prose.h"

#include <algorithm>
#include <utility>

#include "eventstore/base/check.h"

namespace samverk::projections {

using report::v1::Alignment;
using report::v1::BulletList;
using report::v1::ListItem;
using report::v1::Paragraph;
using report::v1::Section;
using report::v1::Span;
using report::v1::Table;

Sources& Sources::Add(uint64_t position) {
  if (position == 0) return *this;
  const auto at =
      std::lower_bound(positions_.begin(), positions_.end(), position);
  if (at != positions_.end() && *at == position) return *this;
  positions_.insert(at, position);
  if (positions_.size() > kSpanPositionsMax) positions_.pop_back();
  return *this;
}

Sources& Sources::Add(
    const google::protobuf::RepeatedField<uint64_t>& positions) {
  for (const uint64_t position : positions) Add(position);
  return *this;
}

Sources& Sources::Add(const Sources& other) {
  for (const uint64_t position : other.positions_) Add(position);
  return *this;
}

Span& Prose::Add(std::string_view text) {
  Span& span = *paragraph_.add_spans();
  span.set_text(std::string(text));
  return span;
}

Prose& Prose::Own(std::string_view text) {
  if (text.empty()) return *this;
  // Neighbouring words of the template are one span.
  if (!empty()) {
    Span& last = *paragraph_.mutable_spans(paragraph_.spans_size() - 1);
    if (last.positions().empty() && !last.quoted() && last.marks().empty()) {
      last.mutable_text()->append(text);
      return *this;
    }
  }
  Add(text);
  return *this;
}

Prose& Prose::Fact(std::string_view text, const Sources& sources,
                   const Marks& marks) {
  if (text.empty()) return *this;
  Span& span = Add(text);
  for (const uint64_t position : sources.positions()) {
    span.add_positions(position);
  }
  for (const std::string_view mark : marks) span.add_marks(std::string(mark));
  return *this;
}

Prose& Prose::Quote(std::string_view text, const Sources& sources,
                    const Marks& marks) {
  if (text.empty()) return *this;
  Fact(text, sources, marks);
  paragraph_.mutable_spans(paragraph_.spans_size() - 1)->set_quoted(true);
  return *this;
}

Prose& Prose::Lack(std::string_view text) {
  return Fact(text, Sources(), {mark::kMissing});
}

Prose& Prose::Append(const Paragraph& paragraph) {
  for (const Span& span : paragraph.spans()) *paragraph_.add_spans() = span;
  return *this;
}

TableWriter::TableWriter(std::string_view caption) {
  table_.set_caption(std::string(caption));
}

TableWriter& TableWriter::Add(std::string_view header, Alignment alignment) {
  report::v1::Column& column = *table_.add_columns();
  column.set_header(std::string(header));
  column.set_alignment(alignment);
  return *this;
}

TableWriter& TableWriter::Left(std::string_view header) {
  return Add(header, report::v1::ALIGNMENT_LEFT);
}

TableWriter& TableWriter::Right(std::string_view header) {
  return Add(header, report::v1::ALIGNMENT_RIGHT);
}

void TableWriter::Row(std::vector<Paragraph> cells, bool set_apart) {
  SAMVERK_CHECK(cells.size() == static_cast<size_t>(table_.columns_size()))
      << "a row of " << cells.size() << " cells in a table of "
      << table_.columns_size() << " columns: " << table_.caption();
  report::v1::Row& row = *table_.add_rows();
  for (Paragraph& cell : cells) *row.add_cells() = std::move(cell);
  row.set_set_apart(set_apart);
}

void AddSubheading(Section& section, std::string_view text) {
  section.add_blocks()->set_subheading(std::string(text));
}

void AddParagraph(Section& section, Prose prose) {
  if (prose.empty()) return;
  *section.add_blocks()->mutable_paragraph() = prose.Done();
}

void AddList(Section& section, BulletList list) {
  if (list.items().empty()) return;
  *section.add_blocks()->mutable_list() = std::move(list);
}

void AddTable(Section& section, Table table) {
  if (table.rows().empty()) return;
  *section.add_blocks()->mutable_table() = std::move(table);
}

void AddMissing(Section& section, std::string_view text) {
  section.add_missing(std::string(text));
}

ListItem Item(Prose prose, std::vector<Prose> details) {
  ListItem item;
  *item.mutable_paragraph() = prose.Done();
  for (Prose& detail : details) {
    if (!detail.empty()) *item.add_details() = detail.Done();
  }
  return item;
}

Paragraph OwnCell(std::string_view text) { return Prose().Own(text).Done(); }

Paragraph LackCell(std::string_view text) { return Prose().Lack(text).Done(); }

}  // namespace samverk::projections
