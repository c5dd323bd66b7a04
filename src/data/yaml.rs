//! YAML 1.2 to [`Node`]s, with budgets against documents that expand.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use serde_saphyr::DuplicateKeyPolicy;

use super::{Node, Scalar, Value};
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::path::SourcePath;
use crate::span::{Position, Span, Spanned, offset_of};

/// More values than any front matter holds.
const MAX_NODES: usize = 20_000;

/// More brackets than any front matter opens without closing them. Each level
/// takes of the stack of the reader, whose own budget is asked too late.
const MAX_OPEN: usize = 64;

/// Further to the right than any front matter begins a line.
const MAX_INDENT: usize = 200;

/// Reads one YAML document that stands at `offset` bytes in the file `path`;
/// spans count from the beginning of the file.
///
/// # Errors
/// One diagnostic at the place where the text stops being YAML.
pub fn parse(text: &str, offset: usize, path: &SourcePath) -> Result<Node, Box<Diagnostic>> {
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        budget: serde_saphyr::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_nodes: MAX_NODES,
        },
    };
    if let Some(at) = too_deep(text) {
        let at = At::new(path, Span::new(at, at + 1).shifted(offset));
        return Err(Box::new(catalog::yaml_syntax(at, "budget breached")));
    }
    serde_saphyr::from_str_with_options::<serde_saphyr::Spanned<Tree>>(text, options)
        .map(|tree| tree_to_node(tree, text, offset))
        .map_err(|error| Box::new(explain(&error, text, offset, path)))
}

/// Where a text nests so deep that reading it might exhaust the stack, by a
/// count that is never too low: brackets in quotation marks count as well.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let indicator = |byte: &u8| matches!(byte, b' ' | b'\t' | b'-' | b'?' | b':');
        if line.bytes().take_while(indicator).count() > MAX_INDENT {
            return Some(line_start + MAX_INDENT);
        }
        for (at, byte) in line.bytes().enumerate() {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            if open > MAX_OPEN {
                return Some(line_start + at);
            }
        }
        line_start += line.len();
    }
    None
}

fn explain(
    error: &serde_saphyr::Error,
    text: &str,
    offset: usize,
    path: &SourcePath,
) -> Diagnostic {
    let error = error.without_snippet();
    let start = error.location().map_or(0, |location| {
        let byte = location.span().byte_offset().map(|byte| byte as usize);
        byte.unwrap_or_else(|| {
            let (line, column) = (location.line() as usize, location.column() as usize);
            offset_of(text, Position { line, column })
        })
    });
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(head, _)| head);
    let end = text[start.min(text.len())..].chars().next().map_or(start, |c| start + c.len_utf8());
    catalog::yaml_syntax(At::new(path, Span::new(start, end).shifted(offset)), message)
}

/// What serde sees; scalars are read again from the text, as written.
enum Tree {
    Null,
    Text(String),
    Plain(Json),
    List(Vec<serde_saphyr::Spanned<Tree>>),
    Map(Vec<(serde_saphyr::Spanned<String>, serde_saphyr::Spanned<Tree>)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Plain(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Plain(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Plain(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Plain(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Map(entries))
    }
}

fn tree_to_node(tree: serde_saphyr::Spanned<Tree>, text: &str, offset: usize) -> Node {
    let span = span_of(&tree.referenced);
    let value = match tree.value {
        Tree::Null => Value::Null,
        Tree::Text(text) => Value::Scalar(Scalar { typed: Json::String(text.clone()), text }),
        Tree::Plain(typed) => {
            let written = text.get(span.range()).unwrap_or_default().to_owned();
            Value::Scalar(Scalar { text: written, typed })
        }
        Tree::List(items) => {
            Value::List(items.into_iter().map(|item| tree_to_node(item, text, offset)).collect())
        }
        Tree::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let span = span_of(&key.referenced).shifted(offset);
                    (Spanned::new(key.value, span), tree_to_node(value, text, offset))
                })
                .collect(),
        ),
    };
    Node { value, span: span.shifted(offset) }
}

fn span_of(location: &serde_saphyr::Location) -> Span {
    let start = location.span().byte_offset().unwrap_or(0) as usize;
    Span::new(start, start + location.span().byte_len().unwrap_or(0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, Box<Diagnostic>> {
        parse(text, 0, &SourcePath::new("a.md"))
    }

    #[track_caller]
    fn check_scalar(text: &str, expected: &str) {
        let Value::Map(entries) = read(text).expect(text).value else { panic!("not a map") };
        let Value::Scalar(scalar) = &entries[0].1.value else { panic!("not a scalar") };
        assert_eq!(scalar.text, expected);
    }

    #[test]
    fn plain_scalars_are_read_as_written() {
        check_scalar("a: no", "no");
        check_scalar("a: 012", "012");
        check_scalar("a: 1.10", "1.10");
        check_scalar("a: 2015-07", "2015-07");
        check_scalar("é: 0x1F # c", "0x1F");
        check_scalar("a: 'no'", "no");
        check_scalar("a: >-\n  x\n  y\n", "x y");
    }

    #[test]
    fn repeated_keys_stay() {
        let Value::Map(entries) = read("a: 1\na: 2\n").expect("map").value else { panic!() };
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[1].0.span, Span::new(5, 6));
    }

    #[test]
    fn mistakes_have_a_place() {
        let error = read("a: b\nc: d: e\n").expect_err("two colons");
        assert_eq!(error.span, Some(Span::new(9, 10)));
        assert!(read("a: &x 1\nb: *x\n").is_err());
        assert!(read(&"[".repeat(5000)).is_err());
    }

    #[test]
    fn deep_nesting_is_an_error() {
        for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[a: ", "]")] {
            for depth in [150, 50_000] {
                assert!(read(&format!("{}x{}", open.repeat(depth), close.repeat(depth))).is_err());
                assert!(read(&format!("a:\n {}", open.repeat(depth))).is_err());
            }
        }
        let block: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert!(read(&block).is_err());
    }
}
