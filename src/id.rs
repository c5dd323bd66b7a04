//! Names of entries: the eight kinds, and ids that are safe in every file
//! system and address.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// The kinds of entry that a handbook holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What States or others should do.
    Norm,
    /// A subject that norms belong to.
    Theme,
    /// A body or process where norms are made or discussed.
    Forum,
    /// A document: report, resolution, treaty, position paper.
    Source,
    /// A State, a group of States or an organisation.
    Actor,
    /// What an actor said about norms, in one document at one time.
    Statement,
    /// A word of the glossary.
    Term,
    /// Any other page.
    Page,
}

impl Kind {
    /// Every kind, in the order in which indexes show them.
    pub const ALL: [Kind; 8] = [
        Kind::Norm,
        Kind::Theme,
        Kind::Forum,
        Kind::Source,
        Kind::Actor,
        Kind::Statement,
        Kind::Term,
        Kind::Page,
    ];

    /// The kind's word in references, as in `[[theme:data-security]]`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Norm => "norm",
            Kind::Theme => "theme",
            Kind::Forum => "forum",
            Kind::Source => "source",
            Kind::Actor => "actor",
            Kind::Statement => "statement",
            Kind::Term => "term",
            Kind::Page => "page",
        }
    }

    /// The folder below `content/` that holds the kind's entries; also the
    /// first segment of their addresses, but for pages.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Norm => "norms",
            Kind::Theme => "themes",
            Kind::Forum => "forums",
            Kind::Source => "sources",
            Kind::Actor => "actors",
            Kind::Statement => "statements",
            Kind::Term => "terms",
            Kind::Page => "pages",
        }
    }

    /// The heading of the kind's index page.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Norm => "Norms",
            Kind::Theme => "Themes",
            Kind::Forum => "Forums",
            Kind::Source => "Sources",
            Kind::Actor => "Actors",
            Kind::Statement => "Statements",
            Kind::Term => "Glossary",
            Kind::Page => "Pages",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(name: &str) -> Result<Kind, ()> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or(())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// An entry's name among those of its kind: lower-case Unicode letters,
/// digits, `-` and `.` in non-empty segments with `/` between them; no
/// segment is `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Arc<str>);

impl Id {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the last `/`: the folder, which for norms is the set.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The part after the last `/`.
    pub fn last(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, last)| last)
    }
}

/// Why a text is not an id; prints as the end of a sentence that begins with
/// the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdError {
    /// Nothing stands there, or nothing between two slashes.
    EmptySegment,
    /// A segment is `.` or `..`.
    DotSegment,
    /// A segment ends with a dot, which Windows drops.
    FinalDot,
    /// A segment is the name of a device on Windows, whatever its ending.
    Device(String),
    /// A character that ids do not hold.
    Character(char),
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdError::EmptySegment => f.write_str("has an empty part between slashes"),
            IdError::DotSegment => f.write_str("has a part that is `.` or `..`"),
            IdError::FinalDot => f.write_str("has a part that ends with a dot"),
            IdError::Device(name) => {
                write!(f, "has the part `{name}`, which is the name of a device on Windows")
            }
            IdError::Character(c) if c.is_uppercase() => write!(f, "has the capital letter `{c}`"),
            IdError::Character(' ') => f.write_str("has a space"),
            IdError::Character(c) => write!(f, "has the character `{}`", c.escape_debug()),
        }
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Id, IdError> {
        for segment in text.split('/') {
            if segment.is_empty() {
                return Err(IdError::EmptySegment);
            }
            if segment == "." || segment == ".." {
                return Err(IdError::DotSegment);
            }
            if let Some(c) = segment.chars().find(|&c| !is_id_char(c)) {
                return Err(IdError::Character(c));
            }
            if segment.ends_with('.') {
                return Err(IdError::FinalDot);
            }
            if is_device(segment) {
                return Err(IdError::Device(segment.to_owned()));
            }
        }
        Ok(Id(text.into()))
    }
}

/// Whether Windows takes a file name for a device: `con`, `nul.txt`, `com1`.
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or("").trim_end().to_ascii_lowercase();
    let numbered = |port: &str| {
        let number = stem.strip_prefix(port);
        number.is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

fn is_id_char(c: char) -> bool {
    let letter = c.is_alphabetic() && c.to_lowercase().eq([c]);
    letter || c.is_numeric() || matches!(c, '-' | '.')
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// An entry's full name: its kind and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The kind of entry.
    pub kind: Kind,
    /// Its name among those of its kind.
    pub id: Id,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Norm => write!(f, "{}", self.id),
            kind => write!(f, "{kind}:{}", self.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, error: Option<IdError>) {
        assert_eq!(text.parse::<Id>().err(), error, "{text}");
    }

    #[test]
    fn ids_are_lower_case_segments() {
        check("un-gge-2015/13d", None);
        check("数据/a.b", None);
        check("straße", None);
        check("", Some(IdError::EmptySegment));
        check("a//b", Some(IdError::EmptySegment));
        check("a/../b", Some(IdError::DotSegment));
        check("A", Some(IdError::Character('A')));
        check("a b", Some(IdError::Character(' ')));
        check("a\\b", Some(IdError::Character('\\')));
        check("e\u{301}", Some(IdError::Character('\u{301}')));
        check("a./b", Some(IdError::FinalDot));
        check("a/con", Some(IdError::Device("con".to_owned())));
        check("nul.a/b", Some(IdError::Device("nul.a".to_owned())));
        check("com1", Some(IdError::Device("com1".to_owned())));
        check("com10/conference/lpt", None);
    }

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
    }
}
