//! The old address of a renamed entry, written into its front matter.

use super::Edit;
use crate::data::{Node, Value, yaml};
use crate::parse::{Doc, front_matter_span};
use crate::span::Span;

/// Adds old addresses to the `aliases` of an entry, each given with the new one
/// of the same page. Where the new address stands among them, as after a rename
/// back, the old one takes its place.
///
/// # Errors
/// When the front matter is written in a way that cannot be added to.
pub(super) fn edits(doc: &Doc, addresses: &[(String, String)]) -> Result<Vec<Edit>, String> {
    let (mut edits, mut new_ones) = (Vec::new(), Vec::new());
    for (old, new) in addresses {
        match replaced(doc, old, new) {
            Some(edit) => edits.push(edit),
            None => new_ones.push(old.as_str()),
        }
    }
    if !new_ones.is_empty() {
        edits.push(added(doc, &new_ones).ok_or_else(|| {
            format!("the front matter of `{}` cannot be added to; write it line by line", doc.path)
        })?);
    }
    Ok(edits)
}

fn replaced(doc: &Doc, old: &str, new: &str) -> Option<Edit> {
    let bare = |alias: &str| alias.trim_matches('/').to_owned();
    let known = doc.meta.common().aliases;
    let alias = known.iter().find(|alias| bare(alias) == bare(new))?;
    let at = doc.text[alias.span.range()].find(alias.value.as_str())?;
    let start = alias.span.start() + at;
    Some((Span::new(start, start + alias.value.len()), old.to_owned()))
}

fn added(doc: &Doc, new_ones: &[&str]) -> Option<Edit> {
    let list = new_ones.join(", ");
    let text = &doc.text;
    let span = front_matter_span(text)?;
    let node = yaml::parse(&text[span.range()], span.start(), &doc.path).ok()?;
    let Value::Map(entries) = &node.value else { return None };
    let line_end = if text[span.range()].contains("\r\n") { "\r\n" } else { "\n" };
    let aliases = entries.iter().find(|(key, _)| key.value == "aliases");
    let Some((key, value)) = aliases else {
        let first = &entries.first()?.0;
        let indent = &text[line_start(text, first.span.start())..first.span.start()];
        let blank = indent.chars().all(|c| c == ' ');
        let line = format!("{indent}aliases: [{list}]{line_end}");
        return blank.then_some((Span::new(span.end(), span.end()), line));
    };
    match &value.value {
        Value::Null => {
            let colon = text[key.span.end()..].find(':')? + key.span.end() + 1;
            Some((Span::new(colon, colon), format!(" [{list}]")))
        }
        Value::List(items) if text[value.span.start()..].starts_with('[') => {
            Some(in_brackets(text, value, items, &list))
        }
        Value::List(items) => on_lines(text, items, new_ones, line_end),
        Value::Scalar(_) | Value::Map(_) => None,
    }
}

fn in_brackets(text: &str, list: &Node, items: &[Node], new_ones: &str) -> Edit {
    let (at, comma) = match items.last() {
        Some(last) => (last.span.end(), ", "),
        None => (list.span.start() + 1, ""),
    };
    // The mark that closes a quoted item may not belong to its place.
    let quote = text[at..].chars().next().filter(|c| matches!(c, '"' | '\''));
    let at = at + quote.map_or(0, char::len_utf8);
    (Span::new(at, at), format!("{comma}{new_ones}"))
}

fn on_lines(text: &str, items: &[Node], new_ones: &[&str], line_end: &str) -> Option<Edit> {
    let last = items.last()?;
    let start = line_start(text, last.span.start());
    let dash = text[start..last.span.start()].find('-')?;
    let indent = &text[start..start + dash];
    let end = text[last.span.end()..].find('\n')? + last.span.end() + 1;
    let lines = new_ones.iter().map(|new| format!("{indent}- {new}{line_end}"));
    Some((Span::new(end, end), lines.collect()))
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
        let addresses = [("norms/a/".to_owned(), "norms/b/".to_owned())];
        let edits = edits(&doc, &addresses).expect(front_matter);
        let [(span, new)] = edits.as_slice() else { panic!("{edits:?}") };
        let after = format!("{}{new}{}", &text[..span.start()], &text[span.end()..]);
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
        assert!(edits(&doc, &[("norms/a/".to_owned(), "norms/b/".to_owned())]).is_err());
    }
}
