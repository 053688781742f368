// The least that a durable event store behind gRPC can be: what the product is
// measured against.
#ifndef SAMVERK_TESTS_BENCH_LIMIT_SERVER_H_
#define SAMVERK_TESTS_BENCH_LIMIT_SERVER_H_

#include <memory>
#include <string>

namespace samverk::bench {

// A gRPC server of limit.proto on loopback, its callback API, one writer
// thread, and a RocksDB with one key an event. What waits is written in one
// batch, with one fdatasync before any of it is answered. No index, no tree, no
// checks, no limits.
class LimitServer {
 public:
  virtual ~LimitServer() = default;

  // Serves events in `directory`, which must exist. Ends the program when it
  // cannot.
  static std::unique_ptr<LimitServer> Start(const std::string& directory);

  virtual int port() const = 0;
};

}  // namespace samverk::bench

#endif  // SAMVERK_TESTS_BENCH_LIMIT_SERVER_H_
