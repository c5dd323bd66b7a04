//! How soon a saved file is served: `cargo bench --bench serve -- [NORMS...]`.
//!
//! Writes a handbook for each number of norms (1,000 and 10,000 when none is
//! given), runs the release binary's `serve` over it and edits it as an author
//! would: a body, a title, a template. From the moment a file is saved the
//! pages that show it are asked for over HTTP, one after the other, until all
//! have the new words. Prints a table in Markdown: the median of the edits,
//! the quickest and the slowest, and how many answers on the way failed or
//! were older than the file.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it measures a program that reads files, and prints what it found"
)]

#[path = "../handbook/mod.rs"]
mod handbook;

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use handbook::Plan;

/// The program that is measured, as cargo built it for this benchmark.
const NORMBOOK: &str = env!("CARGO_BIN_EXE_normbook");
const SIZES: [usize; 2] = [1_000, 10_000];
/// The same numbers give the same handbook.
const SEED: u64 = 1;
/// Each kind of edit is made so many times.
const EDITS: usize = 9;
/// An author reads between two edits; meanwhile the server checks the rest.
const PAUSE: Duration = Duration::from_millis(2500);
/// An edit that is not served by then never will be.
const PATIENCE: Duration = Duration::from_secs(60);

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let sizes: Vec<usize> =
        arguments.map(|size| size.replace('_', "").parse()).collect::<Result<_, _>>()?;
    let sizes = if sizes.is_empty() { SIZES.to_vec() } else { sizes };
    println!(
        "| norms | | median ms | least | most | failed | stale |\n|---|---|---|---|---|---|---|"
    );
    sizes.into_iter().try_for_each(measure)
}

/// Measures a handbook of one size.
fn measure(norms: usize) -> Result<(), Box<dyn Error>> {
    eprintln!("{norms} norms ...");
    let folder = tempfile::Builder::new().prefix("normbook-bench-").tempdir()?;
    Plan::new(norms, SEED).files(&mut |path, text| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        Ok::<(), Box<dyn Error>>(fs::write(path, text)?)
    })?;
    let begun = Instant::now();
    let server = Server::start(folder.path())?;
    server.page("/")?;
    println!("| {norms} | first page | {:.0} | | | | |", milliseconds(begun.elapsed()));
    let norm = Norm::choose(folder.path(), &server)?;
    let saved = fs::read_to_string(&norm.file)?;
    let (head, _) = saved.split_once("title: ").ok_or("a norm has a title")?;
    let rest = saved.split_once("title: ").and_then(|(_, rest)| rest.split_once('\n'));
    let rest = rest.map(|(_, rest)| rest).ok_or("a title has an end")?;
    let page = std::slice::from_ref(&norm.page);
    edits(norms, "a body", &server, page, |mark| {
        fs::write(&norm.file, format!("{saved}\n{mark}.\n"))
    })?;
    edits(norms, "a title, on three pages", &server, &norm.seen_on, |mark| {
        fs::write(&norm.file, format!("{head}title: {mark}\n{rest}"))
    })?;
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/norm.html");
    let template = fs::read_to_string(own)?;
    fs::create_dir_all(folder.path().join("templates"))?;
    edits(norms, "a template", &server, page, |mark| {
        let block = "{% block main %}";
        let text = template.replacen(block, &format!("{block}<p>{mark}</p>"), 1);
        fs::write(folder.path().join("templates/norm.html"), text)
    })
}

/// Makes one kind of edit again and again, and prints its row.
fn edits(
    norms: usize,
    what: &str,
    server: &Server,
    pages: &[String],
    edit: impl Fn(&str) -> std::io::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let (mut times, mut failed, mut stale) = (Vec::new(), 0, 0);
    for number in 0..EDITS {
        std::thread::sleep(PAUSE);
        let mark = format!("Mark {} {number}", what.replace(' ', "-").replace(',', ""));
        edit(&mark)?;
        let saved = Instant::now();
        for page in pages {
            while !server.page(page).inspect_err(|_| failed += 1)?.contains(&mark) {
                stale += 1;
                if saved.elapsed() > PATIENCE {
                    return Err(format!("{page} never showed `{mark}`").into());
                }
            }
        }
        times.push(milliseconds(saved.elapsed()));
    }
    times.sort_by(f64::total_cmp);
    let (least, median, most) = (times[0], times[EDITS / 2], times[EDITS - 1]);
    println!("| {norms} | {what} | {median:.0} | {least:.0} | {most:.0} | {failed} | {stale} |");
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The norm that is edited.
struct Norm {
    file: PathBuf,
    page: String,
    /// Its own page, its theme's, and that of another norm that names it.
    seen_on: Vec<String>,
}

impl Norm {
    /// The first norm that another refers to, and that stands on the first part
    /// of its theme's list.
    fn choose(root: &Path, server: &Server) -> Result<Norm, Box<dyn Error>> {
        for number in 0..10 {
            let id = format!("set-0/norm-{number}");
            let file = root.join(format!("content/norms/{id}.md"));
            let Ok(text) = fs::read_to_string(&file) else { continue };
            let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
            let title = field("title: ").ok_or("a norm has a title")?;
            let themes = field("themes: [").ok_or("a norm has themes")?;
            let theme = themes.split([',', ']']).next().unwrap_or_default();
            let theme = format!("/themes/{theme}/");
            let page = format!("/norms/{id}/");
            let Some(referrer) = referrer(root, &id)? else { continue };
            if server.page(&theme)?.contains(title) && server.page(&referrer)?.contains(title) {
                return Ok(Norm { file, seen_on: vec![page.clone(), theme, referrer], page });
            }
        }
        Err("no norm is seen on other pages".into())
    }
}

/// The page of a norm that refers to another.
fn referrer(root: &Path, id: &str) -> Result<Option<String>, Box<dyn Error>> {
    let links = [format!("[[{id}]]"), format!("to: {id},"), format!("to: {id}}}")];
    for set in 0..60 {
        let folder = root.join(format!("content/norms/set-{set}"));
        let Ok(files) = fs::read_dir(&folder) else { break };
        for file in files {
            let file = file?.path();
            let text = fs::read_to_string(&file)?;
            let name = file.file_stem().map(|name| name.to_string_lossy().into_owned());
            if let Some(name) = name
                && !id.ends_with(&format!("/{name}"))
                && links.iter().any(|link| text.contains(link))
            {
                return Ok(Some(format!("/norms/set-{set}/{name}/")));
            }
        }
    }
    Ok(None)
}

/// `normbook serve` over a folder; it ends with this value.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Server {
    fn start(root: &Path) -> Result<Server, Box<dyn Error>> {
        let mut child = Command::new(NORMBOOK)
            .args(["serve", "--port", "0", "--root"])
            .arg(root)
            .stderr(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("piped")?).lines();
        let mut server = Server { child, address: String::new() };
        let said = lines.next().ok_or("the server says where it is")??;
        let address = said.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        server.address = address.ok_or("an address")?.to_owned();
        // What it says later must be taken, or it waits.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(server)
    }

    fn page(&self, path: &str) -> Result<String, Box<dyn Error>> {
        let Server { address, .. } = self;
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        match answer.starts_with("HTTP/1.1 200 ") {
            true => Ok(answer),
            false => Err(format!("{path}: {}", answer.lines().next().unwrap_or_default()).into()),
        }
    }
}
