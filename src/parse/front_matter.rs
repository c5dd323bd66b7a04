//! The front matter of every kind of entry.
//!
//! Comes in: the YAML between the two `---` lines. Goes out: a [`Meta`].
//! A field is one documented line of its kind's struct; its type validates
//! it, and templates see it under its name. Only a field that refers to
//! something, or takes a word of a vocabulary, is also listed in
//! [`crate::link::target`] or [`crate::model::words`].

use serde::{Serialize, Serializer};

use super::reference::Reference;
use crate::data::record::{Extra, Field, FromNode, Names, Reader, Several, Shape};
use crate::data::{Node, Value};
use crate::date::PartialDate;
use crate::id::Kind;
use crate::record;
use crate::span::Spanned;

record! {
    /// The front matter of a norm.
    pub struct Norm {
        /// The norm's name.
        title: Spanned<String>,
        /// Another id than the file's path gives.
        id: Option<Spanned<String>> = Names::Id,
        /// The number as printed, such as `13(d)`.
        number: Option<String>,
        /// One plain sentence, marked as editorial on the page.
        summary: Option<String>,
        /// How far the norm has come: a word of `statuses`.
        status: Option<Spanned<String>> = Names::Word("statuses"),
        /// The legal force: a word of `forces`.
        force: Option<Spanned<String>> = Names::Word("forces"),
        /// The strength of the norm's verb: a word of `modalities`.
        modality: Option<Spanned<String>> = Names::Word("modalities"),
        /// To whom the norm speaks: words of `addressees`.
        addressees: Vec<Spanned<String>> = Names::Word("addressees"),
        /// The themes it belongs to, by id.
        themes: Vec<Spanned<Reference>> = Names::Entry(&[Kind::Theme]),
        /// The forums where it was made or is discussed, by id.
        forums: Vec<Spanned<Reference>> = Names::Entry(&[Kind::Forum]),
        /// When it was adopted or put forward.
        date: Option<PartialDate>,
        /// The document that carries the text.
        source: Option<SourceRef>,
        /// Further documents.
        sources: Vec<SourceRef>,
        /// How the norm relates to other norms and to sources, stated on one side
        /// only.
        relations: Vec<Relation>,
        /// What happened to the norm.
        history: Vec<HistoryEvent>,
        /// Old addresses that must keep working.
        aliases: Vec<Spanned<String>>,
        /// The last editorial review.
        reviewed: Option<PartialDate>,
        /// Who worked on the entry.
        contributors: Vec<String>,
        /// Left out of the site, unless drafts are asked for.
        draft: bool,
        /// The position within its folder.
        order: Option<i64>,
        /// Free data for templates.
        extra: Extra,
    }
}

record! {
    /// A relation of a norm.
    pub struct Relation {
        /// The kind: a word of `relations`.
        r#type: Spanned<String> = Names::Word("relations"),
        /// The norm or source it leads to.
        to: Spanned<Reference> = Names::Entry(&[Kind::Norm, Kind::Source]),
        /// Why, in a sentence.
        note: Option<String>,
    }
}

record! {
    /// Something that happened to a norm.
    pub struct HistoryEvent {
        /// When.
        date: Option<PartialDate>,
        /// What: a word of `events`.
        event: Spanned<String> = Names::Word("events"),
        /// In which forum.
        forum: Option<Spanned<Reference>> = Names::Entry(&[Kind::Forum]),
        /// Which document says so.
        source: Option<SourceRef>,
        /// More, in a sentence.
        note: Option<String>,
    }
}

record! {
    /// The front matter of a theme.
    pub struct Theme {
        /// The theme's name.
        title: Spanned<String>,
        /// Another id than the file's path gives.
        id: Option<Spanned<String>> = Names::Id,
        /// One plain sentence.
        summary: Option<String>,
        /// The position among the themes.
        order: Option<i64>,
        /// The wider theme that holds this one.
        broader: Option<Spanned<Reference>> = Names::Entry(&[Kind::Theme]),
        /// Old addresses that must keep working.
        aliases: Vec<Spanned<String>>,
        /// Left out of the site, unless drafts are asked for.
        draft: bool,
        /// Free data for templates.
        extra: Extra,
    }
}

record! {
    /// The front matter of a forum.
    pub struct Forum {
        /// The forum's full name.
        title: Spanned<String>,
        /// Another id than the file's path gives.
        id: Option<Spanned<String>> = Names::Id,
        /// One plain sentence.
        summary: Option<String>,
        /// The short name.
        abbreviation: Option<String>,
        /// When it began.
        established: Option<PartialDate>,
        /// When it ended.
        ended: Option<PartialDate>,
        /// The document that set it up.
        mandate: Option<SourceRef>,
        /// Who belongs to it: text, or a list of actors.
        members: Option<Members> = Names::Entry(&[Kind::Actor]),
        /// The body it belongs to.
        parent: Option<Spanned<Reference>> = Names::Entry(&[Kind::Forum]),
        /// Its own site.
        url: Option<Spanned<String>> = Names::Web,
        /// What happened in it.
        events: Vec<ForumEvent>,
        /// The position among the forums.
        order: Option<i64>,
        /// Old addresses that must keep working.
        aliases: Vec<Spanned<String>>,
        /// Left out of the site, unless drafts are asked for.
        draft: bool,
        /// Free data for templates.
        extra: Extra,
    }
}

record! {
    /// Something that happened in a forum.
    pub struct ForumEvent {
        /// When.
        date: Option<PartialDate>,
        /// What.
        title: String,
        /// Which document says so.
        source: Option<SourceRef>,
    }
}

record! {
    /// The front matter of a source.
    pub struct SourceDocument {
        /// The document's title.
        title: Spanned<String>,
        /// Another id than the file's path gives.
        id: Option<Spanned<String>> = Names::Id,
        /// One plain sentence.
        summary: Option<String>,
        /// What it is: a word of `source-kinds`.
        kind: Option<Spanned<String>> = Names::Word("source-kinds"),
        /// Who wrote it: actors by id, others by name.
        authors: Vec<Spanned<String>> = Names::EntryOrText(Kind::Actor),
        /// The document's symbol, such as `A/70/174`.
        symbol: Option<String>,
        /// The date of the document.
        date: Option<PartialDate>,
        /// The date of its publication.
        published: Option<PartialDate>,
        /// Who published it.
        publisher: Option<String>,
        /// Where it can be read.
        url: Option<Spanned<String>> = Names::Web,
        /// An archived copy.
        archived: Option<Spanned<String>> = Names::Web,
        /// When the address was last seen to work.
        accessed: Option<PartialDate>,
        /// The language of the copy that is held (BCP 47).
        language: Option<String>,
        /// The document that this one replaces.
        supersedes: Option<Spanned<Reference>> = Names::Entry(&[Kind::Source]),
        /// What part of it is held.
        partial: Option<String>,
        /// The position among the sources.
        order: Option<i64>,
        /// Old addresses that must keep working.
        aliases: Vec<Spanned<String>>,
        /// Left out of the site, unless drafts are asked for.
        draft: bool,
        /// Free data for templates.
        extra: Extra,
    }
}

record! {
    /// The front matter of an actor.
    pub struct Actor {
        /// The actor's name.
        title: Spanned<String>,
        /// Another id than the file's path gives.
        id: Option<Spanned<String>> = Names::Id,
        /// One plain sentence.
        summary: Option<String>,
        /// What it is: a word of `actor-kinds`.
        kind: Option<Spanned<String>> = Names::Word("actor-kinds"),
        /// The State's code (ISO 3166-1 alpha-2).
        code: Option<Spanned<String>> = Names::State,
        /// Who belongs to a group, and since when.
        members: Vec<Membership>,
        /// Its own site.
        url: Option<Spanned<String>> = Names::Web,
        /// The position among the actors.
        order: Option<i64>,
        /// Old addresses that must keep working.
        aliases: Vec<Spanned<String>>,
        /// Left out of the site, unless drafts are asked for.
        draft: bool,
        /// Free data for templates.
        extra: Extra,
    }
}

record! {
    /// One actor's membership of a group.
    pub struct Membership {
        /// The member.
        actor: Spanned<Reference> = Names::Entry(&[Kind::Actor]),
        /// Since when.
        from: Option<PartialDate>,
        /// Until when.
        to: Option<PartialDate>,
    }
}

record! {
    /// The front matter of a statement.
    pub struct Statement {
        /// What the statement is called.
        title: Spanned<String>,
        /// Another id than the file's path gives.
        id: Option<Spanned<String>> = Names::Id,
        /// One plain sentence.
        summary: Option<String>,
        /// Who made it.
        actors: Several<Spanned<Reference>> = Names::Entry(&[Kind::Actor]),
        /// When.
        date: Option<PartialDate>,
        /// In which forum.
        forum: Option<Spanned<Reference>> = Names::Entry(&[Kind::Forum]),
        /// The document that carries it.
        source: Option<SourceRef>,
        /// What it says about norms.
        positions: Vec<Position>,
        /// The position among the statements of a day.
        order: Option<i64>,
        /// Old addresses that must keep working.
        aliases: Vec<Spanned<String>>,
        /// Left out of the site, unless drafts are asked for.
        draft: bool,
        /// Free data for templates.
        extra: Extra,
    }
}

record! {
    /// What a statement says about one norm.
    pub struct Position {
        /// The norm.
        on: Spanned<Reference> = Names::Entry(&[Kind::Norm]),
        /// For or against: a word of `stances`.
        stance: Spanned<String> = Names::Word("stances"),
        /// A short quotation.
        quote: Option<String>,
        /// The place in the statement's source.
        locator: Option<String>,
        /// More, in a sentence.
        note: Option<String>,
    }
}

record! {
    /// The front matter of a term.
    pub struct Term {
        /// The word.
        title: Spanned<String>,
        /// Another id than the file's path gives.
        id: Option<Spanned<String>> = Names::Id,
        /// One plain sentence.
        summary: Option<String>,
        /// Other spellings.
        also: Vec<String>,
        /// Where the definition comes from.
        source: Option<SourceRef>,
        /// Old addresses that must keep working.
        aliases: Vec<Spanned<String>>,
        /// Left out of the site, unless drafts are asked for.
        draft: bool,
        /// Free data for templates.
        extra: Extra,
    }
}

record! {
    /// The front matter of a free page.
    pub struct FreePage {
        /// The page's title.
        title: Spanned<String>,
        /// Another id than the file's path gives.
        id: Option<Spanned<String>> = Names::Id,
        /// One plain sentence.
        summary: Option<String>,
        /// The position in the main navigation and among the pages.
        order: Option<i64>,
        /// Whether it stands in the main navigation.
        menu: bool,
        /// Old addresses that must keep working.
        aliases: Vec<Spanned<String>>,
        /// Left out of the site, unless drafts are asked for.
        draft: bool,
        /// Free data for templates.
        extra: Extra,
    }
}

/// A source and the place in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceRef {
    /// The source.
    pub r#ref: Spanned<Reference>,
    /// The place in it, such as `para. 13(d)`.
    pub locator: Option<String>,
}

record! {
    /// A source written out: `{ref: a-70-174, locator: para. 13(d)}`.
    pub struct SourceRefTable {
        /// The source.
        r#ref: Spanned<Reference> = Names::Entry(&[Kind::Source]),
        /// The place in it.
        locator: Option<String>,
    }
}

impl FromNode for SourceRef {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<SourceRef> {
        if let Value::Map(_) = node.value {
            let SourceRefTable { r#ref, locator } = FromNode::from_node(node, field, reader)?;
            return Some(SourceRef { r#ref, locator });
        }
        if let Value::List(_) = node.value {
            reader.wrong(node, field, "one source: its id, or `{ref: id, locator: para. 1}`");
            return None;
        }
        let r#ref = FromNode::from_node(node, field, reader)?;
        Some(SourceRef { r#ref, locator: None })
    }

    fn shape(_: Names) -> Shape {
        let id = Shape::Text(Names::Entry(&[Kind::Source]));
        Shape::Either(Box::new(id), Box::new(Shape::Fields(SourceRefTable::FIELDS)))
    }
}

/// Who belongs to a forum.
#[derive(Clone, Debug, PartialEq)]
pub enum Members {
    /// Described in words.
    Text(String),
    /// Listed by id.
    Actors(Vec<Spanned<Reference>>),
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Members::Text(text) => text.serialize(serializer),
            Members::Actors(actors) => actors.serialize(serializer),
        }
    }
}

impl FromNode for Members {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Members> {
        match node.value {
            Value::List(_) => FromNode::from_node(node, field, reader).map(Members::Actors),
            Value::Scalar(_) => FromNode::from_node(node, field, reader).map(Members::Text),
            Value::Null | Value::Map(_) => {
                reader.wrong(node, field, "text or a list of actor ids");
                None
            }
        }
    }

    fn shape(names: Names) -> Shape {
        let list = Shape::List { item: Box::new(Shape::Text(names)), empty: true };
        Shape::Either(Box::new(list), Box::new(Shape::Text(Names::Nothing)))
    }
}

/// The front matter of an entry of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Meta {
    /// Of a norm.
    Norm(Box<Norm>),
    /// Of a theme.
    Theme(Box<Theme>),
    /// Of a forum.
    Forum(Box<Forum>),
    /// Of a source.
    Source(Box<SourceDocument>),
    /// Of an actor.
    Actor(Box<Actor>),
    /// Of a statement.
    Statement(Box<Statement>),
    /// Of a term.
    Term(Box<Term>),
    /// Of a free page.
    Page(Box<FreePage>),
}

/// What every kind's front matter has, read the same way for all kinds.
#[derive(Clone, Copy, Debug)]
pub struct Common<'a> {
    /// The entry's name.
    pub title: &'a Spanned<String>,
    /// The id that the author gave.
    pub id: Option<&'a Spanned<String>>,
    /// One plain sentence.
    pub summary: Option<&'a str>,
    /// The position among its like.
    pub order: Option<i64>,
    /// Old addresses.
    pub aliases: &'a [Spanned<String>],
    /// Whether it is a draft.
    pub draft: bool,
}

macro_rules! common {
    ($meta:expr, $order:expr) => {
        Common {
            title: &$meta.title,
            id: $meta.id.as_ref(),
            summary: $meta.summary.as_deref(),
            order: $order,
            aliases: &$meta.aliases,
            draft: $meta.draft,
        }
    };
}

impl Meta {
    /// Reads the front matter of an entry of a kind; answers nothing when it
    /// is not even a map.
    pub fn read(kind: Kind, node: &Node, reader: &mut Reader<'_>) -> Option<Meta> {
        let name = "the front matter";
        Some(match kind {
            Kind::Norm => Meta::Norm(Box::new(FromNode::from_node(node, name, reader)?)),
            Kind::Theme => Meta::Theme(Box::new(FromNode::from_node(node, name, reader)?)),
            Kind::Forum => Meta::Forum(Box::new(FromNode::from_node(node, name, reader)?)),
            Kind::Source => Meta::Source(Box::new(FromNode::from_node(node, name, reader)?)),
            Kind::Actor => Meta::Actor(Box::new(FromNode::from_node(node, name, reader)?)),
            Kind::Statement => Meta::Statement(Box::new(FromNode::from_node(node, name, reader)?)),
            Kind::Term => Meta::Term(Box::new(FromNode::from_node(node, name, reader)?)),
            Kind::Page => Meta::Page(Box::new(FromNode::from_node(node, name, reader)?)),
        })
    }

    /// The fields that the front matter of a kind may hold.
    pub fn fields(kind: Kind) -> &'static [Field] {
        match kind {
            Kind::Norm => Norm::FIELDS,
            Kind::Theme => Theme::FIELDS,
            Kind::Forum => Forum::FIELDS,
            Kind::Source => SourceDocument::FIELDS,
            Kind::Actor => Actor::FIELDS,
            Kind::Statement => Statement::FIELDS,
            Kind::Term => Term::FIELDS,
            Kind::Page => FreePage::FIELDS,
        }
    }

    /// The kind of entry.
    pub fn kind(&self) -> Kind {
        match self {
            Meta::Norm(_) => Kind::Norm,
            Meta::Theme(_) => Kind::Theme,
            Meta::Forum(_) => Kind::Forum,
            Meta::Source(_) => Kind::Source,
            Meta::Actor(_) => Kind::Actor,
            Meta::Statement(_) => Kind::Statement,
            Meta::Term(_) => Kind::Term,
            Meta::Page(_) => Kind::Page,
        }
    }

    /// What every kind has.
    pub fn common(&self) -> Common<'_> {
        match self {
            Meta::Norm(norm) => common!(norm, norm.order),
            Meta::Theme(theme) => common!(theme, theme.order),
            Meta::Forum(forum) => common!(forum, forum.order),
            Meta::Source(source) => common!(source, source.order),
            Meta::Actor(actor) => common!(actor, actor.order),
            Meta::Statement(statement) => common!(statement, statement.order),
            Meta::Term(term) => common!(term, None),
            Meta::Page(page) => common!(page, page.order),
        }
    }
}

impl Serialize for Meta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Meta::Norm(norm) => norm.serialize(serializer),
            Meta::Theme(theme) => theme.serialize(serializer),
            Meta::Forum(forum) => forum.serialize(serializer),
            Meta::Source(source) => source.serialize(serializer),
            Meta::Actor(actor) => actor.serialize(serializer),
            Meta::Statement(statement) => statement.serialize(serializer),
            Meta::Term(term) => term.serialize(serializer),
            Meta::Page(page) => page.serialize(serializer),
        }
    }
}
