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
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// Its name, in anchors.
    pub name: &'a str,
    /// What readers call it.
    pub label: &'a str,
}

/// Qualifies the anchors of a body, and the names of its tables. `on_page`
/// answers the name of the body that a link's address, without its fragment,
/// leads to, if that stands on the page too.
pub fn qualify<'n>(
    html: &str,
    body: Body<'_>,
    on_page: impl Fn(&str) -> Option<&'n str>,
) -> String {
    let (name, label) = (escape(body.name), escape(body.label));
    let body = Body { name: &name, label: &label };
    let mut qualified = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((words, tag)) = rest.split_once('<') {
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
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
    let level = name.strip_prefix('h').and_then(|name| name.chars().next()?.to_digit(10));
    let Some(level) = level else { return tag };
    into.push_str(slash);
    into.push('h');
    into.extend(char::from_digit((level + 1).min(6), 10));
    &name[2..]
}

fn attributes<'n>(
    tag: &str,
    body: Body<'_>,
    on_page: &impl Fn(&str) -> Option<&'n str>,
    into: &mut String,
) {
    let mut rest = tag;
    while let Some((before, value)) = rest.split_once("=\"") {
        let (value, after) = value.split_once('"').unwrap_or((value, ""));
        into.push_str(before);
        into.push_str("=\"");
        match before.rsplit(' ').next() {
            Some("id") => {
                into.push_str(body.name);
                into.push(BORDER);
                into.push_str(value);
            }
            Some("href") => link(value, body.name, on_page, into),
            Some("aria-label") if tag.contains("role=\"region\"") => {
                into.push_str(value);
                into.push_str(", ");
                into.push_str(body.label);
            }
            _ => into.push_str(value),
        }
        into.push('"');
        rest = after;
    }
    into.push_str(rest);
}

fn link<'n>(href: &str, name: &str, on_page: &impl Fn(&str) -> Option<&'n str>, into: &mut String) {
    let (page, anchor) = match href.split_once('#') {
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

    const BODY: Body<'_> = Body { name: "x", label: "13(x)" };

    #[test]
    fn tables_are_told_apart() {
        let html = "<div role=\"region\" aria-label=\"Table 1\"></div>";
        let expected = "<div role=\"region\" aria-label=\"Table 1, 13(x)\"></div>";
        assert_eq!(qualify(html, BODY, |_| None), expected);
    }

    #[test]
    fn headings_stand_one_level_lower() {
        let html = "<h2 id=\"a\">A</h2><hr><h6>B</h6>";
        assert_eq!(qualify(html, BODY, |_| None), "<h3 id=\"x~a\">A</h3><hr><h6>B</h6>");
    }

    #[test]
    fn anchors_and_links_stay_on_the_page() {
        let html = "<p class=\"unit\" id=\"a\">say id=\"a\" <a href=\"#fn-1\">1</a> \
                    <a href=\"../y/index.html#b\">y</a> <a href=\"../y/index.html\">y</a> \
                    <a class=\"outside\" href=\"https://example.org/#b\">z</a></p>";
        let on_page = |page: &str| (page == "../y/index.html").then_some("y");
        let expected = "<p class=\"unit\" id=\"x~a\">say id=\"a\" <a href=\"#x~fn-1\">1</a> \
                        <a href=\"#y~b\">y</a> <a href=\"#y\">y</a> \
                        <a class=\"outside\" href=\"https://example.org/#b\">z</a></p>";
        assert_eq!(qualify(html, BODY, on_page), expected);
    }
}
