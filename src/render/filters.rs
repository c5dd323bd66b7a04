//! What templates can do beyond Tera's own filters.

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::date::PartialDate;
use crate::html::escape;

/// Adds the filters; Tera checks their names when a template is added, so
/// this comes first.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("date", date);
    tera.register_filter("day", day);
}

/// `2015-07-22` as `22 July 2015`; other texts stay as they are.
fn date(value: &str, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
    Ok(value.parse::<PartialDate>().map_or_else(|_| value.to_owned(), PartialDate::long))
}

/// `2015-07-22` as an element `time`. Pages have many dates, and a component
/// for each took a fifth of the time in which pages are rendered.
fn day(value: &str, arguments: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let words = date(value, arguments, state)?;
    let (value, words) = (escape(value), escape(&words));
    Ok(Value::safe_string(&format!("<time datetime=\"{value}\">{words}</time>")))
}
