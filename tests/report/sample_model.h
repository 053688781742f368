// A report's model made by hand, for tests of the renderers.
#ifndef SAMVERK_TESTS_REPORT_SAMPLE_MODEL_H_
#define SAMVERK_TESTS_REPORT_SAMPLE_MODEL_H_

#include <string>

#include "samverk/report/v1/report.pb.h"

namespace samverk::testing {

// A model with every kind of block in which every text is `text`.
report::v1::ReportModel ModelSaying(const std::string& text);

}  // namespace samverk::testing

#endif  // SAMVERK_TESTS_REPORT_SAMPLE_MODEL_H_
