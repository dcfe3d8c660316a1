//! The network by which unauthenticated clients are rate-limited.

use std::net::{IpAddr, Ipv6Addr};

/// The prefix length of one customer's IPv6 network (RFC 6177). A client with one IP address in it can
/// use all 2^64.
const PREFIX_BITS: u32 = 64;

/// The IP address itself for IPv4, the first IP address of the /64 for IPv6. An IPv4-mapped IPv6
/// address (`::ffff:192.0.2.1`) counts as IPv4.
#[must_use]
pub fn of(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << PREFIX_BITS))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_client_counts_as_its_network() {
        let check = |ip: &str, expected: &str| {
            assert_eq!(of(ip.parse().unwrap()), expected.parse::<IpAddr>().unwrap(), "{ip}");
        };
        check("192.0.2.1", "192.0.2.1");
        check("::ffff:192.0.2.1", "192.0.2.1");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
        check("2001:db8:1:2:ffff::1", "2001:db8:1:2::");
        check("2001:db8:1:3::1", "2001:db8:1:3::");
    }
}
