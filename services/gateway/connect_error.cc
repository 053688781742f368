#include "services/gateway/connect_error.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/wrappers.pb.h>

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/strings.h"
#include "google/rpc/status.pb.h"
#include "proto/codec/event_json.h"

namespace samverk {
namespace {

struct Row {
  std::string_view code;
  int http;
};

// By the number of gRPC's code.
constexpr Row kRows[] = {
    {"ok", 200},
    {"canceled", 499},
    {"unknown", 500},
    {"invalid_argument", 400},
    {"deadline_exceeded", 504},
    {"not_found", 404},
    {"already_exists", 409},
    {"permission_denied", 403},
    {"resource_exhausted", 429},
    {"failed_precondition", 400},
    {"aborted", 409},
    {"out_of_range", 400},
    {"unimplemented", 501},
    {"internal", 500},
    {"unavailable", 503},
    {"data_loss", 500},
    {"unauthenticated", 401},
};

const Row& RowOf(grpc::StatusCode code) {
  const auto number = static_cast<size_t>(code);
  constexpr size_t kUnknown = 2;
  return kRows[number < std::size(kRows) ? number : kUnknown];
}

// Connect writes base64 without padding.
std::string Base64(std::string_view bytes) {
  std::string text = absl::Base64Escape(ToAbsl(bytes));
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

// The message inside as JSON; empty when its type is not known here.
std::string DebugJson(const std::string& type, const std::string& bytes) {
  using google::protobuf::DescriptorPool;
  using google::protobuf::Message;
  using google::protobuf::MessageFactory;
  const auto* descriptor =
      DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  const Message* prototype =
      descriptor == nullptr
          ? nullptr
          : MessageFactory::generated_factory()->GetPrototype(descriptor);
  if (prototype == nullptr) return "";
  const std::unique_ptr<Message> message(prototype->New());
  return message->ParseFromString(bytes) ? codec::ToJson(*message) : "";
}

std::string DetailJson(const google::protobuf::Any& detail) {
  const std::string& url = detail.type_url();
  const std::string type = url.substr(url.rfind('/') + 1);
  const std::string debug = DebugJson(type, detail.value());
  return absl::StrCat("{\"type\":", JsonText(type), ",\"value\":\"",
                      Base64(detail.value()), "\"",
                      debug.empty() ? "" : ",\"debug\":", debug, "}");
}

}  // namespace

std::string_view ConnectCode(grpc::StatusCode code) { return RowOf(code).code; }

int HttpStatusOf(grpc::StatusCode code) { return RowOf(code).http; }

std::string JsonText(std::string_view text) {
  google::protobuf::StringValue value;
  value.set_value(IsValidUtf8(text) ? std::string(text)
                                    : absl::CHexEscape(ToAbsl(text)));
  return codec::ToJson(value);
}

std::string ConnectErrorJson(const grpc::Status& status) {
  std::string json = absl::StrCat(
      "{\"code\":\"", ToAbsl(ConnectCode(status.error_code())), "\"");
  if (!status.error_message().empty()) {
    absl::StrAppend(&json, ",\"message\":", JsonText(status.error_message()));
  }
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details()) &&
      details.details_size() > 0) {
    std::string_view separator = ",\"details\":[";
    for (const google::protobuf::Any& detail : details.details()) {
      absl::StrAppend(&json, ToAbsl(separator), DetailJson(detail));
      separator = ",";
    }
    json += "]";
  }
  return json + "}";
}

}  // namespace samverk
