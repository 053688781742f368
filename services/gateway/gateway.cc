#include "services/gateway/gateway.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/limits.h"
#include "google/rpc/error_details.pb.h"
#include "services/common/caller.h"
#include "services/common/error_language.h"
#include "services/common/grpc_status.h"
#include "services/common/request_language.h"
#include "services/gateway/connect_error.h"
#include "services/gateway/entity_tag.h"
#include "services/gateway/get_query.h"
#include "services/gateway/metadata.h"
#include "services/gateway/open_stream.h"
#include "services/gateway/rpc_call.h"

namespace samverk {
namespace {

using codec::Language;
using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

// Whether a caller with one answer to come is still there cannot be seen.
constexpr absl::Duration kUsualTimeout = absl::Minutes(1);
constexpr absl::Duration kLongestTimeout = absl::Minutes(10);
constexpr int64_t kRetrySeconds = 1;
// Beside calls and streams.
constexpr size_t kSpareConnections = 32;
constexpr size_t kEnvelopeHeadBytes = 5;

// "/samverk.view.v1.ViewService/GetBudget"; null when there is none.
const MethodDescriptor* FindMethod(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (path.empty() || path[0] != '/' || slash == 0) return nullptr;
  const auto* service = DescriptorPool::generated_pool()->FindServiceByName(
      path.substr(1, slash - 1));
  return service == nullptr ? nullptr
                            : service->FindMethodByName(path.substr(slash + 1));
}

const Message& PrototypeOf(const Descriptor* type) {
  return *MessageFactory::generated_factory()->GetPrototype(type);
}

const char* KindOf(const MethodDescriptor& method) {
  return method.server_streaming() ? "stream" : "unary";
}

HttpAnswer Json(int http, std::string json) {
  return {.status = http, .type = "application/json", .body = std::move(json)};
}

// What is wrong with a request before it is a call.
HttpAnswer Refusal(int http, absl::StatusCode code, Language language,
                   const std::string& english, const std::string& swedish) {
  const absl::Status status(code,
                            language == Language::kSwedish ? swedish : english);
  return Json(http, ConnectErrorJson(ToGrpcStatus(status)));
}

absl::Status TooMany(const char* what, size_t limit) {
  absl::Status status = MakeError(
      absl::StatusCode::kResourceExhausted, error::v1::REASON_QUEUE_FULL,
      absl::StrCat("there are ", limit, " ", what,
                   " over HTTP already; come again in a while"),
      {{"what", what}, {"limit", absl::StrCat(limit)}});
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(kRetrySeconds);
  status.SetPayload("type.googleapis.com/google.rpc.RetryInfo",
                    absl::Cord(retry.SerializeAsString()));
  return status;
}

// Has one answer, and does nothing but read: it may be called with GET.
bool OnlyReads(const MethodDescriptor& method) {
  return !method.server_streaming() && !method.client_streaming() &&
         method.options().idempotency_level() ==
             google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
}

// Pages of an origin that is not listed.
HttpAnswer NotAdmitted(Language language) {
  return Refusal(
      403, absl::StatusCode::kPermissionDenied, language,
      "pages of this origin may not call; start the server with --cors and its "
      "origin",
      "sidor från det här ursprunget får inte anropa; starta servern med "
      "--cors och dess ursprung");
}

// Terms of a call, and its request as protobuf's bytes.
struct Request {
  CallMetadata metadata;
  absl::Duration timeout;
  std::string bytes;
};

absl::StatusOr<Request> ReadRequest(const MethodDescriptor& method,
                                    const Wire& wire, const HttpRequest& http,
                                    Language language) {
  Request request;
  std::string body;
  std::string_view message;
  const auto read = [&]() -> absl::Status {
    RETURN_IF_ERROR(CheckProtocol(http));
    ASSIGN_OR_RETURN(request.timeout, TimeoutOf(http));
    ASSIGN_OR_RETURN(request.metadata, MetadataOf(http));
    request.metadata.emplace_back(kGatewayPeer, http.remote);
    if (http.method != "POST") {
      ASSIGN_OR_RETURN(body, MessageOfQuery(http));
      message = body;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(body,
                     http.read_body(limits::kMessageBytes +
                                    (wire.framing == Wire::Framing::kEnvelopes
                                         ? kEnvelopeHeadBytes
                                         : 0)));
    ASSIGN_OR_RETURN(message, OnlyMessage(wire.framing, body));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(InLanguage(read(), language));
  if (wire.json) {
    ASSIGN_OR_RETURN(
        request.bytes,
        BytesOfJson(message, PrototypeOf(method.input_type()), language));
  } else {
    request.bytes = std::string(message);
  }
  return request;
}

}  // namespace

Gateway::Gateway(const std::shared_ptr<grpc::Channel>& channel,
                 prometheus::Registry& registry, const Options& options)
    : stub_(std::make_unique<grpc::GenericStub>(channel)),
      origins_(options.origins),
      pages_(options.pages),
      metrics_(registry),
      stream_limit_(options.streams),
      streams_(options.streams) {
  if (!options.web_directory.empty()) files_.emplace(options.web_directory);
}

size_t Gateway::ConnectionsFor(const Options& options) {
  return kCalls + options.streams + kSpareConnections;
}

HttpAnswer Gateway::Answer(const HttpRequest& request) {
  HttpAnswer answer;
  if (!origins_.Admits(request)) {
    metrics_.Count("other", "permission_denied");
    answer = NotAdmitted(LanguageOfHeader(request.Header("accept-language")));
  } else if (request.method == "OPTIONS" &&
             !request.Header("access-control-request-method").empty()) {
    answer = origins_.Preflight(request);
  } else {
    answer = Route(request);
  }
  origins_.Mark(request, answer);
  return answer;
}

HttpAnswer Gateway::Route(const HttpRequest& request) {
  const Language language = LanguageOfHeader(request.Header("accept-language"));
  const MethodDescriptor* method = FindMethod(request.path);
  if (method != nullptr && request.method == "POST") {
    return Call(*method, request, language);
  }
  const bool get = request.method == "GET" || request.method == "HEAD";
  if (method != nullptr && get && OnlyReads(*method)) {
    return Get(*method, request, language);
  }
  if (method != nullptr) {
    metrics_.Count("other", "unimplemented");
    const std::string allowed = OnlyReads(*method) ? "GET, HEAD, POST" : "POST";
    HttpAnswer answer =
        Refusal(405, absl::StatusCode::kUnimplemented, language,
                absl::StrCat("this method is called with ", allowed),
                absl::StrCat("den här metoden anropas med ", allowed));
    answer.headers.emplace_back("Allow", allowed);
    return answer;
  }
  if (get) return GetPage(request, language);
  metrics_.Count("other", "unimplemented");
  const std::string path = absl::Utf8SafeCHexEscape(request.path);
  return Refusal(404, absl::StatusCode::kUnimplemented, language,
                 absl::StrCat("there is no method ", path,
                              "; paths are /package.Service/Method"),
                 absl::StrCat("det finns ingen metod ", path,
                              "; sökvägar skrivs /paket.Tjänst/Metod"));
}

HttpAnswer Gateway::GetPage(const HttpRequest& request, Language language) {
  HttpAnswer answer{.status = 404, .body = "there is nothing here\n"};
  bool found = false;
  for (const auto& page : pages_) {
    auto own = page(request);
    if (!own.has_value()) continue;
    if (!origins_.AdmitsGet(request)) {
      metrics_.Count("other", "permission_denied");
      return NotAdmitted(language);
    }
    answer = *std::move(own);
    found = true;
    break;
  }
  if (!found && files_.has_value()) answer = files_->Answer(request);
  metrics_.Count("file", answer.status < 400 ? "ok" : "not_found");
  return answer;
}

HttpAnswer Gateway::Call(const Method& method, const HttpRequest& request,
                         Language language) {
  const std::optional<Wire> wire = WireOf(request.Header("content-type"));
  const bool streams = method.server_streaming();
  if (method.client_streaming()) {
    metrics_.Count(KindOf(method), "unimplemented");
    return Refusal(
        501, absl::StatusCode::kUnimplemented, language,
        "a method that takes a stream of requests is called over gRPC only",
        "en metod som tar emot en ström av anrop anropas bara med gRPC");
  }
  if (!wire.has_value() || (wire->framing != Wire::Framing::kNone) != streams) {
    metrics_.Count(KindOf(method), "unimplemented");
    const std::string accepted(AcceptedTypes(streams));
    HttpAnswer answer =
        Refusal(415, absl::StatusCode::kUnimplemented, language,
                absl::StrCat("the Content-Type is one of ", accepted),
                absl::StrCat("Content-Type är en av ", accepted));
    answer.headers.emplace_back("Accept-Post", accepted);
    return answer;
  }
  absl::StatusOr<HttpAnswer> answer =
      streams ? CallStream(method, *wire, request, language)
              : CallUnary(method, *wire, request, language);
  if (answer.ok()) return *std::move(answer);
  return Error(method, *wire, ToGrpcStatus(answer.status()));
}

HttpAnswer Gateway::Get(const Method& method, const HttpRequest& request,
                        Language language) {
  HttpAnswer answer;
  if (!origins_.AdmitsGet(request)) {
    metrics_.Count("other", "permission_denied");
    answer = NotAdmitted(language);
  } else if (const auto wire = WireOfQuery(request); !wire.has_value()) {
    metrics_.Count(KindOf(method), "unimplemented");
    answer = Refusal(415, absl::StatusCode::kUnimplemented, language,
                     "the query's encoding is json or proto",
                     "encoding i frågan är json eller proto");
  } else {
    absl::StatusOr<HttpAnswer> called =
        CallUnary(method, *wire, request, language);
    answer = called.ok() ? *std::move(called)
                         : Error(method, *wire, ToGrpcStatus(called.status()));
  }
  answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (answer.status != 200) {
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
  }
  // Whoever has a copy asks whether it is still the answer. It is theirs alone:
  // what others may read is another.
  const std::string tag = TagOfBytes(answer.body);
  answer.headers.emplace_back("Cache-Control", "private, no-cache");
  answer.headers.emplace_back("Vary", "Accept-Language, Authorization");
  answer.headers.emplace_back("ETag", tag);
  if (HasTag(request, tag)) {
    answer.status = 304;
    answer.body.clear();
  }
  return answer;
}

HttpAnswer Gateway::Error(const Method& method, const Wire& wire,
                          const grpc::Status& status) {
  metrics_.Count(KindOf(method), ConnectCode(status.error_code()));
  std::string json = ConnectErrorJson(status);
  if (wire.framing != Wire::Framing::kNone) {
    return {.type = std::string(wire.content_type),
            .body = LastFrame(wire.framing, json, "")};
  }
  HttpAnswer answer = Json(HttpStatusOf(status.error_code()), std::move(json));
  if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED ||
      status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    answer.headers.emplace_back("Retry-After", absl::StrCat(kRetrySeconds));
  }
  return answer;
}

absl::StatusOr<HttpAnswer> Gateway::CallUnary(const Method& method,
                                              const Wire& wire,
                                              const HttpRequest& http,
                                              Language language) {
  const auto slot = calls_.Take();
  if (slot == nullptr) return InLanguage(TooMany("calls", kCalls), language);
  ASSIGN_OR_RETURN(const Request request,
                   ReadRequest(method, wire, http, language));
  const absl::Duration timeout =
      request.timeout == absl::InfiniteDuration()
          ? kUsualTimeout
          : std::min(request.timeout, kLongestTimeout);
  RpcCall call(*stub_, http.path, request.metadata, absl::Now() + timeout);
  call.Start(request.bytes);
  std::string bytes;
  while (call.Read(absl::InfiniteFuture(), bytes) != RpcCall::Next::kEnd) {
  }
  HttpAnswer answer;
  if (call.status().ok()) {
    answer.body = std::move(bytes);
    answer.type = std::string(wire.content_type);
    if (wire.json) {
      ASSIGN_OR_RETURN(
          answer.body,
          JsonOfBytes(answer.body, PrototypeOf(method.output_type())));
    }
    answer.headers = HeadersOf(call.context().GetServerInitialMetadata(), "");
    metrics_.Count("unary", "ok");
  } else {
    answer = Error(method, wire, call.status());
  }
  for (auto& header :
       HeadersOf(call.context().GetServerTrailingMetadata(), "trailer-")) {
    answer.headers.push_back(std::move(header));
  }
  return answer;
}

absl::StatusOr<HttpAnswer> Gateway::CallStream(const Method& method,
                                               const Wire& wire,
                                               const HttpRequest& http,
                                               Language language) {
  auto slot = streams_.Take();
  if (slot == nullptr) {
    return InLanguage(TooMany("streams", stream_limit_), language);
  }
  ASSIGN_OR_RETURN(Request request, ReadRequest(method, wire, http, language));
  auto call = std::make_unique<RpcCall>(*stub_, http.path, request.metadata,
                                        absl::Now() + request.timeout);
  // Functions are copied, streams are not.
  auto stream = std::make_shared<OpenStream>(
      std::move(call), std::move(request.bytes),
      PrototypeOf(method.output_type()), wire, std::move(slot), metrics_);
  HttpAnswer answer;
  answer.type = std::string(wire.content_type);
  answer.stream = [stream = std::move(stream)](HttpSink& sink) {
    return stream->Run(sink);
  };
  return answer;
}

}  // namespace samverk
