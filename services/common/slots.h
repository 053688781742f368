// So many at once, and no more.
#ifndef SAMVERK_SERVICES_COMMON_SLOTS_H_
#define SAMVERK_SERVICES_COMMON_SLOTS_H_

#include <atomic>
#include <cstddef>
#include <memory>

namespace samverk {

// Thread-safe. Must outlive what it has given.
class Slots {
 public:
  explicit Slots(size_t free) : free_(static_cast<int64_t>(free)) {}

  // Gives the slot back when it goes.
  class Slot {
   public:
    explicit Slot(std::atomic<int64_t>& free) : free_(free) {}
    ~Slot() { ++free_; }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

   private:
    std::atomic<int64_t>& free_;
  };

  // Null: all are taken.
  std::unique_ptr<Slot> Take() {
    if (--free_ >= 0) return std::make_unique<Slot>(free_);
    ++free_;
    return nullptr;
  }

 private:
  std::atomic<int64_t> free_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_COMMON_SLOTS_H_
