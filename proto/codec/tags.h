// Tags that the server puts on events: the one place that knows their form.
#ifndef SAMVERK_PROTO_CODEC_TAGS_H_
#define SAMVERK_PROTO_CODEC_TAGS_H_

#include <string>
#include <string_view>

namespace samverk::codec {

// "process:augustenborg": on every event of a process.
inline std::string ProcessTag(std::string_view process) {
  std::string tag = "process:";
  tag.append(process);
  return tag;
}

// "augustenborg/grant:fgk-2025": on every event that is about the entity.
inline std::string EntityTag(std::string_view process, std::string_view kind,
                             std::string_view id) {
  std::string tag(process);
  tag.append("/").append(kind).append(":").append(id);
  return tag;
}

// On every event that is secret by law, or whose replacement is; but not on
// those that say that such were read.
inline constexpr std::string_view kSecretTag = "visibility:secret";

}  // namespace samverk::codec

#endif  // SAMVERK_PROTO_CODEC_TAGS_H_
