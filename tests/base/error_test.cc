#include "eventstore/base/error.h"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"

namespace samverk {
namespace {

// An error may quote what it found on a disk.
TEST(Error, WhatIsNotUtf8IsEscapedAndTheReasonKept) {
  const absl::Status status =
      MakeError(absl::StatusCode::kDataLoss, error::v1::REASON_DAMAGED,
                "found \x92", {{"found", "\x92å"}, {"where", "å"}});
  EXPECT_EQ(ReasonOf(status), error::v1::REASON_DAMAGED);
  EXPECT_EQ(status.message(), "found \\x92");
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(
      info.ParseFromString(std::string(*status.GetPayload(kErrorInfoUrl))));
  EXPECT_EQ(info.metadata().at("found"), "\\x92\\xc3\\xa5");
  EXPECT_EQ(info.metadata().at("where"), "å");
}

}  // namespace
}  // namespace samverk
