//! What a list or a matrix can be narrowed by. On the page it is a list of
//! links with counts; the theme's script makes it a filter.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Shelf, view};
use crate::id::Kind;
use crate::link::Linked;
use crate::model::EntryIx;
use crate::path::Address;
use crate::vocabulary::Vocabulary;

/// Something that a line belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// An entry, such as a theme.
    Entry(EntryIx),
    /// A word of a vocabulary, such as a status.
    Word(&'a Vocabulary, &'a str),
}

impl<'a> Value<'a> {
    fn id(self, linked: &'a Linked) -> &'a str {
        match self {
            Value::Entry(ix) => linked.handbook.entry(ix).key.id.as_str(),
            Value::Word(_, id) => id,
        }
    }
}

/// A dimension: its name in addresses, and what readers call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Dimension {
    name: &'static str,
    label: &'static str,
}

pub(super) const STATUS: Dimension = Dimension { name: "status", label: "Status" };
pub(super) const THEME: Dimension = Dimension { name: "theme", label: "Theme" };
pub(super) const FORUM: Dimension = Dimension { name: "forum", label: "Forum" };
pub(super) const ACTOR: Dimension = Dimension { name: "actor", label: "Actor" };
pub(super) const KIND: Dimension = Dimension { name: "kind", label: "Kind" };

/// What one line belongs to, by dimension.
pub(super) type Values<'a> = Vec<(Dimension, Vec<Value<'a>>)>;

/// What one line belongs to, as an attribute of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Tag {
    name: &'static str,
    /// Ids, parted by spaces.
    values: String,
}

/// One dimension of a filter.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Group<'a> {
    name: &'static str,
    label: &'static str,
    /// Whether it chooses among the columns of a matrix and not its rows.
    columns: bool,
    choices: Vec<Choice<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct Choice<'a> {
    id: &'a str,
    label: Cow<'a, str>,
    /// Its page, if it has one.
    href: Option<String>,
    /// How many lines belong to it.
    count: usize,
}

/// What a norm belongs to.
pub(super) fn of_norm(linked: &Linked, ix: EntryIx) -> Values<'_> {
    let norm = linked.handbook.norm(ix);
    let statuses = &linked.handbook.config.vocabularies.statuses;
    let status = Value::Word(statuses, linked.handbook.status(norm));
    let entries = |references: &[crate::span::Spanned<crate::parse::reference::Reference>]| {
        let entries = references.iter().filter_map(|reference| linked.refers(ix, reference));
        entries.map(Value::Entry).collect()
    };
    let actors = linked.stances.on(ix).map(|of_actor| Value::Entry(of_actor[0].actor));
    vec![
        (STATUS, vec![status]),
        (THEME, entries(&norm.themes)),
        (FORUM, entries(&norm.forums)),
        (ACTOR, actors.collect()),
    ]
}

/// A line's attributes.
pub(super) fn tags(linked: &Linked, values: &Values<'_>) -> Vec<Tag> {
    let tag = |(dimension, values): &(Dimension, Vec<Value<'_>>)| Tag {
        name: dimension.name,
        values: values.iter().map(|value| value.id(linked)).collect::<Vec<_>>().join(" "),
    };
    values.iter().map(tag).collect()
}

/// The values of a dimension by rank, with how many lines have each.
type Counts<'a> = BTreeMap<usize, (Value<'a>, usize)>;

/// The filter of a list of lines. A dimension that all lines share, or that
/// has one value only, is left out.
pub(super) fn groups<'a>(shelf: &'a Shelf, here: &Address, lines: &[Values<'a>]) -> Vec<Group<'a>> {
    let mut found: BTreeMap<usize, (Dimension, Counts<'a>)> = BTreeMap::new();
    for (place, (dimension, values)) in lines.iter().flat_map(|line| line.iter().enumerate()) {
        let (_, counts) = found.entry(place).or_insert_with(|| (*dimension, BTreeMap::new()));
        for value in values {
            let rank = match value {
                Value::Entry(ix) => shelf.handbook.rank(*ix),
                Value::Word(words, id) => words.rank(id),
            };
            counts.entry(rank).or_insert((*value, 0)).1 += 1;
        }
    }
    let group = |(dimension, counts): (Dimension, Counts<'a>)| Group {
        name: dimension.name,
        label: dimension.label,
        columns: false,
        choices: counts
            .into_values()
            .map(|(value, count)| choice(shelf, here, value, count))
            .collect(),
    };
    found.into_values().map(group).filter(|group| group.choices.len() > 1).collect()
}

/// The group that chooses among the columns of a matrix.
pub(super) fn columns<'a>(
    shelf: &'a Shelf,
    here: &Address,
    of: Dimension,
    all: &[EntryIx],
) -> Group<'a> {
    let choice = |ix: &EntryIx| choice(shelf, here, Value::Entry(*ix), 0);
    let choices = all.iter().map(choice).collect();
    Group { name: of.name, label: of.label, columns: true, choices }
}

fn choice<'a>(shelf: &'a Shelf, here: &Address, value: Value<'a>, count: usize) -> Choice<'a> {
    let id = value.id(shelf);
    match value {
        Value::Word(words, word) => {
            Choice { id, label: words.label(word).into(), href: None, count }
        }
        Value::Entry(ix) => {
            let link = view::short_parts(shelf, here, ix);
            let short = matches!(shelf.handbook.entry(ix).key.kind, Kind::Forum);
            let label = if short { link.label } else { link.title.into() };
            Choice { id, label, href: Some(link.href), count }
        }
    }
}
