// The demo process: given the files and the user's document, then every file
// is read, refers to what stands before it, and says nothing that the document
// does not say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "eventstore/base/sha256.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "proto/codec/edtf.h"
#include "proto/codec/event_codec.h"
#include "proto/codec/event_json.h"

namespace samverk::codec {
namespace {

using event::v1::Event;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kFolder[] = "deploy/demo";
constexpr char kDocument[] = "deploy/demo/aterrapport-2025.sv.txt";
constexpr size_t kBatchMax = 1000;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

// Every run of white space becomes one space, and Swedish capitals become
// small: the document's line breaks and a claim's first letter do not count.
std::string Normalised(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (std::isspace(c)) {
      if (!out.empty() && out.back() != ' ') out.push_back(' ');
    } else if (c == 0xC3 && i + 1 < text.size()) {
      // U+00C0 to U+00DE and their small letters lie 0x20 apart.
      const unsigned char d = static_cast<unsigned char>(text[++i]);
      out.push_back(static_cast<char>(c));
      out.push_back(static_cast<char>(d < 0x9F ? d + 0x20 : d));
    } else {
      out.push_back(static_cast<char>(std::tolower(c)));
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

struct Demo {
  std::vector<std::filesystem::path> files;  // in the order of recording
  std::vector<Event> events;
  std::vector<std::string> where;  // "03-money-2025.jsonl[2]", for each event
};

Demo Load() {
  Demo demo;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const auto extension = entry.path().extension();
    if (extension == ".jsonl" || extension == ".json") {
      demo.files.push_back(entry.path());
    }
  }
  std::sort(demo.files.begin(), demo.files.end());
  for (const auto& file : demo.files) {
    const auto events = EventsFromJson(ReadFile(file));
    EXPECT_TRUE(events.ok()) << file << ": " << events.status();
    if (!events.ok()) continue;
    EXPECT_LE(events->size(), kBatchMax) << file;
    for (size_t i = 0; i < events->size(); ++i) {
      demo.events.push_back((*events)[i]);
      demo.where.push_back(file.filename().string() + "[" + std::to_string(i) +
                           "]");
    }
  }
  return demo;
}

// Calls `visit` for every field that is set, in `message` and in what it holds;
// once for each element of a list.
using Visit =
    std::function<void(const Message&, const FieldDescriptor&, int index)>;

void VisitFields(const Message& message, const Visit& visit) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count =
        field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      visit(message, *field, i);
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      VisitFields(field->is_repeated()
                      ? reflection.GetRepeatedMessage(message, field, i)
                      : reflection.GetMessage(message, field),
                  visit);
    }
  }
}

std::string TextOf(const Message& message, const FieldDescriptor& field,
                   int index) {
  const auto& reflection = *message.GetReflection();
  return field.is_repeated()
             ? reflection.GetRepeatedString(message, &field, index)
             : reflection.GetString(message, &field);
}

// The message of the event's arm.
const Message& FactOf(const Event& event) {
  const auto* arm = Event::descriptor()->FindFieldByNumber(event.fact_case());
  return event.GetReflection()->GetMessage(event, arm);
}

TEST(DemoFiles, AreReadAndBelongToOneProcess) {
  const Demo demo = Load();
  ASSERT_GE(demo.files.size(), 5u);
  ASSERT_FALSE(demo.events.empty());
  EXPECT_TRUE(demo.events[0].has_process_registered());
  for (size_t i = 0; i < demo.events.size(); ++i) {
    EXPECT_EQ(demo.events[i].process(), "augustenborg") << demo.where[i];
    EXPECT_EQ(demo.events[i].recorded_by().organisation(), "register");
    EXPECT_EQ(demo.events[i].id(), "")
        << demo.where[i] << ": the server makes it of the source";
  }
}

TEST(DemoFiles, HaveASourceEachThatIsUnique) {
  const Demo demo = Load();
  std::set<std::string> seen;
  for (size_t i = 0; i < demo.events.size(); ++i) {
    const auto& source = demo.events[i].source();
    EXPECT_EQ(source.system(), "docx-import") << demo.where[i];
    EXPECT_EQ(source.ref().rfind("aterrapport-2025#", 0), 0u) << demo.where[i];
    EXPECT_TRUE(seen.insert(source.system() + " " + source.ref()).second)
        << demo.where[i] << ": " << source.ref();
    if (demo.events[i].has_document_attached()) continue;
    EXPECT_EQ(source.kind(), event::v1::SOURCE_KIND_TRANSCRIBED);
    EXPECT_EQ(source.document(), "aterrapport-2025") << demo.where[i];
    EXPECT_NE(source.locator(), "") << demo.where[i];
    EXPECT_NE(demo.events[i].verbatim(), "") << demo.where[i];
  }
}

TEST(DemoFiles, QuoteTheDocumentsOwnWords) {
  const Demo demo = Load();
  const std::string document = Normalised(ReadFile(kDocument));
  for (size_t i = 0; i < demo.events.size(); ++i) {
    VisitFields(demo.events[i], [&](const Message& message,
                                    const FieldDescriptor& field, int index) {
      if (field.name() != "verbatim") return;
      const std::string verbatim = TextOf(message, field, index);
      EXPECT_NE(document.find(Normalised(verbatim)), std::string::npos)
          << demo.where[i] << ": " << verbatim;
    });
  }
}

// Names of what the document shows but does not name, and the words that
// connect; each marked as inferred or a plain label.
bool IsOurWord(const std::string& text) {
  static const std::set<std::string> words = {
      "Återrapport 2025",
      "Konkreta förbättringsförslag för trafikflöden",
      "Konkreta förbättringsförslag för utemiljöer",
      "Malmöinitiativet",
      "beviljat samverkansstöd",
      "avsnitt 2",
      "avsnitt 4",
      "text/plain",
      "SEK"};
  return words.count(text) > 0;
}

// Ids are made of these characters; every word of the document's has others or
// stands in it.
bool IsId(const std::string& text) {
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
             std::string::npos &&
         !text.empty();
}

TEST(DemoFiles, SayWhatTheDocumentSays) {
  const Demo demo = Load();
  const std::string document = Normalised(ReadFile(kDocument));
  for (size_t i = 0; i < demo.events.size(); ++i) {
    VisitFields(
        FactOf(demo.events[i]),
        [&](const Message& message, const FieldDescriptor& field, int index) {
          if (field.type() != FieldDescriptor::TYPE_STRING ||
              field.name() == "edtf") {
            return;
          }
          std::string text = TextOf(message, field, index);
          if (IsOurWord(text) || IsId(text)) return;
          if (text.back() == '.') text.pop_back();
          EXPECT_NE(document.find(Normalised(text)), std::string::npos)
              << demo.where[i] << " " << field.full_name() << ": " << text;
        });
  }
}

TEST(DemoFiles, NameActorsAsTheDocumentDoes) {
  const Demo demo = Load();
  const std::string document = ReadFile(kDocument);
  std::set<std::string> known;
  std::string joined;
  std::istringstream words(document);
  for (std::string word; words >> word;) joined += word + " ";
  for (const Event& event : demo.events) {
    if (!event.has_actor_registered()) continue;
    known.insert(event.actor_registered().name());
    for (const std::string& alias : event.actor_registered().aliases()) {
      EXPECT_NE(joined.find(alias), std::string::npos) << alias;
      known.insert(alias);
    }
  }
  for (size_t i = 0; i < demo.events.size(); ++i) {
    for (const std::string& name : demo.events[i].mentioned_actors()) {
      EXPECT_NE(joined.find(name), std::string::npos)
          << demo.where[i] << ": " << name;
      // The one name that nobody in the register answers to: check C12.
      if (name == "lokala aktörer") continue;
      EXPECT_EQ(known.count(name), 1u) << demo.where[i] << ": " << name;
    }
  }
  EXPECT_EQ(known.count("MKB Fastighet AB"), 1u) << "as it is written";
  EXPECT_EQ(known.count("MKB Fastighets AB"), 0u) << "not corrected";
}

TEST(DemoFiles, CountAndDateNothingThatTheDocumentDoesNot) {
  const Demo demo = Load();
  const std::set<std::string> numbers = {"ore", "size", "phase", "order",
                                         "expected_count"};
  const std::set<std::string> times = {"2025",    "2025-21", "2025-22",
                                       "2025-23", "2026",    "2026/2027"};
  for (size_t i = 0; i < demo.events.size(); ++i) {
    VisitFields(demo.events[i], [&](const Message& message,
                                    const FieldDescriptor& field, int index) {
      if (field.name() == "edtf") {
        const std::string edtf = TextOf(message, field, index);
        EXPECT_EQ(times.count(edtf), 1u) << demo.where[i] << ": " << edtf;
        EXPECT_TRUE(ParseEdtf(edtf).ok()) << edtf;
      }
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 ||
          field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64 ||
          field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
          field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
        EXPECT_EQ(numbers.count(field.name()), 1u)
            << demo.where[i] << ": " << field.full_name();
      }
      for (const char* unknown :
           {"registry_number", "paragraph", "decision", "url", "votes",
            "headcount", "occasions", "organisation_number", "recipient",
            "controlled_by", "owner", "estimated_cost", "evidence"}) {
        EXPECT_NE(field.name(), unknown) << demo.where[i];
      }
    });
    // The year is never stated: who dates an event says so.
    if (!demo.events[i].has_occurred()) continue;
    const auto& inferred = demo.events[i].inferred();
    EXPECT_TRUE(std::any_of(
        inferred.begin(), inferred.end(),
        [](const auto& inference) { return inference.field() == "occurred"; }))
        << demo.where[i];
  }
}

// The entry of a list that "where[1]" names, and "where" as its name; null
// for none, or when it holds no message.
const Message* EntryOf(const Message& message, std::string& name) {
  const size_t open = name.find('[');
  const int index = std::atoi(name.c_str() + open + 1);
  name.resize(open);
  const auto* list = message.GetDescriptor()->FindFieldByName(name);
  if (list == nullptr || !list->is_repeated() ||
      list->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
      index >= message.GetReflection()->FieldSize(message, list)) {
    return nullptr;
  }
  return &message.GetReflection()->GetRepeatedMessage(message, list, index);
}

// True when `path` names a field of the event that is there, or the fact.
bool NamesAField(const Event& event, const std::string& path) {
  const Message* message = &event;
  std::istringstream parts(path);
  for (std::string part; std::getline(parts, part, '.');) {
    if (message == nullptr) return false;
    if (part.find('[') != std::string::npos) {
      message = EntryOf(*message, part);
      if (message == nullptr) return false;
      continue;
    }
    const auto* field = message->GetDescriptor()->FindFieldByName(part);
    if (field == nullptr) return false;
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
        field->is_repeated()) {
      message = nullptr;
    } else if (message->GetReflection()->HasField(*message, field)) {
      message = &message->GetReflection()->GetMessage(*message, field);
    } else {
      return false;
    }
  }
  return true;
}

TEST(DemoFiles, MarkWhatIsInferredByFieldAndBasis) {
  const Demo demo = Load();
  size_t inferences = 0;
  for (size_t i = 0; i < demo.events.size(); ++i) {
    for (const auto& inference : demo.events[i].inferred()) {
      ++inferences;
      EXPECT_TRUE(NamesAField(demo.events[i], inference.field()))
          << demo.where[i] << ": " << inference.field();
      EXPECT_NE(inference.basis(), "") << demo.where[i];
    }
  }
  EXPECT_GT(inferences, 0u);
}

TEST(DemoFiles, SayOnWhoseBehalfAndForWhomTheyAreKept) {
  const Demo demo = Load();
  for (size_t i = 0; i < demo.events.size(); ++i) {
    const Event& event = demo.events[i];
    std::set<std::string> inferred;
    for (const auto& inference : event.inferred()) {
      inferred.insert(inference.field());
    }
    EXPECT_EQ(event.information_owner(), "mkb") << demo.where[i];
    EXPECT_EQ(event.visibility(), event::v1::VISIBILITY_FUNDER);
    EXPECT_EQ(event.retention_class(), "bevara") << demo.where[i];
    // The document says none of it.
    for (const char* field :
         {"information_owner", "visibility", "retention_class"}) {
      EXPECT_EQ(inferred.count(field), 1u) << demo.where[i] << " " << field;
    }
    // Who claims something cannot confirm it: the reporting party claims.
    const bool claims = event.has_outcome_claimed() ||
                        event.has_lesson_recorded() ||
                        event.has_amount_stated() || event.has_phase_entered();
    EXPECT_EQ(event.on_behalf_of(), claims ? "mkb" : "") << demo.where[i];
    EXPECT_EQ(inferred.count("on_behalf_of"), claims ? 1u : 0u);
  }
}

TEST(DemoFiles, LeaveTheNumberOfWalksAndTheInitiativesStatusUnknown) {
  const Demo demo = Load();
  int walks = 0;
  for (const Event& event : demo.events) {
    EXPECT_FALSE(event.has_initiative_status_observed());
    if (!event.has_safety_walk_held()) continue;
    ++walks;
    EXPECT_EQ(event.safety_walk_held().held().activity(),
              "trygghetsvandringar-2025");
    EXPECT_TRUE(event.safety_walk_held().held().series());
    EXPECT_FALSE(event.safety_walk_held().held().has_occasions());
  }
  EXPECT_EQ(walks, 3) << "a season each";
}

// What a field that holds an id refers to.
const std::map<std::string, std::string>& KindOfField() {
  static const std::map<std::string, std::string> kinds = {
      {"actor", "actor"},
      {"part_of", "actor"},
      {"funder", "actor"},
      {"contributor", "actor"},
      {"organiser", "actor"},
      {"submitted_by", "actor"},
      {"information_owner", "actor"},
      {"on_behalf_of", "actor"},
      {"place", "place"},
      {"grant", "grant"},
      {"statement", "statement"},
      {"activity", "activity"},
      {"activities", "activity"},
      {"measure", "measure"},
      {"measures", "measure"},
      {"study", "study"},
      {"studies", "study"},
      {"initiative", "initiative"},
      {"initiatives", "initiative"},
      {"finding", "finding"},
      {"findings", "finding"}};
  return kinds;
}

// True when this message is the one that brings its entity into being.
bool Creates(const std::string& message, const std::string& kind) {
  static const std::map<std::string, std::string> creators = {
      {"ActorRegistered", "actor"},       {"PlaceDefined", "place"},
      {"GrantAwarded", "grant"},          {"AmountStated", "statement"},
      {"ActivityScheduled", "activity"},  {"Held", "activity"},
      {"MeasureProposed", "measure"},     {"StudyStarted", "study"},
      {"InitiativeLinked", "initiative"}, {"FindingLogged", "finding"}};
  const auto found = creators.find(message);
  return found != creators.end() && found->second == kind;
}

TEST(DemoFiles, ReferToWhatStandsBeforeThem) {
  const Demo demo = Load();
  std::map<std::string, std::set<std::string>> known;
  // The first events' envelopes name an actor that a later one registers.
  known["actor"].insert("mkb");
  std::set<std::string> documents;
  size_t references = 0;
  for (size_t i = 0; i < demo.events.size(); ++i) {
    std::vector<std::pair<std::string, std::string>> created;
    VisitFields(demo.events[i], [&](const Message& message,
                                    const FieldDescriptor& field, int index) {
      const auto kind = KindOfField().find(field.name());
      if (kind == KindOfField().end() ||
          field.type() != FieldDescriptor::TYPE_STRING) {
        return;
      }
      const std::string id = TextOf(message, field, index);
      const bool own = field.name() == kind->second &&
                       Creates(message.GetDescriptor()->name(), kind->second);
      if (own) {
        created.emplace_back(kind->second, id);
      } else {
        ++references;
        EXPECT_EQ(known[kind->second].count(id), 1u)
            << demo.where[i] << " " << field.full_name() << ": " << id;
      }
    });
    for (const auto& [kind, id] : created) known[kind].insert(id);
    if (demo.events[i].has_document_attached()) {
      documents.insert(demo.events[i].document_attached().document());
    }
  }
  EXPECT_GT(references, 0u);
  for (const Event& event : demo.events) {
    if (event.source().document().empty()) continue;
    EXPECT_EQ(documents.count(event.source().document()), 1u);
  }
}

TEST(DemoFiles, AttachTheDocumentThatLiesBesideThem) {
  const Demo demo = Load();
  const std::string document = ReadFile(kDocument);
  const Hash hash = Sha256(document);
  size_t attached = 0;
  for (const Event& event : demo.events) {
    if (!event.has_document_attached()) continue;
    ++attached;
    EXPECT_EQ(event.document_attached().size(), document.size());
    EXPECT_EQ(event.document_attached().sha256(), AsBytes(hash));
  }
  EXPECT_EQ(attached, 1u);
}

}  // namespace
}  // namespace samverk::codec
