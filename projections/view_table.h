// One projection's entries: messages by key, in the order of their keys.
#ifndef SAMVERK_PROJECTIONS_VIEW_TABLE_H_
#define SAMVERK_PROJECTIONS_VIEW_TABLE_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "eventstore/base/check.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"

namespace samverk::projections {

// Reads entries. Not thread-safe; a reader sees one state of the views.
class ViewReader {
 public:
  virtual ~ViewReader() = default;

  // The entry, or null. Valid until the next call.
  template <typename View>
  const View* Find(std::string_view key) const {
    return static_cast<const View*>(FindMessage(key));
  }

  // Calls `visit` for every entry whose key begins with `prefix` and is not
  // less than `from`, in order, until it returns false.
  template <typename View>
  void Scan(std::string_view prefix, std::string_view from,
            const std::function<bool(std::string_view key, const View&)>& visit)
      const {
    ScanMessages(prefix, from,
                 [&visit](std::string_view key,
                          const google::protobuf::Message& message) {
                   return visit(key, static_cast<const View&>(message));
                 });
  }

 protected:
  using Visit =
      std::function<bool(std::string_view, const google::protobuf::Message&)>;
  virtual const google::protobuf::Message* FindMessage(
      std::string_view key) const = 0;
  virtual void ScanMessages(std::string_view prefix, std::string_view from,
                            const Visit& visit) const = 0;
};

// What a fold writes to.
class ViewTable : public ViewReader {
 public:
  // The entry, made empty if it is not there. Valid until the next call; what
  // is changed in it is kept.
  template <typename View>
  View& Mutable(std::string_view key) {
    return static_cast<View&>(MutableMessage(key));
  }

  // Takes an entry away, if it is there.
  virtual void Erase(std::string_view key) = 0;

  // An empty message on the arena that entries live on: what is moved from it
  // into an entry is not copied. Valid until the fact is folded.
  template <typename Part>
  Part& New() {
    return *google::protobuf::Arena::CreateMessage<Part>(arena());
  }

 protected:
  virtual google::protobuf::Arena* arena() = 0;
  virtual google::protobuf::Message& MutableMessage(std::string_view key) = 0;
};

}  // namespace samverk::projections

#endif  // SAMVERK_PROJECTIONS_VIEW_TABLE_H_
