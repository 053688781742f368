// Where the parts of a view come from: the positions of their events, with a
// mark on those that rest on inference. Pure.
#ifndef SAMVERK_CLIENTS_CLI_SOURCES_H_
#define SAMVERK_CLIENTS_CLI_SOURCES_H_

#include <cstdint>
#include <set>
#include <string>

#include "clients/cli/style.h"
#include "google/protobuf/message.h"
#include "google/protobuf/repeated_field.h"
#include "samverk/view/v1/common.pb.h"

namespace samverk::cli {

using Positions = google::protobuf::RepeatedField<uint64_t>;

// Cells of a table's column of sources. One for each view that is told; it
// remembers whether the mark was needed.
//
//   Sources sources(inferred);
//   table.Row({name, sources.Of(row.origin())});   // "#55*"
//   out += table.Text(style) + sources.Legend(style);
class Sources {
 public:
  // `inferred`: positions of events that do not say all of it themselves.
  explicit Sources(std::set<uint64_t> inferred);

  // "#12, #41*"; the first eight of many, and how many there are in all.
  // `parts` 0: as many as there are positions.
  std::string Of(const Positions& positions, uint64_t parts = 0);
  // "#12" of an event; empty for a part that comes from none.
  std::string Of(const view::v1::Origin& origin);
  // Every event that a row of a view was made from: its origins, wherever they
  // stand in the message, in the order of the register; `left_out`: how many
  // more there are.
  std::string OfRow(const google::protobuf::Message& row,
                    uint64_t left_out = 0);

  // The line that says what the mark means, with an empty line before it;
  // empty when nothing was marked.
  std::string Legend(const Style& style) const;

 private:
  std::string Cell(uint64_t position);

  std::set<uint64_t> inferred_;
  bool marked_ = false;
};

// Positions of the origins anywhere in a message that were inferred, wholly or
// in part.
std::set<uint64_t> InferredIn(const google::protobuf::Message& message);

// Positions that a message tells without their origins (of figures, of entries
// of the timeline, of checks): those that Sources shows. Whether they were
// inferred, the message does not say.
std::set<uint64_t> PositionsWithoutOriginIn(
    const google::protobuf::Message& message);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_SOURCES_H_
