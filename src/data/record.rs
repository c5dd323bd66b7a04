//! Typed structs from [`Node`]s.
//!
//! [`record!`](crate::record) declares a struct and how it is read in one
//! place: a field is one documented line, its type validates it. Reading
//! reports every mistake and goes on; a value that cannot be read is replaced
//! by the type's placeholder, which is never published because an error
//! stands beside it.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::{Node, Value};
use crate::date::{DateError, PartialDate};
use crate::diagnostic::{At, Diagnostic, catalog, nearest};
use crate::id::Kind;
use crate::path::SourcePath;
use crate::span::{Span, Spanned};

/// A field's name, its documentation and what may stand in it, for messages,
/// schemas, skeletons and guides.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name as authors write it.
    pub name: &'static str,
    /// What it is for: the lines of its documentation.
    pub docs: &'static [&'static str],
    /// The form of its value.
    pub shape: fn() -> Shape,
    /// Whether it must be there.
    pub required: fn() -> bool,
}

impl Field {
    /// What it is for, on one line.
    pub fn purpose(&self) -> String {
        let words: Vec<&str> = self.docs.iter().flat_map(|line| line.split_whitespace()).collect();
        words.join(" ")
    }
}

/// What a text names, beyond being text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Nothing: it is free.
    Nothing,
    /// A word of the vocabulary of this name.
    Word(&'static str),
    /// An entry of one of these kinds, which are tried in this order.
    Entry(&'static [Kind]),
    /// An entry of this kind, or else something in plain words.
    EntryOrText(Kind),
    /// An address on the web.
    Web,
    /// The entry itself: an id of its own.
    Id,
    /// A State, by its code (ISO 3166-1 alpha-2).
    State,
}

/// The form of a value, as its type reads it.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Text, which may name something.
    Text(Names),
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// A date that may lack its day or month.
    Date,
    /// A list of values of one form, and whether it may be empty.
    List {
        /// The form of each.
        item: Box<Shape>,
        /// Whether there may be none.
        empty: bool,
    },
    /// A group of fields.
    Fields(&'static [Field]),
    /// One of two forms.
    Either(Box<Shape>, Box<Shape>),
    /// A group of fields that its author names.
    Free,
}

/// Collects what is wrong while one file's data is read.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The file that is read.
    pub path: &'a SourcePath,
    /// What was wrong so far.
    pub diagnostics: Vec<Diagnostic>,
}

/// The entries of a map that a record reads.
#[derive(Debug, Default)]
pub struct Entries<'n> {
    kept: Vec<&'n (Spanned<String>, Node)>,
    /// The fields that unknown ones may have been meant for.
    meant: Vec<String>,
}

/// A type that reads itself from a node.
pub trait FromNode: Sized {
    /// Reads the value of the field `field`; answers nothing after reporting
    /// what is wrong.
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Self>;

    /// The form of the value, when a text in it names what `names` says.
    fn shape(names: Names) -> Shape;

    /// The value of a field that is not there; nothing when it must be.
    fn absent() -> Option<Self> {
        None
    }

    /// Stands for a value that was wrong or missing; without one the record
    /// around it is left out.
    fn placeholder() -> Option<Self> {
        Self::absent()
    }
}

impl<'a> Reader<'a> {
    /// A reader for one file.
    pub fn new(path: &'a SourcePath) -> Reader<'a> {
        Reader { path, diagnostics: Vec::new() }
    }

    /// The entries of a map whose keys are all among `fields`; others and
    /// repeated ones are reported.
    pub fn fields<'n>(
        &mut self,
        node: &'n Node,
        name: &str,
        fields: &[Field],
    ) -> Option<Entries<'n>> {
        let Value::Map(entries) = &node.value else {
            self.wrong(node, name, "a group of fields such as `name: value`");
            return None;
        };
        let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let mut found = Entries::default();
        for entry in entries {
            let (key, at) = (&entry.0, At::new(self.path, entry.0.span));
            if !known.contains(&key.as_str()) {
                self.diagnostics.push(catalog::unknown_field(at, key, &known));
                found.meant.append(&mut nearest(key, known.iter().copied()));
            } else if let Some(first) =
                found.kept.iter().find(|(other, _)| other.value == key.value)
            {
                let first = At::new(self.path, first.0.span);
                self.diagnostics.push(catalog::repeated_field(at, first, key));
            } else {
                found.kept.push(entry);
            }
        }
        Some(found)
    }

    /// The value of one field; `around` is where a missing one is reported. A
    /// field that was meant by a misspelt one is not reported as missing too.
    pub fn field<T: FromNode>(
        &mut self,
        entries: &Entries<'_>,
        name: &str,
        around: Span,
    ) -> Option<T> {
        let node = entries.kept.iter().find(|(key, _)| key.value == name).map(|(_, node)| node);
        match node {
            Some(node) if node.value != Value::Null => {
                T::from_node(node, name, self).or_else(T::placeholder)
            }
            _ => T::absent().or_else(|| {
                let span = node.map_or(around, |node| node.span);
                if !entries.meant.iter().any(|meant| meant == name) {
                    self.diagnostics.push(catalog::missing_field(At::new(self.path, span), name));
                }
                T::placeholder()
            }),
        }
    }

    /// Reports that a field's value has the wrong form.
    pub fn wrong(&mut self, node: &Node, field: &str, expected: &str) {
        let at = At::new(self.path, node.span);
        self.diagnostics.push(catalog::wrong_value(at, field, expected, &node.describe()));
    }
}

/// Declares a struct with the fields of a map in an author's file, and how it
/// is read: `record! { /// docs  pub struct Name { /// docs  field: Type, } }`.
/// A field whose name is no Rust name is written `field as "its-name": Type`;
/// what its text names is written after it: `field: Type = Names::Word("...")`.
///
/// The struct implements [`FromNode`] and `Serialize`, and lists its fields
/// in `FIELDS`.
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $docs:expr])*
        pub struct $name:ident {
            $( $(#[doc = $field_docs:expr])+ $field:ident $(as $alias:literal)? : $type:ty
                $(= $names:expr)?, )*
        }
    ) => {
        $(#[doc = $docs])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        pub struct $name {
            $( $(#[doc = $field_docs])+ pub $field: $type, )*
        }

        impl $name {
            /// The fields that an author may give.
            pub const FIELDS: &'static [$crate::data::record::Field] = &[
                $( $crate::data::record::Field {
                    name: $crate::data::record::field_name(&[stringify!($field) $(, $alias)?]),
                    docs: &[$($field_docs),+],
                    shape: || {
                        let names: &[$crate::data::record::Names] = &[$($names)?];
                        let names = names.first().copied();
                        <$type as $crate::data::record::FromNode>::shape(
                            names.unwrap_or($crate::data::record::Names::Nothing),
                        )
                    },
                    required: || <$type as $crate::data::record::FromNode>::absent().is_none(),
                } ),*
            ];
        }

        impl $crate::data::record::FromNode for $name {
            fn from_node(
                node: &$crate::data::Node,
                name: &str,
                reader: &mut $crate::data::record::Reader<'_>,
            ) -> Option<Self> {
                let entries = reader.fields(node, name, Self::FIELDS)?;
                $( let $field = reader.field(
                    &entries,
                    $crate::data::record::field_name(&[stringify!($field) $(, $alias)?]),
                    node.span,
                ); )*
                Some($name { $( $field: $field? ),* })
            }

            fn shape(_: $crate::data::record::Names) -> $crate::data::record::Shape {
                $crate::data::record::Shape::Fields(Self::FIELDS)
            }
        }
    };
}

/// The name that authors write for a Rust field: the last of its names, and
/// `type` for `r#type`.
pub const fn field_name(names: &[&'static str]) -> &'static str {
    let name = names[names.len() - 1];
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Whether a character can stand neither in HTML nor in XML.
pub fn is_no_text(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}')
}

impl FromNode for String {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<String> {
        match &node.value {
            Value::Scalar(scalar) if !scalar.text.contains(is_no_text) => {
                Some(scalar.text.trim().to_owned())
            }
            Value::Scalar(_) => {
                reader.wrong(node, field, "text without control characters");
                None
            }
            Value::Null | Value::List(_) | Value::Map(_) => {
                reader.wrong(node, field, "text");
                None
            }
        }
    }

    fn placeholder() -> Option<String> {
        Some(String::new())
    }

    fn shape(names: Names) -> Shape {
        Shape::Text(names)
    }
}

impl FromNode for bool {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<bool> {
        match &node.value {
            Value::Scalar(scalar) if scalar.text == "true" => Some(true),
            Value::Scalar(scalar) if scalar.text == "false" => Some(false),
            _ => {
                reader.wrong(node, field, "`true` or `false`");
                None
            }
        }
    }

    fn absent() -> Option<bool> {
        Some(false)
    }

    fn shape(_: Names) -> Shape {
        Shape::Flag
    }
}

impl FromNode for i64 {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<i64> {
        let number = match &node.value {
            Value::Scalar(scalar) => scalar.text.parse().ok(),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        };
        if number.is_none() {
            reader.wrong(node, field, "a whole number");
        }
        number
    }

    fn shape(_: Names) -> Shape {
        Shape::Number
    }
}

impl FromNode for PartialDate {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<PartialDate> {
        let Value::Scalar(scalar) = &node.value else {
            reader.wrong(node, field, DATE_FORMS);
            return None;
        };
        match scalar.text.parse() {
            Ok(date) => Some(date),
            Err(DateError::Form) => {
                reader.wrong(node, field, DATE_FORMS);
                None
            }
            Err(DateError::Calendar) => {
                let at = At::new(reader.path, node.span);
                reader.diagnostics.push(catalog::impossible_date(at, field, &scalar.text));
                None
            }
        }
    }

    fn shape(_: Names) -> Shape {
        Shape::Date
    }
}

const DATE_FORMS: &str = "a date such as `2015`, `2015-07` or `2015-07-22`";

impl<T: FromNode> FromNode for Spanned<T> {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Spanned<T>> {
        T::from_node(node, field, reader).map(|value| Spanned::new(value, node.span))
    }

    fn placeholder() -> Option<Spanned<T>> {
        T::placeholder().map(|value| Spanned::new(value, Span::default()))
    }

    fn shape(names: Names) -> Shape {
        T::shape(names)
    }
}

impl<T: FromNode> FromNode for Option<T> {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Option<T>> {
        T::from_node(node, field, reader).map(Some)
    }

    fn absent() -> Option<Option<T>> {
        Some(None)
    }

    fn shape(names: Names) -> Shape {
        T::shape(names)
    }
}

impl<T: FromNode> FromNode for Vec<T> {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Vec<T>> {
        match &node.value {
            Value::List(items) => {
                // With room for them all, and for no more.
                let mut list = Vec::with_capacity(items.len());
                list.extend(items.iter().filter_map(|item| T::from_node(item, field, reader)));
                Some(list)
            }
            Value::Scalar(_) | Value::Null | Value::Map(_) => {
                let at = At::new(reader.path, node.span);
                let found = catalog::wrong_value(at, field, "a list", &node.describe());
                // What would do as an item only lacks its brackets.
                let mut alone = Reader::new(reader.path);
                let item = T::from_node(node, field, &mut alone).is_some();
                let hint = match &node.value {
                    Value::Scalar(scalar) if item && alone.diagnostics.is_empty() => {
                        format!("put it in square brackets: `[{}]`", scalar.text)
                    }
                    _ => String::new(),
                };
                reader.diagnostics.push(found.hint(hint));
                None
            }
        }
    }

    fn absent() -> Option<Vec<T>> {
        Some(Vec::new())
    }

    fn shape(names: Names) -> Shape {
        Shape::List { item: Box::new(T::shape(names)), empty: true }
    }
}

/// A list that holds something.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Several<T>(pub Vec<T>);

impl<T> std::ops::Deref for Several<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'a, T> IntoIterator for &'a Several<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: FromNode> FromNode for Several<T> {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Several<T>> {
        if node.value == Value::List(Vec::new()) {
            let at = At::new(reader.path, node.span);
            reader.diagnostics.push(catalog::missing_field(at, field));
        }
        Vec::from_node(node, field, reader).map(Several)
    }

    fn placeholder() -> Option<Several<T>> {
        Some(Several(Vec::new()))
    }

    fn shape(names: Names) -> Shape {
        Shape::List { item: Box::new(T::shape(names)), empty: false }
    }
}

/// Free data, handed to templates untouched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra(pub Map<String, Json>);

impl FromNode for Extra {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Extra> {
        match node.to_json() {
            Json::Object(map) => Some(Extra(map)),
            _ => {
                reader.wrong(node, field, "a group of fields such as `name: value`");
                None
            }
        }
    }

    fn absent() -> Option<Extra> {
        Some(Extra::default())
    }

    fn shape(_: Names) -> Shape {
        Shape::Free
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
