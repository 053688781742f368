// A cursor store in memory, for any thread.
#ifndef SAMVERK_TESTS_BUS_TEST_CURSOR_STORE_H_
#define SAMVERK_TESTS_BUS_TEST_CURSOR_STORE_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "eventstore/base/mutex.h"
#include "eventstore/cursor_store.h"

namespace samverk::bus {

// Stores at once, or holds writes back, or refuses them.
class TestCursorStore : public CursorStore {
 public:
  void PutCursors(std::vector<CursorEntry> entries, absl::Time,
                  PutCallback done) override {
    absl::Status answer;
    {
      MutexLock lock(mu_);
      ++writes_;
      if (hold_) {
        held_.push_back({std::move(entries), std::move(done)});
        return;
      }
      answer = answer_;
      if (answer.ok()) Apply(entries);
    }
    done(answer);
  }
  absl::StatusOr<std::optional<std::string>> GetCursor(
      std::string_view key) override {
    MutexLock lock(mu_);
    const auto at = values_.find(std::string(key));
    return at == values_.end() ? std::optional<std::string>() : at->second;
  }
  absl::StatusOr<std::vector<CursorEntry>> ListCursors(
      std::string_view prefix) override {
    MutexLock lock(mu_);
    std::vector<CursorEntry> entries;
    for (const auto& [key, value] : values_) {
      if (key.starts_with(prefix)) entries.push_back({key, value});
    }
    return entries;
  }

  void Hold() {
    MutexLock lock(mu_);
    hold_ = true;
  }
  // Answers what was held back; it is stored only with OK.
  void Release(const absl::Status& answer = absl::OkStatus()) {
    std::vector<std::pair<std::vector<CursorEntry>, PutCallback>> held;
    {
      MutexLock lock(mu_);
      hold_ = false;
      held = std::exchange(held_, {});
      for (const auto& [entries, done] : held) {
        if (answer.ok()) Apply(entries);
      }
    }
    for (const auto& [entries, done] : held) done(answer);
  }
  void Answer(absl::Status answer) {
    MutexLock lock(mu_);
    answer_ = std::move(answer);
  }
  void Put(std::string key, std::string value) {
    MutexLock lock(mu_);
    Apply({{std::move(key), std::move(value)}});
  }
  int writes() {
    MutexLock lock(mu_);
    return writes_;
  }

 private:
  void Apply(const std::vector<CursorEntry>& entries)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    for (const CursorEntry& entry : entries) {
      if (entry.value.empty()) {
        values_.erase(entry.key);
      } else {
        values_[entry.key] = entry.value;
      }
    }
  }

  Mutex mu_;
  bool hold_ ABSL_GUARDED_BY(mu_) = false;
  int writes_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Status answer_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, std::string> values_ ABSL_GUARDED_BY(mu_);
  std::vector<std::pair<std::vector<CursorEntry>, PutCallback>> held_
      ABSL_GUARDED_BY(mu_);
};

}  // namespace samverk::bus

#endif  // SAMVERK_TESTS_BUS_TEST_CURSOR_STORE_H_
