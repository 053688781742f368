// From a question's scope to the views that answer it.
#ifndef SAMVERK_SERVICES_VIEWS_VIEWS_SOURCE_H_
#define SAMVERK_SERVICES_VIEWS_VIEWS_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "eventstore/base/clock.h"
#include "eventstore/event_store.h"
#include "projections/engine/projector.h"
#include "projections/fold.h"
#include "projections/question.h"
#include "samverk/view/v1/common.pb.h"
#include "samverk/view/v1/view_service.pb.h"
#include "services/access/admitted.h"
#include "services/views/kept_views.h"

namespace samverk {

// Views at one position, and the question in the form that answers take. To be
// used by one thread.
struct AskedViews {
  projections::Question question;
  view::v1::Answered answered;
  projections::ViewSet views;
  // One of these holds the views.
  std::unique_ptr<projections::ViewSnapshot> live;
  std::unique_ptr<projections::FoldedViews> folded;
  std::shared_ptr<projections::GrowingViews> growing;

  // DATA_LOSS (DAMAGED) when an entry could not be read: the answer is void.
  absl::Status status() const;
};

// The question that a scope asks, as answers take it; its evaluate_at is left
// to Ask where the scope has none. INVALID_ARGUMENT names the field: no
// process, a malformed period, an instant that cannot be.
absl::StatusOr<projections::Question> QuestionOf(const view::v1::Scope& scope,
                                                 codec::Language language);

// Thread-safe. Everything that it is given must outlive it.
class ViewsSource {
 public:
  ViewsSource(EventStore& store, projections::Projector& projector,
              Clock& clock)
      : store_(store), projector_(projector), clock_(clock), kept_(store) {}

  // The latest views, or those that `scope.as_of` asks for, folded from the
  // log. Does not wait for `scope.at_least`: the caller has. `question` is the
  // scope's.
  //   INVALID_ARGUMENT: an as_of beyond the head. NOT_FOUND: a process that is
  //   not in the register, or was not then. UNAVAILABLE (PROJECTION_STOPPED,
  //   NOT_CAUGHT_UP), DATA_LOSS.
  // For somebody from whom something of the process is kept they are folded
  // from the log without it, `answered` says how much that is by now, and
  // nothing of when it was recorded, and a process that they may not know of is
  // NOT_FOUND.
  absl::StatusOr<AskedViews> Ask(const view::v1::Scope& scope,
                                 projections::ProjectionSet needed,
                                 projections::Question question,
                                 const access::Admitted& who);

  // The process as somebody may know of it, who may not read all of it;
  // nullopt: they may not know of it. Errors of projections::FoldPrefix.
  absl::StatusOr<std::optional<view::v1::ProcessView>> ProcessFor(
      const access::Admitted& who, const std::string& process);

  projections::Projector& projector() { return projector_; }

 private:
  absl::Status UseLive(projections::ProjectionSet needed, AskedViews& asked);
  absl::Status UseFolded(const view::v1::Scope& scope,
                         const access::Admitted& who, AskedViews& asked);
  // The latest, of somebody who may not read all of the process.
  absl::Status UseKept(const std::string& process, const access::Admitted& who,
                       AskedViews& asked);
  // They go back when the last holder lets go.
  absl::StatusOr<std::shared_ptr<projections::GrowingViews>> Borrow(
      const access::Admitted& who, const std::string& process);
  // Why the process is not in the views.
  absl::Status NotFound(const view::v1::Scope& scope, const AskedViews& asked);

  EventStore& store_;
  projections::Projector& projector_;
  Clock& clock_;
  KeptViews kept_;
};

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_VIEWS_SOURCE_H_
