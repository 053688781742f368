// The door of every service: who is it, and may they ask this at all?
//
// What a caller may do with single events is Admitted's to say; a service asks
// it for each that it takes or gives.
#ifndef SAMVERK_SERVICES_ACCESS_GATE_H_
#define SAMVERK_SERVICES_ACCESS_GATE_H_

#include <grpcpp/server_context.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eventstore/base/clock.h"
#include "proto/codec/text.h"
#include "samverk/event/v1/event.pb.h"
#include "services/access/admitted.h"
#include "services/access/authenticator.h"
#include "services/access/caller_limits.h"
#include "services/access/granted_rights.h"
#include "services/access/read_journal.h"

namespace samverk::access {

// What a call is, as a whole.
enum class CallRight {
  kAnyone,    // what the world may know; events are still judged one by one
  kLoggedIn,  // a caller who is known
  kReadsAll,  // one from whom nothing of the register is kept
  kOperates,  // one who runs the register: administrator in all processes
};

// How long a call lasts, and with that what it counts as.
enum class CallKind { kUnary, kStream };

// Thread-safe.
class Gate {
 public:
  virtual ~Gate() = default;

  // Lets a call in. Errors, in the caller's language:
  //   UNAUTHENTICATED (UNAUTHENTICATED): a token or certificate that does not
  //     hold, and why; none, where one is needed.
  //   PERMISSION_DENIED (NOT_PERMITTED): the right that is needed.
  //   RESOURCE_EXHAUSTED (RATE_EXCEEDED): the caller asks too much.
  //   Those of GrantedRights::Refresh, of the store: rights are stale, and
  //     nobody is let in by them.
  // `bytes`: of the request.
  virtual absl::StatusOr<Admitted> Admit(const grpc::ServerContextBase& context,
                                         CallRight right,
                                         CallKind kind = CallKind::kUnary,
                                         uint64_t bytes = 0) = 0;

  // The same of a request over HTTP that is no call of a service, in English:
  // it counts as one request, and no stream.
  // `remote`: where it comes from, "127.0.0.1:40123".
  virtual absl::StatusOr<Admitted> AdmitHeader(std::string_view authorization,
                                               std::string_view remote,
                                               CallRight right) = 0;

  // Looks again at somebody who was let in, for calls that last: their rights
  // as they are now. Errors as Admit, but for the allowance.
  virtual absl::Status Renew(Admitted& admitted, CallRight right) = 0;

  // An event that MayChangeRights was recorded: takes it in. Errors of
  // GrantedRights::Refresh; the rights are stale then.
  virtual absl::Status RightsChanged() = 0;
  // They are taken in before the next call is let in. Does not wait.
  virtual void RightsAreStale() = 0;

  // Where reading of what is secret is put on record.
  virtual ReadJournal& journal() = 0;

  // Whether whoever can connect may do everything.
  virtual bool open() const = 0;
};

// Lets everybody do everything: for a server on loopback where nobody logs in,
// and for tests. Lives for ever.
Gate& OpenGate();

// Asks who everybody is. All must outlive it. `rights` were refreshed.
std::unique_ptr<Gate> MakeLoginGate(Authenticator& authenticator,
                                    GrantedRights& rights, Clock& clock,
                                    ReadJournal& journal);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_GATE_H_
