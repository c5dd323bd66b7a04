//! Skeletons: the first text of a new entry.
//!
//! Comes in: the entry's name and the handbook it is for. Goes out: a front
//! matter with the fields that matter, each below its documentation and the
//! handbook's own words for it. A field that needs a decision stands in a
//! comment; without its `# ` it is valid.

use crate::data::record::{Field, Names, Shape};
use crate::id::{Key, Kind};
use crate::model::Handbook;
use crate::parse::front_matter::Meta;

/// More names than fit a line that one reads.
const SHOWN: usize = 12;

/// How a field stands in a skeleton.
enum Line {
    /// With the entry's own title.
    Title,
    /// As it is.
    Given(&'static str),
    /// With the first of the handbook's words.
    First,
    /// In a comment.
    Aside(&'static str),
    /// In a comment, with the first of the handbook's words.
    FirstAside,
}

/// The fields that matter for a kind, in the order in which one thinks of
/// them.
fn lines(kind: Kind) -> &'static [(&'static str, Line)] {
    use Line::{Aside, First, FirstAside, Given, Title};
    const DRAFT: (&str, Line) = ("draft", Given("true"));
    match kind {
        Kind::Norm => &[
            ("title", Title),
            ("number", Aside("\"1\"")),
            ("summary", Aside("One plain sentence.")),
            ("status", First),
            ("force", FirstAside),
            ("modality", FirstAside),
            ("addressees", FirstAside),
            ("themes", FirstAside),
            ("forums", FirstAside),
            ("date", Aside("2026-01-31")),
            ("source", FirstAside),
            ("relations", FirstAside),
            DRAFT,
        ],
        Kind::Theme => &[
            ("title", Title),
            ("summary", Aside("One plain sentence.")),
            ("broader", FirstAside),
            ("order", Aside("1")),
        ],
        Kind::Forum => &[
            ("title", Title),
            ("abbreviation", Aside("ABC")),
            ("established", Aside("2026-01-31")),
            ("mandate", FirstAside),
            ("members", FirstAside),
            ("parent", FirstAside),
            ("url", Aside("https://example.org/")),
        ],
        Kind::Source => &[
            ("title", Title),
            ("kind", First),
            ("authors", FirstAside),
            ("symbol", Aside("A/1/2")),
            ("date", Aside("2026-01-31")),
            ("publisher", Aside("Who published it")),
            ("url", Aside("https://example.org/document.pdf")),
            ("language", Aside("en")),
        ],
        Kind::Actor => &[
            ("title", Title),
            ("kind", First),
            ("code", Aside("BR")),
            ("members", FirstAside),
            ("url", Aside("https://example.org/")),
        ],
        Kind::Statement => &[
            ("title", Title),
            ("actors", First),
            ("date", Aside("2026-01-31")),
            ("forum", FirstAside),
            ("source", FirstAside),
            ("positions", FirstAside),
            DRAFT,
        ],
        Kind::Term => &[
            ("title", Title),
            ("also", Aside("[another spelling]")),
            ("source", FirstAside),
            DRAFT,
        ],
        Kind::Page => &[("title", Title), ("menu", Aside("true")), ("order", Aside("1")), DRAFT],
    }
}

/// What the entry's text is for.
fn body(kind: Kind) -> &'static str {
    match kind {
        Kind::Norm => {
            "> The norm's own words, letter by letter. Each line of them begins with this sign.\n\
             \n\
             ## Commentary\n\
             \n\
             What the words mean, in yours. Name another norm as `[[id]]`, cite a source as\n\
             `[@id, para. 1]`.\n\
             \n\
             ## Annotations\n\
             \n\
             ### \"letter by letter\" {.interpretation}\n\
             \n\
             A note on a phrase, which must stand exactly once in the text above.\n"
        }
        Kind::Statement => "What was said, where and why, in your words.\n",
        Kind::Term => "What the word means here, in a sentence or two.\n",
        Kind::Page => "The text of the page.\n",
        // An empty text is reported where readers would miss it, and shows
        // nothing unfinished until then.
        Kind::Theme | Kind::Forum | Kind::Source | Kind::Actor => "",
    }
}

/// The first text of an entry.
pub fn skeleton(key: &Key, handbook: &Handbook) -> String {
    let mut text = String::from("---\n");
    for (name, line) in lines(key.kind) {
        let field = Meta::fields(key.kind).iter().find(|field| field.name == *name);
        let field = field.expect("invariant: a skeleton has fields of its kind");
        push_field(&mut text, key, field, line, handbook);
    }
    text.push_str("---\n");
    let body = body(key.kind);
    if !body.is_empty() {
        text.push('\n');
        text.push_str(body);
    }
    text
}

fn push_field(text: &mut String, key: &Key, field: &Field, line: &Line, handbook: &Handbook) {
    push_comment(text, &comment(field, handbook));
    let (aside, value) = match line {
        Line::Title => (false, title(key)),
        Line::Given(value) => (false, (*value).to_owned()),
        Line::Aside(value) => (true, (*value).to_owned()),
        Line::First => (false, sample(&(field.shape)(), handbook)),
        Line::FirstAside => (true, sample(&(field.shape)(), handbook)),
    };
    let mark = if aside { "# " } else { "" };
    text.push_str(&format!("{mark}{}: {value}\n", field.name));
}

/// Breaks a remark into lines that are easy to read.
fn push_comment(text: &mut String, remark: &str) {
    const WIDTH: usize = 80;
    let mut used = WIDTH;
    for word in remark.split_whitespace() {
        let wide = word.chars().count() + 1;
        if used + wide > WIDTH {
            let line_end = if text.ends_with('\n') { "" } else { "\n" };
            text.push_str(&format!("{line_end}#"));
            used = 1;
        }
        text.push_str(&format!(" {word}"));
        used += wide;
    }
    text.push('\n');
}

/// What a field is for, and the names that may stand in it.
fn comment(field: &Field, handbook: &Handbook) -> String {
    let purpose = match field.name {
        "draft" => {
            "Remove this line when the entry is ready; until then it is not published.".into()
        }
        _ => field.purpose(),
    };
    let mut choices = String::new();
    for (name, names) in named(&(field.shape)()) {
        let known = known(names, handbook);
        let Some(shown) = shown(&known) else { continue };
        let whose = match name {
            "" => "Choose from".to_owned(),
            name => format!("For `{name}`"),
        };
        choices.push_str(&format!(" {whose}: {shown}."));
    }
    purpose + &choices
}

fn shown(known: &[String]) -> Option<String> {
    let more = known.len().saturating_sub(SHOWN);
    let list = known[..known.len() - more].join(", ");
    match (known, more) {
        ([], _) => None,
        (_, 0) => Some(list),
        (_, more) => Some(format!("{list}, and {more} more")),
    }
}

/// The parts of a value that name something, with the names of their fields.
fn named(shape: &Shape) -> Vec<(&'static str, Names)> {
    match shape {
        Shape::Text(names) => vec![("", *names)],
        Shape::List { item, .. } => named(item),
        Shape::Either(one, _) => named(one),
        Shape::Fields(fields) => {
            let field = |field: &Field| match (field.shape)() {
                Shape::Text(names) => Some((field.name, names)),
                _ => None,
            };
            fields.iter().filter_map(field).collect()
        }
        Shape::Flag | Shape::Number | Shape::Date | Shape::Free => Vec::new(),
    }
}

/// The names that an author can choose from; none where anything may stand.
pub(super) fn known(names: Names, handbook: &Handbook) -> Vec<String> {
    let ids = |kind: Kind| {
        let entries = handbook.of(kind).iter().map(|ix| handbook.entry(*ix).key.id.to_string());
        entries.collect::<Vec<_>>()
    };
    match names {
        Names::Nothing | Names::Web | Names::Id | Names::State => Vec::new(),
        Names::EntryOrText(kind) => ids(kind),
        Names::Entry(kinds) => kinds.iter().flat_map(|kind| ids(*kind)).collect(),
        Names::Word(vocabulary) => {
            let vocabulary = handbook.config.vocabularies.named(vocabulary);
            let vocabulary = vocabulary.expect("invariant: fields name vocabularies that exist");
            vocabulary.ids().into_iter().map(str::to_owned).collect()
        }
    }
}

/// A value that is valid in this handbook, as far as it has names for it.
fn sample(shape: &Shape, handbook: &Handbook) -> String {
    match shape {
        Shape::Text(names) => match known(*names, handbook).into_iter().next() {
            Some(first) => first,
            None => placeholder(*names).to_owned(),
        },
        Shape::Flag => "true".to_owned(),
        Shape::Number => "1".to_owned(),
        Shape::Date => "2026-01-31".to_owned(),
        Shape::List { item, .. } => format!("[{}]", sample(item, handbook)),
        Shape::Fields(fields) => {
            let needed = fields.iter().filter(|f| (f.required)() || f.name == "locator");
            let pair = |f: &Field| format!("{}: {}", f.name, part(f, handbook));
            format!("{{{}}}", needed.map(pair).collect::<Vec<_>>().join(", "))
        }
        // Of two forms the group shows more of what is possible.
        Shape::Either(_, fields) if matches!(**fields, Shape::Fields(_)) => {
            sample(fields, handbook)
        }
        Shape::Either(one, _) => sample(one, handbook),
        Shape::Free => "{name: value}".to_owned(),
    }
}

fn part(field: &Field, handbook: &Handbook) -> String {
    match field.name {
        "locator" => "para. 1".to_owned(),
        _ => sample(&(field.shape)(), handbook),
    }
}

fn placeholder(names: Names) -> &'static str {
    match names {
        Names::Nothing => "text",
        Names::Web => "https://example.org/",
        Names::Word(_) => "word",
        Names::State => "BR",
        Names::Id | Names::Entry(_) | Names::EntryOrText(_) => "id",
    }
}

/// A title made of the id's last part: `data-security` is `Data security`.
fn title(key: &Key) -> String {
    let words = key.id.last().replace('-', " ");
    let words = words.trim();
    let mut letters = words.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let title = format!("{first}{}", letters.as_str());
    let plain = title.starts_with(char::is_alphabetic)
        && title.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.'));
    match title.as_str() {
        "" => format!("\"{}\"", key.id),
        _ if plain => title,
        _ => format!("\"{title}\""),
    }
}
