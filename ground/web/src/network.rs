//! The network a request comes from. Budgets are counted by it: a single address is soon changed, a network less so.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderMap;

/// The visitor's address. A proxy of the settings is believed, and of what it says the end of the last line alone: whatever stands before
/// that anybody may have written.
pub(crate) fn address(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[IpAddr]) -> Option<IpAddr> {
    // On a socket for both kinds of network a visitor of IPv4 comes as a mapped address.
    let peer = peer?.to_canonical();
    if !proxies.contains(&peer) {
        return Some(peer);
    }
    let last = headers.get_all("x-forwarded-for").iter().next_back().and_then(|line| line.to_str().ok());
    let said = last.and_then(|line| line.rsplit(',').next()).and_then(|address| address.trim().parse().ok());
    Some(said.unwrap_or(peer))
}

/// The network of an address: /24 of IPv4, /56 of IPv6. Neighbours in one office share it.
pub(crate) fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{}/56", Ipv6Addr::new(a, b, c, d & 0xff00, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The network of a request from this peer with these lines of the header, behind a proxy at 10.0.0.1.
    fn network(peer: &str, lines: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for &line in lines {
            headers.append("x-forwarded-for", http::HeaderValue::from_static(line));
        }
        let proxies: [IpAddr; 1] = ["10.0.0.1".parse().unwrap()];
        network_of(address(peer.parse().ok(), &headers, &proxies).unwrap())
    }

    #[test]
    fn a_visitor_cannot_choose_the_network_they_are_counted_by() {
        assert_eq!(network("203.0.113.7", &["198.51.100.1"]), "203.0.113.0/24");
        assert_eq!(network("10.0.0.1", &["198.51.100.1, 203.0.113.7"]), "203.0.113.0/24");
        // A proxy may add a line of its own behind the visitor's.
        assert_eq!(network("10.0.0.1", &["198.51.100.1", "203.0.113.7"]), "203.0.113.0/24");
        assert_eq!(network("::ffff:10.0.0.1", &["203.0.113.7"]), "203.0.113.0/24");
        assert_eq!(network("10.0.0.1", &["unknown"]), "10.0.0.0/24");
        assert_eq!(network("10.0.0.1", &[]), "10.0.0.0/24");
    }

    #[test]
    fn neighbours_of_one_office_share_a_network_on_both_kinds() {
        assert_eq!(network("2001:db8:0:1234::1", &[]), "2001:db8:0:1200::/56");
        assert_eq!(network("2001:db8:0:12ff::9", &[]), "2001:db8:0:1200::/56");
        assert_eq!(network("::ffff:203.0.113.9", &[]), "203.0.113.0/24");
    }
}
