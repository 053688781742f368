// What a recorder should know about an event that is accepted. Pure.
#ifndef SAMVERK_SERVICES_RECORDING_NOTICES_H_
#define SAMVERK_SERVICES_RECORDING_NOTICES_H_

#include <string_view>
#include <vector>

#include "samverk/event/v1/event.pb.h"
#include "services/recording/admission.h"

namespace samverk::recording {

// See samverk.recording.v1.NoticeKind.
enum class NoticeKind {
  kLate,
  kUnknownRecorder,  // told as an unknown mention
  kUnknownMention,
  kOutsidePeriod,
  kOutOfOrder,
  kSameAttester,
};

// A notice, before it is put into words.
struct FoundNotice {
  NoticeKind kind;
  std::vector<RuleValue> values;
};

// An event is late when it is recorded more than this many days of the calendar
// after the last one that it happened on.
inline constexpr int kLateDays = 30;

// The notices of an event that Admit accepts, in the order of their kinds, but
// for mentions. A correction, a reversal or a void has none: it is late by its
// nature.
std::vector<FoundNotice> NoticesOf(const ProcessState& state,
                                   const event::v1::Event& event,
                                   const AdmissionContext& context);

// True when the organisation that records the event should be an actor of the
// register: not for what registers the process or actors, for amendments, and
// for imports, which systems record.
bool NamesRecorder(const event::v1::Event& event);

// The recording organisation and the mentions of an event that are none of the
// actors that `state` has read. To be asked when the whole batch is in the
// state: it may register them.
std::vector<FoundNotice> MentionNoticesOf(const ProcessState& state,
                                          const event::v1::Event& event);

// True when two names are the same but for the size of their letters, those of
// the Latin alphabets of Europe included ("ÅÄÖ" and "åäö").
bool SameName(std::string_view a, std::string_view b);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_NOTICES_H_
