// How far something is that takes long, for people who look on.
#ifndef SAMVERK_CLIENTS_CLI_PROGRESS_H_
#define SAMVERK_CLIENTS_CLI_PROGRESS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "clients/cli/style.h"

namespace samverk::cli {

// "12 000 av 450 000 händelser, 9 800/s, 45 s kvar". Pure.
std::string ProgressText(uint64_t done, uint64_t all, absl::Duration elapsed,
                         const std::string& what, const Style& style);

// One line on standard error that is written over again and again, when that is
// a terminal; nothing when it is not.
class Progress {
 public:
  // `what` is counted: "händelser". `style` must outlive it.
  Progress(std::string what, const Style& style);
  // Takes the line away.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // As often as one likes.
  void Update(uint64_t done, uint64_t all);
  // Takes the line away until the next update.
  void Clear();

 private:
  const std::string what_;
  const Style& style_;
  const bool shown_;
  const absl::Time started_;
  absl::Time told_;
  bool there_ = false;
};

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_PROGRESS_H_
