// The seven headings of the funder's template, and Bifoga. Each function fills
// the section's blocks and what it lacks; number, heading and checks are set
// by the caller. Pure.
#ifndef SAMVERK_PROJECTIONS_REPORT_SECTIONS_H_
#define SAMVERK_PROJECTIONS_REPORT_SECTIONS_H_

#include "projections/report/report_context.h"
#include "samverk/report/v1/report.pb.h"

namespace samverk::projections {

// 1: how the process went, in its own words; phase, focus, who took part.
void WriteOutcomeSection(const ReportContext& context,
                         report::v1::Section& section);
// 2: the outcome table, the words behind it, budget lines, in-kind.
void WriteMoneySection(const ReportContext& context,
                       report::v1::Section& section);
// 3: what was achieved; studies, initiatives, findings and what came of them.
void WriteAchievementsSection(const ReportContext& context,
                              report::v1::Section& section);
// 4: activities, planned against held; what was said in them.
void WriteDialogueSection(const ReportContext& context,
                          report::v1::Section& section);
// 5: actors, their function, and in what they took part.
void WriteActorsSection(const ReportContext& context,
                        report::v1::Section& section);
// 6: shifts with their grade, the grant's part in them, what is planned.
void WriteDevelopmentSection(const ReportContext& context,
                             report::v1::Section& section);
// 7: lessons and who agrees.
void WriteLessonsSection(const ReportContext& context,
                         report::v1::Section& section);
// 8: documents at hand and missing.
void WriteAttachmentsSection(const ReportContext& context,
                             report::v1::Section& section);

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_REPORT_SECTIONS_H_
