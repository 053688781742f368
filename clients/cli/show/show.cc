#include "clients/cli/show/show.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace samverk::cli {
namespace {

// Events that are nearer to each other than this are read in one go.
constexpr uint64_t kReadThrough = 64;

struct Range {
  uint64_t from;
  uint64_t to;
};

std::vector<Range> RangesOf(const std::set<uint64_t>& positions) {
  std::vector<Range> ranges;
  for (const uint64_t position : positions) {
    if (!ranges.empty() && position - ranges.back().to < kReadThrough) {
      ranges.back().to = position;
    } else {
      ranges.push_back({position, position});
    }
  }
  return ranges;
}

bool IsInferred(const event::v1::Event& event) {
  return event.has_event_corrected()
             ? !event.event_corrected().replacement().inferred().empty()
             : !event.inferred().empty();
}

}  // namespace

int AskAbout(
    Session& session, const ScopeOptions& options,
    const std::function<int(client::Client&, const view::v1::Scope&)>& ask) {
  auto scope = ToScope(options);
  if (!scope.ok()) {
    return session.Misuse(std::string(scope.status().message()));
  }
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  if (options.at_least.has_value()) {
    scope->set_at_least(*options.at_least);
  } else if (options.as_of.empty()) {
    const auto head = client->GetHead();
    if (!head.ok()) return session.Fail(head.status());
    scope->set_at_least(*head);
  }
  return ask(*client, *scope);
}

int FailToShow(Session& session, const absl::Status& status) {
  session.Fail(status);
  if (client::ReasonOf(status) == error::v1::REASON_NOT_CAUGHT_UP) {
    session.Say(session.style(
        "  --at-least 0 visar vyn som den är; \"samverk projections list\" "
        "säger hur långt den har kommit",
        "  --at-least 0 shows the view as it is; \"samverk projections list\" "
        "says how far it has come"));
  }
  return kFailed;
}

absl::StatusOr<Sources> FindSources(client::Client& client,
                                    const std::string& process,
                                    const google::protobuf::Message& answer) {
  std::set<uint64_t> inferred = InferredIn(answer);
  const std::set<uint64_t> unsaid = PositionsWithoutOriginIn(answer);
  for (const Range& range : RangesOf(unsaid)) {
    view::v1::ReadLogRequest request;
    request.set_process(process);
    request.set_from(range.from);
    request.set_to(range.to);
    client::LogReader reader;
    reader.on_page = [&](const view::v1::ReadLogResponse& page) {
      for (const auto& logged : page.events()) {
        if (IsInferred(logged.event())) inferred.insert(logged.position());
      }
      return true;
    };
    const absl::Status status = client.ReadLog(request, reader);
    if (!status.ok()) return status;
  }
  return Sources(std::move(inferred));
}

void AppendLists(google::protobuf::Message& page,
                 google::protobuf::Message& all) {
  const google::protobuf::Reflection& from = *page.GetReflection();
  const google::protobuf::Reflection& to = *all.GetReflection();
  for (int i = 0; i < page.GetDescriptor()->field_count(); ++i) {
    const auto* list = page.GetDescriptor()->field(i);
    if (!list->is_repeated()) continue;
    // Lists of answers are of messages.
    for (int j = 0; j < from.FieldSize(page, list); ++j) {
      google::protobuf::Message* added = to.AddMessage(&all, list);
      added->GetReflection()->Swap(
          added, from.MutableRepeatedMessage(&page, list, j));
    }
  }
}

}  // namespace samverk::cli
