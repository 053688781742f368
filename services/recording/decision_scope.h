// Which events a batch's rules rest on: what is read before, and must not have
// changed when the batch is written. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_DECISION_SCOPE_H_
#define SAMVERK_SERVICES_RECORDING_DECISION_SCOPE_H_

#include <compare>
#include <set>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "eventstore/types.h"
#include "samverk/event/v1/event.pb.h"
#include "services/recording/entity.h"
#include "services/recording/route.h"

namespace samverk::recording {

// What finds the events of one history in the store.
struct Term {
  enum class Kind { kStream, kTag };
  Kind kind = Kind::kStream;
  std::string text;

  auto operator<=>(const Term&) const = default;
};

// The events that any of the terms finds, in as few queries as the store's
// limits allow.
std::vector<Query> QueriesOf(absl::Span<const Term> terms);

// Two batches that share no entity have scopes that share no event but those
// of their process's beginning and end, so they never wait for each other. The
// scope of a cost of a grant holds the grant's own history, never its other
// costs: those are in streams of their own.
class DecisionScope {
 public:
  explicit DecisionScope(std::string process);

  // Takes in what rules ask about a fact: the histories of what it names.
  void AddFact(const event::v1::Event& event);
  // The same for an amendment of what was recorded with the route `target`, and
  // its envelope.
  void AddAmendment(const event::v1::Event& event, const Route& target);
  // An event that is taken out: who rests on what it brought into being.
  void AddTakenOut(const event::v1::Event& event);

  // What is read, each once.
  std::vector<Term> Terms() const;
  // No event of the scope is recorded after `head`.
  std::vector<Condition> Conditions(Position head) const;

  // Entities whose users matter.
  const std::set<EntityKey>& watched() const { return watched_; }
  const std::string& process() const { return process_; }

 private:
  void AddReferences(const event::v1::Event& event);

  std::string process_;
  std::set<std::string> streams_;
  std::set<std::string> tags_;  // of entities without a stream
  // Of actors that record: read for a notice, so on no condition.
  std::set<std::string> noticed_;
  std::set<EntityKey> watched_;
  // The names of all actors are needed: for a notice, so on no condition.
  bool needs_actor_register_ = false;
};

// The tag by which events about an entity are found.
std::string TagOf(std::string_view process, const EntityKey& entity);
// The tags by which events that name it are found.
std::vector<std::string> UserTags(std::string_view process,
                                  const EntityKey& entity);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_DECISION_SCOPE_H_
