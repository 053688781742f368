// Whether anybody is still being answered.
#ifndef SAMVERK_SERVICES_SERVER_CALLS_UNDER_WAY_H_
#define SAMVERK_SERVICES_SERVER_CALLS_UNDER_WAY_H_

#include <cstdint>

namespace samverk {

// Calls that have begun and not ended, on every gRPC server of this process, as
// gRPC itself counts them (channelz). Thread-safe.
int64_t CallsUnderWay();

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_CALLS_UNDER_WAY_H_
