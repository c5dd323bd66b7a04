//! Several bodies on one page: every anchor is qualified by the name of its
//! body, links between bodies of the page stay on it, and headings stand one
//! level lower.
//!
//! Works on the HTML that this module wrote, in which `<` begins a tag, `>`
//! ends it, and attributes stand in double quotes.

use super::escape;

/// What stands between the name of a body and an anchor in it; no id of an
/// entry holds it.
pub const BORDER: char = '~';

/// A body on a page of several.
#[derive(Clone, Debug)]
pub struct Body {
    name: String,
    label: String,
}

impl Body {
    /// A body that has a name in anchors, and a label that readers know it by.
    pub fn new(name: &str, label: &str) -> Body {
        Body { name: escape(name), label: escape(label) }
    }
}

/// Qualifies the anchors of a body, and the names of its tables. `on_page`
/// answers the name of the body that a link's address, without its fragment,
/// leads to, if that stands on the page too.
pub fn qualify<'n>(html: &str, body: &Body, on_page: impl Fn(&str) -> Option<&'n str>) -> String {
    let mut qualified = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((words, tag)) = cut(rest, b'<') {
        let (tag, after) = cut(tag, b'>').unwrap_or((tag, ""));
        qualified.push_str(words);
        qualified.push('<');
        attributes(lower(tag, &mut qualified), body, &on_page, &mut qualified);
        qualified.push('>');
        rest = after;
    }
    qualified.push_str(rest);
    qualified
}

/// Writes a heading one level lower, since each body has a heading of its own;
/// answers what of the tag is still to be written.
fn lower<'t>(tag: &'t str, into: &mut String) -> &'t str {
    let (slash, name) = match tag.strip_prefix('/') {
        Some(name) => ("/", name),
        None => ("", tag),
    };
    let [b'h', level @ b'0'..=b'9', ..] = name.as_bytes() else { return tag };
    into.extend([slash, "h"]);
    into.push(char::from((level + 1).min(b'6')));
    &name[2..]
}

fn attributes<'n>(
    tag: &str,
    body: &Body,
    on_page: &impl Fn(&str) -> Option<&'n str>,
    into: &mut String,
) {
    let mut rest = tag;
    while let Some((before, value)) = cut(rest, b'=') {
        let value = value.strip_prefix('"').unwrap_or(value);
        let (value, after) = cut(value, b'"').unwrap_or((value, ""));
        into.extend([before, "=\""]);
        if before.ends_with(" id") {
            into.push_str(&body.name);
            into.push(BORDER);
            into.push_str(value);
        } else if before.ends_with(" href") {
            link(value, &body.name, on_page, into);
        } else if before.ends_with(" aria-label") && is_region(tag) {
            into.extend([value, ", ", &body.label]);
        } else {
            into.push_str(value);
        }
        into.push('"');
        rest = after;
    }
    into.push_str(rest);
}

/// Most labels are those of links, which are never regions.
fn is_region(tag: &str) -> bool {
    !tag.starts_with("a ") && tag.contains("role=\"region\"")
}

/// Cuts a text at the first of an ASCII character, which is mostly a few
/// letters away: too near for the searches of the standard library.
fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == at)?;
    Some((&text[..at], &text[at + 1..]))
}

fn link<'n>(href: &str, name: &str, on_page: &impl Fn(&str) -> Option<&'n str>, into: &mut String) {
    let (page, anchor) = match cut(href, b'#') {
        Some((page, anchor)) => (page, Some(anchor)),
        None => (href, None),
    };
    let body = match page {
        "" => Some(name),
        page => on_page(page),
    };
    let Some(body) = body else {
        into.push_str(href);
        return;
    };
    into.push('#');
    into.push_str(body);
    if let Some(anchor) = anchor {
        into.push(BORDER);
        into.push_str(anchor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let on_page = |page: &str| (page == "../y/index.html").then_some("y");
        assert_eq!(qualify(html, &Body::new("x", "13(x)"), on_page), expected);
    }

    #[test]
    fn tables_are_told_apart() {
        check(
            "<div role=\"region\" aria-label=\"Table 1\"></div>",
            "<div role=\"region\" aria-label=\"Table 1, 13(x)\"></div>",
        );
    }

    #[test]
    fn headings_stand_one_level_lower() {
        check("<h2 id=\"a\">A</h2><hr><h6>B</h6>", "<h3 id=\"x~a\">A</h3><hr><h6>B</h6>");
    }

    #[test]
    fn anchors_and_links_stay_on_the_page() {
        check(
            "<p class=\"unit\" id=\"a\">say id=\"a\" <a href=\"#fn-1\">1</a> \
             <a href=\"../y/index.html#b\">y</a> <a href=\"../y/index.html\">y</a> \
             <a class=\"outside\" href=\"https://example.org/?a=b#b\">z</a></p>",
            "<p class=\"unit\" id=\"x~a\">say id=\"a\" <a href=\"#x~fn-1\">1</a> \
             <a href=\"#y~b\">y</a> <a href=\"#y\">y</a> \
             <a class=\"outside\" href=\"https://example.org/?a=b#b\">z</a></p>",
        );
    }
}
