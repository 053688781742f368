#include "clients/cli/session.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/status.h"
#include "clients/verify/small_file.h"
#include "proto/codec/event_json.h"

namespace samverk::cli {

namespace {

constexpr size_t kTokenBytes = 16 << 10;
constexpr size_t kPemBytes = 1 << 20;

// Without the line break that editors and echo put at the end.
std::string FirstLine(const std::string& text) {
  return std::string(absl::StripAsciiWhitespace(text));
}

}  // namespace

absl::StatusOr<client::Options> Session::ConnectionOptions() const {
  client::Options options;
  options.address = server;
  options.language = style.tag();
  options.tls = tls;
  // The first file that cannot be read.
  absl::Status wrong;
  const auto read = [&wrong](const std::string& file, size_t bytes_most) {
    if (file.empty() || !wrong.ok()) return std::string();
    auto text = verify::ReadSmallFile(file, bytes_most);
    if (!text.ok()) wrong = text.status();
    return text.ok() ? *std::move(text) : std::string();
  };
  options.token = FirstLine(read(token_file, kTokenBytes));
  if (const char* token = std::getenv("SAMVERK_TOKEN");
      token_file.empty() && token != nullptr) {
    options.token = FirstLine(token);
  }
  options.authorities_pem = read(authorities_file, kPemBytes);
  options.certificate_pem = read(certificate_file, kPemBytes);
  options.key_pem = read(key_file, kPemBytes);
  if (!wrong.ok()) return wrong;
  return options;
}

client::Client* Session::Connect() {
  if (client_ == nullptr) {
    absl::StatusOr<client::Options> options = ConnectionOptions();
    if (!options.ok()) {
      Fail(options.status());
      return nullptr;
    }
    connection_ = *std::move(options);
    auto client = client::Client::Connect(connection_);
    if (absl::IsInvalidArgument(client.status())) {
      Fail(client.status());
      return nullptr;
    }
    if (!client.ok()) {
      Say(absl::StrCat(
          "samverk: ",
          style("ingen server svarar på ", "no server answers at "), server,
          style("; starta en (samverkd --data KATALOG) eller ange en annan "
                "adress med --server",
                "; start one (samverkd --data DIR) or give another address "
                "with --server")));
      return nullptr;
    }
    client_ = *std::move(client);
  }
  return client_.get();
}

void Session::Print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void Session::PrintJson(const google::protobuf::Message& message) {
  Print(codec::ToJson(message) + "\n");
}

void Session::Say(std::string_view text) {
  // Results that are written already come first, whatever the two go to.
  std::fflush(stdout);
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

int Session::Fail(const absl::Status& status) {
  std::string line = absl::StrCat("samverk: ", status.message());
  const auto info = client::ErrorInfoOf(status);
  if (info.has_value()) absl::StrAppend(&line, " [", info->reason(), "]");
  Say(line);
  // What the rules have against a recording, and what to do about it.
  const auto refusal = client::RefusalOf(status);
  if (!refusal.has_value()) return kFailed;
  for (const auto& violation : refusal->violations()) {
    Say(absl::StrCat("  ", violation.rule(), ": ", violation.text()));
  }
  return kFailed;
}

int Session::Misuse(std::string_view what) {
  Say(absl::StrCat("samverk: ", std::string(what)));
  return kUsage;
}

int Session::Finish(int code) {
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (written) return code;
  Say(absl::StrCat(
      "samverk: ",
      style("utdata kunde inte skrivas: ", "the output could not be written: "),
      std::strerror(errno)));
  return code == kDone ? kFailed : code;
}

}  // namespace samverk::cli
