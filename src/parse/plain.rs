//! All words of a body without mark-up, and the sentences that hold mentions.
//!
//! Comes in from [`super::body`]: the words of one block after the other, and
//! where they stand in the file. Goes out: [`Plain`], which gives them back.

use std::borrow::Cow;
use std::ops::Range;

use crate::kept::exact;

/// Stands in words for a reference without a text of its own, and for nothing
/// else: where an author writes it, words without mark-up have a space.
pub const PLACEHOLDER: char = '\u{fffc}';

/// A sentence that holds mentions, as a part of a body's [`Plain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The part of the words.
    pub(super) words: Range<u32>,
    /// The part of the labels.
    pub(super) labels: Range<u32>,
}

impl Sentence {
    /// The room that it takes when its labels are about so long, in bytes.
    pub fn room(&self, label: usize) -> usize {
        self.words.len() + self.labels.len() * label
    }
}

/// All words of a body without mark-up, block by block: paragraphs, headings,
/// items and cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    words: Words,
    /// Where each block begins in the file, and where it ends in the words.
    blocks: Vec<(u32, u32)>,
    /// The mentions that stand as a [`PLACEHOLDER`], in order, by their place
    /// in [`mentions`](super::body::Body::mentions).
    pub labels: Vec<u32>,
}

/// Words without mark-up. Most stand in the file just so, and are not copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// What the words are put together from.
    stretches: Vec<Stretch>,
    /// The words that do not stand in the file.
    own: String,
}

/// A stretch of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    /// Where it ends in the words.
    end: u32,
    /// Where it ends in the file, or in the words that do not stand there.
    source_end: u32,
    in_file: bool,
}

impl Plain {
    /// Writes a sentence at the end of a text; `label` adds what stands for a
    /// mention without a text of its own, given its place in
    /// [`mentions`](super::body::Body::mentions). `file` is the file's text.
    pub fn sentence(
        &self,
        file: &str,
        sentence: &Sentence,
        into: &mut String,
        mut label: impl FnMut(usize, &mut String),
    ) {
        let Range { start, end } = sentence.labels;
        let mut labels = self.labels[start as usize..end as usize].iter();
        let range = sentence.words.clone();
        let first = self.words.first(range.start);
        for (piece, in_file) in self.words.pieces(file, range, first) {
            if in_file {
                into.push_str(piece);
                continue;
            }
            for c in piece.chars() {
                match (c, labels.as_slice()) {
                    (PLACEHOLDER, [mention, ..]) => {
                        labels.next();
                        label(*mention as usize, into);
                    }
                    _ => into.push(c),
                }
            }
        }
    }

    /// The blocks in order: where each begins in the file, and its words, with
    /// a [`PLACEHOLDER`] for each of `labels`. `file` is the file's text.
    pub fn blocks<'a>(&'a self, file: &'a str) -> impl Iterator<Item = (usize, Cow<'a, str>)> {
        let (mut from, mut first) = (0, 0);
        self.blocks.iter().map(move |(at, to)| {
            let words = self.words.part(file, from..*to, first);
            from = *to;
            let done =
                self.words.stretches[first..].iter().take_while(|stretch| stretch.end <= from);
            first += done.count();
            (*at as usize, words)
        })
    }

    /// Adds a block that begins at `at` in the file; its parts say where each
    /// ends in the words, and in the file if it stands there.
    pub(super) fn push_block(&mut self, at: usize, words: &str, parts: &[(usize, Option<usize>)]) {
        self.words.push_parts(words, parts);
        self.blocks.push((at as u32, self.end()));
    }

    /// Where the words end as yet.
    pub(super) fn end(&self) -> u32 {
        self.words.end()
    }

    /// Gives back the room that lists grew into.
    pub(super) fn exact(self) -> Plain {
        Plain {
            words: self.words.exact(),
            blocks: exact(self.blocks).into(),
            labels: exact(self.labels).into(),
        }
    }
}

impl Words {
    /// A part of the words; `file` is the file's text.
    pub(super) fn get<'a>(&'a self, file: &'a str, range: Range<u32>) -> Cow<'a, str> {
        let first = self.first(range.start);
        self.part(file, range, first)
    }

    /// The place of the stretch in which words begin.
    fn first(&self, start: u32) -> usize {
        self.stretches.partition_point(|stretch| stretch.end <= start)
    }

    fn part<'a>(&'a self, file: &'a str, range: Range<u32>, first: usize) -> Cow<'a, str> {
        let length = range.len();
        let mut pieces = self.pieces(file, range, first).map(|(piece, _)| piece);
        let begin = pieces.next().unwrap_or("");
        let Some(second) = pieces.next() else { return begin.into() };
        let mut words = String::with_capacity(length);
        words.extend([begin, second]);
        words.extend(pieces);
        words.into()
    }

    /// What some words are put together from, and whether it stands in the file;
    /// `first` is the place of the stretch that they begin in.
    fn pieces<'a>(
        &'a self,
        file: &'a str,
        range: Range<u32>,
        first: usize,
    ) -> impl Iterator<Item = (&'a str, bool)> {
        let mut from = range.start;
        let stretches = self.stretches.get(first..).into_iter().flatten();
        stretches.map_while(move |stretch| {
            if from == range.end {
                return None;
            }
            let to = stretch.end.min(range.end);
            let start = stretch.source_end - (stretch.end - from);
            let source = if stretch.in_file { file } else { &self.own };
            let piece = start as usize..(start + to - from) as usize;
            from = to;
            Some((&source[piece], stretch.in_file))
        })
    }

    /// Adds words; their parts say where each ends in them, and in the file if it
    /// stands there.
    pub(super) fn push_parts(&mut self, words: &str, parts: &[(usize, Option<usize>)]) {
        let mut from = 0;
        for (to, file_end) in parts {
            let part = std::mem::replace(&mut from, *to)..*to;
            self.push(&words[part], file_end.map(|end| end as u32));
        }
    }

    fn end(&self) -> u32 {
        self.stretches.last().map_or(0, |stretch| stretch.end)
    }

    /// Gives back the room that lists grew into.
    pub(super) fn exact(self) -> Words {
        Words { stretches: exact(self.stretches).into(), own: self.own.as_str().to_owned() }
    }

    /// Adds words, which end at `file_end` in the file if they stand there.
    fn push(&mut self, words: &str, file_end: Option<u32>) {
        if file_end.is_none() {
            self.own.push_str(words);
        }
        let (in_file, length) = (file_end.is_some(), words.len() as u32);
        let source_end = file_end.unwrap_or(self.own.len() as u32);
        let end = self.end() + length;
        match self.stretches.last_mut() {
            Some(last) if last.in_file == in_file && last.source_end + length == source_end => {
                (last.end, last.source_end) = (end, source_end);
            }
            _ => self.stretches.push(Stretch { end, source_end, in_file }),
        }
    }
}
