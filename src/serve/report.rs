//! What is wrong, for browsers: the words of the terminal, and where to mend.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity, report};
use crate::path::{self, SourcePath};
use crate::read::Snapshot;
use crate::render::assets;
use crate::span::Text;

/// Opens a file in Visual Studio Code, which most editors imitate.
pub(super) const EDITOR: &str = "vscode://file/{path}:{line}:{column}";

/// Browsers show no more than so many; the terminal shows all.
const MOST_SHOWN: usize = 100;

/// Everything that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Report {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) messages: Vec<Message>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Message {
    severity: &'static str,
    code: &'static str,
    message: String,
    path: Option<String>,
    line: usize,
    column: usize,
    /// The message as the terminal prints it.
    text: String,
    /// The address that opens the place in the author's editor.
    editor: Option<String>,
}

/// Makes reports.
pub(super) struct Reporter<'a> {
    pub(super) root: &'a Path,
    pub(super) editor: &'a str,
    pub(super) snapshot: &'a Snapshot,
}

impl Reporter<'_> {
    pub(super) fn report(&self, diagnostics: &[Diagnostic]) -> Report {
        let of = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
        // What stops the site comes first where not all can be shown.
        let severe = |severity| diagnostics.iter().filter(move |d| d.severity == severity);
        let shown = severe(Severity::Error).chain(severe(Severity::Warning)).take(MOST_SHOWN);
        Report {
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            messages: shown.map(|diagnostic| self.message(diagnostic)).collect(),
        }
    }

    fn message(&self, diagnostic: &Diagnostic) -> Message {
        let lookup = |path: &SourcePath| -> Option<Arc<Text>> {
            let text = self.snapshot.text(path).or_else(|| assets::built_in_text(path));
            text.map(|text| Arc::new(Text::new(text)))
        };
        let place = report::place(diagnostic, &lookup);
        let path = diagnostic.path.as_ref();
        // A built-in template is no file that an editor could open.
        let own = path.filter(|path| self.snapshot.sources.contains_key(*path));
        Message {
            severity: diagnostic.severity.name(),
            code: diagnostic.code,
            message: diagnostic.message.clone(),
            path: path.map(ToString::to_string),
            line: place.line,
            column: place.column,
            text: report::human(diagnostic, &lookup, false),
            editor: own.map(|path| {
                let whole = self.root.join(path.as_str());
                let whole = whole.to_string_lossy().replace('\\', "/");
                self.editor
                    .replace("{path}", &path::encode(whole.trim_start_matches('/')))
                    .replace("{line}", &place.line.to_string())
                    .replace("{column}", &place.column.to_string())
            }),
        }
    }
}

/// Says that the folder itself cannot be read.
pub(super) fn unreadable(message: &str) -> Report {
    let message = Message {
        severity: Severity::Error.name(),
        code: "unreadable",
        message: message.to_owned(),
        path: None,
        line: 1,
        column: 1,
        text: format!("error: {message}"),
        editor: None,
    };
    Report { errors: 1, warnings: 0, messages: vec![message] }
}
