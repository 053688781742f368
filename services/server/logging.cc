#include "services/server/logging.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace samverk {
namespace {

// A text as the inside of a JSON string.
std::string Escaped(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20) {
      out.append("\\u00");
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

void Log(spdlog::level::level_enum level, std::string_view message) {
  spdlog::default_logger_raw()->log(level, Escaped(message));
}

void FromProtobuf(google::protobuf::LogLevel level, const char*, int,
                  const std::string& message) {
  if (level >= google::protobuf::LOGLEVEL_WARNING) LogWarning(message);
}

void FromGrpc(gpr_log_func_args* args) {
  if (args->severity == GPR_LOG_SEVERITY_ERROR) LogWarning(args->message);
}

}  // namespace

void StartLogging() {
  auto logger = std::make_shared<spdlog::logger>(
      "samverkd", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern(
      R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%v"})",
      spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
  google::protobuf::SetLogHandler(&FromProtobuf);
  gpr_set_log_function(&FromGrpc);
}

void LogInfo(std::string_view message) { Log(spdlog::level::info, message); }
void LogWarning(std::string_view message) { Log(spdlog::level::warn, message); }
void LogError(std::string_view message) { Log(spdlog::level::err, message); }

}  // namespace samverk
