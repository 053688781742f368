// The keys and markers of the view store, as bytes. Pure.
#ifndef SAMVERK_PROJECTIONS_ENGINE_VIEW_KEYS_H_
#define SAMVERK_PROJECTIONS_ENGINE_VIEW_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "projections/engine/stored_table.h"

namespace samverk::projections::view_keys {

inline constexpr char kFormatKey[] = "f";
// Every marker's key begins with this.
inline constexpr std::string_view kMarkers = "m";

std::string Entry(const TableId& table, std::string_view key);
std::string Marker(const TableId& table);
std::string Live(std::string_view projection);
std::string Number(uint64_t number);

// The first key after all those that begin with `prefix`, of which at least one
// byte is not 0xff.
std::string EndOf(std::string_view prefix);

std::string EncodeMarker(const TableMarker& marker);
// False when they are not a marker's key and value.
bool ParseMarker(std::string_view key, std::string_view value, TableId& table,
                 TableMarker& marker);

}  // namespace samverk::projections::view_keys

#endif  // SAMVERK_PROJECTIONS_ENGINE_VIEW_KEYS_H_
