// A cursor store whose writes go wrong as a test wants it.
#ifndef SAMVERK_TESTS_BUS_FAKE_CURSOR_STORE_H_
#define SAMVERK_TESTS_BUS_FAKE_CURSOR_STORE_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eventstore/cursor_store.h"

namespace samverk::bus {

// Holds each write until it is told what becomes of it. Single-threaded.
class FakeCursorStore : public CursorStore {
 public:
  void PutCursors(std::vector<CursorEntry> entries, absl::Time,
                  PutCallback done) override {
    held_.push_back({std::move(entries), std::move(done)});
  }

  absl::StatusOr<std::optional<std::string>> GetCursor(
      std::string_view key) override {
    const auto at = values_.find(std::string(key));
    if (at == values_.end()) return std::optional<std::string>();
    return std::optional<std::string>(at->second);
  }

  absl::StatusOr<std::vector<CursorEntry>> ListCursors(
      std::string_view prefix) override {
    std::vector<CursorEntry> entries;
    for (const auto& [key, value] : values_) {
      if (key.starts_with(prefix)) entries.push_back({key, value});
    }
    return entries;
  }

  bool holds() const { return !held_.empty(); }

  // Ends the oldest write: stored or not, and what is said of it.
  void End(bool stored, const absl::Status& answer) {
    auto [entries, done] = std::move(held_.front());
    held_.erase(held_.begin());
    if (stored) Apply(entries);
    done(answer);
  }

  // The server dies: the oldest write is stored or not, and nobody is told.
  void Die(bool stored) {
    if (stored && !held_.empty()) Apply(held_.front().first);
    held_.clear();
  }

 private:
  void Apply(const std::vector<CursorEntry>& entries) {
    for (const CursorEntry& entry : entries) {
      if (entry.value.empty()) {
        values_.erase(entry.key);
      } else {
        values_[entry.key] = entry.value;
      }
    }
  }

  std::map<std::string, std::string> values_;
  std::vector<std::pair<std::vector<CursorEntry>, PutCallback>> held_;
};

}  // namespace samverk::bus

#endif  // SAMVERK_TESTS_BUS_FAKE_CURSOR_STORE_H_
