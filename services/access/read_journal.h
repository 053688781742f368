// What is secret by law is put on record when it is read.
#ifndef SAMVERK_SERVICES_ACCESS_READ_JOURNAL_H_
#define SAMVERK_SERVICES_ACCESS_READ_JOURNAL_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "eventstore/record.h"
#include "eventstore/types.h"
#include "samverk/event/v1/event.pb.h"
#include "services/access/admitted.h"
#include "services/access/secret_event.h"

namespace samverk::access {

// How events are given.
using ReadWay = event::v1::SecretDataRead::Way;

// Which events of the log are given, but for those that the reader may not
// read.
struct ReadRange {
  std::string_view process;  // empty: of all processes
  Position after;
  Position upto;  // inclusive
};

// Adds a stored event if it is one of ours that is secret. Costs next to
// nothing for others.
void AddIfSecret(const RecordView& record, std::vector<SecretEvent>& secrets);

// Thread-safe. To be told before anything is given; waits until it is on
// record. OK: it is, or has been today, or there is nothing to put there.
// Otherwise nothing may be given: the errors of recording an event.
class ReadJournal {
 public:
  virtual ~ReadJournal() = default;

  virtual absl::Status Note(const Admitted& who, ReadWay way,
                            absl::Span<const SecretEvent> events) = 0;
  // The secret events of a part of the log. Also DATA_LOSS: one of them cannot
  // be read.
  virtual absl::Status NoteRange(const Admitted& who, ReadWay way,
                                 const ReadRange& range) = 0;
};

// For a server where nobody says who they are: puts nothing on record. Lives
// for ever.
ReadJournal& NoJournal();

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_READ_JOURNAL_H_
