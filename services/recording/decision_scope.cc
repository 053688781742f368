#include "services/recording/decision_scope.h"

#include <utility>

#include "eventstore/limits.h"
#include "proto/codec/tags.h"
#include "services/recording/notices.h"
#include "services/recording/process_state.h"
#include "services/recording/references.h"

namespace samverk::recording {
namespace {

using event::v1::Event;

// Terms of streams and tags, in this order.
std::vector<Term> InTerms(const std::set<std::string>& streams,
                          const std::set<std::string>& tags) {
  std::vector<Term> terms;
  terms.reserve(streams.size() + tags.size());
  for (const std::string& stream : streams) {
    terms.push_back({Term::Kind::kStream, stream});
  }
  for (const std::string& tag : tags) terms.push_back({Term::Kind::kTag, tag});
  return terms;
}

}  // namespace

std::vector<Query> QueriesOf(absl::Span<const Term> terms) {
  std::vector<Query> queries;
  // One more item of the last query.
  const auto add_item = [&]() -> QueryItem& {
    if (queries.empty() || queries.back().items.size() == limits::kQueryItems) {
      queries.emplace_back();
    }
    return queries.back().items.emplace_back();
  };
  // An item finds any of its streams.
  QueryItem* streams = nullptr;
  for (const Term& term : terms) {
    if (term.kind == Term::Kind::kTag) {
      add_item().tags.push_back(term.text);
      streams = nullptr;
      continue;
    }
    if (streams == nullptr || streams->streams.size() == limits::kQueryTerms) {
      streams = &add_item();
    }
    streams->streams.push_back(term.text);
  }
  return queries;
}

std::string TagOf(std::string_view process, const EntityKey& entity) {
  return codec::EntityTag(process, KindName(entity.kind), entity.id);
}

std::vector<std::string> UserTags(std::string_view process,
                                  const EntityKey& entity) {
  std::vector<std::string> tags = {TagOf(process, entity)};
  if (entity.kind == EntityKind::kActor) {
    tags.push_back(BehalfTag(process, entity.id));
  }
  return tags;
}

DecisionScope::DecisionScope(std::string process)
    : process_(std::move(process)) {
  // Every rule asks whether the process is registered and open.
  streams_.insert(StreamOf(process_, {EntityKind::kProcess, process_}));
}

void DecisionScope::AddFact(const Event& event) {
  const EntityKey subject = SubjectOf(event);
  // Nothing is asked about earlier reads of sealed data.
  if (subject.kind != EntityKind::kReading) {
    streams_.insert(StreamOf(process_, subject));
  }
  AddReferences(event);
  needs_actor_register_ |= !event.mentioned_actors().empty();
  if (NamesRecorder(event)) {
    const EntityKey actor{EntityKind::kActor,
                          event.recorded_by().organisation()};
    noticed_.insert(StreamOf(process_, actor));
  }
}

void DecisionScope::AddReferences(const Event& event) {
  for (const Reference& reference : ReferencesOf(event)) {
    if (reference.relation == Relation::kMentions) continue;
    if (HasStream(reference.kind)) {
      streams_.insert(StreamOf(process_, reference.key()));
    } else {
      tags_.insert(TagOf(process_, reference.key()));
    }
  }
}

void DecisionScope::AddAmendment(const Event& event, const Route& target) {
  streams_.insert(target.stream);
  AddReferences(event);
  if (event.has_event_corrected()) {
    AddFact(CompletedReplacement(event));
  }
}

void DecisionScope::AddTakenOut(const Event& event) {
  for (EntityKey& entity : EntitiesMadeBy(event)) {
    watched_.insert(std::move(entity));
  }
}

std::vector<Term> DecisionScope::Terms() const {
  std::vector<Term> terms = InTerms(streams_, tags_);
  for (const std::string& stream : noticed_) {
    if (!streams_.contains(stream)) {
      terms.push_back({Term::Kind::kStream, stream});
    }
  }
  if (needs_actor_register_) {
    terms.push_back({Term::Kind::kTag, ActorRegisterTag(process_)});
  }
  return terms;
}

std::vector<Condition> DecisionScope::Conditions(Position head) const {
  std::set<std::string> tags = tags_;
  for (const EntityKey& entity : watched_) {
    for (std::string& tag : UserTags(process_, entity)) {
      tags.insert(std::move(tag));
    }
  }
  std::vector<Query> queries = QueriesOf(InTerms(streams_, tags));
  if (queries.size() > limits::kAppendConditions ||
      streams_.size() + tags.size() > limits::kTermsTotal) {
    // So large a batch waits for every other of its process.
    queries = QueriesOf({{Term::Kind::kTag, codec::ProcessTag(process_)}});
  }
  std::vector<Condition> conditions;
  for (Query& query : queries) {
    conditions.push_back(QueryCondition{std::move(query), head});
  }
  return conditions;
}

}  // namespace samverk::recording
