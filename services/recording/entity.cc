#include "services/recording/entity.h"

#include <array>

#include "eventstore/base/check.h"

namespace samverk::recording {
namespace {

constexpr std::array<std::string_view, kEntityKinds> kNames = {
    "none",        "process",   "actor",        "grant",     "payment",
    "budget_line", "cost",      "in_kind",      "volunteer", "statement",
    "place",       "activity",  "contribution", "finding",   "measure",
    "study",       "insight",   "initiative",   "picture",   "outcome",
    "lesson",      "document",  "report",       "check",     "decision",
    "goal",        "indicator", "disclosure",   "gallring",  "package",
    "rights",      "reading"};

}  // namespace

std::string_view KindName(EntityKind kind) {
  const auto index = static_cast<size_t>(kind);
  SAMVERK_CHECK(index < kNames.size());
  return kNames[index];
}

std::string StreamOf(std::string_view process, const EntityKey& entity) {
  const std::string_view kind = KindName(entity.kind);
  std::string stream;
  stream.reserve(process.size() + kind.size() + entity.id.size() + 2);
  stream.append(process).append("/").append(kind).append("/").append(entity.id);
  return stream;
}

bool HasStream(EntityKind kind) {
  return kind != EntityKind::kPayment && kind != EntityKind::kInsight;
}

}  // namespace samverk::recording
