// docs/log_format.md against the bytes on the disk.
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/eventstore/rocksdb_fixture.h"

namespace samverk {
namespace {

using LogFormat = RocksDbTest;

// Hexadecimal digits, 16 bytes a line as in the document.
std::string Hex(std::string_view bytes) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < bytes.size(); i += 16) {
    lines.push_back(absl::BytesToHexString(ToAbsl(bytes.substr(i, 16))));
  }
  return absl::StrJoin(lines, "\n");
}

// The hexadecimal lines of the document's block that begins with `title`.
std::string Documented(const std::string& title) {
  std::ifstream file("docs/log_format.md");
  std::stringstream all;
  all << file.rdbuf();
  const std::string text = all.str();
  const size_t at = text.find("```" + title + "\n");
  if (at == std::string::npos) return "no block " + title;
  const size_t begin = text.find('\n', at) + 1;
  const size_t end = text.find("\n```", begin);
  std::vector<std::string> lines;
  for (absl::string_view line :
       absl::StrSplit(text.substr(begin, end - begin), '\n')) {
    // Digits, then two spaces and what they mean.
    const std::string digits(line.substr(0, line.find("  ")));
    lines.push_back(absl::StrReplaceAll(digits, {{" ", ""}}));
  }
  const std::string joined = absl::StrJoin(lines, "");
  return Hex(absl::HexStringToBytes(joined));
}

TEST_F(LogFormat, IsWhatTheDocumentSays) {
  auto options = Options();
  options.segment_size.entries = 1;
  options.salt = [](std::array<uint8_t, 16>& salt) {
    for (uint8_t i = 0; i < 16; ++i) salt[i] = static_cast<uint8_t>(0xa0 + i);
  };
  ASSERT_TRUE(TryOpen(options).ok());
  NewEvent event;
  event.id = *ParseUuid("018bcfe5-6800-7000-8000-00000000002a");
  event.stream = "augustenborg/finding/7";
  event.type = "samverk.finding_logged";
  event.tags = {"process:augustenborg", "finding:7"};
  event.occurred = Interval{1'741'996'800'000'000, 1'742'083'200'000'000};
  event.metadata.source_system = "walk";
  event.metadata.source_ref = "7";
  event.payload = "dark";
  AppendRequest request;
  request.events = {event};
  request.track = Track{"bus", 300};
  ASSERT_TRUE(AppendAndWait(*store_, request).ok());
  store_->Close();
  Tamper([](Database& database) {
    const std::string one = keys::Number(1);
    EXPECT_EQ(Hex(one), Documented("key"));
    EXPECT_EQ(Hex(Get(database, database.events(), one)), Documented("record"));
    EXPECT_EQ(Hex(Get(database, database.commits(), one)),
              Documented("commit"));
    std::string derived;
    for (const auto& [key, value] : Dump(database)) {
      derived += absl::BytesToHexString(key) + " " +
                 absl::BytesToHexString(value) + "\n";
    }
    std::string documented = "no block derived";
    std::ifstream file("docs/log_format.md");
    std::stringstream all;
    all << file.rdbuf();
    if (const size_t at = all.str().find("```derived\n");
        at != std::string::npos) {
      const size_t begin = at + 11;
      documented =
          all.str().substr(begin, all.str().find("```", begin) - begin);
    }
    EXPECT_EQ(derived, documented);
  });
}

}  // namespace
}  // namespace samverk
