#include "services/access/read_journal.h"

#include <utility>

#include "eventstore/base/uuid.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/tags.h"

namespace samverk::access {
namespace {

class EmptyJournal final : public ReadJournal {
 public:
  absl::Status Note(const Admitted&, ReadWay,
                    absl::Span<const SecretEvent>) override {
    return absl::OkStatus();
  }
  absl::Status NoteRange(const Admitted&, ReadWay, const ReadRange&) override {
    return absl::OkStatus();
  }
};

}  // namespace

void AddIfSecret(const RecordView& record, std::vector<SecretEvent>& secrets) {
  if (record.body().find(codec::kSecretTag) == std::string_view::npos) return;
  const auto body = DecodeBody(record.body());
  if (!body.ok()) return;  // it is not given either
  event::v1::Event event;
  if (!codec::DecodePayload(body->type, FormatUuid(body->id), body->payload,
                            event)
           .ok()) {
    return;  // another application's
  }
  if (auto secret = SecretOf(event); secret.has_value()) {
    secrets.push_back(*std::move(secret));
  }
}

ReadJournal& NoJournal() {
  static auto& journal = *new EmptyJournal();
  return journal;
}

}  // namespace samverk::access
