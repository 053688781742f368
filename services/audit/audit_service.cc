#include "services/audit/audit_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "services/audit/record_stream.h"
#include "services/common/field_error.h"
#include "services/common/pooled_call.h"
#include "services/common/request_language.h"

namespace samverk {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

constexpr int kWorkers = 2;
constexpr size_t kWaitingMost = 256;

}  // namespace

AuditService::AuditService(EventStore& store, TreeReader& tree,
                           CheckpointSigner& signer, std::string witness_key)
    : store_(store),
      signer_(signer),
      witness_key_(std::move(witness_key)),
      prover_(store, tree, signer),
      workers_(kWorkers, kWaitingMost) {}

absl::Status AuditService::Get(const audit::v1::GetCheckpointRequest& request,
                               audit::v1::GetCheckpointResponse& response) {
  RETURN_IF_ERROR(CheckRecorded("at_least", request.at_least(), store_.Head()));
  ASSIGN_OR_RETURN(const SignedCheckpoint latest,
                   signer_.Covering(Position(request.at_least())));
  response.set_checkpoint(FormatNote(latest.note));
  response.set_key(FormatVerifier(signer_.Verifier()));
  response.set_size(latest.checkpoint.tree.size);
  response.set_root(std::string(AsBytes(latest.checkpoint.tree.root)));
  response.set_witness_key(witness_key_);
  return absl::OkStatus();
}

absl::Status AuditService::Prove(
    const audit::v1::ProveInclusionRequest& request,
    audit::v1::ProveInclusionResponse& response) {
  if (request.position() == 0) {
    return FieldError("position", "is missing; give the event's");
  }
  RETURN_IF_ERROR(CheckRecorded("position", request.position(), store_.Head()));
  ASSIGN_OR_RETURN(const TlogProof proof,
                   prover_.Inclusion(Position(request.position())));
  response.set_proof(FormatTlogProof(proof));
  return absl::OkStatus();
}

absl::Status AuditService::Prove(
    const audit::v1::ProveConsistencyRequest& request,
    audit::v1::ProveConsistencyResponse& response) {
  RETURN_IF_ERROR(
      CheckRecorded("first_size", request.first_size(), store_.Head()));
  RETURN_IF_ERROR(
      CheckRecorded("second_size", request.second_size(), store_.Head()));
  ASSIGN_OR_RETURN(const SignedCheckpoint latest,
                   signer_.Covering(Position(
                       std::max(request.first_size(), request.second_size()))));
  const uint64_t second = request.second_size() == 0
                              ? latest.checkpoint.tree.size
                              : request.second_size();
  if (request.first_size() > second) {
    return FieldError("first_size",
                      absl::StrCat(request.first_size(), " is more than ",
                                   second, ", the second; swap them"));
  }
  ASSIGN_OR_RETURN(const std::vector<Hash> proof,
                   prover_.Consistency(request.first_size(), second));
  for (const Hash& hash : proof) {
    response.add_hashes(std::string(AsBytes(hash)));
  }
  response.set_second_size(second);
  response.set_checkpoint(FormatNote(latest.note));
  return absl::OkStatus();
}

ServerUnaryReactor* AuditService::GetCheckpoint(
    CallbackServerContext* context,
    const audit::v1::GetCheckpointRequest* request,
    audit::v1::GetCheckpointResponse* response) {
  return AnswerFrom(workers_, *context,
                    [=, this] { return Get(*request, *response); });
}

ServerUnaryReactor* AuditService::ProveInclusion(
    CallbackServerContext* context,
    const audit::v1::ProveInclusionRequest* request,
    audit::v1::ProveInclusionResponse* response) {
  return AnswerFrom(workers_, *context,
                    [=, this] { return Prove(*request, *response); });
}

ServerUnaryReactor* AuditService::ProveConsistency(
    CallbackServerContext* context,
    const audit::v1::ProveConsistencyRequest* request,
    audit::v1::ProveConsistencyResponse* response) {
  return AnswerFrom(workers_, *context,
                    [=, this] { return Prove(*request, *response); });
}

grpc::ServerWriteReactor<audit::v1::ReadRecordsResponse>*
AuditService::ReadRecords(CallbackServerContext* context,
                          const audit::v1::ReadRecordsRequest* request) {
  return NewRecordStream(store_, workers_, *request,
                         RequestLanguage("", *context));
}

}  // namespace samverk
