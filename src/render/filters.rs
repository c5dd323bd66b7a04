//! What templates can do beyond Tera's own filters.

use pulldown_cmark_escape::escape_html;
use tera::{Error, Filter, Kwargs, State, Tera, TeraResult, Value};

use crate::date::PartialDate;

/// Adds the filters; Tera checks their names when a template is added, so
/// this comes first.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("date", date);
    tera.register_filter("day", day);
    tera.register_filter("entry", entry);
    tera.register_filter("short", short);
    tera.register_filter("source", source);
    tera.register_filter("attributes", attributes);
    tera.register_filter("safe", Safe);
}

/// Tera's `safe`, which copies the text; prose is long and marked once a page.
struct Safe;

impl Filter<&Value, Value> for Safe {
    fn call(&self, value: &Value, _: Kwargs, _: &State<'_>) -> Value {
        if value.is_string() { value.clone() } else { Value::from(value.to_string()) }
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// `2015-07-22` as `22 July 2015`; other texts stay as they are.
fn date(value: &str, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
    Ok(value.parse::<PartialDate>().map_or_else(|_| value.to_owned(), PartialDate::long))
}

/// `2015-07-22` as an element `time`. Pages have many dates, and a component
/// for each took a fifth of the time in which pages are rendered.
fn day(value: &str, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let mut html = Html::new();
    html.raw("<time datetime=\"").text(value).raw("\">");
    match value.parse::<PartialDate>() {
        Ok(date) => html.raw(&date.long()),
        Err(_) => html.text(value),
    };
    Ok(html.raw("</time>").value())
}

/// A link to an entry as an element `a` with its number or symbol and its
/// title. Pages have dozens, and a component for each took a third of the time
/// in which pages are rendered.
fn entry(link: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let (label, title) = (text(link, "label")?, text(link, "title")?);
    let mut html = Html::open_link(text(link, "href")?);
    if label != title {
        html.raw("<span class=\"number\">").text(label).raw("</span> ");
    }
    html.text(title).raw("</a>");
    Ok(html.value())
}

/// A link to an entry by its number, symbol or short name; the title is a hint.
fn short(link: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let (label, title) = (text(link, "label")?, text(link, "title")?);
    let mut html = Html::new();
    html.raw("<a href=\"").text(text(link, "href")?);
    if label != title {
        html.raw("\" title=\"").text(title);
    }
    Ok(html.raw("\">").text(label).raw("</a>").value())
}

/// A link to a source by its short name, with the place in it.
fn source(source: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let link = part(source, "link").ok_or_else(|| missing("link"))?;
    let mut html = Html::open_link(text(link, "href")?);
    html.text(text(link, "label")?).raw("</a>");
    if let Some(locator) = part(source, "locator").and_then(Value::as_str) {
        html.raw(", ").text(locator);
    }
    Ok(html.value())
}

/// What a line is filtered by, as attributes of its element.
fn attributes(tags: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let mut html = Html::new();
    for tag in tags.as_array().unwrap_or_default() {
        html.raw(" data-").text(text(tag, "name")?);
        html.raw("=\"").text(text(tag, "values")?).raw("\"");
    }
    Ok(html.value())
}

/// HTML that is being written.
struct Html(String);

impl Html {
    fn new() -> Html {
        Html(String::with_capacity(160))
    }

    fn open_link(href: &str) -> Html {
        let mut html = Html::new();
        html.raw("<a href=\"").text(href).raw("\">");
        html
    }

    fn raw(&mut self, html: &str) -> &mut Html {
        self.0.push_str(html);
        self
    }

    /// A text, escaped as templates escape theirs.
    fn text(&mut self, text: &str) -> &mut Html {
        escape_html(&mut self.0, text).expect("invariant: a string takes everything");
        self
    }

    fn value(&self) -> Value {
        Value::safe_string(&self.0)
    }
}

/// The part of a value of few parts: to compare their names takes less time
/// than to hash one.
fn part<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let mut parts = value.as_map()?.iter();
    parts.find(|(key, _)| key.as_str() == Some(name)).map(|(_, part)| part)
}

fn text<'a>(value: &'a Value, name: &str) -> TeraResult<&'a str> {
    part(value, name).and_then(Value::as_str).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Error {
    Error::message(format!("the value has no `{name}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tera::Context;

    use super::*;

    #[track_caller]
    fn check(template: &str, expected: &str) {
        let link = json!({"href": "a/?b&c", "label": "1 <2", "title": "First & \"last\""});
        let data = json!({
            "link": link,
            "plain": {"href": "#x", "label": "X", "title": "X"},
            "cited": {"link": link, "locator": "p. 3"},
            "tags": [{"name": "theme", "values": "a b"}, {"name": "status", "values": "\""}],
            "html": "<p>&amp;</p>",
        });
        let mut tera = Tera::default();
        register(&mut tera);
        tera.add_raw_template("x.html", template).expect("a template");
        let context = Context::from_serialize(&data).expect("a map");
        assert_eq!(tera.render("x.html", &context).expect(template), expected);
    }

    #[test]
    fn links_are_escaped_as_templates_escape() {
        let number = "<span class=\"number\">1 &lt;2</span> First &amp; &quot;last&quot;";
        check("{{ link | entry }}", &format!("<a href=\"a/?b&amp;c\">{number}</a>"));
        check("{{ cited | source }}", "<a href=\"a/?b&amp;c\">1 &lt;2</a>, p. 3");
        let title = " title=\"First &amp; &quot;last&quot;\"";
        check("{{ link | short }}", &format!("<a href=\"a/?b&amp;c\"{title}>1 &lt;2</a>"));
        check(
            "{{ plain | short }} {{ plain | entry }}",
            "<a href=\"#x\">X</a> <a href=\"#x\">X</a>",
        );
    }

    #[test]
    fn what_a_line_is_filtered_by_becomes_attributes() {
        check("<li{{ tags | attributes }}>", "<li data-theme=\"a b\" data-status=\"&quot;\">");
    }

    #[test]
    fn days_are_machine_readable() {
        check("{{ '2015-07' | day }}", "<time datetime=\"2015-07\">July 2015</time>");
        check("{{ '<' | day }}", "<time datetime=\"&lt;\">&lt;</time>");
    }

    #[test]
    fn safe_texts_stay_as_they_are() {
        check("{{ html | safe }}{{ html }}", "<p>&amp;</p>&lt;p&gt;&amp;amp;&lt;/p&gt;");
        check("{{ 3 | safe }}{{ [html] | safe }}", "3[\"<p>&amp;</p>\"]");
    }
}
