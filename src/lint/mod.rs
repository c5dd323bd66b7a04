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
        docs: "A norm that belongs to no theme is missing from the index by theme and from the \
               matrix. Name at least one theme: `themes: [data-security]`.",
        check: rules::norm_without_theme,
    },
    Lint {
        code: "norm-without-source",
        level: Level::Warn,
        docs: "A norm without a source cannot be checked by its readers. Name the document that \
               carries the text: `source: {ref: a-70-174, locator: para. 13(d)}`.",
        check: rules::norm_without_source,
    },
    Lint {
        code: "norm-without-summary",
        level: Level::Allow,
        docs: "The summary is the one plain sentence that lists and previews show. It is marked \
               as editorial, so it may be plainer than the norm.",
        check: rules::norm_without_summary,
    },
    Lint {
        code: "index-without-introduction",
        level: Level::Warn,
        docs: "The page of a theme or forum begins with its body; without one it is a bare list. \
               Write what belongs there and what does not.",
        check: rules::index_without_introduction,
    },
    Lint {
        code: "index-without-norms",
        level: Level::Allow,
        docs: "A theme or forum that no norm names has an empty page. Name it under `themes` or \
               `forums` of a norm, or remove it.",
        check: rules::index_without_norms,
    },
    Lint {
        code: "source-never-cited",
        level: Level::Allow,
        docs: "A source that nothing refers to is out of reach for a reader who follows the text. \
               Cite it, `[@source-id]`, name it in a front matter, or remove it.",
        check: rules::source_never_cited,
    },
    Lint {
        code: "statement-without-pinpoint",
        level: Level::Allow,
        docs: "A position without a `locator` cannot be checked quickly in a long document. Give \
               the paragraph or page: `locator: para. 5`.",
        check: rules::statement_without_pinpoint,
    },
    Lint {
        code: "annotation-without-body",
        level: Level::Warn,
        docs: "An annotation is a heading and the text below it. A heading alone marks a phrase \
               and says nothing about it.",
        check: rules::annotation_without_body,
    },
    Lint {
        code: "review-too-old",
        level: Level::Allow,
        docs: "A norm whose last editorial review, `reviewed`, is longer ago than 24 months, or \
               than the number that the settings give: `review-too-old = { level = \"warn\", \
               months = 12 }`. A norm that was never reviewed counts.",
        check: rules::review_too_old,
    },
    Lint {
        code: "relation-without-note",
        level: Level::Allow,
        docs: "A relation is an editorial judgement; its note says in a sentence why it holds.",
        check: rules::relation_without_note,
    },
];

/// Collects what one rule finds.
pub struct Found<'a> {
    code: &'static str,
    severity: Severity,
    /// The number of months that the author set.
    months: Option<i64>,
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
        let set = levels.0.iter().rev().find(|one| one.code.value == lint.code);
        let level = set.map_or(lint.level, |one| one.level);
        let months = set.and_then(|one| one.months);
        if let Some(severity) = level.severity() {
            let diagnostics = &mut diagnostics;
            let mut found = Found { code: lint.code, severity, months, diagnostics };
            (lint.check)(linked, &mut found);
        }
    }
    diagnostics
}

fn unknown_codes(levels: &LintLevels) -> Vec<Diagnostic> {
    let path = SourcePath::new(FILE);
    let known: Vec<&str> = LINTS.iter().map(|lint| lint.code).collect();
    let unknown = levels.0.iter().map(|one| &one.code);
    let unknown = unknown.filter(|code| !known.contains(&code.value.as_str()));
    unknown.map(|code| catalog::unknown_lint(At::new(&path, code.span), code, &known)).collect()
}
