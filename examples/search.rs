//! Writes only what the search needs of a handbook's site, for measuring:
//! `cargo run --release --example search -- ROOT OUT`, then
//! `node tests/search/ask.mjs OUT 'question'`.

#![expect(clippy::disallowed_methods, reason = "it writes files, that is all it does")]
#![expect(clippy::print_stdout, reason = "it says what it wrote")]

use std::error::Error;
use std::fs;
use std::path::Path;

use normbook::date::PartialDate;
use normbook::pipeline::{Options, Pipeline};
use normbook::read;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(root), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: search ROOT OUT".into());
    };
    let today = PartialDate::day(2026, 11, 23).ok_or("a day")?;
    let snapshot = read::disk::snapshot(Path::new(&root), today)?;
    let site = Pipeline::default().run(&snapshot, &Options::default(), &mut |_| {});
    if site.has_errors() {
        return Err("the handbook has errors; `normbook check` shows them".into());
    }
    let (mut files, mut bytes) = (0, 0);
    for file in site.exports().iter().filter(|file| file.address.as_str().starts_with("search/")) {
        bytes += write(&out, file.address.as_str(), &site.export(file))?;
        files += 1;
    }
    for (address, script) in site.files.iter().filter(|(a, _)| a.as_str().starts_with("theme/")) {
        write(&out, address.as_str(), script)?;
    }
    println!("{files} files of the index with {bytes} bytes");
    Ok(())
}

fn write(out: &str, address: &str, bytes: &[u8]) -> Result<usize, Box<dyn Error>> {
    let path = Path::new(out).join(address);
    fs::create_dir_all(path.parent().ok_or("a folder")?)?;
    fs::write(path, bytes)?;
    Ok(bytes.len())
}
