# Headers that nearly every file above the event store reads, compiled once:
# that halves the time of a build. A folder says which ones its targets use by
# setting SAMVERK_PRECOMPILED. Files include what they use nevertheless; build
# with -DSAMVERK_PCH=OFF to see that they do.

set(headers
  <algorithm> <functional> <memory> <optional> <string> <string_view>
  <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/status/statusor.h>
  <absl/strings/str_cat.h> <absl/time/time.h> <absl/types/span.h>
  <samverk/event/v1/event.pb.h> <samverk/view/v1/activities.pb.h>
  <samverk/view/v1/budget.pb.h> <samverk/view/v1/checks.pb.h>
  <samverk/view/v1/findings.pb.h> <samverk/view/v1/participation.pb.h>
  <samverk/view/v1/timeline.pb.h>)

# samverk_precompiled(NAME HEADERS ... DEPS ...): a target to take them from.
function(samverk_precompiled name)
  cmake_parse_arguments(P "" "" "HEADERS;DEPS" ${ARGN})
  add_library(${name} STATIC ${PROJECT_SOURCE_DIR}/cmake/precompiled.cc)
  target_link_libraries(${name} PRIVATE ${P_DEPS} samverk_options)
  # For ccache.
  target_compile_options(samverk_options INTERFACE -fpch-preprocess)
  target_precompile_headers(${name} PRIVATE ${P_HEADERS})
endfunction()

if(SAMVERK_PCH)
  samverk_precompiled(samverk_precompiled_events
    HEADERS ${headers}
    DEPS samverk_view_proto absl::flat_hash_map absl::statusor absl::strings
         absl::time absl::span)
  samverk_precompiled(samverk_precompiled_tests
    HEADERS ${headers} <gmock/gmock.h> <gtest/gtest.h>
    DEPS samverk_view_proto absl::flat_hash_map absl::statusor absl::strings
         absl::time absl::span GTest::gmock)
endif()
