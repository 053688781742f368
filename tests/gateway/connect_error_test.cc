// Errors as Connect writes them.
#include "services/gateway/connect_error.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/cord.h"
#include "eventstore/base/error.h"
#include "services/common/grpc_status.h"

namespace samverk {
namespace {

TEST(ConnectError, HasTheCodesAndStatusesOfTheProtocol) {
  const struct {
    grpc::StatusCode code;
    const char* name;
    int http;
  } rows[] = {
      {grpc::StatusCode::CANCELLED, "canceled", 499},
      {grpc::StatusCode::UNKNOWN, "unknown", 500},
      {grpc::StatusCode::INVALID_ARGUMENT, "invalid_argument", 400},
      {grpc::StatusCode::DEADLINE_EXCEEDED, "deadline_exceeded", 504},
      {grpc::StatusCode::NOT_FOUND, "not_found", 404},
      {grpc::StatusCode::ALREADY_EXISTS, "already_exists", 409},
      {grpc::StatusCode::PERMISSION_DENIED, "permission_denied", 403},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, "resource_exhausted", 429},
      {grpc::StatusCode::FAILED_PRECONDITION, "failed_precondition", 400},
      {grpc::StatusCode::ABORTED, "aborted", 409},
      {grpc::StatusCode::OUT_OF_RANGE, "out_of_range", 400},
      {grpc::StatusCode::UNIMPLEMENTED, "unimplemented", 501},
      {grpc::StatusCode::INTERNAL, "internal", 500},
      {grpc::StatusCode::UNAVAILABLE, "unavailable", 503},
      {grpc::StatusCode::DATA_LOSS, "data_loss", 500},
      {grpc::StatusCode::UNAUTHENTICATED, "unauthenticated", 401},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(ConnectCode(row.code), row.name);
    EXPECT_EQ(HttpStatusOf(row.code), row.http) << row.name;
  }
}

TEST(ConnectError, IsWrittenWithItsDetails) {
  absl::Status status =
      MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                "there is no \"x\"\n", {{"name", "x"}});
  EXPECT_EQ(ConnectErrorJson(ToGrpcStatus(status)),
            R"({"code":"not_found","message":"there is no \"x\"\n",)"
            R"("details":[{"type":"google.rpc.ErrorInfo",)"
            R"("value":"CglOT1RfRk9VTkQSB3NhbXZlcmsaCQoEbmFtZRIBeA",)"
            R"("debug":{"reason":"NOT_FOUND","domain":"samverk",)"
            R"("metadata":{"name":"x"}}}]})");
}

TEST(ConnectError, KeepsDetailsOfTypesThatItDoesNotKnow) {
  absl::Status status(absl::StatusCode::kAborted, "");
  status.SetPayload("type.googleapis.com/other.v1.Thing",
                    absl::Cord(std::string("\x01\xff\x00", 3)));
  EXPECT_EQ(ConnectErrorJson(ToGrpcStatus(status)),
            R"({"code":"aborted","details":[{"type":"other.v1.Thing",)"
            R"("value":"Af8A"}]})");
}

TEST(ConnectError, StaysJsonWhateverTheMessageHolds) {
  const grpc::Status status(grpc::StatusCode::UNKNOWN, "a\xff<\x01>");
  EXPECT_EQ(ConnectErrorJson(status),
            R"({"code":"unknown","message":"a\\xff\u003c\\x01\u003e"})");
}

}  // namespace
}  // namespace samverk
