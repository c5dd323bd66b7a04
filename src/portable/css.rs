//! The addresses in a stylesheet or a `style` attribute: `url(...)` and
//! `@import "..."`.
//!
//! Comes in: CSS. Goes out: addresses. It is a scanner and no
//! parser: comments are passed over, and what is no address is left alone.

/// The addresses in `css`, in order.
pub(super) fn addresses(css: &str) -> Vec<String> {
    let plain = without_comments(css);
    let lower = plain.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = next_keyword(&lower[at..]) {
        let start = at + next.end;
        let (address, length) = value(&plain[start..], next.bare);
        found.extend(address);
        at = start + length;
    }
    found
}

/// The text with a space for each comment.
fn without_comments(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        plain.push(' ');
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    plain + rest
}

/// What an address follows.
struct Keyword {
    end: usize,
    /// Whether the address may stand there without quotation marks.
    bare: bool,
}

fn next_keyword(lower: &str) -> Option<Keyword> {
    let at = lower.match_indices(['u', '@']).map(|(at, _)| at).find(|at| {
        let rest = &lower[*at..];
        rest.starts_with("url(") || rest.starts_with("@import")
    })?;
    let bare = lower[at..].starts_with("url(");
    Some(Keyword { end: at + if bare { "url(".len() } else { "@import".len() }, bare })
}

/// The address at the beginning of a text, and how far it reaches.
fn value(css: &str, bare: bool) -> (Option<String>, usize) {
    let trimmed = css.trim_start();
    let skipped = css.len() - trimmed.len();
    let quote = trimmed.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (inner, end) = match quote {
        Some(quote) => (&trimmed[1..], trimmed[1..].find(quote)),
        None if bare => (trimmed, trimmed.find(')')),
        None => return (None, skipped),
    };
    let end = end.unwrap_or(inner.len());
    (Some(inner[..end].trim().to_owned()), skipped + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_every_notation() {
        let css = "@import 'a.css';\n@IMPORT url(\"b.css\");\np { background: URL( c.png ) }\n\
                   /* url(no.png)\n */ @font-face { src: url('d e.woff2') format('woff2') }\n\
                   q::before { content: 'import' }\n";
        assert_eq!(addresses(css), ["a.css", "b.css", "c.png", "d e.woff2"]);
    }

    #[test]
    fn what_is_not_closed_does_no_harm() {
        for css in ["url(", "url('", "@import", "/*", "url(x", "é url(é"] {
            addresses(css);
        }
    }
}
