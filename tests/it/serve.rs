//! `normbook serve` on a real folder, over real connections: what is saved is
//! served, browsers are told of it, mistakes leave the last good site in
//! place, and strangers get nowhere.
//!
//! Nothing here sleeps for a fixed time; every wait ends when what is waited
//! for has come, or fails after [`PATIENCE`].

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use normbook::date::PartialDate;
use normbook::pipeline::{Options, Pipeline};
use normbook::read;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::Files;
use crate::warm;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A handbook's folder and the server over it.
struct Served {
    root: TempDir,
    child: Child,
    address: SocketAddr,
    said: Receiver<String>,
}

/// The answer to a request.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut own = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
        own.next().map(|(_, value)| value)
    }
}

/// What browsers are told.
struct Events(BufReader<TcpStream>);

impl Events {
    /// The next state of which `is` holds.
    #[track_caller]
    fn wait(&mut self, is: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        let mut last = String::new();
        while Instant::now() < end {
            let mut line = String::new();
            self.0.read_line(&mut line).expect("events go on");
            let Some(state) = line.strip_prefix("data: ") else { continue };
            let state: Value = serde_json::from_str(state).expect("a state is JSON");
            if is(&state) {
                return state;
            }
            last = state.to_string();
        }
        panic!("the state did not come; the last was {last}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Served {
    fn new() -> Served {
        Served::with(&warm::handbook(), &[])
    }

    fn with(files: &Files, arguments: &[&str]) -> Served {
        let root = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in files {
            write(&root.path().join(path), text);
        }
        Served::over(root, arguments)
    }

    fn over(root: TempDir, arguments: &[&str]) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_normbook"))
            .args(["serve", "--port", "0", "--root"])
            .arg(root.path())
            .args(arguments)
            .env("SOURCE_DATE_EPOCH", "1795392000")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        let (sender, said) = mpsc::channel();
        std::thread::spawn(move || {
            stderr.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        let mut served = Served { root, child, address: ([127, 0, 0, 1], 0).into(), said };
        let line = served.hear("serving at http://");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        served.address = address.and_then(|a| a.parse().ok()).expect("an address");
        served
    }

    /// The next line on the terminal that holds a text.
    #[track_caller]
    fn hear(&self, text: &str) -> String {
        self.hear_all(text).pop().expect("the line itself")
    }

    /// All lines up to the next one that holds a text.
    #[track_caller]
    fn hear_all(&self, text: &str) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(line) => {
                    let found = line.contains(text);
                    heard.push(line);
                    if found {
                        return heard;
                    }
                }
                Err(_) => panic!("`{text}` was not said, but {heard:?}"),
            }
        }
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.root.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        write(&self.path(path), text);
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).expect("a file of the handbook");
        assert!(text.contains(from), "`{from}` stands in {path}");
        self.write(path, &text.replace(from, to));
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        stream
    }

    /// Sends bytes and reads the answer to the end.
    fn send(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request).expect("sent");
        read_answer(stream)
    }

    fn get(&self, path: &str) -> Answer {
        let Served { address, .. } = self;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        self.send(request.as_bytes())
    }

    #[track_caller]
    fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.body
    }

    /// Asks until the answer is as wanted.
    #[track_caller]
    fn wait(&self, path: &str, is: impl Fn(&Answer) -> bool) -> Answer {
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = self.get(path);
            if is(&answer) {
                return answer;
            }
            assert!(Instant::now() < end, "{path} never became as wanted: {answer:?}");
            std::thread::yield_now();
        }
    }

    fn events(&self, page: &str) -> Events {
        let mut stream = self.connect();
        let Served { address, .. } = self;
        let page = page.replace('/', "%2F");
        let request =
            format!("GET /_normbook/events?page={page} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        Events(BufReader::new(stream))
    }

    /// Compares every address of the site with what `build` would write.
    #[track_caller]
    fn check_equals_build(&self) {
        let today = PartialDate::day(2026, 11, 23).expect("a day");
        let snapshot = read::disk::snapshot(self.root.path(), today).expect("a snapshot");
        let mut pipeline = Pipeline::default();
        let options = Options { drafts: true, base_url: None };
        let site = pipeline.run(&snapshot, &options, &mut |_| {});
        if site.has_errors() {
            return;
        }
        let rendered = pipeline.render(&site);
        assert_eq!(rendered.diagnostics, []);
        for (address, bytes) in &rendered.value.bytes {
            let body = self.page(&format!("/{}", normbook::path::encode(address.as_str())));
            assert_eq!(without_script(&body), String::from_utf8_lossy(bytes), "{address}");
        }
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("below a folder")).expect("made");
    fs::write(path, text).expect("written");
}

fn read_answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A connection that is reset has answered before.
    stream.read_to_end(&mut bytes).ok();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// A page without the line that only the server adds.
fn without_script(page: &str) -> String {
    let Some((before, rest)) = page.split_once("<script src=\"/_normbook/live.js\"") else {
        return page.to_owned();
    };
    let (_, after) = rest.split_once("</script>\n").expect("the line has an end");
    format!("{before}{after}")
}

const LONE: &str = "content/norms/lone.md";

#[test]
fn what_was_saved_is_served_at_once() {
    let served = Served::new();
    served.check_equals_build();
    for number in 0..30 {
        served.write(LONE, &format!("---\ntitle: T{number}\nthemes: [t1]\n---\n\n> W{number}.\n"));
        let page = served.get("/norms/lone/");
        assert!(page.body.contains(&format!("W{number}.")), "{number}: {page:?}");
        let theme = served.get("/themes/t1/");
        assert!(theme.body.contains(&format!("T{number}")), "{number}: {theme:?}");
    }
    served.check_equals_build();
}

#[test]
fn polling_serves_what_was_saved_too() {
    let served = Served::with(&warm::handbook(), &["--poll"]);
    for number in 0..5 {
        served.write(LONE, &format!("---\ntitle: T\nthemes: [t1]\n---\n\n> W{number}.\n"));
        let page = served.get("/norms/lone/");
        assert!(page.body.contains(&format!("W{number}.")), "{number}: {page:?}");
    }
    // Without anybody asking, browsers are told.
    let mut events = served.events("/norms/lone/");
    let before = events.wait(|_| true)["number"].as_u64();
    served.write(LONE, "---\ntitle: Told\nthemes: [t1]\n---\n\n> W.\n");
    events.wait(|state| state["number"].as_u64() > before);
    served.check_equals_build();
}

#[test]
fn browsers_are_told_when_the_new_bytes_can_be_had() {
    let served = Served::new();
    let mut events = served.events("/norms/lone/");
    let mut number = events.wait(|state| state["edition"].is_string())["number"].as_u64();
    for turn in 0..10 {
        served.write(LONE, &format!("---\ntitle: T\nthemes: [t1]\n---\n\n> Turn {turn}.\n"));
        number = events.wait(|state| state["number"].as_u64() > number)["number"].as_u64();
        assert!(served.page("/norms/lone/").contains(&format!("Turn {turn}.")));
    }
}

#[test]
fn each_rebuild_is_one_line_that_says_what_it_did() {
    let served = Served::new();
    served.hear("read 10 entries, rendered 0 of");
    served.events("/norms/lone/").wait(|state| state["edition"].is_string());
    let mut events = served.events("/norms/lone/");
    events.wait(|_| true);
    served.edit(LONE, "Words of", "More words of");
    let line = served.hear("content/norms/lone.md changed");
    assert!(line.contains("parsed 1 of 10 entries, rendered 1 of"), "{line}");
    assert!(line.contains(" ms"), "{line}");
}

#[test]
fn nothing_is_rebuilt_when_no_byte_changed() {
    let served = Served::new();
    served.hear("read 10 entries");
    let text = fs::read_to_string(served.path(LONE)).expect("a file");
    served.write(LONE, &text);
    served.write("content/norms/lone.md~", "backup");
    served.write("content/norms/.lone.md.swp", "swap");
    served.write("content/norms/#lone.md#", "autosave");
    served.write("public/index.html", "output");
    served.write(".git/index", "git");
    served.write("notes.txt", "beside");
    served.page("/norms/lone/");
    served.edit(LONE, "Words of", "More words of");
    let lines = served.hear_all("changed");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("content/norms/lone.md changed"), "{lines:?}");
    assert_eq!(served.get("/norms/lone.md~").status, 404);
}

#[test]
fn every_way_to_save_and_move_ends_in_the_right_site() {
    let served = Served::new();
    // As vim does: the old file becomes the backup, a new one takes its name.
    let text = fs::read_to_string(served.path(LONE)).expect("a file");
    fs::rename(served.path(LONE), served.path("content/norms/lone.md~")).expect("renamed");
    served.write(LONE, &text.replace("Words", "Vim words"));
    fs::remove_file(served.path("content/norms/lone.md~")).expect("removed");
    assert!(served.page("/norms/lone/").contains("Vim words"));
    // As others do: written aside and renamed over it.
    served.write("content/norms/.aside", &text.replace("Words", "Aside words"));
    fs::rename(served.path("content/norms/.aside"), served.path(LONE)).expect("renamed");
    assert!(served.page("/norms/lone/").contains("Aside words"));
    // A new folder with files in it at once, two levels deep.
    served.write("content/norms/deep/er/a.md", "---\ntitle: Deep\nthemes: [t1]\n---\n");
    served.wait("/norms/deep/er/a/", |answer| answer.status == 200);
    served.write("content/norms/deep/er/a.md", "---\ntitle: Deeper\nthemes: [t1]\n---\n");
    served.wait("/norms/deep/er/a/", |answer| answer.body.contains("Deeper"));
    // A folder moves within the handbook, and files in it are edited after.
    fs::rename(served.path("content/norms/deep"), served.path("content/norms/moved"))
        .expect("moved");
    served.wait("/norms/moved/er/a/", |answer| answer.status == 200);
    served.edit("content/norms/moved/er/a.md", "Deeper", "Deepest");
    served.wait("/norms/moved/er/a/", |answer| answer.body.contains("Deepest"));
    assert_eq!(served.get("/norms/deep/er/a/").status, 404);
    // And out of it.
    let elsewhere = tempfile::tempdir_in(served.root.path()).expect("a folder");
    fs::rename(served.path("content/norms/moved"), elsewhere.path().join("x")).expect("moved");
    served.wait("/norms/moved/er/a/", |answer| answer.status == 404);
    served.check_equals_build();
}

#[test]
fn a_burst_of_files_is_one_site() {
    let served = Served::new();
    for number in 0..200 {
        let text = format!("---\ntitle: Norm {number}\nthemes: [t1]\n---\n\n> Text {number}.\n");
        served.write(&format!("content/norms/burst/{number}.md"), &text);
    }
    served.wait("/norms/burst/199/", |answer| answer.body.contains("Text 199."));
    served.check_equals_build();
    for number in 0..200 {
        fs::remove_file(served.path(&format!("content/norms/burst/{number}.md"))).expect("gone");
    }
    served.wait("/norms/burst/199/", |answer| answer.status == 404);
    served.check_equals_build();
}

#[test]
fn folders_may_be_deleted_and_made_again() {
    let served = Served::new();
    let files = warm::handbook();
    let mut events = served.events("/norms/lone/");
    events.wait(|state| state["edition"].is_string());
    for turn in 0..3 {
        let aside = served.path(&format!("old-{turn}"));
        fs::rename(served.path("content"), aside).expect("moved away");
        let said = |state: &Value| state["report"]["messages"][0]["text"].to_string();
        let state = events.wait(|state| said(state).contains("has no folder `content`"));
        assert!(state["held_back"].as_bool().expect("a bool"));
        // The last good page stays.
        assert!(served.page("/norms/lone/").contains("lone"));
        for (path, text) in &files {
            served.write(path, &text.replace("Words of", &format!("Turn {turn} of")));
        }
        served.wait("/norms/lone/", |answer| answer.body.contains(&format!("Turn {turn} of")));
        events.wait(|state| state["report"]["errors"] == 0);
        served.edit(LONE, "Turn", "After");
        served.wait("/norms/lone/", |answer| answer.body.contains("After"));
    }
    // File by file: whatever is seen meanwhile, the end is right.
    fs::remove_dir_all(served.path("content")).expect("removed");
    events.wait(|state| state["report"]["errors"] == 1);
    for (path, text) in &files {
        served.write(path, &text.replace("Words of", "Once more"));
    }
    served.wait("/norms/lone/", |answer| answer.body.contains("Once more"));
    // The whole handbook is replaced, as by a script that copies it anew.
    let away = tempfile::tempdir().expect("a folder");
    let aside = away.path().join("old");
    if fs::rename(served.root.path(), &aside).is_ok() {
        for (path, text) in &files {
            served.write(path, &text.replace("Words of", "Replaced"));
        }
        served.wait("/norms/lone/", |answer| answer.body.contains("Replaced"));
    }
    served.check_equals_build();
}

/// Most programs save by emptying a file and filling it again.
#[test]
fn a_file_that_is_being_saved_is_no_mistake() {
    let served = Served::new();
    let mut events = served.events("/norms/lone/");
    events.wait(|state| state["edition"].is_string());
    let text = fs::read_to_string(served.path(LONE)).expect("a file");
    let mut longest = Duration::ZERO;
    for turn in 0..20 {
        let words = format!("Turn {turn} of");
        let mut file = fs::File::create(served.path(LONE)).expect("emptied");
        let emptied = Instant::now();
        // A program that takes its time, so that the server hears of it.
        while emptied.elapsed() < Duration::from_millis(20) {
            std::thread::yield_now();
        }
        file.write_all(text.replace("Words of", &words).as_bytes()).expect("filled");
        longest = longest.max(emptied.elapsed());
        served.wait("/norms/lone/", |answer| answer.body.contains(&words));
    }
    // On a very busy machine it may have been empty for too long.
    let believed = longest > Duration::from_millis(150);
    let last = served.events("/").wait(|_| true)["number"].as_u64();
    events.wait(|state| {
        assert!(believed || state["report"]["errors"] == 0, "{state}");
        state["number"].as_u64() >= last
    });
    // What stays empty is told.
    served.write(LONE, "");
    events.wait(|state| state["report"]["errors"] == 1);
}

#[test]
fn templates_theme_and_settings_may_come_later() {
    let served = Served::new();
    let mut events = served.events("/terms/word/");
    let before = events.wait(|state| state["edition"].is_string());
    served.write("theme/style.css", "p { order: 7 }");
    let after = events.wait(|state| state["styles"].as_u64() > before["styles"].as_u64());
    assert_eq!(after["scripts"], before["scripts"]);
    assert_eq!(served.page("/theme/style.css"), "p { order: 7 }");
    assert_eq!(
        served.get("/theme/style.css").header("content-type"),
        Some("text/css; charset=utf-8")
    );
    served.write("templates/term.html", "<title>mine</title><body>{{ page.title }}</body>");
    assert!(served.page("/terms/word/").contains("<title>mine</title>"));
    served.write("theme/a.js", "1");
    events.wait(|state| state["scripts"].as_u64() > before["scripts"].as_u64());
    fs::remove_file(served.path("normbook.toml")).expect("removed");
    served.wait("/", |answer| answer.body.contains("Handbook of norms"));
    served.write("normbook.toml", "title = \"Back\"\n");
    assert!(served.page("/").contains("Back"));
    fs::remove_dir_all(served.path("templates")).expect("removed");
    fs::remove_dir_all(served.path("theme")).expect("removed");
    served.wait("/terms/word/", |answer| !answer.body.contains("mine"));
    served.check_equals_build();
}

#[test]
fn a_mistake_leaves_the_last_good_site_and_is_told_everywhere() {
    let served = Served::with(&warm::handbook(), &["--editor", "edit://{path}:{line}:{column}"]);
    let mut events = served.events("/norms/lone/");
    events.wait(|state| state["edition"].is_string());
    let good = served.page("/norms/lone/");
    served.edit(LONE, "[[set/a#a]]", "[[set/aa]]");
    let state = events.wait(|state| state["report"]["errors"] == 1);
    assert_eq!(state["held_back"], true);
    let message = &state["report"]["messages"][0];
    assert_eq!(message["path"], LONE);
    let line = message["line"].as_u64().expect("a line");
    let link = message["editor"].as_str().expect("a link");
    assert!(link.starts_with("edit://") && link.ends_with(&format!("lone.md:{line}:5")), "{link}");
    // The words are those of the terminal.
    let text = message["text"].as_str().expect("a text");
    let heard = served.hear_all("the last good pages stay").join("\n");
    assert!(text.contains("[[set/aa]]") && heard.contains(text), "{text}\n{heard}");
    assert_eq!(served.page("/norms/lone/"), good);
    served.edit(LONE, "[[set/aa]]", "[[set/b]]");
    let state = events.wait(|state| state["report"]["errors"] == 0);
    assert_eq!(state["held_back"], false);
    assert!(served.page("/norms/lone/").contains("../set/b/"));
}

#[test]
fn without_any_good_site_the_page_says_so_until_there_is_one() {
    let mut files = warm::handbook();
    files.insert(LONE.to_owned(), "no front matter".to_owned());
    let served = Served::with(&files, &[]);
    let answer = served.get("/norms/lone/");
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("/_normbook/live.js"), "{answer:?}");
    let mut events = served.events("/norms/lone/");
    events.wait(|state| state["report"]["errors"] == 1 && state["edition"].is_null());
    served.write(LONE, "---\ntitle: Mended\nthemes: [t1]\n---\n");
    events.wait(|state| state["edition"].is_string());
    assert!(served.page("/norms/lone/").contains("Mended"));
}

#[test]
fn a_failing_template_names_itself_and_the_page_and_spares_the_others() {
    let served = Served::new();
    let mut events = served.events("/terms/word/");
    events.wait(|state| state["edition"].is_string());
    let good = served.page("/terms/word/");
    served.write("templates/term.html", "<body>\n<p>{{ page.nothing.there }}</p></body>\n");
    let state = events.wait(|state| state["report"]["errors"] == 1);
    let message = &state["report"]["messages"][0];
    assert_eq!((&message["path"], &message["line"]), (&"templates/term.html".into(), &2.into()));
    let text = message["text"].as_str().expect("a text");
    assert!(text.contains("page.nothing.there") && text.contains("terms/word"), "{text}");
    // The browser keeps what it shows, and other pages go on.
    assert_eq!(without_script(&served.page("/terms/word/")), without_script(&good));
    served.edit(LONE, "Words of", "Other words of");
    assert!(served.page("/norms/lone/").contains("Other words of"));
    served.write("templates/term.html", "<body>fine</body>\n");
    events.wait(|state| state["report"]["errors"] == 0);
    assert!(served.page("/terms/word/").contains("fine"));
}

#[test]
fn a_template_that_fails_where_nobody_looks_is_found() {
    let served = Served::new();
    let mut events = served.events("/");
    events.wait(|state| state["edition"].is_string());
    served.write("templates/term.html", "{{ page.nothing.there }}");
    let state = events.wait(|state| state["report"]["errors"] == 1);
    assert_eq!(state["report"]["messages"][0]["path"], "templates/term.html");
    assert_eq!(served.get("/terms/word/").status, 500);
    fs::remove_file(served.path("templates/term.html")).expect("removed");
    events.wait(|state| state["report"]["errors"] == 0);
    served.check_equals_build();
}

#[test]
fn renamed_entries_lead_on_and_deleted_ones_are_gone() {
    let served = Served::new();
    served.page("/terms/word/");
    let moved = |from: &str| served.get(from).header("normbook-moved").map(str::to_owned);
    fs::rename(served.path("content/terms/word.md"), served.path("content/terms/term.md"))
        .expect("renamed");
    let answer = served.wait("/terms/word/", |answer| answer.status == 404);
    assert_eq!(answer.header("normbook-moved"), Some("/terms/term/"));
    // A rename that arrives in two steps, with the text changed on the way.
    let text = fs::read_to_string(served.path("content/terms/term.md")).expect("a file");
    fs::remove_file(served.path("content/terms/term.md")).expect("removed");
    let answer = served.wait("/terms/term/", |answer| answer.status == 404);
    assert_eq!(answer.header("normbook-moved"), None);
    served.write("content/terms/third.md", &format!("{text}\nMore.\n"));
    served.wait("/terms/third/", |answer| answer.status == 200);
    assert_eq!(moved("/terms/term/").as_deref(), Some("/terms/third/"));
    assert_eq!(moved("/terms/word/").as_deref(), Some("/terms/third/"));
    // Another id in the same file.
    served.edit("content/terms/third.md", "title:", "id: fourth\ntitle:");
    served.wait("/terms/fourth/", |answer| answer.status == 200);
    assert_eq!(moved("/terms/third/").as_deref(), Some("/terms/fourth/"));
    // With an alias the old address has a page of its own.
    served.edit("content/terms/third.md", "title:", "aliases: [terms/word/]\ntitle:");
    assert!(served.wait("/terms/word/", |answer| answer.status == 200).body.contains("moved"));
    assert_eq!(moved("/nowhere/"), None);
}

#[test]
fn after_any_edits_the_served_site_equals_a_clean_build() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let served = Served::new();
    let mut files = warm::handbook();
    let files = std::cell::RefCell::new(&mut files);
    let result = TestRunner::new(config).run(&warm::edits(), |edits| {
        let mut files = files.borrow_mut();
        for edit in &edits {
            let before = files.clone();
            edit.apply(&mut files);
            put(&served, &before, &files);
        }
        served.get("/");
        served.check_equals_build();
        Ok(())
    });
    result.expect("served equals built");
}

/// Brings the folder from one state to the next.
fn put(served: &Served, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        fs::remove_file(served.path(path)).expect("removed");
    }
    for (path, text) in after.iter().filter(|(path, text)| before.get(*path) != Some(text)) {
        served.write(path, text);
    }
}

#[test]
fn a_busy_port_moves_to_the_next_free_one() {
    let first = Served::new();
    let port = first.address.port().to_string();
    let root = tempfile::tempdir().expect("a temporary folder");
    write(&root.path().join("content/index.md"), "---\ntitle: Home\n---\n");
    let mut child = Command::new(env!("CARGO_BIN_EXE_normbook"))
        .args(["serve", "--port", &port, "--root"])
        .arg(root.path())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let said = lines.next().expect("a line").expect("text");
    child.kill().expect("stopped");
    child.wait().expect("ended");
    assert!(said.contains(&format!("port {port} is busy; using ")), "{said}");
}

#[cfg(unix)]
#[test]
fn it_ends_at_once_with_open_connections() {
    use rustix::process::{Pid, Signal, kill_process};
    let mut served = Served::new();
    let mut events = served.events("/");
    events.wait(|state| state["edition"].is_string());
    let idle = served.connect();
    let begun = Instant::now();
    kill_process(Pid::from_child(&served.child), Signal::INT).expect("told to stop");
    let status = served.child.wait().expect("ended");
    assert!(status.success(), "{status}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    drop(idle);
}

#[test]
fn answers_keep_to_the_rules_of_http() {
    let served = Served::new();
    let Served { address, .. } = &served;
    let answer = served.get("/norms/lone");
    assert_eq!((answer.status, answer.header("location")), (301, Some("/norms/lone/")));
    let first = served.get("/norms/lone/");
    let tag = first.header("etag").expect("a tag");
    let ask = |method: &str, more: &str| {
        let head =
            format!("{method} /norms/lone/ HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
        served.send(format!("{head}{more}\r\n").as_bytes())
    };
    let known = format!("If-None-Match: {tag}\r\n");
    assert_eq!(ask("GET", &known).status, 304);
    // The page is as it was, but its script must know of the new edition.
    served.edit("content/terms/word.md", "A word.", "Any word.");
    assert_eq!(ask("GET", &known).status, 200);
    let head = ask("HEAD", "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), first.header("content-length"));
    let part = ask("GET", "Range: bytes=2-5\r\n");
    assert_eq!((part.status, part.body.as_str()), (206, &first.body[2..6]));
    assert_eq!(ask("GET", "Range: bytes=9999999-\r\n").status, 416);
    assert_eq!(ask("POST", "Content-Length: 0\r\n").status, 405);
    let missing = served.get("/no/such/page/");
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("<base href=\"/\">"), "{missing:?}");
}

mod strangers {
    //! Whoever can reach the port, and means no good.

    use super::*;

    #[test]
    fn only_our_own_name_is_answered() {
        let served = Served::new();
        let port = served.address.port();
        let status = |host: &str| {
            let request = format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
            served.send(request.as_bytes()).status
        };
        for host in ["localhost", "127.0.0.1", "[::1]", "a.localhost"] {
            assert_eq!(status(&format!("Host: {host}:{port}\r\n")), 200, "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"]
        {
            assert_eq!(status(&format!("Host: {host}:{port}\r\n")), 421, "{host}");
        }
        assert_eq!(status(""), 400);
        assert_eq!(status("Host: localhost\r\nHost: evil.example\r\n"), 421);
        let absolute =
            b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assert_eq!(served.send(absolute).status, 421);
        let events =
            b"GET /_normbook/events HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
        assert_eq!(served.send(events).status, 421);
    }

    #[test]
    fn only_this_machine_is_listened_to() {
        let served = Served::new();
        assert!(served.address.ip().is_loopback());
    }

    #[test]
    fn no_path_leaves_the_site() {
        let served = Served::new();
        served.write("secret.txt", "secret");
        served.write("content/.hidden", "secret");
        for path in [
            "/secret.txt",
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/%2e%2e%2fsecret.txt",
            "/..%5csecret.txt",
            "/theme/../../secret.txt",
            "/theme/%2e%2e/%2e%2e/secret.txt",
            "/%252e%252e/secret.txt",
            "//secret.txt",
            "/./secret.txt",
            "/secret.txt%00.html",
            "/.hidden",
            "/normbook.toml",
            "/content/norms/lone.md",
            "/norms/lone.md",
            "/_normbook/../secret.txt",
            "/_normbook/%2e%2e/secret.txt",
            "/_normbook/",
            "/etc/passwd",
            "/file:///etc/passwd",
            "/%ff%fe",
        ] {
            let answer = served.get(path);
            assert!(matches!(answer.status, 400 | 404), "{path}: {answer:?}");
            assert!(!answer.body.contains("secret") && !answer.body.contains("root:"), "{path}");
        }
        let long = format!("/{}", "a".repeat(8_000));
        assert_eq!(served.get(&long).status, 414);
        let longer = format!("/{}", "a".repeat(200_000));
        assert!(matches!(served.get(&longer).status, 0 | 414 | 431), "{}", longer.len());
        assert_eq!(served.get("/").status, 200);
    }

    #[test]
    fn malformed_requests_are_refused_and_survived() {
        let served = Served::new();
        let huge =
            format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "y".repeat(100_000));
        let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: y\r\n".repeat(5_000));
        let requests: &[&[u8]] = &[
            b"\r\n\r\n\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
            b"GET / HTTP/1.1\nHost: \xff\xff\n\n",
            b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            huge.as_bytes(),
            many.as_bytes(),
        ];
        for request in requests {
            let mut stream = served.connect();
            // The server may have hung up in the middle of it.
            stream.write_all(request).ok();
            stream.shutdown(std::net::Shutdown::Write).ok();
            let status = read_answer(stream).status;
            let said = String::from_utf8_lossy(&request[..request.len().min(80)]);
            assert!(status == 0 || (400..=505).contains(&status), "{status} to {said}");
            assert_eq!(served.get("/").status, 200);
        }
    }

    #[test]
    fn slow_requests_are_cut_off_and_stop_nobody() {
        let served = Served::new();
        let mut slow: Vec<TcpStream> = (0..50).map(|_| served.connect()).collect();
        for stream in &mut slow {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").expect("sent");
        }
        assert_eq!(served.get("/").status, 200);
        // The server hangs up, with or without a word.
        for stream in slow {
            let status = read_answer(stream).status;
            assert!(matches!(status, 0 | 408), "{status}");
        }
    }

    #[test]
    fn a_thousand_connections_and_a_flood_are_survived_in_little_memory() {
        #[cfg(unix)]
        {
            use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
            let limit = getrlimit(Resource::Nofile);
            let raised = Rlimit { current: limit.maximum, ..limit };
            setrlimit(Resource::Nofile, raised).expect("more open files");
        }
        let served = Served::new();
        served.page("/");
        let mut browsers: Vec<Events> = (0..500).map(|_| served.events("/norms/lone/")).collect();
        let idle: Vec<TcpStream> = (0..500).map(|_| served.connect()).collect();
        for browser in &mut browsers {
            browser.wait(|state| state["edition"].is_string());
        }
        served.write(LONE, "---\ntitle: Told to all\nthemes: [t1]\n---\n");
        for browser in &mut browsers {
            browser.wait(|state| state["number"] == 2);
        }
        let Served { address, .. } = &served;
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| flood(*address, 500));
            }
        });
        assert!(served.page("/norms/lone/").contains("Told to all"));
        drop(idle);
        #[cfg(target_os = "linux")]
        {
            let status = fs::read_to_string(format!("/proc/{}/status", served.child.id()));
            let status = status.expect("the process lives");
            let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let most = most.and_then(|most| most.trim().split(' ').next()?.parse::<u64>().ok());
            assert!(most.expect("a number of KiB") < 300 * 1024, "{status}");
        }
    }

    /// Many requests on one connection, without waiting for the answers.
    fn flood(address: SocketAddr, requests: usize) {
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let mut reader = stream.try_clone().expect("a second handle");
        let reading = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).ok();
            String::from_utf8_lossy(&bytes).matches("HTTP/1.1 200 OK").count()
        });
        for at in 0..requests {
            let close = if at + 1 == requests { "Connection: close\r\n" } else { "" };
            let request = format!("GET /norms/lone/ HTTP/1.1\r\nHost: {address}\r\n{close}\r\n");
            stream.write_all(request.as_bytes()).expect("sent");
        }
        assert_eq!(reading.join().expect("read"), requests);
    }
}
