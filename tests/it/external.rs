//! `check --external` against a server of its own on this machine: what it
//! asks, how politely, and what it says of the answers.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use assert_cmd::assert::Assert;

use super::cli::{Handbook, output};

/// A server with a few pages, which remembers what it was asked. It ends with
/// the value.
struct Server {
    port: u16,
    seen: Arc<Seen>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Seen {
    /// Method and path of each question, with the time it came.
    questions: Mutex<Vec<(String, Instant)>>,
    agents: Mutex<Vec<String>>,
    /// How many questions are open, and how many were at most.
    open: AtomicUsize,
    most: AtomicUsize,
    over: AtomicBool,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Seen::default());
        let own = Arc::clone(&seen);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if own.over.load(Ordering::SeqCst) {
                    return;
                }
                let (stream, seen) = (stream.expect("a connection"), Arc::clone(&own));
                thread::spawn(move || seen.answer(&stream));
            }
        });
        Server { port, seen, thread: Some(thread) }
    }

    fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// The questions in the order in which they came.
    fn questions(&self) -> Vec<String> {
        let questions = self.seen.questions.lock().expect("whole");
        questions.iter().map(|(question, _)| question.clone()).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.seen.over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        TcpStream::connect(("127.0.0.1", self.port)).ok();
        self.thread.take().map(JoinHandle::join);
    }
}

impl Seen {
    /// Reads one question and answers it.
    fn answer(&self, stream: &TcpStream) {
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(open, Ordering::SeqCst);
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let first = lines.next().unwrap_or_default();
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let question = first.trim_end_matches(" HTTP/1.1").to_owned();
        let agent = head.iter().find(|line| line.to_lowercase().starts_with("user-agent:"));
        self.agents.lock().expect("whole").extend(agent.cloned());
        let earlier = {
            let mut questions = self.questions.lock().expect("whole");
            let earlier = questions.iter().filter(|(known, _)| path(known) == path(&question));
            let earlier = earlier.count();
            questions.push((question.clone(), Instant::now()));
            earlier
        };
        let reply = self.reply(&question, earlier);
        // Counted before the answer goes out: the next may come right after.
        self.open.fetch_sub(1, Ordering::SeqCst);
        if let Some(reply) = reply {
            let text = format!("HTTP/1.1 {reply}\r\nConnection: close\r\n\r\n");
            let mut stream = stream;
            stream.write_all(text.as_bytes()).ok();
        }
    }

    /// Status and headers; nothing when the connection is to be cut.
    fn reply(&self, question: &str, earlier: usize) -> Option<String> {
        let empty = "Content-Length: 0";
        let to = |status: &str, path: &str| format!("{status}\r\nLocation: {path}\r\n{empty}");
        let head = question.starts_with("HEAD ");
        Some(match path(question) {
            "/gone" => format!("410 Gone\r\n{empty}"),
            "/moved" => to("301 Moved Permanently", "/good"),
            "/twice" => to("308 Permanent Redirect", "/moved"),
            "/elsewhere" => to("302 Found", "/good"),
            "/lost" => to("301 Moved Permanently", "/nothing"),
            "/circle" => to("302 Found", "/circle"),
            "/no-head" if head => format!("405 Method Not Allowed\r\n{empty}"),
            "/closed" => format!("403 Forbidden\r\n{empty}"),
            "/busy" if earlier == 0 => {
                format!("429 Too Many Requests\r\nRetry-After: 1\r\n{empty}")
            }
            "/leave" => format!("503 Service Unavailable\r\nRetry-After: 86400\r\n{empty}"),
            "/cut" => return None,
            "/slow" => {
                self.wait_for_the_end();
                return None;
            }
            // A page without an end: what is not read does no harm.
            "/endless" if !head => "200 OK\r\nContent-Length: 1000000000000".to_owned(),
            path if path.starts_with("/good") || matches!(path, "/no-head" | "/busy") => {
                format!("200 OK\r\n{empty}")
            }
            "/endless" => format!("405 Method Not Allowed\r\n{empty}"),
            _ => format!("404 Not Found\r\n{empty}"),
        })
    }

    /// Says nothing as long as anybody asks, a minute at most.
    fn wait_for_the_end(&self) {
        let since = Instant::now();
        while !self.over.load(Ordering::SeqCst) && since.elapsed() < Duration::from_secs(60) {
            thread::park_timeout(Duration::from_millis(20));
        }
    }
}

fn path(question: &str) -> &str {
    question.split(' ').nth(1).unwrap_or("")
}

/// A handbook whose page has a link a line to these paths, from line 5 on.
fn handbook(server: &Server, paths: &[&str]) -> Handbook {
    let handbook = Handbook::new();
    let links = paths.iter().map(|path| format!("[x]({}),\n", server.address(path)));
    let text = format!("---\ntitle: Links\n---\n\n{}", links.collect::<String>());
    handbook.write("content/pages/links.md", &text);
    handbook
}

fn check(handbook: &Handbook, arguments: &[&str]) -> Assert {
    let fixed = ["check", "--external", "--message-format", "short", "--external-pause", "0"];
    let mut command = handbook.command(&[&fixed, arguments].concat());
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.timeout(Duration::from_secs(60)).assert()
}

/// The messages for each line of the page: column, severity, code, text.
fn messages(stderr: &str) -> BTreeMap<usize, String> {
    let lines = stderr.lines().filter_map(|line| line.strip_prefix("content/pages/links.md:"));
    let lines = lines.filter_map(|rest| rest.split_once(':'));
    lines.map(|(line, rest)| (line.parse().expect("a line"), rest.to_owned())).collect()
}

#[test]
fn each_answer_is_told_where_its_link_is_written() {
    let server = Server::start();
    let paths = ["good", "nothing", "gone", "moved", "twice", "elsewhere", "lost", "no-head"];
    let handbook = handbook(&server, &paths);
    let (_, stderr) = output(&check(&handbook, &[]).code(1));
    let found = messages(&stderr);
    let at = |path: &str| 5 + paths.iter().position(|other| *other == path).expect("a path");
    let expect = |path: &str, text: &str| {
        let message = found.get(&at(path)).map_or("", String::as_str);
        assert!(message.starts_with("5: ") && message.contains(text), "{path}: {stderr}");
    };
    expect("nothing", "error[dead-external-link]");
    expect("gone", "error[dead-external-link]");
    expect("lost", "error[dead-external-link]");
    expect("moved", "warning[moved-external-link]");
    expect("twice", "warning[moved-external-link]");
    assert_eq!(found.len(), 5, "{stderr}");
    let agents = server.seen.agents.lock().expect("whole");
    let name = format!("normbook/{}", env!("CARGO_PKG_VERSION"));
    assert!(!agents.is_empty() && agents.iter().all(|agent| agent.contains(&name)), "{agents:?}");
}

#[test]
fn what_may_pass_is_a_warning() {
    let server = Server::start();
    let paths = ["slow", "cut", "closed", "circle", "endless"];
    let handbook = handbook(&server, &paths);
    let short = ["--external-timeout", "300"];
    let (_, stderr) = output(&check(&handbook, &short).code(0));
    let found = messages(&stderr);
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [5, 6, 7, 8], "{stderr}");
    let unsure = |message: &String| message.contains("warning[unsure-external-link]");
    assert!(found.values().all(unsure), "{stderr}");
    assert!(found[&5].contains("nothing came back within 0.3 s"), "{stderr}");
    let denied = [&short[..], &["--deny-warnings"]].concat();
    check(&handbook, &denied).code(1);
}

#[test]
fn nobody_listens_is_a_warning() {
    let server = Server::start();
    let handbook = handbook(&server, &["good"]);
    drop(server);
    let (_, stderr) = output(&check(&handbook, &[]).code(0));
    assert!(messages(&stderr)[&5].contains("warning[unsure-external-link]"), "{stderr}");
}

#[test]
fn a_host_that_does_not_exist_is_dead_or_unsure() {
    // Without a network the look-up fails for the moment only (RFC 6761:
    // `.invalid` never exists).
    let handbook = Handbook::new();
    let page = "---\ntitle: Links\n---\n\n[x](http://nowhere.invalid/)\n";
    handbook.write("content/pages/links.md", page);
    let (_, stderr) = output(&check(&handbook, &[]));
    let message = &messages(&stderr)[&5];
    let known = ["error[dead-external-link]", "warning[unsure-external-link]"];
    assert!(known.iter().any(|known| message.contains(known)), "{stderr}");
}

#[test]
fn a_host_is_asked_one_thing_at_a_time_with_a_pause() {
    let server = Server::start();
    let handbook = handbook(&server, &["good/a", "good/b", "good/c", "elsewhere"]);
    let arguments = ["check", "--external", "--external-pause", "100"];
    let mut command = handbook.command(&arguments);
    command.env_remove("http_proxy").env_remove("HTTP_PROXY");
    command.timeout(Duration::from_secs(60)).assert().code(0);
    assert_eq!(server.seen.most.load(Ordering::SeqCst), 1);
    let questions = server.seen.questions.lock().expect("whole");
    assert_eq!(questions.len(), 5, "{questions:?}");
    for pair in questions.windows(2) {
        let pause = pair[1].1 - pair[0].1;
        // The clock is read on both sides of a connection.
        assert!(pause >= Duration::from_millis(90), "{pause:?}");
    }
}

#[test]
fn a_server_that_asks_to_wait_is_waited_for_within_reason() {
    let server = Server::start();
    let busy = handbook(&server, &["busy"]);
    let since = Instant::now();
    let (_, stderr) = output(&check(&busy, &[]).code(0));
    assert_eq!(messages(&stderr).len(), 0, "{stderr}");
    assert!(since.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.questions(), ["HEAD /busy", "GET /busy"]);

    let server = Server::start();
    let leave = handbook(&server, &["leave", "more", "other"]);
    let (_, stderr) = output(&check(&leave, &[]).code(0));
    assert_eq!(messages(&stderr).len(), 3, "{stderr}");
    assert_eq!(server.questions(), ["HEAD /leave"], "the host is left alone");
}

#[test]
fn an_address_is_asked_once_and_good_ones_are_remembered() {
    let server = Server::start();
    let handbook = handbook(&server, &["good", "good#part", "good", "nothing"]);
    let (_, stderr) = output(&check(&handbook, &[]).code(1));
    assert!(stderr.contains("asked for 2 of 2 outside addresses"), "{stderr}");
    let bad = ["HEAD /nothing", "GET /nothing"];
    assert_eq!(server.questions(), [&["HEAD /good"][..], &bad].concat());
    let (_, stderr) = output(&check(&handbook, &[]).code(1));
    assert!(stderr.contains("asked for 1 of 2 outside addresses"), "{stderr}");
    assert_eq!(server.questions()[3..], bad);
    let cache = handbook.root().join(".normbook-cache/external");
    let text = std::fs::read_to_string(&cache).expect("a cache");
    assert!(text.contains("/good\n") && !text.contains("/nothing"), "{text}");
    // The cache of long ago is not believed, and rubbish is no cache.
    for text in [text.replace("\n20", "\n19"), "\0\0".to_owned()] {
        let before = server.questions().len();
        std::fs::write(&cache, text).expect("written");
        check(&handbook, &[]).code(1);
        assert_eq!(server.questions().len() - before, 3);
    }
}

#[test]
fn nobody_is_asked_without_the_option_or_with_mistakes() {
    let server = Server::start();
    let handbook = handbook(&server, &["nothing"]);
    handbook.run(&["check"]).code(0);
    handbook.run(&["build"]).code(0);
    handbook.write("content/pages/bad.md", "---\ntitel: x\n---\n");
    check(&handbook, &[]).code(1);
    assert_eq!(server.questions(), Vec::<String>::new());
    assert!(!handbook.root().join(".normbook-cache").exists());
}
