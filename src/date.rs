//! Dates that may be known to the year, the month or the day only.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A date of the Gregorian calendar as precise as its source: `2015`,
/// `2015-07` or `2015-07-22` (ISO 8601, reduced precision).
///
/// A less precise date sorts before the more precise ones inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// The date of a full calendar day.
    pub fn day(year: i16, month: i8, day: i8) -> Option<PartialDate> {
        jiff::civil::Date::new(year, month, day).ok()?;
        Some(PartialDate { year, month: Some(month), day: Some(day) })
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Whether another date lies within this one, as `2015-07-22` and
    /// `2015-07` lie within `2015-07`.
    pub fn covers(self, other: PartialDate) -> bool {
        self.year == other.year
            && self.month.is_none_or(|month| other.month == Some(month))
            && self.day.is_none_or(|day| other.day == Some(day))
    }

    /// The whole months from this date's month to a later one's; a date of a
    /// year only counts from its January.
    pub fn months_until(self, later: PartialDate) -> i64 {
        let months =
            |date: PartialDate| i64::from(date.year) * 12 + i64::from(date.month.unwrap_or(1));
        months(later) - months(self)
    }

    /// The first day of the period: `2015-07-01` of `2015-07`.
    pub fn first_day(self) -> PartialDate {
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        PartialDate { year: self.year, month: Some(month), day: Some(day) }
    }

    /// The last day of the period: `2015-07-31` of `2015-07`.
    pub fn last_day(self) -> PartialDate {
        let month = self.month.unwrap_or(12);
        let days = || {
            let first = jiff::civil::Date::new(self.year, month, 1);
            first.expect("invariant: every month has a first day").days_in_month()
        };
        let day = self.day.unwrap_or_else(days);
        PartialDate { year: self.year, month: Some(month), day: Some(day) }
    }

    /// The date as a reader expects it in running text: `22 July 2015`,
    /// `July 2015` or `2015`.
    pub fn long(self) -> String {
        let iso = self.iso();
        let (year, rest) = iso.as_str().split_at(4);
        let mut words = String::with_capacity("22 September 2015".len());
        if self.day.is_some() {
            words.push_str(plain(&rest["-07-".len()..]));
            words.push(' ');
        }
        if let Some(month) = self.month {
            words.push_str(MONTHS[month as usize - 1]);
            words.push(' ');
        }
        words.push_str(plain(year));
        words
    }

    /// The date in the form of ISO 8601, as it is read. Handbooks are full of
    /// dates, and to format three numbers takes ten times as long.
    fn iso(self) -> Iso {
        let two = |number: i16| [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        let (month, day) = (self.month.unwrap_or(0), self.day.unwrap_or(0));
        let ([a, b], [c, d]) = (two(self.year.abs() / 100), two(self.year.abs() % 100));
        let ([m, n], [x, y]) = (two(month.into()), two(day.into()));
        let length = match (self.month, self.day) {
            (None, _) => "2015".len(),
            (Some(_), None) => "2015-07".len(),
            (Some(_), Some(_)) => "2015-07-22".len(),
        };
        Iso { text: [a, b, c, d, b'-', m, n, b'-', x, y], length }
    }

    /// The first day of the period, as an RFC 3339 instant at midnight UTC;
    /// Atom asks for a full instant.
    pub fn instant(self) -> String {
        format!("{}T00:00:00Z", self.first_day())
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The text is not a date of the form `2015`, `2015-07` or `2015-07-22`, or
/// the calendar has no such day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// The text has another form.
    Form,
    /// The form is right, but there is no such month or day.
    Calendar,
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<PartialDate, DateError> {
        let (year, rest) = text.as_bytes().split_first_chunk::<4>().ok_or(DateError::Form)?;
        let (month, day) = match *rest {
            [] => (None, None),
            [b'-', m, n] => (Some([m, n]), None),
            [b'-', m, n, b'-', d, e] => (Some([m, n]), Some([d, e])),
            _ => return Err(DateError::Form),
        };
        let two = |digits: [u8; 2]| number(&digits).map(|number| number as i8);
        let year = number(year)?;
        let (month, day) = (month.map(two).transpose()?, day.map(two).transpose()?);
        // jiff knows the lengths of months; what is not given is 1.
        jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1))
            .map_err(|_| DateError::Calendar)?;
        Ok(PartialDate { year, month, day })
    }
}

/// The number of a few decimal digits.
fn number(digits: &[u8]) -> Result<i16, DateError> {
    let add = |number: i16, digit: &u8| {
        digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
    };
    digits.iter().try_fold(0, add).ok_or(DateError::Form)
}

/// A date in the form of ISO 8601.
struct Iso {
    text: [u8; 10],
    length: usize,
}

impl Iso {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..self.length]).expect("invariant: digits and `-` are text")
    }
}

/// Digits without the zeros before them.
fn plain(digits: &str) -> &str {
    let zeros = digits.bytes().take(digits.len() - 1).take_while(|digit| *digit == b'0');
    &digits[zeros.count()..]
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.iso().as_str())
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.iso().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, long: &str) {
        let date: PartialDate = text.parse().expect(text);
        assert_eq!(date.to_string(), text);
        assert_eq!(date.long(), long);
    }

    #[test]
    fn dates_print_as_precisely_as_they_were_given() {
        check("2015", "2015");
        check("2015-07", "July 2015");
        check("2015-07-22", "22 July 2015");
        check("2016-02-29", "29 February 2016");
        check("0800-12-05", "5 December 800");
        check("0000", "0");
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["2015-02-29", "2015-13", "2015-00", "2015-04-31"] {
            assert_eq!(text.parse::<PartialDate>(), Err(DateError::Calendar), "{text}");
        }
        for text in
            ["", "15", "2015-7", "2015-07-22-1", "2015/07", "22 July 2015", "+015", "2015-1x"]
        {
            assert_eq!(text.parse::<PartialDate>(), Err(DateError::Form), "{text}");
        }
    }

    #[test]
    fn months_are_counted_between_months() {
        let date = |text: &str| text.parse::<PartialDate>().expect(text);
        assert_eq!(date("2025-11-30").months_until(date("2026-11-01")), 12);
        assert_eq!(date("2025").months_until(date("2026-02")), 13);
    }

    #[test]
    fn a_date_covers_the_more_precise_ones_inside_it() {
        let covers = |a: &str, b: &str| {
            let date = |text: &str| -> PartialDate { text.parse().expect("a date") };
            date(a).covers(date(b))
        };
        assert!(covers("2015", "2015-07-22") && covers("2015-07", "2015-07-22"));
        assert!(covers("2015-07-22", "2015-07-22"));
        assert!(!covers("2015-07-22", "2015-07") && !covers("2015-07", "2015"));
        assert!(!covers("2015-07", "2015-08") && !covers("2015", "2016-01"));
    }

    #[test]
    fn a_period_has_a_first_and_a_last_day() {
        let days = |text: &str| {
            let date: PartialDate = text.parse().expect(text);
            (date.first_day().to_string(), date.last_day().to_string())
        };
        let pair = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(days("2015"), pair("2015-01-01", "2015-12-31"));
        assert_eq!(days("2015-04"), pair("2015-04-01", "2015-04-30"));
        assert_eq!(days("2015-02"), pair("2015-02-01", "2015-02-28"));
        assert_eq!(days("2016-02"), pair("2016-02-01", "2016-02-29"));
        assert_eq!(days("2015-07-22"), pair("2015-07-22", "2015-07-22"));
    }

    #[test]
    fn the_less_precise_date_sorts_first() {
        let mut dates: Vec<PartialDate> =
            ["2015-07-22", "2016", "2015-07", "2015"].map(|d| d.parse().expect(d)).to_vec();
        dates.sort();
        let sorted: Vec<String> = dates.iter().map(PartialDate::to_string).collect();
        assert_eq!(sorted, ["2015", "2015-07", "2015-07-22", "2016"]);
    }
}
