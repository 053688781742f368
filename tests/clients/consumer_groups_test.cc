// Consumer groups of the library, when answers are lost on the way.
#include "clients/cpp/consumer_groups.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cpp/client.h"
#include "samverk/bus/v1/consumer_group.grpc.pb.h"

namespace samverk::client {
namespace {

// Answers as it is told to.
struct FakeGroups final : bus::v1::ConsumerGroupService::Service {
  grpc::Status DeleteGroup(grpc::ServerContext*,
                           const bus::v1::DeleteGroupRequest*,
                           bus::v1::DeleteGroupResponse*) override {
    const grpc::StatusCode code = answers.front();
    answers.pop_front();
    return grpc::Status(code, "");
  }
  std::deque<grpc::StatusCode> answers;
};

absl::Status Delete(std::deque<grpc::StatusCode> answers) {
  FakeGroups fake;
  fake.answers = std::move(answers);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(&fake);
  const auto server = builder.BuildAndStart();
  const auto client =
      Client::Connect({.address = absl::StrCat("127.0.0.1:", port)});
  if (!client.ok()) return client.status();
  const absl::Status status = (*client)->groups().Delete("finance");
  EXPECT_TRUE(fake.answers.empty());
  server->Shutdown(std::chrono::system_clock::now());
  return status;
}

TEST(DeleteGroup, GroupIsGoneWhenTheAnswerToTheFirstAttemptWasLost) {
  const absl::Status status =
      Delete({grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::NOT_FOUND});
  EXPECT_TRUE(status.ok()) << status;
}

TEST(DeleteGroup, GroupThatWasNotThereIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(Delete({grpc::StatusCode::NOT_FOUND})));
}

}  // namespace
}  // namespace samverk::client
