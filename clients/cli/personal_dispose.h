// "samverk personal dispose": keys destroyed, as a decision says.
#ifndef SAMVERK_CLIENTS_CLI_PERSONAL_DISPOSE_H_
#define SAMVERK_CLIENTS_CLI_PERSONAL_DISPOSE_H_

#include <string>
#include <vector>

#include "clients/cli/session.h"

namespace samverk::cli {

struct DisposalOptions {
  std::string process;
  std::string gallring;
  std::vector<std::string> subjects;  // empty: those of the decision
  std::string backups_until;
  bool yes = false;  // do not ask
};

// Shows what is lost, asks, and has it done; the exit status. Nothing is
// destroyed when one of the pseudonyms has nothing sealed in the process: it
// may be a slip of the pen, and what it was meant to be would live on.
int DisposeOf(Session& session, const DisposalOptions& options);

}  // namespace samverk::cli

#endif  // SAMVERK_CLIENTS_CLI_PERSONAL_DISPOSE_H_
