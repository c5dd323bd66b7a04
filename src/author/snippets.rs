//! Snippets for VS Code, which completes them in Markdown without any
//! extension.
//!
//! Comes in: a handbook. Goes out: for each field that names something, and
//! for references and citations in the text, a snippet whose choices are the
//! handbook's words and ids as they are now.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::skeleton::known;
use crate::data::record::{Field, Names, Shape};
use crate::id::Kind;
use crate::model::Handbook;
use crate::parse::front_matter::Meta;

/// All snippets, as the file `*.code-snippets` holds them.
pub fn snippets(handbook: &Handbook) -> Json {
    let mut snippets = Map::new();
    let mut told = BTreeSet::new();
    for kind in Kind::ALL {
        for field in Meta::fields(kind) {
            let mut stops = Stops { handbook, used: 0 };
            let Some(value) = stops.value(&(field.shape)()) else { continue };
            let gap = if value.starts_with('\n') { "" } else { " " };
            let body = format!("{}:{gap}{value}", field.name);
            // The same field of two kinds is one snippet when it means the same.
            if told.insert(body.clone()) {
                let name = format!("{} of a {kind}", field.name);
                snippets.insert(name, snippet(field.name, &body, &field.purpose()));
            }
        }
    }
    for (prefix, before, kinds, after, purpose) in IN_TEXT {
        let ids = kinds.iter().flat_map(|kind| {
            handbook.of(*kind).iter().map(|ix| handbook.entry(*ix).key.to_string())
        });
        let ids: Vec<String> = ids.map(|id| id.replace("source:", before_source(prefix))).collect();
        let mut stops = Stops { handbook, used: 0 };
        let Some(choice) = stops.choice(&ids) else { continue };
        let body = format!("{before}{choice}{after}");
        snippets.insert((*prefix).to_owned(), snippet(prefix, &body, purpose));
    }
    Json::Object(snippets)
}

/// A snippet of the text: what is typed, what stands before the choice, among
/// which kinds, what stands after it, what it is for.
type InText = (&'static str, &'static str, &'static [Kind], &'static str, &'static str);

const IN_TEXT: &[InText] = &[
    ("refer", "[[", &Kind::ALL, "]]", "A reference to an entry."),
    ("cite", "[@", &[Kind::Source], ", ${2:para. 1}]", "A citation of a source."),
];

/// Citations name sources without their kind.
fn before_source(prefix: &str) -> &'static str {
    if prefix == "cite" { "" } else { "source:" }
}

fn snippet(prefix: &str, body: &str, purpose: &str) -> Json {
    json!({ "scope": "markdown", "prefix": prefix, "body": [body], "description": purpose })
}

/// Counts the places where the editor stops for a choice.
struct Stops<'a> {
    handbook: &'a Handbook,
    used: usize,
}

impl Stops<'_> {
    /// A value with its choices; nothing when there is none to make.
    fn value(&mut self, shape: &Shape) -> Option<String> {
        match shape {
            Shape::Text(Names::Word(_) | Names::Entry(_) | Names::EntryOrText(_)) => {
                let Shape::Text(names) = shape else { return None };
                self.choice(&known(*names, self.handbook))
            }
            Shape::List { item, .. } => match self.value(item)? {
                // A list of groups stands on lines of its own.
                group if group.starts_with('{') => Some(format!("\n  - {group}")),
                value => Some(format!("[{value}]")),
            },
            Shape::Fields(fields) => self.group(fields),
            Shape::Either(_, fields) if matches!(**fields, Shape::Fields(_)) => self.value(fields),
            Shape::Either(one, _) => self.value(one),
            Shape::Flag
            | Shape::Number
            | Shape::Date
            | Shape::Free
            | Shape::Text(Names::Nothing | Names::Web | Names::Id | Names::State) => None,
        }
    }

    fn group(&mut self, fields: &[Field]) -> Option<String> {
        let mut parts = Vec::new();
        for field in fields {
            if let Some(value) = self.value(&(field.shape)()).filter(|_| (field.required)()) {
                parts.push(format!("{}: {value}", field.name));
            } else if field.name == "locator" {
                self.used += 1;
                parts.push(format!("locator: ${{{}:para. 1}}", self.used));
            }
        }
        let named = parts.iter().any(|part| !part.starts_with("locator"));
        named.then(|| format!("{{{}}}", parts.join(", ")))
    }

    fn choice(&mut self, choices: &[String]) -> Option<String> {
        if choices.is_empty() {
            return None;
        }
        self.used += 1;
        // `,`, `|`, `$`, `}` and `\` have a meaning in choices.
        let escaped = choices.iter().map(|choice| {
            let special = |c: char| matches!(c, ',' | '|' | '$' | '}' | '\\');
            let escape = |c: char| if special(c) { format!("\\{c}") } else { c.to_string() };
            choice.chars().map(escape).collect::<String>()
        });
        let escaped: Vec<String> = escaped.collect();
        Some(format!("${{{}|{}|}}", self.used, escaped.join(",")))
    }
}
