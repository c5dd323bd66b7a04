//! `normbook serve`: what happens, on the terminal.

use std::collections::BTreeSet;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::messages::{Messages, note};
use super::{MessageFormat, ServeArgs};
use crate::diagnostic::{Diagnostic, Severity, count};
use crate::path::SourcePath;
use crate::read::Snapshot;
use crate::serve::{self, Built, News, PORT, Settings};

/// Serves until the program is told to stop.
pub(super) fn serve(args: ServeArgs) -> Result<bool, Box<dyn Error>> {
    let ServeArgs { root, host, port, open, poll, editor } = args;
    let settings =
        Settings { root, host, port: port.unwrap_or(PORT), poll, editor, today: super::today };
    let terminal = Mutex::new(Terminal { open, warned: BTreeSet::new() });
    let tell = move |news: &News<'_>| {
        terminal.lock().unwrap_or_else(PoisonError::into_inner).tell(news);
    };
    let tell: serve::Tell = Arc::new(tell);
    serve::serve(&settings, &tell)?;
    Ok(true)
}

/// What was printed before, and what is still to be done.
struct Terminal {
    /// Whether the browser is to be opened.
    open: bool,
    /// The warnings that were printed; they are not repeated at every save.
    warned: BTreeSet<Diagnostic>,
}

impl Terminal {
    fn tell(&mut self, news: &News<'_>) {
        match news {
            News::Listening { address, busy } => self.listening(*address, *busy),
            News::Polling(reason) => {
                note(&format!("{reason}; looking for changes in intervals instead"));
            }
            News::Unreadable(message) => note(&format!("error: {message}")),
            News::Built(built) => self.built(built),
            News::Checked { diagnostics, snapshot } => self.print(diagnostics, snapshot),
        }
    }

    fn listening(&self, address: SocketAddr, busy: Option<u16>) {
        if let Some(port) = busy {
            note(&format!("port {port} is busy; using {} instead", address.port()));
        }
        let site = match address.ip() {
            ip if ip.is_unspecified() => format!("http://localhost:{}/", address.port()),
            _ => format!("http://{address}/"),
        };
        note(&format!("serving at {site} (Ctrl-C stops)"));
        if self.open {
            // Without a desktop there is no browser; the address stands above.
            open::that_detached(&site).ok();
        }
    }

    fn built(&mut self, built: &Built<'_>) {
        // A warning that was mended and comes back is news.
        self.warned.retain(|warned| built.diagnostics.contains(warned));
        self.print(built.diagnostics, built.snapshot);
        note(&summary(built));
    }

    /// Prints all errors, and the warnings that are new.
    fn print(&mut self, diagnostics: &[Diagnostic], snapshot: &Snapshot) {
        let is_warning = |found: &&Diagnostic| found.severity == Severity::Warning;
        let warnings: BTreeSet<Diagnostic> =
            diagnostics.iter().filter(is_warning).cloned().collect();
        let said = |found: &&Diagnostic| !is_warning(found) || !self.warned.contains(*found);
        let news: Vec<Diagnostic> = diagnostics.iter().filter(said).cloned().collect();
        let messages = Messages { format: MessageFormat::Human, snapshot };
        // Human messages go to standard error, which is never waited for.
        messages.print(&news).ok();
        self.warned.extend(warnings);
    }
}

/// One line about a rebuild.
fn summary(built: &Built<'_>) -> String {
    let seconds = built.duration.as_secs_f64();
    let time = match seconds {
        seconds if seconds < 1.0 => format!("{:.0} ms", seconds * 1000.0),
        seconds => format!("{seconds:.2} s"),
    };
    let of = |severity| built.diagnostics.iter().filter(|d| d.severity == severity).count();
    let found = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning")];
    let found = found.iter().filter(|(times, _)| *times > 0);
    let found: String = found.map(|(times, what)| format!(", {}", count(*times, what))).collect();
    let held_back = match (built.held_back, built.first) {
        (true, true) => "; pages are shown once there is no error",
        (true, false) => "; the last good pages stay",
        (false, _) => "",
    };
    let what = match built.first {
        true => format!("read {}", entries(built.entries)),
        false => format!(
            "{}: parsed {} of {}",
            names(built.changed),
            built.parsed,
            entries(built.entries)
        ),
    };
    let rendered = format!("rendered {} of {}", built.rendered, count(built.pages, "page"));
    format!("{what}, {rendered} in {time}{found}{held_back}")
}

fn entries(entries: usize) -> String {
    match entries {
        1 => "1 entry".to_owned(),
        entries => format!("{entries} entries"),
    }
}

/// The files that changed, or how many when they are many.
fn names(changed: &[&SourcePath]) -> String {
    match changed {
        [] => "nothing changed".to_owned(),
        [one] => format!("{one} changed"),
        [one, other] => format!("{one} and {other} changed"),
        [one, others @ ..] => format!("{one} and {} changed", count(others.len(), "other file")),
    }
}
