// Looking into a JSON object.
#ifndef SAMVERK_SERVICES_ACCESS_JSON_MEMBER_H_
#define SAMVERK_SERVICES_ACCESS_JSON_MEMBER_H_

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "proto/codec/json.h"

namespace samverk::access {

// The value of a name. Null: `object` has no such name, or is no object. Lives
// as long as `object`.
inline const codec::JsonValue* Member(const codec::JsonValue& object,
                                      std::string_view name) {
  if (object.kind != codec::JsonValue::Kind::kObject) return nullptr;
  const auto found = std::find(object.names.begin(), object.names.end(), name);
  return found == object.names.end()
             ? nullptr
             : &object.items[static_cast<size_t>(found - object.names.begin())];
}

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_JSON_MEMBER_H_
