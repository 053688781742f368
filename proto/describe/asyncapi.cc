#include "proto/describe/asyncapi.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/codec/event_codec.h"
#include "proto/describe/contracts.h"
#include "proto/describe/json_tree.h"
#include "proto/describe/schema_maker.h"

namespace samverk::describe {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr char kRecord[] = "samverk.recording.v1.RecordingService/Record";
constexpr char kSubscribe[] = "samverk.bus.v1.SubscriptionService/Subscribe";

Json Ref(const std::string& path) {
  return Json::Object().Set("$ref", "#/" + path);
}

Json Info() {
  return Json::Object()
      .Set("title", "Samverk")
      .Set("version", SAMVERK_VERSION)
      .Set("description",
           "A register of collaboration processes: partners record what has "
           "happened, and follow what others have recorded. Generated from "
           "the contracts (proto/samverk); docs/partners.md says how to use "
           "it.");
}

Json Servers() {
  return Json::Object()
      .Set("http", Json::Object()
                       .Set("host", "127.0.0.1:7480")
                       .Set("protocol", "http")
                       .Set("description",
                            "POST to an address of the channels, by the "
                            "Connect protocol (docs/gateway.md)."))
      .Set("grpc", Json::Object()
                       .Set("host", "127.0.0.1:7443")
                       .Set("protocol", "grpc")
                       .Set("description",
                            "The same services over gRPC: the same messages, "
                            "in Protocol Buffers."));
}

// Puts the document together, part by part. One thread.
class Document {
 public:
  std::string Text() {
    AddCall("record", kRecord, "samverk.recording.v1.RecordRequest",
            "samverk.recording.v1.RecordResponse",
            "Records a batch of events: all of them, or none. The same batch "
            "again gives the first answer.");
    AddCall("subscribe", kSubscribe, "samverk.bus.v1.SubscribeRequest",
            "samverk.bus.v1.SubscribeResponse",
            "Follows the log. One request; answers come until the caller ends "
            "it. Each has the cursor to go on after.");
    const Descriptor& event = contracts_.Message("samverk.event.v1.Event");
    for (const auto fact : codec::AllFacts()) {
      AddKind(std::string(codec::TypeName(fact)), event,
              *event.FindFieldByNumber(fact));
    }
    return Json::Object()
        .Set("asyncapi", "3.0.0")
        .Set("info", Info())
        .Set("defaultContentType", "application/json")
        .Set("servers", Servers())
        .Set("channels", std::move(channels_))
        .Set("operations", std::move(operations_))
        .Set("components", Json::Object()
                               .Set("schemas", schemas_.Definitions())
                               .Set("messages", std::move(messages_)))
        .ToText();
  }

 private:
  // A message that a channel of the same name can refer to.
  void AddMessage(const std::string& name, const std::string& title,
                  const std::string& summary, Json payload) {
    messages_.Set(name, Json::Object()
                            .Set("name", title)
                            .Set("title", title)
                            .Set("summary", summary)
                            .Set("payload", std::move(payload)));
  }

  // A method: a channel with its request and its answers.
  void AddCall(const std::string& name, const std::string& address,
               const std::string& request, const std::string& response,
               const std::string& words) {
    Json messages = Json::Object();
    for (const auto& [role, type] :
         {std::pair("request", request), std::pair("response", response)}) {
      const Descriptor& message = contracts_.Message(type);
      const std::string id = absl::StrCat(name, "_", role);
      AddMessage(id, type, CommentOf(message), schemas_.Reference(message));
      messages.Set(id, Ref("components/messages/" + id));
    }
    channels_.Set(name, Json::Object()
                            .Set("address", address)
                            .Set("description", words)
                            .Set("messages", std::move(messages)));
    const Json channel = Ref("channels/" + name);
    const auto message_of = [&name](const char* role) {
      return Json::List().Add(
          Ref(absl::StrCat("channels/", name, "/messages/", name, "_", role)));
    };
    operations_.Set(
        name, Json::Object()
                  .Set("action", "send")
                  .Set("channel", channel)
                  .Set("summary", words)
                  .Set("messages", message_of("request"))
                  .Set("reply", Json::Object()
                                    .Set("channel", channel)
                                    .Set("messages", message_of("response"))));
  }

  // Events of one kind, as a subscription that asks for them gives them.
  void AddKind(const std::string& type, const Descriptor& event,
               const FieldDescriptor& kind) {
    const std::string& name = kind.name();
    Json of_kind = schemas_.Define(absl::StrCat(event.full_name(), ".", name),
                                   schemas_.EventOfKind(event, kind));
    Json this_kind = Json::Object().Set(
        "properties", Json::Object()
                          .Set("type", Json::Object().Set("const", type))
                          .Set("event", std::move(of_kind)));
    this_kind.Set("required", Json::Texts({"type", "event"}));
    Json payload = Json::Object().Set(
        "allOf", Json::List()
                     .Add(schemas_.Reference(
                         contracts_.Message("samverk.view.v1.LoggedEvent")))
                     .Add(std::move(this_kind)));
    AddMessage(name, type, CommentOf(kind), std::move(payload));

    const std::string filter = absl::StrCat(
        R"({"filter": {"process": "{process}", "types": [")", type, R"("]}})");
    channels_.Set(
        name,
        Json::Object()
            .Set("address", absl::StrCat("{process}/", type))
            .Set("title", type)
            .Set("description",
                 absl::StrCat("A part of the log by process and type: what ",
                              kSubscribe, " gives in events.events for ",
                              filter, "."))
            .Set("parameters",
                 Json::Object().Set(
                     "process",
                     Json::Object().Set("description", "Id of the process.")))
            .Set("messages",
                 Json::Object().Set(name, Ref("components/messages/" + name))));
    operations_.Set("follow_" + name,
                    Json::Object()
                        .Set("action", "receive")
                        .Set("channel", Ref("channels/" + name))
                        .Set("summary", CommentOf(kind)));
  }

  const Contracts contracts_;
  SchemaMaker schemas_{"#/components/schemas/"};
  Json channels_ = Json::Object();
  Json operations_ = Json::Object();
  Json messages_ = Json::Object();
};

}  // namespace

std::string AsyncApi() { return Document().Text(); }

}  // namespace samverk::describe
