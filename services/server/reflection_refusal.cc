#include "services/server/reflection_refusal.h"

#include <grpcpp/server_context.h>

#include <string_view>

namespace samverk {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;

class Cancelled final : public Interceptor {
 public:
  explicit Cancelled(grpc::ServerContextBase& context) : context_(context) {}
  void Intercept(
      grpc::experimental::InterceptorBatchMethods* methods) override {
    // Once: a call that is cancelled comes through here again.
    if (methods->QueryInterceptionHookPoint(
            InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      context_.TryCancel();
    }
    methods->Proceed();
  }

 private:
  grpc::ServerContextBase& context_;
};

class Refuser final
    : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    // Of each of its versions.
    return std::string_view(info->method()).starts_with("/grpc.reflection.")
               ? new Cancelled(*info->server_context())
               : nullptr;
  }
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
RefuseReflection() {
  return std::make_unique<Refuser>();
}

}  // namespace samverk
