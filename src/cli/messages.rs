//! What is printed, and where: diagnostics to standard error, or as objects
//! to standard output. Colour follows the terminal, `NO_COLOR` and
//! `CLICOLOR_FORCE`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::sync::Arc;

use super::MessageFormat;
use crate::diagnostic::{Diagnostic, Severity, count, report};
use crate::path::SourcePath;
use crate::read::Snapshot;
use crate::render::assets;
use crate::span::Text;

/// Prints diagnostics in the format that was asked for.
pub(super) struct Messages<'a> {
    pub(super) format: MessageFormat,
    pub(super) snapshot: &'a Snapshot,
}

impl Messages<'_> {
    /// Prints every diagnostic, in the order given.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(super) fn print(&self, diagnostics: &[Diagnostic]) -> Result<(), Box<dyn Error>> {
        // Many diagnostics may speak of one file.
        let texts: RefCell<BTreeMap<SourcePath, Option<Arc<Text>>>> = RefCell::default();
        let lookup = |path: &SourcePath| {
            let mut texts = texts.borrow_mut();
            let read = || self.snapshot.text(path).or_else(|| assets::built_in_text(path));
            texts
                .entry(path.clone())
                .or_insert_with(|| read().map(|text| Arc::new(Text::new(text))))
                .clone()
        };
        for diagnostic in diagnostics {
            match self.format {
                MessageFormat::Human => {
                    note(&format!("{}\n", report::human(diagnostic, &lookup, true)))
                }
                MessageFormat::Short => note(&report::short(diagnostic, &lookup)),
                MessageFormat::Json => output(&report::json(diagnostic, &lookup))?,
            }
        }
        Ok(())
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

/// Prints what was asked for to standard output. A reader that has gone away
/// wants no more, which is no failure.
///
/// # Errors
/// When standard output cannot be written, as on a full disk.
pub(super) fn output(text: &str) -> Result<(), Box<dyn Error>> {
    let mut stdout = anstream::stdout();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            Err(format!("cannot write to standard output: {error}; check where it goes").into())
        }
    }
}

/// Prints a line about the work to standard error, if that can be written.
pub(super) fn note(text: &str) {
    writeln!(anstream::stderr(), "{text}").ok();
}

/// Prints that the world failed.
pub(super) fn failure(error: &dyn Error) {
    note(&format!("error: {error}"));
}
