// Asking before something is done for good.
#include "clients/cli/confirm.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace samverk::cli {
namespace {

// What somebody types at a terminal.
Confirmed Answer(const std::string& typed) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  EXPECT_GE(terminal, 0);
  EXPECT_EQ(grantpt(terminal), 0);
  EXPECT_EQ(unlockpt(terminal), 0);
  std::FILE* in = std::fopen(ptsname(terminal), "r");
  EXPECT_NE(in, nullptr);
  EXPECT_EQ(write(terminal, typed.data(), typed.size()),
            static_cast<ssize_t>(typed.size()));
  const Confirmed confirmed = Confirm(in, "?");
  std::fclose(in);
  close(terminal);
  return confirmed;
}

TEST(Confirm, TakesYesInBothLanguages) {
  for (const char* typed : {"ja\n", "yes\n", " JA \n"}) {
    EXPECT_EQ(Answer(typed), Confirmed::kYes) << typed;
  }
  for (const char* typed : {"\n", "nej\n", "j\n", "jaså\n", "\x04"}) {
    EXPECT_EQ(Answer(typed), Confirmed::kNo) << typed;
  }
}

TEST(Confirm, AsksNobodyWhoIsNotThere) {
  std::FILE* file = std::tmpfile();
  std::fputs("yes\n", file);
  std::rewind(file);
  EXPECT_EQ(Confirm(file, "?"), Confirmed::kNobodyThere);
  std::fclose(file);
}

}  // namespace
}  // namespace samverk::cli
