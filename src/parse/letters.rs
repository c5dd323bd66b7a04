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

use super::markdown::{self, is_inline};
use crate::span::Span;

/// One letter of a text made alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The letter itself; a line feed stands between paragraphs.
    pub letter: char,
    /// Where its source stands in the file.
    pub at: Span,
}

/// The letters of the Markdown at `span` in `text`.
pub fn of_markdown(text: &str, span: Span) -> Vec<Letter> {
    let mut letters = Letters::default();
    for (event, at) in markdown::events(text, span) {
        match event {
            Event::Text(words) | Event::Code(words) => letters.push(&words, &text[at.range()], at),
            Event::SoftBreak | Event::HardBreak => letters.push(" ", " ", at),
            Event::Start(ref tag) if is_inline(tag) || matches!(tag, Tag::List(_)) => {}
            Event::Start(_) => letters.end_paragraph(at),
            _ => {}
        }
    }
    letters.finish()
}

/// The letters of a quoted phrase; places count from its own beginning.
pub fn of_phrase(phrase: &str) -> Vec<Letter> {
    let mut letters = Letters::default();
    letters.push(phrase, phrase, Span::new(0, phrase.len()));
    letters.finish()
}

#[derive(Default)]
struct Letters {
    letters: Vec<Letter>,
    /// White space that is written only if another letter follows.
    space: Option<Span>,
}

impl Letters {
    /// Adds words; where they differ from their source, as an entity does,
    /// every letter has the place of the whole.
    fn push(&mut self, words: &str, source: &str, at: Span) {
        let exact = words == source;
        for (offset, letter) in words.char_indices() {
            let start = at.start + offset;
            let at = if exact { Span::new(start, start + letter.len_utf8()) } else { at };
            match alike(letter) {
                None => {}
                Some(' ') => self.space = self.space.or(Some(at)),
                Some(letter) => self.letter(letter, at),
            }
        }
    }

    fn letter(&mut self, letter: char, at: Span) {
        if let Some(space) = self.space.take() {
            let before = self.letters.last().map_or('\n', |last| last.letter);
            let unspaced = writes_without_spaces(before) && writes_without_spaces(letter);
            if before != '\n' && !unspaced {
                self.letters.push(Letter { letter: ' ', at: space });
            }
        }
        self.letters.push(Letter { letter, at });
    }

    fn end_paragraph(&mut self, at: Span) {
        self.space = None;
        if self.letters.last().is_some_and(|last| last.letter != '\n') {
            self.letters.push(Letter { letter: '\n', at: Span::new(at.start, at.start) });
        }
    }

    fn finish(self) -> Vec<Letter> {
        self.letters
    }
}

/// What a letter becomes; nothing for marks that are not seen.
fn alike(letter: char) -> Option<char> {
    match letter {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        // Single and double alike: a quotation inside another changes its marks.
        '“' | '”' | '„' | '‟' | '«' | '»' => Some('"'),
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '\'' => Some('"'),
        letter if letter.is_whitespace() => Some(' '),
        letter => Some(letter),
    }
}

/// Chinese and Japanese, which put no space between words, so that a line
/// break in the source is not a space.
pub fn writes_without_spaces(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Every place where a phrase stands in a text.
pub fn find(text: &[Letter], phrase: &[Letter]) -> Vec<usize> {
    if phrase.is_empty() || phrase.len() > text.len() {
        return Vec::new();
    }
    let starts = text.windows(phrase.len()).enumerate();
    let same = |window: &[Letter]| window.iter().zip(phrase).all(|(a, b)| a.letter == b.letter);
    starts.filter(|(_, window)| same(window)).map(|(start, _)| start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(letters: &[Letter]) -> String {
        letters.iter().map(|letter| letter.letter).collect()
    }

    #[track_caller]
    fn check(markdown: &str, expected: &str) {
        assert_eq!(text(&of_markdown(markdown, Span::new(0, markdown.len()))), expected);
    }

    #[test]
    fn texts_are_made_alike() {
        check("a *b*\nc", "a b c");
        check("a&nbsp;b \u{a0} c", "a b c");
        check("co\u{ad}operate “now”", "cooperate \"now\"");
        check("one\n\ntwo", "one\ntwo");
        check("国家应\n合作 now", "国家应合作 now");
        check("- (a) x\n- y", "(a) x\ny");
    }

    #[test]
    fn every_letter_knows_its_place() {
        let markdown = "> a **bé** &amp; c";
        for letter in of_markdown(markdown, Span::new(0, markdown.len())) {
            let source = &markdown[letter.at.range()];
            assert!(source.starts_with(letter.letter) || source == "&amp;", "{source}");
        }
    }

    #[test]
    fn a_phrase_does_not_cross_paragraphs() {
        let letters = of_markdown("one\n\ntwo", Span::new(0, 8));
        assert!(find(&letters, &of_phrase("one two")).is_empty());
        assert_eq!(find(&letters, &of_phrase("two")), [4]);
    }
}
