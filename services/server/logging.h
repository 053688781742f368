// The server's log: one JSON object a line, on standard error.
#ifndef SAMVERK_SERVICES_SERVER_LOGGING_H_
#define SAMVERK_SERVICES_SERVER_LOGGING_H_

#include <string_view>

namespace samverk {

// Makes everything that is logged from now on JSON: time, level, message. Also
// takes in what Protocol Buffers and gRPC would print themselves.
void StartLogging();

// What an operator should know. Thread-safe. Never personal data.
void LogInfo(std::string_view message);
void LogWarning(std::string_view message);
void LogError(std::string_view message);

}  // namespace samverk

#endif  // SAMVERK_SERVICES_SERVER_LOGGING_H_
