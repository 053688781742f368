#include "clients/cli/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "proto/codec/text.h"

namespace samverk::cli {
namespace {

constexpr absl::Duration kBetween = absl::Milliseconds(200);

}  // namespace

std::string ProgressText(uint64_t done, uint64_t all, absl::Duration elapsed,
                         const std::string& what, const Style& style) {
  const auto number = [&style](uint64_t n) {
    return codec::NumberText(static_cast<int64_t>(n), style.language);
  };
  const double seconds = absl::ToDoubleSeconds(elapsed);
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  std::string text =
      absl::StrCat(number(done), style(" av ", " of "), number(all), " ", what,
                   ", ", number(static_cast<uint64_t>(rate)), "/s");
  if (all > done && rate >= 1) {
    absl::StrAppend(
        &text, ", ",
        number(static_cast<uint64_t>(static_cast<double>(all - done) / rate) +
               1),
        style(" s kvar", " s left"));
  }
  return text;
}

Progress::Progress(std::string what, const Style& style)
    : what_(std::move(what)),
      style_(style),
      shown_(isatty(STDERR_FILENO) != 0),
      started_(absl::Now()),
      told_(started_) {}

Progress::~Progress() { Clear(); }

void Progress::Update(uint64_t done, uint64_t all) {
  const absl::Time now = absl::Now();
  if (!shown_ || now - told_ < kBetween) return;
  told_ = now;
  there_ = true;
  std::fprintf(stderr, "\r\033[K%s",
               ProgressText(done, all, now - started_, what_, style_).c_str());
  std::fflush(stderr);
}

void Progress::Clear() {
  if (!there_) return;
  there_ = false;
  std::fputs("\r\033[K", stderr);
}

}  // namespace samverk::cli
