#include "proto/describe/event_schemas.h"

#include "absl/strings/str_cat.h"
#include "proto/codec/event_codec.h"
#include "proto/describe/contracts.h"
#include "proto/describe/json_tree.h"
#include "proto/describe/schema_maker.h"

namespace samverk::describe {

std::vector<EventSchema> EventSchemas() {
  const Contracts contracts;
  const auto& event = contracts.Message("samverk.event.v1.Event");
  std::vector<EventSchema> schemas;
  for (const auto fact : codec::AllFacts()) {
    const std::string type(codec::TypeName(fact));
    SchemaMaker maker("#/$defs/");
    Json kind = maker.EventOfKind(event, *event.FindFieldByNumber(fact));
    const Json schema =
        Json::Object()
            .Set("$schema", "https://json-schema.org/draft/2020-12/schema")
            .Set("$id", absl::StrCat("urn:samverk:event:v1:", type))
            .Set("title", type)
            .Extend(std::move(kind))
            .Set("$defs", maker.Definitions());
    schemas.push_back({type, schema.ToText()});
  }
  return schemas;
}

}  // namespace samverk::describe
