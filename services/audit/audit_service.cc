#include "services/audit/audit_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "services/access/admitted_call.h"
#include "services/access/readable.h"
#include "services/audit/record_stream.h"
#include "services/common/field_error.h"
#include "services/common/refused_call.h"
#include "services/common/request_language.h"
#include "services/views/logged_event.h"

namespace samverk {
namespace {

using access::CallRight;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

constexpr int kWorkers = 2;
constexpr size_t kWaitingMost = 256;

// PERMISSION_DENIED (NOT_PERMITTED): the event there is not for them.
absl::Status CheckMayRead(const access::Admitted& who, EventStore& store,
                          Position position) {
  if (who.ReadsAll("")) return absl::OkStatus();
  ReadOptions one;
  one.after = Position(position.value() - 1);
  one.before = position.Next();
  one.limit = 1;
  ASSIGN_OR_RETURN(const EventPage page, store.Read(one));
  view::v1::LoggedEvent logged;
  if (!page.events.empty()) {
    RETURN_IF_ERROR(ToLoggedEvent(page.events.front().view(), logged));
  }
  if (access::MayRead(who, store, logged)) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kPermissionDenied, error::v1::REASON_NOT_PERMITTED,
      who.language() == codec::Language::kSwedish
          ? absl::StrCat("Händelsen på plats ", position.value(),
                         " får ni inte läsa, och därför inte heller få bevis "
                         "för.")
          : absl::StrCat("the event at position ", position.value(),
                         " is not for you to read, and so is its proof"),
      {{"position", absl::StrCat(position.value())}});
}

}  // namespace

AuditService::AuditService(EventStore& store, TreeReader& tree,
                           CheckpointSigner& signer, std::string witness_key,
                           access::Gate& gate)
    : store_(store),
      signer_(signer),
      witness_key_(std::move(witness_key)),
      gate_(gate),
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
    const access::Admitted& who,
    const audit::v1::ProveInclusionRequest& request,
    audit::v1::ProveInclusionResponse& response) {
  if (request.position() == 0) {
    return FieldError("position", "is missing; give the event's");
  }
  RETURN_IF_ERROR(CheckRecorded("position", request.position(), store_.Head()));
  RETURN_IF_ERROR(CheckMayRead(who, store_, Position(request.position())));
  ASSIGN_OR_RETURN(const TlogProof proof,
                   prover_.Inclusion(Position(request.position())));
  RETURN_IF_ERROR(gate_.journal().NoteRange(
      who, event::v1::SecretDataRead::WAY_RECORDS,
      {"", Position(request.position() - 1), Position(request.position())}));
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
  return access::AnswerFrom(
      workers_, gate_, CallRight::kAnyone, *context,
      [=, this](const access::Admitted&) { return Get(*request, *response); });
}

ServerUnaryReactor* AuditService::ProveInclusion(
    CallbackServerContext* context,
    const audit::v1::ProveInclusionRequest* request,
    audit::v1::ProveInclusionResponse* response) {
  return access::AnswerFrom(workers_, gate_, CallRight::kAnyone, *context,
                            [=, this](const access::Admitted& who) {
                              return Prove(who, *request, *response);
                            });
}

ServerUnaryReactor* AuditService::ProveConsistency(
    CallbackServerContext* context,
    const audit::v1::ProveConsistencyRequest* request,
    audit::v1::ProveConsistencyResponse* response) {
  return access::AnswerFrom(workers_, gate_, CallRight::kAnyone, *context,
                            [=, this](const access::Admitted&) {
                              return Prove(*request, *response);
                            });
}

grpc::ServerWriteReactor<audit::v1::ReadRecordsResponse>*
AuditService::ReadRecords(CallbackServerContext* context,
                          const audit::v1::ReadRecordsRequest* request) {
  absl::StatusOr<access::Admitted> who =
      gate_.Admit(*context, CallRight::kReadsAll, access::CallKind::kStream);
  if (!who.ok()) {
    return new RefusedStream<audit::v1::ReadRecordsResponse>(who.status());
  }
  return NewRecordStream(store_, workers_, *request,
                         RequestLanguage("", *context), gate_, *std::move(who));
}

}  // namespace samverk
