#include "tests/report/markup_check.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <set>
#include <utility>

namespace samverk::testing {

namespace {

constexpr std::array<std::string_view, 3> kVoid = {"meta", "br", "hr"};
constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {{
    {"&amp;", '&'},
    {"&lt;", '<'},
    {"&gt;", '>'},
    {"&quot;", '"'},
    {"&#39;", '\''},
}};

class MarkupReader {
 public:
  explicit MarkupReader(std::string_view html) : html_(html) {}

  Markup Read() {
    if (!Skip("<!doctype html>")) Fail("no doctype");
    while (at_ < html_.size() && markup_.errors.empty()) {
      if (html_[at_] == '<') {
        ReadTag();
      } else {
        markup_.text += ReadText('<');
      }
    }
    if (!open_.empty()) Fail("not closed: " + open_.back());
    return std::move(markup_);
  }

 private:
  void Fail(const std::string& what) {
    markup_.errors.push_back(
        what + " near \"" +
        std::string(html_.substr(at_ < 40 ? 0 : at_ - 40, 80)) + "\"");
  }
  bool Skip(std::string_view token) {
    if (!html_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  std::string Name() {
    const size_t start = at_;
    while (at_ < html_.size() &&
           (std::isalnum(static_cast<unsigned char>(html_[at_])) ||
            html_[at_] == '-' || html_[at_] == ':')) {
      ++at_;
    }
    return std::string(html_.substr(start, at_ - start));
  }

  // Text up to `end`, decoded.
  std::string ReadText(char end) {
    std::string text;
    while (at_ < html_.size() && html_[at_] != end) {
      if (html_[at_] == '<' || html_[at_] == '>') {
        Fail("a bare angle bracket");
        return text;
      }
      if (html_[at_] != '&') {
        text += html_[at_++];
        continue;
      }
      const auto entity =
          std::find_if(kEntities.begin(), kEntities.end(),
                       [&](const auto& known) { return Skip(known.first); });
      if (entity == kEntities.end()) {
        Fail("a bare ampersand");
        return text;
      }
      text += entity->second;
    }
    return text;
  }

  void ReadTag() {
    if (Skip("</")) {
      const std::string name = Name();
      if (!Skip(">")) return Fail("a malformed end tag");
      if (open_.empty() || open_.back() != name) {
        return Fail("</" + name + "> closes nothing");
      }
      open_.pop_back();
      return;
    }
    ++at_;
    const std::string name = Name();
    if (name.empty()) return Fail("a bare less-than sign");
    markup_.tags.push_back(name);
    std::set<std::string> attributes;
    while (Skip(" ") || Skip("\n")) {
      if (!ReadAttribute(attributes)) return;
    }
    if (Skip("/>")) return;
    if (!Skip(">")) return Fail("a malformed start tag");
    if (std::find(kVoid.begin(), kVoid.end(), name) != kVoid.end()) return;
    if (name == "style" || name == "script") {
      const size_t end = html_.find("</" + name + ">", at_);
      if (end == std::string::npos) return Fail("not closed: " + name);
      style_ = html_.substr(at_, end - at_);
      if (style_.find("url(") != std::string_view::npos ||
          style_.find("@import") != std::string_view::npos) {
        markup_.addresses.emplace_back("in a style sheet");
      }
      at_ = end;
    }
    open_.push_back(name);
  }

  bool ReadAttribute(std::set<std::string>& attributes) {
    const std::string name = Name();
    if (name.empty() || !Skip("=\"")) {
      Fail("a malformed attribute");
      return false;
    }
    const std::string value = ReadText('"');
    if (!markup_.errors.empty() || !Skip("\"")) {
      Fail("an attribute that does not end");
      return false;
    }
    if (!attributes.insert(name).second) Fail("attribute twice: " + name);
    if (name.starts_with("on")) Fail("an event handler: " + name);
    if (name == "id") markup_.ids.push_back(value);
    if (name == "aria-labelledby") AddTargets(value);
    const bool address = name == "href" || name == "src" ||
                         name.ends_with(":href") || name == "action";
    if (address && value.starts_with("#")) {
      markup_.targets.push_back(value.substr(1));
    } else if (address) {
      markup_.addresses.push_back(value);
    }
    if (value.starts_with("url(#")) {
      markup_.targets.push_back(value.substr(5, value.size() - 6));
    }
    return true;
  }

  void AddTargets(std::string_view ids) {
    while (!ids.empty()) {
      const size_t end = std::min(ids.find(' '), ids.size());
      markup_.targets.emplace_back(ids.substr(0, end));
      ids.remove_prefix(std::min(end + 1, ids.size()));
    }
  }

  const std::string_view html_;
  size_t at_ = 0;
  std::vector<std::string> open_;
  std::string_view style_;
  Markup markup_;
};

}  // namespace

Markup CheckMarkup(std::string_view html) { return MarkupReader(html).Read(); }

}  // namespace samverk::testing
