#include "proto/describe/cloud_events.h"

#include <utility>

namespace samverk::describe {
namespace {

Json Text(const char* words) {
  return Json::Object().Set("description", words).Set("type", "string");
}

Json Instant(const char* words) {
  return Text(words).Set("format", "date-time");
}

// A position, as a text of twenty digits, so that texts sort as positions do.
Json Digits(const char* words) {
  return Text(words).Set("pattern", "^[0-9]{20}$");
}

}  // namespace

Json CloudEventSchema(Json event) {
  Json data = Json::List();
  data.Add(Json::Object().Set("required", Json::Texts({"data"})));
  data.Add(Json::Object().Set("required", Json::Texts({"data_base64"})));
  return Json::Object()
      .Set("description",
           "An event of the register as a CloudEvent. Of what is personal it "
           "has pseudonyms alone.")
      .Set("type", "object")
      .Set("properties",
           Json::Object()
               .Set("specversion", Json::Object().Set("const", "1.0"))
               .Set("id", Text("The event's id, a UUID. The same when it comes "
                               "again."))
               .Set("source", Text("\"/registers/\" and the register's name."))
               .Set("type", Text("Its kind: \"samverk.cost_booked\"."))
               .Set("subject", Text("Its stream: \"augustenborg/cost/c-1\"."))
               .Set("time", Instant("When it happened, if that is known to the "
                                    "minute."))
               .Set("occurredat",
                    Text("When it happened, as it was said (EDTF)."))
               .Set("recordedtime", Instant("When it was recorded."))
               .Set("sequence", Digits("Its position in the register."))
               .Set("datacontenttype",
                    Text("application/json for the register's own events."))
               .Set("data", std::move(event))
               .Set("data_base64", Text("Bytes of another application's event.")
                                       .Set("contentEncoding", "base64")))
      .Set("required",
           Json::Texts({"specversion", "id", "source", "type", "subject",
                        "recordedtime", "sequence", "datacontenttype"}))
      .Set("oneOf", std::move(data));
}

Json WebhookHeaders() {
  return Json::Object()
      .Set("type", "object")
      .Set("properties",
           Json::Object()
               .Set("webhook-id", Text("The event's id: deal with it once."))
               .Set("webhook-timestamp",
                    Text("When it was sent, in seconds since 1970. Refuse what "
                         "is old.")
                        .Set("pattern", "^[0-9]+$"))
               .Set("webhook-signature",
                    Text("\"v1,\" and the HMAC-SHA-256 of webhook-id, \".\", "
                         "webhook-timestamp, \".\" and the body, in base64. "
                         "The key is what follows \"whsec_\" in the "
                         "connector's secret, taken out of base64. Compare "
                         "before you read the body.")
                        .Set("pattern", "^v1,[A-Za-z0-9+/]{43}=$")))
      .Set("required", Json::Texts({"webhook-id", "webhook-timestamp",
                                    "webhook-signature"}));
}

Json NatsHeaders() {
  return Json::Object()
      .Set("type", "object")
      .Set("properties",
           Json::Object()
               .Set("Nats-Msg-Id", Text("The event's id."))
               .Set("Samverk-Position", Text("Its position in the register."))
               .Set("Samverk-Furthest",
                    Text("The furthest position that was published until "
                         "then. For the connector itself.")))
      .Set("required", Json::Texts({"Nats-Msg-Id", "Samverk-Position",
                                    "Samverk-Furthest"}));
}

}  // namespace samverk::describe
