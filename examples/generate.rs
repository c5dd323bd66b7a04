//! Writes a handbook of made-up norms, for measuring: `cargo run --release
//! --example generate -- DIR NORMS [SEED]`.
//!
//! The same numbers give the same bytes. Bodies have about 450 words with
//! references (a popular few are named often), citations, tables and
//! footnotes, as real handbooks have.

#![expect(clippy::disallowed_methods, reason = "it writes files, that is all it does")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const THEMES: usize = 12;
const FORUMS: usize = 16;
const NORMS_IN_A_SET: usize = 50;

/// Numbers that look random and are the same every time (xorshift64,
/// Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    /// Small numbers come much more often than large ones.
    fn popular(&mut self, limit: usize) -> usize {
        let first = self.below(limit);
        let second = self.below(first + 1);
        self.below(second + 1)
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<&str> = (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect();
        words.join(" ")
    }
}

const WORDS: &[&str] = &[
    "States",
    "conduct",
    "information",
    "technologies",
    "should",
    "not",
    "knowingly",
    "allow",
    "territory",
    "cooperate",
    "measures",
    "stability",
    "security",
    "vulnerability",
    "remedies",
    "international",
    "law",
    "consensus",
    "report",
    "critical",
    "infrastructure",
    "response",
    "teams",
    "reasonable",
    "steps",
    "integrity",
    "supply",
    "chain",
    "peaceful",
    "settlement",
    "of",
    "the",
    "in",
    "and",
    "to",
    "with",
    "voluntary",
    "norm",
    "responsible",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(norms)) = (arguments.next(), arguments.next()) else {
        return Err("usage: generate DIR NORMS [SEED]".into());
    };
    let norms: usize = norms.parse()?;
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let root = Path::new(&folder);
    if root.exists() {
        return Err(format!("`{folder}` is there already; name a new folder").into());
    }
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let settings = "title = \"Generated handbook\"\nbase_url = \"https://example.org/\"\n";
    write(&root.join("normbook.toml"), settings)?;
    for (kind, count) in [("theme", THEMES), ("forum", FORUMS), ("source", sources(norms))] {
        for number in 0..count {
            let words = random.words(60);
            let text = format!("---\ntitle: {kind} number {number}\n---\n\n{words}\n");
            write(&root.join(format!("content/{kind}s/{kind}-{number}.md")), &text)?;
        }
    }
    for number in 0..norms {
        let path = root.join(format!("content/norms/{}.md", id(number)));
        write(&path, &norm(number, norms, &mut random)?)?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, text)?)
}

fn id(number: usize) -> String {
    format!("set-{}/norm-{number}", number / NORMS_IN_A_SET)
}

fn sources(norms: usize) -> usize {
    norms / 10 + 1
}

fn norm(number: usize, norms: usize, random: &mut Random) -> Result<String, std::fmt::Error> {
    let mut text = front_matter(number, norms, random)?;
    let (first, second) = (random.words(35), random.words(30));
    writeln!(text, "\n> (a) {first}\n>\n> (b) {second}\n")?;
    for section in 0..4 {
        writeln!(text, "## {}\n", random.words(4))?;
        let (before, after) = (random.words(40), random.words(40));
        let (norm, source) = (id(random.popular(norms)), random.popular(sources(norms)));
        writeln!(text, "{before} See [[{norm}]] and [@source-{source}, p. {section}]. {after}\n")?;
    }
    let (cell, norm, label) = (random.words(6), id(random.below(norms)), random.words(2));
    writeln!(text, "| one | two |\n|---|---|\n| {cell} | [[{norm}\\|{label}]] |\n")?;
    writeln!(text, "A last word.[^1]\n\n[^1]: {}", random.words(15))?;
    Ok(text)
}

fn front_matter(
    number: usize,
    norms: usize,
    random: &mut Random,
) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let letter = char::from(b'a' + (number % 26) as u8);
    let status = ["proposed", "agreed", "in-force"][random.below(3)];
    let (year, month) = (1995 + random.below(31), random.below(12) + 1);
    writeln!(text, "---\ntitle: Norm {number} {}", random.words(4))?;
    writeln!(text, "number: {}({letter})", number / 26 + 1)?;
    writeln!(text, "summary: A sentence about {}.\nstatus: {status}", random.words(8))?;
    let (theme, other) = (random.below(THEMES), random.popular(THEMES));
    writeln!(text, "themes: [theme-{theme}, theme-{other}]")?;
    writeln!(text, "forums: [forum-{}]\ndate: {year}-{month:02}", random.below(FORUMS))?;
    let source = random.popular(sources(norms));
    writeln!(text, "source: {{ref: source-{source}, locator: para. {number}}}")?;
    if number > 0 {
        let (to, note) = (id(random.popular(number)), random.words(9));
        writeln!(text, "relations:\n- {{type: extends, to: {to}, note: {note}}}")?;
    }
    writeln!(text, "---")?;
    Ok(text)
}
