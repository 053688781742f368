#include "projections/engine/view_keys.h"

#include <algorithm>

#include "eventstore/base/coding.h"

namespace samverk::projections::view_keys {
namespace {

std::string OfTable(char kind, const TableId& table, size_t extra_bytes) {
  std::string key;
  key.reserve(table.projection.size() + 10 + extra_bytes);
  key.push_back(kind);
  key.append(table.projection).push_back('\0');
  PutBig64(table.generation, key);
  return key;
}

}  // namespace

std::string Entry(const TableId& table, std::string_view key) {
  return OfTable('e', table, key.size()).append(key);
}

std::string Marker(const TableId& table) { return OfTable('m', table, 0); }

std::string Live(std::string_view projection) {
  return std::string("l").append(projection);
}

std::string Number(uint64_t number) {
  std::string bytes;
  PutBig64(number, bytes);
  return bytes;
}

std::string EndOf(std::string_view prefix) {
  std::string end(prefix);
  while (static_cast<uint8_t>(end.back()) == 0xff) end.pop_back();
  ++end.back();
  return end;
}

std::string EncodeMarker(const TableMarker& marker) {
  std::string value;
  PutVarint(static_cast<uint64_t>(marker.version), value);
  PutVarint(marker.entries, value);
  PutVarint(marker.applied.value(), value);
  PutVarint(ZigZag(marker.recorded_at_us), value);
  value.append(AsBytes(marker.record_hash));
  return value;
}

bool ParseMarker(std::string_view key, std::string_view value, TableId& table,
                 TableMarker& marker) {
  constexpr size_t kTail = 1 + sizeof(uint64_t);
  if (key.size() < 1 + kTail || key[key.size() - kTail] != '\0') return false;
  table.projection = key.substr(1, key.size() - 1 - kTail);
  table.generation = GetBig64(key.data() + key.size() - sizeof(uint64_t));

  uint64_t version, applied, recorded_at;
  if (!TakeVarint(value, version) || !TakeVarint(value, marker.entries) ||
      !TakeVarint(value, applied) || !TakeVarint(value, recorded_at) ||
      value.size() != marker.record_hash.size()) {
    return false;
  }
  marker.version = static_cast<int>(version);
  marker.applied = Position(applied);
  marker.recorded_at_us = UnZigZag(recorded_at);
  std::copy(value.begin(), value.end(), marker.record_hash.begin());
  return true;
}

}  // namespace samverk::projections::view_keys
