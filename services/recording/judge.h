// What the rules of one area work with. rules_*.cc include it, and who asks for
// rights.
#ifndef SAMVERK_SERVICES_RECORDING_JUDGE_H_
#define SAMVERK_SERVICES_RECORDING_JUDGE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/recording/admission.h"

namespace samverk::recording {

// One event before its judges. The event is that of the batch, or the
// replacement of a correction, completed.
class Judge {
 public:
  // An event that is yet to be recorded.
  Judge(const ProcessState& state, const event::v1::Event& event,
        const AdmissionContext& context)
      : Judge(state, event, context, {context.now_us, state.taken_in()}) {}
  // One whose fact was recorded first as `recorded` says.
  Judge(const ProcessState& state, const event::v1::Event& event,
        const AdmissionContext& context, const FirstRecorded& recorded)
      : state_(state),
        event_(event),
        context_(context),
        when_(HappenedAtOf(event, recorded)) {}

  const ProcessState& state() const { return state_; }
  const event::v1::Event& event() const { return event_; }
  const AdmissionContext& context() const { return context_; }
  const HappenedAt& when() const { return when_; }

  // The correction that the event is the replacement of; null: it is none.
  const event::v1::Event* correction() const { return correction_; }
  void SetCorrection(const event::v1::Event& correction) {
    correction_ = &correction;
  }

  // Refuses the event for a field of its fact ("amount"; "": the fact itself).
  void Refuse(Rule rule, std::string_view field,
              std::vector<RuleValue> values = {});
  // Refuses it for a field of its envelope ("occurred.edtf").
  void RefuseEnvelope(Rule rule, std::string_view field,
                      std::vector<RuleValue> values = {});
  // The same for a field by its whole path.
  void RefusePath(Rule rule, std::string path,
                  std::vector<RuleValue> values = {});

  // Takes over what another judge of the same event found.
  void Add(Violation violation) { violations_.push_back(std::move(violation)); }

  std::vector<Violation> Take() { return std::move(violations_); }

 private:
  const ProcessState& state_;
  const event::v1::Event& event_;
  const AdmissionContext& context_;
  const HappenedAt when_;
  const event::v1::Event* correction_ = nullptr;
  std::vector<Violation> violations_;
};

// A step as violations name it: {"event", its UUID}.
RuleValue EventValue(const Step& step);

// True when two recorders are the same person as far as can be told: their
// subjects are equal or, where one has none, their organisations and roles.
bool MayBeSamePerson(const event::v1::Recorder& a,
                     const event::v1::Recorder& b);

// Everybody who recorded a step: the event as it stands, and all that it was
// before. Valid as long as the step.
std::vector<const event::v1::Recorder*> RecordersOf(const Step& step);

// The one of them who may be `person`; null: none.
const event::v1::Recorder* RecorderLike(const Step& step,
                                        const event::v1::Recorder& person);

// "organisation/role".
std::string RecorderText(const event::v1::Recorder& recorder);

// True for what was transcribed or imported from a system that can be asked:
// history, not somebody's act now.
bool IsImported(const event::v1::Event& event);

// The rules of each area. Every one looks at the facts that it knows and
// leaves the others alone.
void JudgeEnvelope(Judge& judge);
void JudgeProcess(Judge& judge);
void JudgeReferences(Judge& judge);
void JudgeCircles(Judge& judge);
void JudgeSteps(Judge& judge);
void JudgeActor(Judge& judge);
void JudgeMoney(Judge& judge);
void JudgeActivity(Judge& judge);
void JudgeFinding(Judge& judge);
void JudgeMeasure(Judge& judge);
void JudgeKnowledge(Judge& judge);
void JudgeDocument(Judge& judge);
void JudgeArchive(Judge& judge);
void JudgeCorrection(Judge& judge);

// All of them but JudgeCorrection.
void JudgeFact(Judge& judge);

}  // namespace samverk::recording

#endif  // SAMVERK_SERVICES_RECORDING_JUDGE_H_
