//! A longer explanation of every message, for `normbook explain CODE`.
//!
//! Comes in: a code. Goes out: what is wrong, why it matters, how to mend it,
//! in the words of an editor. The editorial rules explain themselves in
//! the room `lint`.

/// The explanation of a message of the [`catalog`](super::catalog).
pub fn explain(code: &str) -> Option<&'static str> {
    EXPLANATIONS.iter().find(|(known, _)| *known == code).map(|(_, text)| *text)
}

/// All codes that have an explanation, sorted.
pub fn codes() -> impl Iterator<Item = &'static str> {
    EXPLANATIONS.iter().map(|(code, _)| *code)
}

const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "absolute-link",
        "A link that begins with `/` leads to the root of the server and breaks when the site \
         stands in a folder or is opened from disk. Refer to an entry as `[[id]]`, or link to its \
         `.md` file relative to the present one; the right address is made from that.",
    ),
    (
        "address-taken",
        "Two pages or files want the same address, so one would hide the other. Ids, `aliases` \
         and copied files make addresses; give one of them another name. Some addresses belong to \
         pages that every handbook has, such as `norms/` or `matrix/`.",
    ),
    (
        "ambiguous-reference",
        "A reference without a kind means a norm first, and then the one entry of another kind \
         with that id. Here several kinds have it. Write the kind: `[[theme:cyber-terrorism]]`.",
    ),
    (
        "annotation-ambiguous",
        "An annotation belongs to one place of the norm's text, but the phrase stands there more \
         than once. Quote a longer passage that stands there once and put the phrase itself in \
         square brackets: `### \"States should [cooperate] in developing\"`.",
    ),
    (
        "annotation-date",
        "The heading of an annotation may give a date, `{date=2022-08-09}`, as precise as it is \
         known: `2022`, `2022-08` or `2022-08-09`.",
    ),
    (
        "annotation-not-found",
        "An annotation is never put beside words that are merely similar. White space, quotation \
         marks, soft hyphens and emphasis are made alike; every other letter must be that of the \
         norm's text. The message shows the nearest passages: correct the quotation in the \
         heading, or the text.",
    ),
    (
        "annotation-quotation",
        "The heading of an annotation quotes the phrase it is about and nothing else: it begins \
         with a quotation mark and ends with one of the same sort. This one does not, so it is \
         not clear whether it is about a phrase or about the norm as a whole. End it with the \
         closing mark; or, if it is a title, begin it with another word: `### On \"due \
         diligence\" in practice`.",
    ),
    (
        "annotation-without-text",
        "A heading in quotation marks is about a phrase of the norm's text, which is the block \
         quote that opens the entry. Without that quote there is no phrase to find. Give the text, \
         or take the quotation marks away: then the annotation is about the norm as a whole.",
    ),
    (
        "annotations-heading",
        "Annotations stand below a level-2 heading that is `Annotations` letter by letter, or has \
         the class `{.annotations}`. This heading is nearly that one, and what stands below it \
         would be taken for commentary. Write it `## Annotations`, or name the section otherwise.",
    ),
    (
        "annotations-twice",
        "The annotations of a norm stand in one section: below the level-2 heading `Annotations`, \
         or below one of another name with the class `{.annotations}`. Here are two such \
         headings. Move everything below the first.",
    ),
    (
        "bad-alias",
        "An alias is an old address of the entry below the site's root, such as `norms/old-name/` \
         or `old.html`. A page is put there that leads to the new address.",
    ),
    (
        "bad-base-url",
        "`base_url` is the address where the site will stand. It begins with `https://` or \
         `http://` and names a host. Without it everything works but the sitemap, canonical links \
         and whole addresses in the feed.",
    ),
    (
        "bad-code",
        "A State's `code` is the two capital letters of ISO 3166-1 alpha-2, such as `BR`.",
    ),
    (
        "bad-id",
        "An id becomes part of an address that readers cite, so it holds only what is safe in \
         every file system and browser: lower-case letters of any script, digits, `-` and `.`, in \
         parts with `/` between them. It comes from the file's path, or from `id` in the front \
         matter.",
    ),
    ("bad-language", "Languages are written as tags of BCP 47: `en`, `fr`, `zh`, `pt-BR`."),
    (
        "bad-url",
        "The address of a document or an organisation begins with `https://` or `http://`.",
    ),
    (
        "broken-reference",
        "Text that begins with `[[` or `[@` is meant as a reference or a citation, but could not \
         be read as one: a bracket is missing, it is empty, or a citation holds other brackets. A \
         citation takes no text of its own: `[text][@source]` means nothing. To show the brackets \
         as they are, write `\\[[`.",
    ),
    (
        "control-character",
        "Entries are text. Characters such as NUL have no meaning in it, and browsers and feed \
         readers refuse pages that hold them. Remove it; a file full of them is no text at all, or \
         was saved in another encoding than UTF-8.",
    ),
    (
        "dead-external-link",
        "`check --external` asks every address on the web that an entry names. Here the server \
         says that there is no such page (404) or no longer (410), or no server has that name. \
         Readers who follow the link find nothing. Give the new address, or that of an archived \
         copy; a source has the field `archived` for one.",
    ),
    (
        "dead-link",
        "A relative link leads to a file that is not in the handbook. Links are relative to the \
         folder of the file they stand in.",
    ),
    (
        "duplicate-anchor",
        "Two headings of an entry have the same anchor, `{#name}`, so a link to it would be a \
         matter of chance.",
    ),
    (
        "forbidden-scheme",
        "Links lead to `https:`, `http:` or `mailto:`, or are relative. Others can run programs in \
         the reader's browser or lead nowhere.",
    ),
    (
        "gone-place",
        "The table `[gone]` of `normbook.toml` says what readers find at a published address \
         whose page is no more, `\"norms/old/\" = \"Withdrawn in 2027.\"`, or at an anchor that \
         an entry's page has lost, `\"norms/a/#b\" = { note = \"Merged.\", date = \"2027-01\", see \
         = \"a#c\" }`. An entry that was renamed takes its old address into `aliases` instead. \
         Here the name is no such place, or something still stands there.",
    ),
    ("impossible-date", "The date has the right form, but the calendar has no such month or day."),
    (
        "ledger-line",
        "The file `normbook.lock` holds the addresses that have been published, one a line: the \
         address, and what stood there. `normbook lock` writes it. This line is something else, \
         perhaps the mark of a merge.",
    ),
    (
        "lost-address",
        "The address was published and recorded in `normbook.lock`, so somebody may have cited \
         it; now nothing would stand there. Keep it: an entry that was renamed takes the old \
         address into its `aliases`; one that was withdrawn leaves a note under `[gone]` in \
         `normbook.toml`; a heading keeps its anchor as `{#name}`. Or give it up with `normbook \
         lock --accept ADDRESS`.",
    ),
    (
        "missing-field",
        "Some fields must be there: every entry has a `title`, a relation has `type` and `to`, a \
         position has `on` and `stance`.",
    ),
    (
        "moved-external-link",
        "`check --external` asks every address on the web that an entry names. Here the server \
         answers that the page has moved for good (301 or 308). Readers still get there, as long \
         as the old address is kept up; write the new one when it is the same page.",
    ),
    (
        "no-front-matter",
        "Every entry begins with its front matter: a line `---`, fields such as `title: ...`, and \
         another line `---`. Nothing may stand before the first line.",
    ),
    (
        "not-utf8",
        "Entries are text in UTF-8. Open the file in an editor and save it with that encoding.",
    ),
    ("open-front-matter", "The front matter begins with a line `---` and must end with another."),
    (
        "page-absolute-link",
        "`check --portable` follows the links of the rendered pages. This one begins with `/`, \
         or names the site's own address, so it works in one place only: not below a folder, \
         not from disk, not on another server. It is written in a template, a stylesheet or raw \
         HTML; make it relative. In templates `{{ site.root }}` is the way to the site's root.",
    ),
    (
        "page-dead-anchor",
        "`check --portable` follows the links of the rendered pages. This one leads to a page \
         that is there, but has no element with that `id`.",
    ),
    (
        "page-dead-link",
        "`check --portable` follows the links of the rendered pages at the root of a server, \
         below a folder of one, and from disk. This one leads to no file in one of them. From \
         disk a folder's address shows a list of files, so links name `index.html`; above the \
         site's root there is nothing. Letters must agree in capital and small.",
    ),
    (
        "page-foreign-request",
        "`check --portable` looks for everything that a browser loads by itself: pictures, \
         scripts, stylesheets, fonts, frames. Loaded from another host, it tells that host who \
         reads the handbook, and the page breaks when the host goes away. Put the file into \
         `theme`, or beside the entry.",
    ),
    (
        "reference-to-draft",
        "The entry referred to has `draft: true` and is left out of the site, so the link would be \
         dead. Publish it, take the reference away, or build with `--drafts`.",
    ),
    (
        "relation-circle",
        "A norm cannot supersede or amend itself by way of others. One of the relations named is \
         wrong.",
    ),
    (
        "relation-contradicted",
        "Each of two norms states a relation to the other, and they differ. A relation is stated \
         on one side; the other side shows it with the inverse label. Keep the right one.",
    ),
    (
        "relation-stated-twice",
        "A relation is stated on one side only; the other side shows it by itself. Stated twice, \
         it would stand twice on the page.",
    ),
    (
        "relation-with-itself",
        "A relation leads from one norm to another norm or to a source, never to the norm itself.",
    ),
    ("repeated-field", "A field stands twice in one front matter; only one can be meant."),
    (
        "repeated-id",
        "Two entries of a kind have the same id, so a reference to it would be a matter of chance. \
         Ids that differ only by capital letters count as the same.",
    ),
    (
        "reserved-anchor",
        "Anchors that begin with `nb-` or `fn-` belong to the parts of the page itself, such as \
         `#nb-text`, and to footnotes. Give the heading another one.",
    ),
    (
        "reused-address",
        "The address was published and recorded in `normbook.lock`. What stood there is elsewhere \
         now, and something else would take its place, so that a citation would lead to other \
         words without anybody noticing. This happens when an entry is renamed and another gets \
         its name, or when a paragraph without a printed marker is put before others. Give the \
         new text another place; or, when the norm itself was amended, accept the change with \
         `normbook lock --accept ADDRESS`.",
    ),
    (
        "stray-entry",
        "Entries stand in the folder of their kind: `content/norms`, `content/themes` and so on; \
         only `content/index.md` stands above them. Files whose name begins with `_` are not read.",
    ),
    (
        "superseded-in-force",
        "Another norm supersedes this one, but its own status says that it stands. Which statuses \
         say so is set by `in-force = true` in `[statuses]`.",
    ),
    (
        "template",
        "A template of the folder `templates` cannot be read, or fails on a page. Templates are \
         Tera templates and see only the page's view.",
    ),
    ("toml-syntax", "The settings file `normbook.toml` is not TOML at this place."),
    (
        "translation-without-original",
        "A file such as `13d.zh.md` is the translation of `13d.md` beside it, which is not there.",
    ),
    (
        "unknown-anchor",
        "The entry exists, but has no such place in it. Anchors are printed markers of the norm's \
         text (`#a`, `#iv`), paragraphs (`#p1`), headings, and annotations.",
    ),
    (
        "unknown-field",
        "A field that the format does not know is refused, because a misspelt field would \
         otherwise be lost silently. Data of your own goes under `extra`.",
    ),
    ("unknown-lint", "There is no editorial rule of this name."),
    (
        "unknown-reference",
        "The reference names something that does not exist. Ids are paths below the kind's folder \
         without `.md`: `content/norms/un-gge-2015/13d.md` is `un-gge-2015/13d`.",
    ),
    (
        "unknown-word",
        "The value is taken from one of the handbook's vocabularies, which has no such word. \
         Vocabularies are built in and can be replaced in `normbook.toml`.",
    ),
    (
        "unsure-external-link",
        "`check --external` asks every address on the web that an entry names. Here the answer \
         says nothing about the page: the server was slow, broken or busy, or it refuses programs \
         (403, 429). That may pass, so it is a warning. Look at the page in a browser.",
    ),
    ("wiki-image", "An image is written `![what it shows](file.png)`."),
    ("wrong-kind", "The reference names an entry of a kind that cannot stand in this field."),
    ("wrong-value", "The field is known, but its value has another form than the field takes."),
    (
        "yaml-syntax",
        "The front matter is YAML: `name: value`, one field a line, lists as `[a, b]` or as lines \
         that begin with `- `. Values that hold `: ` or begin with a special character stand in \
         quotation marks.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_unique() {
        let codes: Vec<&str> = codes().collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }

    #[test]
    fn every_message_is_explained_and_nothing_else() {
        let catalog = concat!(include_str!("catalog/mod.rs"), include_str!("catalog/published.rs"))
            .replace(char::is_whitespace, "");
        let parts = catalog.split("error(\"").skip(1);
        let used: std::collections::BTreeSet<&str> =
            parts.filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(used, codes().collect());
    }
}
