//! Time: how long each phase took, and a line that moves when a build lasts.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

/// Measures phases, one after the other: on the clock, and on all cores.
pub(super) struct Clock {
    phases: Vec<(&'static str, Duration, Duration)>,
    name: &'static str,
    since: (Instant, ProcessTime),
    start: Instant,
}

#[expect(clippy::disallowed_methods, reason = "the command line is where time is measured")]
fn now() -> Instant {
    Instant::now()
}

impl Clock {
    pub(super) fn start(name: &'static str) -> Clock {
        let start = now();
        Clock { phases: Vec::new(), name, since: (start, ProcessTime::now()), start }
    }

    /// Ends the present phase and begins another.
    pub(super) fn begin(&mut self, name: &'static str) {
        let (wall, cores) = self.since;
        self.phases.push((self.name, wall.elapsed(), cores.elapsed()));
        (self.name, self.since) = (name, (now(), ProcessTime::now()));
    }

    /// Ends the last phase; answers the seconds in all.
    pub(super) fn stop(&mut self) -> f64 {
        self.begin("");
        self.start.elapsed().as_secs_f64()
    }

    /// Prints the phases in milliseconds: on the clock, and on all cores.
    pub(super) fn print(&self) {
        let milliseconds = |duration: &Duration| duration.as_secs_f64() * 1000.0;
        for (name, wall, cores) in &self.phases {
            let (wall, cores) = (milliseconds(wall), milliseconds(cores));
            anstream::eprintln!("{wall:>9.1} ms {cores:>9.1} ms  {name}");
        }
    }
}

/// A line on the terminal that shows how far the work is, once it has lasted
/// half a second.
pub(super) struct Progress {
    what: &'static str,
    total: usize,
    done: AtomicUsize,
    start: Instant,
    /// When the line was drawn last; nothing on no terminal.
    drawn: Option<Mutex<Duration>>,
}

const PATIENCE: Duration = Duration::from_millis(500);
const EVERY: Duration = Duration::from_millis(100);

impl Progress {
    pub(super) fn start(what: &'static str, total: usize) -> Progress {
        let terminal = std::io::stderr().is_terminal();
        let drawn = terminal.then(|| Mutex::new(PATIENCE - EVERY));
        Progress { what, total, done: AtomicUsize::new(0), start: now(), drawn }
    }

    /// One more is done.
    pub(super) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let Some(drawn) = &self.drawn else { return };
        let elapsed = self.start.elapsed();
        if let Ok(mut last) = drawn.try_lock()
            && elapsed >= *last + EVERY
        {
            *last = elapsed;
            let width = 30;
            let filled = width * done / self.total.max(1);
            let bar = format!("{}{}", "#".repeat(filled), "-".repeat(width - filled));
            anstream::eprint!("\r{} [{bar}] {done}/{}", self.what, self.total);
            // A line that cannot be drawn is no reason to stop.
            std::io::stderr().flush().ok();
        }
    }

    /// Clears the line, if it was drawn.
    pub(super) fn stop(self) {
        let drawn = self.drawn.and_then(|drawn| drawn.into_inner().ok());
        if drawn.is_some_and(|last| last >= PATIENCE) {
            anstream::eprint!("\r\x1b[2K");
        }
    }
}
