//! Editorial rules: things that are allowed but rarely meant.
//!
//! Comes in: the linked handbook and the levels that its author set. Goes
//! out: warnings or errors. A rule is one line of [`LINTS`] and one function.

mod rules;

use crate::config::{FILE, Level, LintLevels};
use crate::diagnostic::{At, Diagnostic, Severity, catalog};
use crate::link::Linked;
use crate::path::SourcePath;

/// An editorial rule.
pub struct Lint {
    /// Its stable name.
    pub code: &'static str,
    /// How serious it is unless the author says otherwise.
    pub level: Level,
    /// What it finds, and why that matters.
    pub docs: &'static str,
    check: fn(&Linked, &mut Found<'_>),
}

/// All editorial rules.
pub const LINTS: &[Lint] = &[
    Lint {
        code: "norm-without-theme",
        level: Level::Warn,
        docs: "A norm that belongs to no theme is missing from the index by theme and from \
               the matrix.",
        check: rules::norm_without_theme,
    },
    Lint {
        code: "norm-without-source",
        level: Level::Warn,
        docs: "A norm without a source cannot be checked by its readers.",
        check: rules::norm_without_source,
    },
    Lint {
        code: "norm-without-summary",
        level: Level::Allow,
        docs: "The summary is the one plain sentence that lists and previews show.",
        check: rules::norm_without_summary,
    },
    Lint {
        code: "index-without-introduction",
        level: Level::Warn,
        docs: "The page of a theme or forum begins with its body; without one it is a bare list.",
        check: rules::index_without_introduction,
    },
    Lint {
        code: "index-without-norms",
        level: Level::Allow,
        docs: "A theme or forum that no norm names has an empty page.",
        check: rules::index_without_norms,
    },
    Lint {
        code: "source-never-cited",
        level: Level::Allow,
        docs: "A source that nothing refers to is out of reach for a reader.",
        check: rules::source_never_cited,
    },
];

/// Collects what one rule finds.
pub struct Found<'a> {
    code: &'static str,
    severity: Severity,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Found<'_> {
    fn push(&mut self, at: At<'_>, message: &str, hint: &str) {
        let found = catalog::lint(self.code, self.severity, at.path, Some(at.span), message);
        self.diagnostics.push(found.hint(hint));
    }
}

/// Applies every rule that is not off.
pub fn run(linked: &Linked, levels: &LintLevels) -> Vec<Diagnostic> {
    let mut diagnostics = unknown_codes(levels);
    for lint in LINTS {
        let set = levels.0.iter().rev().find(|(code, _)| code.value == lint.code);
        let level = set.map_or(lint.level, |(_, level)| *level);
        if let Some(severity) = level.severity() {
            let mut found = Found { code: lint.code, severity, diagnostics: &mut diagnostics };
            (lint.check)(linked, &mut found);
        }
    }
    diagnostics
}

fn unknown_codes(levels: &LintLevels) -> Vec<Diagnostic> {
    let path = SourcePath::new(FILE);
    let known: Vec<&str> = LINTS.iter().map(|lint| lint.code).collect();
    let unknown = levels.0.iter().filter(|(code, _)| !known.contains(&code.value.as_str()));
    unknown
        .map(|(code, _)| catalog::unknown_lint(At::new(&path, code.span), code, &known))
        .collect()
}
