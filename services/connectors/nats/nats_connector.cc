#include "services/connectors/nats/nats_connector.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "proto/codec/event_codec.h"
#include "services/common/field_error.h"
#include "services/common/target_url.h"
#include "services/connectors/secret_files.h"

namespace samverk::connectors {
namespace {

constexpr char kDefaultPrefix[] = "samverk";
constexpr char kFurthest[] = "Samverk-Furthest";
constexpr char kPosition[] = "Samverk-Position";
constexpr char kMsgId[] = "Nats-Msg-Id";
// JetStream's code for a message that is larger than its stream allows.
constexpr int kMessageTooLarge = 10'054;

struct MessageDestroyer {
  void operator()(natsMsg* message) const { natsMsg_Destroy(message); }
};
using Message = std::unique_ptr<natsMsg, MessageDestroyer>;
struct SubscriptionDestroyer {
  void operator()(natsSubscription* subscription) const {
    natsSubscription_Destroy(subscription);
  }
};
using Subscription = std::unique_ptr<natsSubscription, SubscriptionDestroyer>;
struct OptionsDestroyer {
  void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
};
using Options = std::unique_ptr<natsOptions, OptionsDestroyer>;

absl::Status Failed(absl::string_view what, natsStatus status) {
  return absl::UnavailableError(
      absl::StrCat(what, ": ", natsStatus_GetText(status)));
}

bool IsPlain(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '_';
}

bool IsOfAddress(char c) {
  return IsPlain(c) || c == '.' || c == ':' || c == '[' || c == ']';
}

bool IsEncrypted(std::string_view url) { return url.starts_with("tls://"); }

std::string Token(std::string_view text) {
  std::string token;
  for (const char c : text) {
    if (IsPlain(c)) {
      token.push_back(c);
    } else {
      absl::StrAppendFormat(&token, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return token.empty() ? "_" : token;
}

// Empty: the message has none.
std::string HeaderOf(natsMsg* message, const char* name) {
  const char* value = nullptr;
  return natsMsgHeader_Get(message, name, &value) == NATS_OK ? value : "";
}

}  // namespace

absl::Status CheckNats(const bus::v1::NatsTarget& target) {
  for (const absl::string_view url : absl::StrSplit(target.url(), ',')) {
    RETURN_IF_ERROR(
        CheckUrl("settings.nats.url", std::string(url), {"tls", "nats"}));
    if (IsEncrypted(ToStd(url)) != IsEncrypted(target.url())) {
      return FieldError("settings.nats.url",
                        "has tls:// and nats:// servers; give one kind");
    }
    // The library reads addresses in its own way.
    const absl::string_view rest = url.substr(url.find("://") + 3);
    if (!std::all_of(rest.begin(), rest.end(), IsOfAddress)) {
      return FieldError("settings.nats.url",
                        absl::StrCat(url, " is more than a host and a port"));
    }
  }
  if (target.stream().empty() || target.stream().size() > 255 ||
      !std::all_of(target.stream().begin(), target.stream().end(), IsPlain)) {
    return FieldError("settings.nats.stream",
                      "must be 1 to 255 letters, digits, \"-\" and \"_\"");
  }
  const std::string& prefix = target.subject_prefix();
  const bool dots = absl::StartsWith(prefix, ".") ||
                    absl::EndsWith(prefix, ".") ||
                    absl::StrContains(prefix, "..");
  if (dots || prefix.size() > 128 ||
      !std::all_of(prefix.begin(), prefix.end(),
                   [](char c) { return c == '.' || IsPlain(c); })) {
    return FieldError("settings.nats.subject_prefix",
                      "must be words of letters, digits, \"-\" and \"_\" with "
                      "dots between them");
  }
  return absl::OkStatus();
}

bool ShareStream(const bus::v1::NatsTarget& a, const bus::v1::NatsTarget& b) {
  if (a.stream() != b.stream()) return false;
  const std::vector<std::string> servers = absl::StrSplit(a.url(), ',');
  for (const absl::string_view url : absl::StrSplit(b.url(), ',')) {
    if (std::find(servers.begin(), servers.end(), url) != servers.end()) {
      return true;
    }
  }
  return false;
}

std::string SubjectOf(const std::string& prefix, const CloudEvent& event) {
  std::string_view type = event.type;
  if (type.starts_with(codec::kTypePrefix)) {
    type.remove_prefix(codec::kTypePrefix.size());
  }
  const std::string_view process =
      std::string_view(event.stream).substr(0, event.stream.find('/'));
  return absl::StrCat(prefix.empty() ? kDefaultPrefix : prefix, ".",
                      Token(process), ".", Token(type));
}

NatsConnector::NatsConnector(bus::v1::NatsTarget target, absl::Duration timeout)
    : target_(std::move(target)),
      timeout_ms_(absl::ToInt64Milliseconds(timeout)) {}

NatsConnector::~NatsConnector() { Disconnect(); }

void NatsConnector::Disconnect() {
  stream_.reset();
  connection_.reset();
}

void NatsConnector::CloseWhenStopped(const DeliveryTerms& terms) {
  // Whatever waits for an answer does so no more.
  terms.stop->WhenGiven(
      [connection = connection_.get()] { natsConnection_Close(connection); });
}

absl::Status NatsConnector::Connect(const DeliveryTerms& terms) {
  if (stream_ != nullptr) return absl::OkStatus();
  if (!target_.credentials_file().empty()) {
    RETURN_IF_ERROR(ReadSecretFile(target_.credentials_file()).status());
  }
  natsOptions* made = nullptr;
  natsStatus status = natsOptions_Create(&made);
  const Options options(made);
  const std::vector<std::string> urls = absl::StrSplit(target_.url(), ',');
  std::vector<const char*> servers;
  for (const std::string& url : urls) servers.push_back(url.c_str());
  if (status == NATS_OK) {
    status = natsOptions_SetServers(made, servers.data(),
                                    static_cast<int>(servers.size()));
  }
  // What it would send when it has connected again, nobody would know of.
  if (status == NATS_OK) status = natsOptions_SetAllowReconnect(made, false);
  if (status == NATS_OK) status = natsOptions_SetTimeout(made, timeout_ms_);
  if (status == NATS_OK && IsEncrypted(target_.url())) {
    status = natsOptions_SetSecure(made, true);
  }
  if (status == NATS_OK && !target_.credentials_file().empty()) {
    status = natsOptions_SetUserCredentialsFromFiles(
        made, target_.credentials_file().c_str(), nullptr);
  }
  natsConnection* connection = nullptr;
  if (status == NATS_OK) status = natsConnection_Connect(&connection, made);
  connection_.reset(connection);
  if (connection != nullptr) CloseWhenStopped(terms);
  jsOptions js;
  jsOptions_Init(&js);
  js.Wait = timeout_ms_;
  jsCtx* stream = nullptr;
  if (status == NATS_OK) {
    status = natsConnection_JetStream(&stream, connection, &js);
  }
  stream_.reset(stream);
  if (status != NATS_OK) {
    return Failed(absl::StrCat("NATS at ", target_.url()), status);
  }
  jsStreamInfo* info = nullptr;
  jsErrCode code = static_cast<jsErrCode>(0);
  const natsStatus found =
      js_GetStreamInfo(&info, stream, target_.stream().c_str(), nullptr, &code);
  if (found != NATS_OK) {
    return Failed(absl::StrCat("the NATS stream ", target_.stream()), found);
  }
  first_ = std::max<uint64_t>(info->State.FirstSeq, 1);
  read_back_ = info->State.LastSeq;
  jsStreamInfo_Destroy(info);
  published_.clear();
  return absl::OkStatus();
}

absl::Status NatsConnector::ReadBack(const DeliveryTerms& terms) {
  bool goes_on = false;  // one message at least, or it would never end
  for (; read_back_ >= first_ && read_back_ > 0; --read_back_) {
    if (terms.stop->given() || (goes_on && IsTooLate(terms))) {
      return absl::OkStatus();
    }
    goes_on = true;
    natsMsg* read = nullptr;
    jsErrCode code = static_cast<jsErrCode>(0);
    const natsStatus status =
        js_GetMsg(&read, stream_.get(), target_.stream().c_str(), read_back_,
                  nullptr, &code);
    const Message message(read);
    if (status == NATS_NOT_FOUND) continue;  // deleted
    if (status != NATS_OK) {
      return Failed(absl::StrCat("message ", read_back_, " of the NATS stream"),
                    status);
    }
    uint64_t furthest = 0;
    uint64_t position = 0;
    if (!absl::SimpleAtoi(HeaderOf(read, kFurthest), &furthest) ||
        !absl::SimpleAtoi(HeaderOf(read, kPosition), &position)) {
      continue;  // somebody else's
    }
    furthest_ = std::max(furthest_, furthest);
    if (furthest <= terms.cursor.value()) break;
    published_[position] = HeaderOf(read, kMsgId);
  }
  read_back_ = 0;
  return absl::OkStatus();
}

bool NatsConnector::IsTooLate(const DeliveryTerms& terms) const {
  return absl::Now() + absl::Milliseconds(timeout_ms_) > terms.deadline;
}

absl::Status NatsConnector::FindReplayed(absl::Span<const CloudEvent> events,
                                         const DeliveryTerms& terms) {
  std::set<std::string> subjects;
  std::set<std::string> ids;
  for (const CloudEvent& event : events) {
    if (event.position > terms.cursor) break;
    subjects.insert(SubjectOf(target_.subject_prefix(), event));
    ids.insert(event.id);
  }
  held_.clear();
  for (const std::string& subject : subjects) {
    RETURN_IF_ERROR(FindHeld(subject, ids, terms));
  }
  return absl::OkStatus();
}

absl::Status NatsConnector::FindHeld(const std::string& subject,
                                     const std::set<std::string>& ids,
                                     const DeliveryTerms& terms) {
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Stream = target_.stream().c_str();
  options.Ordered = true;
  options.Config.DeliverPolicy = js_DeliverAll;
  options.Config.HeadersOnly = true;
  jsErrCode code = static_cast<jsErrCode>(0);
  natsSubscription* made = nullptr;
  natsStatus status = js_SubscribeSync(&made, stream_.get(), subject.c_str(),
                                       nullptr, &options, &code);
  const Subscription subscription(made);
  uint64_t left = 0;
  if (status == NATS_OK) {
    jsConsumerInfo* info = nullptr;
    status = natsSubscription_GetConsumerInfo(&info, made, nullptr, &code);
    // What has come already is not pending any more.
    if (status == NATS_OK) left = info->NumPending + info->Delivered.Consumer;
    jsConsumerInfo_Destroy(info);
  }
  while (status == NATS_OK && left > 0) {
    natsMsg* read = nullptr;
    status = natsSubscription_NextMsg(&read, made, timeout_ms_);
    const Message message(read);
    if (status == NATS_OK && absl::Now() > terms.deadline) {
      return absl::UnavailableError(absl::StrCat(
          "the NATS stream has more messages of subject ", subject,
          " than can be looked through in a lease; make the group's longer"));
    }
    if (status != NATS_OK) break;
    if (const std::string id = HeaderOf(read, kMsgId); ids.contains(id)) {
      held_.insert(id);
    }
    jsMsgMetaData* about = nullptr;
    status = natsMsg_GetMetaData(&about, read);
    if (status == NATS_OK) left = about->NumPending;
    jsMsgMetaData_Destroy(about);
  }
  return status == NATS_OK
             ? absl::OkStatus()
             : Failed(absl::StrCat("the messages of the NATS stream, subject ",
                                   subject),
                      status);
}

absl::StatusOr<Outcome> NatsConnector::Publish(const CloudEvent& event) {
  const std::string subject = SubjectOf(target_.subject_prefix(), event);
  const std::string body = ToStructuredJson(event);
  const std::string furthest =
      absl::StrCat(std::max(furthest_, event.position.value()));
  natsMsg* made = nullptr;
  natsStatus status =
      natsMsg_Create(&made, subject.c_str(), nullptr, body.data(),
                     static_cast<int>(body.size()));
  Message message(made);
  if (status == NATS_OK) {
    status = natsMsgHeader_Set(made, "content-type",
                               "application/cloudevents+json; charset=UTF-8");
  }
  if (status == NATS_OK) {
    status = natsMsgHeader_Set(made, kFurthest, furthest.c_str());
  }
  if (status == NATS_OK) {
    status = natsMsgHeader_Set(made, kPosition,
                               absl::StrCat(event.position.value()).c_str());
  }
  jsPubOptions options;
  jsPubOptions_Init(&options);
  options.MsgId = event.id.c_str();
  options.ExpectStream = target_.stream().c_str();
  options.MaxWait = timeout_ms_;
  jsErrCode code = static_cast<jsErrCode>(0);
  if (status == NATS_OK) {
    status = js_PublishMsg(nullptr, stream_.get(), made, &options, &code);
  }
  if (status == NATS_MAX_PAYLOAD ||
      static_cast<int>(code) == kMessageTooLarge) {
    return Outcome{Outcome::Kind::kParked, "it is larger than NATS allows"};
  }
  if (status != NATS_OK) {
    return Failed(absl::StrCat("publishing to NATS, subject ", subject),
                  status);
  }
  furthest_ = std::max(furthest_, event.position.value());
  published_[event.position.value()] = event.id;
  return Outcome{};
}

DeliveryReport NatsConnector::Deliver(absl::Span<const CloudEvent> events,
                                      const DeliveryTerms& terms) {
  DeliveryReport report;
  if (connection_ != nullptr) CloseWhenStopped(terms);
  absl::Status status = Connect(terms);
  published_.erase(published_.begin(),
                   published_.upper_bound(terms.cursor.value()));
  if (status.ok()) status = ReadBack(terms);
  if (status.ok() && read_back_ == 0) status = FindReplayed(events, terms);
  for (const CloudEvent& event : events) {
    // What was read back so far is kept: the next delivery goes on from there.
    if (!status.ok() || read_back_ > 0 || terms.stop->given() ||
        (!report.outcomes.empty() && IsTooLate(terms))) {
      break;
    }
    const auto held = published_.find(event.position.value());
    if (held_.contains(event.id) ||
        (held != published_.end() && held->second == event.id)) {
      report.outcomes.push_back({});
      continue;
    }
    auto outcome = Publish(event);
    status = outcome.status();
    if (outcome.ok()) report.outcomes.push_back(*std::move(outcome));
  }
  terms.stop->WhenGiven(nullptr);
  // A request that was broken off says nothing of the target.
  if (status.ok() || terms.stop->given()) return report;
  Disconnect();
  report.unavailable = std::string(status.message());
  return report;
}

}  // namespace samverk::connectors
