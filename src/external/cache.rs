//! Which addresses were good lately, so that they need not be asked again.
//!
//! Comes in: the text of a file, and the day. Goes out: a [`Cache`], and its
//! text. A line has a day and an address; what cannot be read is passed over,
//! because it costs a question and no more. Answers that are not good are
//! never kept.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::answer::{Answer, Meaning};
use crate::date::PartialDate;

/// Where the file stands below the handbook's folder.
pub const FILE: &str = ".normbook-cache/external";

const HEADER: &str = "normbook-external 1";

/// For how many days a good answer is believed.
const BELIEVED: i32 = 7;

/// The addresses that are believed to be good, with the days of their answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cache {
    good: BTreeMap<String, Date>,
}

impl Cache {
    /// Reads a file's text; keeps what is believed on the day `today`.
    pub fn parse(text: &str, today: PartialDate) -> Cache {
        let mut lines = text.lines();
        let (Some(HEADER), Some(today)) = (lines.next(), date(today)) else {
            return Cache::default();
        };
        let line = |line: &str| {
            let (day, address) = line.split_once(' ')?;
            let day: Date = day.parse().ok()?;
            let age = today.since(day).ok()?.get_days();
            (0..BELIEVED).contains(&age).then(|| (address.to_owned(), day))
        };
        Cache { good: lines.filter_map(line).collect() }
    }

    /// Whether an address is believed to be good.
    pub fn holds(&self, address: &str) -> bool {
        self.good.contains_key(address)
    }

    /// Takes in what was answered on the day `today`.
    pub fn learn(&mut self, answers: &BTreeMap<String, Answer>, today: PartialDate) {
        let Some(today) = date(today) else { return };
        let good = answers.iter().filter(|(_, answer)| answer.meaning() == Meaning::Good);
        self.good.extend(good.map(|(address, _)| (address.clone(), today)));
    }

    /// The text of the file, sorted by address.
    pub fn text(&self) -> String {
        let lines = self.good.iter().map(|(address, day)| format!("{day} {address}\n"));
        format!("{HEADER}\n{}", lines.collect::<String>())
    }
}

/// A day of the calendar; nothing for a date that is less precise.
fn date(day: PartialDate) -> Option<Date> {
    day.to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i8) -> PartialDate {
        PartialDate::day(2026, 11, day).expect("a day")
    }

    #[test]
    fn good_answers_are_believed_for_a_week_and_others_never() {
        let answers = BTreeMap::from([
            ("https://a.example/".to_owned(), Answer::Status { status: 200, moved: None }),
            ("https://b.example/".to_owned(), Answer::Status { status: 503, moved: None }),
            ("https://c.example/".to_owned(), Answer::NoHost),
        ]);
        let mut cache = Cache::default();
        cache.learn(&answers, day(10));
        let text = cache.text();
        assert_eq!(text, "normbook-external 1\n2026-11-10 https://a.example/\n");
        for (on, believed) in [(9, false), (10, true), (16, true), (17, false)] {
            let read = Cache::parse(&text, day(on));
            assert_eq!(read.holds("https://a.example/"), believed, "on the day {on}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        let text = "normbook-external 1\nrubbish\n2026-13-40 x\n2026-11-10 https://a.example/\n";
        let cache = Cache::parse(text, day(10));
        assert_eq!(cache.text(), "normbook-external 1\n2026-11-10 https://a.example/\n");
        assert_eq!(Cache::parse(&text.replace('1', "2"), day(10)), Cache::default());
    }
}
