// Texts that live and die together.
#ifndef SAMVERK_EVENTSTORE_BASE_TEXT_ARENA_H_
#define SAMVERK_EVENTSTORE_BASE_TEXT_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace samverk {

// Keeps copies of texts until it is destroyed: a string for each would cost an
// allocation. Not thread-safe.
class TextArena {
 public:
  // The copy stays where it is.
  std::string_view Keep(std::string_view text) {
    if (text.size() > left_) {
      const size_t size = std::max(kBlock, text.size());
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
      next_ = blocks_.back().get();
      left_ = size;
    }
    char* const kept = next_;
    std::copy(text.begin(), text.end(), kept);
    next_ += text.size();
    left_ -= text.size();
    return {kept, text.size()};
  }

 private:
  static constexpr size_t kBlock = 64 << 10;

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
};

}  // namespace samverk

#endif  // SAMVERK_EVENTSTORE_BASE_TEXT_ARENA_H_
