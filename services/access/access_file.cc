#include "services/access/access_file.h"

#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "eventstore/base/status_macros.h"
#include "services/access/unknown_right.h"
#include "services/common/toml_file.h"

namespace samverk::access {
namespace {

using toml_file::Wrong;

// A table of the file and where it stands.
struct Section {
  const std::string& path;
  const toml::table& table;

  // A text; `target` is left as it is when there is none.
  absl::Status Text(std::string_view name, std::string& target) const {
    const toml::node* node = table.get(name);
    if (node == nullptr) return absl::OkStatus();
    if (!node->is_string()) {
      return Wrong(
          path, *node,
          absl::StrCat(std::string(name), " must be a text in quotes"));
    }
    target = *node->value<std::string>();
    return absl::OkStatus();
  }

  absl::Status Required(std::string_view name, std::string& target) const {
    RETURN_IF_ERROR(Text(name, target));
    if (!target.empty()) return absl::OkStatus();
    return Wrong(path, table, absl::StrCat(std::string(name), " is missing"));
  }

  absl::Status Number(std::string_view name, int64_t least, int64_t most,
                      int64_t& target) const {
    const toml::node* node = table.get(name);
    if (node == nullptr) return absl::OkStatus();
    const auto value = node->value<int64_t>();
    if (!node->is_integer() || *value < least || *value > most) {
      return Wrong(
          path, *node,
          absl::StrCat(std::string(name), " must be a whole number from ",
                       least, " to ", most));
    }
    target = *value;
    return absl::OkStatus();
  }

  absl::Status Texts(std::string_view name,
                     std::vector<std::string>& target) const {
    const toml::node* node = table.get(name);
    if (node == nullptr) return absl::OkStatus();
    const toml::array* list = node->as_array();
    const auto refuse = [&] {
      return Wrong(path, *node,
                   absl::StrCat(std::string(name),
                                " must be a list of texts in "
                                "quotes"));
    };
    if (list == nullptr) return refuse();
    for (const toml::node& item : *list) {
      if (!item.is_string()) return refuse();
      target.push_back(*item.value<std::string>());
    }
    return absl::OkStatus();
  }
};

// "dns:ekonomi.mkb.example".
absl::StatusOr<CertificateName> NameOf(const Section& section,
                                       std::string_view text) {
  const std::pair<std::string_view, NameKind> kinds[] = {
      {"uri:", NameKind::kUri},
      {"dns:", NameKind::kDns},
      {"email:", NameKind::kEmail}};
  for (const auto& [prefix, kind] : kinds) {
    if (text.substr(0, prefix.size()) == prefix) {
      return CertificateName{kind, std::string(text.substr(prefix.size()))};
    }
  }
  return Wrong(section.path, section.table,
               absl::StrCat("name \"", std::string(text),
                            "\" begins with none of uri:, dns: and email:"));
}

absl::Status ReadOidc(const Section& section, AccessSettings& settings) {
  RETURN_IF_ERROR(
      toml_file::CheckNames(section.path, section.table,
                            {"issuer", "audience", "keys", "organisation_claim",
                             "roles_claim", "clock_skew_seconds"}));
  BearerTokenVerifier::Options oidc;
  RETURN_IF_ERROR(section.Required("issuer", oidc.issuer));
  RETURN_IF_ERROR(section.Required("audience", oidc.audience));
  RETURN_IF_ERROR(section.Required("keys", settings.keys));
  RETURN_IF_ERROR(section.Text("organisation_claim", oidc.organisation_claim));
  RETURN_IF_ERROR(section.Text("roles_claim", oidc.roles_claim));
  int64_t skew = absl::ToInt64Seconds(oidc.clock_skew);
  RETURN_IF_ERROR(section.Number("clock_skew_seconds", 0,
                                 absl::ToInt64Seconds(kClockSkewMost), skew));
  oidc.clock_skew = absl::Seconds(skew);
  const absl::string_view keys = settings.keys;
  if (absl::StartsWith(keys, "http://") &&
      !absl::StartsWith(keys, "http://127.0.0.1:") &&
      !absl::StartsWith(keys, "http://localhost:")) {
    return Wrong(section.path, section.table,
                 "keys over http could be anybody's; give an https address");
  }
  // Whether claims and the like may be so is its own to say.
  const auto checked = BearerTokenVerifier::Create(oidc, KeySet());
  if (!checked.ok()) {
    return Wrong(section.path, section.table,
                 std::string(checked.status().message()));
  }
  settings.oidc = std::move(oidc);
  return absl::OkStatus();
}

absl::Status ReadCertificate(const Section& section, AccessSettings& settings) {
  RETURN_IF_ERROR(toml_file::CheckNames(section.path, section.table,
                                        {"name", "organisation", "roles"}));
  std::string name;
  CertificateRule rule;
  RETURN_IF_ERROR(section.Required("name", name));
  ASSIGN_OR_RETURN(rule.name, NameOf(section, name));
  RETURN_IF_ERROR(section.Required("organisation", rule.organisation));
  RETURN_IF_ERROR(section.Texts("roles", rule.roles));
  for (const std::string& role : rule.roles) {
    if (const auto unknown = WhyUnknown(role); unknown.has_value()) {
      return Wrong(section.path, section.table, unknown->english);
    }
  }
  settings.certificates.push_back(std::move(rule));
  return absl::OkStatus();
}

absl::Status ReadLimits(const Section& section, AccessSettings& settings) {
  RETURN_IF_ERROR(toml_file::CheckNames(
      section.path, section.table,
      {"requests_per_second", "megabytes_per_second", "streams"}));
  CallerAllowance& allowance = settings.allowance;
  int64_t requests = allowance.requests_per_second;
  int64_t megabytes = static_cast<int64_t>(allowance.bytes_per_second >> 20);
  int64_t streams = allowance.streams;
  RETURN_IF_ERROR(
      section.Number("requests_per_second", 1, 1'000'000, requests));
  RETURN_IF_ERROR(
      section.Number("megabytes_per_second", 1, 100'000, megabytes));
  RETURN_IF_ERROR(section.Number("streams", 1, 100'000, streams));
  allowance = {static_cast<uint32_t>(requests),
               static_cast<uint64_t>(megabytes) << 20,
               static_cast<uint32_t>(streams)};
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AccessSettings> ReadAccessFile(const std::string& path) {
  ASSIGN_OR_RETURN(const toml::table file, toml_file::Parse(path));
  RETURN_IF_ERROR(
      toml_file::CheckNames(path, file, {"oidc", "certificate", "limits"}));
  AccessSettings settings;
  if (const toml::node* oidc = file.get("oidc"); oidc != nullptr) {
    if (!oidc->is_table()) return Wrong(path, *oidc, "oidc must be a table");
    RETURN_IF_ERROR(ReadOidc({path, *oidc->as_table()}, settings));
  }
  if (const toml::node* list = file.get("certificate"); list != nullptr) {
    if (!list->is_array_of_tables()) {
      return Wrong(path, *list, "write each as [[certificate]]");
    }
    for (const toml::node& item : *list->as_array()) {
      RETURN_IF_ERROR(ReadCertificate({path, *item.as_table()}, settings));
    }
    // What rules may be is said there.
    const auto checked = CertificateMapping::Create(settings.certificates);
    if (!checked.ok()) {
      return Wrong(path, *list, std::string(checked.status().message()));
    }
  }
  if (const toml::node* limits = file.get("limits"); limits != nullptr) {
    if (!limits->is_table()) {
      return Wrong(path, *limits, "limits must be a table");
    }
    RETURN_IF_ERROR(ReadLimits({path, *limits->as_table()}, settings));
  }
  return settings;
}

}  // namespace samverk::access
