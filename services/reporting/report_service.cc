#include "services/reporting/report_service.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/audit/merkle_tree.h"
#include "eventstore/base/error.h"
#include "services/access/event_filter.h"
#include "services/common/field_error.h"
#include "services/common/grpc_status.h"
#include "services/common/refused_call.h"
#include "services/common/request_language.h"
#include "services/reporting/report_generator.h"

namespace samverk {

using report::v1::GenerateReportRequest;
using report::v1::GenerateReportResponse;

namespace {

void SetTimestamp(int64_t time_us, google::protobuf::Timestamp& timestamp) {
  int64_t seconds = time_us / 1'000'000;
  int64_t micros = time_us % 1'000'000;
  if (micros < 0) {
    micros += 1'000'000;
    --seconds;
  }
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(micros * 1000));
}

ReportQuestion QuestionOf(const GenerateReportRequest& request,
                          codec::Language language,
                          const access::Admitted& who) {
  ReportQuestion question;
  question.filter = access::FilterFor(who, request.process());
  question.process = request.process();
  question.period = request.period();
  question.format = request.format();
  question.language = language;
  if (request.as_of().at_case() == view::v1::AsOf::kPosition) {
    question.prefix.position = Position(request.as_of().position());
  } else if (request.as_of().at_case() == view::v1::AsOf::kRecordedAt) {
    const google::protobuf::Timestamp& at = request.as_of().recorded_at();
    question.prefix.recorded_at =
        absl::FromUnixSeconds(at.seconds()) + absl::Nanoseconds(at.nanos());
  }
  return question;
}

// The caller's deadline passed before the register had the position.
// DEADLINE_EXCEEDED (NOT_CAUGHT_UP).
absl::Status NotCaughtUp(uint64_t head, uint64_t at_least) {
  return MakeError(
      absl::StatusCode::kDeadlineExceeded, error::v1::REASON_NOT_CAUGHT_UP,
      absl::StrCat("the register has ", head, " events, not yet ", at_least,
                   " as asked for (at_least); ask again"),
      {{"at_least", absl::StrCat(at_least)}, {"head", absl::StrCat(head)}});
}

}  // namespace

// One call: generated on a worker, then written chunk by chunk by gRPC's
// threads. Deletes itself when gRPC is done with it.
class ReportService::Call final
    : public grpc::ServerWriteReactor<GenerateReportResponse> {
 public:
  Call(ReportService& service, grpc::CallbackServerContext& context,
       const GenerateReportRequest& request, access::Admitted who)
      : service_(service),
        request_(request),
        who_(std::move(who)),
        language_(RequestLanguage(request.language(), context)),
        deadline_(std::min(absl::FromChrono(context.deadline()),
                           absl::Now() + service.options_.at_least_wait_max)),
        started_(std::chrono::steady_clock::now()) {}

  // Begins: waits for the position asked for, then for a worker.
  void Start() {
    if (request_.at_least() == 0) return Submit();
    service_.watcher_.Await(
        Position(request_.at_least() - 1), deadline_,
        [this](const absl::StatusOr<Position>& head) { HeadReached(head); });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller went away"));
    } else if (sent_ == report_.content.size()) {
      Finish(grpc::Status::OK);
    } else {
      WriteNext();
    }
  }
  void OnCancel() override { cancelled_.store(true); }
  void OnDone() override { delete this; }

 private:
  void HeadReached(const absl::StatusOr<Position>& head) {
    if (head.ok()) {
      Submit();
    } else if (absl::IsDeadlineExceeded(head.status())) {
      Fail(NotCaughtUp(service_.store_.Head().value(), request_.at_least()));
    } else {
      Fail(head.status());
    }
  }

  void Submit() {
    const absl::Status status =
        service_.workers_.Submit([this] { Generate(); }, who_.TurnKey());
    if (!status.ok()) Fail(status);
  }

  // On a worker's thread.
  void Generate() {
    if (cancelled_.load())
      return Fail(absl::CancelledError("the caller gave the report up"));
    const ReportQuestion question = QuestionOf(request_, language_, who_);
    if (const auto& position = question.prefix.position; position.has_value()) {
      const absl::Status recorded = CheckRecorded(
          "as_of.position", position->value(), service_.store_.Head());
      if (!recorded.ok()) return Fail(recorded);
    }
    absl::StatusOr<GeneratedReport> report = samverk::GenerateReport(
        service_.store_, service_.options_.register_name, question);
    if (!report.ok()) return Fail(report.status());
    report_ = *std::move(report);
    const absl::Status noted = service_.gate_.journal().NoteRange(
        who_, event::v1::SecretDataRead::WAY_VIEW,
        {request_.process(), Position(), report_.as_of});
    if (!noted.ok()) return Fail(noted);
    if (TreeReader* const tree = service_.options_.tree; tree != nullptr) {
      const auto root =
          RootAt(report_.as_of.value(), [tree](uint32_t level, uint64_t index) {
            return tree->ReadNode(level, index);
          });
      if (!root.ok()) return Fail(root.status());
      tree_root_ = std::string(AsBytes(*root));
    }
    WriteNext();
  }

  void Fail(const absl::Status& status) { Finish(ToGrpcStatus(status)); }

  void WriteNext() {
    response_.Clear();
    if (sent_ == 0) {
      response_.set_model_sha256(std::string(AsBytes(report_.model_sha256)));
      response_.set_media_type(std::string(report_.media_type));
      response_.set_as_of_position(report_.as_of.value());
      SetTimestamp(report_.as_of_recorded_us,
                   *response_.mutable_as_of_recorded_at());
      response_.set_open_checks(report_.open_checks);
      response_.set_withheld(report_.withheld);
      response_.set_tree_root(tree_root_);
    }
    const size_t size =
        std::min(kReportChunkBytes, report_.content.size() - sent_);
    response_.set_content(report_.content.substr(sent_, size));
    sent_ += size;
    if (sent_ == report_.content.size()) {
      const auto took = std::chrono::steady_clock::now() - started_;
      response_.set_took_us(static_cast<uint64_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    }
    StartWrite(&response_);
  }

  ReportService& service_;
  const GenerateReportRequest request_;
  const access::Admitted who_;
  const codec::Language language_;
  const absl::Time deadline_;
  const std::chrono::steady_clock::time_point started_;
  std::atomic<bool> cancelled_ = false;
  // Written by the worker before the first write, by gRPC's thread after it.
  GeneratedReport report_;
  std::string tree_root_;
  GenerateReportResponse response_;
  size_t sent_ = 0;
};

ReportService::ReportService(EventStore& store, access::Gate& gate,
                             Options options)
    : store_(store),
      gate_(gate),
      options_(std::move(options)),
      workers_(options_.threads, options_.waiting_max),
      watcher_(store) {}

grpc::ServerWriteReactor<GenerateReportResponse>* ReportService::GenerateReport(
    grpc::CallbackServerContext* context,
    const GenerateReportRequest* request) {
  auto who = gate_.Admit(*context, access::CallRight::kAnyone,
                         access::CallKind::kStream);
  if (!who.ok()) return new RefusedStream<GenerateReportResponse>(who.status());
  // Owned by gRPC from here on: it deletes itself in OnDone.
  Call* call = new Call(*this, *context, *request, *std::move(who));
  call->Start();
  return call;
}

}  // namespace samverk
