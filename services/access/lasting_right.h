// A right that is looked at again while a call lasts.
#ifndef SAMVERK_SERVICES_ACCESS_LASTING_RIGHT_H_
#define SAMVERK_SERVICES_ACCESS_LASTING_RIGHT_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "eventstore/base/status_macros.h"
#include "services/access/gate.h"

namespace samverk::access {

// Of one call; to be used by one thread at a time. Holds the caller's place
// among their streams as long as it lives.
class LastingRight {
 public:
  // `who` was let in with the right. `gate` must outlive it.
  LastingRight(Gate& gate, Admitted who, CallRight right)
      : gate_(gate),
        who_(std::move(who)),
        right_(right),
        looked_(absl::Now()) {}

  // OK, or why it no longer holds, as Gate::Renew. Looks once a second, for it
  // is asked of every event.
  absl::Status Check() {
    const absl::Time now = absl::Now();
    if (now - looked_ < kLookEvery) return absl::OkStatus();
    RETURN_IF_ERROR(gate_.Renew(who_, right_));
    looked_ = now;
    return absl::OkStatus();
  }

  const Admitted& who() const { return who_; }
  ReadJournal& journal() { return gate_.journal(); }

 private:
  static constexpr absl::Duration kLookEvery = absl::Seconds(1);

  Gate& gate_;
  Admitted who_;
  const CallRight right_;
  absl::Time looked_;
};

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_LASTING_RIGHT_H_
