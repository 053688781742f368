// Connectors over gRPC.
#include "services/connectors/connector_service.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/connectors/connector_world.h"
#include "tests/connectors/http_target.h"
#include "tests/testing/events.h"

namespace samverk::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class ConnectorServiceTest : public ::testing::Test {
 protected:
  ConnectorServiceTest()
      : service_(world_.connectors(), world_.groups(), world_.store(),
                 world_.clock(), access::OpenGate()) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = bus::v1::ConnectorService::NewStub(server_->InProcessChannel({}));
    const std::string secret =
        absl::StrCat("whsec_", absl::Base64Escape(std::string(32, 'k')));
    create_.set_name("finance");
    create_.mutable_settings()->mutable_webhook()->set_url(target_.url());
    create_.mutable_settings()->mutable_webhook()->set_secret(secret);
  }
  ~ConnectorServiceTest() override {
    server_->Shutdown();
    server_->Wait();
  }

  grpc::Status Create() {
    grpc::ClientContext context;
    bus::v1::CreateConnectorResponse response;
    const grpc::Status status =
        stub_->CreateConnector(&context, create_, &response);
    created_ = response.connector();
    return status;
  }
  bus::v1::Connector Get() {
    grpc::ClientContext context;
    bus::v1::GetConnectorRequest request;
    request.set_name("finance");
    bus::v1::GetConnectorResponse response;
    EXPECT_TRUE(stub_->GetConnector(&context, request, &response).ok());
    return response.connector();
  }

  HttpTarget target_;
  ConnectorWorld world_;
  ConnectorService service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<bus::v1::ConnectorService::Stub> stub_;
  bus::v1::CreateConnectorRequest create_;
  bus::v1::Connector created_;
};

TEST_F(ConnectorServiceTest, MakesShowsPausesAndForgets) {
  world_.Append(2);
  create_.mutable_group()->mutable_start()->set_after(1);
  create_.mutable_group()->set_attempts(7);

  ASSERT_TRUE(Create().ok());
  EXPECT_EQ(created_.group().settings().attempts(), 7);
  EXPECT_EQ(created_.group().settings().start().after(), 1);
  EXPECT_EQ(created_.group().settings().lease().seconds(), 60);
  ASSERT_TRUE(ConnectorWorld::Await([&] { return Get().delivered() == 1; }));
  EXPECT_EQ(target_.ids(), std::vector<std::string>{Uuid(2)});

  bus::v1::PauseConnectorRequest pause;
  pause.set_name("finance");
  pause.set_reason("audit");
  bus::v1::PauseConnectorResponse paused;
  grpc::ClientContext pausing;
  ASSERT_TRUE(stub_->PauseConnector(&pausing, pause, &paused).ok());
  EXPECT_EQ(paused.connector().paused_because(), "audit");
  world_.Append(3);
  EXPECT_EQ(Get().group().lag_events(), 3);

  bus::v1::ResumeConnectorRequest resume;
  resume.set_name("finance");
  bus::v1::ResumeConnectorResponse resumed;
  grpc::ClientContext resuming;
  ASSERT_TRUE(stub_->ResumeConnector(&resuming, resume, &resumed).ok());
  ASSERT_TRUE(
      ConnectorWorld::Await([&] { return Get().group().lag_events() == 0; }));

  bus::v1::DeleteConnectorRequest forget;
  forget.set_name("finance");
  bus::v1::DeleteConnectorResponse forgotten;
  grpc::ClientContext forgetting;
  ASSERT_TRUE(stub_->DeleteConnector(&forgetting, forget, &forgotten).ok());
  grpc::ClientContext listing;
  bus::v1::ListConnectorsResponse list;
  ASSERT_TRUE(stub_->ListConnectors(&listing, {}, &list).ok());
  EXPECT_THAT(list.connectors(), SizeIs(0));
}

TEST_F(ConnectorServiceTest, NoAnswerHoldsTheSecret) {
  ASSERT_TRUE(Create().ok());
  bus::v1::UpdateConnectorRequest update;
  update.set_name("finance");
  *update.mutable_settings() = create_.settings();
  bus::v1::UpdateConnectorResponse updated;
  grpc::ClientContext updating;
  ASSERT_TRUE(stub_->UpdateConnector(&updating, update, &updated).ok());
  grpc::ClientContext listing;
  bus::v1::ListConnectorsResponse list;
  ASSERT_TRUE(stub_->ListConnectors(&listing, {}, &list).ok());
  ASSERT_THAT(list.connectors(), SizeIs(1));

  const std::string key = create_.settings().webhook().secret().substr(6);
  EXPECT_THAT(created_.SerializeAsString(), Not(HasSubstr(key)));
  EXPECT_THAT(updated.SerializeAsString(), Not(HasSubstr(key)));
  EXPECT_THAT(list.SerializeAsString(), Not(HasSubstr(key)));
  EXPECT_THAT(Get().SerializeAsString(), Not(HasSubstr(key)));
}

TEST_F(ConnectorServiceTest, RefusesWhatCannotBe) {
  create_.mutable_group()->mutable_start()->set_after(9);
  EXPECT_EQ(Create().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  create_.mutable_group()->clear_start();
  create_.mutable_group()->mutable_lease()->set_seconds(5);
  EXPECT_THAT(Create().error_message(), HasSubstr("lease"));
  create_.mutable_group()->clear_lease();
  create_.set_name("Finance");
  EXPECT_THAT(Create().error_message(), HasSubstr("name"));
  EXPECT_THAT(world_.groups().List(), SizeIs(0));

  grpc::ClientContext context;
  bus::v1::GetConnectorRequest request;
  request.set_name("nobody");
  bus::v1::GetConnectorResponse response;
  EXPECT_EQ(stub_->GetConnector(&context, request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace samverk::testing
