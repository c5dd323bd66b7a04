//! What matters of one file of the site: its anchors and its links.
//!
//! Comes in: a file's bytes. Goes out: [`Facts`]. Pages and pictures are read
//! by a real HTML tokenizer, so that what is found is what a browser finds.

use std::cell::RefCell;
use std::collections::BTreeSet;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, RawKind::*};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::css;
use crate::path::Address;

/// What matters of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The anchors; nothing when the file is no page.
    pub(super) ids: Option<BTreeSet<String>>,
    /// The links in the order of the file.
    pub(super) links: Vec<Link>,
    /// The address of a `<base>`, against which links are resolved.
    pub(super) base: Option<String>,
}

/// One address in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The address as the browser reads it.
    pub(super) target: String,
    /// What the browser does with it.
    pub(super) usage: Usage,
}

/// What a browser does with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usage {
    /// A reader may follow it.
    Followed,
    /// The browser loads it or goes there by itself.
    Loaded,
    /// It only says where the page is published.
    Stated,
}

/// Reads a file of the site.
pub(super) fn read(address: &Address, bytes: &[u8]) -> Facts {
    let name = address.as_str();
    let text = || String::from_utf8_lossy(bytes);
    if name.ends_with(".css") {
        return Facts { links: loaded(&text()), ..Facts::default() };
    }
    let page = [".html", ".htm", ".svg", ".xml"].iter().any(|ending| name.ends_with(ending));
    if page { html(&text(), name.ends_with(".xml")) } else { Facts::default() }
}

/// What a stylesheet loads.
fn loaded(text: &str) -> Vec<Link> {
    let addresses = css::addresses(text).into_iter();
    addresses.map(|target| Link { target, usage: Usage::Loaded }).collect()
}

fn html(text: &str, stated: bool) -> Facts {
    let facts = Facts { ids: Some(BTreeSet::new()), ..Facts::default() };
    let sink = Sink { facts: RefCell::new(facts), in_style: RefCell::new(None) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    // The tokenizer pauses after each script, whose text it has passed over.
    while !input.is_empty() {
        drop(tokenizer.feed(&input));
    }
    tokenizer.end();
    let mut facts = tokenizer.sink.facts.into_inner();
    if stated {
        facts.links.iter_mut().for_each(|link| link.usage = Usage::Stated);
    }
    facts
}

/// Takes the tokens of a page.
struct Sink {
    facts: RefCell<Facts>,
    /// The text of an open `<style>`.
    in_style: RefCell<Option<String>>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                element(&mut self.facts.borrow_mut(), &tag);
                if &*tag.name == "style" {
                    *self.in_style.borrow_mut() = Some(String::new());
                }
                match raw(&tag.name) {
                    Some(kind) => TokenSinkResult::RawData(kind),
                    None => TokenSinkResult::Continue,
                }
            }
            Token::TagToken(_) => {
                if let Some(style) = self.in_style.borrow_mut().take() {
                    self.facts.borrow_mut().links.extend(loaded(&style));
                }
                TokenSinkResult::Continue
            }
            Token::CharacterTokens(text) => {
                if let Some(style) = self.in_style.borrow_mut().as_mut() {
                    style.push_str(&text);
                }
                TokenSinkResult::Continue
            }
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => TokenSinkResult::Continue,
        }
    }
}

/// The elements whose content is no mark-up.
fn raw(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(Rawtext),
        "title" | "textarea" => Some(Rcdata),
        _ => None,
    }
}

/// Takes what one element says.
fn element(facts: &mut Facts, tag: &Tag) {
    let get = |name: &str| {
        let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
        found.map(|attribute| attribute.value.trim().to_owned())
    };
    let name = &*tag.name;
    if let Some(ids) = &mut facts.ids {
        ids.extend(get("id"));
        // The older form of an anchor.
        ids.extend(get("name").filter(|_| name == "a"));
    }
    if name == "base" {
        facts.base = get("href").or_else(|| facts.base.take());
        return;
    }
    let mut take = |target: Option<String>, usage| {
        facts.links.extend(target.map(|target| Link { target, usage }));
    };
    let usage = usage(name, &get("rel").unwrap_or_default());
    take(get("href").or_else(|| get("xlink:href")), usage);
    for attribute in ["src", "data", "poster", "background", "action", "formaction", "manifest"] {
        // `data` is an address on one element only.
        take(get(attribute).filter(|_| attribute != "data" || name == "object"), Usage::Loaded);
    }
    let pings = get("ping").unwrap_or_default();
    pings.split_whitespace().for_each(|ping| take(Some(ping.to_owned()), Usage::Loaded));
    for set in [get("srcset"), get("imagesrcset")].into_iter().flatten() {
        srcset(&set).for_each(|image| take(Some(image.to_owned()), Usage::Loaded));
    }
    if get("http-equiv").is_some_and(|what| what.eq_ignore_ascii_case("refresh")) {
        take(get("content").as_deref().and_then(refresh), Usage::Loaded);
    }
    if let Some(style) = get("style") {
        facts.links.extend(loaded(&style));
    }
}

/// The addresses in a list of images, which may hold commas themselves, as
/// those with the scheme `data` do (HTML, section 4.8.4.3.10).
fn srcset(set: &str) -> impl Iterator<Item = &str> {
    let mut rest = set;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (image, after) = rest.split_at(end);
        // Without a comma at its end its width or density follows.
        rest = match image.ends_with(',') {
            true => after,
            false => after.split_once(',').map_or("", |(_, next)| next),
        };
        Some(image.trim_end_matches(',')).filter(|image| !image.is_empty())
    })
}

/// What a browser does with the `href` of an element.
fn usage(name: &str, rel: &str) -> Usage {
    let published = ["canonical", "alternate", "license", "author", "help", "prev", "next"];
    match name {
        "a" | "area" => Usage::Followed,
        "link" if rel.split_whitespace().any(|rel| published.contains(&rel)) => Usage::Stated,
        _ => Usage::Loaded,
    }
}

/// The address in `0; url=address`.
fn refresh(content: &str) -> Option<String> {
    let at = content.to_ascii_lowercase().find("url")?;
    let address = content[at + 3..].trim_start().strip_prefix('=')?;
    Some(address.trim().trim_matches(['"', '\'']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, usage: Usage, targets: &[&str]) {
        let facts = read(&Address::file("a.html"), text.as_bytes());
        let links = facts.links.iter().filter(|link| link.usage == usage);
        assert_eq!(links.map(|link| link.target.as_str()).collect::<Vec<_>>(), targets, "{text}");
    }

    #[test]
    fn whatever_a_browser_loads_is_found() {
        check(
            "<img src=a srcset='b 2x, c 3x'><script src=d></script>",
            Usage::Loaded,
            &["a", "b", "c", "d"],
        );
        check(
            "<img srcset=' a, data:image/gif;base64,R0lG 2x,b 100w , c,'>",
            Usage::Loaded,
            &["a", "data:image/gif;base64,R0lG", "b", "c"],
        );
        check("<link rel=stylesheet href=a><iframe src=b></iframe>", Usage::Loaded, &["a", "b"]);
        check("<object data=a></object><video poster=b>", Usage::Loaded, &["a", "b"]);
        check("<svg><use xlink:href='a#b'/><image href=c>", Usage::Loaded, &["a#b", "c"]);
        check(
            "<style>p { background: url(a) }</style><p style='background:url(b)'>",
            Usage::Loaded,
            &["a", "b"],
        );
        check(
            "<meta http-equiv=Refresh content='0; URL=a'><form action=b>",
            Usage::Loaded,
            &["a", "b"],
        );
        check("<a href=x ping='a b'>", Usage::Loaded, &["a", "b"]);
    }

    #[test]
    fn what_is_no_mark_up_is_passed_over() {
        let text = "<!-- <img src=a> --><script>'<img src=b>'</script><textarea><img src=c></textarea>\
                    <title><img src=d></title><img src='e&amp;f'>";
        check(text, Usage::Loaded, &["e&f"]);
        check(text, Usage::Followed, &[]);
    }

    #[test]
    fn links_and_statements_are_told_apart() {
        let text = "<a href=a><area href=b><link rel='canonical' href=c><link rel=icon href=d>";
        check(text, Usage::Followed, &["a", "b"]);
        check(text, Usage::Stated, &["c"]);
        check(text, Usage::Loaded, &["d"]);
    }

    #[test]
    fn anchors_are_found() {
        let facts = read(&Address::file("a.html"), b"<p id=a><a name='b c'><i ID='&eacute;'>");
        let ids: Vec<String> = facts.ids.expect("a page").into_iter().collect();
        assert_eq!(ids, ["a", "b c", "é"]);
    }
}
