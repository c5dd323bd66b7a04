//! The Markdown that entries are written in: CommonMark with tables,
//! footnotes, definition lists, strikethrough and heading attributes, and the
//! two kinds of reference of the format.
//!
//! Comes in: a file's text and where its body stands. Goes out: events with
//! their places in the file. Both the parser and [`crate::html`] read bodies
//! through here, so that they see the same events at the same places.

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag};

use crate::span::Span;

/// The events of the body that stands at `body` in `text`, with spans in the
/// file.
pub fn events(text: &str, body: Span) -> impl Iterator<Item = (Event<'_>, Span)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS;
    Parser::new_with_broken_link_callback(&text[body.range()], options, Some(citation_target))
        .into_offset_iter()
        .map(move |(event, range)| (event, Span::from(range).shifted(body.start)))
}

/// Makes `[@...]` a link, whose text is then read as citations.
fn citation_target<'a>(link: BrokenLink<'a>) -> Option<(CowStr<'a>, CowStr<'a>)> {
    let shortcut = matches!(link.link_type, LinkType::Shortcut);
    (shortcut && link.reference.starts_with('@')).then(|| ("".into(), "".into()))
}

/// What a link of the body is, by how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link<'a> {
    /// `[[target]]` or `[[target|text]]`.
    Wiki {
        /// The target as written.
        target: &'a str,
        /// Whether the author gave a text.
        own_text: bool,
    },
    /// `[@source, locator]`: what stands between the brackets.
    Citation(&'a str),
    /// `[text](address)` and its relatives.
    Plain(&'a str),
    /// `<name@host>`.
    Mail(&'a str),
    /// `![alt](address)`.
    Image(&'a str),
    /// `![[target]]`, which means nothing.
    WikiImage,
}

/// Tells what a link tag is; `source` is the file's text at the tag's span.
pub fn classify<'a>(tag: &'a Tag<'_>, source: &'a str) -> Option<Link<'a>> {
    match tag {
        Tag::Link { link_type: LinkType::WikiLink { has_pothole }, dest_url, .. } => {
            // In a table cell the bar is escaped, and the escape stays behind.
            let target = if *has_pothole { dest_url.trim_end_matches('\\') } else { dest_url };
            Some(Link::Wiki { target, own_text: *has_pothole })
        }
        Tag::Link { link_type: LinkType::ShortcutUnknown, .. } => {
            Some(Link::Citation(source.trim_start_matches('[').trim_end_matches(']')))
        }
        Tag::Link { link_type: LinkType::Email, dest_url, .. } => Some(Link::Mail(dest_url)),
        Tag::Link { dest_url, .. } => Some(Link::Plain(dest_url)),
        Tag::Image { link_type: LinkType::WikiLink { .. }, .. } => Some(Link::WikiImage),
        Tag::Image { dest_url, .. } => Some(Link::Image(dest_url)),
        _ => None,
    }
}

/// Whether a tag is one that text flows through, such as emphasis.
pub fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

/// A text as an anchor: its letters and digits in lower case, with single
/// hyphens between words. Letters of every script stay as they are.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() && c != '\'' && c != '’' {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_keep_letters_of_every_script() {
        assert_eq!(slug("What it says: State's duty!"), "what-it-says-states-duty");
        assert_eq!(slug("数据 安全"), "数据-安全");
        assert_eq!(slug("--"), "");
    }

    #[test]
    fn links_are_told_apart_by_how_they_are_written() {
        let text = "[[a|b]] [[c]] [@d, p. 1] [e](f) <j@k.org> ![g](h) ![[i]]";
        let body = Span::new(0, text.len());
        let mut found = Vec::new();
        for (event, span) in events(text, body) {
            if let Event::Start(tag) = event
                && let Some(link) = classify(&tag, &text[span.range()])
            {
                found.push(format!("{link:?}"));
            }
        }
        assert_eq!(
            found,
            [
                "Wiki { target: \"a\", own_text: true }",
                "Wiki { target: \"c\", own_text: false }",
                "Citation(\"@d, p. 1\")",
                "Plain(\"f\")",
                "Mail(\"j@k.org\")",
                "Image(\"h\")",
                "WikiImage",
            ]
        );
    }
}
