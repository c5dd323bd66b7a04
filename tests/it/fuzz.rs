//! No bytes bring a parser down: the fuzz targets of `tests/fuzz`, driven
//! for seconds by changes to the handbooks of the suites, always the same.
//!
//! `NORMBOOK_FUZZ=100000 cargo test --test it fuzz` tries more.
//! `tests/fuzz/run` drives the same functions for hours and looks for new code
//! to reach; what it finds is kept in `tests/fuzz/found/TARGET/` and tried here
//! first.

use std::fs;
use std::path::{Path, PathBuf};

use crate::suites;

#[path = "../fuzz/src/targets.rs"]
#[expect(unreachable_pub, reason = "the fuzz programs use it as a library")]
mod targets;

/// Changed inputs for each target, unless the environment says otherwise.
const CHANGES: usize = 400;

fn changes() -> usize {
    std::env::var("NORMBOOK_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(CHANGES)
}

/// Inputs that reach what the suites are about.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let handbooks = suites::handbooks();
    let entries = || {
        let files = handbooks.iter().flatten().filter(|(path, _)| path.ends_with(".md"));
        files.map(|(path, bytes)| (path.as_str(), String::from_utf8_lossy(bytes).into_owned()))
    };
    let seeds: Vec<Vec<u8>> = match target {
        "front_matter" => entries().filter_map(|(path, text)| front_matter(path, &text)).collect(),
        "reference" => entries().flat_map(|(_, text)| references(&text)).collect(),
        "norm_text" => entries().filter_map(|(_, text)| quote(&text)).collect(),
        "annotation" => entries().filter_map(|(_, text)| annotated(&text)).collect(),
        _ => handbooks.iter().map(|files| whole(files.iter())).collect(),
    };
    let mut seeds: Vec<Vec<u8>> = seeds.into_iter().filter(|seed| !seed.is_empty()).collect();
    seeds.sort();
    seeds.dedup();
    seeds
}

/// What stands between the lines `---`, after a byte for the kind of entry.
fn front_matter(path: &str, text: &str) -> Option<Vec<u8>> {
    let folder = path.split('/').nth(1)?;
    let kinds = normbook::id::Kind::ALL;
    let kind = kinds.iter().position(|kind| kind.folder() == folder).unwrap_or(7);
    let rest = text.strip_prefix("---\n")?;
    Some([&[u8::try_from(kind).ok()?], rest.as_bytes()].concat())
}

/// What stands between square brackets.
fn references(text: &str) -> Vec<Vec<u8>> {
    let parts = text.split('[').skip(1).filter_map(|rest| rest.split(']').next());
    parts.map(|part| part.as_bytes().to_vec()).collect()
}

/// The lines of an opening quote without their marks.
fn quote(text: &str) -> Option<Vec<u8>> {
    let (_, body) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
    let lines = body.lines().skip_while(|line| line.is_empty());
    let lines: Vec<&str> = lines.map_while(|line| line.strip_prefix('>')).collect();
    Some(lines.join("\n").into_bytes())
}

/// An opening quote in one line, then what stands below `## Annotations`.
fn annotated(text: &str) -> Option<Vec<u8>> {
    let (_, notes) = text.split_once("## Annotations\n")?;
    let quote = String::from_utf8(quote(text)?).ok()?.replace('\n', " ");
    Some(format!("{quote}\n{}", notes.trim_start()).into_bytes())
}

/// All files of a handbook, each after a line with its path.
fn whole<'a>(files: impl Iterator<Item = (&'a String, &'a Vec<u8>)>) -> Vec<u8> {
    let file = |(path, bytes): (&String, &Vec<u8>)| {
        [format!("~~~ {path}\n").as_bytes(), bytes.as_slice()].concat()
    };
    files.flat_map(file).collect()
}

/// The cases that a target once failed on.
fn kept(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found").join(target);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("readable")).collect()
}

/// Random numbers that are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as usize % limit.max(1)
    }
}

/// What the formats give a meaning to, and what tends to be forgotten.
const PIECES: [&str; 40] = [
    "---\n",
    "\n",
    "\r\n",
    "\t",
    "> ",
    "- ",
    "1. ",
    "(a) ",
    "# ",
    "## Annotations\n",
    "### \"",
    "\"",
    "'",
    "“",
    "[[",
    "]]",
    "[@",
    "]",
    "|",
    "\\",
    "*",
    "_",
    "`",
    "~~~\n",
    "<x-evil onload=x>",
    "</p>",
    "<!--",
    "&#0;",
    "\u{0}",
    "\u{feff}",
    "\u{ad}",
    "\u{301}",
    "日",
    "{#a}",
    "{.x date=}",
    ": ",
    "[^1]",
    "[^1]: ",
    "|-|\n",
    "https://",
];

/// An input with some changes of the sort that editors and accidents make.
fn changed(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut input = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(input.len() + 1);
        let end = (at + dice.below(12)).min(input.len());
        match dice.below(5) {
            0 => drop(input.drain(at..end)),
            1 => drop(input.splice(at..at, PIECES[dice.below(PIECES.len())].bytes())),
            2 => {
                let again = input[at..end].repeat(dice.below(4));
                drop(input.splice(at..at, again));
            }
            3 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(60)).min(other.len());
                drop(input.splice(at..end, other[from..to].iter().copied()));
            }
            _ => input[at..end].iter_mut().take(1).for_each(|b| *b = dice.below(256) as u8),
        }
    }
    input
}

/// Runs a target on everything; says which input it fails on.
#[track_caller]
fn check(name: &str) {
    let (_, target) = targets::TARGETS.iter().find(|(known, _)| *known == name).expect("a target");
    let seeds = seeds(name);
    assert!(seeds.len() > 10, "{name} has only {} seeds", seeds.len());
    let mut dice = Dice(1);
    let random = (0..changes()).map(|_| changed(&mut dice, &seeds));
    for input in kept(name).into_iter().chain(seeds.iter().cloned()).chain(random) {
        let failed = std::panic::catch_unwind(|| target(&input)).is_err();
        assert!(!failed, "{name} fails on {:?}", String::from_utf8_lossy(&input));
    }
}

#[test]
fn front_matter_of_any_bytes() {
    check("front_matter");
}

#[test]
fn references_of_any_bytes() {
    check("reference");
}

#[test]
fn norm_texts_of_any_bytes() {
    check("norm_text");
}

#[test]
fn annotations_of_any_bytes() {
    check("annotation");
}

#[test]
fn handbooks_of_any_bytes() {
    check("handbook");
}

/// Writes the seeds as files for `tests/fuzz/run`, into the folder that the
/// environment names; without it, sees that every target has some.
#[test]
fn seeds_reach_every_target() {
    let folder = std::env::var("NORMBOOK_SEEDS").ok().map(PathBuf::from);
    for (name, _) in targets::TARGETS {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        let Some(folder) = folder.as_ref().map(|folder| folder.join(name)) else { continue };
        fs::create_dir_all(&folder).expect("a folder for the seeds");
        for (at, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{at:04}")), seed).expect("written");
        }
    }
}
