// The pages of each answer.
#ifndef SAMVERK_SERVICES_VIEWS_PAGES_H_
#define SAMVERK_SERVICES_VIEWS_PAGES_H_

#include <string_view>

#include "absl/status/status.h"
#include "samverk/view/v1/activities.pb.h"
#include "samverk/view/v1/checks.pb.h"
#include "samverk/view/v1/findings.pb.h"
#include "samverk/view/v1/participation.pb.h"
#include "samverk/view/v1/timeline.pb.h"
#include "samverk/view/v1/view_service.pb.h"
#include "services/views/paging.h"

namespace samverk {

// Each leaves of a whole answer what is on the page, and sets its
// next_page_token. INVALID_ARGUMENT (page_token): the entry that the page goes
// on from is gone.
//
// Side by side with the counted entries, each on one page:
//   participation: the categories, before the first actor;
//   activities: the contributions to an activity follow it (what was said at
//     none of the answer's activities is on no page);
//   measures: the places, before the first measure;
//   checks: the documents and then the reports, before the first check;
//   lessons: the studies and then the initiatives, before the first lesson; the
//     outcomes follow the last lesson and are counted.
// All of these are on the first page unless they are too large for it: then
// they go on where they were cut, and what comes after them follows.
//
// The entries of an actor are cut to the latest hundred, and to those that fit
// into limits::kViewEntryBytes; entries_left_out tells how many are not there.
absl::Status CutToPage(const PageRequest& page,
                       view::v1::ParticipationAnswer& answer);
absl::Status CutToPage(const PageRequest& page,
                       view::v1::ActivitiesAnswer& answer);
absl::Status CutToPage(const PageRequest& page,
                       view::v1::FindingsAnswer& answer);
absl::Status CutToPage(const PageRequest& page,
                       view::v1::MeasuresAnswer& answer);
absl::Status CutToPage(const PageRequest& page,
                       view::v1::TimelineAnswer& answer);
absl::Status CutToPage(const PageRequest& page, view::v1::ChecksAnswer& answer);
absl::Status CutToPage(const PageRequest& page,
                       view::v1::LessonsAnswer& answer);
absl::Status CutToPage(const PageRequest& page,
                       view::v1::ListProcessesResponse& answer);

// Costs and contributions come in pages already, by their number: `answer`
// holds the entries after page.after, and `next_key` is the key of the last of
// them when there are more. Cuts those that are too large for one message.
absl::Status CutToPage(const PageRequest& page, std::string_view next_key,
                       view::v1::ListCostsResponse& answer);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_VIEWS_PAGES_H_
