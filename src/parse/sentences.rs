//! Sentences, as Unicode cuts them (UAX #29).
//!
//! Comes in: the words of a block and some places in them. Goes out: the
//! sentences that hold one of the places. The whole rules are slow to follow
//! and most sentences hold nothing that is asked for, so that they are left to
//! the library only where a simple look does not settle the matter.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::plain::PLACEHOLDER;

/// The sentences of `words` that hold one of `places` (byte offsets), each
/// with its own offset. A place at the very end belongs to the last sentence.
pub(super) fn holding<'a>(words: &'a str, places: &[usize]) -> Vec<(usize, &'a str)> {
    let holds = |range: &Range<usize>| {
        let inside = |at: usize| range.contains(&at) || (at == words.len() && at == range.end);
        places.iter().any(|at| inside(*at))
    };
    let mut found = Vec::new();
    for piece in pieces(words).filter(|piece| holds(&piece.range)) {
        let text = &words[piece.range.clone()];
        if piece.is_one_sentence {
            found.push((piece.range.start, text));
            continue;
        }
        let inner = text.split_sentence_bound_indices();
        let inner = inner.map(|(start, sentence)| (piece.range.start + start, sentence));
        found.extend(inner.filter(|(start, sentence)| holds(&(*start..start + sentence.len()))));
    }
    found
}

/// A part of a text that sentences do not cross.
struct Piece {
    range: Range<usize>,
    /// Whether nothing in it could end a sentence before its end.
    is_one_sentence: bool,
}

/// Cuts where the rules cut whatever stands around: between a full stop, a
/// question or exclamation mark with spaces after it, and a capital letter.
fn pieces(words: &str) -> impl Iterator<Item = Piece> {
    let bytes = words.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        let from = start;
        if from == bytes.len() {
            return None;
        }
        let mut is_one_sentence = true;
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match SIGNS[usize::from(*byte)] {
                Sign::Nothing => {}
                Sign::Special => is_one_sentence = false,
                Sign::Stop => {
                    let spaces = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
                    let next = bytes.get(at + spaces);
                    if spaces > 0 && next.is_some_and(u8::is_ascii_uppercase) {
                        at += spaces;
                        break;
                    }
                    is_one_sentence &= next.is_none();
                }
            }
        }
        start = at;
        Some(Piece { range: from..at, is_one_sentence })
    })
}

/// What a byte of a text means to its sentences.
#[derive(Clone, Copy)]
enum Sign {
    Nothing,
    /// A sentence may end with it.
    Stop,
    /// The rules know more of it, or of the character that it is a part of.
    Special,
}

/// What each byte means. To the rules all characters of the bytes of
/// [`PLACEHOLDER`] are alike.
static SIGNS: [Sign; 256] = {
    let mut signs = [Sign::Nothing; 256];
    let mut byte = 0;
    while byte < 256 {
        signs[byte] = match byte as u8 {
            b'.' | b'!' | b'?' => Sign::Stop,
            b'\n' | b'\r' | 128.. => Sign::Special,
            _ => Sign::Nothing,
        };
        byte += 1;
    }
    let mut placeholder = [0; 4];
    let placeholder = PLACEHOLDER.encode_utf8(&mut placeholder).as_bytes();
    let mut at = 0;
    while at < placeholder.len() {
        signs[placeholder[at] as usize] = Sign::Nothing;
        at += 1;
    }
    signs
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_sentences_asked_for_come_out() {
        let words = "First one. Is it the second? See para. 3 of it. Last";
        assert_eq!(holding(words, &[12]), [(11, "Is it the second? ")]);
        assert_eq!(holding(words, &[30]), [(29, "See para. 3 of it. ")]);
        assert_eq!(holding(words, &[words.len()]), [(48, "Last")]);
        assert_eq!(holding("", &[0]), []);
    }

    proptest! {
        #[test]
        fn the_cuts_are_those_of_unicode(
            words in "([a-c]|[A-C]|[0-9]|[.!? ]|\\. |[\\n\\r\"')(,;:\u{85}\u{ad}\u{300}]|[。é“”…\u{fffc}\u{ff3c}\u{ff3f}\u{ffff}\u{a0}]){0,40}",
        ) {
            let all: Vec<usize> = (0..words.len()).collect();
            let expected: Vec<(usize, &str)> = words.split_sentence_bound_indices().collect();
            prop_assert_eq!(holding(&words, &all), expected);
        }
    }
}
