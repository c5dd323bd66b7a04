//! Schemas of front matters, for editors that complete and underline.
//!
//! Comes in: a kind and a handbook. Goes out: JSON Schema 2020-12, made of the
//! same table of fields that front matters are read by, with the handbook's
//! words and ids as they are now.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::data::record::{Field, Names, Shape};
use crate::id::Kind;
use crate::model::Handbook;
use crate::parse::front_matter::Meta;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Dates as [`PartialDate`](crate::date::PartialDate) reads them, but for the
/// length of months.
const DATE: &str = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$";

/// Addresses as the check accepts them.
const WEB: &str = r#"^https?://[^/ "<>\\?#]+(/[^ "<>\\?#]*)?([?#][^ "<>]*)?$"#;

/// The schema of the front matter of one kind.
pub fn schema(kind: Kind, handbook: &Handbook) -> Json {
    let mut definitions = Map::new();
    let mut schema = front_matter(kind, handbook, &mut definitions);
    schema["$schema"] = json!(DIALECT);
    schema["$defs"] = Json::Object(definitions);
    schema
}

/// The schemas of all kinds in one document, each under its name in `$defs`.
pub fn all(handbook: &Handbook) -> Json {
    let mut definitions = Map::new();
    for kind in Kind::ALL {
        let schema = front_matter(kind, handbook, &mut definitions);
        definitions.insert(kind.name().to_owned(), schema);
    }
    json!({ "$schema": DIALECT, "title": "Front matters", "$defs": definitions })
}

fn front_matter(kind: Kind, handbook: &Handbook, definitions: &mut Map<String, Json>) -> Json {
    let mut writer = Writer { handbook, definitions };
    let mut schema = writer.fields(Meta::fields(kind));
    schema["title"] = json!(format!("The front matter of a {kind}"));
    schema
}

struct Writer<'a> {
    handbook: &'a Handbook,
    definitions: &'a mut Map<String, Json>,
}

impl Writer<'_> {
    fn fields(&mut self, fields: &[Field]) -> Json {
        let mut properties = Map::new();
        for field in fields {
            let shape = (field.shape)();
            let mut value = self.value(&shape);
            if let (Shape::Text(Names::Nothing), true) = (&shape, (field.required)()) {
                value["minLength"] = json!(1);
            }
            value["description"] = json!(field.purpose());
            properties.insert(field.name.to_owned(), value);
        }
        let required: Vec<&str> =
            fields.iter().filter(|field| (field.required)()).map(|field| field.name).collect();
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }

    fn value(&mut self, shape: &Shape) -> Json {
        match shape {
            Shape::Text(names) => self.text(*names),
            Shape::Flag => json!({ "type": "boolean" }),
            Shape::Number => json!({ "type": "integer" }),
            // A year alone is a number for readers of YAML.
            Shape::Date => json!({
                "type": ["string", "integer"], "pattern": DATE, "minimum": 1000, "maximum": 9999
            }),
            Shape::List { item, empty } => {
                let mut list = json!({ "type": "array", "items": self.value(item) });
                if !empty {
                    list["minItems"] = json!(1);
                }
                list
            }
            Shape::Fields(fields) => self.fields(fields),
            Shape::Either(one, other) => json!({ "anyOf": [self.value(one), self.value(other)] }),
            Shape::Free => json!({ "type": "object" }),
        }
    }

    fn text(&mut self, names: Names) -> Json {
        match names {
            Names::Nothing => plain(),
            Names::Web => json!({ "type": "string", "pattern": WEB }),
            Names::State => json!({ "type": "string", "pattern": "^[A-Z]{2}$" }),
            Names::Id => {
                json!({ "type": ["string", "number"], "pattern": "^[^\\sA-Z/]+(/[^\\sA-Z/]+)*$" })
            }
            Names::Word(vocabulary) => self.reference(&format!("{vocabulary}-word"), |writer| {
                let words = writer.handbook.config.vocabularies.named(vocabulary);
                let words = words.expect("invariant: fields name vocabularies that exist").words();
                choice(words.iter().map(|word| {
                    let note = word.note.as_deref().map(|note| format!(": {note}"));
                    (word.id.as_str(), format!("{}{}", word.label, note.unwrap_or_default()))
                }))
            }),
            Names::Entry(kinds) => {
                let kinds_names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                let name = format!("{}-id", kinds_names.join("-or-"));
                self.reference(&name, |writer| {
                    let names = writer.names(kinds);
                    let names = names.map(|names| json!({ "type": "string", "pattern": names }));
                    let forms: Vec<Json> = [writer.ids(kinds)].into_iter().chain(names).collect();
                    json!({ "anyOf": forms })
                })
            }
            Names::EntryOrText(kind) => {
                let ids = self.ids(&[kind]);
                json!({ "anyOf": [ids, plain()] })
            }
        }
    }

    /// A definition that many fields share.
    fn reference(&mut self, name: &str, make: impl FnOnce(&Self) -> Json) -> Json {
        if !self.definitions.contains_key(name) {
            let made = make(self);
            self.definitions.insert(name.to_owned(), made);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// The ids of all entries of some kinds, with their titles.
    fn ids(&self, kinds: &[Kind]) -> Json {
        let places = kinds.iter().flat_map(|kind| self.handbook.of(*kind));
        let entries = places.map(|ix| self.handbook.entry(*ix));
        choice(entries.map(|entry| (entry.key.id.as_str(), entry.title().to_owned())))
    }

    /// What else refers to an entry of some kinds: its id with its kind before
    /// it or an anchor after it.
    fn names(&self, kinds: &[Kind]) -> Option<String> {
        let mut forms = Vec::new();
        for kind in kinds {
            let ids = self.handbook.of(*kind).iter().map(|ix| {
                let id = self.handbook.entry(*ix).key.id.as_str();
                id.replace('.', "\\.")
            });
            let ids: Vec<String> = ids.collect();
            if !ids.is_empty() {
                let ids = ids.join("|");
                forms.push(format!("{kind}: *({ids})|({kind}: *)?({ids})#.+"));
            }
        }
        (!forms.is_empty()).then(|| format!("^({})$", forms.join("|")))
    }
}

/// Text as a front matter takes it: numbers and `true` are read as written.
fn plain() -> Json {
    json!({ "type": ["string", "number", "boolean"] })
}

/// One of some texts, each with what readers see. A text that looks like a
/// number may also stand without quotation marks.
fn choice<'a>(choices: impl Iterator<Item = (&'a str, String)>) -> Json {
    let mut seen = BTreeSet::new();
    let (mut texts, mut descriptions) = (Vec::new(), Vec::new());
    for (text, description) in choices.filter(|(text, _)| seen.insert(*text)) {
        let typed = serde_json::from_str::<Json>(text).ok().filter(|typed| !typed.is_string());
        for value in std::iter::once(json!(text)).chain(typed) {
            texts.push(value);
            descriptions.push(description.clone());
        }
    }
    match texts.is_empty() {
        true => json!({ "not": {} }),
        false => json!({ "enum": texts, "enumDescriptions": descriptions }),
    }
}
