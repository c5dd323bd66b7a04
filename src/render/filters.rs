//! What templates can do beyond Tera's own filters.

use tera::{Kwargs, State, Tera, TeraResult};

use crate::date::PartialDate;

/// Adds the filters; Tera checks their names when a template is added, so
/// this comes first.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("date", date);
}

/// `2015-07-22` as `22 July 2015`; other texts stay as they are.
fn date(value: &str, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
    Ok(value.parse::<PartialDate>().map_or_else(|_| value.to_owned(), PartialDate::long))
}
