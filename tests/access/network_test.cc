// Where callers come from.
#include "services/access/network.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace samverk::access {
namespace {

TEST(NetworkOf, IsAnIpv4AddressOrTheFirstHalfOfAnIpv6Address) {
  for (const auto& [host, network] :
       {std::pair<std::string, std::string>{"192.0.2.7", "192.0.2.7"},
        {"ipv4:192.0.2.7", "192.0.2.7"},
        {"ipv6:[::ffff:192.0.2.7]", "192.0.2.7"},
        {"ipv6:%5B::ffff:192.0.2.7%5D", "192.0.2.7"},
        {"ipv6:%5B2001:db8:1:2:3:4:5:6%5D", "2001:db8:1:2::/64"},
        {"ipv6:[2001:db8:1:2:ffff::]", "2001:db8:1:2::/64"},
        {"2001:DB8:1:2::9", "2001:db8:1:2::/64"},
        {"ipv6:%5Bfe80::7%25eth0%5D", "fe80::/64"},
        {"::1", "::1"},
        {"ipv6:%5B::1%5D", "::1"},
        {"unix", "unix"},
        {"unix:/run/samverk", "unix:/run/samverk"},
        {"", ""}}) {
    EXPECT_EQ(NetworkOf(host), network) << host;
  }
}

TEST(NetworkOf, TellsThisMachineFromOthers) {
  for (const char* host :
       {"127.0.0.1", "ipv4:127.9.9.9", "::1", "ipv6:%5B::1%5D", "[::1]",
        "ipv6:[::ffff:127.0.0.1]", "unix", "unix:/run/samverk"}) {
    EXPECT_TRUE(IsThisMachine(NetworkOf(host))) << host;
  }
  for (const char* host : {"128.0.0.1", "ipv6:[::2]", "::", "", "12.7.0.1",
                           "ipv6:[::ffff:192.0.2.7]", "ipv6:%5B::1:1%5D"}) {
    EXPECT_FALSE(IsThisMachine(NetworkOf(host))) << host;
  }
}

}  // namespace
}  // namespace samverk::access
