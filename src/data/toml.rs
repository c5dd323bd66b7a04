//! TOML 1.0 to [`Node`]s; every syntax mistake is reported, not only the
//! first.

use serde_json::Value as Json;
use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::{Node, Scalar, Value};
use crate::diagnostic::{At, Checked, catalog};
use crate::path::SourcePath;
use crate::span::{Span, Spanned};

/// Reads the text of the TOML file `path`. What could not be read is left
/// out of the value and reported.
pub fn parse(text: &str, path: &SourcePath) -> Checked<Node> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let diagnostics = errors
        .iter()
        .map(|error| {
            let span = error.span().map(Span::from).unwrap_or_default();
            catalog::toml_syntax(At::new(path, span), error.message())
        })
        .collect();
    let span = Span::from(table.span());
    Checked::new(Node { value: map(table.get_ref()), span }, diagnostics)
}

fn map(table: &DeTable<'_>) -> Value {
    let mut entries: Vec<(Spanned<String>, Node)> = table
        .iter()
        .map(|(key, value)| {
            let key = Spanned::new(key.get_ref().to_string(), Span::from(key.span()));
            (key, node(value))
        })
        .collect();
    // A vocabulary's order is its rank, so the order of the file matters.
    entries.sort_by_key(|(key, _)| key.span);
    Value::Map(entries)
}

fn node(value: &TomlSpanned<DeValue<'_>>) -> Node {
    let text = |text: String| Value::Scalar(Scalar { text, typed: None });
    let scalar = |text: String, typed| Value::Scalar(Scalar { text, typed: Some(typed) });
    let inner = match value.get_ref() {
        DeValue::String(string) => text(string.to_string()),
        DeValue::Integer(number) => {
            let typed = i64::from_str_radix(number.as_str(), number.radix());
            scalar(number.to_string(), typed.map_or(Json::Null, Json::from))
        }
        DeValue::Float(number) => {
            let typed = number.as_str().parse::<f64>();
            scalar(number.to_string(), typed.map_or(Json::Null, Json::from))
        }
        DeValue::Boolean(flag) => scalar(flag.to_string(), Json::Bool(*flag)),
        DeValue::Datetime(date) => text(date.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(node).collect()),
        DeValue::Table(table) => map(table),
    };
    Node { value: inner, span: Span::from(value.span()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_keep_the_order_of_the_file() {
        let parsed = parse("b = 1\na = 'x'\n", &SourcePath::new("normbook.toml"));
        let Value::Map(entries) = parsed.value.value else { panic!("not a map") };
        let keys: Vec<&str> = entries.iter().map(|(key, _)| key.value.as_str()).collect();
        assert_eq!(keys, ["b", "a"]);
    }

    #[test]
    fn all_syntax_mistakes_are_reported() {
        let parsed = parse("a = \nb = 'x\nc = 1\nd = = 2\n", &SourcePath::new("normbook.toml"));
        assert!(parsed.diagnostics.len() >= 2, "{:?}", parsed.diagnostics);
    }
}
