//! The world fails: a full disk, a folder that may not be written, a process
//! that is killed, files that change while they are read. Whatever stood in
//! the output folder before stands there still, whole, old or new; the next
//! build mends the rest; and no file of others is touched.
//!
//! `NORMBOOK_KILLS=200 NORMBOOK_KILL_NORMS=2000 cargo test --release --test it
//! world::killed` is the long form of the test that kills builds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use walkdir::WalkDir;

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_normbook"))
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// A handbook of some norms, all of which carry `word`.
fn write_handbook(root: &Path, norms: usize, word: &str) {
    let folder = root.join("content/norms");
    fs::create_dir_all(&folder).expect("a folder");
    for at in 0..norms {
        let next = (at + 1) % norms;
        let text = format!(
            "---\ntitle: Norm {at} {word}\n---\n\n> Words of {word}.\n\nSee [[n{next}]].\n"
        );
        fs::write(folder.join(format!("n{at}.md")), text).expect("written");
    }
}

fn handbook(norms: usize) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    write_handbook(folder.path(), norms, "old");
    folder
}

fn build(root: &Path, out: &Path) -> Output {
    let mut command = program();
    command.args(["build", "--message-format", "short"]).arg("--root").arg(root);
    command.arg("--out").arg(out).output().expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn succeed(root: &Path, out: &Path) {
    let output = build(root, out);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

/// The files of a folder but those of the program itself.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = WalkDir::new(folder).into_iter().map(|entry| entry.expect("readable"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    let files = files.map(|entry| {
        let name = entry.path().strip_prefix(folder).expect("below").display().to_string();
        (name, fs::read(entry.path()).expect("readable"))
    });
    files.filter(|(name, _)| !name.starts_with(".normbook")).collect()
}

/// Kills a build at some moment; answers whether it was still running.
fn kill_after(mut child: Child, delay: Duration) -> bool {
    let start = Instant::now();
    while start.elapsed() < delay {
        if child.try_wait().expect("a child").is_some() {
            return false;
        }
        std::thread::yield_now();
    }
    child.kill().expect("killed");
    child.wait().expect("waited for");
    true
}

#[test]
fn killed_at_any_moment_nothing_is_lost() {
    let (kills, norms) = (number("NORMBOOK_KILLS", 12), number("NORMBOOK_KILL_NORMS", 60));
    let root = handbook(norms);
    let out = root.path().join("public");
    succeed(root.path(), &out);
    fs::create_dir_all(out.join(".git")).expect("a folder");
    fs::write(out.join(".git/config"), "foreign").expect("written");
    let old = files(&out);
    write_handbook(root.path(), norms, "new");
    fs::remove_file(root.path().join("content/norms/n0.md")).expect("removed");
    let text = fs::read_to_string(root.path().join(format!("content/norms/n{}.md", norms - 1)));
    let text = text.expect("readable").replace("See [[n0]].", "");
    fs::write(root.path().join(format!("content/norms/n{}.md", norms - 1)), text).expect("written");
    let whole = root.path().join("whole");
    let start = Instant::now();
    succeed(root.path(), &whole);
    let lasts = start.elapsed();
    let new = files(&whole);
    let mut killed = 0;
    for round in 0..kills {
        let mut command = program();
        command.args(["build", "--root"]).arg(root.path()).arg("--out").arg(&out);
        command.stderr(Stdio::null());
        // Spread over the whole build, and always at other moments.
        let share = (round as f64 * 0.618_033_988_7).fract();
        killed += usize::from(kill_after(command.spawn().expect("it runs"), lasts.mul_f64(share)));
        let now = files(&out);
        for (name, bytes) in &now {
            let known = old.get(name) == Some(bytes) || new.get(name) == Some(bytes);
            assert!(known, "{name} is neither old nor new after {round} kills");
        }
        let lost: Vec<&String> =
            new.keys().filter(|name| old.contains_key(*name) && !now.contains_key(*name)).collect();
        assert!(lost.is_empty(), "{lost:?} are lost after {round} kills");
    }
    assert!(killed > 0, "every build ended before it was killed");
    succeed(root.path(), &out);
    let mut mended = files(&out);
    assert_eq!(mended.remove(".git/config").as_deref(), Some(b"foreign".as_slice()));
    assert!(mended == new, "the next build does not mend the rest");
    let left: Vec<String> = fs::read_dir(&out)
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".normbook") && name != ".normbook-manifest")
        .collect();
    assert!(left.is_empty(), "{left:?} are left behind");
}

/// A file system of half a megabyte; unmounted at the end.
#[cfg(target_os = "linux")]
struct SmallDisk(TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    /// Nothing when this user may not mount.
    fn mount(size: &str) -> Option<SmallDisk> {
        let folder = TempDir::new().expect("a temporary folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "none"]).arg(folder.path());
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then(|| SmallDisk(folder))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0.path()).status().ok();
    }
}

#[cfg(target_os = "linux")]
#[test]
#[expect(clippy::print_stderr, reason = "a test that could not be made must say so")]
fn a_full_disk_changes_nothing() {
    let root = handbook(8);
    let Some(disk) = SmallDisk::mount("1500k") else {
        eprintln!("SKIPPED: this user may not mount; the limit on file sizes is tried instead");
        return;
    };
    let out = disk.0.path().join("public");
    succeed(root.path(), &out);
    let before = files(&out);
    write_handbook(root.path(), 400, "new");
    let output = build(root.path(), &out);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("make room on the disk"), "{}", said(&output));
    assert!(files(&out) == before, "files have changed");
    write_handbook(root.path(), 8, "newer");
    (8..400).for_each(|at| {
        fs::remove_file(root.path().join(format!("content/norms/n{at}.md"))).expect("removed");
    });
    succeed(root.path(), &out);
}

/// What is written ends in the middle, as at a quota.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_file_sizes_changes_nothing() {
    let root = handbook(8);
    let out = root.path().join("public");
    succeed(root.path(), &out);
    let before = files(&out);
    write_handbook(root.path(), 8, "new");
    // Exceeding the limit raises a signal, unless it is ignored.
    let script = "trap '' XFSZ; ulimit -f 4; exec \"$0\" build --root \"$1\" --out \"$2\"";
    let mut shell = Command::new("bash");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_normbook")]).arg(root.path()).arg(&out);
    let output = shell.output().expect("it runs");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).starts_with("error: cannot write `"), "{}", said(&output));
    assert!(files(&out) == before, "files have changed");
    succeed(root.path(), &out);
}

/// Runs the program as a user who owns nothing; nothing when it cannot be
/// done. The owner of the files is bound by their permissions himself, unless
/// he is the administrator.
#[cfg(target_os = "linux")]
fn as_nobody(folder: &Path, arguments: &[&str]) -> Output {
    use std::os::unix::fs::PermissionsExt;
    let copy = folder.join("normbook");
    if !copy.exists() {
        fs::copy(env!("CARGO_BIN_EXE_normbook"), &copy).expect("copied");
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).expect("set");
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("set");
    }
    let mut setpriv = Command::new("setpriv");
    setpriv.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(&copy);
    match setpriv.current_dir(folder).args(arguments).output() {
        Ok(output) if !said(&output).starts_with("setpriv:") => output,
        _ => program().current_dir(folder).args(arguments).output().expect("it runs"),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_may_not_be_read_or_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let root = handbook(2);
    let set = |path: &str, mode: u32| {
        let path = root.path().join(path);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    };
    fs::create_dir(root.path().join("site")).expect("a folder");
    set("site", 0o555);
    let output = as_nobody(root.path(), &["build", "--out", "site"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("`site") && said(&output).contains("--out"),
        "{}",
        said(&output)
    );
    assert_eq!(files(&root.path().join("site")).len(), 0);
    for (path, mode) in [("content/norms/n1.md", 0o000), ("content/norms", 0o000)] {
        set(path, mode);
        let output = as_nobody(root.path(), &["check"]);
        set(path, 0o755);
        assert_eq!(output.status.code(), Some(2), "{path}: {}", said(&output));
        assert!(said(&output).contains(path), "{path}: {}", said(&output));
    }
    set("site", 0o755);
}

#[test]
fn an_output_folder_replaced_by_a_file_is_named() {
    let root = handbook(2);
    let out = root.path().join("public");
    succeed(root.path(), &out);
    fs::remove_dir_all(&out).expect("removed");
    fs::write(&out, "mine").expect("written");
    let output = build(root.path(), &out);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("is a file, not a folder"), "{}", said(&output));
    assert_eq!(fs::read_to_string(&out).expect("there"), "mine");
}

/// While entries come, go and grow, every build ends well or says which file
/// it could not read, and what it writes is whole.
#[test]
fn files_that_change_while_they_are_read_do_no_harm() {
    let root = handbook(30);
    let out = root.path().join("public");
    succeed(root.path(), &out);
    let entry = root.path().join("content/norms/n99.md");
    let text = format!("---\ntitle: N\n---\n\n> {}\n", "Words. ".repeat(20_000));
    let over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(std::sync::atomic::Ordering::Relaxed) {
                fs::write(&entry, &text).expect("written");
                fs::remove_file(&entry).expect("removed");
            }
        });
        for _ in 0..6 {
            let output = build(root.path(), &out);
            let (code, said) = (output.status.code(), said(&output));
            let named = said.contains("n99.md");
            assert!(code == Some(0) || (matches!(code, Some(1 | 2)) && named), "{code:?} {said}");
            for (name, bytes) in files(&out).iter().filter(|(name, _)| name.ends_with(".html")) {
                let whole = String::from_utf8_lossy(bytes).trim_end().ends_with("</html>");
                assert!(whole, "{name} is half a page");
            }
        }
        over.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

/// The lock is held by another process, as by another build.
#[test]
fn two_builds_into_one_folder_exclude_each_other() {
    let root = handbook(2);
    let out = root.path().join("public");
    succeed(root.path(), &out);
    let before = files(&out);
    let lock = fs::File::create(out.join(".normbook-lock")).expect("a file");
    lock.lock().expect("locked");
    write_handbook(root.path(), 2, "new");
    let output = build(root.path(), &out);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("another build is writing into"), "{}", said(&output));
    assert!(files(&out) == before, "files have changed");
    drop(lock);
    succeed(root.path(), &out);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_of_the_handbook_is_named() {
    use std::os::unix::fs::symlink;
    let root = handbook(2);
    let outside = TempDir::new().expect("a temporary folder");
    fs::write(outside.path().join("secret.txt"), "secret").expect("written");
    let out = root.path().join("public");
    let inside = |name: &str| root.path().join("content/norms").join(name);
    for (name, to) in
        [("file.txt", outside.path().join("secret.txt")), ("all", outside.path().to_owned())]
    {
        symlink(&to, inside(name)).expect("a link");
        let output = build(root.path(), &out);
        fs::remove_file(inside(name)).expect("removed");
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(&format!("content/norms/{name}")), "{}", said(&output));
    }
    symlink("n0.md", inside("again.md")).expect("a link");
    succeed(root.path(), &out);
    let pipe = Command::new("mkfifo").arg(inside("pipe.md")).status().expect("it runs");
    assert!(pipe.success());
    let output = build(root.path(), &out);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("content/norms/pipe.md"), "{}", said(&output));
}
