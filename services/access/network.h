// Where callers come from, for counting those who did not log in.
#ifndef SAMVERK_SERVICES_ACCESS_NETWORK_H_
#define SAMVERK_SERVICES_ACCESS_NETWORK_H_

#include <string>
#include <string_view>

namespace samverk::access {

// What one subscriber has of addresses, of a host as HostOf gives it
// ("ipv4:192.0.2.7", "ipv6:%5B2001:db8::7%5D") or as HTTP does ("192.0.2.7",
// "2001:db8::7"): an IPv4 address is itself ("192.0.2.7"), also one that is
// mapped into IPv6; of an IPv6 address it is the first 64 bits
// ("2001:db8::/64"), for the rest is the subscriber's to choose. "::1" and what
// is no address stay as they are. Pure.
std::string NetworkOf(std::string_view host);

// Whether a network, as NetworkOf gives it, is this machine itself.
bool IsThisMachine(std::string_view network);

}  // namespace samverk::access

#endif  // SAMVERK_SERVICES_ACCESS_NETWORK_H_
