//! Characters as they count in a search: their classes, and what each is
//! folded to.
//!
//! Letters of Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic
//! lose case, accents, points and presentation forms; letters of other scripts
//! stay as they are, because there a mark is as good as a letter.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use icu_normalizer::DecomposingNormalizerBorrowed;

/// What a character does to the word it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Ends words.
    Other,
    /// A letter or digit.
    Letter,
    /// A character of a script without spaces.
    Gram,
    /// Joins words to a compound.
    Sign,
    /// Cuts single letters off.
    Apostrophe,
    /// Counts as if it did not stand there.
    Ignored,
}

/// The signs that join words to a compound.
pub const SIGNS: &str = "/-.():_&‐‑";

/// Apostrophes.
pub const APOSTROPHES: &str = "'’ʼ";

/// Scripts that do not put spaces between words: Thai, Lao, Burmese, Khmer,
/// Japanese, Chinese.
pub const GRAMS: [RangeInclusive<char>; 11] = [
    '\u{e01}'..='\u{e4e}',
    '\u{e81}'..='\u{ecd}',
    '\u{1000}'..='\u{109f}',
    '\u{1780}'..='\u{17d3}',
    '\u{3005}'..='\u{3007}',
    '\u{3041}'..='\u{30ff}',
    '\u{31f0}'..='\u{31ff}',
    '\u{3400}'..='\u{4dbf}',
    '\u{4e00}'..='\u{9fff}',
    '\u{f900}'..='\u{faff}',
    '\u{20000}'..='\u{3ffff}',
];

/// Kana of half the width, which count as those of the whole.
const HALF_WIDTH_KANA: RangeInclusive<char> = '\u{ff66}'..='\u{ff9d}';

/// Soft hyphens, joiners, accents that stand by themselves, the points of
/// Hebrew and Arabic, the Arabic stretching stroke, marks of half-width kana.
pub const IGNORED: [RangeInclusive<char>; 12] = [
    '\u{ad}'..='\u{ad}',
    '\u{300}'..='\u{36f}',
    '\u{483}'..='\u{487}',
    '\u{591}'..='\u{5bd}',
    '\u{5bf}'..='\u{5bf}',
    '\u{5c1}'..='\u{5c2}',
    '\u{610}'..='\u{61a}',
    '\u{640}'..='\u{640}',
    '\u{64b}'..='\u{65f}',
    '\u{670}'..='\u{670}',
    '\u{200b}'..='\u{200f}',
    '\u{ff9e}'..='\u{ff9f}',
];

/// Where characters are folded.
const FOLDED: [RangeInclusive<char>; 13] = [
    '\u{80}'..='\u{77f}',
    '\u{8a0}'..='\u{8ff}',
    '\u{966}'..='\u{96f}',
    '\u{10a0}'..='\u{10ff}',
    '\u{1c90}'..='\u{1cbf}',
    '\u{1d00}'..='\u{1fff}',
    '\u{2070}'..='\u{209f}',
    '\u{2100}'..='\u{218f}',
    '\u{2c60}'..='\u{2c7f}',
    '\u{a640}'..='\u{a7ff}',
    '\u{ab30}'..='\u{ab6f}',
    '\u{fb00}'..='\u{feff}',
    '\u{ff00}'..='\u{ffef}',
];

/// Letters that have no decomposition in Unicode but stand for others.
const SPECIAL: [(char, &str); 27] = [
    ('ß', "ss"),
    ('ẞ', "ss"),
    ('æ', "ae"),
    ('ǽ', "ae"),
    ('œ', "oe"),
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ł', "l"),
    ('ı', "i"),
    ('ħ', "h"),
    ('ŧ', "t"),
    ('ŋ', "ng"),
    ('ĸ', "k"),
    ('ə', "e"),
    ('ɔ', "o"),
    ('ɛ', "e"),
    ('ς', "σ"),
    ('ى', "ي"),
    ('ة', "ه"),
    ('ک', "ك"),
    ('ی', "ي"),
    ('ٱ', "ا"),
    ('ѐ', "е"),
    ('ґ', "г"),
    ('ƒ', "f"),
];

/// The first digits of other sets of ten.
const ZEROS: [char; 3] = ['\u{660}', '\u{6f0}', '\u{966}'];

/// The class of a character.
pub fn class(c: char) -> Class {
    if let Some(class) = ASCII.get(c as usize) {
        return *class;
    }
    let within = |ranges: &[RangeInclusive<char>]| ranges.iter().any(|range| range.contains(&c));
    if APOSTROPHES.contains(c) {
        Class::Apostrophe
    } else if SIGNS.contains(c) {
        Class::Sign
    } else if within(&IGNORED) {
        Class::Ignored
    } else if within(&GRAMS) || HALF_WIDTH_KANA.contains(&c) {
        Class::Gram
    } else if c.is_alphanumeric() {
        Class::Letter
    } else {
        Class::Other
    }
}

/// The class of an ASCII character; nothing for the bytes of others.
pub(super) fn ascii_class(byte: u8) -> Option<Class> {
    ASCII.get(usize::from(byte)).copied()
}

/// The class of each ASCII character.
static ASCII: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut byte = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => Class::Letter,
            b'/' | b'-' | b'.' | b'(' | b')' | b':' | b'_' | b'&' => Class::Sign,
            b'\'' => Class::Apostrophe,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Adds what a letter counts as.
pub fn fold(c: char, into: &mut String) {
    if c.is_ascii() {
        into.push(c.to_ascii_lowercase());
        return;
    }
    match TABLE.get(c) {
        Some(folded) => into.push_str(folded),
        None => into.push(c),
    }
}

/// Every character that is not folded to itself, ASCII apart, with what it is
/// folded to, in the order of Unicode.
pub fn table() -> impl Iterator<Item = (char, &'static str)> {
    TABLE.entries.iter().map(|(c, folded)| (*c, folded.as_str()))
}

/// Worked out once, because normalising each word anew costs more than all
/// the rest of cutting.
static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

struct Table {
    entries: Vec<(char, String)>,
    /// For each block of 64 characters of the first plane, where its entries
    /// begin.
    blocks: Vec<u16>,
}

impl Table {
    fn new() -> Table {
        let normalizer = DecomposingNormalizerBorrowed::new_nfkd();
        let mut entries = Vec::new();
        for c in FOLDED.into_iter().flatten() {
            if !matches!(class(c), Class::Letter | Class::Gram) {
                continue;
            }
            let folded = folded(c, &normalizer);
            if folded.chars().ne([c]) {
                entries.push((c, folded));
            }
        }
        let start = |block: u32| entries.partition_point(|(c, _)| (*c as u32) < block * 64);
        let blocks = (0..=1024).map(|block| start(block) as u16).collect();
        Table { entries, blocks }
    }

    fn get(&self, c: char) -> Option<&str> {
        let block = c as usize / 64;
        let (from, to) = (*self.blocks.get(block)?, *self.blocks.get(block + 1)?);
        let entries = &self.entries[from as usize..to as usize];
        let at = entries.binary_search_by_key(&c, |(c, _)| *c).ok()?;
        Some(&entries[at].1)
    }
}

/// What a letter is folded to: the letters of its compatibility decomposition
/// (UAX #15) in lower case.
fn folded(c: char, normalizer: &DecomposingNormalizerBorrowed<'_>) -> String {
    if HALF_WIDTH_KANA.contains(&c) {
        return normalizer.normalize(c.encode_utf8(&mut [0; 4])).into_owned();
    }
    let zero = ZEROS
        .into_iter()
        .find(|zero| (*zero..='\u{96f}').contains(&c) && c as u32 - *zero as u32 <= 9);
    if let Some(zero) = zero {
        return (c as u32 - zero as u32).to_string();
    }
    let mut folded = String::new();
    let special = |c: char| SPECIAL.iter().find(|(special, _)| *special == c).map(|(_, to)| *to);
    for lower in c.to_lowercase() {
        if let Some(to) = special(lower) {
            folded.push_str(to);
            continue;
        }
        for part in normalizer.normalize(lower.encode_utf8(&mut [0; 4])).chars() {
            let parts = part.to_lowercase().filter(|part| class(*part) == Class::Letter);
            parts.for_each(|part| match special(part) {
                Some(to) => folded.push_str(to),
                None => folded.push(part),
            });
        }
    }
    if folded.is_empty() { c.to_string() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(c: char, expected: &str) {
        let mut found = String::new();
        fold(c, &mut found);
        assert_eq!(found, expected, "{c}");
    }

    #[test]
    fn letters_lose_case_and_marks() {
        for (c, expected) in [('É', "e"), ('ǅ', "dz"), ('ﬁ', "fi"), ('Ⅳ', "iv"), ('Ａ', "a")]
        {
            check(c, expected);
        }
        for (c, expected) in [('ΐ', "ι"), ('Ѓ', "г"), ('Ի', "ի"), ('أ', "ا"), ('ﻼ', "لا")]
        {
            check(c, expected);
        }
        for (c, expected) in [('٣', "3"), ('۳', "3"), ('३', "3"), ('한', "한"), ('क', "क")]
        {
            check(c, expected);
        }
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for (c, folded) in table() {
            for part in folded.chars() {
                check(part, &part.to_string());
            }
            assert_eq!(
                folded.chars().map(class).collect::<Vec<_>>(),
                vec![class(c); folded.chars().count()],
                "{c}"
            );
        }
    }
}
