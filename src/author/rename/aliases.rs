//! The old address of a renamed entry, written into its front matter.

use super::Edit;
use crate::data::{Node, Value, yaml};
use crate::parse::{Doc, front_matter_span};
use crate::span::Span;

/// Adds the old address to the `aliases` of an entry. Where the new address
/// stands among them, as after a rename back, the old one takes its place.
///
/// # Errors
/// When the front matter is written in a way that cannot be added to.
pub(super) fn edit(doc: &Doc, old: &str, new: &str) -> Result<Edit, String> {
    let bare = |alias: &str| alias.trim_matches('/').to_owned();
    let known = doc.meta.common().aliases;
    if let Some(alias) = known.iter().find(|alias| bare(alias) == bare(new)) {
        let text = &doc.text[alias.span.range()];
        if let Some(at) = text.find(alias.value.as_str()) {
            let start = alias.span.start + at;
            return Ok((Span::new(start, start + alias.value.len()), old.to_owned()));
        }
    }
    added(doc, old).ok_or_else(|| {
        format!("the front matter of `{}` cannot be added to; write it line by line", doc.path)
    })
}

fn added(doc: &Doc, old: &str) -> Option<Edit> {
    let text = &doc.text;
    let span = front_matter_span(text)?;
    let node = yaml::parse(&text[span.range()], span.start, &doc.path).ok()?;
    let Value::Map(entries) = &node.value else { return None };
    let line_end = if text[span.range()].contains("\r\n") { "\r\n" } else { "\n" };
    let aliases = entries.iter().find(|(key, _)| key.value == "aliases");
    let Some((key, value)) = aliases else {
        let first = &entries.first()?.0;
        let indent = &text[line_start(text, first.span.start)..first.span.start];
        let blank = indent.chars().all(|c| c == ' ');
        let line = format!("{indent}aliases: [{old}]{line_end}");
        return blank.then_some((Span::new(span.end, span.end), line));
    };
    match &value.value {
        Value::Null => {
            let colon = text[key.span.end..].find(':')? + key.span.end + 1;
            Some((Span::new(colon, colon), format!(" [{old}]")))
        }
        Value::List(items) if text[value.span.start..].starts_with('[') => {
            Some(in_brackets(text, value, items, old))
        }
        Value::List(items) => on_lines(text, items, old, line_end),
        Value::Scalar(_) | Value::Map(_) => None,
    }
}

fn in_brackets(text: &str, list: &Node, items: &[Node], old: &str) -> Edit {
    let (at, comma) = match items.last() {
        Some(last) => (last.span.end, ", "),
        None => (list.span.start + 1, ""),
    };
    // The mark that closes a quoted item may not belong to its place.
    let quote = text[at..].chars().next().filter(|c| matches!(c, '"' | '\''));
    let at = at + quote.map_or(0, char::len_utf8);
    (Span::new(at, at), format!("{comma}{old}"))
}

fn on_lines(text: &str, items: &[Node], old: &str, line_end: &str) -> Option<Edit> {
    let last = items.last()?;
    let start = line_start(text, last.span.start);
    let dash = text[start..last.span.start].find('-')?;
    let indent = &text[start..start + dash];
    let end = text[last.span.end..].find('\n')? + last.span.end + 1;
    Some((Span::new(end, end), format!("{indent}- {old}{line_end}")))
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Kind;
    use crate::parse;
    use crate::path::SourcePath;
    use crate::read::Source;

    #[track_caller]
    fn check(front_matter: &str, expected: &str) {
        let text = format!("---\n{front_matter}---\n");
        let source = Source::new(SourcePath::new("content/norms/a.md"), text.as_bytes());
        let doc = parse::parse(&source, Kind::Norm).value;
        let (span, new) = edit(&doc, "norms/a/", "norms/b/").expect(front_matter);
        let after = format!("{}{new}{}", &text[..span.start], &text[span.end..]);
        assert_eq!(after, format!("---\n{expected}---\n"));
    }

    #[test]
    fn aliases_are_added_in_the_way_of_the_file() {
        check("title: A\n", "title: A\naliases: [norms/a/]\n");
        check("title: A\r\n", "title: A\r\naliases: [norms/a/]\r\n");
        check("  title: A\n", "  title: A\n  aliases: [norms/a/]\n");
        check("title: A\naliases: [x/] # old\n", "title: A\naliases: [x/, norms/a/] # old\n");
        check(
            "aliases: ['x/', \"y/\"]\ntitle: A\n",
            "aliases: ['x/', \"y/\", norms/a/]\ntitle: A\n",
        );
        check("aliases: []\ntitle: A\n", "aliases: [norms/a/]\ntitle: A\n");
        check("aliases:\ntitle: A\n", "aliases: [norms/a/]\ntitle: A\n");
        check("aliases:\n- x/ # y\ntitle: A\n", "aliases:\n- x/ # y\n- norms/a/\ntitle: A\n");
        check("aliases:\n  - 'x/'\n", "aliases:\n  - 'x/'\n  - norms/a/\n");
        check("title: A\naliases: [\n  x/,\n]\n", "title: A\naliases: [\n  x/, norms/a/,\n]\n");
    }

    #[test]
    fn a_rename_back_puts_the_one_in_the_place_of_the_other() {
        check("title: A\naliases: [x, norms/b/]\n", "title: A\naliases: [x, norms/a/]\n");
        check("title: A\naliases:\n- \"/norms/b\"\n", "title: A\naliases:\n- \"norms/a/\"\n");
    }

    #[test]
    fn what_cannot_be_added_to_is_refused() {
        let source = Source::new(SourcePath::new("content/norms/a.md"), *b"---\n{title: A}\n---\n");
        let doc = parse::parse(&source, Kind::Norm).value;
        assert!(edit(&doc, "norms/a/", "norms/b/").is_err());
    }
}
