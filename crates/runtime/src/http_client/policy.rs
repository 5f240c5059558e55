//! Which URLs outgoing calls may go to, when users or operators choose them.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use serde::Deserialize;
use url::{Host, Url};

use super::Timeouts;
use super::addresses::is_public;
use crate::config::comma_list;

/// Section `[egress]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EgressSettings {
    /// Addresses that may be reached beside public ones.
    #[serde(deserialize_with = "comma_list")]
    pub allow: Vec<IpNet>,
    /// Ports that may be used; empty: all.
    #[serde(deserialize_with = "comma_list")]
    pub ports: Vec<u16>,
    /// How long connecting may take, in milliseconds.
    pub connect_timeout_ms: u64,
    /// How long a whole call may take, in milliseconds.
    pub timeout_ms: u64,
}

impl EgressSettings {
    /// What may be called.
    pub fn policy(&self) -> EgressPolicy {
        EgressPolicy { allow: self.allow.clone(), ports: self.ports.clone() }
    }

    /// How long calls may take.
    pub fn timeouts(&self) -> Timeouts {
        Timeouts {
            connect: Duration::from_millis(self.connect_timeout_ms),
            total: Duration::from_millis(self.timeout_ms),
        }
    }
}

/// The rule; the default lets through what is public, on every port.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EgressPolicy {
    /// Addresses beside public ones.
    pub allow: Vec<IpNet>,
    /// Ports; empty: all.
    pub ports: Vec<u16>,
}

/// Why a URL may not be called. Its text is meant for whoever gave the URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressRefused {
    /// Not a URL at all.
    #[error("not a URL: {0}")]
    Malformed(String),
    /// Another scheme than http and https.
    #[error("the scheme {0} is not allowed: only http and https are")]
    Scheme(String),
    /// A user name or password before the host.
    #[error("user information in the URL is not allowed")]
    UserInfo,
    /// A port that is not listed.
    #[error("port {0} is not allowed: the setting egress.ports lists those that are")]
    Port(u16),
    /// The host is an address that is neither public nor allowed.
    #[error("{0} is not a public address; the option --allow-egress (setting egress.allow) permits others")]
    Address(IpAddr),
    /// The host's name leads to such an address.
    #[error(
        "{name} resolves to {address}, which is not a public address; \
         the option --allow-egress (setting egress.allow) permits others"
    )]
    Name {
        /// The host.
        name: String,
        /// The first of its addresses that is refused.
        address: IpAddr,
    },
}

impl EgressPolicy {
    /// `text` as a URL that may be saved or called.
    ///
    /// A host that is an address, however it is spelt, is vetted here. A name is not: it is vetted at every call, by the
    /// client, since what it resolves to may change.
    pub fn vet_url(&self, text: &str) -> Result<Url, EgressRefused> {
        let url = Url::parse(text).map_err(|e| EgressRefused::Malformed(e.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(EgressRefused::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressRefused::UserInfo);
        }
        if let Some(port) = url.port_or_known_default().filter(|p| !self.ports.is_empty() && !self.ports.contains(p)) {
            return Err(EgressRefused::Port(port));
        }
        // The parser has turned decimal, octal, hexadecimal, short and full-width spellings into addresses.
        let address = match url.host() {
            Some(Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
            Some(Host::Domain(_)) => None,
            None => return Err(EgressRefused::Malformed("no host".to_owned())),
        };
        match address {
            Some(address) if !self.permits(address) => Err(EgressRefused::Address(address)),
            _ => Ok(url),
        }
    }

    /// Whether calls may go to `address`.
    ///
    /// An IPv4 address mapped into IPv6 goes where the IPv4 one does, so an allowed block counts for both; public ones in
    /// that form are refused, as nobody needs them.
    pub fn permits(&self, address: IpAddr) -> bool {
        let plain = address.to_canonical();
        is_public(address) || self.allow.iter().any(|net| net.contains(&address) || net.contains(&plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vet(allow: &[&str], url: &str) -> Result<Url, EgressRefused> {
        let allow = allow.iter().map(|net| net.parse().unwrap()).collect();
        EgressPolicy { allow, ports: Vec::new() }.vet_url(url)
    }

    #[test]
    fn loopback_is_refused_however_it_is_spelt() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://127.0.0.1./",
            "http://127.0.0.1:8080/x",
            "http://%31%32%37.0.0.1/",
            "http://①②⑦.⓪.⓪.①/",
            "http://127。0。0。1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::127.0.0.1]/",
            "http://[2002:7f00:1::]/",
            "http://0/",
            "https://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
            "http:127.0.0.1",
            "http:\\\\127.1\\",
            "http://\t127.0.0.1/",
            "HTTP://127.0.0.1",
        ] {
            let refused = vet(&[], url).unwrap_err();
            assert!(matches!(refused, EgressRefused::Address(_)), "{url}: {refused}");
            assert!(refused.to_string().contains("--allow-egress"), "{refused}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for url in [
            "http://8.8.8.8/",
            "https://[2606:4700::1111]/a?b=c",
            "https://bots.example.com:8443/hook",
            "http://localhost/",
        ] {
            assert!(vet(&[], url).is_ok(), "{url}");
        }
    }

    #[test]
    fn what_is_not_a_plain_web_address_is_refused() {
        assert_eq!(vet(&[], "http://ann@example.com/"), Err(EgressRefused::UserInfo));
        assert_eq!(vet(&[], "http://:pw@example.com/"), Err(EgressRefused::UserInfo));
        assert_eq!(vet(&[], "http://8.8.8.8@127.0.0.1/"), Err(EgressRefused::UserInfo));
        for scheme in ["ftp", "file", "gopher", "ws", "javascript"] {
            assert_eq!(vet(&[], &format!("{scheme}://x/y")), Err(EgressRefused::Scheme(scheme.to_owned())));
        }
        for bad in [
            "",
            "example.com/x",
            "http://",
            "http://[::1",
            "http://256.256.256.256/",
            "http://a b/",
            "http://[fe80::1%25eth0]/",
        ] {
            assert!(matches!(vet(&[], bad), Err(EgressRefused::Malformed(_))), "{bad}");
        }
    }

    #[test]
    fn allowed_blocks_and_only_those_open() {
        assert!(vet(&["127.0.0.0/8"], "http://0x7f.1:9/").is_ok());
        assert!(vet(&["127.0.0.0/8"], "http://[::ffff:127.0.0.1]/").is_ok());
        assert!(vet(&["127.0.0.0/8"], "http://[::1]/").is_err());
        assert!(vet(&["127.0.0.0/8"], "http://0.0.0.0/").is_err());
        assert!(vet(&["127.0.0.0/8", "::1/128"], "http://[::1]/").is_ok());
        assert!(vet(&["10.1.0.0/16"], "http://10.2.0.1/").is_err());
    }

    #[test]
    fn ports_are_a_list_when_there_is_one() {
        let policy = EgressPolicy { allow: Vec::new(), ports: vec![443, 8443] };
        assert!(policy.vet_url("https://example.com/").is_ok());
        assert!(policy.vet_url("http://example.com:8443/").is_ok());
        assert_eq!(policy.vet_url("http://example.com/"), Err(EgressRefused::Port(80)));
    }
}
