// Personal data of events, sealed and opened with the keys of its subjects.
#ifndef SAMVERK_SERVICES_PRIVACY_PERSONAL_SEALER_H_
#define SAMVERK_SERVICES_PRIVACY_PERSONAL_SEALER_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/event_store.h"
#include "proto/codec/text.h"
#include "samverk/event/v1/event.pb.h"
#include "services/privacy/disposal.h"
#include "services/privacy/disposals.h"
#include "services/privacy/subject_keys.h"
#include "services/recording/event_sealer.h"

namespace samverk::privacy {

// "[gallrad 2031-02-01, beslut KS 2031/12]", in English "[disposed of
// 2031-02-01, decision KS 2031/12]".
std::string DisposedText(const Disposal& disposal, codec::Language language);

// A value in clear, or why there is none.
using Opened = std::variant<std::string, Disposal>;

// Thread-safe.
class PersonalSealer final : public recording::EventSealer {
 public:
  // All must outlive it. The register's name is part of where a value stands:
  // it cannot be moved into another.
  PersonalSealer(EventStore& store, SubjectKeys& keys, Disposals& disposals,
                 std::string register_name)
      : store_(store),
        keys_(keys),
        disposals_(disposals),
        register_name_(std::move(register_name)) {}

  bool HasClear(const event::v1::Event& event) const override;
  absl::StatusOr<std::vector<std::string>> Seal(event::v1::Event& event,
                                                Keys keys) override;
  void PutBack(const event::v1::Event& recorded,
               const std::vector<std::string>& paths,
               event::v1::Event& event) const override;
  absl::StatusOr<std::vector<recording::Violation>> CheckDisposal(
      const event::v1::Event& key_destroyed,
      const event::v1::GallringDecided& decision) override;

  // A sealed value of the event with this id, at this path.
  //   NOT_FOUND: there is no key and never was one here: a restore of keys is
  //     missing. DATA_LOSS (DAMAGED): it was changed, or moved. Others of
  //     SubjectKeys.
  absl::StatusOr<Opened> Open(const event::v1::Personal& personal,
                              std::string_view event_id, std::string_view path);

 private:
  EventStore& store_;
  SubjectKeys& keys_;
  Disposals& disposals_;
  const std::string register_name_;
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_PERSONAL_SEALER_H_
