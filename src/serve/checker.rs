//! Renders what nobody has asked for, to find what templates do wrong there.
//!
//! It works on one page at a time while nothing else is to be done, and drops
//! its work when a newer edition comes.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use super::board::Board;
use super::edition::Edition;
use super::workshop::Desk;

/// An author who saves again and again is not disturbed.
const DELAY: Duration = Duration::from_millis(300);
/// How long it stands back while the workshop is busy.
const PAUSE: Duration = Duration::from_millis(5);

/// Checks the editions that are sent to it.
pub(super) fn start(board: Arc<Board>, desk: Arc<Desk>) -> Sender<Arc<Edition>> {
    let (sender, editions) = mpsc::channel();
    super::spawn_worker(move || {
        let mut next = editions.recv().ok();
        while let Some(edition) = next {
            next = match newest(&editions, DELAY).or_else(|| check(&board, &edition, &editions)) {
                Some(newer) => Some(newer),
                None => {
                    desk.refresh(&board, &edition);
                    editions.recv().ok()
                }
            };
        }
    });
    sender
}

/// The last edition that comes before there is silence.
fn newest(editions: &Receiver<Arc<Edition>>, silence: Duration) -> Option<Arc<Edition>> {
    std::iter::from_fn(|| editions.recv_timeout(silence).ok()).last()
}

/// Renders all pages, unless a newer edition comes, which it answers.
fn check(
    board: &Board,
    edition: &Edition,
    editions: &Receiver<Arc<Edition>>,
) -> Option<Arc<Edition>> {
    for page in edition.site.pages() {
        while board.is_behind() {
            thread::sleep(PAUSE);
        }
        if let Ok(newer) = editions.try_recv() {
            return Some(newer);
        }
        if let Err(problem) = edition.site.render(page) {
            edition.note(&page.address, *problem);
        }
    }
    None
}
