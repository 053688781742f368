// Building paragraphs, lists and tables whose pieces know their events.
#ifndef SAMVERK_PROJECTIONS_REPORT_PROSE_H_
#define SAMVERK_PROJECTIONS_REPORT_PROSE_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/repeated_field.h"
#include "samverk/report/v1/report.pb.h"
#include "samverk/view/v1/common.pb.h"

namespace samverk::projections {

// A span names at most this many events; its text says how many there are.
inline constexpr size_t kSpanPositionsMax = 50;

// Marks that a span may carry (see samverk.report.v1.Span).
namespace mark {
inline constexpr std::string_view kInferred = "inferred";
inline constexpr std::string_view kHedged = "hedged";
inline constexpr std::string_view kPreliminary = "preliminary";
inline constexpr std::string_view kClaimed = "claimed";
inline constexpr std::string_view kSubstantiated = "substantiated";
inline constexpr std::string_view kConfirmed = "confirmed";
inline constexpr std::string_view kDisputed = "disputed";
inline constexpr std::string_view kLate = "late";
// What should be there and is not; renderers show the text itself so.
inline constexpr std::string_view kMissing = "missing";
}  // namespace mark

using Marks = std::vector<std::string_view>;

// The events that a piece of text comes from: ascending, each once, at most
// kSpanPositionsMax. Never empty for what is told as a fact.
class Sources {
 public:
  Sources() = default;
  explicit Sources(uint64_t position) { Add(position); }
  // Implicit: an origin, a figure and a list of positions are sources.
  Sources(const view::v1::Origin& origin) { Add(origin.position()); }
  Sources(const view::v1::Figure& figure) { Add(figure.positions()); }
  Sources(const google::protobuf::RepeatedField<uint64_t>& positions) {
    Add(positions);
  }

  // Takes in one more; 0 is no event.
  Sources& Add(uint64_t position);
  Sources& Add(const google::protobuf::RepeatedField<uint64_t>& positions);
  Sources& Add(const Sources& other);

  bool empty() const { return positions_.empty(); }
  const std::vector<uint64_t>& positions() const { return positions_; }

 private:
  std::vector<uint64_t> positions_;
};

// Writes one paragraph, piece by piece. One use.
class Prose {
 public:
  // The template's own words: no event behind them. An empty text is left out.
  Prose& Own(std::string_view text);
  // What events say, in other words than theirs.
  Prose& Fact(std::string_view text, const Sources& sources,
              const Marks& marks = {});
  // Somebody's own words; renderers put quotation marks around them.
  Prose& Quote(std::string_view text, const Sources& sources,
               const Marks& marks = {});
  // The template's own words for what is missing.
  Prose& Lack(std::string_view text);
  // Everything of another paragraph.
  Prose& Append(const report::v1::Paragraph& paragraph);

  bool empty() const { return paragraph_.spans().empty(); }
  report::v1::Paragraph Done() { return std::move(paragraph_); }

 private:
  report::v1::Span& Add(std::string_view text);
  report::v1::Paragraph paragraph_;
};

// Writes a table. A row has one cell for each column.
class TableWriter {
 public:
  explicit TableWriter(std::string_view caption);
  TableWriter& Left(std::string_view header);
  TableWriter& Right(std::string_view header);
  void Row(std::vector<report::v1::Paragraph> cells, bool set_apart = false);
  int rows() const { return table_.rows_size(); }
  report::v1::Table Done() { return std::move(table_); }

 private:
  TableWriter& Add(std::string_view header, report::v1::Alignment alignment);
  report::v1::Table table_;
};

// Adding blocks to a section. Empty paragraphs, lists and tables are left out.
void AddSubheading(report::v1::Section& section, std::string_view text);
void AddParagraph(report::v1::Section& section, Prose prose);
void AddList(report::v1::Section& section, report::v1::BulletList list);
void AddTable(report::v1::Section& section, report::v1::Table table);
void AddMissing(report::v1::Section& section, std::string_view text);

// An item of a list with its details; empty details are left out.
report::v1::ListItem Item(Prose prose, std::vector<Prose> details = {});

// A cell with the template's own words; with its words for what is missing.
report::v1::Paragraph OwnCell(std::string_view text);
report::v1::Paragraph LackCell(std::string_view text);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_PROSE_H_
