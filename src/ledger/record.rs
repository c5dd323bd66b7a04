//! The ledger's file: one place a line, sorted, so that it merges well.
//!
//! ```text
//! norms/
//! norms/un-gge-2015/13d/ 5d41402a
//! norms/un-gge-2015/13d/#p1 7d793037
//! norms/old-name/ > norms/un-gge-2015/13d/
//! ```
//!
//! The number is the beginning of the digest of the words that stand there.
//! Lines may stand in any order and twice, as after a merge that keeps the
//! lines of both sides.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fingerprint, Ledger, Promise};
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::path::SourcePath;
use crate::span::Span;

const HEADER: &str = "\
# Addresses that have been published. Readers cite them, so they keep working.
# `normbook lock` adds new ones; `normbook explain lost-address` says more.
";

/// One promise in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The address or anchor, as it is published.
    pub place: String,
    /// What stood there.
    pub promise: Promise,
    /// Where the line stands in the file.
    pub span: Span,
}

/// What has been published, by place.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// The promises, sorted by place.
    pub lines: Vec<Line>,
    /// The lines that cannot be read.
    pub diagnostics: Vec<Diagnostic>,
}

impl Recorded {
    /// Reads the file.
    pub fn parse(text: &str, path: &SourcePath) -> Recorded {
        let mut recorded = Recorded::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let written = line.trim_end();
            let span = Span::new(start, start + written.len());
            start += line.len();
            if written.is_empty() || written.starts_with('#') {
                continue;
            }
            match promise(written) {
                Some((place, promise)) => {
                    let place = place.to_owned();
                    recorded.lines.push(Line { place, promise, span });
                }
                None => recorded.diagnostics.push(catalog::ledger_line(At::new(path, span))),
            }
        }
        recorded.lines.sort_by(|a, b| (&a.place, &a.promise).cmp(&(&b.place, &b.promise)));
        recorded
    }

    /// Whether a place was published with just this promise.
    pub fn holds(&self, place: &str, promise: &Promise) -> bool {
        self.of(place).any(|line| line.promise == *promise)
    }

    fn of<'a>(&'a self, place: &'a str) -> impl Iterator<Item = &'a Line> {
        let first = self.lines.partition_point(|line| line.place.as_str() < place);
        self.lines[first..].iter().take_while(move |line| line.place == place)
    }

    /// The places of a site that are not recorded, sorted.
    pub fn missing<'a>(&self, now: &'a Ledger) -> Vec<&'a str> {
        let places = now.0.keys().map(String::as_str);
        places.filter(|place| self.of(place).next().is_none()).collect()
    }

    /// The file with everything that the site promises now; nothing that was
    /// promised before is taken out.
    pub fn renewed(&self, now: &Ledger) -> String {
        let before = self.lines.iter().filter(|line| !now.0.contains_key(&line.place));
        let before = before.map(|line| (line.place.as_str(), &line.promise));
        let now = now.0.iter().map(|(place, promise)| (place.as_str(), promise));
        let all: BTreeMap<&str, &Promise> = before.chain(now).collect();
        let mut text = HEADER.to_owned();
        for (place, promise) in all {
            text.push_str(place);
            match promise {
                Promise::Place => {}
                Promise::Words(words) => text.push_str(&format!(" {words}")),
                Promise::Leads(to) => text.push_str(&format!(" > {to}")),
            }
            text.push('\n');
        }
        text
    }
}

/// A line as a place and its promise.
fn promise(line: &str) -> Option<(&str, Promise)> {
    let mut parts = line.split(' ');
    let place = parts.next().filter(|place| is_place(place))?;
    let promise = match (parts.next(), parts.next()) {
        (None, _) => Promise::Place,
        (Some(">"), Some(to)) if is_place(to) => Promise::Leads(to.to_owned()),
        (Some(words), None) => Promise::Words(Fingerprint::parse(words)?),
        (Some(_), Some(_)) => return None,
    };
    parts.next().is_none().then_some((place, promise))
}

/// Whether a text can be an address below the site's root.
fn is_place(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b'%' | b'#')
        })
}

/// The text of a ledger without the lines of some places, and of the anchors
/// below them: what an editor has agreed to lose. Also answers which of the
/// places do not stand in it.
pub fn without<'a>(text: &str, places: &'a [String]) -> (String, Vec<&'a str>) {
    let mut unseen: BTreeSet<&str> = places.iter().map(String::as_str).collect();
    let mut kept = String::new();
    for line in text.split_inclusive('\n') {
        let place = line.split_whitespace().next().unwrap_or("");
        let address = place.split('#').next().unwrap_or("");
        let agreed = |named: &&String| {
            let named = named.as_str();
            named == place
                || named == address
                || is_written(named, place)
                || is_written(named, address)
        };
        match places.iter().find(agreed) {
            Some(named) if !line.starts_with('#') => drop(unseen.remove(named.as_str())),
            _ => kept.push_str(line),
        }
    }
    (kept, unseen.into_iter().collect())
}

/// Whether a place was named as people write it.
fn is_written(named: &str, place: &str) -> bool {
    place.contains('%') && crate::path::decode(place).as_deref() == Some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Recorded {
        Recorded::parse(text, &SourcePath::new(crate::read::LEDGER))
    }

    #[test]
    fn a_ledger_survives_a_round_trip_and_a_merge() {
        let text = format!("{HEADER}a/ 0123abcd\na/#p1 ffffffff\nfiles/x%20y.pdf\nold/ > a/\n");
        let recorded = parse(&text);
        assert!(recorded.diagnostics.is_empty(), "{:?}", recorded.diagnostics);
        assert_eq!(recorded.renewed(&Ledger::default()), text);
        let merged = format!("old/ > a/\n{text}a/ 00000000\n");
        assert_eq!(parse(&merged).of("a/").count(), 2);
    }

    #[test]
    fn lines_that_mean_nothing_are_reported() {
        let text = "a/\n<<<<<<< ours\na/ 12\na/ > \nb/ 0123abcd x\n=======\n";
        let spans: Vec<usize> =
            parse(text).diagnostics.iter().filter_map(|d| Some(d.span?.start())).collect();
        assert_eq!(spans, [3, 16, 22, 28, 42]);
    }

    #[test]
    fn an_editor_may_agree_to_lose_a_place() {
        let text = "# x\na/ 0123abcd\na/#p1\nb/#%C3%A9\nb/\n";
        let agreed = |place: &str| {
            let places = [place.to_owned()];
            let (text, unseen) = without(text, &places);
            (text, unseen.len())
        };
        assert_eq!(agreed("a/"), ("# x\nb/#%C3%A9\nb/\n".to_owned(), 0));
        assert_eq!(agreed("b/#é"), ("# x\na/ 0123abcd\na/#p1\nb/\n".to_owned(), 0));
        assert_eq!(agreed("c/"), (text.to_owned(), 1));
    }
}
