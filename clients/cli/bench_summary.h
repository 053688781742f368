// What a measurement came to, as a table and as JSON. Shared by samverk bench
// and the programs of tests/bench.
#ifndef SAMVERK_CLIENTS_CLI_BENCH_SUMMARY_H_
#define SAMVERK_CLIENTS_CLI_BENCH_SUMMARY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "clients/cli/style.h"
#include "clients/load/load.h"

namespace samverk::cli {

// One measurement.
struct Measured {
  std::string what;    // "append", "append, conditional"
  size_t callers = 0;  // how many at the same time
  size_t batch = 0;    // events an operation
  double rate = 0;     // operations a second that were due; 0: closed loop
  load::Result result;
};

// A row for each.
std::string MeasuredTable(const std::vector<Measured>& all, const Style& style);

// One line: {"bench": …, "callers": …, "batch": …, "rate": …, "seconds": …,
// "events": …, "events_per_second": …, "operations": …, "aborted": …,
// "refused": …, "unsent": …, "p50_ms": …, "p90_ms": …, "p99_ms": …,
// "p999_ms": …, "max_ms": …}, all but the first numbers.
std::string MeasuredJson(const Measured& measured);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_BENCH_SUMMARY_H_
