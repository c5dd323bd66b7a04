//! The address of an ordinary Markdown link: a file of the handbook, or a place
//! outside.
//!
//! Comes in: the address as written. Goes out: the file that it names, nothing
//! for one outside, or why it can lead nowhere.

use super::body::{FileLink, MentionTarget};
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::path::decode;

/// Sorts out an address that stands at `at`.
///
/// # Errors
/// One diagnostic when the address is forbidden or cannot be read.
pub(super) fn target(address: &str, at: At<'_>) -> Result<Option<MentionTarget>, Box<Diagnostic>> {
    match scheme(address) {
        Some("http" | "https" | "mailto") => return Ok(None),
        Some(scheme) => return Err(Box::new(catalog::forbidden_scheme(at, scheme))),
        None if address.starts_with('/') => {
            return Err(Box::new(catalog::absolute_link(at, address)));
        }
        None => {}
    }
    let (path, anchor) = match address.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (address, None),
    };
    let link = match (decode(path), anchor.map(decode)) {
        (Some(path), None) => FileLink { path: path.into(), anchor: None },
        (Some(path), Some(Some(anchor))) => {
            FileLink { path: path.into(), anchor: Some(anchor.into()) }
        }
        _ => return Err(Box::new(catalog::dead_link(at, address, &[]))),
    };
    Ok(Some(MentionTarget::File(Box::new(link))))
}

/// The scheme of an address (RFC 3986), in lower case letters as written;
/// nothing for a relative one. `//host` counts as the scheme of its page.
fn scheme(address: &str) -> Option<&str> {
    if address.starts_with("//") {
        return Some("//");
    }
    let (scheme, _) = address.split_once(':')?;
    let mut bytes = scheme.bytes();
    let good = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let known = ["http", "https", "mailto"];
    let known = known.into_iter().find(|known| known.eq_ignore_ascii_case(scheme));
    good.then(|| known.unwrap_or(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::SourcePath;
    use crate::span::Span;

    #[track_caller]
    fn check(address: &str, expected: &str) {
        let path = SourcePath::new("content/norms/a.md");
        let found = match target(address, At::new(&path, Span::default())) {
            Ok(None) => "outside".to_owned(),
            Ok(Some(MentionTarget::File(link))) => {
                format!("{} {}", link.path, link.anchor.unwrap_or_default())
            }
            Ok(Some(other)) => format!("{other:?}"),
            Err(problem) => problem.code.to_owned(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn files_and_places_outside_are_told_apart() {
        check("HTTPS://example.org", "outside");
        check("mailto:a@b.c", "outside");
        check("../b%20c.md#d%20e", "../b c.md d e");
        check("b.md", "b.md ");
    }

    #[test]
    fn addresses_that_cannot_work_are_refused() {
        check("javascript:alert(1)", "forbidden-scheme");
        check("JavaScript:alert(1)", "forbidden-scheme");
        check("//example.org", "forbidden-scheme");
        check("/norms/a/", "absolute-link");
        check("b%FF.md", "dead-link");
    }
}
