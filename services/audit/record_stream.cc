#include "services/audit/record_stream.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "services/common/error_language.h"
#include "services/common/field_error.h"
#include "services/common/grpc_status.h"
#include "services/common/retry_delay.h"

namespace samverk {
namespace {

// Of a page, stored bytes: well below what a message may have.
constexpr size_t kPageBytes = 1 << 20;

class RecordStream final
    : public grpc::ServerWriteReactor<audit::v1::ReadRecordsResponse> {
 public:
  RecordStream(EventStore& store, WorkerPool& pool, codec::Language language,
               access::Gate& gate, access::Admitted who)
      : store_(store),
        pool_(pool),
        language_(language),
        gate_(gate),
        who_(std::move(who)) {}

  void Start(const audit::v1::ReadRecordsRequest& request) {
    const absl::Status right = Take(request);
    if (!right.ok() || options_.after.value() == upto_) {
      End(right);
    } else {
      SubmitPage();
    }
  }

  void OnWriteDone(bool ok) override {
    if (!ok || options_.after.value() == upto_) {
      End(absl::OkStatus());
    } else {
      SubmitPage();
    }
  }

  void OnDone() override { delete this; }

 private:
  absl::Status Take(const audit::v1::ReadRecordsRequest& request) {
    const Position head = store_.Head();
    RETURN_IF_ERROR(CheckRecorded("upto", request.upto(), head));
    upto_ = request.upto() == 0 ? head.value() : request.upto();
    if (request.after() > upto_) {
      return FieldError(
          "after", absl::StrCat(request.after(), " lies after upto, ", upto_,
                                "; give a lower one"));
    }
    options_.after = Position(request.after());
    options_.before = Position(upto_).Next();
    return absl::OkStatus();
  }

  void End(const absl::Status& status) {
    Finish(ToGrpcStatus(InLanguage(status, language_)));
  }

  void SubmitPage() {
    const absl::Status queued =
        pool_.Submit([this] { WritePage(); }, who_.TurnKey());
    if (!queued.ok()) End(WithRetryDelay(queued));
  }

  void WritePage() {
    const absl::Status held = gate_.Renew(who_, access::CallRight::kReadsAll);
    if (!held.ok()) return End(held);
    response_.Clear();
    response_.set_first(options_.after.value() + 1);
    size_t bytes = 0;
    std::vector<access::SecretEvent> secrets;
    const auto read =
        store_.Visit(options_, [&, this](const RecordView& event) {
          if (bytes + event.record().size() > kPageBytes && bytes > 0) {
            return false;
          }
          bytes += event.record().size();
          response_.add_records(std::string(event.record()));
          access::AddIfSecret(event, secrets);
          return true;
        });
    if (!read.ok()) return End(read.status());
    if (read->scanned_to <= options_.after) {
      return End(absl::InternalError("a page of records is empty"));
    }
    const absl::Status noted = gate_.journal().Note(
        who_, event::v1::SecretDataRead::WAY_RECORDS, secrets);
    if (!noted.ok()) return End(noted);
    options_.after = read->scanned_to;
    StartWrite(&response_);
  }

  EventStore& store_;
  WorkerPool& pool_;
  const codec::Language language_;
  access::Gate& gate_;
  access::Admitted who_;
  // Belong to the reaction that runs: there is one at a time.
  ReadOptions options_;
  uint64_t upto_ = 0;
  audit::v1::ReadRecordsResponse response_;
};

}  // namespace

grpc::ServerWriteReactor<audit::v1::ReadRecordsResponse>* NewRecordStream(
    EventStore& store, WorkerPool& pool,
    const audit::v1::ReadRecordsRequest& request, codec::Language language,
    access::Gate& gate, access::Admitted who) {
  // Deletes itself.
  auto* stream = new RecordStream(store, pool, language, gate, std::move(who));
  stream->Start(request);
  return stream;
}

}  // namespace samverk
