//! Annotations: the level-3 headings below `## Annotations` of a norm.
//!
//! Comes in: a heading's text, classes and attributes. Goes out: what it
//! annotates and how. Whether the phrase stands in the norm's text is asked
//! by [`super::phrases`].

use super::letters::quotation_mark;
use crate::date::PartialDate;
use crate::span::{Span, Spanned};

/// The part of a body that holds annotations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotationSection {
    /// From its heading to the next heading of the same or a higher level.
    pub span: Span,
    /// The annotations in the order written.
    pub annotations: Vec<Annotation>,
}

/// One annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Where its heading stands.
    pub heading: Span,
    /// Where its Markdown stands.
    pub body: Span,
    /// Its anchor.
    pub anchor: Box<str>,
    /// What it is about.
    pub subject: Subject,
    /// Its kind, a word of `annotation-kinds`; editorial without one.
    pub kind: Option<String>,
    /// The date that its heading gives.
    pub date: Option<PartialDate>,
}

/// What an annotation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The norm as a whole, under this title.
    Whole(String),
    /// A phrase of the norm's text.
    Phrase {
        /// The passage that was quoted, without the brackets.
        passage: String,
        /// The phrase in the passage; the whole passage without brackets.
        phrase: Span,
    },
}

impl Subject {
    /// The words that the annotation is headed with.
    pub fn text(&self) -> &str {
        match self {
            Subject::Whole(title) => title,
            Subject::Phrase { passage, phrase } => &passage[phrase.range()],
        }
    }
}

/// Tells what an annotation is about from its heading's text: a quotation is
/// about the phrase, with square brackets about the bracketed part of it.
pub fn subject(heading: &str) -> Subject {
    let heading = heading.trim();
    let Some(passage) = quoted(heading) else { return Subject::Whole(heading.to_owned()) };
    let brackets = passage.find('[').and_then(|open| {
        let close = passage[open..].find(']')? + open;
        (!passage[open + 1..close].trim().is_empty()).then_some((open, close))
    });
    match brackets {
        Some((open, close)) => {
            let phrase = Span::new(open, close - 1);
            let bare = [&passage[..open], &passage[open + 1..close], &passage[close + 1..]];
            Subject::Phrase { passage: bare.concat(), phrase }
        }
        None => {
            Subject::Phrase { passage: passage.to_owned(), phrase: Span::new(0, passage.len()) }
        }
    }
}

/// What stands between the quotation marks of a heading that is a quotation,
/// perhaps with a full stop after it.
fn quoted(heading: &str) -> Option<&str> {
    let open = heading.chars().next()?;
    let mark = quotation_mark(open)?;
    let closed = heading.strip_suffix(['.', '。', '．']).unwrap_or(heading).trim_end();
    let inner = closed.strip_prefix(open)?;
    let inner = inner.strip_suffix(|close| quotation_mark(close) == Some(mark))?.trim();
    (!inner.is_empty()).then_some(inner)
}

/// The words that a title on the whole norm may have been meant to quote: it
/// begins with a quotation mark, but does not end with one.
pub struct Unclosed<'a> {
    /// Whether the mark may be an apostrophe, as in `'Tis` or `‘Amman`.
    pub apostrophe: bool,
    /// What stands after the mark, and that up to each further mark of its
    /// sort.
    pub candidates: Vec<&'a str>,
}

/// Tells whether a title begins like a quotation.
pub fn unclosed(title: &str) -> Option<Unclosed<'_>> {
    let open = title.chars().next()?;
    let mark = quotation_mark(open)?;
    let rest = &title[open.len_utf8()..];
    let closing = rest.match_indices(|c| quotation_mark(c) == Some(mark));
    let candidates = closing.map(|(at, _)| rest[..at].trim()).chain([rest.trim()]);
    let candidates: Vec<&str> =
        candidates.filter(|words| words.contains(char::is_alphanumeric)).collect();
    let apostrophe = matches!(open, '\'' | '’' | '‘') && !candidates.is_empty();
    Some(Unclosed { apostrophe, candidates })
}

/// The date attribute of a heading, when it is a date.
pub fn date(attributes: &[(String, Option<String>)]) -> Option<Spanned<String>> {
    let (_, value) = attributes.iter().find(|(name, _)| name == "date")?;
    let value = value.as_deref().unwrap_or("").trim_matches(['"', '\'']);
    Some(Spanned::new(value.to_owned(), Span::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, phrase: Option<&str>) {
        let subject = subject(heading);
        let found = match &subject {
            Subject::Phrase { .. } => Some(subject.text()),
            Subject::Whole(_) => None,
        };
        assert_eq!(found, phrase, "{heading}");
    }

    #[test]
    fn a_quotation_is_about_its_phrase() {
        check("\"step up cooperation\"", Some("step up cooperation"));
        check("“step up”", Some("step up"));
        for (open, close) in
            ["''", "‘’", "‚‘", "„”", "„“", "””", "»«", "«»", "‹›", "「」", "『』", "“\"", "\"”"]
                .map(|pair| pair.split_at(pair.chars().next().map_or(0, char::len_utf8)))
        {
            for stop in ["", ".", " .", "。"] {
                check(&format!("{open} step up{close}{stop}"), Some("step up"));
            }
        }
        check("Reception", None);
        check("\"\"", None);
        check("\"", None);
        check("\"step up'", None);
        check("'Tis the season", None);
        check("「step up』", None);
    }

    #[test]
    fn a_title_may_begin_like_a_quotation() {
        let found = |title| unclosed(title).map(|u| (u.apostrophe, u.candidates));
        assert_eq!(found("Reception"), None);
        assert_eq!(found("\"step up"), Some((false, vec!["step up"])));
        assert_eq!(found("'step' up"), Some((true, vec!["step", "step' up"])));
        assert_eq!(found("''"), Some((false, vec![])));
    }

    #[test]
    fn brackets_pick_a_part() {
        check("\"States should [cooperate] in\"", Some("cooperate"));
        let Subject::Phrase { passage, .. } = subject("\"a [b] c\"") else { panic!() };
        assert_eq!(passage, "a b c");
    }
}
