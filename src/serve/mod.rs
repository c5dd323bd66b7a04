//! The handbook as a local website that follows its files. Part of the rim.
//!
//! Comes in: a folder, changed while one looks. Goes out: answers over HTTP,
//! from memory through the same pipeline as `build`; nothing is written to the
//! disk of the handbook.
//!
//! Three workers share one `board::Board`:
//!
//! - The **workshop** waits for wake-ups, takes a snapshot, runs the pipeline
//!   and puts a new `edition::Edition` on the board when it has no errors;
//!   else the last good one stays, and what is wrong stands beside it.
//! - The **checker** renders, a page at a time and out of everybody's way, what
//!   nobody has asked for, to find what templates do wrong there.
//! - The **door** answers requests. A page is rendered when somebody asks.
//!   Every wake-up has a number; a request first waits until the board covers
//!   the last one, so it never sees what stood before a file was saved.
//!
//! What is deliberately absent: decisions by the sort of file event, and any
//! way from a request to the disk.

mod address;
mod board;
mod checker;
mod door;
mod edition;
mod moves;
mod patience;
mod report;
mod workshop;

use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use self::board::Board;
use crate::date::PartialDate;
use crate::diagnostic::Diagnostic;
use crate::path::SourcePath;
use crate::read::Snapshot;

/// The port that is tried first when none is named.
pub const PORT: u16 = 4400;

/// What is to be served, and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The handbook's folder.
    pub root: PathBuf,
    /// The address to listen on.
    pub host: IpAddr,
    /// The port to try first.
    pub port: u16,
    /// Whether to look at intervals instead of waiting for events.
    pub poll: bool,
    /// The address that opens a file in the author's editor, before that of
    /// `normbook.toml`.
    pub editor: Option<String>,
    /// Tells the day.
    pub today: fn() -> PartialDate,
}

/// Something that happened, for whoever prints it.
pub enum News<'a> {
    /// Requests are answered at this address.
    Listening {
        /// Where.
        address: SocketAddr,
        /// The port that was asked for, when it was busy.
        busy: Option<u16>,
    },
    /// The folder is looked at in intervals, for this reason.
    Polling(&'a str),
    /// The folder could not be read.
    Unreadable(&'a str),
    /// The site was built anew.
    Built(&'a Built<'a>),
    /// The checker found what templates do wrong on pages nobody looked at.
    Checked {
        /// What is wrong.
        diagnostics: &'a [Diagnostic],
        /// The sources, for the lines that messages show.
        snapshot: &'a Snapshot,
    },
}

/// What one rebuild did.
pub struct Built<'a> {
    /// The files that differ from the last time; nothing at the start.
    pub changed: &'a [&'a SourcePath],
    /// Whether this is the first build.
    pub first: bool,
    /// How many entries were parsed.
    pub parsed: usize,
    /// How many entries there are.
    pub entries: usize,
    /// How many pages were rendered, for browsers that show them.
    pub rendered: usize,
    /// How many pages there are.
    pub pages: usize,
    /// From the first wake-up to the new site.
    pub duration: Duration,
    /// Everything that is wrong, sorted by path and place.
    pub diagnostics: &'a [Diagnostic],
    /// Whether what is wrong keeps the last good site in place.
    pub held_back: bool,
    /// The sources, for the lines that messages show.
    pub snapshot: &'a Snapshot,
}

/// Whoever prints what happens.
pub type Tell = Arc<dyn Fn(&News<'_>) + Send + Sync>;

/// Serves the handbook until the program is told to stop (Ctrl-C).
///
/// # Errors
/// When no port is free or the address cannot be listened on.
pub fn serve(settings: &Settings, tell: &Tell) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(door::RENDERERS)
        .build()
        .map_err(|error| format!("cannot start the server: {error}"))?;
    let board = Arc::new(Board::new());
    let result = runtime.block_on(async {
        let listener = door::listen(settings.host, settings.port, tell).await?;
        let (desk, cookies) = workshop::start(settings, &board, tell);
        let door = door::Door { board, desk, cookies, host: settings.host };
        tokio::select! {
            () = door::answer(Arc::new(door), listener) => {}
            () = stopped() => {}
        }
        Ok(())
    });
    // Browsers keep their connections open; they are not waited for.
    runtime.shutdown_background();
    result
}

/// Waits until the program is told to stop.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    tokio::signal::ctrl_c().await.ok();
}

/// Starts a worker without whom the pages would grow old unnoticed: should it
/// fail through a mistake of this program, which has then been printed, the
/// program ends.
fn spawn_worker(work: impl FnOnce() + Send + 'static) {
    thread::spawn(move || {
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            std::process::exit(101);
        }
    });
}
