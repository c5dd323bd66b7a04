//! A norm's text letter by letter, made alike, so that a quoted phrase can be
//! found in it exactly or not at all.
//!
//! Comes in: the events of the norm's text, or a quoted phrase. Goes out:
//! letters with their places in the file. White space becomes one space, or
//! none between letters of scripts that write without it; quotation marks
//! become straight; soft hyphens and other invisible marks are dropped;
//! mark-up is not there to begin with. Nothing else is changed: letters match
//! only themselves.

use pulldown_cmark::{Event, Tag};

use super::markdown::is_inline;
use crate::span::Span;

/// One letter of a text made alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The letter itself; a line feed stands between paragraphs.
    pub letter: char,
    /// Where its source stands in the file.
    pub at: Span,
}

/// The letters of a part of a body, from the events in that part. They must
/// come from reading the whole body, because what a footnote or a link refers
/// to is often defined outside of the part.
pub fn of_events(text: &str, events: &[(Event<'_>, Span)]) -> Vec<Letter> {
    let mut letters = Letters::default();
    for (event, at) in events {
        match event {
            Event::Text(words) | Event::Code(words) => letters.push(words, &text[at.range()], *at),
            Event::SoftBreak | Event::HardBreak => letters.push(" ", " ", *at),
            Event::Start(tag) if is_inline(tag) || matches!(tag, Tag::List(_)) => {}
            Event::Start(_) => letters.end_paragraph(*at),
            _ => {}
        }
    }
    letters.letters
}

/// The letters of a quoted phrase; places count from its own beginning.
pub fn of_phrase(phrase: &str) -> Vec<Letter> {
    let mut letters = Letters::default();
    letters.push(phrase, phrase, Span::new(0, phrase.len()));
    letters.letters
}

#[derive(Default)]
struct Letters {
    letters: Vec<Letter>,
    /// White space that is written only if another letter follows.
    space: Option<Span>,
    /// Whether the last letter was of a script without spaces.
    unspaced: bool,
}

impl Letters {
    /// Adds words; where they differ from their source, as an entity does,
    /// every letter has the place of the whole.
    fn push(&mut self, words: &str, source: &str, at: Span) {
        let exact = words == source;
        for (offset, letter) in words.char_indices() {
            let start = at.start() + offset;
            let at = if exact { Span::new(start, start + letter.len_utf8()) } else { at };
            match alike(letter) {
                None => {}
                Some(' ') => self.space = self.space.or(Some(at)),
                Some(alike) => self.letter(alike, writes_without_spaces(letter), at),
            }
        }
    }

    fn letter(&mut self, letter: char, unspaced: bool, at: Span) {
        if let Some(space) = self.space.take() {
            let first = self.letters.last().is_none_or(|last| last.letter == '\n');
            let both_unspaced = self.unspaced && unspaced;
            if !first && !both_unspaced {
                self.letters.push(Letter { letter: ' ', at: space });
            }
        }
        self.unspaced = unspaced;
        self.letters.push(Letter { letter, at });
    }

    fn end_paragraph(&mut self, at: Span) {
        self.space = None;
        if self.letters.last().is_some_and(|last| last.letter != '\n') {
            self.letters.push(Letter { letter: '\n', at: Span::new(at.start(), at.start()) });
        }
    }
}

/// What a letter becomes; nothing for marks that are not seen.
fn alike(letter: char) -> Option<char> {
    match letter {
        letter if letter.is_ascii_alphanumeric() => Some(letter),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        // Single and double alike: a quotation inside another changes its marks.
        letter if quotation_mark(letter).is_some() => Some('"'),
        letter if letter.is_whitespace() => Some(' '),
        letter => Some(letter),
    }
}

/// A sort of quotation mark. Every language pairs its marks in its own way, so
/// that any mark may begin or end what one of the same sort ends or begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotationMark {
    /// `"` and its relatives.
    Double,
    /// `'` and its relatives, the apostrophe among them.
    Single,
    /// `「」`.
    Corner,
    /// `『』`.
    WhiteCorner,
}

/// The sort of quotation mark that a letter is, if it is one.
pub fn quotation_mark(letter: char) -> Option<QuotationMark> {
    match letter {
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '〝' | '〞' | '〟' | '＂' => {
            Some(QuotationMark::Double)
        }
        '\'' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | '＇' => Some(QuotationMark::Single),
        '「' | '」' | '｢' | '｣' => Some(QuotationMark::Corner),
        '『' | '』' => Some(QuotationMark::WhiteCorner),
        _ => None,
    }
}

/// Chinese and Japanese, which put no space between words, so that a line
/// break in the source is not a space.
pub fn writes_without_spaces(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Every place where a phrase stands in a text.
pub fn find(text: &[Letter], phrase: &[Letter]) -> Vec<usize> {
    let Some(first) = phrase.first().filter(|_| phrase.len() <= text.len()) else {
        return Vec::new();
    };
    let begins = |start: &usize| text[*start].letter == first.letter;
    let same = |start: &usize| {
        let passage = &text[*start..start + phrase.len()];
        passage.iter().zip(phrase).all(|(a, b)| a.letter == b.letter)
    };
    (0..=text.len() - phrase.len()).filter(begins).filter(same).collect()
}

#[cfg(test)]
mod tests {
    use super::super::markdown;
    use super::*;

    fn text(letters: &[Letter]) -> String {
        letters.iter().map(|letter| letter.letter).collect()
    }

    /// The letters of the first `length` bytes.
    fn beginning(markdown: &str, length: usize) -> Vec<Letter> {
        let events = markdown::events(markdown, Span::new(0, markdown.len()));
        let events: Vec<_> = events.filter(|(_, at)| at.end() <= length).collect();
        of_events(markdown, &events)
    }

    fn whole(markdown: &str) -> Vec<Letter> {
        beginning(markdown, markdown.len())
    }

    #[track_caller]
    fn check(markdown: &str, expected: &str) {
        assert_eq!(text(&whole(markdown)), expected);
    }

    #[test]
    fn texts_are_made_alike() {
        check("a *b*\nc", "a b c");
        check("a&nbsp;b \u{a0} c", "a b c");
        check("co\u{ad}operate “now”", "cooperate \"now\"");
        check("one\n\ntwo", "one\ntwo");
        check("国家应\n合作 now", "国家应合作 now");
        check("国家「\n合作」\n『now』", "国家\"合作\"\"now\"");
        check("- (a) x\n- y", "(a) x\ny");
    }

    #[test]
    fn every_letter_knows_its_place() {
        let markdown = "> a **bé** &amp; c";
        for letter in whole(markdown) {
            let source = &markdown[letter.at.range()];
            assert!(source.starts_with(letter.letter) || source == "&amp;", "{source}");
        }
    }

    #[test]
    fn what_is_defined_outside_of_a_part_is_known_in_it() {
        let quote = "> Cooperate[^1] in [norms][r] of [peace][].";
        let markdown = format!("{quote}\n\n[^1]: Words.\n\n[r]: a.md\n[peace]: b.md\n");
        let letters = beginning(&markdown, quote.len());
        assert_eq!(text(&letters), "Cooperate in norms of peace.");
    }

    #[test]
    fn a_phrase_does_not_cross_paragraphs() {
        let letters = whole("one\n\ntwo");
        assert!(find(&letters, &of_phrase("one two")).is_empty());
        assert_eq!(find(&letters, &of_phrase("two")), [4]);
    }
}
