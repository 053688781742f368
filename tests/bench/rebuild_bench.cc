// How fast do views follow the log?
//
//   rebuild      events a second when every view is built from nothing
//   prefix       folding one process's 100,000 events in memory, and answering
//   report       the same with the report's model and its Markdown
//   live         from an acknowledged append to the view that shows it
//
//   rebuild_bench [--events N] [--processes N] [--prefix-events N] [--live N]
//
// The history is as registers are: 60 of 100 events are about costs, 20 about
// findings and measures, 20 about activities, contributions and the like.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/uuid.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "projections/budget/budget_answer.h"
#include "projections/checks/checks_answer.h"
#include "projections/engine/projector.h"
#include "projections/fold.h"
#include "proto/codec/edtf.h"
#include "proto/codec/event_codec.h"
#include "services/recording/route.h"
#include "services/reporting/report_generator.h"
#include "tests/testing/events.h"

namespace samverk {
namespace {

using event::v1::Event;
using projections::ProjectionSet;
using projections::Projector;
using testing::EventOf;

struct Arguments {
  uint64_t events = 200'000;
  uint64_t processes = 20;
  uint64_t prefix_events = 100'000;
  uint64_t live = 2'000;
};

// Takes events from their templates, one process after another in turn.
class History {
 public:
  explicit History(uint64_t processes) : processes_(processes) {}

  Event Next() {
    const uint64_t n = next_++;
    const uint64_t process = n % processes_;
    const uint64_t k = n / processes_;  // counts the process's events
    Event event = OfKind(k);
    event.set_process(absl::StrCat("process-", process));
    event.set_id(testing::Uuid(n + 1));
    return event;
  }

 private:
  static std::string Date(uint64_t k) {
    return absl::StrCat("2025-0", 1 + k % 9, "-", 10 + k % 18);
  }

  Event OfKind(uint64_t k) {
    static const Event registered =
        EventOf("process_registered { name: 'Ekostaden' }");
    static const Event granted = EventOf(R"pb(
      occurred { edtf: '2025-01-15' }
      grant_awarded {
        funder: 'fgk'
        purpose: 'samverkan i bostadsområdet'
        period { edtf: '2025' }
        amount { ore: 30000000 currency: 'SEK' precision: PRECISION_EXACT }
      })pb");
    static const Event line = EventOf(R"pb(
      budget_line_set {
        grant: 'grant-0'
        name: 'Aktiviteter'
        amount { ore: 5000000 currency: 'SEK' precision: PRECISION_EXACT }
      })pb");
    static const Event actor = EventOf(R"pb(
      actor_registered {
        name: 'Odlingsföreningen'
        kind: ACTOR_KIND_ASSOCIATION
      }
    )pb");
    if (k == 0) return registered;
    if (k < 4) {
      Event event = granted;
      event.mutable_grant_awarded()->set_grant(Grant(k));
      return event;
    }
    if (k < 14) {
      Event event = line;
      event.mutable_budget_line_set()->set_line(Line(k));
      return event;
    }
    if (k < 34) {
      Event event = actor;
      event.mutable_actor_registered()->set_actor(Actor(k));
      return event;
    }
    const uint64_t slot = k % 20;
    if (slot < 9) return Booked(k);
    if (slot < 12) return Attested(k);
    if (slot < 16) return FindingOrMeasure(k, slot);
    return Activity(k, slot);
  }

  static std::string Grant(uint64_t k) { return absl::StrCat("grant-", k % 3); }
  static std::string Line(uint64_t k) { return absl::StrCat("line-", k % 10); }
  static std::string Actor(uint64_t k) {
    return absl::StrCat("actor-", k % 20);
  }

  static Event Booked(uint64_t k) {
    static const Event booked = EventOf(R"pb(
      recorded_by { organisation: 'mkb' role: 'ekonom' subject: 's-eko' }
      source { kind: SOURCE_KIND_IMPORTED system: 'agresso' }
      evidence { title: 'Faktura' media_type: 'application/pdf' }
      cost_booked {
        voucher_series: 'A'
        account: '5990'
        amount { currency: 'SEK' precision: PRECISION_EXACT }
        text: 'Scen och tält till Ekostadens dag'
        booked_by: 'actor-1'
      })pb");
    Event event = booked;
    event.mutable_occurred()->set_edtf(Date(k));
    event.mutable_source()->set_ref(absl::StrCat("ver-", k));
    auto& cost = *event.mutable_cost_booked();
    cost.set_cost(absl::StrCat("a-", k));
    cost.set_voucher_number(absl::StrCat(k));
    cost.set_grant(Grant(k));
    cost.set_budget_line(Line(k));
    cost.mutable_amount()->set_ore(static_cast<int64_t>(1'000 + k % 90'000));
    return event;
  }

  // The cost booked some twenty events before.
  static Event Attested(uint64_t k) {
    static const Event attested = EventOf(R"pb(
      cost_attested {
        attester { organisation: 'mkb' role: 'chef' subject: 's-chef' }
      })pb");
    Event event = attested;
    event.mutable_occurred()->set_edtf(Date(k));
    event.mutable_cost_attested()->set_cost(absl::StrCat("a-", k - 9));
    return event;
  }

  static Event FindingOrMeasure(uint64_t k, uint64_t slot) {
    static const Event logged = EventOf(R"pb(
      finding_logged {
        polarity: POLARITY_DEFICIENCY
        category: FINDING_CATEGORY_LIGHTING
        description: 'Mörkt vid gångvägen bakom tvättstugan'
        light: LIGHT_CONDITION_DARK
        affected: 'äldre'
      })pb");
    static const Event proposed = EventOf(R"pb(
      measure_proposed {
        title: 'Ny belysning vid gångvägen'
        owner: 'actor-2'
        estimated_cost {
          ore: 2500000
          currency: 'SEK'
          precision: PRECISION_ESTIMATE
        }
      })pb");
    Event event;
    const std::string finding = absl::StrCat("f-", k - slot);
    const std::string measure = absl::StrCat("m-", k - slot);
    if (slot == 12) {
      event = logged;
      event.mutable_finding_logged()->set_finding(finding);
    } else if (slot == 13) {
      event = EventOf("finding_assigned { assignee: 'actor-2' }");
      event.mutable_finding_assigned()->set_finding(finding);
    } else if (slot == 14) {
      event = proposed;
      event.mutable_measure_proposed()->set_measure(measure);
      event.mutable_measure_proposed()->add_findings(finding);
    } else {
      event = EventOf("measure_implemented {}");
      event.mutable_measure_implemented()->set_measure(measure);
    }
    event.mutable_occurred()->set_edtf(Date(k));
    return event;
  }

  static Event Activity(uint64_t k, uint64_t slot) {
    static const Event dialogue = EventOf(R"pb(
      dialogue_held {
        held {
          title: 'Boendedialog på torget'
          organiser: 'actor-3'
          participants { actor: 'actor-4' role: 'medverkande' }
          participants { actor: 'actor-5' role: 'medverkande' }
          headcount { total: 25 basis: COUNT_BASIS_COUNTED }
          summary: 'Grannar vill ha fler bänkar och bättre belysning'
        }
      })pb");
    static const Event said = EventOf(R"pb(
      dialogue_contribution_recorded {
        theme: 'trygghet'
        paraphrase: 'Det är mörkt på vägen hem från bussen'
        similar_count: 3
      })pb");
    static const Event in_kind = EventOf(R"pb(
      in_kind_recorded {
        kind: IN_KIND_KIND_WORKING_TIME
        contributor: 'actor-1'
        quantity_hundredths: 800
        unit: 'h'
        rate_ore: 45000
        rate_basis: 'lönekostnad'
        value { ore: 360000 currency: 'SEK' precision: PRECISION_EXACT }
      })pb");
    const std::string activity = absl::StrCat("dialog-", k - slot);
    Event event;
    if (slot == 16) {
      event = dialogue;
      event.mutable_dialogue_held()->mutable_held()->set_activity(activity);
    } else if (slot == 17 || slot == 18) {
      event = said;
      event.mutable_dialogue_contribution_recorded()->set_activity(activity);
      event.mutable_dialogue_contribution_recorded()->set_contribution(
          absl::StrCat("s-", k));
    } else {
      event = in_kind;
      event.mutable_in_kind_recorded()->set_in_kind(absl::StrCat("i-", k));
    }
    event.mutable_occurred()->set_edtf(Date(k));
    return event;
  }

  const uint64_t processes_;
  uint64_t next_ = 0;
};

NewEvent Stored(const Event& event) {
  NewEvent stored;
  stored.id = *ParseUuid(event.id());
  recording::Route route = recording::RouteOf(event, nullptr);
  stored.stream = std::move(route.stream);
  stored.tags = std::move(route.tags);
  stored.type = codec::TypeName(event.fact_case());
  if (const auto span = codec::ParseEdtf(event.occurred().edtf()); span.ok()) {
    stored.occurred = Interval{span->from_us, span->to_us};
  }
  stored.metadata.recorded_by = event.recorded_by().subject();
  stored.metadata.source_system = event.source().system();
  if (!event.source().ref().empty()) {
    stored.metadata.source_ref =
        absl::StrCat(event.process(), "/", event.source().ref());
  }
  stored.payload = codec::EncodePayload(event);
  return stored;
}

// A log on the disk, in a directory that goes away with it.
class BenchLog {
 public:
  explicit BenchLog(uint64_t processes) : history_(processes) {
    std::string path =
        (std::filesystem::temp_directory_path() / "samverk-XXXXXX").string();
    SAMVERK_CHECK(mkdtemp(path.data()) != nullptr);
    directory_ = path;
    RocksDbEventStore::Options options;
    options.directory = directory_ + "/log";
    options.origin = "bench";
    options.clock = &clock_;
    auto store = RocksDbEventStore::Open(std::move(options));
    SAMVERK_CHECK(store.ok()) << store.status().ToString();
    store_ = *std::move(store);
  }
  ~BenchLog() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  Position Append(uint64_t events) {
    Position last;
    while (events > 0) {
      AppendRequest request;
      for (; events > 0 && request.events.size() < 500; --events) {
        request.events.push_back(Stored(history_.Next()));
      }
      const auto result = AppendAndWait(*store_, std::move(request));
      SAMVERK_CHECK(result.ok()) << result.status().ToString();
      last = result->recorded.back().position;
    }
    return last;
  }

  RocksDbEventStore& store() { return *store_; }
  const std::string& directory() const { return directory_; }

 private:
  SystemClock clock_;
  History history_;
  std::string directory_;
  std::unique_ptr<RocksDbEventStore> store_;
};

double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Wall time and processor time of this process since it was made.
class Stopwatch {
 public:
  double Wall() const { return absl::ToDoubleSeconds(absl::Now() - start_); }
  double Cpu() const { return CpuSeconds() - cpu_; }

 private:
  const absl::Time start_ = absl::Now();
  const double cpu_ = CpuSeconds();
};

// Waits until the store has put its log in order behind the last append, which
// is not part of what is timed next.
void WaitUntilIdle() {
  for (int quiet = 0; quiet < 5;) {
    const double before = CpuSeconds();
    absl::SleepFor(absl::Milliseconds(50));
    quiet = CpuSeconds() - before < 0.002 ? quiet + 1 : 0;
  }
}

double ResidentMiB() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::unique_ptr<Projector> OpenProjector(BenchLog& log) {
  Projector::Options options;
  options.directory = log.directory() + "/views";
  const auto& all = projections::AllProjections();
  options.projections = {all.begin(), all.end()};
  auto projector = Projector::Open(log.store(), std::move(options));
  SAMVERK_CHECK(projector.ok()) << projector.status().ToString();
  return *std::move(projector);
}

projections::Question QuestionAbout(std::string_view process) {
  projections::Question question;
  question.process = process;
  question.period = *codec::ParseEdtf("2025");
  question.evaluate_at_us = absl::ToUnixMicros(absl::Now());
  return question;
}

void TimeAnswers(const projections::ViewSet& views, const char* what) {
  const auto question = QuestionAbout("process-0");
  const Stopwatch budget_watch;
  auto budget = projections::AnswerBudget(views, question);
  SAMVERK_CHECK(budget.grants_size() > 0);
  std::printf("  AnswerBudget %-22s %8.1f ms\n", what,
              budget_watch.Wall() * 1e3);
  const Stopwatch checks_watch;
  const auto checks = projections::AnswerChecks(views, question);
  std::printf("  AnswerChecks %-22s %8.1f ms (%d checks)\n", what,
              checks_watch.Wall() * 1e3, checks.checks_size());
}

void BenchRebuild(const Arguments& arguments) {
  BenchLog log(arguments.processes);
  const Position head = log.Append(arguments.events);
  WaitUntilIdle();
  const double before = ResidentMiB();
  for (int run = 1; run <= 3; ++run) {
    std::error_code ignored;
    std::filesystem::remove_all(log.directory() + "/views", ignored);
    WaitUntilIdle();
    const Stopwatch watch;
    const auto projector = OpenProjector(log);
    SAMVERK_CHECK(
        projector->AwaitApplied(head, absl::Now() + absl::Minutes(10)).ok());
    const double wall = watch.Wall();
    const double cpu = watch.Cpu();
    const double events = static_cast<double>(arguments.events);
    std::printf(
        "rebuild %d: %llu events in %.2f s: %.0f k/s, %.0f k/s a core of "
        "processor time; memory %.0f -> %.0f MiB; views %.1f MiB\n",
        run, static_cast<unsigned long long>(arguments.events), wall,
        events / wall / 1e3, events / cpu / 1e3, before, ResidentMiB(),
        static_cast<double>(projector->BytesOnDisk()) / (1 << 20));
    if (run < 3) continue;
    auto live = projector->Views(ProjectionSet::All());
    SAMVERK_CHECK(live.ok()) << live.status().ToString();
    TimeAnswers(live->snapshot->views(), "(live views)");
  }
}

void BenchPrefix(const Arguments& arguments) {
  BenchLog log(1);
  log.Append(arguments.prefix_events);
  WaitUntilIdle();
  for (int run = 1; run <= 3; ++run) {
    const Stopwatch watch;
    const auto folded = projections::FoldPrefix(log.store(), "process-0", {});
    SAMVERK_CHECK(folded.ok()) << folded.status().ToString();
    std::printf("prefix %d: %llu events in %.3f s (%.3f s of processor time)\n",
                run, static_cast<unsigned long long>((*folded)->events()),
                watch.Wall(), watch.Cpu());
    if (run == 3) TimeAnswers((*folded)->views(), "(prefix in memory)");
  }
  for (int run = 1; run <= 3; ++run) {
    ReportQuestion question;
    question.process = "process-0";
    question.period = "2025";
    const Stopwatch watch;
    const auto report = GenerateReport(log.store(), "bench", question);
    SAMVERK_CHECK(report.ok()) << report.status().ToString();
    std::printf("report %d: %.3f s from the log to %zu bytes\n", run,
                watch.Wall(), report->content.size());
  }
}

void BenchLive(const Arguments& arguments) {
  BenchLog log(arguments.processes);
  log.Append(10'000);
  const auto projector = OpenProjector(log);
  SAMVERK_CHECK(
      projector
          ->AwaitApplied(log.store().Head(), absl::Now() + absl::Minutes(1))
          .ok());
  std::vector<double> waits_ms;
  for (uint64_t i = 0; i < arguments.live; ++i) {
    const Position position = log.Append(1);
    const Stopwatch watch;
    SAMVERK_CHECK(
        projector->AwaitApplied(position, absl::Now() + absl::Minutes(1)).ok());
    waits_ms.push_back(watch.Wall() * 1e3);
  }
  if (waits_ms.empty()) return;
  std::sort(waits_ms.begin(), waits_ms.end());
  const auto at = [&](double share) {
    return waits_ms[static_cast<size_t>(
        share * static_cast<double>(waits_ms.size() - 1))];
  };
  std::printf(
      "live: %zu events one by one, acknowledged -> shown by the views: p50 "
      "%.3f ms, p99 %.3f ms, most %.3f ms\n",
      waits_ms.size(), at(0.5), at(0.99), at(1));
}

bool Parse(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    uint64_t* value = name == "--events"          ? &arguments.events
                      : name == "--processes"     ? &arguments.processes
                      : name == "--prefix-events" ? &arguments.prefix_events
                      : name == "--live"          ? &arguments.live
                                                  : nullptr;
    if (value == nullptr || !absl::SimpleAtoi(argv[i + 1], value)) return false;
  }
  // Fewer events give no grant to answer about.
  return argc % 2 == 1 && arguments.processes > 0 &&
         arguments.events >= 40 * arguments.processes &&
         arguments.prefix_events >= 40;
}

}  // namespace
}  // namespace samverk

int main(int argc, char** argv) {
  samverk::Arguments arguments;
  if (!samverk::Parse(argc, argv, arguments)) {
    std::fprintf(stderr,
                 "rebuild_bench [--events N] [--processes N] "
                 "[--prefix-events N] [--live N]\n"
                 "at least 40 events for each process\n");
    return 2;
  }
  samverk::BenchRebuild(arguments);
  samverk::BenchPrefix(arguments);
  samverk::BenchLive(arguments);
}
