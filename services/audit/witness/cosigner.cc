#include "services/audit/witness/cosigner.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/check.h"
#include "eventstore/base/thread_name.h"

namespace samverk {
namespace {

constexpr int kLongestWait = 64;  // times Options::retry

}  // namespace

Cosigner::Cosigner(Options options)
    : options_(std::move(options)),
      workers_(static_cast<int>(std::max<size_t>(options_.witnesses.size(), 1)),
               options_.witnesses.size()) {
  {
    MutexLock lock(mu_);
    for (const WitnessAddress& witness : options_.witnesses) {
      Asked asked;
      asked.client = std::make_unique<WitnessClient>(witness, *options_.prover,
                                                     options_.timeout);
      asked.state.name = witness.key.name;
      asked.wait = options_.retry;
      asked_.push_back(std::move(asked));
    }
  }
  thread_ = std::thread([this] { Run(); });
}

Cosigner::~Cosigner() {
  stop_.Give();
  thread_.join();
}

std::vector<Cosigner::State> Cosigner::States() {
  MutexLock lock(mu_);
  std::vector<State> states;
  for (const Asked& asked : asked_) states.push_back(asked.state);
  return states;
}

void Cosigner::Run() {
  SetThreadName("cosigner");
  do {
    const SignedCheckpoint latest = options_.signer->Latest();
    if (IsDue(latest)) Round(latest);
  } while (!stop_.AwaitUntil(absl::Now() + options_.interval));
}

bool Cosigner::IsDue(const SignedCheckpoint& checkpoint) {
  const absl::Time now = absl::Now();
  MutexLock lock(mu_);
  return std::any_of(asked_.begin(), asked_.end(), [&](const Asked& asked) {
    return now >= asked.again && asked.done != checkpoint.note.text;
  });
}

void Cosigner::Round(const SignedCheckpoint& checkpoint) {
  // Signatures of the same checkpoint are added to each other.
  if (cosigned_.note.text != checkpoint.note.text) {
    cosigned_ = checkpoint;
    cosigned_since_ = std::chrono::steady_clock::now();
  }
  std::vector<Asked*> due;
  {
    const absl::Time now = absl::Now();
    MutexLock lock(mu_);
    for (Asked& asked : asked_) {
      if (now >= asked.again && asked.done != checkpoint.note.text) {
        due.push_back(&asked);
      }
    }
  }
  std::vector<std::optional<absl::StatusOr<NoteSignature>>> answers(due.size());
  Mutex answered_mu;
  CondVar answered;
  size_t left = due.size();
  for (size_t i = 0; i < due.size(); ++i) {
    WitnessClient* const client = due[i]->client.get();
    const absl::Status taken = workers_.Submit([&, i, client] {
      auto answer = client->Ask(checkpoint, stop_);
      MutexLock lock(answered_mu);
      answers[i] = std::move(answer);
      --left;
      answered.NotifyAll();
    });
    SAMVERK_CHECK(taken.ok()) << "a worker for each: " << taken;
  }
  {
    MutexLock lock(answered_mu);
    while (left > 0) answered.Wait(answered_mu);
  }
  if (stop_.given()) return;
  bool added = false;
  for (size_t i = 0; i < due.size(); ++i) {
    Note(*due[i], checkpoint, answers[i]->status());
    if (!answers[i]->ok()) continue;
    NoteSignature& signature = **answers[i];
    auto& all = cosigned_.note.signatures;
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const NoteSignature& had) {
                               return had.name == signature.name &&
                                      had.key_id == signature.key_id;
                             }),
              all.end());
    all.push_back(std::move(signature));
    added = true;
  }
  if (added) options_.signer->TakeCosigned(cosigned_, cosigned_since_);
}

void Cosigner::Note(Asked& asked, const SignedCheckpoint& checkpoint,
                    const absl::Status& status) {
  bool changed = false;
  std::string text;
  {
    MutexLock lock(mu_);
    State& state = asked.state;
    const std::string problem(status.message());
    // Sentences have times and sizes in them.
    changed = asked.code != status.code();
    asked.code = status.code();
    state.problem = problem;
    if (status.ok()) {
      state.cosigned = checkpoint.checkpoint.tree.size;
      asked.done = checkpoint.note.text;
      asked.again = absl::InfinitePast();
      asked.wait = options_.retry;
    } else {
      asked.again = absl::Now() + asked.wait;
      asked.wait = std::min(asked.wait * 2, options_.retry * kLongestWait);
    }
    text = status.ok()
               ? absl::StrCat("the witness ", state.name, " cosigns again")
               : absl::StrCat("the witness ", state.name,
                              " does not cosign: ", problem);
  }
  if (changed && options_.warn) options_.warn(text);
}

}  // namespace samverk
