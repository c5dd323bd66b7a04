//! Writes a handbook of made-up norms, for measuring: `cargo run --release
//! --example generate -- DIR NORMS [SEED]`.
//!
//! The same numbers give the same bytes.

#![expect(clippy::disallowed_methods, reason = "it writes files, that is all it does")]

#[path = "../benches/handbook/mod.rs"]
mod handbook;

use std::error::Error;
use std::fs;
use std::path::Path;

use handbook::Plan;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(norms)) = (arguments.next(), arguments.next()) else {
        return Err("usage: generate DIR NORMS [SEED]".into());
    };
    let seed: u64 = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let root = Path::new(&folder);
    if root.exists() {
        return Err(format!("`{folder}` is there already; name a new folder").into());
    }
    Plan::new(norms.parse()?, seed).files(&mut |path, text| {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    })?;
    Ok(())
}
