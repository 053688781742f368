#include "clients/cli/session.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cpp/status.h"
#include "proto/codec/event_json.h"

namespace samverk::cli {

client::Client* Session::Connect() {
  if (client_ == nullptr) {
    client::Options options;
    options.address = server;
    options.language = style.tag();
    auto client = client::Client::Connect(std::move(options));
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
