#include "clients/cpp/log_cursor.h"

#include <utility>

namespace samverk::client {

LogCursor::LogCursor(view::v1::ReadLogRequest request)
    : rest_(std::move(request)) {}

void LogCursor::Took(const view::v1::ReadLogResponse& page) {
  const uint64_t events = static_cast<uint64_t>(page.events_size());
  if (rest_.limit() > 0) {
    if (events >= rest_.limit()) {
      finished_ = true;
      return;
    }
    rest_.set_limit(rest_.limit() - events);
  }
  const uint64_t scanned = page.scanned_to();
  if (rest_.reverse()) {
    if (scanned <= 1 || scanned <= rest_.from()) {
      finished_ = true;
    } else {
      rest_.set_to(scanned - 1);
    }
    return;
  }
  if (rest_.to() == 0) rest_.set_to(page.head());
  if (scanned >= rest_.to()) {
    finished_ = true;
  } else {
    rest_.set_from(scanned + 1);
  }
}

}  // namespace samverk::client
