//! Wakes whoever waits for changes in a handbook's folder. Part of the rim.
//!
//! Comes in: the handbook's folder. Goes out: wake-ups. An event is never
//! data: it only says "look again", so what is lost, repeated or out of order
//! does no harm. Where the system gives no events, or cannot be trusted to, as
//! on network mounts, the waiter looks again at intervals.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it watches the disk")]

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use notify::{ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::config;
use crate::read::{LEDGER, disk, is_passed_over};

/// Is told how many files an event speaks of.
pub type Wake = Arc<dyn Fn(usize) + Send + Sync>;

/// Watches a handbook's folder.
pub struct Watch {
    root: PathBuf,
    wake: Wake,
    native: Option<Native>,
    /// Why the folder is looked at in intervals, when it is not by wish.
    pub fallback: Option<String>,
}

/// Events of the operating system.
struct Native {
    watcher: RecommendedWatcher,
    watched: Vec<Watched>,
    cookies: Option<Arc<Cookies>>,
}

/// A folder that is watched, and which one it was: one that is deleted and
/// made again has the old name but is another.
struct Watched {
    path: PathBuf,
    mode: RecursiveMode,
    identity: Option<Identity>,
}

type Identity = (u64, Option<SystemTime>);

impl Watch {
    /// Begins to watch; with `poll`, or where events cannot be had, the
    /// waiter has to look by itself at intervals.
    pub fn start(root: &Path, poll: bool, wake: Wake) -> Watch {
        // Events name whole paths.
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let mut watch = Watch { root, wake, native: None, fallback: None };
        if poll {
            return watch;
        }
        if let Some(kind) = remote(&watch.root) {
            watch.fallback = Some(format!("the folder is on a network mount ({kind})"));
            return watch;
        }
        match Native::start(&watch.root, &watch.wake) {
            Ok(native) => watch.native = Some(native),
            Err(error) => watch.fallback = Some(explain(&error)),
        }
        watch
    }

    /// Whether the waiter has to look by itself at intervals.
    pub fn polls(&self) -> bool {
        self.native.is_none()
    }

    /// Watches folders that came or were replaced since the last time. Cheap:
    /// it asks for the identity of four folders.
    pub fn keep(&mut self) {
        let Some(native) = &mut self.native else { return };
        match native.keep() {
            Ok(false) => {}
            Ok(true) => (self.wake)(1),
            Err(error) => {
                self.fallback = Some(explain(&error));
                self.native = None;
            }
        }
    }

    /// The means to wait until all events of the past have arrived.
    pub fn cookies(&self) -> Option<Arc<Cookies>> {
        self.native.as_ref()?.cookies.clone()
    }
}

impl Native {
    fn start(root: &Path, wake: &Wake) -> notify::Result<Native> {
        let cookies = Cookies::new().map(Arc::new);
        let (own_root, wake, seen) = (root.to_owned(), Arc::clone(wake), cookies.clone());
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if let (Some(cookies), Ok(event)) = (&seen, &event)
                && cookies.take(event)
            {
                return;
            }
            let files = files_of_interest(&event, &own_root);
            if files > 0 {
                wake(files);
            }
        })?;
        let folders = disk::FOLDERS.map(|name| (root.join(name), RecursiveMode::Recursive));
        let watched = [(root.to_owned(), RecursiveMode::NonRecursive)].into_iter().chain(folders);
        let watched = watched.map(|(path, mode)| Watched { path, mode, identity: None }).collect();
        let mut native = Native { watcher, watched, cookies: None };
        native.keep()?;
        let usable = cookies.filter(|cookies| {
            native.watcher.watch(cookies.folder.path(), RecursiveMode::NonRecursive).is_ok()
        });
        native.cookies = usable;
        Ok(native)
    }

    /// Answers whether anything had to be watched anew.
    fn keep(&mut self) -> notify::Result<bool> {
        let mut renewed = false;
        for watched in &mut self.watched {
            let identity = identity(&watched.path);
            if identity == watched.identity {
                continue;
            }
            // The old folder may be gone, and its watch with it.
            self.watcher.unwatch(&watched.path).ok();
            watched.identity = identity;
            renewed = true;
            if identity.is_none() {
                continue;
            }
            match self.watcher.watch(&watched.path, watched.mode) {
                Ok(()) => {}
                // Gone again; the next time will tell.
                Err(error) if is_missing(&error) => watched.identity = None,
                Err(error) => return Err(error),
            }
        }
        Ok(renewed)
    }
}

fn is_missing(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound | ErrorKind::WatchNotFound => true,
        ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        ErrorKind::Generic(_) | ErrorKind::InvalidConfig(_) | ErrorKind::MaxFilesWatch => false,
    }
}

/// Which folder it is. Disks use a number again when its folder is gone; the
/// time of creation tells those apart.
fn identity(path: &Path) -> Option<Identity> {
    let meta = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&meta);
    #[cfg(not(unix))]
    let number = 0;
    Some((number, meta.created().ok()))
}

/// How many files of the handbook an event speaks of; reading is no event, and
/// an event that was lost may speak of any.
fn files_of_interest(event: &notify::Result<Event>, root: &Path) -> usize {
    match event {
        Err(_) => 1,
        Ok(event) if event.need_rescan() || event.paths.is_empty() => 1,
        Ok(event) if event.kind.is_access() => 0,
        Ok(event) => event.paths.iter().filter(|path| is_of_interest(path, root)).count(),
    }
}

/// Whether a path is the root itself or one that a snapshot would read.
fn is_of_interest(path: &Path, root: &Path) -> bool {
    // A path from elsewhere was reached through a link.
    let Ok(below) = path.strip_prefix(root) else { return true };
    let mut names = below.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    match names.next() {
        None => true,
        Some(first) if first == config::FILE || first == LEDGER => true,
        Some(first) => disk::FOLDERS.contains(&&*first) && !names.any(|name| is_passed_over(&name)),
    }
}

fn explain(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached (on Linux \
                                     raise fs.inotify.max_user_watches)"
            .to_owned(),
        ErrorKind::Generic(_)
        | ErrorKind::Io(_)
        | ErrorKind::PathNotFound
        | ErrorKind::WatchNotFound
        | ErrorKind::InvalidConfig(_) => format!("the system gives no events: {error}"),
    }
}

/// The name of a file system whose changes may come from other machines,
/// which this one hears nothing of.
#[cfg(target_os = "linux")]
fn remote(path: &Path) -> Option<&'static str> {
    // The numbers of statfs(2), and those that the kernels' drivers use.
    const REMOTE: [(i128, &str); 10] = [
        (0x6969, "nfs"),
        (0x517b, "smb"),
        (0xfe53_4d42, "smb"),
        (0xff53_4d42, "cifs"),
        (0x0102_1997, "9p"),
        (0x6573_5546, "fuse"),
        (0x786f_4256, "vboxsf"),
        (0x5346_414f, "afs"),
        (0x00c3_6400, "ceph"),
        (0x7375_7245, "coda"),
    ];
    let kind = rustix::fs::statfs(path).ok()?.f_type;
    // Its width and sign differ between architectures.
    let kind = i128::from(kind) & 0xffff_ffff;
    REMOTE.iter().find(|(number, _)| *number == kind).map(|(_, name)| *name)
}

#[cfg(not(target_os = "linux"))]
fn remote(_: &Path) -> Option<&'static str> {
    None
}

/// Waits until all events of the past have arrived: a file made in a watched
/// folder of our own is heard of after everything that happened before it,
/// as the system queues events in order.
pub struct Cookies {
    folder: TempDir,
    made: AtomicU64,
    seen: watch::Sender<u64>,
    /// How often in a row a cookie did not come back.
    lost: AtomicU64,
}

/// How long a cookie is waited for. It usually takes a tenth of a millisecond.
const PATIENCE: Duration = Duration::from_millis(100);

/// After so many lost cookies no more are made: the system does not order its
/// events.
const MOST_LOST: u64 = 3;

impl Cookies {
    fn new() -> Option<Cookies> {
        let folder = tempfile::Builder::new().prefix("normbook-").tempdir().ok()?;
        // The same name as in events.
        let (made, lost) = (AtomicU64::new(0), AtomicU64::new(0));
        Some(Cookies { folder, made, seen: watch::Sender::new(0), lost })
    }

    /// Whether an event is about a cookie.
    fn take(&self, event: &Event) -> bool {
        let ours = |path: &&PathBuf| path.parent() == Some(self.folder.path());
        let Some(path) = event.paths.iter().find(ours) else { return false };
        let number = path.file_name().and_then(|name| name.to_str()?.parse::<u64>().ok());
        if let Some(number) = number {
            self.seen.send_if_modified(|seen| {
                let newer = number > *seen;
                *seen = number.max(*seen);
                newer
            });
        }
        true
    }

    /// Waits until what happened before now has been heard of, but not for
    /// long.
    pub async fn flush(&self) {
        if self.lost.load(Ordering::Relaxed) >= MOST_LOST {
            return;
        }
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let cookie = self.folder.path().join(number.to_string());
        let mut seen = self.seen.subscribe();
        if fs::write(&cookie, b"").is_err() {
            return;
        }
        let back = seen.wait_for(|seen| *seen >= number);
        match tokio::time::timeout(PATIENCE, back).await {
            Ok(_) => self.lost.store(0, Ordering::Relaxed),
            Err(_) => {
                self.lost.fetch_add(1, Ordering::Relaxed);
            }
        }
        fs::remove_file(&cookie).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_snapshot_reads_is_of_interest() {
        let root = Path::new("/handbook");
        let of_interest = |path: &str| is_of_interest(Path::new(path), root);
        for path in ["", "/normbook.toml", "/content/norms/a.md", "/theme", "/templates/x.html"] {
            assert!(of_interest(&format!("/handbook{path}")), "{path}");
        }
        for path in [
            "/public/index.html",
            "/.git/index",
            "/content/.a.md.swp",
            "/content/a.md~",
            "/content/_drafts/a.md",
            "/README.md",
        ] {
            assert!(!of_interest(&format!("/handbook{path}")), "{path}");
        }
    }
}
