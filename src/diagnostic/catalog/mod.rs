//! Every message, one constructor each: those about the handbook's own files
//! here, those about what is published in a room of their own.
//!
//! A message says what is wrong in lower case without a full stop, names
//! things in back-ticks, and ends with hints that an author can act on.
//! Codes are stable: scripts and settings may name them.

mod published;

pub use self::published::{
    NotPortable, dead_external_link, gone_but_there, gone_no_place, gone_without_page, ledger_line,
    lost_address, lost_anchor, moved_external_link, not_portable, reused_address,
    unsure_external_link,
};
use super::{At, Diagnostic, Severity, alternatives, nearest};
use crate::id::{IdError, Key, Kind};
use crate::path::{Address, SourcePath};
use crate::span::Span;

fn error(code: &'static str, at: At<'_>, message: String) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        message,
        path: Some(at.path.clone()),
        span: Some(at.span),
        label: String::new(),
        related: Vec::new(),
        hints: Vec::new(),
    }
}

fn file_error(code: &'static str, path: &SourcePath, message: String) -> Diagnostic {
    let at = At::new(path, Span::default());
    Diagnostic { span: None, ..error(code, at, message) }
}

/// "did you mean ...?" for the names nearest to a mistaken one, or the list
/// of all names when it is short.
fn did_you_mean(wrong: &str, names: &[&str]) -> String {
    let near = nearest(wrong, names.iter().copied());
    match (near.as_slice(), names) {
        ([], []) => String::new(),
        ([], names) if names.len() <= 12 => format!("known are {}", listed(names)),
        ([], _) => String::new(),
        (near, _) => format!("did you mean {}?", alternatives(near)),
    }
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// The file's bytes are not UTF-8 from `valid_up_to` on.
pub fn not_utf8(path: &SourcePath, valid_up_to: usize) -> Diagnostic {
    let at = At::new(path, Span::new(valid_up_to, valid_up_to));
    error("not-utf8", at, "the file is not UTF-8 text".to_owned())
        .label("the first byte that is not UTF-8")
        .hint("save the file with the encoding UTF-8 in your editor")
}

/// A Markdown file stands where no entry can stand, or has another ending than
/// entries have.
pub fn stray_entry(path: &SourcePath) -> Diagnostic {
    if !path.as_str().ends_with(".md") {
        let message = "this looks like an entry, but its name does not end with `.md`".to_owned();
        let stem = path.file_name().rsplit_once('.').map_or("", |(stem, _)| stem);
        return file_error("stray-entry", path, message)
            .hint(format!("rename it to `{stem}.md`"))
            .hint("or begin its name with `_`, then it is not read");
    }
    let folders: Vec<&str> = Kind::ALL.iter().map(|kind| kind.folder()).collect();
    let message = "this Markdown file stands outside the folders of entries".to_owned();
    let folder = path.as_str().split('/').nth(1).filter(|name| *name != path.file_name());
    let near = nearest(folder.unwrap_or(""), folders.iter().copied());
    let meant = match near.as_slice() {
        [] => String::new(),
        near => format!("did you mean the folder {}?", alternatives(near)),
    };
    file_error("stray-entry", path, message)
        .hint(meant)
        .hint(format!("move it into one of {} below `content`", listed(&folders)))
        .hint("or begin its name with `_`, then it is not read")
}

/// The hint that the end of a front matter may be missing.
pub fn end_further_down(line: usize) -> String {
    format!(
        "if the front matter ends before this, put a line `---` after its last field; the next \
         one stands in line {line}"
    )
}

/// The hint that a citation lacks its comma.
pub fn citation_comma(id: &str, locator: &str) -> String {
    format!("put a comma after the id: `[@{id}, {locator}]`")
}

/// A heading that is nearly that of the annotations.
pub fn annotations_heading(at: At<'_>, heading: &str) -> Diagnostic {
    let message = format!("the heading `{heading}` begins no annotations");
    error("annotations-heading", at, message)
        .hint("write it `## Annotations`, or give it the class: `{.annotations}`")
        .hint("or call it something else")
}

/// The file has no front matter.
pub fn no_front_matter(at: At<'_>, kind: Kind) -> Diagnostic {
    error("no-front-matter", at, format!("this {kind} has no front matter"))
        .hint("begin the file with these three lines:\n---\ntitle: The title\n---")
}

/// The front matter begins below empty lines.
pub fn late_front_matter(at: At<'_>, kind: Kind) -> Diagnostic {
    error("no-front-matter", at, format!("this {kind} does not begin with its front matter"))
        .hint("remove the empty lines: `---` must be the first line of the file")
}

/// The front matter has no end.
pub fn open_front_matter(at: At<'_>) -> Diagnostic {
    error("open-front-matter", at, "the front matter has no end".to_owned())
        .label("it begins here")
        .hint("put a line `---` after its last field")
}

/// The text stops being YAML here.
pub fn yaml_syntax(at: At<'_>, message: &str) -> Diagnostic {
    let known = YAML_MISTAKES.iter().find(|(sign, _, _)| message.contains(sign));
    let (message, hint) = known.map_or((message, ""), |(_, plain, hint)| (*plain, *hint));
    error("yaml-syntax", at, format!("the front matter cannot be read: {message}")).hint(hint)
}

/// What the reader of YAML says, the same for people who write no programs,
/// and what to do.
const YAML_MISTAKES: &[(&str, &str, &str)] = &[
    (
        "mapping values",
        "a second `: ` stands in this value",
        "put the value in quotes, `title: \"One: two\"`, or begin the line as far left as its \
         neighbours",
    ),
    (
        "unexpected character",
        "a value cannot begin with this character",
        "put the value in quotes: `title: \"@home\"`",
    ),
    ("Anchors", "a value cannot begin with `&`", "put the value in quotes: `title: \"& so on\"`"),
    (
        "unknown anchor",
        "a value cannot begin with `*`",
        "put the value in quotes: `title: \"*two* words\"`",
    ),
    (
        "budget breached",
        "it holds too much, or its lists stand too deep in each other",
        "move what is long into the text below it",
    ),
    ("unclosed quote", "this quotation mark has no partner", "close it at the end of the value"),
    (
        "a bracket as the name of a field",
        "a bracket stands where the name of a field belongs",
        "put the value in quotes: `title: \"{{ word }}\"`",
    ),
    (
        "illegal placement of ':'",
        "a `:` stands where none can stand",
        "close the bracket `[` or `{` before it, or put the value in quotes",
    ),
    ("tabs disallowed", "a line begins with a tab", "begin it with spaces"),
];

/// The text is not TOML here.
pub fn toml_syntax(at: At<'_>, message: &str) -> Diagnostic {
    let (message, hint) = match message {
        "duplicate key" => ("this stands a second time", "keep one of the two"),
        "invalid float, expected `nan`" | "string values must be quoted" => (
            "this is no text in quotation marks, no number, and not `true` or `false`",
            "put text in quotation marks: `title = \"Norms\"`",
        ),
        message if message.starts_with("invalid basic string") => {
            ("this quotation mark has no partner on its line", "close it at the end of the value")
        }
        message => (message, ""),
    };
    error("toml-syntax", at, format!("the settings cannot be read: {message}")).hint(hint)
}

/// No such field.
pub fn unknown_field(at: At<'_>, name: &str, known: &[&str]) -> Diagnostic {
    let near = nearest(name, known.iter().copied());
    let hint = match near.as_slice() {
        [] => format!("the fields are {}", listed(known)),
        near => format!("did you mean {}?", alternatives(near)),
    };
    error("unknown-field", at, format!("unknown field `{name}`")).hint(hint)
}

/// The same field twice.
pub fn repeated_field(at: At<'_>, first: At<'_>, name: &str) -> Diagnostic {
    error("repeated-field", at, format!("the field `{name}` stands here a second time"))
        .related(first, "the first time")
        .hint("keep one of the two")
}

/// A field that must be there.
pub fn missing_field(at: At<'_>, name: &str) -> Diagnostic {
    let sign = if at.path.as_str().ends_with(".toml") { " =" } else { ":" };
    error("missing-field", at, format!("the field `{name}` is missing"))
        .hint(format!("add `{name}{sign} ...`"))
}

/// A value of the wrong form.
pub fn wrong_value(at: At<'_>, field: &str, expected: &str, found: &str) -> Diagnostic {
    // A field's name holds no space; what does is the whole of them.
    let field = if field.contains(' ') { field.to_owned() } else { format!("`{field}`") };
    error("wrong-value", at, format!("{field} must be {expected}, but is {found}"))
}

/// A day that the calendar does not have.
pub fn impossible_date(at: At<'_>, field: &str, date: &str) -> Diagnostic {
    error("impossible-date", at, format!("`{field}`: the calendar has no `{date}`"))
        .hint("dates are year, month and day: `2015-07-22`")
}

/// A word that its vocabulary does not hold.
pub fn unknown_word(at: At<'_>, vocabulary: &str, word: &str, known: &[&str]) -> Diagnostic {
    let words = vocabulary.replace('-', " ");
    error("unknown-word", at, format!("`{word}` is not one of the {words}"))
        .hint(did_you_mean(word, known))
        .hint(format!(
            "a new word goes under `[{vocabulary}]` in normbook.toml, together with those that \
             you keep"
        ))
}

/// A text that is no address on the web.
pub fn bad_url(at: At<'_>, url: &str) -> Diagnostic {
    error("bad-url", at, format!("`{url}` is not an address on the web"))
        .hint("addresses begin with `https://` or `http://` and hold no spaces")
}

/// A text that is no code of a State.
pub fn bad_code(at: At<'_>, code: &str) -> Diagnostic {
    error("bad-code", at, format!("`{code}` is not the code of a State"))
        .hint("codes are two capital letters of ISO 3166-1, such as `BR`")
}

/// A text that is no language tag.
pub fn bad_language(at: At<'_>, tag: &str) -> Diagnostic {
    error("bad-language", at, format!("`{tag}` is not a language tag"))
        .hint("language tags look like `en`, `zh` or `pt-BR`")
}

/// A text that is no site's address.
pub fn bad_base_url(at: At<'_>, url: &str) -> Diagnostic {
    error("bad-base-url", at, format!("`{url}` is not the address of a site"))
        .hint("write it like `https://example.org/handbook/`")
}

/// An editorial rule that does not exist.
pub fn unknown_lint(at: At<'_>, code: &str, known: &[&str]) -> Diagnostic {
    error("unknown-lint", at, format!("there is no rule `{code}`")).hint(did_you_mean(code, known))
}

/// A name that cannot be an id: `place` is the front matter's `id`, else the
/// file's path gave it.
pub fn bad_id(
    path: &SourcePath,
    place: Option<At<'_>>,
    text: &str,
    reason: &IdError,
) -> Diagnostic {
    let message = format!("the id `{text}` {reason}");
    let hint = "ids are lower-case letters, digits, `-` and `.`, with `/` between parts";
    match place {
        Some(at) => error("bad-id", at, message).hint(hint),
        None => file_error("bad-id", path, message)
            .hint(hint)
            .hint("rename the file, or give it an `id: ...` in the front matter"),
    }
}

/// Two entries of one name.
pub fn repeated_id(at: At<'_>, first: &SourcePath, key: &Key) -> Diagnostic {
    let Key { kind, id } = key;
    let message = format!("two {kind}s have the id `{id}`: this file and `{first}`");
    let found = error("repeated-id", at, message).hint("give one of them another id");
    if at.span == Span::default() { Diagnostic { span: None, ..found } } else { found }
}

/// A translation of something that is not there.
pub fn translation_without_original(path: &SourcePath, original: &str) -> Diagnostic {
    let message = format!("this is a translation of `{original}`, which does not exist");
    file_error("translation-without-original", path, message)
        .hint("put the original beside it, without the language in its name")
}

/// A name that nothing has.
pub fn unknown_reference(at: At<'_>, kinds: &[Kind], id: &str, near: &[&str]) -> Diagnostic {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let what = if kinds.len() == Kind::ALL.len() { "entry".to_owned() } else { names.join(" or ") };
    let hint = match near {
        [] => String::new(),
        near => format!("did you mean {}?", alternatives(near)),
    };
    if id.is_empty() {
        return error("unknown-reference", at, "this reference names nothing".to_owned())
            .hint(format!("write the id of the {what}, or remove it"));
    }
    error("unknown-reference", at, format!("there is no {what} `{id}`")).hint(hint)
}

/// The hint that a name exists among other kinds than those that can stand
/// there.
pub fn exists_elsewhere(id: &str, found: &[Kind], wanted: &[Kind]) -> String {
    let is = articled(found).join(" and ");
    format!("`{id}` is {is}, but only {} can stand here", articled(wanted).join(" or "))
}

/// Kinds with their articles: "a norm", "an actor".
fn articled(kinds: &[Kind]) -> Vec<String> {
    let one = |kind: &Kind| format!("{} {kind}", if *kind == Kind::Actor { "an" } else { "a" });
    kinds.iter().map(one).collect()
}

/// A name of a kind that cannot stand here.
pub fn wrong_kind(at: At<'_>, kind: Kind, kinds: &[Kind]) -> Diagnostic {
    let (is, wanted) = (articled(&[kind]).concat(), articled(kinds).join(" or "));
    error("wrong-kind", at, format!("{is} cannot stand here, only {wanted}"))
}

/// A name that several kinds have.
pub fn ambiguous_reference(at: At<'_>, id: &str, kinds: &[Kind]) -> Diagnostic {
    let ways: Vec<String> = kinds.iter().map(|kind| format!("[[{kind}:{id}]]")).collect();
    error("ambiguous-reference", at, format!("`{id}` is the name of several entries"))
        .hint(format!("write {}", alternatives(&ways)))
}

/// A name of an entry that is left out.
pub fn reference_to_draft(at: At<'_>, id: &str, draft: &SourcePath) -> Diagnostic {
    error("reference-to-draft", at, format!("`{id}` is a draft and not part of the site"))
        .hint(format!("remove `draft: true` from `{draft}`, or build with `--drafts`"))
}

/// An anchor that the entry does not have.
pub fn unknown_anchor(at: At<'_>, key: &Key, anchor: &str, known: &[&str]) -> Diagnostic {
    error("unknown-anchor", at, format!("`{key}` has no anchor `#{anchor}`"))
        .hint(did_you_mean(anchor, known))
}

/// A relative link to a file that is not there.
pub fn dead_link(at: At<'_>, path: &str, near: &[String]) -> Diagnostic {
    let hint = match near {
        [] => "links are relative to this file's folder".to_owned(),
        near => format!("did you mean {}?", alternatives(near)),
    };
    error("dead-link", at, format!("there is no file `{path}`")).hint(hint)
}

/// A link whose scheme is not allowed.
pub fn forbidden_scheme(at: At<'_>, scheme: &str) -> Diagnostic {
    let (message, hint) = match scheme {
        "//" => ("links cannot begin with `//`".to_owned(), "write `https://` before it"),
        _ => (
            format!("links with `{scheme}:` are not allowed"),
            "links begin with `https:`, `http:` or `mailto:`, or are relative",
        ),
    };
    error("forbidden-scheme", at, message).hint(hint)
}

/// A link from the root of the server.
pub fn absolute_link(at: At<'_>, address: &str) -> Diagnostic {
    let message =
        format!("the link `{address}` works only when the site stands at the root of its server");
    error("absolute-link", at, message)
        .hint("name the entry as `[[id]]`, or link to its file, relative to this one")
}

/// An image written as a reference.
pub fn wiki_image(at: At<'_>) -> Diagnostic {
    error("wiki-image", at, "`![[...]]` means nothing here".to_owned())
        .hint("write an image as `![description](file.png)`, a reference as `[[id]]`")
}

/// Two equal anchors, both given by the author.
pub fn duplicate_anchor(at: At<'_>, anchor: &str) -> Diagnostic {
    error("duplicate-anchor", at, format!("the anchor `#{anchor}` stands twice in this entry"))
        .hint("give one of them another name")
        .hint("the printed markers of the norm's text are anchors too: `(a)` is `#a`")
}

/// An anchor that the page itself uses.
pub fn reserved_anchor(at: At<'_>, anchor: &str) -> Diagnostic {
    error("reserved-anchor", at, format!("the page itself has a part `#{anchor}`"))
        .hint("give the heading another anchor")
}

/// A `date` of an annotation's heading that is no date.
pub fn annotation_date(at: At<'_>, text: &str) -> Diagnostic {
    error("annotation-date", at, format!("the annotation's date `{text}` is not a date"))
        .hint("write it as far as it is known: `2015`, `2015-07` or `2015-07-22`")
}

/// An alias that is no address.
pub fn bad_alias(at: At<'_>, alias: &str) -> Diagnostic {
    error("bad-alias", at, format!("`{alias}` cannot be an old address"))
        .hint("write it relative to the site's root, like `norms/old-name/` or `old.html`")
}

/// An address that two pages want.
pub fn address_taken(
    path: &SourcePath,
    at: Option<At<'_>>,
    address: &Address,
    other: &str,
) -> Diagnostic {
    let address = address.published();
    let message = format!("the address `{address}` already belongs to {other}");
    let found = match at {
        Some(at) => error("address-taken", at, message),
        None => file_error("address-taken", path, message),
    };
    found.hint("give one of them another name, or remove the alias")
}

/// The hint that two addresses are written differently and are the same for
/// many disks.
pub fn address_alike(other: &Address) -> String {
    let other = other.published();
    format!(
        "that one is `{other}`: capital and small letters count as the same, and what is a file \
         cannot be a folder"
    )
}

/// A relation that is stated twice.
pub fn relation_stated_twice(at: At<'_>, first: At<'_>, label: &str) -> Diagnostic {
    let message = format!("the relation `{label}` between these two is stated twice");
    error("relation-stated-twice", at, message)
        .related(first, "the first time")
        .hint("remove one of the two; each side shows what is stated on either")
}

/// A finding of an editorial rule; `severity` is the level that was set.
pub fn lint(
    code: &'static str,
    severity: Severity,
    path: &SourcePath,
    span: Option<Span>,
    message: impl Into<String>,
) -> Diagnostic {
    let found = file_error(code, path, message.into());
    Diagnostic { severity, span, ..found }
}

/// A template that cannot be read or rendered; `page` is what was rendered.
pub fn template(
    path: &SourcePath,
    span: Option<Span>,
    message: &str,
    page: Option<&Address>,
) -> Diagnostic {
    let found = file_error("template", path, message.to_owned());
    let found = Diagnostic { span, ..found };
    match page {
        Some(page) => found.hint(format!("while rendering the page `{page}`")),
        None => found,
    }
}

/// Templates that do not fit together: an unknown filter, a missing parent.
pub fn template_set(message: &str, page: Option<&Address>) -> Diagnostic {
    let path = SourcePath::new("templates");
    let found = template(&path, None, message, page);
    Diagnostic { path: None, ..found }.hint("look for this name in the folder `templates`")
}

/// Brackets that look like a reference and are none.
pub fn broken_reference(at: At<'_>, text: &str) -> Diagnostic {
    let form = if text.starts_with("[@") {
        "citations are `[@source]` and `[@source, para. 1]`, without other brackets inside or after"
    } else if text.starts_with("[^") {
        "a footnote has its text elsewhere, on a line that begins with `[^name]:`"
    } else if text.contains('|') && text.ends_with("]]") {
        "in a table, write a backslash before the bar: `[[id\\|text]]`"
    } else {
        "references are `[[id]]` and `[[id|text]]`, on one line"
    };
    error("broken-reference", at, format!("`{text}` looks like a reference, but is none"))
        .hint(form)
        .hint("to show the brackets as they are, write a backslash before them: `\\[[`")
}

/// A quoted phrase in a norm whose text is not there.
pub fn annotation_without_text(at: At<'_>) -> Diagnostic {
    let message = "this annotation quotes a phrase, but the entry has no text of the norm";
    error("annotation-without-text", at, message.to_owned())
        .hint("begin the entry with the norm's text as a block quote: lines that begin with `>`")
        .hint("or write the heading without quotation marks: then it is about the whole norm")
}

/// A quoted phrase that does not stand in the norm's text.
pub fn annotation_not_found(at: At<'_>, passage: &str, near: &[String]) -> Diagnostic {
    let message = format!("the phrase “{passage}” does not stand in the norm's text");
    let found = error("annotation-not-found", at, message);
    near.iter()
        .fold(found, |found, near| found.hint(format!("the text has at {near}")))
        .hint("quote the norm's text letter by letter")
}

/// A quoted phrase that stands in the norm's text more than once.
/// `shown` are the first of its `times` places.
pub fn annotation_ambiguous(
    at: At<'_>,
    passage: &str,
    times: usize,
    shown: &[String],
) -> Diagnostic {
    let message = format!("the phrase “{passage}” stands in the norm's text {times} times");
    let ambiguous = error("annotation-ambiguous", at, message);
    shown
        .iter()
        .fold(ambiguous, |ambiguous, place| ambiguous.hint(format!("at {place}")))
        .hint("quote a longer passage and put the phrase in brackets: `### \"a longer [phrase]\"`")
}

/// An annotation's heading that begins like a quotation and is none.
pub fn annotation_quotation(at: At<'_>) -> Diagnostic {
    let message = "this heading begins with a quotation mark, but quotes no phrase up to its end";
    error("annotation-quotation", at, message.to_owned())
        .hint("end the heading with the closing quotation mark: `### \"the phrase\"`")
        .hint("or begin it with another word: then it is about the whole norm")
}

/// A second section of annotations in an entry.
pub fn annotations_twice(at: At<'_>) -> Diagnostic {
    error("annotations-twice", at, "this norm has its annotations above already".to_owned())
        .hint("move the annotations of this section below the first heading of annotations")
}

/// A relation of a norm with itself.
pub fn relation_with_itself(at: At<'_>, label: &str) -> Diagnostic {
    error("relation-with-itself", at, format!("`{label}` leads from this norm to itself"))
        .hint("name another norm or a source, or remove the relation")
}

/// Two norms that each state another relation to the other.
pub fn relation_contradicted(at: At<'_>, first: At<'_>, label: &str, other: &str) -> Diagnostic {
    let message = format!("`{label}` is stated here, and `{other}` from the other side");
    error("relation-contradicted", at, message)
        .related(first, "the other side states this")
        .hint("keep the right one, on one side only; the other side shows it by itself")
}

/// Norms that supersede or amend each other in a circle.
pub fn relation_circle(at: At<'_>, kind: &str, names: &[String]) -> Diagnostic {
    let circle = names.join("` → `");
    error("relation-circle", at, format!("the relation `{kind}` leads in a circle: `{circle}`"))
        .hint("remove the one that is wrong")
}

/// A superseded norm whose status says that it is in force.
pub fn superseded_in_force(at: At<'_>, status: &str, newer: &str, there: At<'_>) -> Diagnostic {
    let message = format!("the status is `{status}`, but `{newer}` supersedes this norm");
    error("superseded-in-force", at, message)
        .related(there, "superseded here")
        .hint("give it a status that is not in force, or remove the relation")
}

/// A character that is no text, such as NUL.
pub fn control_character(at: At<'_>, found: char) -> Diagnostic {
    let message = format!("the control character U+{:04X} stands here", u32::from(found));
    error("control-character", at, message)
        .hint("remove it; if there are many, the file may be no text, or in another encoding")
}
