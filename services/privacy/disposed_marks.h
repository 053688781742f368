// What is shown of values that were disposed of.
#ifndef SAMVERK_SERVICES_PRIVACY_DISPOSED_MARKS_H_
#define SAMVERK_SERVICES_PRIVACY_DISPOSED_MARKS_H_

#include "services/privacy/disposals.h"
#include "services/privacy/subject_keys.h"
#include "services/views/logged_event.h"

namespace samverk::privacy {

// Thread-safe.
class DisposedMarks final : public DisposedValues {
 public:
  // Both must outlive it.
  DisposedMarks(SubjectKeys& keys, const Disposals& disposals)
      : keys_(keys), disposals_(disposals) {}

  // With the day and the decision; what cannot be found out is not said.
  void Mark(view::v1::LoggedEvent& logged) const override;

 private:
  SubjectKeys& keys_;
  const Disposals& disposals_;
};

}  // namespace samverk::privacy

#endif  // SAMVERK_SERVICES_PRIVACY_DISPOSED_MARKS_H_
