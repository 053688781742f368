// Two macros that pass errors on.
#ifndef SAMVERK_EVENTSTORE_BASE_STATUS_MACROS_H_
#define SAMVERK_EVENTSTORE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// RETURN_IF_ERROR(expr): returns from the function if expr is not OK.
#define RETURN_IF_ERROR(expr)                          \
  do {                                                 \
    absl::Status samverk_status_ = (expr);             \
    if (!samverk_status_.ok()) return samverk_status_; \
  } while (false)

// ASSIGN_OR_RETURN(auto x, expr): x = *expr, or returns expr's status.
#define ASSIGN_OR_RETURN(lhs, expr) \
  SAMVERK_ASSIGN_OR_RETURN_(SAMVERK_CONCAT_(samverk_or_, __LINE__), lhs, expr)

#define SAMVERK_ASSIGN_OR_RETURN_(tmp, lhs, expr) \
  auto tmp = (expr);                              \
  if (!tmp.ok()) return std::move(tmp).status();  \
  lhs = *std::move(tmp)

#define SAMVERK_CONCAT_(a, b) SAMVERK_CONCAT_INNER_(a, b)
#define SAMVERK_CONCAT_INNER_(a, b) a##b

#endif  // SAMVERK_EVENTSTORE_BASE_STATUS_MACROS_H_
