#include "clients/cpp/audit.h"

#include <utility>

#include "clients/cpp/connection.h"
#include "clients/cpp/reading.h"
#include "clients/cpp/unary_call.h"

namespace samverk::client {
namespace {

using Stub = audit::v1::AuditService::Stub;

}  // namespace

Audit::Audit(const Connection& connection)
    : connection_(connection),
      stub_(audit::v1::AuditService::NewStub(connection.channel())) {}

absl::StatusOr<audit::v1::GetCheckpointResponse> Audit::GetCheckpoint(
    uint64_t at_least) {
  audit::v1::GetCheckpointRequest request;
  request.set_at_least(at_least);
  return CallUnary(connection_, *stub_, &Stub::GetCheckpoint, request);
}

absl::StatusOr<std::string> Audit::ProveInclusion(uint64_t position) {
  audit::v1::ProveInclusionRequest request;
  request.set_position(position);
  auto answer = CallUnary(connection_, *stub_, &Stub::ProveInclusion, request);
  if (!answer.ok()) return answer.status();
  return std::move(*answer->mutable_proof());
}

absl::StatusOr<audit::v1::ProveConsistencyResponse> Audit::ProveConsistency(
    uint64_t first_size, uint64_t second_size) {
  audit::v1::ProveConsistencyRequest request;
  request.set_first_size(first_size);
  request.set_second_size(second_size);
  return CallUnary(connection_, *stub_, &Stub::ProveConsistency, request);
}

absl::Status Audit::ReadRecords(
    uint64_t after, uint64_t upto,
    const std::function<bool(uint64_t position, const std::string& record)>&
        on_record) {
  const std::function<void(const absl::Status&)> nothing;
  bool gap = false;
  const Reading<audit::v1::ReadRecordsResponse> reading{
      .open =
          [&](grpc::ClientContext* context) {
            audit::v1::ReadRecordsRequest request;
            request.set_after(after);
            request.set_upto(upto);
            return stub_->ReadRecords(context, request);
          },
      .take =
          [&](const audit::v1::ReadRecordsResponse& page) {
            gap = page.first() != after + 1;
            if (gap) return false;
            for (const std::string& record : page.records()) {
              if (!on_record(++after, record)) return false;
            }
            return true;
          },
      .finished = [&] { return after >= upto; },
      .on_interrupted = nothing,
      .cancellation = nullptr,
      .patience = connection_.options().timeout};
  const absl::Status read = ReadThroughBreaks(connection_, reading);
  if (gap) return absl::DataLossError("the server left out records");
  return read;
}

}  // namespace samverk::client
