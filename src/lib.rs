//! `normbook` builds websites from annotated handbooks of norms.
//!
//! # The one idea
//!
//! **The build is one pure function of a snapshot.** Reading and writing the
//! disk sit outside it.
//!
//! ```text
//! disk -> read -> Snapshot -> parse -> [Doc] -> model -> Handbook -> link -> Linked -> page -> [Page] -> render, export -> bytes -> write -> disk
//!                             '----------------------- pure, total, memoised -----------------------'
//! ```
//!
//! 1. **Read** ([`read::disk::snapshot`]): the sources as sorted paths and
//!    bytes, and the day.
//! 2. **Parse** ([`parse::parse`]): one file's bytes to a [`parse::Doc`]:
//!    typed front matter, references with their sentences, anchors, the
//!    norm's text, annotations. It looks at no other file.
//! 3. **Model** ([`model::assemble`]): all docs to a [`model::Handbook`]:
//!    names, order, sets, translations, the words of the vocabularies.
//! 4. **Link** ([`link::resolve`]): names to targets, in both directions, and
//!    the address of every page.
//! 5. **Lint** ([`lint::run`]): editorial rules with the author's levels.
//! 6. **Page** ([`page::pages`]): which pages there are; each makes its
//!    [`page::View`], plain data, when it is asked for. The Markdown of a
//!    body becomes HTML here, through [`html::prose`]. What very many pages
//!    show alike lies on a [`page::Shelf`] as a value that they share.
//! 7. **Render** ([`render::page`]): a view and a template to bytes.
//! 8. **Export** ([`export::files`]): the files that no template makes, each
//!    with a way to its bytes.
//! 9. **Write** ([`write::disk::Output`]): changed files are put aside, and
//!    when all are there, renamed into place.
//!
//! Or **serve** ([`serve::serve`]): the same pages, rendered when a browser
//! asks, from a folder that is looked at again whenever [`watch`] wakes it.
//!
//! [`pipeline::Pipeline`] runs stages 2 to 7 and remembers what it can.
//!
//! # The laws
//!
//! Each has a test in `tests/it`.
//!
//! - **One way.** A stage takes a borrowed value and returns a new one. A
//!   file uses its own layer or a lower one (`tidy`).
//! - **Templates see only a view.** No template function looks into the
//!   handbook, so the digest of templates and view is a complete key.
//! - **Warm equals cold.** After any edits a pipeline that remembers gives the
//!   bytes and diagnostics of a fresh one, and does only the work that the
//!   edits ask for (`warm`).
//! - **Authors' mistakes are values.** Whatever an author can cause becomes a
//!   [`diagnostic::Diagnostic`] and never stops the line (`suites`). `Result`
//!   is for the outside world; `expect("invariant: ...")` for our mistakes.
//! - **Nothing is lost.** With errors nothing is written; only files that this
//!   program wrote are ever replaced or removed ([`mod@write`], `cli`).
//!
//! What is deliberately absent: a site object that stages change, queries
//! from templates, global state, clocks and hash maps in the core.
//!
//! # The code map
//!
//! Layers, lowest first. The *rim* touches the world: disk, clock,
//! environment, terminal; no other file may use it.
//!
//! | layer | rooms |
//! |---|---|
//! | words | [`span`], [`path`], [`id`], [`date`], [`digest`], [`memo`], [`kept`], [`tokens`] (what counts as a word in a search), [`diagnostic`] (`catalog` has every message), [`data`] (YAML and TOML to typed records) |
//! | input | [`vocabulary`], [`config`], [`read`]; *rim*: [`read::disk`] |
//! | parse | [`parse`]: `front_matter`, `body`, `scan`, `address`, `markdown`, `reference`, `sentences`, `headings`, `norm_text`, `annotation`, `phrases`, `plain`, `letters` |
//! | model | [`model`]: `order`, `words` |
//! | link | [`link`]: `target`, `relations`, `glossary`, `stances`, `timeline`, `lists`, `concordance`, `routes`, `gone` |
//! | prose, lint | [`html`], [`lint`] |
//! | page | [`page`]: `view`, `shelf` (what many pages share) and one file a page kind |
//! | render, search, export | [`render`]: `templates`, `filters`, `assets`; [`search`]: `fields`, `count`, `postings`, `facets`, `texts`, `cores`; [`export`]: one file a format; [`ledger`]: `record` |
//! | whole | [`pipeline`], [`portable`]: `facts`, `css`, `crawl`; [`external`]: `answer`, `cache`; [`mod@write`]; *rim*: [`external::ask`], [`write::disk`] (`claim`: whose folder it is, `compare`, `moves`, `seal`: nothing to do), [`watch`], [`serve`] (`board`, `workshop`, `edition`, `checker`, `door`, `address`, `moves`, `patience`, `report`, and `live.js` in the browser), [`cli`], `main` |
//! | author | [`author`]: `skeleton`, `schema`, `snippets`, `rename`; `init` holds the files of a new handbook |
//!
//! # One place for each addition
//!
//! | to add | do |
//! |---|---|
//! | a front-matter field | one documented line in the kind's struct in [`parse::front_matter`], which also says what its text names; a field that refers to entries also gets a line or two in [`link::target`], one that takes a word of a vocabulary in [`model::words`] |
//! | a page kind | one file in [`page`], one line in [`page::KINDS`], one template |
//! | a format for scripts or programs | one file in [`export`], one line in [`export::EXPORTS`] |
//! | an editorial rule | one function in `lint/rules.rs`, one line in [`lint::LINTS`] |
//! | a message | one constructor in [`diagnostic::catalog`], a case in `tests/suites` |
//! | a kind of page for a theme or forum | one `Facet` value in `page/facet.rs` |
//! | a vocabulary | one field in [`vocabulary::Vocabularies`] and one in [`config::Settings`] |

pub mod author;
pub mod cli;
pub mod config;
pub mod data;
pub mod date;
pub mod diagnostic;
pub mod digest;
pub mod export;
pub mod external;
pub mod html;
pub mod id;
pub mod kept;
pub mod ledger;
pub mod link;
pub mod lint;
pub mod memo;
pub mod model;
pub mod page;
pub mod parse;
pub mod path;
pub mod pipeline;
pub mod portable;
pub mod read;
pub mod render;
pub mod search;
pub mod serve;
pub mod span;
pub mod tokens;
pub mod vocabulary;
pub mod watch;
pub mod write;
