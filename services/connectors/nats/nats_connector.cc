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
#include "services/connectors/target_url.h"

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

absl::Status NatsConnector::Connect(const DeliveryTerms& terms) {
  if (stream_ != nullptr) return absl::OkStatus();
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
  if (status == NATS_OK && absl::StartsWith(target_.url(), "tls:")) {
    status = natsOptions_SetSecure(made, true);
  }
  if (status == NATS_OK && !target_.credentials_file().empty()) {
    status = natsOptions_SetUserCredentialsFromFiles(
        made, target_.credentials_file().c_str(), nullptr);
  }
  natsConnection* connection = nullptr;
  if (status == NATS_OK) status = natsConnection_Connect(&connection, made);
  connection_.reset(connection);
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
  return ReadBack(terms);
}

absl::Status NatsConnector::ReadBack(const DeliveryTerms& terms) {
  jsStreamInfo* info = nullptr;
  jsErrCode code = static_cast<jsErrCode>(0);
  const natsStatus found = js_GetStreamInfo(
      &info, stream_.get(), target_.stream().c_str(), nullptr, &code);
  if (found != NATS_OK) {
    return Failed(absl::StrCat("the NATS stream ", target_.stream()), found);
  }
  const uint64_t first = std::max<uint64_t>(info->State.FirstSeq, 1);
  const uint64_t last = info->State.LastSeq;
  jsStreamInfo_Destroy(info);
  published_.clear();
  uint64_t newest = 0;
  for (uint64_t sequence = last; sequence >= first; --sequence) {
    if (terms.stop->given()) return absl::CancelledError("it is to stop");
    natsMsg* read = nullptr;
    const natsStatus status =
        js_GetMsg(&read, stream_.get(), target_.stream().c_str(), sequence,
                  nullptr, &code);
    const Message message(read);
    if (status == NATS_NOT_FOUND) continue;  // deleted
    if (status != NATS_OK) {
      return Failed(absl::StrCat("message ", sequence, " of the NATS stream"),
                    status);
    }
    uint64_t furthest = 0;
    uint64_t position = 0;
    if (!absl::SimpleAtoi(HeaderOf(read, kFurthest), &furthest) ||
        !absl::SimpleAtoi(HeaderOf(read, kPosition), &position)) {
      continue;  // somebody else's
    }
    newest = std::max(newest, furthest);
    if (furthest <= terms.cursor.value()) break;
    published_[position] = HeaderOf(read, kMsgId);
  }
  furthest_ = std::max(furthest_, newest);
  return absl::OkStatus();
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
  const absl::Time deadline = terms.deadline - absl::Milliseconds(timeout_ms_);
  absl::Status status = Connect(terms);
  published_.erase(published_.begin(),
                   published_.upper_bound(terms.cursor.value()));
  for (const CloudEvent& event : events) {
    if (!status.ok() || terms.stop->given() ||
        (!report.outcomes.empty() && absl::Now() > deadline)) {
      break;
    }
    const auto held = published_.find(event.position.value());
    if (held != published_.end() && held->second == event.id) {
      report.outcomes.push_back({});
      continue;
    }
    auto outcome = Publish(event);
    status = outcome.status();
    if (outcome.ok()) report.outcomes.push_back(*std::move(outcome));
  }
  if (status.ok() || absl::IsCancelled(status)) return report;
  Disconnect();
  report.unavailable = std::string(status.message());
  return report;
}

}  // namespace samverk::connectors
