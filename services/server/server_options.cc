#include "services/server/server_options.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string_view>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "services/common/toml_file.h"
#include "services/gateway/cross_origin.h"
#include "services/server/data_directory.h"

namespace samverk {
namespace {

// Takes one value in; what is wrong with it, or "".
using Setter = std::function<std::string(const toml::node&)>;

Setter TextSetter(std::string& target) {
  return [&target](const toml::node& node) -> std::string {
    const auto value = node.value<std::string>();
    if (!node.is_string() || !value) return "must be a text in quotes";
    target = *value;
    return "";
  };
}

Setter FlagSetter(bool& target) {
  return [&target](const toml::node& node) -> std::string {
    if (!node.is_boolean()) return "must be true or false";
    target = *node.value<bool>();
    return "";
  };
}

Setter TextsSetter(std::vector<std::string>& target) {
  return [&target](const toml::node& node) -> std::string {
    target.clear();
    const toml::array* array = node.as_array();
    if (array == nullptr) return "must be a list of texts in quotes";
    for (const toml::node& item : *array) {
      if (!item.is_string()) return "must be a list of texts in quotes";
      target.push_back(*item.value<std::string>());
    }
    return "";
  };
}

Setter NumberSetter(int64_t least, int64_t greatest,
                    std::function<void(int64_t)> set) {
  return [=](const toml::node& node) -> std::string {
    const auto value = node.value<int64_t>();
    if (!node.is_integer() || *value < least || *value > greatest) {
      return absl::StrCat("must be a whole number from ", least, " to ",
                          greatest);
    }
    set(*value);
    return "";
  };
}

std::map<std::string, Setter> Setters(ServerOptions& options) {
  return {
      {"data", TextSetter(options.data_directory)},
      {"backups", TextSetter(options.backup_directory)},
      {"register", TextSetter(options.register_name)},
      {"grpc", TextSetter(options.grpc_address)},
      {"http", TextSetter(options.http_address)},
      {"web", TextSetter(options.web_directory)},
      {"cors", TextsSetter(options.web_origins)},
      {"http_streams", NumberSetter(1, 2'000,
                                    [&options](int64_t n) {
                                      options.http_streams =
                                          static_cast<size_t>(n);
                                    })},
      {"raw_store", FlagSetter(options.raw_store)},
      {"demo", FlagSetter(options.demo)},
      {"cache_mb", NumberSetter(8, 65'536,
                                [&options](int64_t n) {
                                  options.cache_bytes = static_cast<size_t>(n)
                                                        << 20;
                                })},
      {"call_memory_mb", NumberSetter(16, 65'536,
                                      [&options](int64_t n) {
                                        options.call_memory_bytes =
                                            static_cast<size_t>(n) << 20;
                                      })},
      {"master_key", TextSetter(options.master_key_file)},
      {"key_backups", TextSetter(options.key_backup_directory)},
      {"key_backup_days", NumberSetter(1, 3'650,
                                       [&options](int64_t n) {
                                         options.key_backup_days =
                                             static_cast<int>(n);
                                       })},
      {"disposal_by_one", FlagSetter(options.disposal_by_one)},
      {"access", TextSetter(options.access_file)},
      {"tls_certificate", TextSetter(options.tls_certificate)},
      {"tls_key", TextSetter(options.tls_key)},
      {"client_authorities", TextSetter(options.client_authorities)},
      {"witnesses", TextsSetter(options.witnesses)},
      {"witness_for", TextsSetter(options.witness_for)},
      {"scrub_mb", NumberSetter(0, 10'000,
                                [&options](int64_t n) {
                                  options.scrub_bytes_per_second =
                                      static_cast<uint64_t>(n) << 20;
                                })},
      {"drain_seconds", NumberSetter(0, 600,
                                     [&options](int64_t n) {
                                       options.drain = absl::Seconds(n);
                                     })},
  };
}

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" ||
         (host.compare(0, 4, "127.") == 0 &&
          host.find_first_not_of("0123456789.") == std::string::npos);
}

// `why_loopback`: what the server lacks to be served elsewhere; empty: nothing.
absl::Status CheckAddress(const std::string& address,
                          std::string_view why_loopback) {
  std::string host;
  int port = 0;
  if (!SplitAddress(address, host, port)) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
        absl::StrCat("\"", address,
                     "\" is not an address; give HOST:PORT, such as "
                     "127.0.0.1:7443"),
        {{"address", address}});
  }
  if (!IsLoopback(host) && !why_loopback.empty()) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
        absl::StrCat(std::string(why_loopback),
                     " and therefore binds to loopback only, not to ", host,
                     "; give 127.0.0.1:", port),
        {{"address", address}});
  }
  return absl::OkStatus();
}

// Why gRPC may be served on loopback only; empty: it may be served anywhere.
std::string WhyLoopback(const ServerOptions& options) {
  const bool tls = !options.tls_certificate.empty();
  const bool login = NeedsLogin(options);
  if (tls && login) return "";
  if (tls) {
    return "the server asks nobody who they are (--access, or samverk token "
           "add)";
  }
  if (login) return "the server has no TLS (--tls-certificate and --tls-key)";
  return "the server has neither TLS nor authentication";
}

absl::Status CheckTls(const ServerOptions& options) {
  const auto wrong = [](std::string_view what) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     error::v1::REASON_INVALID_FIELD, what);
  };
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    return wrong(
        "TLS needs a certificate and its key; give both --tls-certificate and "
        "--tls-key");
  }
  if (!options.client_authorities.empty() && options.tls_certificate.empty()) {
    return wrong(
        "clients show certificates over TLS only; give --tls-certificate and "
        "--tls-key beside --client-authorities");
  }
  std::error_code error;
  for (const std::string& file :
       {options.tls_certificate, options.tls_key, options.client_authorities}) {
    if (file.empty() || std::filesystem::is_regular_file(file, error)) continue;
    return MakeError(absl::StatusCode::kInvalidArgument,
                     error::v1::REASON_INVALID_FIELD,
                     absl::StrCat("there is no file ", file,
                                  " for TLS; give one that is there"),
                     {{"file", file}});
  }
  return absl::OkStatus();
}

absl::Status CheckWeb(const ServerOptions& options) {
  std::error_code error;
  if (!options.web_directory.empty() &&
      !std::filesystem::is_directory(options.web_directory, error)) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
        absl::StrCat("there is no directory ", options.web_directory,
                     " to serve files of; give another with --web"),
        {{"directory", options.web_directory}});
  }
  for (const std::string& origin : options.web_origins) {
    if (IsOrigin(origin)) continue;
    return MakeError(
        absl::StatusCode::kInvalidArgument, error::v1::REASON_INVALID_FIELD,
        absl::StrCat("\"", origin,
                     "\" is not the origin of a page; give scheme, host and "
                     "port, such as https://samverk.example"),
        {{"origin", origin}});
  }
  return absl::OkStatus();
}

}  // namespace

std::string TokenFile(const ServerOptions& options) {
  return SecretDirectory(options.data_directory) + "/tokens";
}

bool NeedsLogin(const ServerOptions& options) {
  if (!options.access_file.empty()) return true;
  // The lock stays where tokens once were: when they are lost, nobody logs in,
  // and not everybody.
  for (const std::string& file :
       {TokenFile(options), TokenFile(options) + ".lock"}) {
    std::error_code error;
    if (std::filesystem::exists(file, error) || error) return true;
  }
  return false;
}

bool IsOnLoopback(const std::string& address) {
  std::string host;
  int port = 0;
  return SplitAddress(address, host, port) && IsLoopback(host);
}

bool SplitAddress(const std::string& address, std::string& host, int& port) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  host = address.substr(0, colon);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return absl::SimpleAtoi(address.substr(colon + 1), &port) && port >= 0 &&
         port <= 65'535;
}

absl::Status ReadConfigFile(const std::string& path, ServerOptions& options) {
  ASSIGN_OR_RETURN(const toml::table table, toml_file::Parse(path));
  const std::map<std::string, Setter> setters = Setters(options);
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const auto setter = setters.find(name);
    if (setter == setters.end()) {
      return toml_file::Wrong(
          path, node,
          absl::StrCat("\"", name, "\" is not a setting; there are ",
                       absl::StrJoin(setters, ", ",
                                     [](std::string* out, const auto& entry) {
                                       out->append(entry.first);
                                     })));
    }
    if (const std::string wrong = setter->second(node); !wrong.empty()) {
      return toml_file::Wrong(path, node, absl::StrCat(name, " ", wrong));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const ServerOptions& options) {
  if (options.data_directory.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     error::v1::REASON_INVALID_FIELD,
                     "no data directory was given; say --data DIR");
  }
  RETURN_IF_ERROR(CheckTls(options));
  RETURN_IF_ERROR(CheckAddress(options.grpc_address, WhyLoopback(options)));
  RETURN_IF_ERROR(CheckWeb(options));
  return options.http_address.empty()
             ? absl::OkStatus()
             : CheckAddress(options.http_address, "HTTP has no TLS");
}

}  // namespace samverk
