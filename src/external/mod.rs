//! The outside links of a handbook: which there are, and what it means when
//! somebody has asked for them.
//!
//! Comes in: the resolved handbook, and an [`Answer`] for each address. Goes
//! out: a [`Diagnostic`] for every place that names an address which is dead,
//! has moved, or cannot be told. Only [`ask`] touches the network; what was
//! good lately need not be asked again ([`cache`]).

pub mod answer;
pub mod ask;
pub mod cache;

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::Event;
use url::Url;

use self::answer::{Answer, Meaning};
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::link::Linked;
use crate::model::words;
use crate::parse::Doc;
use crate::parse::markdown::{self, Link};
use crate::path::SourcePath;
use crate::span::Span;

/// An address on the web where an author wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside<'a> {
    path: &'a SourcePath,
    span: Span,
    written: String,
    /// The archived copy that the entry names beside it.
    archived: Option<&'a str>,
}

impl Outside<'_> {
    /// What servers are asked for: the address without its anchor. Nothing
    /// when it cannot be read as an address.
    pub fn asked(&self) -> Option<String> {
        let mut url = Url::parse(&self.written).ok()?;
        url.set_fragment(None);
        Some(url.into())
    }
}

/// All outside links of a handbook's entries, in the order of its files: the
/// fields that hold addresses, and links and pictures in the Markdown.
pub fn links(linked: &Linked) -> Vec<Outside<'_>> {
    let mut found = Vec::new();
    for (_, entry) in linked.handbook.all() {
        of_fields(&entry.doc, &mut found);
        of_body(&entry.doc, &mut found);
    }
    found.sort_by_key(|link| (link.path, link.span));
    found
}

/// The addresses that are to be asked, each once.
pub fn addresses(links: &[Outside<'_>]) -> BTreeSet<String> {
    links.iter().filter_map(Outside::asked).collect()
}

fn of_fields<'a>(doc: &'a Doc, found: &mut Vec<Outside<'a>>) {
    let [url, archived] = words::addresses(&doc.meta);
    let copy = archived.map(|archived| archived.value.as_str());
    for (field, archived) in [(url, copy), (archived, None)] {
        let Some(field) = field else { continue };
        let written = field.value.clone();
        found.push(Outside { path: &doc.path, span: field.span, written, archived });
    }
}

fn of_body<'a>(doc: &'a Doc, found: &mut Vec<Outside<'a>>) {
    let text = &doc.text;
    let mut places = None;
    for (event, span) in markdown::events(text, doc.body.span) {
        let Event::Start(tag) = event else { continue };
        let Some(Link::Plain(address) | Link::Image(address)) =
            markdown::classify(&tag, &text[span.range()])
        else {
            continue;
        };
        if !is_on_the_web(address) {
            continue;
        }
        // Most bodies have no such link, so the places are looked for late.
        let places = places.get_or_insert_with(|| markdown::addresses(text, doc.body.span));
        // `<https://...>` is its own address.
        let span = places.get(&span).copied().unwrap_or(span);
        let written = address.to_owned();
        found.push(Outside { path: &doc.path, span, written, archived: None });
    }
}

fn is_on_the_web(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// Says what is wrong with each link, by what its address answered. A link
/// without an answer is taken for good.
pub fn judge(links: &[Outside<'_>], answers: &BTreeMap<String, Answer>) -> Vec<Diagnostic> {
    links.iter().filter_map(|link| diagnostic(link, answers)).collect()
}

fn diagnostic(link: &Outside<'_>, answers: &BTreeMap<String, Answer>) -> Option<Diagnostic> {
    let at = At::new(link.path, link.span);
    let written = link.written.as_str();
    let Some(asked) = link.asked() else {
        let why = "it is no address that a browser can read";
        return Some(catalog::dead_external_link(at, written, why, link.archived));
    };
    match answers.get(&asked)?.meaning() {
        Meaning::Good => None,
        Meaning::Moved(to) => {
            // Browsers keep the anchor when the new address has none.
            let anchor = written.find('#').filter(|_| !to.contains('#'));
            let to = format!("{to}{}", anchor.map_or("", |at| &written[at..]));
            Some(catalog::moved_external_link(at, written, &to))
        }
        Meaning::Dead(why) => Some(catalog::dead_external_link(at, written, &why, link.archived)),
        Meaning::Unsure(why) => Some(catalog::unsure_external_link(at, written, &why)),
    }
}
