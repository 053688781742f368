// An event as whoever asks for public records may have it.
#ifndef SAMVERK_CLIENTS_CLI_DISCLOSURE_MASK_H_
#define SAMVERK_CLIENTS_CLI_DISCLOSURE_MASK_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "clients/cli/free_text.h"
#include "clients/cli/pseudonyms.h"
#include "samverk/view/v1/view_service.pb.h"

namespace samverk::cli {

// Takes persons out of events. One thread.
class DisclosureMask {
 public:
  // `pseudonyms` are all that the log has, and must outlive it; `by` stands in
  // their place in texts ("[maskerat]").
  DisclosureMask(const Pseudonyms& pseudonyms, std::string by)
      : pseudonyms_(pseudonyms), by_(std::move(by)) {}

  // Takes out personal data, the fields that hold pseudonyms, and pseudonyms
  // that stand in any text.
  void Apply(view::v1::LoggedEvent& logged);

  // Fields of what was given to Apply, as paths without positions in lists
  // ("persons.name"): those in which something was masked,
  const std::set<std::string>& masked() const { return masked_; }
  // and those with free text, in which nothing but pseudonyms was looked for,
  // with the number of texts.
  const std::map<std::string, uint64_t>& unread() const { return unread_; }

 private:
  // False: nothing is left of it to go into.
  bool MaskMessage(google::protobuf::Message& message, const std::string& path);
  void MaskTexts(google::protobuf::Message& message, const std::string& path);

  const Pseudonyms& pseudonyms_;
  const std::string by_;
  FreeText free_text_;
  std::set<std::string> masked_;
  std::map<std::string, uint64_t> unread_;
};

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_DISCLOSURE_MASK_H_
