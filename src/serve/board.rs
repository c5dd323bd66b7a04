//! What the workers share: the wake-ups, what is shown, and who looks at what.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::edition::Edition;
use super::moves::Moves;
use super::report::Report;
use crate::path::Address;

/// What is shown at one moment.
#[derive(Clone, Default)]
pub(super) struct Shown {
    /// All wake-ups up to this number are covered.
    pub(super) covered: u64,
    /// The last good site.
    pub(super) edition: Option<Arc<Edition>>,
    /// What is wrong now.
    pub(super) report: Arc<Report>,
    /// Whether what is wrong keeps the last good site in place.
    pub(super) held_back: bool,
    /// Where pages went that are no more.
    pub(super) moves: Arc<Moves>,
}

/// Wake-ups since the workshop last looked.
#[derive(Default)]
struct Wakes {
    /// How many there were in all.
    number: u64,
    /// When the first one came that nobody has looked after, and the last.
    since: Option<(Instant, Instant)>,
    /// How many files they spoke of.
    files: usize,
}

/// What the workers share.
pub(super) struct Board {
    shown: watch::Sender<Shown>,
    wakes: Mutex<Wakes>,
    woken: Condvar,
    viewers: Mutex<BTreeMap<u64, Address>>,
    /// Whether changes are heard of only by looking.
    polling: AtomicBool,
}

/// The wake-ups that a look covers.
pub(super) struct Due {
    /// The number of the last one.
    pub(super) number: u64,
    /// When the first one came; nothing when nobody woke.
    pub(super) since: Option<Instant>,
}

/// One save is a few events, close together: so long there must be silence.
const SILENCE: Duration = Duration::from_millis(4);
/// Many files are the work of a program, which takes its time.
const SILENCE_AFTER_MANY: Duration = Duration::from_millis(60);
const MANY: usize = 24;
/// An editor that never stops writing is not waited for any longer.
const MOST_WAITED: Duration = Duration::from_millis(600);

#[expect(clippy::disallowed_methods, reason = "part of the rim: a server lives in time")]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// A worker that failed leaves nothing half done, as all shared values are
/// replaced whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Board {
    pub(super) fn new() -> Board {
        Board {
            shown: watch::Sender::new(Shown::default()),
            // The first look is due from the beginning.
            wakes: Mutex::new(Wakes { number: 1, since: None, files: 0 }),
            woken: Condvar::new(),
            viewers: Mutex::default(),
            polling: AtomicBool::new(false),
        }
    }

    /// Something happened to so many files.
    pub(super) fn wake(&self, files: usize) {
        let mut wakes = lock(&self.wakes);
        wakes.number += 1;
        wakes.files += files;
        let first = wakes.since.map_or_else(now, |(first, _)| first);
        wakes.since = Some((first, now()));
        self.woken.notify_all();
    }

    /// The number of the last wake-up. Where changes are heard of only by
    /// looking, asking is a wake-up.
    pub(super) fn wanted(&self) -> u64 {
        let mut wakes = lock(&self.wakes);
        if self.polling.load(Ordering::Relaxed) {
            wakes.number += 1;
            // Many who ask do not put off the look that they wait for.
            wakes.since.get_or_insert_with(|| (now(), now()));
            self.woken.notify_all();
        }
        wakes.number
    }

    /// Says whether changes are heard of only by looking.
    pub(super) fn set_polling(&self, polling: bool) {
        self.polling.store(polling, Ordering::Relaxed);
    }

    /// Waits for a wake-up, but not longer than `longest`, and then until
    /// there is silence.
    pub(super) fn wait(&self, longest: Duration) -> Due {
        let wakes = lock(&self.wakes);
        let idle = |wakes: &mut Wakes| wakes.since.is_none();
        let waited = self.woken.wait_timeout_while(wakes, longest, idle);
        let (mut wakes, _) = waited.unwrap_or_else(PoisonError::into_inner);
        while let Some((first, last)) = wakes.since {
            let silence = if wakes.files < MANY { SILENCE } else { SILENCE_AFTER_MANY };
            let until = (last + silence).min(first + MOST_WAITED);
            let rest = until.saturating_duration_since(now());
            if rest.is_zero() {
                break;
            }
            let waited = self.woken.wait_timeout(wakes, rest);
            (wakes, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        wakes.files = 0;
        let since = wakes.since.take().map(|(first, _)| first);
        Due { number: wakes.number, since }
    }

    /// Whether something happened that what is shown does not cover.
    pub(super) fn is_behind(&self) -> bool {
        let number = lock(&self.wakes).number;
        self.shown.borrow().covered < number
    }

    /// A look found everything as it was.
    pub(super) fn cover(&self, number: u64) {
        self.shown.send_if_modified(|shown| {
            let news = shown.covered < number;
            shown.covered = shown.covered.max(number);
            news
        });
    }

    /// What is shown now.
    pub(super) fn shown(&self) -> Shown {
        self.shown.borrow().clone()
    }

    /// Changes what is shown.
    pub(super) fn show(&self, change: impl FnOnce(&mut Shown)) {
        self.shown.send_modify(change);
    }

    /// Follows what is shown.
    pub(super) fn follow(&self) -> watch::Receiver<Shown> {
        self.shown.subscribe()
    }

    /// A browser shows a page from now on; answers the number to leave with.
    pub(super) fn enter(&self, page: Address) -> u64 {
        let mut viewers = lock(&self.viewers);
        let viewer = viewers.last_key_value().map_or(0, |(last, _)| last + 1);
        viewers.insert(viewer, page);
        viewer
    }

    /// A browser has gone.
    pub(super) fn leave(&self, viewer: u64) {
        lock(&self.viewers).remove(&viewer);
    }

    /// The pages that browsers show, each once.
    pub(super) fn viewed(&self) -> Vec<Address> {
        let mut pages: Vec<Address> = lock(&self.viewers).values().cloned().collect();
        pages.sort();
        pages.dedup();
        pages
    }
}
