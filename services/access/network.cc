#include "services/access/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "eventstore/base/strings.h"

namespace samverk::access {
namespace {

constexpr size_t kNetworkBytes = 8;  // /64

// An address alone: without the scheme, the brackets and the zone
// ("%25eth0", which says through which card it is seen).
std::string Bare(std::string_view host) {
  absl::string_view text = ToAbsl(host);
  if (!absl::ConsumePrefix(&text, "ipv4:")) {
    absl::ConsumePrefix(&text, "ipv6:");
  }
  if (!absl::ConsumePrefix(&text, "%5B")) absl::ConsumePrefix(&text, "[");
  if (!absl::ConsumeSuffix(&text, "%5D")) absl::ConsumeSuffix(&text, "]");
  return std::string(text.substr(0, text.find('%')));
}

std::string Ipv4Text(const void* bytes) {
  std::array<char, INET_ADDRSTRLEN> text = {};
  inet_ntop(AF_INET, bytes, text.data(), text.size());
  return text.data();
}

std::string Ipv6Text(const in6_addr& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  inet_ntop(AF_INET6, &address, text.data(), text.size());
  return text.data();
}

}  // namespace

std::string NetworkOf(std::string_view host) {
  const std::string bare = Bare(host);
  in_addr ipv4 = {};
  if (inet_pton(AF_INET, bare.c_str(), &ipv4) == 1) return Ipv4Text(&ipv4);
  in6_addr ipv6 = {};
  if (inet_pton(AF_INET6, bare.c_str(), &ipv6) != 1) return std::string(host);
  if (IN6_IS_ADDR_V4MAPPED(&ipv6)) return Ipv4Text(&ipv6.s6_addr[12]);
  if (IN6_IS_ADDR_LOOPBACK(&ipv6)) return Ipv6Text(ipv6);
  std::fill(ipv6.s6_addr + kNetworkBytes, ipv6.s6_addr + sizeof(ipv6.s6_addr),
            uint8_t{0});
  return absl::StrCat(Ipv6Text(ipv6), "/64");
}

bool IsThisMachine(std::string_view network) {
  return absl::StartsWith(ToAbsl(network), "127.") || network == "::1" ||
         network == "unix" || absl::StartsWith(ToAbsl(network), "unix:");
}

}  // namespace samverk::access
