//! The settings of `normbook.toml`.
//!
//! [`Settings`] is what an author may write; [`Config`] is what it means,
//! with every default filled in.

use crate::data::record::{FromNode, Names, Reader, Shape};
use crate::data::{Node, Value, toml};
use crate::date::PartialDate;
use crate::diagnostic::{At, Checked, Severity, catalog};
use crate::path::SourcePath;
use crate::record;
use crate::span::{Span, Spanned};
use crate::vocabulary::{Vocabularies, Vocabulary};

/// The name of the settings file at the handbook's root.
pub const FILE: &str = "normbook.toml";

record! {
    /// What `normbook.toml` may hold.
    pub struct Settings {
        /// The handbook's title.
        title: Option<String>,
        /// One or two sentences about the handbook, for search engines and feeds.
        description: Option<String>,
        /// The address where the site will stand; needed only for the sitemap, for
        /// canonical links and for the feed's links.
        base_url: Option<Spanned<String>>,
        /// The language of the entries (BCP 47).
        language: Option<Spanned<String>>,
        /// The languages of translations (BCP 47).
        languages: Vec<Spanned<String>>,
        /// Where a reader can propose a change; `{path}` becomes the entry's path.
        edit_url: Option<String>,
        /// The address that opens a file in your editor from a message that
        /// `normbook serve` shows; `{path}`, `{line}` and `{column}` are filled in.
        editor_url: Option<String>,
        /// Whether raw HTML in entries is kept, after cleaning, or shown as text.
        allow_html: bool,
        /// Whether the first mention of a glossary term in an entry is linked; it is
        /// unless this is `false`.
        link_terms: Option<bool>,
        /// The sets of norms: their labels and their order.
        sets: Option<Vocabulary>,
        /// How far a norm has come; the first is the default.
        statuses: Option<Vocabulary>,
        /// What legal force a norm has.
        forces: Option<Vocabulary>,
        /// The strength of a norm's verb.
        modalities: Option<Vocabulary>,
        /// To whom a norm speaks.
        addressees: Option<Vocabulary>,
        /// How a norm relates to another norm or a source.
        relations: Option<Vocabulary>,
        /// What happens to a norm in its history.
        events: Option<Vocabulary>,
        /// What a source is.
        source_kinds as "source-kinds": Option<Vocabulary>,
        /// What an actor is.
        actor_kinds as "actor-kinds": Option<Vocabulary>,
        /// What an annotation does.
        annotation_kinds as "annotation-kinds": Option<Vocabulary>,
        /// How an actor stands to a norm.
        stances: Option<Vocabulary>,
        /// How serious each editorial rule is: `allow`, `warn` or `deny`.
        lints: LintLevels,
        /// Published addresses whose page is no more: the address, and a note for
        /// readers.
        gone: GonePlaces,
    }
}

/// Published places that are no more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GonePlaces(pub Vec<GonePlace>);

/// A published place that is no more.
#[derive(Clone, Debug, PartialEq)]
pub struct GonePlace {
    /// The address below the site's root, perhaps with an anchor.
    pub place: Spanned<String>,
    /// Why, for readers.
    pub note: String,
    /// Since when.
    pub date: Option<PartialDate>,
    /// The entry to go on with.
    pub see: Option<Spanned<String>>,
}

record! {
    /// What is said of a place that is no more:
    /// `{ note = "Withdrawn.", date = "2027-01", see = "un-gge-2015/13d" }`.
    pub struct GoneTable {
        /// Why, for readers.
        note: String,
        /// Since when.
        date: Option<PartialDate>,
        /// The entry to go on with, as in a reference.
        see: Option<Spanned<String>>,
    }
}

impl serde::Serialize for GonePlaces {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|one| (&one.place.value, &one.note)))
    }
}

impl FromNode for GonePlaces {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<GonePlaces> {
        let Value::Map(entries) = &node.value else {
            reader.wrong(node, field, "a table such as `\"norms/old/\" = \"Withdrawn in 2027.\"`");
            return None;
        };
        let mut places = Vec::new();
        for (place, node) in entries {
            let table = match node.value {
                Value::Map(_) => GoneTable::from_node(node, place, reader),
                Value::Null | Value::Scalar(_) | Value::List(_) => {
                    let note = String::from_node(node, place, reader);
                    note.map(|note| GoneTable { note, date: None, see: None })
                }
            };
            let one = table.map(|GoneTable { note, date, see }| GonePlace {
                place: place.clone(),
                note,
                date,
                see,
            });
            places.extend(one);
        }
        Some(GonePlaces(places))
    }

    fn shape(_: Names) -> Shape {
        Shape::Free
    }

    fn absent() -> Option<GonePlaces> {
        Some(GonePlaces::default())
    }
}

/// How serious an editorial rule is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The rule is off.
    Allow,
    /// The rule gives warnings.
    Warn,
    /// The rule gives errors.
    Deny,
}

impl Level {
    /// The severity of what the rule finds; none when it is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Allow => None,
            Level::Warn => Some(Severity::Warning),
            Level::Deny => Some(Severity::Error),
        }
    }
}

/// What the author set for the editorial rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LintLevels(pub Vec<LintSetting>);

/// What the author set for one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct LintSetting {
    /// The rule's code.
    pub code: Spanned<String>,
    /// How serious it is.
    pub level: Level,
    /// A number of months, for the rules that ask for one.
    pub months: Option<i64>,
}

record! {
    /// A rule's setting written out: `{ level = "warn", months = 24 }`.
    pub struct LintTable {
        /// How serious the rule is: `allow`, `warn` or `deny`.
        level: Level,
        /// A number of months, for the rules that ask for one.
        months: Option<i64>,
    }
}

impl serde::Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        })
    }
}

impl serde::Serialize for LintLevels {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|one| (&one.code.value, one.level)))
    }
}

impl FromNode for Level {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<Level> {
        match String::from_node(node, field, reader)?.as_str() {
            "allow" => Some(Level::Allow),
            "warn" => Some(Level::Warn),
            "deny" => Some(Level::Deny),
            _ => {
                reader.wrong(node, field, "`allow`, `warn` or `deny`");
                None
            }
        }
    }

    fn shape(_: Names) -> Shape {
        Shape::Text(Names::Nothing)
    }
}

impl FromNode for LintLevels {
    fn from_node(node: &Node, field: &str, reader: &mut Reader<'_>) -> Option<LintLevels> {
        let Value::Map(entries) = &node.value else {
            reader.wrong(node, field, "a table such as `norm-without-theme = \"warn\"`");
            return None;
        };
        let mut levels = Vec::new();
        for (code, node) in entries {
            let table = match node.value {
                Value::Map(_) => LintTable::from_node(node, code, reader),
                Value::Null | Value::Scalar(_) | Value::List(_) => {
                    let level = Level::from_node(node, code, reader);
                    level.map(|level| LintTable { level, months: None })
                }
            };
            let setting = table.map(|LintTable { level, months }| LintSetting {
                code: code.clone(),
                level,
                months,
            });
            levels.extend(setting);
        }
        Some(LintLevels(levels))
    }

    fn absent() -> Option<LintLevels> {
        Some(LintLevels::default())
    }

    fn shape(_: Names) -> Shape {
        Shape::Free
    }
}

/// The settings of a handbook with every default filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The handbook's title.
    pub title: String,
    /// One or two sentences about the handbook.
    pub description: String,
    /// The address where the site will stand, with a final slash.
    pub base_url: Option<String>,
    /// The language of the entries (BCP 47).
    pub language: String,
    /// Further languages (BCP 47) that translations may be written in.
    pub translations: Vec<String>,
    /// Where a reader can propose a change; `{path}` stands for the entry.
    pub edit_url: Option<String>,
    /// The address that opens a file in the author's editor; `{path}`, `{line}`
    /// and `{column}` are filled in.
    pub editor_url: Option<String>,
    /// Whether raw HTML is kept after cleaning.
    pub allow_html: bool,
    /// Whether the first mention of a glossary term in an entry is linked.
    pub link_terms: bool,
    /// The handbook's words.
    pub vocabularies: Vocabularies,
    /// The author's levels of editorial rules.
    pub lints: LintLevels,
    /// Published places that are no more.
    pub gone: GonePlaces,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: "Handbook of norms".to_owned(),
            description: String::new(),
            base_url: None,
            language: "en".to_owned(),
            translations: Vec::new(),
            edit_url: None,
            editor_url: None,
            allow_html: false,
            link_terms: true,
            vocabularies: Vocabularies::default(),
            lints: LintLevels::default(),
            gone: GonePlaces::default(),
        }
    }
}

/// Reads the settings from the text of `normbook.toml`; no text means the
/// defaults. A `base_url` given on the command line goes before the file's.
pub fn read(text: Option<&str>, base_url: Option<&str>) -> Checked<Config> {
    let path = SourcePath::new(FILE);
    let Checked { value: node, mut diagnostics } = toml::parse(text.unwrap_or(""), &path);
    let mut reader = Reader::new(&path);
    let settings = Settings::from_node(&node, "settings", &mut reader);
    let mut config = settings.map(|settings| lower(settings, &mut reader)).unwrap_or_default();
    if let Some(base_url) = base_url {
        config.base_url = Some(with_final_slash(base_url));
    }
    // What is no TOML has no value; nothing is said about the one that stands in.
    let unread: Vec<Option<Span>> = diagnostics.iter().map(|found| found.span).collect();
    diagnostics
        .extend(reader.diagnostics.into_iter().filter(|found| !unread.contains(&found.span)));
    Checked::new(config, diagnostics)
}

fn lower(settings: Settings, reader: &mut Reader<'_>) -> Config {
    let Settings {
        title,
        description,
        base_url,
        language,
        languages,
        edit_url,
        editor_url,
        allow_html,
        link_terms,
        sets,
        statuses,
        forces,
        modalities,
        addressees,
        relations,
        events,
        source_kinds,
        actor_kinds,
        annotation_kinds,
        stances,
        lints,
        gone,
    } = settings;
    let built_in = Vocabularies::default();
    let defaults = Config::default();
    for tag in language.iter().chain(&languages).filter(|tag| !is_language_tag(tag)) {
        reader.diagnostics.push(catalog::bad_language(At::new(reader.path, tag.span), tag));
    }
    let base_url = base_url.filter(|url| {
        let good = is_base_url(url);
        if !good {
            reader.diagnostics.push(catalog::bad_base_url(At::new(reader.path, url.span), url));
        }
        good
    });
    let language = language.map_or(defaults.language, |language| language.value);
    Config {
        title: title.filter(|title| !title.is_empty()).unwrap_or(defaults.title),
        description: description.unwrap_or(defaults.description),
        base_url: base_url.map(|url| with_final_slash(&url)),
        translations: languages
            .into_iter()
            .map(|tag| tag.value)
            .filter(|t| *t != language)
            .collect(),
        language,
        edit_url,
        editor_url,
        allow_html,
        link_terms: link_terms.unwrap_or(defaults.link_terms),
        vocabularies: Vocabularies {
            sets: sets.unwrap_or(built_in.sets),
            statuses: statuses.unwrap_or(built_in.statuses),
            forces: forces.unwrap_or(built_in.forces),
            modalities: modalities.unwrap_or(built_in.modalities),
            addressees: addressees.unwrap_or(built_in.addressees),
            relations: relations.unwrap_or(built_in.relations),
            events: events.unwrap_or(built_in.events),
            source_kinds: source_kinds.unwrap_or(built_in.source_kinds),
            actor_kinds: actor_kinds.unwrap_or(built_in.actor_kinds),
            annotation_kinds: annotation_kinds.unwrap_or(built_in.annotation_kinds),
            stances: stances.unwrap_or(built_in.stances),
        },
        lints,
        gone,
    }
}

fn with_final_slash(url: &str) -> String {
    format!("{}/", url.trim_end_matches('/'))
}

/// Whether a text can be the address of a site: http or https, with a host,
/// without a query.
pub fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or("");
        !host.is_empty() && !rest.contains(['?', '#', ' ', '"', '<', '>', '\\'])
    })
}

/// Whether a text has the form of a language tag (BCP 47): letters, then
/// parts of letters and digits.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or("");
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, codes: &[&str]) -> Config {
        let checked = read(Some(text), None);
        let found: Vec<&str> = checked.diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(found, codes, "{:?}", checked.diagnostics);
        checked.value
    }

    #[test]
    fn no_settings_mean_the_defaults() {
        assert_eq!(read(None, None).value, Config::default());
    }

    #[test]
    fn a_vocabulary_replaces_the_built_in_one() {
        let config = check("[statuses]\nb = \"B\"\na = { label = \"A\", note = \"n\" }\n", &[]);
        assert_eq!(config.vocabularies.statuses.ids(), ["b", "a"]);
        assert_eq!(config.vocabularies.forces.ids(), ["voluntary", "political", "binding"]);
    }

    #[test]
    fn every_mistake_is_reported() {
        check(
            "titel = 'x'\nallow_html = 'no'\nlanguage = '12'\n",
            &["unknown-field", "wrong-value", "bad-language"],
        );
        check("base_url = 'ftp://x'", &["bad-base-url"]);
        check("[lints]\na = 'loud'", &["wrong-value"]);
    }

    #[test]
    fn the_base_url_ends_with_one_slash() {
        let config = check("base_url = 'https://example.org/h'", &[]);
        assert_eq!(config.base_url.as_deref(), Some("https://example.org/h/"));
    }
}
