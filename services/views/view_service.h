// Questions to the register.
#ifndef SAMVERK_SERVICES_VIEWS_VIEW_SERVICE_H_
#define SAMVERK_SERVICES_VIEWS_VIEW_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"
#include "projections/engine/projector.h"
#include "services/access/gate.h"
#include "services/views/logged_event.h"

namespace samverk {

// samverk.view.v1.ViewService over the log and its live views, which must
// outlive it, as must clock and gate. Anybody may ask, and is answered from
// what they may read; `disposed` may be null. Answers are made by a few threads
// of its own, for callers in turn; when too many questions wait,
// RESOURCE_EXHAUSTED (QUEUE_FULL).
std::unique_ptr<grpc::Service> MakeViewService(
    EventStore& store, projections::Projector& projector, Clock& clock,
    access::Gate& gate, const DisposedValues* disposed = nullptr);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_VIEW_SERVICE_H_
