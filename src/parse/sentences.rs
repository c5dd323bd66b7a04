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
    for piece in pieces(words).filter(holds) {
        let text = &words[piece.clone()];
        if is_one_sentence(text) {
            found.push((piece.start, text));
            continue;
        }
        let inner = text.split_sentence_bound_indices();
        let inner = inner.map(|(start, sentence)| (piece.start + start, sentence));
        found.extend(inner.filter(|(start, sentence)| holds(&(*start..start + sentence.len()))));
    }
    found
}

/// Cuts where the rules cut whatever stands around: between a full stop, a
/// question or exclamation mark with spaces after it, and a capital letter.
fn pieces(words: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let bytes = words.as_bytes();
        let from = start;
        if from == bytes.len() {
            return None;
        }
        let mut at = from;
        while at < bytes.len() {
            let stop = matches!(bytes[at], b'.' | b'!' | b'?');
            at += 1;
            if !stop {
                continue;
            }
            let spaces = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
            if spaces > 0 && bytes.get(at + spaces).is_some_and(u8::is_ascii_uppercase) {
                at += spaces;
                break;
            }
        }
        start = at;
        Some(from..at)
    })
}

/// Whether a text has nothing in it that could end a sentence before its end.
fn is_one_sentence(text: &str) -> bool {
    let inner = text.trim_end_matches(' ');
    let inner = inner.strip_suffix(['.', '!', '?']).unwrap_or(inner);
    inner.chars().all(|c| match c {
        '.' | '!' | '?' | '\n' | '\r' => false,
        c => c.is_ascii() || c == PLACEHOLDER,
    })
}

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
            words in "([a-c]|[A-C]|[0-9]|[.!? ]|\\. |[\\n\\r\"')(,;:\u{85}\u{ad}\u{300}]|[。é“”…\u{fffc}\u{a0}]){0,40}",
        ) {
            let all: Vec<usize> = (0..words.len()).collect();
            let expected: Vec<(usize, &str)> = words.split_sentence_bound_indices().collect();
            prop_assert_eq!(holding(&words, &all), expected);
        }
    }
}
