//! How many instructions a build takes: `cargo bench --bench instructions`.
//!
//! Counts them with callgrind on a handbook of 200 made-up norms and on one
//! core, and compares them with `benches/budget.toml`; one that is over its
//! budget is a failure. Unlike time, a count hardly depends on the machine or
//! on what else it does. `NORMBOOK_BLESS=1` writes the budget anew; `NORMBOOK`
//! names another program to measure, so that one that is built already need not
//! be built again.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "it measures a program that reads and writes files, and prints what it found"
)]

mod handbook;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use handbook::Plan;

/// The program that is measured, as cargo built it for this benchmark.
const NORMBOOK: &str = env!("CARGO_BIN_EXE_normbook");

const NORMS: usize = 200;
const SEED: u64 = 1;

const BUDGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/budget.toml");

const HEADER: &str = "# The most instructions, in millions, that each may take \
                      (`cargo bench --bench instructions`).\n";

/// How much more than measured a budget allows, in percent: other libraries
/// of the system and other processors take other ways.
const HEADROOM: u64 = 12;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = tempfile::Builder::new().prefix("normbook-bench-").tempdir()?;
    let (root, out) = (folder.path().join("handbook"), folder.path().join("site"));
    write(&root)?;
    let program = std::env::var_os("NORMBOOK").unwrap_or_else(|| NORMBOOK.into());
    let build = |threads: &str| {
        let mut build = Command::new(&program);
        build.arg("build").arg("--root").arg(&root).arg("--out").arg(&out);
        build.env("RAYON_NUM_THREADS", threads);
        build
    };
    let log = folder.path().join("callgrind");
    let mut counts = BTreeMap::new();
    counts.insert("start", count(Command::new(&program).arg("--version"), &log)?);
    counts.insert("cold-build", count(&mut build("1"), &log)?);
    counts.insert("nothing-changed", count(&mut build("1"), &log)?);
    if std::env::var_os("NORMBOOK_BLESS").is_some() {
        // At least one more, as counts are rounded.
        let budget = |count: u64| (count * (100 + HEADROOM) / 100).max(count + 1);
        let budgets = counts.iter().map(|(name, count)| (name, budget(*count)));
        let lines = budgets.map(|(name, budget)| format!("{name} = {budget}\n"));
        fs::write(BUDGET, format!("{HEADER}{}", lines.collect::<String>()))?;
    }
    let budgets: BTreeMap<String, u64> = toml::from_str(&fs::read_to_string(BUDGET)?)?;
    println!("| million instructions | counted | budget |\n|---|---|---|");
    let mut over = false;
    for (name, count) in counts {
        let budget = budgets.get(name).copied().unwrap_or(0);
        over |= count > budget;
        let verdict = if count > budget { " exceeded" } else { "" };
        println!("| {name} | {count} | {budget}{verdict} |");
    }
    Ok(if over { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn write(root: &Path) -> Result<(), Box<dyn Error>> {
    Plan::new(NORMS, SEED).files(&mut |path, text| {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    })?;
    Ok(())
}

/// Millions of instructions that a command takes in all its threads.
fn count(command: &mut Command, log: &Path) -> Result<u64, Box<dyn Error>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", log.display()));
    valgrind.arg(command.get_program()).args(command.get_args());
    valgrind.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = valgrind
        .output()
        .map_err(|error| format!("cannot run `valgrind`: {error}; install it, as with apt-get"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let counted =
        said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    match counted {
        Some(instructions) if output.status.success() => {
            Ok::<u64, _>(instructions).map(|count: u64| count / 1_000_000)
        }
        _ => Err(format!("{valgrind:?} failed:\n{said}").into()),
    }
}
