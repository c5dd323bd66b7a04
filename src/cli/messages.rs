//! What is printed, and where: diagnostics to standard error, or as objects
//! to standard output. Colour follows the terminal, `NO_COLOR` and
//! `CLICOLOR_FORCE`.

use std::error::Error;

use super::MessageFormat;
use crate::diagnostic::{Diagnostic, Severity, count, report};
use crate::path::SourcePath;
use crate::read::Snapshot;
use crate::render::assets;

/// Prints diagnostics in the format that was asked for.
pub(super) struct Messages<'a> {
    pub(super) format: MessageFormat,
    pub(super) snapshot: &'a Snapshot,
}

impl Messages<'_> {
    /// Prints every diagnostic, in the order given.
    pub(super) fn print(&self, diagnostics: &[Diagnostic]) {
        let lookup =
            |path: &SourcePath| self.snapshot.text(path).or_else(|| assets::built_in_text(path));
        for diagnostic in diagnostics {
            match self.format {
                MessageFormat::Human => {
                    anstream::eprintln!("{}\n", report::human(diagnostic, &lookup, true));
                }
                MessageFormat::Short => {
                    anstream::eprintln!("{}", report::short(diagnostic, &lookup));
                }
                MessageFormat::Json => {
                    anstream::println!("{}", report::json(diagnostic, &lookup));
                }
            }
        }
    }

    /// Prints how many mistakes there are, and that nothing was written.
    pub(super) fn verdict(&self, diagnostics: &[Diagnostic], deny_warnings: bool) {
        let of = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
        let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
        let found = match (errors, warnings) {
            (errors, 0) => count(errors, "error"),
            (0, warnings) => count(warnings, "warning"),
            (errors, warnings) => {
                format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
            }
        };
        let denied = if deny_warnings && errors == 0 { " (warnings are denied)" } else { "" };
        note(&format!("{found}{denied}; nothing was written"));
    }
}

/// Prints a line about the work to standard error.
pub(super) fn note(text: &str) {
    anstream::eprintln!("{text}");
}

/// Prints that the world failed.
pub(super) fn failure(error: &dyn Error) {
    anstream::eprintln!("error: {error}");
}
