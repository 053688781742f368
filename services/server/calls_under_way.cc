#include "services/server/calls_under_way.h"

#include <grpc/grpc.h>
#include <grpc/support/alloc.h>

#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace samverk {
namespace {

// The sum of a member ("callsStarted":"17") over all servers of a JSON text
// that gRPC has written.
int64_t Sum(std::string_view json, std::string_view member) {
  int64_t sum = 0;
  for (size_t at = json.find(member); at != std::string_view::npos;
       at = json.find(member, at)) {
    at += member.size();
    const size_t from = json.find_first_of("0123456789", at);
    if (from == std::string_view::npos) break;
    const size_t to = json.find_first_not_of("0123456789", from);
    const std::string_view digits = json.substr(from, to - from);
    int64_t number = 0;
    if (absl::SimpleAtoi(absl::string_view(digits.data(), digits.size()),
                         &number)) {
      sum += number;
    }
    at = to;
  }
  return sum;
}

}  // namespace

int64_t CallsUnderWay() {
  char* text = grpc_channelz_get_servers(0);
  const std::string_view json = text == nullptr ? "" : text;
  const int64_t under_way = Sum(json, "\"callsStarted\"") -
                            Sum(json, "\"callsSucceeded\"") -
                            Sum(json, "\"callsFailed\"");
  gpr_free(text);
  return under_way;
}

}  // namespace samverk
