// The order of Swedish names: å, ä and ö after z.
#ifndef SAMVERK_PROJECTIONS_PARTICIPATION_SWEDISH_SORT_KEY_H_
#define SAMVERK_PROJECTIONS_PARTICIPATION_SWEDISH_SORT_KEY_H_

#include <string>
#include <string_view>

namespace samverk::projections {

// A key whose byte order is the order of names in Swedish lists: spaces and
// marks before digits before letters, capitals with small letters, å ä ö last,
// é with e, ü with y, æ with ä, ø with ö. What has no place in that order
// (other scripts) comes after ö, by code point. Names that differ in case or
// accents alone are told apart by their bytes. Pure: no locale, no tables of
// the machine's. Bytes that are not UTF-8 sort last.
std::string SwedishSortKey(std::string_view name);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_PARTICIPATION_SWEDISH_SORT_KEY_H_
