// Times that people write: a span ends after it begins, within the years that
// are accepted.
#include "eventstore/base/strings.h"
#include "proto/codec/edtf.h"
#include "tests/fuzz/fuzz.h"

namespace samverk::fuzz {
namespace {

void FuzzEdtf(std::string_view text) {
  const auto span = codec::ParseEdtf(text);
  if (!span.ok()) {
    SAMVERK_CHECK(span.status().code() == absl::StatusCode::kInvalidArgument)
        << span.status().ToString();
    return;
  }
  SAMVERK_CHECK(span->from_us < span->to_us) << text;
  SAMVERK_CHECK(span->Contains(*span) && span->Intersects(*span)) << text;
  for (const int64_t at : {span->from_us, span->to_us - 1}) {
    const codec::Date date = codec::StockholmDate(at);
    // A time of day with an offset may lie a day beyond.
    SAMVERK_CHECK(1899 <= date.year && date.year <= 2201) << text;
    SAMVERK_CHECK(codec::StockholmMidnightUs(date.year, date.month, date.day) <=
                  at)
        << text;
  }
}

}  // namespace
}  // namespace samverk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Texts that are not UTF-8 come to no parser: protobuf refuses them first.
  const std::string_view text = samverk::fuzz::Bytes(data, size);
  if (samverk::IsValidUtf8(text)) samverk::fuzz::FuzzEdtf(text);
  return 0;
}
