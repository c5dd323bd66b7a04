//! Builds the site anew after every wake-up.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::board::{Board, Due, Shown, now};
use super::edition::Edition;
use super::report::{EDITOR, Report, Reporter, unreadable};
use super::{Built, News, Settings, Tell, checker};
use crate::diagnostic::Diagnostic;
use crate::pipeline::{Options, Pipeline, Site};
use crate::read::Snapshot;
use crate::read::disk::{Folder, ReadError};
use crate::watch::{Cookies, Watch};

/// How often the identity of the watched folders is asked for.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// How often a folder is looked at that gives no events.
const POLL: Duration = Duration::from_millis(300);
/// How long a file that was just emptied may stay so before it is believed.
const HALF_SAVED: Duration = Duration::from_millis(200);
/// After so long a look is taken anew while a file is half saved.
const SOON: Duration = Duration::from_millis(2);
/// A look must not take more than this part of the time.
const SHARE: u32 = 20;
/// After an event one looks again so much later: a folder that is new may have
/// got files before it could be watched.
const LOOK_AGAIN: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(2)];
/// An event that was lost costs so much time, and not the day.
const LOOK_ANYWAY: Duration = Duration::from_secs(10);

/// Writes reports and says what happens.
pub(super) struct Desk {
    settings: Settings,
    tell: Tell,
}

impl Desk {
    fn report(&self, site: &Site, snapshot: &Snapshot, diagnostics: &[Diagnostic]) -> Report {
        let root = std::path::absolute(&self.settings.root);
        let root = root.unwrap_or_else(|_| self.settings.root.clone());
        let config = &site.linked().handbook.config;
        let editor = self.settings.editor.as_deref().or(config.editor_url.as_deref());
        let reporter = Reporter { root: &root, editor: editor.unwrap_or(EDITOR), snapshot };
        reporter.report(diagnostics)
    }

    /// Puts on the board what templates were found to do wrong since the
    /// edition was shown.
    pub(super) fn refresh(&self, board: &Board, edition: &Edition) {
        let fresh = edition.take_unsaid();
        if fresh.is_empty() {
            return;
        }
        let report = self.report(&edition.site, &edition.snapshot, &edition.problems());
        board.show(|shown| {
            let current = shown.edition.as_ref().map(|current| current.number);
            if current == Some(edition.number) && !shown.held_back {
                shown.report = Arc::new(report);
            }
        });
        (self.tell)(&News::Checked { diagnostics: &fresh, snapshot: &edition.snapshot });
    }
}

/// What the workshop has at hand.
struct Workshop {
    board: Arc<Board>,
    desk: Arc<Desk>,
    checker: Sender<Arc<Edition>>,
    folder: Folder,
    pipeline: Pipeline,
    /// The last snapshot, whether its site was good or not.
    snapshot: Option<Arc<Snapshot>>,
    /// What was said about the folder when it could not be read.
    unreadable: Option<String>,
    run: u64,
}

/// Begins to work; answers the desk, and the means to wait for events that are
/// on their way.
pub(super) fn start(
    settings: &Settings,
    board: &Arc<Board>,
    tell: &Tell,
) -> (Arc<Desk>, Option<Arc<Cookies>>) {
    let wake = {
        let board = Arc::clone(board);
        Arc::new(move |files| board.wake(files))
    };
    let watch = Watch::start(&settings.root, settings.poll, wake);
    let cookies = watch.cookies();
    board.set_polling(watch.polls());
    let desk = Arc::new(Desk { settings: settings.clone(), tell: Arc::clone(tell) });
    let workshop = Workshop {
        board: Arc::clone(board),
        desk: Arc::clone(&desk),
        checker: checker::start(Arc::clone(board), Arc::clone(&desk)),
        folder: Folder::new(&settings.root),
        pipeline: Pipeline::default(),
        snapshot: None,
        unreadable: None,
        run: run_number(),
    };
    super::spawn_worker(move || workshop.work(watch));
    (desk, cookies)
}

/// A number that no other run of the program has.
#[expect(clippy::disallowed_methods, reason = "part of the rim: runs are told apart by time")]
fn run_number() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as u64)
}

/// When the folder was and will be looked at.
struct Rhythm {
    last_event: Instant,
    last_look: Instant,
    cost: Duration,
}

impl Rhythm {
    /// When to look again if nothing happens before.
    fn next(&self, polls: bool) -> Instant {
        if polls {
            return self.last_look + POLL.max(self.cost * SHARE);
        }
        let again = LOOK_AGAIN.map(|later| self.last_event + later);
        let again = again.into_iter().find(|again| *again > self.last_look);
        again.unwrap_or(self.last_look + LOOK_ANYWAY.max(self.cost * SHARE))
    }
}

impl Workshop {
    fn work(mut self, mut watch: Watch) {
        let mut said = false;
        let mut rhythm = Rhythm { last_event: now(), last_look: now(), cost: Duration::ZERO };
        let mut due = Due { number: self.board.wanted(), since: None };
        loop {
            if let (Some(reason), false) = (&watch.fallback, said) {
                (self.desk.tell)(&News::Polling(reason));
                said = true;
            }
            rhythm.last_look = now();
            if due.since.is_some() {
                rhythm.last_event = rhythm.last_look;
            }
            self.look(&due);
            rhythm.cost = rhythm.last_look.elapsed();
            loop {
                self.board.set_polling(watch.polls());
                let rest = rhythm.next(watch.polls()).saturating_duration_since(now());
                due = self.board.wait(rest.min(HEARTBEAT));
                watch.keep();
                if due.since.is_some() || rest <= HEARTBEAT {
                    break;
                }
            }
        }
    }

    /// Looks at the folder, and builds the site when it is not as it was.
    fn look(&mut self, due: &Due) {
        let begun = due.since.unwrap_or_else(now);
        match self.look_at_whole_files() {
            Err(error) => self.cannot_read(&error.to_string(), due),
            Ok(snapshot) => {
                let readable = self.unreadable.take().is_none();
                let same = self.snapshot.as_ref().is_some_and(|last| last.same_as(&snapshot));
                if same && readable {
                    self.board.cover(due.number);
                } else {
                    self.build(Arc::new(snapshot), due, begun);
                }
            }
        }
    }

    /// Looks at the folder; a file that is being saved is waited for, so that
    /// nobody is told of a mistake that is not there.
    fn look_at_whole_files(&mut self) -> Result<Snapshot, ReadError> {
        let until = now() + HALF_SAVED;
        loop {
            let snapshot = self.folder.look((self.desk.settings.today)())?;
            let half = self.snapshot.as_ref().is_some_and(|last| snapshot.emptied_since(last));
            if !half || now() >= until {
                return Ok(snapshot);
            }
            std::thread::sleep(SOON);
        }
    }

    fn cannot_read(&mut self, message: &str, due: &Due) {
        if self.unreadable.as_deref() == Some(message) {
            self.board.cover(due.number);
            return;
        }
        self.unreadable = Some(message.to_owned());
        self.board.show(|shown| {
            shown.covered = due.number;
            shown.held_back = true;
            shown.report = Arc::new(unreadable(message));
        });
        (self.desk.tell)(&News::Unreadable(message));
    }

    fn build(&mut self, snapshot: Arc<Snapshot>, due: &Due, begun: Instant) {
        let options = Options { drafts: true, base_url: None };
        let site = self.pipeline.run(&snapshot, &options, &mut |_| {});
        let last = self.snapshot.replace(Arc::clone(&snapshot));
        let mut built = Built {
            changed: &[],
            first: last.is_none(),
            parsed: site.counters.parsed,
            entries: site.counters.entries,
            rendered: 0,
            pages: site.pages().len(),
            duration: Duration::ZERO,
            diagnostics: &[],
            held_back: site.has_errors(),
            snapshot: &snapshot,
        };
        let old = self.board.shown();
        let (edition, diagnostics) = match built.held_back {
            true => {
                let report = self.desk.report(&site, &snapshot, &site.diagnostics);
                self.board.show(|shown| {
                    shown.covered = due.number;
                    shown.held_back = true;
                    shown.report = Arc::new(report);
                });
                (None, site.diagnostics)
            }
            false => {
                let last = old.edition.as_ref();
                let edition = Edition::new(site, Arc::clone(&snapshot), last, self.run);
                let edition = Arc::new(edition);
                built.rendered = self.publish(&edition, &old, due);
                (Some(Arc::clone(&edition)), edition.problems())
            }
        };
        built.duration = begun.elapsed();
        // Nobody waits for this any more.
        let changed = last.as_ref().map(|last| snapshot.changed_since(last)).unwrap_or_default();
        built.changed = &changed;
        built.diagnostics = &diagnostics;
        (self.desk.tell)(&News::Built(&built));
        if let Some(edition) = edition {
            // The checker lives as long as the workshop does.
            self.checker.send(edition).ok();
        }
    }

    /// Renders what browsers show and puts the edition on the board; answers
    /// how many pages were rendered.
    fn publish(&self, edition: &Arc<Edition>, old: &Shown, due: &Due) -> usize {
        let viewed = self.board.viewed();
        viewed.par_iter().for_each(|address| {
            // What fails is noted by the edition.
            edition.find(address);
        });
        let moves = match &old.edition {
            Some(old_edition) => Arc::new(old.moves.after(&old_edition.site, &edition.site)),
            None => Arc::clone(&old.moves),
        };
        edition.take_unsaid();
        let report = self.desk.report(&edition.site, &edition.snapshot, &edition.problems());
        self.board.show(|shown| {
            *shown = Shown {
                covered: due.number,
                edition: Some(Arc::clone(edition)),
                report: Arc::new(report),
                moves,
                held_back: false,
            };
        });
        viewed.iter().filter(|address| edition.site.page(address).is_some()).count()
    }
}
