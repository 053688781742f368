#include "services/server/demo.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "eventstore/base/error.h"
#include "proto/codec/event_json.h"
#include "services/common/worker_pool.h"
#include "services/recording/messages.h"
#include "services/recording/recorder.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;
using recording::RecordOutcome;

absl::Status InFile(const absl::Status& status, const fs::path& file) {
  absl::Status named(status.code(),
                     absl::StrCat("demo file ", file.filename().string(), ": ",
                                  std::string(status.message())));
  return named;
}

absl::Status OtherVersion(const absl::Status& status, const fs::path& file) {
  return InFile(
      absl::Status(
          status.code(),
          absl::StrCat("the register holds other events under the same ids; "
                       "start without --demo, or with another directory (",
                       std::string(status.message()), ")")),
      file);
}

std::vector<fs::path> EventFiles(const std::string& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

absl::StatusOr<std::vector<event::v1::Event>> ReadEvents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return codec::EventsFromJson(text.str());
}

absl::Status RecordEvents(recording::Recorder& recorder,
                          std::vector<event::v1::Event> events) {
  std::promise<RecordOutcome> promise;
  recorder.Record(
      std::move(events), absl::InfiniteFuture(),
      [&promise](RecordOutcome done) { promise.set_value(std::move(done)); });
  const RecordOutcome outcome = promise.get_future().get();
  if (outcome.violations.empty()) return outcome.status;
  const recording::BatchViolation& first = outcome.violations.front();
  return absl::Status(
      outcome.status.code(),
      absl::StrCat("event ", first.event_index + 1, ": ",
                   recording::ViolationText(first.violation,
                                            codec::Language::kEnglish)));
}

}  // namespace

absl::Status RecordDemo(EventStore& store, Clock& clock,
                        const std::string& directory) {
  const std::vector<fs::path> files = EventFiles(directory);
  if (files.empty()) {
    return MakeError(absl::StatusCode::kNotFound, error::v1::REASON_NOT_FOUND,
                     absl::StrCat("there are no demo events in ", directory,
                                  "; start without --demo, or put the files "
                                  "there"),
                     {{"directory", directory}});
  }
  WorkerPool pool(1, 1);
  recording::Recorder recorder(store, clock, pool);
  // Every time, so that a start that was interrupted between two files is made
  // good by the next; the events' sources tell what is there already.
  for (const fs::path& file : files) {
    auto events = ReadEvents(file);
    if (!events.ok()) return InFile(events.status(), file);
    const absl::Status status = RecordEvents(recorder, *std::move(events));
    if (absl::IsAlreadyExists(status)) return OtherVersion(status, file);
    if (!status.ok()) return InFile(status, file);
  }
  return absl::OkStatus();
}

}  // namespace samverk
