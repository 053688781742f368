// Where a reading of the history goes on after its connection broke. Pure.
#ifndef SAMVERK_CLIENTS_CPP_LOG_CURSOR_H_
#define SAMVERK_CLIENTS_CPP_LOG_CURSOR_H_

#include <cstdint>

#include "samverk/view/v1/view_service.pb.h"

namespace samverk::client {

// Keeps what has been read of one request, so that the rest of it can be asked
// for: no event is missed, none comes twice, and a reading that ends at the
// head ends at the head that the first answer told, however long it took.
class LogCursor {
 public:
  explicit LogCursor(view::v1::ReadLogRequest request);

  // Takes note of an answer, which the caller has taken care of.
  void Took(const view::v1::ReadLogResponse& page);

  // The request for what is left.
  const view::v1::ReadLogRequest& rest() const { return rest_; }

  // True when nothing is left, however the connection ended.
  bool finished() const { return finished_; }

 private:
  view::v1::ReadLogRequest rest_;
  bool finished_ = false;
};

}  // namespace samverk::client

#endif  // SAMVERK_CLIENTS_CPP_LOG_CURSOR_H_
