// Given facts, then entries: tests of folds read like the rules they check.
//
//   GivenFacts(BudgetProjection(), {
//       Text<Event>(R"pb(grant_awarded { grant: "g" ... })pb"),
//       Text<Event>(R"pb(event_reversed { target: "…0001" ... })pb")})
//     .ThenEntry<BudgetEntry>("p/grant/g", R"pb(grant { ... })pb")
//     .ThenNoEntry<BudgetEntry>("p/cost/c-1");
#ifndef SAMVERK_TESTS_TESTING_FOLD_HARNESS_H_
#define SAMVERK_TESTS_TESTING_FOLD_HARNESS_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"
#include "projections/engine/memory_view_table.h"
#include "projections/projection.h"
#include "samverk/event/v1/event.pb.h"

namespace samverk::testing {

namespace internal {
void ParseText(std::string_view text, google::protobuf::Message& message);
}  // namespace internal

// A message from protobuf's text format. Ends the program when it is malformed.
template <typename M>
M Text(std::string_view text) {
  M message;
  internal::ParseText(text, message);
  return message;
}

// What the harness fills in where an event says nothing: the nth event (1, 2,
// …) is of process "p", recorded by {organisation: "org", role: "role",
// subject: "s-1"}, and has these.
inline constexpr std::string_view kProcess = "p";
std::string EventIdOf(uint64_t n);  // "00000000-0000-4000-8000-00000000000n"
int64_t RecordedAtUs(uint64_t n);   // 2026-01-01T00:00Z + n minutes

// Projections folded over a history by the engine's own dispatcher.
class FoldedFacts {
 public:
  // Ends the program when the engine refuses an event.
  FoldedFacts(const std::vector<projections::Projection>& projections,
              std::vector<event::v1::Event> events);

  // The entry is there and equals `text`. In Origin and When only those fields
  // are compared that `text` gives.
  template <typename Entry>
  FoldedFacts& ThenEntry(std::string_view key, std::string_view text,
                         const char* file = __builtin_FILE(),
                         int line = __builtin_LINE()) {
    CheckEntry(key, Text<Entry>(text), file, line);
    return *this;
  }

  // There is no such entry.
  template <typename Entry>
  FoldedFacts& ThenNoEntry(std::string_view key,
                           const char* file = __builtin_FILE(),
                           int line = __builtin_LINE()) {
    CheckNoEntry(key, Entry::default_instance(), file, line);
    return *this;
  }

  // What answers are made from. Projections that were not given are empty.
  // Valid as long as this object.
  projections::ViewSet views() const;

 private:
  void CheckEntry(std::string_view key,
                  const google::protobuf::Message& expected, const char* file,
                  int line) const;
  void CheckNoEntry(std::string_view key, const google::protobuf::Message& type,
                    const char* file, int line) const;
  const projections::MemoryViewTable& TableOf(
      const google::protobuf::Message& type) const;

  std::array<std::unique_ptr<projections::MemoryViewTable>,
             projections::kProjectionCount>
      tables_;
  std::vector<projections::Projection> projections_;
};

FoldedFacts GivenFacts(const projections::Projection& projection,
                       std::vector<event::v1::Event> events);
FoldedFacts GivenFacts(const std::vector<projections::Projection>& projections,
                       std::vector<event::v1::Event> events);

// The entries of a table, encoded, by key. Empty messages are left out: an
// entry that says nothing is no entry.
std::map<std::string, std::string> Contents(
    const projections::MemoryViewTable& table);

// Checks the contract of Retract on a history without amendments: for each of
// the events, taking it out again at each later moment gives the same entries
// as never having put it in; taking all out, first to last or last to first,
// leaves nothing. Takes about n^3 steps: give it at most 25 events.
void ExpectRetractUndoesApply(const projections::Projection& projection,
                              std::vector<event::v1::Event> events,
                              const char* file = __builtin_FILE(),
                              int line = __builtin_LINE());

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_TESTING_FOLD_HARNESS_H_
