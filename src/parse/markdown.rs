//! The Markdown that entries are written in: CommonMark with tables,
//! footnotes, definition lists, strikethrough and heading attributes, and the
//! two kinds of reference of the format.
//!
//! Comes in: a file's text and where its body stands. Goes out: events with
//! their places in the file. Both the parser and [`crate::html`] read bodies
//! through here, so that they see the same events at the same places.

use std::collections::BTreeMap;

use pulldown_cmark::{
    BrokenLink, BrokenLinkCallback, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
};

use crate::span::Span;

/// The events of the body that stands at `body` in `text`, with spans in the
/// file.
pub fn events(text: &str, body: Span) -> impl Iterator<Item = (Event<'_>, Span)> {
    parser(&text[body.range()])
        .into_offset_iter()
        .map(move |(event, range)| (event, Span::from(range).shifted(body.start())))
}

fn parser(text: &str) -> Parser<'_, impl BrokenLinkCallback<'_>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS;
    Parser::new_with_broken_link_callback(text, options, Some(citation_target))
}

/// Where the addresses of ordinary links and images stand in the file, by the
/// place of the link: behind its words, or in a definition elsewhere.
pub fn addresses(text: &str, body: Span) -> BTreeMap<Span, Span> {
    let own = &text[body.range()];
    let parser = parser(own);
    let definitions: BTreeMap<String, Span> = parser
        .reference_definitions()
        .iter()
        .map(|(label, definition)| (label.to_lowercase(), Span::from(definition.span.clone())))
        .collect();
    let mut found = BTreeMap::new();
    let mut open: Vec<(Span, Option<Span>, usize)> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        let span = Span::from(range);
        match event {
            Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. }) => {
                let definition = definitions.get(&id.to_lowercase()).copied();
                let definition = definition.filter(|_| defined_elsewhere(link_type));
                let inline = link_type == LinkType::Inline;
                if inline || definition.is_some() {
                    let words =
                        span.start() + usize::from(own[span.start()..].starts_with('!')) + 1;
                    open.push((span, definition, words));
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let Some((link, definition, words)) = open.pop_if(|(link, ..)| *link == span)
                else {
                    continue;
                };
                let mark = if definition.is_some() { "]:" } else { "](" };
                let from = definition.map_or(words, |definition| definition.start());
                if let Some(address) = address_after(own, from, mark) {
                    found.insert(link.shifted(body.start()), address.shifted(body.start()));
                }
                open.iter_mut().for_each(|(.., words)| *words = (*words).max(span.end()));
            }
            _ => open.iter_mut().for_each(|(.., words)| *words = (*words).max(span.end())),
        }
    }
    found
}

fn defined_elsewhere(link_type: LinkType) -> bool {
    matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
}

/// The address that follows the first `mark` after `from`, without its angle
/// brackets.
fn address_after(text: &str, from: usize, mark: &str) -> Option<Span> {
    let at = text[from..].find(mark)? + from + mark.len();
    let start = at + text[at..].len() - text[at..].trim_start().len();
    if let Some(rest) = text[start..].strip_prefix('<') {
        return Some(Span::new(start + 1, start + 1 + rest.find('>')?));
    }
    let mut depth = 0;
    let end = text[start..].find(|c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth < 0 || c.is_whitespace()
    });
    Some(Span::new(start, end.map_or(text.len(), |end| start + end)))
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
    let mut slug = String::with_capacity(text.len());
    let mut push = |c: char| {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() && c != '\'' && c != '’' {
            slug.push('-');
        }
    };
    for c in text.chars() {
        match c.is_ascii() {
            true => push(c.to_ascii_lowercase()),
            false => c.to_lowercase().for_each(&mut push),
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
    fn addresses_of_links_are_found_where_they_stand() {
        let text = "[a](x.md) [b](<y z.md#p> 't') ![c [d]](img(1).png) [e][f] [g] \
                    [![h](i.png)](j.md) [[k]] [](l.md)\n\n[f]: m.md 'm.md'\n[g]: <n.md>\n";
        let found = addresses(text, Span::new(0, text.len()));
        let found: Vec<&str> = found.values().map(|span| &text[span.range()]).collect();
        let expected = ["x.md", "y z.md#p", "img(1).png", "m.md", "n.md", "j.md", "i.png", "l.md"];
        assert_eq!(found, expected);
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
