#include "clients/cli/sources.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

namespace samverk::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using view::v1::Origin;

// More sources than this are not told one by one.
constexpr int kSourcesShown = 8;

// Visits a message and all that are in it.
void ForEachMessage(const Message& message,
                    const std::function<void(const Message&)>& visit) {
  visit(message);
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      ForEachMessage(reflection.GetMessage(message, field), visit);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      ForEachMessage(reflection.GetRepeatedMessage(message, field, i), visit);
    }
  }
}

void ForEachOrigin(const Message& message,
                   const std::function<void(const Origin&)>& visit) {
  ForEachMessage(message, [&visit](const Message& part) {
    if (part.GetDescriptor() != Origin::descriptor()) return;
    const auto& origin = static_cast<const Origin&>(part);
    if (origin.position() != 0) visit(origin);
  });
}

}  // namespace

Sources::Sources(std::set<uint64_t> inferred)
    : inferred_(std::move(inferred)) {}

std::string Sources::Cell(uint64_t position) {
  const bool inferred = inferred_.count(position) > 0;
  marked_ |= inferred;
  return absl::StrCat("#", position, inferred ? "*" : "");
}

std::string Sources::Of(const Positions& positions, uint64_t parts) {
  std::string out;
  const int shown = std::min(positions.size(), kSourcesShown);
  for (int i = 0; i < shown; ++i) {
    absl::StrAppend(&out, i == 0 ? "" : ", ", Cell(positions[i]));
  }
  const uint64_t all = std::max(parts, static_cast<uint64_t>(positions.size()));
  if (all > static_cast<uint64_t>(shown) && shown > 0) {
    absl::StrAppend(&out, " … (", all, ")");
  }
  return out;
}

std::string Sources::Of(const Origin& origin) {
  return origin.position() == 0 ? "" : Cell(origin.position());
}

std::string Sources::OfRow(const Message& row, uint64_t left_out) {
  std::set<uint64_t> rising;
  ForEachOrigin(row, [&rising](const Origin& origin) {
    rising.insert(origin.position());
  });
  return Of(Positions(rising.begin(), rising.end()), rising.size() + left_out);
}

std::string Sources::Legend(const Style& style) const {
  if (!marked_) return "";
  return style(
      "\n* helt eller delvis slutet av sammanhanget, står inte i källan\n",
      "\n* wholly or partly inferred from the context, not in the source\n");
}

std::set<uint64_t> InferredIn(const Message& message) {
  std::set<uint64_t> inferred;
  ForEachOrigin(message, [&inferred](const Origin& origin) {
    if (!origin.inferred_fields().empty()) inferred.insert(origin.position());
  });
  return inferred;
}

std::set<uint64_t> PositionsWithoutOriginIn(const Message& message) {
  std::set<uint64_t> positions;
  ForEachMessage(message, [&positions](const Message& part) {
    const FieldDescriptor* field =
        part.GetDescriptor()->FindFieldByName("positions");
    if (field == nullptr || !field->is_repeated() ||
        field->cpp_type() != FieldDescriptor::CPPTYPE_UINT64) {
      return;
    }
    const Reflection& reflection = *part.GetReflection();
    const int shown =
        std::min(reflection.FieldSize(part, field), kSourcesShown);
    for (int i = 0; i < shown; ++i) {
      positions.insert(reflection.GetRepeatedUInt64(part, field, i));
    }
  });
  ForEachOrigin(message, [&positions](const Origin& origin) {
    positions.erase(origin.position());
  });
  return positions;
}

}  // namespace samverk::cli
