//! What counts as a word when texts are searched: the one definition, for the
//! index and for what readers type.
//!
//! Comes in: a text. Goes out: its tokens, folded, with their places. The
//! theme's script cuts what readers type by the same rules and with the tables
//! that [`letters`] writes out; `tests/it/search.rs` holds the two against each
//! other on the same words.
//!
//! - A **word** is a run of letters and digits, folded: small letters, no
//!   accents, no vowel points ([`fold`](fold::fold)).
//! - A **compound** is words with `/`, `-`, `.`, `(` or the like between them
//!   and no space: `13(d)`, `A/70/174`, `co-operate`. It counts as one token
//!   without the signs, `13d`, and its **parts** count as well.
//! - Scripts that do not put spaces between words count by **grams**: two
//!   neighbouring characters. The **last** character of a run counts by itself,
//!   so that every single one can be found.
//! - A single letter at an apostrophe is part of its neighbour's grammar and
//!   does not count; nor do [`STOP_WORDS`].

pub mod fold;
pub mod letters;

use self::fold::{Class, ascii_class, class, fold};

/// Makes the list of stop words and what asks for one: words written out are
/// compared faster than a list is searched.
macro_rules! stop_words {
    ($($word:literal),+) => {
        /// Words that stand in nearly every English text and tell nothing.
        pub const STOP_WORDS: &[&str] = &[$($word),+];

        /// Whether a word is one of [`STOP_WORDS`].
        fn is_stop_word(word: &str) -> bool {
            matches!(word, $($word)|+)
        }
    };
}

stop_words!("a", "an", "and", "as", "at", "by", "for", "in", "of", "or", "the", "to");

/// The characters of a word beyond which nothing counts, and the most that a
/// compound has.
pub const LONGEST: usize = 40;

/// The most parts of a compound; a longer one is taken for single words.
pub const MOST_PARTS: usize = 6;

/// The most signs between two parts of a compound, as in `51(1)(a)`.
pub const WIDEST_GAP: usize = 2;

/// How a token came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A word by itself.
    Word,
    /// Several words without space between them, as one.
    Compound,
    /// A word of a compound; it follows its compound.
    Part,
    /// Two neighbouring characters of a script without spaces, or a character
    /// that stands alone.
    Gram,
    /// The last of such characters.
    Last,
}

/// A piece of a text that can be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The folded characters.
    pub text: &'a str,
    /// How it came about.
    pub form: Form,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Hands every token of a text to `take`, in order.
pub fn each(text: &str, take: impl FnMut(Token<'_>)) {
    let mut cutter = Cutter::new(take);
    let mut at = 0;
    while at < text.len() {
        at = cutter.plain_word(text, at).unwrap_or_else(|| cutter.character(text, at));
    }
    cutter.end_run(false);
    cutter.end_grams();
}

/// The place after the ASCII letters and digits that begin at `at`, and whether
/// one of them is a capital.
fn letters_end(bytes: &[u8], at: usize) -> (usize, bool) {
    let mut capital = false;
    let letters = bytes[at..].iter().take_while(|byte| {
        capital |= byte.is_ascii_uppercase();
        ascii_class(**byte) == Some(Class::Letter)
    });
    (at + letters.count(), capital)
}

/// A word of the present run: where it stands among the folded characters and
/// in the text.
#[derive(Clone, Copy, Debug)]
struct Group {
    from: usize,
    chars: usize,
    start: usize,
    end: usize,
}

struct Cutter<F> {
    take: F,
    /// The folded characters of the present run, without signs.
    folded: String,
    groups: Vec<Group>,
    /// Signs since the last group.
    gap: usize,
    /// The end of a closing bracket right after the last group.
    closed: Option<usize>,
    /// The run stands right after an apostrophe.
    after_apostrophe: bool,
    last_was_apostrophe: bool,
    /// The characters of the present run without spaces: folded text and
    /// where each stands.
    grams: String,
    gram_places: Vec<(usize, usize, usize)>,
}

impl<F: FnMut(Token<'_>)> Cutter<F> {
    fn new(take: F) -> Cutter<F> {
        Cutter {
            take,
            folded: String::with_capacity(64),
            groups: Vec::new(),
            gap: 0,
            closed: None,
            after_apostrophe: false,
            last_was_apostrophe: false,
            grams: String::new(),
            gram_places: Vec::new(),
        }
    }

    /// Takes a whole word of ASCII letters and digits, when one begins at `at`
    /// that is surely a word by itself, and answers where to go on. It does
    /// what [`Cutter::push`] would do with each of its characters and with what
    /// parts it from the next word, and saves most of the time that English
    /// texts take.
    fn plain_word(&mut self, text: &str, at: usize) -> Option<usize> {
        if !self.groups.is_empty() {
            return None;
        }
        let bytes = text.as_bytes();
        let (end, capital) = letters_end(bytes, at);
        if end == at {
            return None;
        }
        let class_at = |at: usize| bytes.get(at).map(|byte| ascii_class(*byte));
        let mut next = end;
        while next - end < WIDEST_GAP && class_at(next) == Some(Some(Class::Sign)) {
            next += 1;
        }
        match class_at(next) {
            // One sign too many ends the word as well.
            None | Some(Some(Class::Other | Class::Sign)) => {}
            Some(Some(Class::Letter | Class::Gram | Class::Apostrophe | Class::Ignored) | None) => {
                return None;
            }
        }
        while class_at(next) == Some(Some(Class::Other)) {
            next += 1;
        }
        if !self.gram_places.is_empty() {
            self.end_grams();
        }
        let elided = self.last_was_apostrophe && end - at == 1;
        self.last_was_apostrophe = false;
        let word = &text[at..end.min(at + LONGEST)];
        let token = |text| Token { text, form: Form::Word, start: at, end };
        if elided {
            // Nothing of it counts.
        } else if capital {
            self.folded.push_str(word);
            self.folded.make_ascii_lowercase();
            if !is_stop_word(&self.folded) {
                (self.take)(token(&self.folded));
            }
            self.folded.clear();
        } else if !is_stop_word(word) {
            (self.take)(token(word));
        }
        Some(next)
    }

    /// Takes the character at `at` and answers where it ends.
    fn character(&mut self, text: &str, at: usize) -> usize {
        let c = text[at..].chars().next().expect("invariant: a character begins here");
        let end = at + c.len_utf8();
        self.push(c, at, end);
        end
    }

    fn push(&mut self, c: char, start: usize, end: usize) {
        let class = class(c);
        if class == Class::Ignored {
            if let Some(group) = self.groups.last_mut().filter(|_| self.gap == 0) {
                group.end = end;
            }
            return;
        }
        if class != Class::Gram {
            self.end_grams();
        }
        match class {
            Class::Letter => self.letter(c, start, end),
            Class::Gram => {
                self.end_run(false);
                let from = self.grams.len();
                fold(c, &mut self.grams);
                self.gram_places.push((from, start, end));
            }
            Class::Sign if !self.groups.is_empty() && self.gap < WIDEST_GAP => {
                self.closed = (c == ')' && self.gap == 0).then_some(end).or(self.closed);
                self.gap += 1;
            }
            Class::Apostrophe => self.end_run(self.gap == 0),
            Class::Sign | Class::Other | Class::Ignored => self.end_run(false),
        }
        self.last_was_apostrophe = class == Class::Apostrophe;
    }

    fn letter(&mut self, c: char, start: usize, end: usize) {
        if self.groups.is_empty() {
            self.after_apostrophe = self.last_was_apostrophe;
        }
        if self.groups.is_empty() || self.gap > 0 {
            let from = self.folded.len();
            self.groups.push(Group { from, chars: 0, start, end });
            self.gap = 0;
            self.closed = None;
        }
        let Some(group) = self.groups.last_mut() else { return };
        group.end = end;
        if c.is_ascii() {
            if group.chars < LONGEST {
                self.folded.push(c.to_ascii_lowercase());
                group.chars += 1;
            }
            return;
        }
        let before = self.folded.len();
        fold(c, &mut self.folded);
        let mut ends =
            self.folded[before..].char_indices().map(|(at, c)| before + at + c.len_utf8());
        let room = LONGEST - group.chars;
        let kept = ends.by_ref().take(room);
        let (count, last) = kept.fold((0, before), |(count, _), end| (count + 1, end));
        group.chars += count;
        self.folded.truncate(last);
    }

    /// Ends a run of words and signs.
    fn end_run(&mut self, at_apostrophe: bool) {
        if self.groups.is_empty() {
            return;
        }
        let chars: usize = self.groups.iter().map(|group| group.chars).sum();
        let elided = self.after_apostrophe || at_apostrophe;
        let (first, last) = (self.groups[0], self.groups[self.groups.len() - 1]);
        match self.groups.len() {
            1 if elided && chars == 1 => {}
            1 => self.words(Form::Word),
            2..=MOST_PARTS if chars <= LONGEST => {
                let (start, end) = (first.start, self.closed.unwrap_or(last.end));
                (self.take)(Token { text: &self.folded, form: Form::Compound, start, end });
                self.words(Form::Part);
            }
            _ => self.words(Form::Word),
        }
        self.folded.clear();
        self.groups.clear();
        self.gap = 0;
        self.closed = None;
        self.after_apostrophe = false;
    }

    fn words(&mut self, form: Form) {
        for (at, group) in self.groups.iter().enumerate() {
            let to = self.groups.get(at + 1).map_or(self.folded.len(), |next| next.from);
            let text = &self.folded[group.from..to];
            if !is_stop_word(text) {
                (self.take)(Token { text, form, start: group.start, end: group.end });
            }
        }
    }

    fn end_grams(&mut self) {
        let Some(&(last, start, end)) = self.gram_places.last() else { return };
        let (form, take) = (Form::Gram, &mut self.take);
        if self.gram_places.len() == 1 {
            take(Token { text: &self.grams, form, start, end });
        } else {
            for (at, pair) in self.gram_places.windows(2).enumerate() {
                let to = self.gram_places.get(at + 2).map_or(self.grams.len(), |next| next.0);
                let text = &self.grams[pair[0].0..to];
                take(Token { text, form, start: pair[0].1, end: pair[1].2 });
            }
            take(Token { text: &self.grams[last..], form: Form::Last, start, end });
        }
        self.grams.clear();
        self.gram_places.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut found = Vec::new();
        each(text, |token| {
            let sign = match token.form {
                Form::Word | Form::Gram => "",
                Form::Compound => "=",
                Form::Part => "+",
                Form::Last => "$",
            };
            found.push(format!("{sign}{}", token.text));
        });
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn words_are_folded() {
        check("The Résumé of ÆTHER, naïve.", "resume aether naive");
        check("ΣΊΣΥΦΟΣ Ёлка İstanbul Straße", "σισυφοσ елка istanbul strasse");
        check("مُحَمَّد أمن ٢٠١٥", "محمد امن 2015");
        check("soft\u{ad}ware e\u{301}tat ｆｕｌｌ", "software etat full");
    }

    #[test]
    fn numbers_and_symbols_are_found_as_typed() {
        check("13(d)", "=13d +13 +d");
        check("(see A/70/174, para. 13)", "see =a70174 +70 +174 para 13");
        check("A/RES/70/237 51(1)(a).", "=ares70237 +res +70 +237 =511a +51 +1");
    }

    #[test]
    fn compounds_keep_their_words() {
        check("supply-chain and/or U.N.", "=supplychain +supply +chain =andor =un +u +n");
        check("a-b-c-d-e-f-g", "b c d e f g");
        check("end... start --x", "end start x");
    }

    #[test]
    fn apostrophes_cut_single_letters_off() {
        check("State's l’information don't O'Brien", "state information don brien");
        check("States' rights", "states rights");
    }

    #[test]
    fn scripts_without_spaces_count_by_pairs() {
        check("网络空间", "网络 络空 空间 $间");
        check("网 AI技术2015年", "网 ai 技术 $术 2015 年");
        check("サイバーｻｲﾊﾞｰ", "サイ イバ バー ーサ サイ イハ ハー $ー");
    }

    #[test]
    fn long_words_are_cut_off() {
        let long = "é".repeat(60);
        check(&long, &"e".repeat(40));
    }

    /// Words of plain letters are cut all at once, by the same rules.
    #[test]
    fn plain_words_end_where_any_word_ends() {
        check("Norm. A (norm) ends... Here", "norm norm ends here");
        check("x' 'y l'z 'b. it'c", "it");
        check("网a网 b.", "网 网 b");
        check("ab\u{ad}cd ab\u{301}c abé", "abcd abc abe");
    }

    #[test]
    fn stop_words_do_not_count() {
        check("a norm an and as at by for in of or the to", "norm");
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "Zu „Maßnahmen“ in 13(d).";
        let mut found = Vec::new();
        each(text, |token| found.push(&text[token.start..token.end]));
        assert_eq!(found, ["Zu", "Maßnahmen", "13(d)", "13", "d"]);
    }
}
