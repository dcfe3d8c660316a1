//! The network that a client is counted as, by limits that hold for clients without a credential.

use std::net::{IpAddr, Ipv6Addr};

/// Bits of an IPv6 address that name the network of one customer of a provider (RFC 6177): whoever has
/// one address there can use all 2^64.
const PREFIX_BITS: u32 = 64;

/// The address itself for IPv4, the first address of its /64 for IPv6. An IPv4 address that came as an
/// IPv6 one (`::ffff:192.0.2.1`) counts as IPv4.
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
