#include "proto/describe/contracts.h"

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/stubs/logging.h"

namespace samverk::describe {
namespace {

using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

}  // namespace

Contracts::Contracts() {
  FileDescriptorSet files;
  const std::string_view bytes = ContractBytes();
  GOOGLE_CHECK(
      files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  // Each comes after those that it imports.
  for (const FileDescriptorProto& file : files.file()) {
    GOOGLE_CHECK(pool_.BuildFile(file) != nullptr) << file.name();
  }
}

const google::protobuf::Descriptor& Contracts::Message(
    const std::string& name) const {
  const google::protobuf::Descriptor* message =
      pool_.FindMessageTypeByName(name);
  GOOGLE_CHECK(message != nullptr) << name;
  return *message;
}

template <typename Descriptor>
std::string CommentOf(const Descriptor& descriptor) {
  google::protobuf::SourceLocation location;
  if (!descriptor.GetSourceLocation(&location)) return "";
  std::vector<absl::string_view> lines =
      absl::StrSplit(location.leading_comments, '\n', absl::SkipWhitespace());
  for (absl::string_view& line : lines) {
    line = absl::StripAsciiWhitespace(line);
  }
  return absl::StrJoin(lines, " ");
}

template std::string CommentOf(const google::protobuf::Descriptor&);
template std::string CommentOf(const google::protobuf::FieldDescriptor&);
template std::string CommentOf(const google::protobuf::EnumDescriptor&);
template std::string CommentOf(const google::protobuf::EnumValueDescriptor&);

}  // namespace samverk::describe
