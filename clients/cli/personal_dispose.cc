#include "clients/cli/personal_dispose.h"

#include <cstdio>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/confirm.h"
#include "clients/cli/correction_chains.h"
#include "clients/cli/personal_loss.h"
#include "clients/cli/withheld.h"
#include "clients/cpp/client.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/kinds_with.h"

namespace samverk::cli {
namespace {

using event::v1::Event;

// The decision that a disposal rests on, as it stands; empty: there is none.
absl::StatusOr<Event> FindDecision(client::Client& client,
                                   const DisposalOptions& options) {
  view::v1::ReadLogRequest request;
  request.set_process(options.process);
  for (const Event::FactCase kind :
       {Event::kGallringDecided, Event::kEventCorrected, Event::kEventReversed,
        Event::kEventVoided}) {
    request.add_types(std::string(codec::TypeName(kind)));
  }
  CorrectionChains chains;
  std::string root;
  Event decision;
  client::LogReader reader;
  reader.on_page = [&](const view::v1::ReadLogResponse& page) {
    for (const auto& logged : page.events()) {
      const Event& event = logged.event();
      const std::string about = chains.RootOf(event);
      if (event.gallring_decided().gallring() == options.gallring) {
        root = about;
        decision = event;
      } else if (!root.empty() && about == root) {
        // Without a replacement it was taken out.
        decision = event.event_corrected().replacement();
      }
    }
    return true;
  };
  const absl::Status status = client.ReadLog(request, reader);
  if (!status.ok()) return status;
  return decision;
}

// Whose keys; empty: the decision does not say, nor does the command line.
absl::StatusOr<std::vector<std::string>> SubjectsOf(
    client::Client& client, const DisposalOptions& options,
    const Style& style) {
  const auto decision = FindDecision(client, options);
  if (!decision.ok()) return decision.status();
  if (!decision->has_gallring_decided()) {
    return absl::NotFoundError(absl::StrCat(
        style("det finns inget gallringsbeslut ", "there is no decision "),
        options.gallring,
        style(" i processen, eller inget som ni får läsa; registrera det först "
              "(gallring_decided)",
              " on disposal in the process, or none that you may read; record "
              "it first (gallring_decided)")));
  }
  // Each once, in the order in which they are named.
  std::vector<std::string> subjects;
  std::set<std::string> seen;
  const auto& decided = decision->gallring_decided().subjects();
  const std::vector<std::string> named =
      options.subjects.empty()
          ? std::vector<std::string>(decided.begin(), decided.end())
          : options.subjects;
  for (const std::string& subject : named) {
    if (seen.insert(subject).second) subjects.push_back(subject);
  }
  return subjects;
}

// Of the whole register: a pseudonym is one person wherever it is used, and its
// key is one.
absl::StatusOr<PersonalLoss> LossOf(client::Client& client,
                                    const std::vector<std::string>& subjects) {
  PersonalLoss loss(subjects);
  view::v1::ReadLogRequest request;
  for (const Event::FactCase kind :
       codec::KindsWith(*event::v1::Personal::descriptor())) {
    request.add_types(std::string(codec::TypeName(kind)));
  }
  request.add_types(std::string(codec::TypeName(Event::kKeyDestroyed)));
  client::LogReader reader;
  reader.on_page = [&loss](const view::v1::ReadLogResponse& page) {
    for (const auto& logged : page.events()) loss.Add(logged);
    return true;
  };
  const absl::Status status = client.ReadLog(request, reader);
  if (!status.ok()) return status;
  return loss;
}

// OK: each of them has something sealed in the process.
absl::Status CheckNamed(const PersonalLoss& loss,
                        const std::vector<std::string>& subjects,
                        const DisposalOptions& options, const Style& style) {
  for (const std::string& subject : subjects) {
    const std::set<std::string> processes = loss.ProcessesOf(subject);
    if (processes.contains(options.process)) continue;
    std::string where;
    if (!processes.empty()) {
      where = absl::StrCat(style(" (men i ", " (but in "),
                           absl::StrJoin(processes, ", "), ")");
    }
    return absl::FailedPreconditionError(absl::StrCat(
        style("ingen uppgift är förseglad med pseudonymen ",
              "no value is sealed with the pseudonym "),
        subject, style(" i processen ", " in the process "), options.process,
        where,
        style(", eller ingen som ni får läsa; inget är förstört. Rätta "
              "beslutet, eller ange rätt pseudonymer med --subject",
              ", or none that you may read; nothing is destroyed. Correct the "
              "decision, or give the right pseudonyms with --subject")));
  }
  return absl::OkStatus();
}

// Shows it, and asks; kDone: go on.
int ShowAndAsk(Session& session, const PersonalLoss& loss, uint64_t withheld,
               const DisposalOptions& options) {
  const Style& style = session.style;
  session.Say(style("detta kan ingen läsa mer, i någon process:",
                    "this nobody can read any more, in any process:"));
  std::string table = loss.Text(style);
  if (!table.empty()) table.pop_back();  // Say ends the line
  session.Say(table);
  if (withheld > 0) {
    session.Say(absl::StrCat(
        withheld,
        style(" händelser i processen får ni inte läsa, och de är inte räknade",
              " events of the process you may not read, and they are not "
              "counted")));
  }
  if (options.yes) return kDone;
  switch (Confirm(stdin, style("Skriv ja för att förstöra nycklarna:",
                               "Write yes to destroy the keys:"))) {
    case Confirmed::kYes:
      return kDone;
    case Confirmed::kNo:
      session.Say(style("inget är förstört", "nothing is destroyed"));
      return kFailed;
    case Confirmed::kNobodyThere:
      break;
  }
  return session.Misuse(
      style("inget är förstört: det finns ingen terminal att fråga vid; lägg "
            "till --yes om det ska göras",
            "nothing is destroyed: there is no terminal to ask at; add --yes "
            "if it is to be done"));
}

recording::v1::RecordRequest Destruction(
    const DisposalOptions& options, const std::vector<std::string>& subjects,
    bool logged_in) {
  recording::v1::RecordRequest request;
  for (const std::string& subject : subjects) {
    Event& event = *request.add_events();
    event.set_process(options.process);
    // The same command again is the same recording.
    event.mutable_source()->set_system("samverk-personal");
    event.mutable_source()->set_ref(
        absl::StrCat("dispose/", options.gallring, "/", subject));
    if (!logged_in) {
      event.mutable_recorded_by()->set_organisation("register");
      event.mutable_recorded_by()->set_role("arkivarie");
    }
    auto& destroyed = *event.mutable_key_destroyed();
    destroyed.set_gallring(options.gallring);
    destroyed.set_subject(subject);
    if (!options.backups_until.empty()) {
      destroyed.mutable_backups_until()->set_edtf(options.backups_until);
    }
  }
  return request;
}

int Destroy(Session& session, client::Client& client,
            const DisposalOptions& options,
            const std::vector<std::string>& subjects) {
  const bool logged_in = !session.connection().token.empty() ||
                         !session.connection().certificate_pem.empty();
  const auto recorded =
      client.Record(Destruction(options, subjects, logged_in));
  if (!recorded.ok()) return session.Fail(recorded.status());
  if (session.json) {
    session.PrintJson(*recorded);
    return kDone;
  }
  const Style& style = session.style;
  session.Say(absl::StrCat(
      style("nycklarna är förstörda, ", "the keys are destroyed, "),
      subjects.size(),
      style(" stycken; kopior kan finnas i säkerhetskopior av nycklar tills "
            "de tagits bort",
            " of them; copies may live in backups of keys until those are "
            "gone")));
  return kDone;
}

}  // namespace

int DisposeOf(Session& session, const DisposalOptions& options) {
  client::Client* client = session.Connect();
  if (client == nullptr) return kFailed;
  const Style& style = session.style;
  const auto reach = ReachOf(*client, options.process);
  if (!reach.ok()) return session.Fail(reach.status());
  const auto subjects = SubjectsOf(*client, options, style);
  if (!subjects.ok()) return session.Fail(subjects.status());
  if (subjects->empty()) {
    return session.Misuse(
        style("beslutet nämner ingen pseudonym; ange vilka med --subject",
              "the decision names no pseudonym; say which with --subject"));
  }
  const auto loss = LossOf(*client, *subjects);
  if (!loss.ok()) return session.Fail(loss.status());
  const absl::Status named = CheckNamed(*loss, *subjects, options, style);
  if (!named.ok()) return session.Fail(named);
  const int go_on = ShowAndAsk(session, *loss, reach->withheld, options);
  if (go_on != kDone) return go_on;
  return Destroy(session, *client, options, *subjects);
}

}  // namespace samverk::cli
