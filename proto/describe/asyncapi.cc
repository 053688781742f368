#include "proto/describe/asyncapi.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/codec/event_codec.h"
#include "proto/describe/cloud_events.h"
#include "proto/describe/contracts.h"
#include "proto/describe/json_tree.h"
#include "proto/describe/schema_maker.h"

namespace samverk::describe {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr char kRecord[] = "samverk.recording.v1.RecordingService/Record";
constexpr char kSubscribe[] = "samverk.bus.v1.SubscriptionService/Subscribe";
constexpr char kGroups[] = "samverk.bus.v1.ConsumerGroupService/";

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

// The register, or, for connectors, whoever they bring events to.
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
                            "in Protocol Buffers."))
      .Set("partner", Json::Object()
                          .Set("host", "partner.example")
                          .Set("protocol", "https")
                          .Set("description",
                               "Yours: where a webhook is called. The url of "
                               "the connector (docs/connectors.md)."))
      .Set("nats", Json::Object()
                       .Set("host", "nats.example:4222")
                       .Set("protocol", "nats")
                       .Set("description",
                            "Yours: where a connector publishes, into a "
                            "JetStream stream."));
}

Json ServerRefs(const std::vector<std::string>& names) {
  Json refs = Json::List();
  for (const std::string& name : names) refs.Add(Ref("servers/" + name));
  return refs;
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
    AddGroupCall("receive", "Receive",
                 "Becomes a member of a consumer group, which shares the work "
                 "and keeps its place. Events come under leases until the "
                 "caller ends the call.");
    AddGroupCall("acknowledge", "Acknowledge",
                 "Says which events of a lease are done and which are refused. "
                 "Answered when that is durable.");
    AddGroupCall("extend_lease", "ExtendLease",
                 "Keeps a lease for a full term more.");
    const Descriptor& event = contracts_.Message("samverk.event.v1.Event");
    AddConnectors(event);
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
  // A message that a channel of the same name can refer to. `more`: what else
  // belongs to it.
  void AddMessage(const std::string& name, const std::string& title,
                  const std::string& summary, Json payload,
                  Json more = Json::Object()) {
    messages_.Set(name, Json::Object()
                            .Set("name", title)
                            .Set("title", title)
                            .Set("summary", summary)
                            .Extend(std::move(more))
                            .Set("payload", std::move(payload)));
  }

  void AddGroupCall(const std::string& name, const std::string& method,
                    const std::string& words) {
    AddCall(name, kGroups + method,
            absl::StrCat("samverk.bus.v1.", method, "Request"),
            absl::StrCat("samverk.bus.v1.", method, "Response"), words);
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
                            .Set("servers", ServerRefs({"http", "grpc"}))
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

  // What the server itself brings to a partner: CloudEvents.
  void AddConnectors(const Descriptor& event) {
    const Json cloud_event = schemas_.Define(
        "cloud_event", CloudEventSchema(schemas_.Reference(event)));
    const auto parameter = [](const char* words) {
      return Json::Object().Set("description", words);
    };
    AddConnector(
        "webhook", "partner", "/{path}", cloud_event, WebhookHeaders(),
        "Each event is one POST, signed. A connector in binary mode sends "
        "data alone, and the attributes as headers that begin with ce-. "
        "Answer 2xx when it is done; 410 when you want no more; 429, 502, 503 "
        "or 504 when all is to wait. Any other answer refuses the event: it "
        "comes again, and is parked in the end.",
        Json::Object().Set("path", parameter("Of the connector's url.")),
        Json::Object().Set("http", Json::Object()
                                       .Set("method", "POST")
                                       .Set("bindingVersion", "0.3.0")));
    AddConnector(
        "nats", "nats", "{prefix}.{process}.{type}", cloud_event, NatsHeaders(),
        "Each event is one message of a JetStream stream: "
        "samverk.augustenborg.cost_booked.",
        Json::Object()
            .Set("prefix",
                 parameter("Of the connector.").Set("default", "samverk"))
            .Set("process", parameter("Id of the process."))
            .Set("type", parameter("Kind of event: cost_booked.")),
        Json::Object());
  }

  void AddConnector(const std::string& name, const std::string& server,
                    const std::string& address, const Json& cloud_event,
                    Json headers, const std::string& words, Json parameters,
                    Json bindings) {
    const std::string id = name + "_event";
    AddMessage(id, "CloudEvent",
               "An event of the register that a connector brings.", cloud_event,
               Json::Object()
                   .Set("contentType", "application/cloudevents+json")
                   .Set("headers", std::move(headers)));
    channels_.Set(
        name, Json::Object()
                  .Set("address", address)
                  .Set("servers", ServerRefs({server}))
                  .Set("description", words)
                  .Set("parameters", std::move(parameters))
                  .Set("messages", Json::Object().Set(
                                       id, Ref("components/messages/" + id))));
    operations_.Set("receive_" + name,
                    Json::Object()
                        .Set("action", "receive")
                        .Set("channel", Ref("channels/" + name))
                        .Set("summary", words)
                        .Set("bindings", std::move(bindings)));
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
            .Set("servers", ServerRefs({"http", "grpc"}))
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
