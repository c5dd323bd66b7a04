//! How fast whole sites are built: `cargo bench --bench site -- [NORMS...]`.
//!
//! Writes a handbook for each number of norms (1,000, 10,000 and 50,000 when
//! none is given) and runs the release binary on it: cold, with nothing
//! changed, with one norm changed. Beside it, in the same run, the raw limit:
//! a program that only reads the bodies, parses them with pulldown-cmark and
//! writes the files; and Hugo, eleventy and mdBook where they are installed, on
//! the same texts. Prints tables in Markdown. A slow disk hides everything
//! else: `TMPDIR` names the folder to work in, best on a memory disk.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it measures a program that reads and writes files, and prints what it found"
)]

#[path = "../handbook/mod.rs"]
mod handbook;
mod measure;
mod peers;
mod raw;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use handbook::Plan;
use measure::{Usage, best_of, tree};

/// The program that is measured, as cargo built it for this benchmark.
const NORMBOOK: &str = env!("CARGO_BIN_EXE_normbook");

const SIZES: [usize; 3] = [1_000, 10_000, 50_000];

/// The same numbers give the same handbook.
const SEED: u64 = 1;

/// Every build is run so many times, and the one with the least processor
/// time counts: everything else that a machine does only adds.
const RUNS: usize = 3;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [raw, root, out] = arguments.as_slice()
        && raw == "raw"
    {
        return Ok(raw::build(Path::new(root), Path::new(out))?);
    }
    let sizes: Vec<usize> =
        arguments.iter().map(|size| size.replace('_', "").parse()).collect::<Result<_, _>>()?;
    let sizes = if sizes.is_empty() { SIZES.to_vec() } else { sizes };
    start_up()?;
    let mut results = Vec::new();
    for norms in sizes {
        eprintln!("{norms} norms ...");
        results.push(Sized::measure(norms)?);
    }
    print_builds(&results);
    print_phases(&results);
    print_rows(&results);
    Ok(())
}

/// What was measured on a handbook of one size.
struct Sized {
    norms: usize,
    /// Files and bytes of the site.
    files: usize,
    bytes: u64,
    cold: Usage,
    /// Name, milliseconds on the clock, milliseconds of all cores.
    phases: Vec<(String, f64, f64)>,
    unchanged: Usage,
    edited: Usage,
    raw: Usage,
    /// The neighbours that are installed, with their versions.
    peers: Vec<(String, Usage)>,
}

impl Sized {
    fn measure(norms: usize) -> Result<Sized, Box<dyn Error>> {
        let folder = tempfile::Builder::new().prefix("normbook-bench-").tempdir()?;
        let root = folder.path().join("handbook");
        write(&root, norms)?;
        let out = folder.path().join("site");
        let raw = best_of(RUNS, || {
            remove(&out)?;
            let mut raw = Command::new(std::env::current_exe()?);
            measure::run(raw.arg("raw").arg(&root).arg(&out))
        })?;
        let cold = best_of(RUNS, || {
            remove(&out)?;
            measure::run(&mut build(&root, &out))
        })?;
        let phases = phases(&cold.stderr);
        let unchanged = best_of(RUNS, || measure::run(&mut build(&root, &out)))?;
        let edited = best_of(RUNS, || {
            edit(&root)?;
            measure::run(&mut build(&root, &out))
        })?;
        let (files, bytes) = tree(&out)?;
        let peers = measure_peers(norms)?;
        Ok(Sized { norms, files, bytes, cold, phases, unchanged, edited, raw, peers })
    }
}

/// Each neighbour is run once: they take long, and nothing is claimed of them
/// that a tenth would change.
fn measure_peers(norms: usize) -> Result<Vec<(String, Usage)>, Box<dyn Error>> {
    let mut measured = Vec::new();
    for peer in peers::PEERS {
        let Some(name) = peer.installed() else { continue };
        let folder = tempfile::Builder::new().prefix("normbook-bench-").tempdir()?;
        let (root, out) = (folder.path().join("texts"), folder.path().join("site"));
        peer.write(&Plan::new(norms, SEED), &root)?;
        let usage = measure::run(&mut peer.build(&root, &out))?;
        let (files, _) = tree(&out)?;
        if files < norms {
            return Err(format!("{name} made only {files} files of {norms} norms").into());
        }
        measured.push((name, usage));
    }
    Ok(measured)
}

fn build(root: &Path, out: &Path) -> Command {
    let mut command = Command::new(NORMBOOK);
    command.arg("build").arg("--timings").arg("--root").arg(root).arg("--out").arg(out);
    command
}

fn write(root: &Path, norms: usize) -> Result<(), Box<dyn Error>> {
    Plan::new(norms, SEED).files(&mut |path, text| {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    })?;
    Ok(())
}

/// Changes the commentary of one norm.
fn edit(root: &Path) -> Result<(), Box<dyn Error>> {
    let path = root.join("content/norms/set-0/norm-5.md");
    let text = fs::read_to_string(&path)?;
    Ok(fs::write(&path, format!("{text}\nOne more sentence.\n"))?)
}

fn remove(folder: &Path) -> Result<(), Box<dyn Error>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// The lines that `--timings` prints: `WALL ms  PROCESSOR ms  NAME`.
fn phases(stderr: &str) -> Vec<(String, f64, f64)> {
    let line = |line: &str| {
        let mut parts = line.split(" ms");
        let wall = parts.next()?.trim().parse().ok()?;
        let processor = parts.next()?.trim().parse().ok()?;
        Some((parts.next()?.trim().to_owned(), wall, processor))
    };
    stderr.lines().filter_map(line).collect()
}

/// What every call costs, whatever the handbook.
fn start_up() -> Result<(), Box<dyn Error>> {
    let version = best_of(20, || measure::run(Command::new(NORMBOOK).arg("--version")))?;
    let folder = tempfile::tempdir()?;
    let (root, out) = (Path::new(env!("CARGO_MANIFEST_DIR")), folder.path().join("site"));
    let own = best_of(5, || {
        remove(&out)?;
        measure::run(&mut build(root, &out))
    })?;
    println!("| | processor | wall |\n|---|---|---|");
    for (what, usage) in [("`normbook --version`", version), ("this handbook, cold", own)] {
        println!(
            "| {what} | {:.1} ms | {:.1} ms |",
            usage.processor() * 1000.0,
            usage.wall.as_secs_f64() * 1000.0
        );
    }
    println!();
    Ok(())
}

fn print_builds(results: &[Sized]) {
    println!(
        "| norms | | processor s | of it system | wall s | wall / processor | peak MiB | files | MB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for result in results {
        let norms = result.norms;
        row(norms, "cold build", &result.cold, &format!("{}", result.files), result.bytes);
        row(norms, "nothing changed", &result.unchanged, "", 0);
        row(norms, "one norm changed", &result.edited, "", 0);
        row(norms, "raw limit", &result.raw, "", 0);
        println!(
            "| {norms} | cold / raw limit | {:.1} | | | | | | |",
            result.cold.processor() / result.raw.processor()
        );
        println!(
            "| {norms} | nothing changed / cold | {:.2} | | | | | | |",
            result.unchanged.processor() / result.cold.processor()
        );
    }
    println!();
}

fn row(norms: usize, what: &str, usage: &Usage, files: &str, bytes: u64) {
    let bytes = if bytes == 0 { String::new() } else { format!("{:.0}", bytes as f64 / 1e6) };
    println!(
        "| {norms} | {what} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} | {files} | {bytes} |",
        usage.processor(),
        usage.system.as_secs_f64(),
        usage.wall.as_secs_f64(),
        usage.wall.as_secs_f64() / usage.processor(),
        usage.peak as f64 / 1024.0 / 1024.0,
    );
}

/// What each phase of a cold build costs, and how it grows.
fn print_phases(results: &[Sized]) {
    let Some(first) = results.first() else { return };
    print!("| processor ms of the cold build |");
    results.iter().for_each(|result| print!(" {} |", result.norms));
    println!(" per norm, last / first |\n|---|{}---|", "---|".repeat(results.len()));
    for (place, (name, _, least)) in first.phases.iter().enumerate() {
        let costs: Vec<f64> =
            results.iter().filter_map(|result| Some(result.phases.get(place)?.2)).collect();
        print!("| {name} |");
        costs.iter().for_each(|cost| print!(" {cost:.0} |"));
        let norms = results.last().map_or(1.0, |last| last.norms as f64 / first.norms as f64);
        println!(" {:.2} |", costs.last().unwrap_or(least) / least / norms);
    }
}

/// The rows of the README's table.
fn print_rows(results: &[Sized]) {
    println!("\n| cold build | processor seconds | peak memory |\n|---|---|---|");
    for result in results {
        let norms = result.norms;
        let own = [
            ("normbook, with everything", &result.cold),
            ("parse every body with pulldown-cmark and write the files, nothing else", &result.raw),
        ];
        let peers = result.peers.iter().map(|(name, usage)| (name.as_str(), usage));
        for (what, usage) in own.into_iter().chain(peers) {
            let (seconds, peak) = (usage.processor(), usage.peak as f64 / 1024.0 / 1024.0);
            println!("| {norms} norms: {what} | {seconds:.2} | {peak:.0} MiB |");
        }
    }
}
