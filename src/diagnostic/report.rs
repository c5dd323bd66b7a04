//! Diagnostics as text: with snippets for people, a line each for editors, an
//! object a line for programs.
//!
//! Comes in: diagnostics and a way to look up a source's text. Goes out: a
//! string; nothing is printed here.

use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::{Diagnostic, Severity};
use crate::path::SourcePath;
use crate::span::{Position, Span, Text};

/// Looks up the text of a source by its path.
pub type Lookup<'a> = &'a dyn Fn(&SourcePath) -> Option<Arc<Text>>;

/// Renders one diagnostic with the lines it speaks of, as rustc would; with
/// `colour` in ANSI colours.
pub fn human(diagnostic: &Diagnostic, lookup: Lookup<'_>, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let group = match (&diagnostic.path, diagnostic.span) {
        (Some(path), Some(span)) => match lookup(path) {
            Some(text) => marked(Group::with_title(title), path, &text, span, &diagnostic.label),
            None => title.element(Origin::path(path.as_str())),
        },
        (Some(path), None) => title.element(Origin::path(path.as_str())),
        (None, _) => Group::with_title(title),
    };
    let mut group = diagnostic.related.iter().fold(group, |group, related| {
        let Some(text) = lookup(&related.path) else { return group };
        marked(group, &related.path, &text, related.span, &related.label)
    });
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// At most this many lines of a long marked passage are shown.
const LINES_SHOWN: usize = 4;

/// Of a line that is longer than this, only what stands around the marked
/// place is shown; in bytes.
const LONG_LINE: usize = 2000;

/// How much is shown on either side, in bytes.
const AROUND: usize = 200;

/// Adds a marked place with its lines.
fn marked<'a>(
    group: Group<'a>,
    path: &'a SourcePath,
    text: &Text,
    span: Span,
    label: &'a str,
) -> Group<'a> {
    let (whole, place) = (text.as_str(), text.position(span.start()));
    let start = floor(whole, span.start());
    let line_start = whole[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = whole[line_start..].split('\n').next().unwrap_or("");
    if line.len() <= LONG_LINE {
        let window: String = whole[line_start..].split_inclusive('\n').take(LINES_SHOWN).collect();
        let snippet = snippet(&window, span, line_start, label);
        return group.element(snippet.path(path.as_str()).line_start(place.line));
    }
    let from = floor(whole, start.saturating_sub(AROUND).max(line_start));
    let to = floor(whole, (start + AROUND).min(line_start + line.len()));
    // Part of a line has columns of its own, so the place is named before it.
    let origin = Origin::path(path.as_str()).line(place.line).char_column(place.column);
    let snippet = snippet(&whole[from..to], span, from, label).line_start(place.line);
    group.element(origin).element(snippet)
}

/// A part of a text that begins at `start` bytes, with the place marked.
fn snippet<'a>(
    window: &str,
    span: Span,
    start: usize,
    label: &'a str,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let window = window.trim_end_matches(['\n', '\r']).to_owned();
    let inside = |at: usize| floor(&window, at.saturating_sub(start).min(window.len()));
    let (from, to) = (inside(span.start()), inside(span.end()).max(inside(span.start())));
    // A heading's span ends with its line; marking that would show two lines.
    let to = from + window[from..to].trim_end().len();
    let annotation =
        AnnotationKind::Primary.span(from..to).label((!label.is_empty()).then_some(label));
    Snippet::source(window).annotation(annotation)
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Renders one diagnostic as `path:line:column: severity[code]: message`.
pub fn short(diagnostic: &Diagnostic, lookup: Lookup<'_>) -> String {
    let Diagnostic { code, message, .. } = diagnostic;
    let severity = diagnostic.severity.name();
    match (&diagnostic.path, place(diagnostic, lookup)) {
        (Some(path), Position { line, column }) => {
            format!("{path}:{line}:{column}: {severity}[{code}]: {message}")
        }
        (None, _) => format!("{severity}[{code}]: {message}"),
    }
}

/// Renders one diagnostic as a JSON object on one line: `severity`, `code`,
/// `message`, `path` (relative to the root), `line`, `column`, `hints`.
pub fn json(diagnostic: &Diagnostic, lookup: Lookup<'_>) -> String {
    #[derive(Serialize)]
    struct Message<'a> {
        severity: &'a str,
        code: &'a str,
        message: &'a str,
        path: Option<&'a str>,
        line: usize,
        column: usize,
        hints: &'a [String],
    }
    let Position { line, column } = place(diagnostic, lookup);
    let message = Message {
        severity: diagnostic.severity.name(),
        code: diagnostic.code,
        message: &diagnostic.message,
        path: diagnostic.path.as_ref().map(SourcePath::as_str),
        line,
        column,
        hints: &diagnostic.hints,
    };
    serde_json::to_string(&message).expect("invariant: a diagnostic is plain data")
}

/// The line and column of a diagnostic; the file's beginning when it speaks
/// of the whole file.
pub fn place(diagnostic: &Diagnostic, lookup: Lookup<'_>) -> Position {
    let text = diagnostic.path.as_ref().and_then(lookup);
    match (text, diagnostic.span) {
        (Some(text), Some(span)) => text.position(span.start()),
        _ => Position { line: 1, column: 1 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{At, catalog};

    fn example() -> (Diagnostic, String) {
        let path = SourcePath::new("content/norms/a.md");
        let diagnostic =
            catalog::unknown_field(At::new(&path, Span::new(4, 9)), "titel", &["title", "number"]);
        (diagnostic, "---\ntitel: A\n---\n".to_owned())
    }

    #[test]
    fn the_short_form_has_path_line_column_severity_and_code() {
        let (diagnostic, text) = example();
        let short = short(&diagnostic, &|_| Some(Arc::new(Text::new(text.as_str()))));
        assert_eq!(short, "content/norms/a.md:2:1: error[unknown-field]: unknown field `titel`");
    }

    #[test]
    fn the_human_form_shows_the_line() {
        let (diagnostic, text) = example();
        let human = human(&diagnostic, &|_| Some(Arc::new(Text::new(text.as_str()))), false);
        assert!(human.contains("2 | titel: A"), "{human}");
        assert!(human.contains("did you mean `title`?"), "{human}");
    }

    #[test]
    fn a_long_line_is_shown_in_part_with_its_place() {
        let (mut diagnostic, _) = example();
        let line = format!("---\nx{}titel: A{}", " é".repeat(3000), " z".repeat(3000));
        let at = line.find("titel").expect("there");
        diagnostic.span = Some(Span::new(at, at + 5));
        let human = human(&diagnostic, &|_| Some(Arc::new(Text::new(line.as_str()))), false);
        assert!(human.contains("content/norms/a.md:2:6002"), "{human}");
        assert!(human.contains("titel: A") && human.len() < 2000, "{human}");
    }

    #[test]
    fn a_span_past_the_end_of_the_text_does_no_harm() {
        let (mut diagnostic, _) = example();
        diagnostic.span = Some(Span::new(90, 95));
        human(&diagnostic, &|_| Some(Arc::new(Text::new("é"))), false);
    }
}
