// CHECK: a condition that only a programming error can break. On in release.
#ifndef SAMVERK_EVENTSTORE_BASE_CHECK_H_
#define SAMVERK_EVENTSTORE_BASE_CHECK_H_

#include <sstream>
#include <string>

namespace samverk::internal {

// Prints where and why to standard error, then aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const std::string& why);

// Gathers what is streamed into CHECK, and ends the process when destroyed.
class CheckFailure {
 public:
  CheckFailure(const char* file, int line, const char* condition)
      : file_(file), line_(line), condition_(condition) {}
  CheckFailure(const CheckFailure&) = delete;
  CheckFailure& operator=(const CheckFailure&) = delete;
  [[noreturn]] ~CheckFailure() {
    CheckFailed(file_, line_, condition_, why_.str());
  }
  std::ostream& stream() { return why_; }

 private:
  const char* file_;
  int line_;
  const char* condition_;
  std::ostringstream why_;
};

}  // namespace samverk::internal

// CHECK(n > 0) << "why it must hold".
#define SAMVERK_CHECK(condition) \
  if (condition) [[likely]] {    \
  } else                         \
    ::samverk::internal::CheckFailure(__FILE__, __LINE__, #condition).stream()

#endif  // SAMVERK_EVENTSTORE_BASE_CHECK_H_
