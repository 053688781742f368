// One caller who watches something that goes on by itself.
#include "services/admin/latest_stream.h"

#include <gtest/gtest.h>

#include <memory>

#include "samverk/admin/v1/admin_service.pb.h"

namespace samverk {
namespace {

using Stream = LatestStream<admin::v1::CreateBackupResponse>;

// Without it one caller could have any number of them at once.
TEST(LatestStream, HoldsTheCallersPlaceAsLongAsTheCallLasts) {
  auto place = std::make_shared<int>();
  const std::weak_ptr<int> held = place;
  auto* stream = new Stream(std::move(place));
  EXPECT_FALSE(held.expired());
  stream->Send({});
  EXPECT_FALSE(held.expired());
  // The caller has gone; what they watched goes on, and takes no place.
  stream->OnCancel();
  stream->OnDone();
  EXPECT_TRUE(held.expired());
  stream->End(absl::OkStatus());
}

TEST(LatestStream, HoldsThePlaceOfACallThatOutlastsWhatItWatches) {
  auto place = std::make_shared<int>();
  const std::weak_ptr<int> held = place;
  auto* stream = new Stream(std::move(place));
  stream->End(absl::OkStatus());
  EXPECT_FALSE(held.expired());
  stream->OnDone();
  EXPECT_TRUE(held.expired());
}

}  // namespace
}  // namespace samverk
