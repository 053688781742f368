// A register that answers questions over gRPC, for tests.
#ifndef SAMVERK_TESTS_VIEWS_VIEW_REGISTER_H_
#define SAMVERK_TESTS_VIEWS_VIEW_REGISTER_H_

#include <grpcpp/server.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "eventstore/base/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/memory/memory_event_store.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "projections/engine/projector.h"
#include "samverk/event/v1/event.pb.h"
#include "samverk/view/v1/view_service.grpc.pb.h"
#include "tests/engine/temp_directory.h"

namespace samverk::testing {

// The memory store with its live views and the view service on a port of the
// loopback, with the server's limits. The nth batch is recorded at
// 2026-01-01T00:00Z + n minutes, as is the "now" of questions after it.
class ViewRegister {
 public:
  ViewRegister();
  ~ViewRegister();
  ViewRegister(const ViewRegister&) = delete;
  ViewRegister& operator=(const ViewRegister&) = delete;

  // Records the events as one batch, through the rules, and waits for the views
  // to take them in. Those without an id get one. Ends the program, with the
  // reasons, when they are refused.
  void Record(std::vector<event::v1::Event> events);
  // Appends the events past the rules (append_events.h), and waits likewise.
  void Append(std::vector<event::v1::Event> events);

  view::v1::ViewService::Stub& stub() { return *stub_; }
  EventStore& store() { return store_; }
  FakeClock& clock() { return clock_; }
  projections::Projector& projector() { return *projector_; }
  // While set, the views take nothing in, and nobody waits for them here.
  void HoldViews(bool hold);

 private:
  void AwaitViews();

  FakeClock clock_;
  MemoryEventStore store_;
  TempDirectory directory_;
  Mutex mu_;
  CondVar changed_;
  bool held_ ABSL_GUARDED_BY(mu_) = false;
  uint64_t ids_ = 0;
  std::unique_ptr<projections::Projector> projector_;
  std::unique_ptr<grpc::Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<view::v1::ViewService::Stub> stub_;
};

// The detail of this type in an error; an empty one when there is none.
template <typename Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status details;
  Detail detail;
  if (!details.ParseFromString(status.error_details())) return detail;
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&detail)) break;
  }
  return detail;
}

// "QUEUE_FULL"; "" when the error has no reason.
inline std::string ReasonOf(const grpc::Status& status) {
  return DetailOf<google::rpc::ErrorInfo>(status).reason();
}

// The field that the error is about; "" when it is about none, or several.
inline std::string FieldOf(const grpc::Status& status) {
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  return bad.field_violations_size() == 1 ? bad.field_violations(0).field()
                                          : "";
}

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_VIEWS_VIEW_REGISTER_H_
