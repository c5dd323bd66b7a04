//! The handbook's own words: statuses, forces, kinds of relation and the
//! like, each with a label for the reader.
//!
//! A vocabulary of `normbook.toml` replaces the built-in one of its name; its
//! order is its rank.

use serde::{Serialize, Serializer};

use crate::data::record::{FromNode, Names, Reader, Shape};
use crate::data::{Node, Value};
use crate::record;
use crate::span::Spanned;

/// One word of a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Word {
    /// The id that authors write.
    pub id: String,
    /// What readers see.
    pub label: String,
    /// What readers see from the other side of a relation; without one the
    /// relation is symmetric.
    pub inverse: Option<String>,
    /// A short explanation.
    pub note: Option<String>,
    /// Whether a status says that the norm stands.
    #[serde(rename = "in-force")]
    pub in_force: bool,
}

impl Word {
    /// A word with nothing but a label.
    pub fn plain(id: &str, label: &str) -> Word {
        let (id, label) = (id.to_owned(), label.to_owned());
        Word { id, label, inverse: None, note: None, in_force: false }
    }
}

/// An ordered list of words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    words: Vec<Word>,
}

impl Vocabulary {
    /// The words in order of rank.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The word with this id.
    pub fn find(&self, id: &str) -> Option<&Word> {
        self.words.iter().find(|word| word.id == id)
    }

    /// The place of a word in the order; unknown words come last.
    pub fn rank(&self, id: &str) -> usize {
        self.words.iter().position(|word| word.id == id).unwrap_or(self.words.len())
    }

    /// The label of a word, or the id itself where there is none.
    pub fn label<'a>(&'a self, id: &'a str) -> &'a str {
        self.find(id).map_or(id, |word| &word.label)
    }

    /// The ids in order of rank.
    pub fn ids(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.id.as_str()).collect()
    }

    fn built_in(words: &[(&str, &str)]) -> Vocabulary {
        let word = |&(id, label): &(&str, &str)| Word {
            in_force: matches!(id, "agreed" | "in-force"),
            ..Word::plain(id, label)
        };
        Vocabulary { words: words.iter().map(word).collect() }
    }
}

impl Serialize for Vocabulary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.words.serialize(serializer)
    }
}

record! {
    /// A word of a vocabulary written out: `{ label = "...", note = "..." }`.
    pub struct WordTable {
        /// What readers see.
        label: String,
        /// What readers see from the other side of a relation.
        inverse: Option<String>,
        /// A short explanation.
        note: Option<String>,
        /// Whether a status says that the norm stands; then it cannot be superseded.
        in_force as "in-force": bool,
    }
}

impl FromNode for Word {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Word> {
        let id = field.to_owned();
        match &node.value {
            Value::Scalar(scalar) => Some(Word::plain(&id, &scalar.text)),
            Value::List(_) => {
                reader.wrong(node, field, "a text in quotation marks, or `{ label = \"...\" }`");
                None
            }
            Value::Null | Value::Map(_) => {
                let WordTable { label, inverse, note, in_force } =
                    FromNode::from_node(node, field, reader)?;
                Some(Word { id, label, inverse, note, in_force })
            }
        }
    }

    fn shape(_: Names) -> Shape {
        Shape::Free
    }
}

impl FromNode for Vocabulary {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Vocabulary> {
        let Value::Map(entries) = &node.value else {
            reader.wrong(node, field, "a table of words such as `agreed = \"Agreed\"`");
            return None;
        };
        let word = |(key, node): &(Spanned<String>, Node)| Word::from_node(node, key, reader);
        Some(Vocabulary { words: entries.iter().filter_map(word).collect() })
    }

    fn shape(_: Names) -> Shape {
        Shape::Free
    }
}

/// Every vocabulary of a handbook.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Vocabularies {
    /// The sets of norms: folders below `content/norms/`.
    pub sets: Vocabulary,
    /// How far a norm has come; the first is the default.
    pub statuses: Vocabulary,
    /// What legal force a norm has.
    pub forces: Vocabulary,
    /// The strength of a norm's verb.
    pub modalities: Vocabulary,
    /// To whom a norm speaks.
    pub addressees: Vocabulary,
    /// How a norm relates to another norm or a source.
    pub relations: Vocabulary,
    /// What happens to a norm in its history.
    pub events: Vocabulary,
    /// What a source is.
    pub source_kinds: Vocabulary,
    /// What an actor is.
    pub actor_kinds: Vocabulary,
    /// What an annotation does.
    pub annotation_kinds: Vocabulary,
    /// How an actor stands to a norm.
    pub stances: Vocabulary,
}

impl Vocabularies {
    /// Every vocabulary under the name that it has in `normbook.toml`.
    pub fn all(&self) -> [(&'static str, &Vocabulary); 11] {
        [
            ("sets", &self.sets),
            ("statuses", &self.statuses),
            ("forces", &self.forces),
            ("modalities", &self.modalities),
            ("addressees", &self.addressees),
            ("relations", &self.relations),
            ("events", &self.events),
            ("source-kinds", &self.source_kinds),
            ("actor-kinds", &self.actor_kinds),
            ("annotation-kinds", &self.annotation_kinds),
            ("stances", &self.stances),
        ]
    }

    /// The vocabulary of a name.
    pub fn named(&self, name: &str) -> Option<&Vocabulary> {
        self.all().into_iter().find(|(other, _)| *other == name).map(|(_, words)| words)
    }
}

impl Default for Vocabularies {
    fn default() -> Vocabularies {
        let words = Vocabulary::built_in;
        Vocabularies {
            sets: Vocabulary::default(),
            statuses: words(STATUSES),
            forces: words(FORCES),
            modalities: words(MODALITIES),
            addressees: words(ADDRESSEES),
            relations: built_in_relations(),
            events: words(EVENTS),
            source_kinds: words(SOURCE_KINDS),
            actor_kinds: words(ACTOR_KINDS),
            annotation_kinds: words(ANNOTATION_KINDS),
            stances: words(STANCES),
        }
    }
}

const STATUSES: &[(&str, &str)] = &[
    ("proposed", "Proposed"),
    ("agreed", "Agreed"),
    ("in-force", "In force"),
    ("superseded", "Superseded"),
    ("withdrawn", "Withdrawn"),
];

const FORCES: &[(&str, &str)] = &[
    ("voluntary", "Voluntary, non-binding"),
    ("political", "Political commitment"),
    ("binding", "Legally binding"),
];

const MODALITIES: &[(&str, &str)] = &[
    ("shall", "shall"),
    ("shall-not", "shall not"),
    ("should", "should"),
    ("should-not", "should not"),
    ("may", "may"),
    ("can", "can"),
    ("could", "could"),
    ("requests", "requests"),
    ("declares", "declares"),
];

const ADDRESSEES: &[(&str, &str)] = &[
    ("states", "States"),
    ("international-community", "the international community"),
    ("international-organisations", "international organisations"),
    ("vendors", "suppliers of products and services"),
    ("service-providers", "service providers"),
    ("individuals", "individuals"),
];

const EVENTS: &[(&str, &str)] = &[
    ("proposed", "Proposed"),
    ("adopted", "Adopted"),
    ("issued", "Issued"),
    ("endorsed", "Endorsed"),
    ("welcomed", "Welcomed"),
    ("reaffirmed", "Reaffirmed"),
    ("amended", "Amended"),
    ("superseded", "Superseded"),
    ("withdrawn", "Withdrawn"),
];

const SOURCE_KINDS: &[(&str, &str)] = &[
    ("report", "Report"),
    ("resolution", "Resolution"),
    ("decision", "Decision"),
    ("treaty", "Treaty"),
    ("legislation", "Legislation"),
    ("declaration", "Declaration"),
    ("position-paper", "Position paper"),
    ("statement", "Statement"),
    ("speech", "Speech"),
    ("communique", "Communiqué"),
    ("code-of-conduct", "Code of conduct"),
    ("initiative", "Initiative"),
    ("strategy", "Strategy"),
    ("white-paper", "White paper"),
    ("guidance", "Guidance"),
    ("article", "Article"),
];

const ACTOR_KINDS: &[(&str, &str)] =
    &[("state", "State"), ("group", "Group of States"), ("organisation", "Organisation")];

const ANNOTATION_KINDS: &[(&str, &str)] = &[
    ("interpretation", "Interpretation"),
    ("drafting-history", "Drafting history"),
    ("practice", "Practice"),
    ("implementation", "Implementation"),
    ("controversy", "Controversy"),
    ("terminology", "Terminology"),
    ("editorial", "Editorial"),
];

const STANCES: &[(&str, &str)] = &[
    ("supports", "Supports"),
    ("supports-in-part", "Supports in part"),
    ("reserves", "Reserves its position"),
    ("opposes", "Opposes"),
    ("silent", "Silent"),
];

fn built_in_relations() -> Vocabulary {
    const RELATIONS: &[(&str, &str, Option<&str>)] = &[
        ("parallels", "Parallels", None),
        ("implements", "Implements", Some("Implemented by")),
        ("extends", "Extends", Some("Extended by")),
        ("contrasts-with", "Contrasts with", None),
        ("cites", "Cites", Some("Cited by")),
        ("reaffirms", "Reaffirms", Some("Reaffirmed by")),
        ("supersedes", "Supersedes", Some("Superseded by")),
        ("amends", "Amends", Some("Amended by")),
        ("derives-from", "Derives from", Some("Source of")),
        ("requires", "Requires", Some("Required by")),
    ];
    let word = |&(id, label, inverse): &(&str, &str, Option<&str>)| Word {
        inverse: inverse.map(str::to_owned),
        ..Word::plain(id, label)
    };
    Vocabulary { words: RELATIONS.iter().map(word).collect() }
}
