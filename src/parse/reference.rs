//! The names by which entries refer to each other: `id`, `kind:id`,
//! `id#anchor`; and citations, `@source-id, locator; @other`.
//!
//! Nothing is looked up here; that is [`crate::link`]'s work.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::data::Node;
use crate::data::record::{FromNode, Names, Reader, Shape};
use crate::id::Kind;
use crate::kept::exact;
use crate::span::{Span, Spanned};

/// The name of another entry, perhaps with its kind and an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The kind, when the author gave it.
    pub kind: Option<Kind>,
    /// The id and, after `#`, the anchor. There are very many references, and
    /// few have an anchor.
    name: Box<str>,
}

impl Reference {
    /// The id as written; empty when only an anchor was given.
    pub fn id(&self) -> &str {
        self.name.split_once('#').map_or(&self.name, |(id, _)| id)
    }

    /// The anchor without its `#`.
    pub fn anchor(&self) -> Option<&str> {
        self.name.split_once('#').map(|(_, anchor)| anchor)
    }
}

impl FromStr for Reference {
    type Err = std::convert::Infallible;

    /// Every text is a reference to something; whether it exists is asked
    /// later, so that a mistake gets a message with the nearest names.
    fn from_str(text: &str) -> Result<Reference, Self::Err> {
        let text = text.trim();
        let (name, anchor) = match text.split_once('#') {
            Some((name, anchor)) => (name.trim(), Some(anchor.trim())),
            None => (text, None),
        };
        let (kind, id) = match name.split_once(':') {
            Some((kind, id)) if kind.trim().parse::<Kind>().is_ok() => {
                (kind.trim().parse().ok(), id.trim())
            }
            _ => (None, name),
        };
        let id = id.trim_end_matches('/');
        let name = anchor.map_or_else(|| id.into(), |anchor| [id, "#", anchor].concat().into());
        Ok(Reference { kind, name })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(kind) = self.kind {
            write!(f, "{kind}:")?;
        }
        f.write_str(&self.name)
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromNode for Reference {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Reference> {
        String::from_node(node, field, reader)?.parse().ok()
    }

    fn shape(names: Names) -> Shape {
        Shape::Text(names)
    }
}

/// One source cited in `[@...]`, with the place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The source, and where its name stands in the file.
    pub source: Spanned<Reference>,
    /// The place in the source, such as `para. 13(d)`; without mark-up.
    pub locator: Option<Box<str>>,
}

/// Reads the citations of `text`, which is what stands between the brackets
/// of `[@a, p. 3; @b]` and begins at `offset` in the file. A part without
/// `@` belongs to the locator before it.
pub fn citations(text: &str, offset: usize) -> Box<[Citation]> {
    let mut citations: Vec<Citation> = Vec::new();
    let mut at = offset;
    for part in text.split(';') {
        let start = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        match part.trim().strip_prefix('@') {
            Some(rest) => citations.push(citation(rest, start + 1)),
            None => extend_locator(citations.last_mut(), part),
        }
    }
    exact(citations)
}

fn citation(text: &str, offset: usize) -> Citation {
    let (name, locator) = match text.split_once(',') {
        Some((name, locator)) => (name, Some(locator)),
        None => (text, None),
    };
    let span = Span::new(offset, offset + name.trim_end().len());
    let Ok(mut reference) = name.parse::<Reference>();
    reference.kind = Some(Kind::Source);
    let locator = locator.map(one_line).filter(|locator| !locator.is_empty());
    Citation { source: Spanned::new(reference, span), locator }
}

fn extend_locator(citation: Option<&mut Citation>, part: &str) {
    let Some(citation) = citation else { return };
    let part = one_line(part);
    citation.locator = Some(match citation.locator.take() {
        Some(locator) => [&*locator, "; ", &part].concat().into(),
        None => part,
    });
}

fn one_line(text: &str) -> Box<str> {
    text.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, kind: Option<Kind>, id: &str, anchor: Option<&str>) {
        let Ok(reference) = text.parse::<Reference>();
        let found = (reference.kind, reference.id(), reference.anchor());
        assert_eq!(found, (kind, id, anchor), "{text}");
    }

    #[test]
    fn references_have_kind_id_and_anchor() {
        check("un-gge-2015/13d", None, "un-gge-2015/13d", None);
        check("theme:data-security", Some(Kind::Theme), "data-security", None);
        check(" a # p1 ", None, "a", Some("p1"));
        check("#p1", None, "", Some("p1"));
        check("rfc:2119", None, "rfc:2119", None);
    }

    #[test]
    fn citations_know_their_places() {
        let found = citations("@a, para. 13(d); 14; @b", 10);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].source.span, Span::new(11, 12));
        assert_eq!(found[0].locator.as_deref(), Some("para. 13(d); 14"));
        assert_eq!(found[1].source.span, Span::new(32, 33));
        assert_eq!(found[1].locator, None);
    }
}
