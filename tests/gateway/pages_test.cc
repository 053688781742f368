// Web pages: whose may call, and what is served of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "proto/describe/asyncapi.h"
#include "proto/describe/event_schemas.h"
#include "services/gateway/cross_origin.h"
#include "services/gateway/description_pages.h"
#include "services/gateway/static_files.h"
#include "tests/contract/temporary_directory.h"

namespace samverk {
namespace {

namespace fs = std::filesystem;

HttpRequest From(const std::string& origin,
                 const std::string& host = "127.0.0.1:7480") {
  HttpRequest request;
  request.method = "POST";
  request.headers = {{"host", host}};
  if (!origin.empty()) request.headers.emplace("origin", origin);
  return request;
}

std::string Header(const HttpAnswer& answer, const std::string& name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(CrossOrigin, AdmitsOnlyOwnPagesUnlessOthersAreListed) {
  const CrossOrigin none({});
  EXPECT_TRUE(none.Admits(From("")));
  EXPECT_TRUE(none.Admits(From("http://127.0.0.1:7480")));
  EXPECT_TRUE(none.Admits(From("http://localhost:7480", "localhost:7480")));
  EXPECT_TRUE(none.Admits(From("http://[::1]:7480", "[::1]:7480")));
  EXPECT_FALSE(none.Admits(From("http://127.0.0.1:5173")));
  EXPECT_FALSE(none.Admits(From("https://a.example")));
  EXPECT_FALSE(none.Admits(From("null")));
  // A name that its owner has pointed at this machine.
  EXPECT_FALSE(none.Admits(From("http://a.example:7480", "a.example:7480")));
  EXPECT_FALSE(none.Admits(From("http://127.a.example", "127.a.example")));

  const CrossOrigin listed({"https://a.example"});
  EXPECT_TRUE(listed.Admits(From("https://a.example")));
  EXPECT_FALSE(listed.Admits(From("https://b.example")));
  EXPECT_FALSE(listed.Admits(From("https://a.example.b.example")));
  EXPECT_FALSE(listed.Admits(From("http://a.example")));
  EXPECT_TRUE(CrossOrigin({"*"}).Admits(From("https://b.example")));
}

TEST(CrossOrigin, TellsTheBrowserOnlyOfListedPages) {
  const CrossOrigin listed({"https://a.example"});
  HttpAnswer answer;
  answer.headers = {{"trailer-x", "1"}};
  listed.Mark(From("https://a.example"), answer);
  EXPECT_EQ(Header(answer, "Access-Control-Allow-Origin"), "https://a.example");
  EXPECT_EQ(Header(answer, "Access-Control-Expose-Headers"),
            "Content-Encoding, trailer-x");
  EXPECT_EQ(Header(answer, "Vary"), "Origin");

  HttpAnswer other;
  listed.Mark(From("http://127.0.0.1:7480"), other);
  EXPECT_EQ(Header(other, "Access-Control-Allow-Origin"), "");
  HttpAnswer off;
  CrossOrigin({}).Mark(From("https://a.example"), off);
  EXPECT_TRUE(off.headers.empty());
}

TEST(CrossOrigin, AnswersTheBrowserThatAsksFirst) {
  HttpRequest request = From("https://a.example");
  request.headers.emplace("access-control-request-headers",
                          "content-type,connect-protocol-version");
  const HttpAnswer answer =
      CrossOrigin({"https://a.example"}).Preflight(request);
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(Header(answer, "Access-Control-Allow-Methods"), "GET, POST");
  EXPECT_EQ(Header(answer, "Access-Control-Allow-Headers"),
            "content-type,connect-protocol-version");
}

TEST(CrossOrigin, KnowsAnOrigin) {
  for (const char* good : {"*", "https://a.example", "http://127.0.0.1:5173"}) {
    EXPECT_TRUE(IsOrigin(good)) << good;
  }
  for (const char* bad : {"", "a.example", "https://a.example/", "ftp://a",
                          "https://", "https://a,https://b", "null"}) {
    EXPECT_FALSE(IsOrigin(bad)) << bad;
  }
}

// A reader in memory.
struct Memory final : HttpSink {
  bool Write(std::string_view bytes) override {
    longest = std::max(longest, bytes.size());
    text.append(bytes);
    return true;
  }
  bool Alive() override { return true; }

  std::string text;
  size_t longest = 0;  // of what came at once
};

class Pages : public testing::Test {
 protected:
  Pages() {
    fs::create_directories(root_ + "/sub");
    Write(root_ + "/index.html", "<h1>hej</h1>");
    Write(root_ + "/app.js", "1");
    Write(root_ + "/sub/index.html", "sub");
    Write(root_ + "/.secret", "no");
    Write(directory_.path() + "/outside.txt", "no");
    Write(directory_.path() + "/web-other", "no");
    fs::create_symlink(directory_.path() + "/outside.txt", root_ + "/link.txt");
    fs::create_symlink("index.html", root_ + "/start.html");
  }

  static void Write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  HttpAnswer Get(const std::string& path, const std::string& tag = "") const {
    HttpRequest request;
    request.method = "GET";
    request.path = path;
    if (!tag.empty()) request.headers.emplace("if-none-match", tag);
    return StaticFiles(root_).Answer(request);
  }

  // Part of what an answer sends; none when it breaks off.
  static std::optional<std::string> Sent(const HttpAnswer& answer,
                                         size_t offset, size_t length) {
    Memory memory;
    if (!answer.part(offset, length, memory)) return std::nullopt;
    return memory.text;
  }
  std::string Body(const std::string& path) const {
    const HttpAnswer answer = Get(path);
    if (answer.part == nullptr) return "";
    return Sent(answer, 0, answer.size).value_or("");
  }

  TemporaryDirectory directory_;
  const std::string root_ = directory_.path() + "/web";
};

TEST_F(Pages, AreServedWithTheirTypes) {
  const HttpAnswer start = Get("/");
  EXPECT_EQ(start.status, 200);
  EXPECT_EQ(Body("/"), "<h1>hej</h1>");
  EXPECT_EQ(start.type, "text/html; charset=utf-8");
  EXPECT_EQ(Header(start, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(Get("/app.js").type, "text/javascript; charset=utf-8");
  EXPECT_EQ(Body("/start.html"), "<h1>hej</h1>");
  EXPECT_EQ(Body("/sub/"), "sub");
  EXPECT_EQ(ContentTypeOf("A.PNG"), "image/png");
  EXPECT_EQ(ContentTypeOf("html"), "application/octet-stream");
}

TEST_F(Pages, AreNothingElseOnTheDisk) {
  for (const std::string& path :
       {std::string("/../outside.txt"), std::string("/sub/../../outside.txt"),
        std::string("/.secret"), std::string("/sub/../.secret"),
        std::string("/link.txt"), std::string("/../web-other"),
        std::string("//etc/passwd"), std::string("/index.html/"),
        std::string("/nothing"), std::string("/index.html\0x", 13),
        root_ + "/index.html"}) {
    const HttpAnswer answer = Get(path);
    EXPECT_TRUE(answer.status == 404 ||
                (path == "/index.html/" && Body(path) == "<h1>hej</h1>"))
        << path << " " << Body(path);
  }
}

TEST_F(Pages, SendABrowserToTheDirectory) {
  const HttpAnswer answer = Get("/sub");
  EXPECT_EQ(answer.status, 301);
  EXPECT_EQ(Header(answer, "Location"), "sub/");
}

TEST_F(Pages, AreNotSentAgainUnlessChanged) {
  const std::string tag = Header(Get("/app.js"), "ETag");
  EXPECT_EQ(Get("/app.js", tag).status, 304);
  EXPECT_EQ(Get("/app.js", "\"x\", W/" + tag).status, 304);
  EXPECT_EQ(Get("/app.js", "\"x\"").status, 200);
  Write(root_ + "/app.js", "22");
  EXPECT_EQ(Get("/app.js", tag).status, 200);
}

// A large file for many readers at once must not fill the memory.
TEST_F(Pages, AreSentInPieces) {
  const std::string text = absl::StrCat(std::string(1 << 20, 'a'), "bcd");
  Write(root_ + "/app.js", text);
  const HttpAnswer answer = Get("/app.js");
  EXPECT_TRUE(answer.body.empty());
  ASSERT_EQ(answer.size, text.size());
  Memory memory;
  EXPECT_TRUE(answer.part(0, answer.size, memory));
  EXPECT_EQ(memory.text, text);
  EXPECT_LE(memory.longest, size_t{64} << 10);
  EXPECT_EQ(Sent(answer, (1 << 20) + 1, 2), "cd");
  // A file that becomes shorter is not filled up with anything.
  fs::resize_file(root_ + "/app.js", 10);
  EXPECT_EQ(Sent(answer, 0, answer.size), std::nullopt);
}

TEST_F(Pages, AreNoLargerThanTheyMayBe) {
  fs::resize_file(root_ + "/app.js", StaticFiles::kFileBytesMax + 1);
  EXPECT_EQ(Get("/app.js").status, 404);
}

TEST(DescriptionPage, GivesWhatExportWrites) {
  HttpRequest request;
  request.method = "GET";
  request.path = "/asyncapi.json";
  const auto document = DescriptionPage(request);
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(document->status, 200);
  EXPECT_EQ(document->body, describe::AsyncApi());
  request.headers = {{"if-none-match", Header(*document, "ETag")}};
  EXPECT_EQ(DescriptionPage(request)->status, 304);
  EXPECT_EQ(DescriptionPage(request)->body, "");

  request.headers.clear();
  request.path = "/schemas";
  const std::string list = DescriptionPage(request)->body;
  for (const auto& schema : describe::EventSchemas()) {
    request.path = absl::StrCat("/schemas/", schema.type, ".json");
    const auto page = DescriptionPage(request);
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->body, schema.json);
    EXPECT_EQ(page->type, "application/schema+json");
    EXPECT_NE(list.find(absl::StrCat("\"", request.path, "\"")),
              std::string::npos);
  }
  request.path = "/schemas/none.json";
  EXPECT_EQ(DescriptionPage(request)->status, 404);
  request.path = "/elsewhere";
  EXPECT_FALSE(DescriptionPage(request).has_value());
}

}  // namespace
}  // namespace samverk
