//! What an author did that cannot stand, as a value: a code, a place, hints.
//!
//! Comes in: nothing; the [`catalog`] holds one constructor a message, and
//! [`report`] prints them. Diagnostics never stop a stage; a stage returns
//! them beside its value in a [`Checked`].

pub mod catalog;
pub mod explain;
pub mod report;

use std::cmp::Ordering;

use crate::path::SourcePath;
use crate::span::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The site is built all the same, unless warnings are denied.
    Warning,
    /// Nothing is written.
    Error,
}

impl Severity {
    /// The word that is printed.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A second place that a diagnostic speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// The file.
    pub path: SourcePath,
    /// The place in it.
    pub span: Span,
    /// What stands there.
    pub label: String,
}

/// One problem in the handbook, with all that is needed to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable name in kebab-case, such as `unknown-field`.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in back-ticks.
    pub message: String,
    /// The file; without one the handbook as a whole is meant.
    pub path: Option<SourcePath>,
    /// The place in the file; without one the file as a whole is meant.
    pub span: Option<Span>,
    /// A few words beside the marked place.
    pub label: String,
    /// Further places.
    pub related: Vec<Related>,
    /// What the author can do, one sentence each.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// Adds a thing that the author can do; empty hints are passed over.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        let hint = hint.into();
        if !hint.is_empty() {
            self.hints.push(hint);
        }
        self
    }

    /// Adds a few words beside the marked place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(mut self, at: At<'_>, label: impl Into<String>) -> Diagnostic {
        let related = Related { path: at.path.clone(), span: at.span, label: label.into() };
        self.related.push(related);
        self
    }
}

impl PartialOrd for Diagnostic {
    fn partial_cmp(&self, other: &Diagnostic) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Diagnostic {
    fn cmp(&self, other: &Diagnostic) -> Ordering {
        let key = |d: &Diagnostic| (d.path.clone(), d.span, d.code, d.message.clone());
        key(self).cmp(&key(other))
    }
}

/// A place in a source file.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// The file.
    pub path: &'a SourcePath,
    /// The place in it.
    pub span: Span,
}

impl<'a> At<'a> {
    /// The place `span` of the file `path`.
    pub fn new(path: &'a SourcePath, span: Span) -> At<'a> {
        At { path, span }
    }
}

/// A stage's value together with what was wrong in its input.
#[derive(Clone, Debug, Default)]
pub struct Checked<T> {
    /// The value; complete and usable even beside errors.
    pub value: T,
    /// What was wrong, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value with its diagnostics.
    pub fn new(value: T, diagnostics: Vec<Diagnostic>) -> Checked<T> {
        Checked { value, diagnostics }
    }
}

/// Names nearest to a mistaken one, best first, at most three.
///
/// A name is near when a few letters differ, when the mistaken name is its
/// last segment, or when one holds the other.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wrong = wrong.to_lowercase();
    let mut scored: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| Some((distance(&wrong, &name.to_lowercase())?, name)))
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

fn distance(wrong: &str, name: &str) -> Option<usize> {
    let limit = (wrong.chars().count() / 3).clamp(1, 4);
    if let Some(whole) = within(limit, wrong, name) {
        return Some(whole);
    }
    let last = |text: &'_ str| text.rsplit('/').next().unwrap_or("").to_owned();
    let (wrong_tail, name_tail) = (last(wrong), last(name));
    let tail_limit = limit.min(wrong_tail.chars().count() / 3);
    if let Some(tail) = within(tail_limit, &wrong_tail, &name_tail) {
        return Some(limit + tail);
    }
    let contained =
        wrong.len() >= 4 && name.contains(wrong) || name.len() >= 4 && wrong.contains(name);
    contained.then_some(2 * limit + 1)
}

/// The distance of two texts when it is at most `limit`. Texts that differ more
/// in length are not compared: there are many names, and few are near.
fn within(limit: usize, a: &str, b: &str) -> Option<usize> {
    if a.chars().count().abs_diff(b.chars().count()) > limit {
        return None;
    }
    Some(strsim::damerau_levenshtein(a, b)).filter(|distance| *distance <= limit)
}

/// Writes names as "`a`, `b` or `c`".
pub fn alternatives<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A number with the right form of its noun: `1 norm`, `2 norms`.
pub fn count(number: usize, singular: &str) -> String {
    match number {
        1 => format!("1 {singular}"),
        _ => format!("{number} {singular}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_names_come_first() {
        let names = ["un-gge-2015/13d", "un-gge-2015/13e", "cn-2021/fair-trade", "un-oewg-2021"];
        assert_eq!(nearest("un-gge-2015/13dd", names)[0], "un-gge-2015/13d");
        assert_eq!(nearest("13d", names)[0], "un-gge-2015/13d");
        assert_eq!(nearest("fair-trade", names), ["cn-2021/fair-trade"]);
        assert!(nearest("zebra", names).is_empty());
    }

    #[test]
    fn alternatives_read_as_a_sentence() {
        assert_eq!(alternatives(&["a"]), "`a`");
        assert_eq!(alternatives(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
