//! YAML 1.2 to [`Node`]s, with budgets against documents that expand.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StrInput, Tag};
use serde_json::Value as Json;

use super::{Node, Scalar, Value};
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::path::SourcePath;
use crate::span::{Span, Spanned};

/// More values than any front matter holds.
const MAX_NODES: usize = 20_000;

/// More lists and groups, of each notation, than any front matter puts into
/// each other. Each level takes of the stack of [`Reader::node`].
const MAX_DEPTH: usize = 32;

/// Reads one YAML document that stands at `offset` bytes in the file `path`;
/// spans count from the beginning of the file.
///
/// # Errors
/// One diagnostic at the place where the text stops being YAML.
pub fn parse(text: &str, offset: usize, path: &SourcePath) -> Result<Node, Box<Diagnostic>> {
    let options = granit_parser::options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let events = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader { events, offset, nodes: 0 };
    reader.document().map_err(|Mistake { at, message }| {
        let at = at.min(text.len());
        let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        let at = At::new(path, Span::new(at, end).shifted(offset));
        Box::new(catalog::yaml_syntax(at, &message))
    })
}

/// Why and at which byte of the text reading stopped.
struct Mistake {
    at: usize,
    message: Cow<'static, str>,
}

impl Mistake {
    fn new(span: Span, message: &'static str) -> Mistake {
        Mistake { at: span.start(), message: message.into() }
    }
}

struct Reader<'t> {
    events: Parser<'t, StrInput<'t>>,
    /// Where the text stands in its file.
    offset: usize,
    /// How many values there were so far.
    nodes: usize,
}

impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<Node, Mistake> {
        let root = loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(..), _) => {}
                (Event::StreamEnd, span) => break self.place(Value::Null, span),
                (event, span) => break self.node(event, span)?,
            }
        };
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(root),
                (Event::DocumentStart(..) | Event::DocumentEnd, _) => {}
                (_, span) => return Err(Mistake::new(span, "`...` or `---` ends it before this")),
            }
        }
    }

    /// The next event and where it stands in the text; at the end, the end
    /// again and again.
    fn next(&mut self) -> Result<(Event<'t>, Span), Mistake> {
        match self.events.next_event() {
            Some(Ok((event, span))) => {
                Ok((event, Span::from(span.byte_range().unwrap_or_default())))
            }
            Some(Err(error)) => Err(Mistake {
                at: error.marker().byte_offset().unwrap_or_default(),
                message: match error.kind() {
                    ErrorKind::RecursionLimitExceeded => "budget breached".into(),
                    _ => error.info().into(),
                },
            }),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// The value that begins with an event.
    fn node(&mut self, event: Event<'t>, span: Span) -> Result<Node, Mistake> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Mistake::new(span, "budget breached"));
        }
        if event.anchor_id().is_some() || event.is_alias() {
            return Err(Mistake::new(span, "Anchors"));
        }
        let tag = event.tag().and_then(Tag::core_suffix);
        let value = match event {
            Event::SequenceStart(..) if tag.is_none_or(|tag| tag == "seq") => {
                Some(Value::List(self.list()?))
            }
            Event::MappingStart(..) if tag.is_none_or(|tag| tag == "map") => {
                Some(Value::Map(self.map()?))
            }
            Event::Scalar(text, style, _, tag) => scalar(text, style, tag.as_deref()),
            _ => None,
        };
        let value =
            value.ok_or_else(|| Mistake::new(span, "this is not what the `!!` before it says"))?;
        Ok(self.place(value, span))
    }

    fn place(&self, value: Value, span: Span) -> Node {
        Node { value, span: span.shifted(self.offset) }
    }

    fn list(&mut self) -> Result<Vec<Node>, Mistake> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, span)?),
            }
        }
    }

    /// The fields of a group. Those that `<<` brings in stand at the end, and
    /// below others of their names.
    fn map(&mut self) -> Result<Vec<(Spanned<String>, Node)>, Mistake> {
        let mut entries = Vec::new();
        let mut merged = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let merges =
                matches!(&event, Event::Scalar(key, ScalarStyle::Plain, _, None) if key == "<<");
            if event == Event::MappingEnd {
                break;
            }
            let key = match self.node(event, span)?.value {
                Value::Scalar(key) => Spanned::new(key.text, span.shifted(self.offset)),
                Value::Null => return Err(Mistake::new(span, "the name of a field is missing")),
                _ => return Err(Mistake::new(span, "a bracket as the name of a field")),
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span)?;
            match merges {
                true => merge(value, &mut merged)
                    .ok_or_else(|| Mistake::new(span, "`<<` takes a group of fields"))?,
                false => entries.push((key, value)),
            }
        }
        for (key, value) in merged {
            if !entries.iter().any(|(known, _)| known.value == key.value) {
                entries.push((key, value));
            }
        }
        Ok(entries)
    }
}

/// Takes the fields of a group, or of each group of a list, that is to be
/// part of another; nothing when it is neither.
fn merge(node: Node, merged: &mut Vec<(Spanned<String>, Node)>) -> Option<()> {
    match node.value {
        Value::Null => {}
        Value::Map(entries) => merged.extend(entries),
        Value::List(items) => {
            for item in items {
                merge(item, merged)?;
            }
        }
        Value::Scalar(_) => return None,
    }
    Some(())
}

/// A scalar, which is text if it stands in quotes or its tag says so, and else
/// what it looks like; nothing when its tag asks for what it is not.
fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Option<Value> {
    let typed = match tag.and_then(Tag::core_suffix) {
        Some("str") => None,
        Some(wanted) => {
            let typed = typed(&text);
            let fits = match &typed {
                Some(Json::Null) => wanted == "null",
                Some(Json::Bool(_)) => wanted == "bool",
                Some(Json::Number(number)) => {
                    wanted == "float" || wanted == "int" && !number.is_f64()
                }
                _ => false,
            };
            Some(typed.filter(|_| fits)?)
        }
        None if style != ScalarStyle::Plain => None,
        None if tag.is_some_and(|tag| tag.parts() == ("", "!")) => None,
        None => typed(&text),
    };
    Some(match typed {
        Some(Json::Null) => Value::Null,
        typed => Value::Scalar(Scalar { text: text.into_owned(), typed }),
    })
}

/// What a plain scalar looks like, if not like text.
fn typed(text: &str) -> Option<Json> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Json::Null),
        _ if text.len() > 5 => {}
        _ => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "on" => return Some(true.into()),
            "false" | "no" | "n" | "off" => return Some(false.into()),
            _ => {}
        },
    }
    if !text.starts_with(['+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        return None;
    }
    integer(text).or_else(|| {
        let number = text.parse::<f64>().ok()?;
        number.is_finite().then(|| number.into())
    })
}

/// A whole number: decimal without leading zeros, or after `0x`, `0o` or `0b`;
/// a `_` may stand between two digits.
fn integer(text: &str) -> Option<Json> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (radix, digits) = match unsigned.split_at_checked(2) {
        Some(("0x" | "0X", digits)) => (16, digits),
        Some(("0o" | "0O", digits)) => (8, digits),
        Some(("0b" | "0B", digits)) => (2, digits),
        Some(_) if unsigned.starts_with('0') => return None,
        _ => (10, unsigned),
    };
    if digits.starts_with(['+', '_']) || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    let digits = digits.replace('_', "");
    match text.starts_with('-') {
        true => i64::from_str_radix(&format!("-{digits}"), radix).ok().map(Json::from),
        false => u64::from_str_radix(&digits, radix).ok().map(Json::from),
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::json;

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

    #[track_caller]
    fn check_json(text: &str, expected: Json) {
        assert_eq!(read(text).expect(text).to_json(), expected, "{text}");
    }

    #[test]
    fn free_data_is_what_it_looks_like() {
        check_json("[~, null, '', yes, Off, 'no']", json!([null, null, "", true, false, "no"]));
        check_json("[0, -1, +2, 1_000, 0x1F, -0o17, 0b11]", json!([0, -1, 2, 1000, 31, -15, 3]));
        check_json("[012, .5, 1e3, -2.5]", json!([12.0, 0.5, 1000.0, -2.5]));
        check_json("[1__0, 1_, 0x+5, ++5]", json!(["1__0", "1_", "0x+5", "++5"]));
        check_json("[.inf, nan, 1e999]", json!([".inf", "nan", "1e999"]));
        check_json("[18446744073709551615, 2015-07]", json!([u64::MAX, "2015-07"]));
    }

    #[test]
    fn tags_are_obeyed() {
        check_json("[!!str 5, ! 5, !!int '5', !!null '']", json!(["5", "5", 5, null]));
        check_json("[!own 5, !!seq [1], !!map {a: 1}]", json!([5, [1], {"a": 1}]));
        for text in ["!!int x", "!!bool 1", "!!int 1.5", "!!str [a]", "!!seq {a: 1}"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn groups_are_merged_below_what_is_written() {
        check_json("a: 2\n<<: {a: 1, b: 3}", json!({"a": 2, "b": 3}));
        check_json("<<: [{b: 4}, {b: 5, c: 6}]\nd: 1", json!({"d": 1, "b": 4, "c": 6}));
        check_json("'<<': x", json!({"<<": "x"}));
        assert!(read("<<: x").is_err());
    }

    #[test]
    fn there_is_one_document() {
        check_json("", Json::Null);
        check_json("# nothing\n", Json::Null);
        check_json("---\na: 1\n...\n", json!({"a": 1}));
        assert!(read("a: 1\n...\nb: 2\n").is_err());
        assert!(read("a: 1\n---\nb: 2\n").is_err());
    }

    #[test]
    fn keys_are_words() {
        for text in [": x", "~: x", "[a]: x", "a: {{ x }}"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    /// Every value lies in the text, and what is written plainly stands there.
    fn check_places(text: &str, node: &Node) {
        let written = text.get(node.span.range()).expect("a place in the text");
        match &node.value {
            Value::Scalar(Scalar { text, typed: Some(_) }) => {
                assert_eq!(written.trim_matches(['"', '\'']), text)
            }
            Value::List(items) => items.iter().for_each(|item| check_places(text, item)),
            Value::Map(entries) => entries.iter().for_each(|(key, value)| {
                assert!(text.get(key.span.range()).is_some());
                check_places(text, value);
            }),
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_has_its_place(
            pieces in vec(select(&PIECES[..]), 0..30),
        ) {
            let text = pieces.concat();
            match read(&text) {
                Ok(node) => check_places(&text, &node),
                Err(error) => {
                    let span = error.span.expect("a place");
                    prop_assert!(text.get(span.range()).is_some());
                }
            }
        }
    }

    /// What YAML takes for signs, and letters beside them.
    const PIECES: [&str; 36] = [
        "a", "é", "日", "1", "0x1F", "-2.5", "yes", "null", "'", "\"", "\\", ":", ": ", "\n",
        "\n  ", "\r\n", "\r", "\t", " ", "- ", "? ", ", ", "[", "]", "{", "}", " #", "&a ", "*a",
        "!!int ", "<<: ", "|\n", ">-\n", "...\n", "\u{feff}", "\u{85}",
    ];

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
