// Pieces of text in a row.
#ifndef SAMVERK_PROJECTIONS_TIMELINE_JOIN_WORDS_H_
#define SAMVERK_PROJECTIONS_TIMELINE_JOIN_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace samverk::projections {

// The parts that are not empty, with `separator` between them.
inline std::string JoinWords(const std::vector<std::string>& parts,
                             std::string_view separator) {
  std::string joined;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!joined.empty()) joined.append(separator);
    joined.append(part);
  }
  return joined;
}

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_TIMELINE_JOIN_WORDS_H_
