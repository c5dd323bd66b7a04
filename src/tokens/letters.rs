//! The tables that another program needs to cut texts as this one does.

use serde::Serialize;

use super::fold::{self, Class};

/// Everything that the rules of [`crate::tokens`] depend on. Ranges are pairs
/// of first and last code points, in order, each written as the distance from
/// the number before.
#[derive(Clone, Debug, Serialize)]
pub struct Letters {
    /// Letters and digits.
    letters: Vec<u32>,
    /// Characters of scripts without spaces.
    grams: Vec<u32>,
    /// Characters that count for nothing.
    ignored: Vec<u32>,
    signs: &'static str,
    apostrophes: &'static str,
    /// What characters are folded to: a character, its folded form, a space.
    folds: String,
    stop: &'static [&'static str],
    longest: usize,
    parts: usize,
    gap: usize,
}

/// The tables as JSON. They are the same for every handbook, and to work them
/// out looks at every character there is, so they are kept; the test `search`
/// compares them with [`letters`].
pub const LETTERS: &str = include_str!("letters.json").trim_ascii_end();

/// The tables.
pub fn letters() -> Letters {
    let folds = fold::table().map(|(c, folded)| format!("{c}{folded}"));
    let [letters, grams, ignored] = ranges([Class::Letter, Class::Gram, Class::Ignored]);
    Letters {
        letters,
        grams,
        ignored,
        signs: fold::SIGNS,
        apostrophes: fold::APOSTROPHES,
        folds: folds.collect::<Vec<_>>().join(" "),
        stop: super::STOP_WORDS,
        longest: super::LONGEST,
        parts: super::MOST_PARTS,
        gap: super::WIDEST_GAP,
    }
}

/// The ranges of the characters of some classes.
fn ranges<const N: usize>(classes: [Class; N]) -> [Vec<u32>; N] {
    let mut borders: [Vec<u32>; N] = [const { Vec::new() }; N];
    // The planes above hold no letters.
    for c in '\0'..='\u{3ffff}' {
        let class = fold::class(c);
        let Some(place) = classes.iter().position(|wanted| *wanted == class) else { continue };
        let (borders, c) = (&mut borders[place], c as u32);
        match borders.last_mut() {
            Some(last) if *last + 1 == c => *last = c,
            _ => borders.extend([c, c]),
        }
    }
    borders.map(|borders| {
        let mut before = 0;
        let distance = |border: u32| border - std::mem::replace(&mut before, border);
        borders.into_iter().map(distance).collect()
    })
}
