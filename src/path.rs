//! The two kinds of path: where a source stands below the handbook's root,
//! and where a page stands below the site's root. Both use `/` everywhere.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A source file's path relative to the handbook's root, with `/` between
/// segments: `content/norms/un-gge-2015/13d.md`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// Takes a path relative to the root, already written with `/`.
    pub fn new(path: impl Into<Arc<str>>) -> SourcePath {
        SourcePath(path.into())
    }

    /// The whole path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder part without a final slash; empty at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Follows a relative link from a folder, both with `/`: resolves `.` and
/// `..`. Answers nothing when the link leaves the top.
pub fn join(folder: &str, link: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    for segment in link.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

/// Writes a path as a link from a folder; the reverse of [`join`].
pub fn relative(folder: &str, path: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let pairs = from.iter().zip(&to[..to.len() - 1]);
    let shared = pairs.take_while(|(a, b)| a == b).count();
    format!("{}{}", "../".repeat(from.len() - shared), to[shared..].join("/"))
}

/// Where an output file stands below the site's root:
/// `norms/un-gge-2015/13d/index.html`, `feed.xml`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

impl Address {
    /// The address of a file, as a path below the site's root.
    pub fn file(path: impl Into<Arc<str>>) -> Address {
        Address(path.into())
    }

    /// The address of a page that stands as `index.html` in its own folder;
    /// the empty folder is the site's root.
    pub fn page(folder: &str) -> Address {
        let folder = folder.trim_matches('/');
        if folder.is_empty() {
            return Address::file("index.html");
        }
        Address::file(format!("{folder}/index.html"))
    }

    /// The path of the file below the site's root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as it is published below a base: `norms/x/` for
    /// `norms/x/index.html`, percent-encoded (RFC 3986).
    pub fn published(&self) -> String {
        encode(self.0.strip_suffix("index.html").unwrap_or(&self.0))
    }

    /// The link from one page to another, percent-encoded (RFC 3986). It
    /// names `index.html`, because a folder opened from disk shows a list.
    pub fn href_from(&self, from: &Address) -> String {
        let mut href = String::new();
        self.href_into(from, &mut href);
        href
    }

    /// Writes the link of [`Address::href_from`] at the end of a text.
    pub fn href_into(&self, from: &Address, href: &mut String) {
        let (from, to) = (from.0.as_bytes(), self.0.as_bytes());
        // Folders are shared as far as the last slash that both have.
        let mut shared = 0;
        for (at, (byte, _)) in to.iter().zip(from).enumerate().take_while(|(_, (a, b))| a == b) {
            if *byte == b'/' {
                shared = at + 1;
            }
        }
        let up = from[shared..].iter().filter(|byte| **byte == b'/').count();
        let down = &self.0[shared..];
        href.reserve(up * 3 + down.len());
        (0..up).for_each(|_| href.push_str("../"));
        encode_into(down, href);
    }

    /// How many folders deep the file stands below the site's root.
    pub fn depth(&self) -> usize {
        self.0.bytes().filter(|byte| *byte == b'/').count()
    }

    /// The folder at the site's root that the file stands in, with a slash at its
    /// end; empty for a file at the root itself.
    pub fn section(&self) -> &str {
        self.0.split_inclusive('/').next().filter(|part| part.ends_with('/')).unwrap_or("")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Percent-encodes everything but unreserved characters and `/` (RFC 3986,
/// section 2.3).
pub fn encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    encode_into(path, &mut encoded);
    encoded
}

/// Whether a byte stands for itself in an address, by the byte.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let bytes = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    let mut at = 0;
    while at < bytes.len() {
        plain[bytes[at] as usize] = true;
        at += 1;
    }
    plain
};

/// Writes a path, percent-encoded as by [`encode`], at the end of a text.
pub fn encode_into(path: &str, encoded: &mut String) {
    let plain = |byte: u8| PLAIN[usize::from(byte)];
    if path.bytes().all(plain) {
        return encoded.push_str(path);
    }
    for byte in path.bytes() {
        match plain(byte) {
            true => encoded.push(char::from(byte)),
            false => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// Undoes percent-encoding; answers nothing when the result is not UTF-8.
pub fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_href(from: &str, to: &str, expected: &str) {
        assert_eq!(Address::file(to).href_from(&Address::file(from)), expected);
    }

    #[test]
    fn hrefs_climb_only_as_far_as_needed() {
        check_href("index.html", "norms/a/index.html", "norms/a/index.html");
        check_href("norms/a/index.html", "norms/b/index.html", "../b/index.html");
        check_href("norms/a/index.html", "index.html", "../../index.html");
        check_href("norms/a/index.html", "norms/a/index.html", "index.html");
        check_href("a/index.html", "a/b/c.png", "b/c.png");
        check_href("a/b/index.html", "a/index.html", "../index.html");
    }

    #[test]
    fn files_have_a_depth_and_a_section() {
        let at =
            |path: &str| (Address::file(path).depth(), Address::file(path).section().to_owned());
        assert_eq!(at("index.html"), (0, String::new()));
        assert_eq!(at("norms/a/index.html"), (2, "norms/".to_owned()));
    }

    #[test]
    fn hrefs_are_percent_encoded() {
        check_href("index.html", "norms/日 %/index.html", "norms/%E6%97%A5%20%25/index.html");
        assert_eq!(decode("%E6%97%A5%20%").as_deref(), Some("日 %"));
    }

    #[test]
    fn joining_never_leaves_the_top() {
        assert_eq!(join("content/norms", "../themes/x.md").as_deref(), Some("content/themes/x.md"));
        assert_eq!(join("a", "./b//c").as_deref(), Some("a/b/c"));
        assert_eq!(join("a", "../../b"), None);
    }
}
