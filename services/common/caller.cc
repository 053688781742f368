#include "services/common/caller.h"

#include <functional>
#include <string>

namespace samverk {

uint64_t CallerOf(const grpc::CallbackServerContext& context) {
  return std::hash<std::string>()(context.peer());
}

}  // namespace samverk
