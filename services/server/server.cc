#include "services/server/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "eventstore/audit/tile_path.h"
#include "eventstore/base/check.h"
#include "eventstore/base/clock.h"
#include "eventstore/base/error.h"
#include "eventstore/base/status_macros.h"
#include "eventstore/base/strings.h"
#include "eventstore/bus/group_runner.h"
#include "eventstore/limits.h"
#include "eventstore/rocksdb/rocksdb_event_store.h"
#include "projections/engine/projector.h"
#include "services/access/authenticator.h"
#include "services/access/gate.h"
#include "services/access/granted_rights.h"
#include "services/access/readable.h"
#include "services/admin/admin_service.h"
#include "services/audit/audit_service.h"
#include "services/audit/register_audit.h"
#include "services/bus/consumer_group_service.h"
#include "services/bus/subscription_service.h"
#include "services/bus/tracking_service.h"
#include "services/connectors/connector_service.h"
#include "services/gateway/description_pages.h"
#include "services/gateway/gateway.h"
#include "services/http/http_client.h"
#include "services/http/http_server.h"
#include "services/metrics/audit_metrics.h"
#include "services/metrics/connector_metrics.h"
#include "services/metrics/group_metrics.h"
#include "services/metrics/register_metrics.h"
#include "services/metrics/store_metrics.h"
#include "services/metrics/subscription_metrics.h"
#include "services/privacy/disposals.h"
#include "services/privacy/disposed_marks.h"
#include "services/privacy/key_backups.h"
#include "services/privacy/master_key.h"
#include "services/privacy/personal_sealer.h"
#include "services/privacy/privacy_service.h"
#include "services/privacy/privacy_upkeep.h"
#include "services/privacy/secret_bytes.h"
#include "services/privacy/secret_reads.h"
#include "services/privacy/subject_keys.h"
#include "services/recording/recording_service.h"
#include "services/reporting/report_service.h"
#include "services/server/calls_under_way.h"
#include "services/server/data_directory.h"
#include "services/server/demo.h"
#include "services/server/health.h"
#include "services/server/keep_private.h"
#include "services/server/logging.h"
#include "services/server/reflection_refusal.h"
#include "services/server/tls_credentials.h"
#include "services/server/version.h"
#include "services/store/store_service.h"
#include "services/views/view_service.h"

namespace samverk {
namespace {

constexpr char kDefaultRegister[] = "samverk";
constexpr int kKeepAliveMs = 60'000;
constexpr absl::Duration kFetchTime = absl::Seconds(10);
// While calls are waited for at the end.
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(10);
// Less often than clients/cpp asks.
constexpr int kLeastPingIntervalMs = 10'000;
// Calls that one connection has under way; its client keeps more back. Many
// subscribers share a connection, and each caller has an allowance of streams:
// this is for those who show nobody who they are.
constexpr int kCallsPerConnection = 1'024;

// Members are in the order of dependence: services use views, views use the
// log.
class RunningServer final : public Server {
 public:
  explicit RunningServer(const ServerOptions& options) : options_(options) {}
  ~RunningServer() override { Stop(); }

  absl::Status Open() {
    // First: the variable is overwritten, and there are no other threads yet.
    master_key_variable_ = TakeVariable(privacy::kMasterKeyVariable);
    RETURN_IF_ERROR(PrepareDataDirectory(options_.data_directory));
    if (const absl::Status closed = CloseToOthers(options_.data_directory);
        !closed.ok()) {
      LogWarning(ToStd(closed.message()));
    }
    RETURN_IF_ERROR(OpenStore());
    RETURN_IF_ERROR(OpenAudit());
    RETURN_IF_ERROR(OpenViews());
    RETURN_IF_ERROR(OpenGate());
    RETURN_IF_ERROR(OpenPrivacy());
    ASSIGN_OR_RETURN(
        groups_, bus::GroupRunner::Open({store_.get(), store_.get(), &clock_}));
    ASSIGN_OR_RETURN(
        connectors_,
        connectors::Connectors::Open(
            {groups_.get(), store_.get(), &clock_, store_->GetStats().origin,
             SecretDirectory(options_.data_directory), MayLeave()}));
    RETURN_IF_ERROR(MakeServices());
    RETURN_IF_ERROR(Serve());
    RETURN_IF_ERROR(ServeHttp());
    if (!options_.demo) return absl::OkStatus();
    RETURN_IF_ERROR(RecordDemo(*store_, clock_, options_.demo_directory));
    return gate_->RightsChanged();
  }

  std::string Greeting() override {
    return absl::StrCat("samverkd ", kVersion, ": register \"",
                        store_->GetStats().origin, "\" at ", address_,
                        ", head ", store_->Head().value(), HttpGreeting());
  }

  void Stop() override {
    health_.reset();
    if (grpc_ != nullptr) grpc_->GetHealthCheckService()->Shutdown();
    // While it can still be stored what was delivered.
    if (connectors_ != nullptr) connectors_->Stop();
    // What is queued is written; whoever waits for the log to grow is told to
    // come again, and does not hold up the end.
    if (store_ != nullptr) store_->Close();
    if (grpc_ != nullptr) {
      // gRPC would wait for connections too, which clients keep open for as
      // long as they live.
      const absl::Time deadline = absl::Now() + options_.drain;
      while (CallsUnderWay() > watches_.under_way() && absl::Now() < deadline) {
        absl::SleepFor(kBetweenLooks);
      }
      grpc_->Shutdown(std::chrono::system_clock::now());
    }
    // Its calls have ended with the others.
    http_.reset();
    gateway_.reset();
    if (grpc_ != nullptr) {
      grpc_->Wait();
      grpc_.reset();
    }
    services_.clear();
    connectors_.reset();
    // Its last deliveries have ended, which ask the gate.
    groups_.reset();
    upkeep_.reset();
    sealer_.reset();
    disposed_marks_.reset();
    disposals_.reset();
    key_backups_.reset();
    subject_keys_.reset();
    login_.reset();
    secret_reads_.reset();
    rights_.reset();
    authenticator_.reset();
    projector_.reset();
    audit_.reset();
    store_.reset();
  }

 private:
  absl::Status OpenStore() {
    RocksDbEventStore::Options store;
    store.directory = LogDirectory(options_.data_directory);
    store.origin = options_.register_name;
    store.clock = &clock_;
    store.block_cache_bytes = options_.cache_bytes / 3 * 2;
    store.rebuild_derived = options_.rebuild;
    store.accept_clock = options_.accept_clock;
    store.observer = &store_metrics_;
    const absl::Time start = absl::Now();
    auto opened = RocksDbEventStore::Open(store);
    if (store.origin.empty() && absl::IsInvalidArgument(opened.status())) {
      // There is none yet, or a first start was cut short.
      store.origin = kDefaultRegister;
      opened = RocksDbEventStore::Open(store);
    }
    if (!opened.ok()) return opened.status();
    store_ = *std::move(opened);
    open_took_ = absl::Now() - start;
    LogInfo(absl::StrCat("register opened in ",
                         absl::FormatDuration(open_took_), ", head ",
                         store_->Head().value()));
    return absl::OkStatus();
  }

  absl::Status OpenAudit() {
    RegisterAudit::Options audit{
        .store = store_.get(),
        .tree = store_.get(),
        .clock = &clock_,
        .register_name = store_->GetStats().origin,
        .secrets = SecretDirectory(options_.data_directory),
        .new_key = options_.new_log_key,
        .accept_loss = options_.rebuild,
        .witnesses = options_.witnesses,
        .witness_for = options_.witness_for,
        .scrub_bytes_per_second = options_.scrub_bytes_per_second,
        .warn = LogWarning};
    ASSIGN_OR_RETURN(audit_, RegisterAudit::Open(std::move(audit)));
    audit_metrics_ = std::make_unique<AuditMetrics>(*audit_);
    LogInfo(absl::StrCat("checkpoints are signed with the key ",
                         FormatVerifier(audit_->signer().Verifier())));
    if (const auto key = audit_->WitnessKey(); key.has_value()) {
      witness_key_ = FormatVerifier(*key);
      LogInfo(absl::StrCat("this is a witness, with the key ", witness_key_));
    }
    return absl::OkStatus();
  }

  absl::Status OpenViews() {
    projections::Projector::Options views;
    views.directory = ViewDirectory(options_.data_directory);
    views.projections.assign(projections::AllProjections().begin(),
                             projections::AllProjections().end());
    views.store.block_cache_bytes = options_.cache_bytes / 3;
    views.accept_loss = options_.rebuild;
    views.log = [](std::string_view message) { LogWarning(message); };
    ASSIGN_OR_RETURN(projector_,
                     projections::Projector::Open(*store_, std::move(views)));
    return absl::OkStatus();
  }

  absl::Status OpenGate() {
    if (!NeedsLogin(options_)) {
      LogWarning(
          "nobody is asked who they are: whoever can connect may do "
          "everything; samverk token add, or --access, changes that");
      return absl::OkStatus();
    }
    rights_ = std::make_unique<access::GrantedRights>(*store_);
    RETURN_IF_ERROR(rights_->Refresh());
    ASSIGN_OR_RETURN(
        authenticator_,
        access::Authenticator::Open({TokenFile(options_), options_.access_file,
                                     FetchText, LogWarning}));
    secret_reads_ = std::make_unique<privacy::SecretReads>(*store_, clock_);
    login_ = access::MakeLoginGate(*authenticator_, *rights_, clock_,
                                   *secret_reads_);
    gate_ = login_.get();
    return absl::OkStatus();
  }

  // The variable goes before the file. A file is made for a register that has
  // no keys yet.
  absl::StatusOr<privacy::MasterKeys> MasterKeys() const {
    if (master_key_variable_.has_value()) {
      return privacy::ParseMasterKeys(
          master_key_variable_->view(),
          absl::StrCat("the variable ", privacy::kMasterKeyVariable));
    }
    const std::string path =
        options_.master_key_file.empty()
            ? SecretDirectory(options_.data_directory) + "/master-key"
            : options_.master_key_file;
    auto keys = privacy::ReadMasterKeys(path);
    std::error_code error;
    if (absl::IsNotFound(keys.status()) &&
        !std::filesystem::exists(KeyDirectory(options_.data_directory),
                                 error)) {
      return privacy::MakeMasterKeyFile(path);
    }
    return keys;
  }

  absl::Status OpenPrivacy() {
    ASSIGN_OR_RETURN(privacy::MasterKeys master, MasterKeys());
    master_key_variable_.reset();
    privacy::MasterKeys backup_keys = CopyOf(master);
    std::error_code error;
    if (!options_.accept_lost_keys &&
        (!std::filesystem::exists(KeyDirectory(options_.data_directory),
                                  error) ||
         std::filesystem::is_empty(KeyDirectory(options_.data_directory),
                                   error))) {
      RETURN_IF_ERROR(privacy::CheckNothingIsSealed(*store_));
    }
    privacy::SubjectKeys::Options keys{KeyDirectory(options_.data_directory),
                                       std::move(master)};
    ASSIGN_OR_RETURN(subject_keys_,
                     privacy::SubjectKeys::Open(std::move(keys)));
    // After the master key was changed; nothing to do otherwise.
    if (const auto wrapped = subject_keys_->RewrapAll(); !wrapped.ok()) {
      // The others are wrapped all the same; what that one sealed cannot be
      // read, and says so when it is asked for.
      if (!options_.accept_lost_keys) return wrapped.status();
      LogWarning(ToStd(wrapped.status().message()));
    } else if (wrapped->done > 0) {
      LogInfo(absl::StrCat(wrapped->done,
                           " keys are wrapped with the current master key "
                           "now; older ones are needed for backups alone"));
    }
    key_backups_ = std::make_unique<privacy::KeyBackups>(
        *subject_keys_, clock_, std::move(backup_keys),
        options_.key_backup_directory.empty()
            ? KeyBackupDirectory(options_.data_directory)
            : options_.key_backup_directory,
        absl::Hours(24) * options_.key_backup_days);
    disposals_ = std::make_unique<privacy::Disposals>(
        *store_, *subject_keys_, [this] { key_backups_->KeysWereDestroyed(); });
    disposed_marks_ =
        std::make_unique<privacy::DisposedMarks>(*subject_keys_, *disposals_);
    sealer_ = std::make_unique<privacy::PersonalSealer>(
        *store_, *subject_keys_, *disposals_, store_->GetStats().origin);
    // First: a register whose keys are missing must not get new ones.
    if (!options_.accept_lost_keys) RETURN_IF_ERROR(disposals_->CheckKeys());
    // What cannot be carried out (a full disk) is kept from everybody, and
    // tried again.
    RETURN_IF_ERROR(disposals_->Follow());
    upkeep_ = std::make_unique<privacy::PrivacyUpkeep>(
        *disposals_, *key_backups_,
        [](const std::string& what) { LogWarning(what); });
    return absl::OkStatus();
  }

  static privacy::MasterKeys CopyOf(const privacy::MasterKeys& keys) {
    std::vector<privacy::MasterKey> copies;
    for (const privacy::MasterKey& key : keys.all()) {
      copies.emplace_back(privacy::SecretBytes::CopyOf(key.bytes().view()));
    }
    return privacy::MasterKeys(std::move(copies));
  }

  std::unique_ptr<grpc::Service> PrivacyService() {
    return privacy::MakePrivacyService(
        {*store_, clock_, *gate_, *sealer_, *disposals_, *key_backups_});
  }

  // Gets a small text from a URL.
  static absl::StatusOr<std::string> FetchText(const std::string& url) {
    HttpClient client(url, kFetchTime);
    StopSignal never;
    const HttpClientAnswer answer = client.Get(never);
    if (answer.status == 200) return answer.body;
    return absl::UnavailableError(absl::StrCat(
        "the keys of the issuer of tokens cannot be fetched from ", url, ": ",
        answer.status == 0 ? answer.error
                           : absl::StrCat("status ", answer.status)));
  }

  // By connectors leaves what any partner may read.
  connectors::EventFilter MayLeave() const {
    if (gate_->open()) return nullptr;
    access::Caller partner;
    partner.roles.push_back({access::Role::kPartner, ""});
    return [this, who = access::Admitted(partner, codec::Language::kEnglish)](
               const event::v1::Event& event) {
      return access::MayRead(who, *store_, event);
    };
  }

  absl::Status MakeServices() {
    ReportService::Options reports;
    reports.register_name = store_->GetStats().origin;
    reports.tree = store_.get();
    services_.push_back(recording::MakeRecordingService(
        *store_, clock_, *gate_,
        {sealer_.get(), [this] { return disposals_->CarryOut(); },
         options_.disposal_by_one}));
    services_.push_back(MakeViewService(*store_, *projector_, clock_, *gate_,
                                        disposed_marks_.get()));
    auto subscriptions = std::make_unique<SubscriptionService>(
        *store_, clock_, *gate_, limits::kSubscriptions, disposed_marks_.get());
    subscription_metrics_ =
        std::make_unique<SubscriptionMetrics>(*subscriptions);
    services_.push_back(std::move(subscriptions));
    auto groups = std::make_unique<ConsumerGroupService>(
        *groups_, *store_, clock_, *gate_, ConsumerGroupService::kMembersMax,
        disposed_marks_.get());
    group_metrics_ = std::make_unique<GroupMetrics>(*groups);
    services_.push_back(std::move(groups));
    services_.push_back(
        std::make_unique<TrackingService>(*store_, *store_, *gate_));
    connector_metrics_ = std::make_unique<ConnectorMetrics>(*connectors_);
    services_.push_back(std::make_unique<ConnectorService>(
        *connectors_, *groups_, *store_, clock_, *gate_));
    services_.push_back(
        std::make_unique<ReportService>(*store_, *gate_, reports));
    services_.push_back(std::make_unique<AuditService>(
        *store_, *store_, audit_->signer(), witness_key_, *gate_));
    services_.push_back(MakeAdminService(
        *store_, *projector_,
        {kVersion, absl::Now(), open_took_, options_.data_directory, Backups(),
         [this] { return Problems(); }},
        *gate_));
    services_.push_back(options_.raw_store ? MakeStoreService(*store_, *gate_)
                                           : MakeDisabledStoreService());
    services_.push_back(PrivacyService());
    return absl::OkStatus();
  }

  std::vector<std::string> Problems() const {
    std::vector<std::string> problems = audit_->Problems();
    if (std::string why = disposals_->Problem(); !why.empty()) {
      problems.push_back(std::move(why));
    }
    return problems;
  }

  std::string Backups() const {
    return options_.backup_directory.empty()
               ? BackupDirectory(options_.data_directory)
               : options_.backup_directory;
  }

  absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials() const {
    if (options_.tls_certificate.empty()) {
      return grpc::InsecureServerCredentials();
    }
    return MakeTlsCredentials({options_.tls_certificate, options_.tls_key,
                               options_.client_authorities});
  }

  // What gRPC's own services are bounded by, which know no gate.
  std::vector<
      std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
  Interceptors() {
    std::vector<
        std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
        all;
    all.push_back(watches_.MakeCounter());
    // The contracts are told to those on this machine, and where nobody logs
    // in.
    if (NeedsLogin(options_) && !IsOnLoopback(options_.grpc_address)) {
      all.push_back(RefuseReflection());
    }
    return all;
  }

  absl::Status Serve() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    int port = 0;
    ASSIGN_OR_RETURN(const auto credentials, Credentials());
    builder.AddListeningPort(options_.grpc_address, credentials, &port);
    builder.SetMaxReceiveMessageSize(limits::kMessageBytes);
    builder.SetMaxSendMessageSize(limits::kMessageBytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                               kCallsPerConnection);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepAliveMs);
    // Followers ask whether the connection lives while the log is silent.
    builder.AddChannelArgument(
        GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
        kLeastPingIntervalMs);
    builder.SetResourceQuota(
        grpc::ResourceQuota("samverkd").Resize(options_.call_memory_bytes));
    // Two servers on one port would share its calls between them.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    for (const auto& service : services_) {
      builder.RegisterService(service.get());
    }
    builder.experimental().SetInterceptorCreators(Interceptors());
    grpc_ = builder.BuildAndStart();
    if (grpc_ == nullptr || port == 0) {
      grpc_.reset();
      return MakeError(
          absl::StatusCode::kFailedPrecondition, error::v1::REASON_IN_USE,
          absl::StrCat("the address ", options_.grpc_address,
                       " cannot be served, another program may use it; stop "
                       "that one, or give another address with --grpc"),
          {{"address", options_.grpc_address}});
    }
    const std::string& asked = options_.grpc_address;
    address_ = absl::StrCat(asked.substr(0, asked.rfind(':') + 1), port);
    health_ = std::make_unique<HealthReporter>(
        *grpc_->GetHealthCheckService(), options_.raw_store,
        [this] { return store_->WhyReadOnly(); });
    return absl::OkStatus();
  }

  absl::Status ServeHttp() {
    if (options_.http_address.empty()) return absl::OkStatus();
    std::string host;
    int port = 0;
    SAMVERK_CHECK(SplitAddress(options_.http_address, host, port))
        << "CheckOptions lets no other through";
    metrics_ = std::make_unique<RegisterMetrics>(
        *store_, *projector_,
        ServerIdentity{kVersion, absl::Now(), options_.data_directory,
                       Backups()});
    Gateway::Options gateway{
        options_.web_origins,
        options_.web_directory,
        options_.http_streams,
        {[this](const HttpRequest& request) { return AuditPage(request); },
         [](const HttpRequest& request) { return DescriptionPage(request); }}};
    grpc::ChannelArguments channel;
    channel.SetMaxReceiveMessageSize(limits::kMessageBytes);
    channel.SetMaxSendMessageSize(limits::kMessageBytes);
    gateway_ = std::make_unique<Gateway>(grpc_->InProcessChannel(channel),
                                         registry_, gateway);
    HttpServer::Options http;
    http.host = host;
    http.port = port;
    http.connections = Gateway::ConnectionsFor(gateway);
    http.warn = LogWarning;
    http.handlers = {
        {"/metrics",
         [this](const HttpRequest& request) { return MetricsPage(request); }},
        {"/livez",
         [](const HttpRequest&) { return HttpAnswer{.body = "alive\n"}; }},
        {"/readyz", [this](const HttpRequest&) { return Readiness(); }}};
    http.others = [this](const HttpRequest& request) {
      auto witnessed = audit_->WitnessPage(request);
      return witnessed.has_value() ? *std::move(witnessed)
                                   : gateway_->Answer(request);
    };
    ASSIGN_OR_RETURN(http_, HttpServer::Start(std::move(http)));
    return absl::OkStatus();
  }

  absl::StatusOr<access::Admitted> AdmitTo(const HttpRequest& request,
                                           access::CallRight right) {
    return gate_->AdmitHeader(request.Header("authorization"), request.remote,
                              right);
  }

  static HttpAnswer Refused(const absl::Status& why) {
    return {.status = absl::IsUnauthenticated(why)     ? 401
                      : absl::IsPermissionDenied(why)  ? 403
                      : absl::IsResourceExhausted(why) ? 429
                                                       : 503,
            .body = absl::StrCat(why.message(), "\n")};
  }

  // What runs the register is told of all organisations: their groups, by name
  // and by how far they are.
  HttpAnswer MetricsPage(const HttpRequest& request) {
    const auto who = AdmitTo(request, access::CallRight::kOperates);
    if (!who.ok()) return Refused(who.status());
    return {
        .type = "text/plain; version=0.0.4; charset=utf-8",
        .body = ExpositionText({metrics_.get(), subscription_metrics_.get(),
                                group_metrics_.get(), connector_metrics_.get(),
                                audit_metrics_.get(), &registry_})};
  }

  // Bundles hold events, and hashes do not: tlog-tiles, "Entry bundles".
  std::optional<HttpAnswer> AuditPage(const HttpRequest& request) {
    constexpr std::string_view kBundles = "/tile/entries/";
    if (request.path.substr(0, kBundles.size()) == kBundles) {
      const auto who = AdmitTo(request, access::CallRight::kReadsAll);
      if (!who.ok()) return Refused(who.status());
      const auto noted = NoteBundle(*who, request.path);
      if (!noted.ok()) {
        return HttpAnswer{.status = 503,
                          .body = absl::StrCat(noted.message(), "\n")};
      }
    }
    return audit_->Page(request);
  }

  // What is secret in a bundle, before it is given.
  absl::Status NoteBundle(const access::Admitted& who, std::string_view path) {
    const auto bundle = ParseTilePath(path.substr(1));
    if (!bundle.has_value()) return absl::OkStatus();
    const uint64_t begin = bundle->tile.index * kTileWidth;
    return gate_->journal().NoteRange(
        who, event::v1::SecretDataRead::WAY_RECORDS,
        {"", Position(begin),
         std::min(Position(begin + bundle->width), store_->Head())});
  }

  // Whether events are taken: 503 with the reason when they are not.
  HttpAnswer Readiness() {
    const std::string why = store_->WhyReadOnly();
    if (why.empty()) return {.body = "ready\n"};
    return {.status = 503, .body = absl::StrCat("read only: ", why, "\n")};
  }

  std::string HttpGreeting() const {
    if (http_ == nullptr) return "";
    const std::string& asked = options_.http_address;
    return absl::StrCat("; metrics at http://",
                        asked.substr(0, asked.rfind(':') + 1), http_->port(),
                        "/metrics");
  }

  const ServerOptions options_;
  SystemClock clock_;
  prometheus::Registry registry_;
  StoreMetrics store_metrics_{registry_};
  std::unique_ptr<RocksDbEventStore> store_;
  absl::Duration open_took_;
  std::unique_ptr<RegisterAudit> audit_;
  std::string witness_key_;
  std::unique_ptr<projections::Projector> projector_;
  std::unique_ptr<access::GrantedRights> rights_;
  std::unique_ptr<access::Authenticator> authenticator_;
  std::unique_ptr<privacy::SecretReads> secret_reads_;
  std::unique_ptr<access::Gate> login_;
  access::Gate* gate_ = &access::OpenGate();
  // Until the keys were parsed.
  std::optional<privacy::SecretBytes> master_key_variable_;
  std::unique_ptr<privacy::SubjectKeys> subject_keys_;
  std::unique_ptr<privacy::KeyBackups> key_backups_;
  std::unique_ptr<privacy::Disposals> disposals_;
  std::unique_ptr<privacy::DisposedMarks> disposed_marks_;
  std::unique_ptr<privacy::PersonalSealer> sealer_;
  std::unique_ptr<privacy::PrivacyUpkeep> upkeep_;
  std::unique_ptr<bus::GroupRunner> groups_;
  std::unique_ptr<connectors::Connectors> connectors_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> grpc_;
  HealthWatches watches_;
  std::unique_ptr<HealthReporter> health_;
  std::unique_ptr<RegisterMetrics> metrics_;
  std::unique_ptr<SubscriptionMetrics> subscription_metrics_;
  std::unique_ptr<GroupMetrics> group_metrics_;
  std::unique_ptr<ConnectorMetrics> connector_metrics_;
  std::unique_ptr<AuditMetrics> audit_metrics_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<HttpServer> http_;
  std::string address_;  // with the port that it came to be
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options) {
  StartLogging();
  auto server = std::make_unique<RunningServer>(options);
  RETURN_IF_ERROR(server->Open());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace samverk
