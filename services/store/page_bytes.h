// A page of a reading as the bytes that gRPC carries.
#ifndef SAMVERK_SERVICES_STORE_PAGE_BYTES_H_
#define SAMVERK_SERVICES_STORE_PAGE_BYTES_H_

#include <cstddef>
#include <string>

#include "eventstore/record.h"

namespace samverk {

// Makes the wire bytes of ReadResponses, event by event. The stored bodies go
// into them as they are: nothing is decoded. For one thread.
class PageBytes {
 public:
  void Add(const RecordView& event);

  // Of the page that is being made.
  size_t events() const { return events_; }
  size_t size() const { return bytes_.size(); }

  // Ends the page and gives it; the next one is expected to be as large.
  std::string Take(Position scanned_to, Position head);

 private:
  std::string bytes_;
  size_t events_ = 0;
  size_t expected_size_ = 0;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_STORE_PAGE_BYTES_H_
