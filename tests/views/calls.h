// Every question about a process in one form, so that what holds for all of
// them is tested with all of them.
#ifndef SAMVERK_TESTS_VIEWS_CALLS_H_
#define SAMVERK_TESTS_VIEWS_CALLS_H_

#include <grpcpp/support/status.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "samverk/view/v1/view_service.grpc.pb.h"

namespace samverk::testing {

// What a question says.
struct Asked {
  view::v1::Scope scope;
  uint32_t page_size = 0;
  std::string page_token;
  std::string accept_language;
  absl::Duration patience = absl::InfiniteDuration();
};

// What is common to answers.
struct Answered {
  grpc::Status status;
  view::v1::Answered from;
  std::vector<std::string> ids;  // "list/id" of each entry, in order
  std::string next_page_token;
  size_t bytes = 0;  // of the message
  std::string text;  // of the message, for reading
};

struct Call {
  std::string name;
  bool paged = true;
  std::function<Answered(view::v1::ViewService::Stub&, const Asked&)> ask;
};

// All but ListProcesses and ReadLog.
const std::vector<Call>& Calls();
const Call& CallNamed(const std::string& name);

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_VIEWS_CALLS_H_
