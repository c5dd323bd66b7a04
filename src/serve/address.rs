//! What a request asks for: the path of its target to an address of the site,
//! and whether its host is ours.
//!
//! Comes in: what a stranger sent. Goes out: an [`Address`] to look up in
//! memory, which leads nowhere else whatever stands in it.

use std::net::IpAddr;

use crate::path::{Address, decode};

/// Longer paths are refused. File systems take names of 255 bytes.
const LONGEST: usize = 4096;

/// Why a path is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    TooLong,
    Malformed,
}

/// The address that a path asks for; a folder is asked for with a final slash.
pub(super) fn asked(path: &str) -> Result<Address, Refused> {
    if path.len() > LONGEST {
        return Err(Refused::TooLong);
    }
    let encoded = path.strip_prefix('/').ok_or(Refused::Malformed)?;
    let path = decode(encoded).ok_or(Refused::Malformed)?;
    let strange = |segment: &str| segment == "." || segment == "..";
    if path.contains(|c: char| c.is_control() || c == '\\') || path.split('/').any(strange) {
        return Err(Refused::Malformed);
    }
    Ok(match path.is_empty() || path.ends_with('/') {
        true => Address::file(format!("{path}index.html")),
        false => Address::file(path),
    })
}

/// The page that stands in the folder of this name.
pub(super) fn folder_of(address: &Address) -> Address {
    Address::file(format!("{address}/index.html"))
}

/// Whether a request that names this host is meant for us. A page from the
/// web can make its own name lead to this machine (DNS rebinding), but then
/// the name stands here. Numbers lead where they say.
pub(super) fn is_ours(host: &str, listening: IpAddr) -> bool {
    let Some(name) = without_port(host) else { return false };
    let name = name.strip_suffix('.').unwrap_or(name);
    let number = name.strip_prefix('[').map_or(name, |rest| rest.strip_suffix(']').unwrap_or(""));
    match number.parse::<IpAddr>() {
        Ok(number) => number.to_canonical().is_loopback() || !listening.is_loopback(),
        Err(_) => {
            let name = name.to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

/// The host without its port; nothing when the port is no number.
fn without_port(host: &str) -> Option<&str> {
    let end = host.rfind(']').map_or(0, |end| end + 1);
    match host[end..].rfind(':') {
        None => Some(host),
        Some(colon) => {
            let port = &host[end + colon + 1..];
            port.bytes().all(|byte| byte.is_ascii_digit()).then_some(&host[..end + colon])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_asked(path: &str, expected: Result<&str, Refused>) {
        let asked = asked(path);
        assert_eq!(asked.as_ref().map(Address::as_str).map_err(|refused| *refused), expected);
    }

    #[test]
    fn folders_mean_their_page() {
        check_asked("/", Ok("index.html"));
        check_asked("/norms/a/", Ok("norms/a/index.html"));
        check_asked("/theme/style.css", Ok("theme/style.css"));
        check_asked("/norms/%E6%97%A5/", Ok("norms/日/index.html"));
    }

    #[test]
    fn nothing_leaves_the_site() {
        for path in [
            "/../x",
            "/norms/../../x",
            "/%2e%2e/x",
            "/%2E%2E%2Fx",
            "/.%2e/x",
            "/./x",
            "/a%00.md",
            "/a\\..\\x",
            "/a%5c..%5cx",
            "/%ff",
            "/a%0d%0ab",
            "norms",
            "*",
            "",
        ] {
            check_asked(path, Err(Refused::Malformed));
        }
        check_asked(&format!("/{}", "a/".repeat(3000)), Err(Refused::TooLong));
    }

    #[test]
    fn double_encoding_is_no_way_out() {
        check_asked("/%252e%252e/x", Ok("%2e%2e/x"));
    }

    #[test]
    fn only_our_own_names_are_answered() {
        let (loopback, all) = ([127, 0, 0, 1].into(), [0, 0, 0, 0].into());
        for host in ["localhost:4400", "LOCALHOST", "a.localhost", "127.0.0.1:1", "[::1]:4400"] {
            assert!(is_ours(host, loopback), "{host}");
        }
        for host in ["example.org", "localhost.example.org:4400", "", "[::1", "127.0.0.1.nip.io"] {
            assert!(!is_ours(host, loopback) && !is_ours(host, all), "{host}");
        }
        assert!(!is_ours("192.168.1.7:4400", loopback));
        assert!(is_ours("192.168.1.7:4400", all));
        assert!(!is_ours("localhost:x", loopback));
    }
}
