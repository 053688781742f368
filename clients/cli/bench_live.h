// A subscriber beside those who append, for samverk bench live.
#ifndef SAMVERK_CLIENTS_CLI_BENCH_LIVE_H_
#define SAMVERK_CLIENTS_CLI_BENCH_LIVE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/bench_callers.h"
#include "clients/cpp/options.h"
#include "clients/load/load.h"

namespace samverk::cli {

// Runs `load` against a server with one subscriber who follows all that comes,
// on a connection and a thread of its own, and with `idle` others who follow
// what never comes. The latencies of the result are those from when an event
// was acknowledged to its writer until the subscriber had it; 0 when it had it
// before. `head` is the register's.
//   Those of load::Run and of Subscribe. DEADLINE_EXCEEDED: an event that was
//   acknowledged is not delivered long after.
absl::StatusOr<load::Result> RunLive(const AppendLoad& load,
                                     const load::Options& options, size_t idle,
                                     const client::Options& server,
                                     const Channels& channels,
                                     std::atomic<uint64_t>& head);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_BENCH_LIVE_H_
