// The body of a request, read once.
#ifndef SAMVERK_SERVICES_HTTP_REQUEST_BODY_H_
#define SAMVERK_SERVICES_HTTP_REQUEST_BODY_H_

#include <httplib.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace samverk {

// Reads a body through `reader`, which must outlive it; without one there is
// none. One thread.
class RequestBody {
 public:
  RequestBody(const httplib::Request& request,
              const httplib::ContentReader* reader)
      : request_(request), reader_(reader) {}

  // See HttpRequest::read_body.
  absl::StatusOr<std::string> Read(size_t bytes_max);

  // Reads over what nobody has read. False: the connection cannot go on, as the
  // next request would be looked for within this body.
  bool Skip();

 private:
  const httplib::Request& request_;
  const httplib::ContentReader* const reader_;
  bool read_ = false;
  bool whole_ = false;  // to its end
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_HTTP_REQUEST_BODY_H_
