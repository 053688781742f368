// JSON that is put together and written, names in the order in which they were
// set.
#ifndef SAMVERK_PROTO_DESCRIBE_JSON_TREE_H_
#define SAMVERK_PROTO_DESCRIBE_JSON_TREE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace samverk::describe {

// One value. Plain data.
class Json {
 public:
  static Json Text(std::string_view text);  // UTF-8
  static Json Number(int64_t number);
  static Json Bool(bool value);
  static Json Object() { return Json(Kind::kObject); }
  static Json List() { return Json(Kind::kList); }
  static Json Texts(const std::vector<std::string>& texts);

  // To an object; a name is set once.
  Json& Set(std::string_view name, Json value);
  Json& Set(std::string_view name, const char* text) {
    return Set(name, Text(text));
  }
  Json& Set(std::string_view name, const std::string& text) {
    return Set(name, Text(text));
  }
  // All that another object has.
  Json& Extend(Json other);
  // To a list.
  Json& Add(Json value);

  // Indented, ends with a line break.
  std::string ToText() const;

 private:
  enum class Kind { kScalar, kObject, kList };

  explicit Json(Kind kind) : kind_(kind) {}
  void Append(std::string& text, int depth) const;

  Kind kind_;
  std::string scalar_;                               // as it is written
  std::vector<std::pair<std::string, Json>> items_;  // a list's have no name
};

}  // namespace samverk::describe

#endif  // SAMVERK_PROTO_DESCRIBE_JSON_TREE_H_
