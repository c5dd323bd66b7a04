//! Structured data as its author wrote it: a tree of maps, lists and scalars
//! in which everything knows its place.
//!
//! Comes in: the text of a front matter ([`yaml`]) or of the settings
//! ([`toml`]). Goes out: a [`Node`], from which [`record`] reads typed
//! structs and reports every mistake, not only the first.

pub mod record;
pub mod toml;
pub mod yaml;

use serde_json::Value as Json;

use crate::span::{Span, Spanned};

/// A piece of data and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The data.
    pub value: Value,
    /// Where it stands. For maps and lists of YAML only the start is known.
    pub span: Span,
}

/// A piece of data.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing was written.
    Null,
    /// A single word, number or text.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order written; repeated keys are still there.
    Map(Vec<(Spanned<String>, Node)>),
}

/// A single word, number or text.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text as written, without quotes: `no`, `12`, `2015-07`.
    pub text: String,
    /// What the format's own rules make of it, when that is not the text; only
    /// free data asks for this.
    pub typed: Option<Json>,
}

impl Node {
    /// What this is, in an author's words, for messages.
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Null => "nothing".to_owned(),
            Value::Scalar(scalar) => {
                let short: String = scalar.text.chars().take(40).collect();
                format!("`{}`", short.escape_debug().to_string().replace("\\'", "'"))
            }
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a group of fields".to_owned(),
        }
    }

    /// The node as free data.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Scalar(scalar) => {
                scalar.typed.clone().unwrap_or_else(|| Json::String(scalar.text.clone()))
            }
            Value::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Value::Map(entries) => Json::Object(
                entries.iter().map(|(key, node)| (key.value.clone(), node.to_json())).collect(),
            ),
        }
    }
}
