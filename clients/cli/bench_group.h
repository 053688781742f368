// A consumer group and its members, for samverk bench group.
#ifndef SAMVERK_CLIENTS_CLI_BENCH_GROUP_H_
#define SAMVERK_CLIENTS_CLI_BENCH_GROUP_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/bench_callers.h"
#include "clients/load/load.h"

namespace samverk::cli {

// What samverk bench group measures.
struct GroupLoad {
  std::string group;  // begins with the log
  uint64_t head = 0;  // where it ends
  size_t members = 4;
  uint32_t batch = 500;  // events of a lease
  uint32_t leases = 2;   // that a member has open
  std::chrono::milliseconds warm_up{1'000};
  std::chrono::milliseconds duration{10'000};
};

// Members take what the group gives, and acknowledge each lease as a whole as
// soon as it is there, until the time is over or the cursor is at the head: the
// duration is as long as it was. An operation is a lease; its latency is that
// of its acknowledgement, from when its events were there.
//   FAILED_PRECONDITION: the head was reached before the measured time began.
//   Those of Receive and Acknowledge; DEADLINE_EXCEEDED: nothing more came.
absl::StatusOr<load::Result> RunGroup(const GroupLoad& load,
                                      const Channels& channels);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_BENCH_GROUP_H_
