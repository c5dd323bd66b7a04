//! The schemas say what the program says: every entry of ours validates, what
//! the program refuses in a front matter does not, and each field names what
//! the program looks up.

use std::path::Path;
use std::sync::{LazyLock, Mutex};

use boon::{Compiler, SchemaIndex, Schemas};
use normbook::author::{schema, snippets};
use normbook::data::record::{Field, Names, Shape};
use normbook::data::yaml;
use normbook::date::PartialDate;
use normbook::id::Kind;
use normbook::parse::front_matter::Meta;
use normbook::parse::{Role, role};
use normbook::path::SourcePath;
use normbook::pipeline::{Options, Pipeline, Site};
use normbook::read::{self, Snapshot};
use serde_json::Value as Json;

use crate::support::{Files, snapshot};

fn build(snapshot: &Snapshot) -> Site {
    let options = Options { drafts: true, base_url: None };
    Pipeline::default().run(snapshot, &options, &mut |_| {})
}

/// The schemas of a handbook, compiled; compiling holds each against the
/// meta-schema of JSON Schema 2020-12.
struct Compiled {
    schemas: Schemas,
    kinds: Vec<(Kind, SchemaIndex)>,
}

impl Compiled {
    fn of(site: &Site) -> Compiled {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        let all = schema::all(&site.linked().handbook);
        compiler.add_resource("all.json", all).expect("a schema");
        let mut compile = |kind: Kind| {
            let alone = schema::schema(kind, &site.linked().handbook);
            let name = format!("{kind}.json");
            compiler.add_resource(&name, alone).expect("a schema");
            compiler
                .compile(&format!("all.json#/$defs/{kind}"), &mut schemas)
                .expect("it compiles");
            (kind, compiler.compile(&name, &mut schemas).expect("it compiles"))
        };
        let kinds = Kind::ALL.map(&mut compile).into();
        Compiled { schemas, kinds }
    }

    /// What is wrong with a front matter; nothing when it is valid.
    fn problem(&self, kind: Kind, front_matter: &str) -> Option<String> {
        let node = yaml::parse(front_matter, 0, &SourcePath::new("a.md")).expect("YAML");
        let (_, index) = self.kinds.iter().find(|(other, _)| *other == kind).expect("a schema");
        self.schemas.validate(&node.to_json(), *index).err().map(|error| error.to_string())
    }
}

fn front_matter(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}');
    let rest = text.strip_prefix("---\n").expect("a front matter");
    rest.split("\n---").next().expect("its end")
}

#[track_caller]
fn check_folder(root: &Path, at_least: usize) {
    let today = PartialDate::day(2026, 11, 23).expect("a day");
    let snapshot = read::disk::snapshot(root, today).expect("a handbook");
    let compiled = Compiled::of(&build(&snapshot));
    let mut entries = 0;
    for source in snapshot.below("content") {
        let Role::Entry(kind) = role(&source.path) else { continue };
        let problem = compiled.problem(kind, front_matter(&source.text()));
        assert_eq!(problem, None, "{}", source.path);
        entries += 1;
    }
    assert!(entries >= at_least, "{entries} entries");
}

#[test]
fn every_entry_of_our_own_handbooks_is_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    check_folder(root, 150);
    check_folder(&root.join("src/author/init"), 13);
}

/// A handbook in which every kind has an entry, one of a number for an id.
fn handbook() -> Files {
    let entry = |kind: Kind| {
        let more = if kind == Kind::Statement { "actors: [one]\n" } else { "" };
        let path = format!("content/{}/one.md", kind.folder());
        (path, format!("---\ntitle: One\n{more}---\n\nText.\n"))
    };
    let mut files: Files = Kind::ALL.map(entry).into();
    files
        .insert("content/themes/2015.md".to_owned(), "---\ntitle: Year\n---\n\nText.\n".to_owned());
    files
}

/// What the program and the schema say of a front matter.
fn verdicts(kind: Kind, front_matter: &str) -> (Vec<&'static str>, Option<String>) {
    static COMPILED: LazyLock<Compiled> =
        LazyLock::new(|| Compiled::of(&build(&snapshot(&handbook()))));
    let mut files = handbook();
    let path = format!("content/{}/case.md", kind.folder());
    files.insert(path.clone(), format!("---\n{front_matter}\n---\n\nText.\n"));
    // One that remembers reads its templates once.
    static PIPELINE: LazyLock<Mutex<Pipeline>> = LazyLock::new(Mutex::default);
    let options = Options { drafts: true, base_url: None };
    let mut pipeline = PIPELINE.lock().expect("no panic");
    let site = pipeline.run(&snapshot(&files), &options, &mut |_| {});
    drop(pipeline);
    let here = |path_: &Option<SourcePath>| path_.as_ref().is_some_and(|p| p.as_str() == path);
    let own = site.diagnostics.iter().filter(|found| here(&found.path));
    let errors = own.filter(|found| found.severity == normbook::diagnostic::Severity::Error);
    (errors.map(|found| found.code).collect(), COMPILED.problem(kind, front_matter))
}

#[test]
fn what_the_program_refuses_is_not_valid() {
    for (kind, front_matter, code) in [
        (Kind::Norm, "titel: A", "unknown-field"),
        (Kind::Norm, "title: ''", "missing-field"),
        (Kind::Norm, "number: 1", "missing-field"),
        (Kind::Norm, "title: A\nthemes: one", "wrong-value"),
        (Kind::Norm, "title: A\nthemes: [ones]", "unknown-reference"),
        (Kind::Norm, "title: A\nthemes: ['forum:one']", "wrong-kind"),
        (Kind::Norm, "title: A\nstatus: agred", "unknown-word"),
        (Kind::Norm, "title: A\naddressees: [everybody]", "unknown-word"),
        (Kind::Norm, "title: A\ndate: 2015-13", "impossible-date"),
        (Kind::Norm, "title: A\ndate: July 2015", "wrong-value"),
        (Kind::Norm, "title: A\nsource: {ref: ones}", "unknown-reference"),
        (Kind::Norm, "title: A\nsource: {id: one}", "unknown-field"),
        (Kind::Norm, "title: A\nsource: [one]", "wrong-value"),
        (Kind::Norm, "title: A\nrelations: [{type: cites}]", "missing-field"),
        (Kind::Norm, "title: A\nrelations: [{type: quotes, to: one}]", "unknown-word"),
        (Kind::Norm, "title: A\nrelations: [{type: cites, to: 'theme:one'}]", "wrong-kind"),
        (Kind::Norm, "title: A\nhistory: [{event: dreamt}]", "unknown-word"),
        (Kind::Norm, "title: A\ndraft: maybe", "wrong-value"),
        (Kind::Norm, "title: A\norder: first", "wrong-value"),
        (Kind::Norm, "title: A\nextra: 1", "wrong-value"),
        (Kind::Norm, "title: A\nid: Big", "bad-id"),
        (Kind::Theme, "title: A\nbroader: ones", "unknown-reference"),
        (Kind::Forum, "title: A\nmembers: [nobody]", "unknown-reference"),
        (Kind::Forum, "title: A\nurl: ftp://example.org", "bad-url"),
        (Kind::Forum, "title: A\nevents: [{date: 2015}]", "missing-field"),
        (Kind::Source, "title: A\nkind: rumour", "unknown-word"),
        (Kind::Source, "title: A\narchived: example.org", "bad-url"),
        (Kind::Actor, "title: A\ncode: br", "bad-code"),
        (Kind::Actor, "title: A\nmembers: [{from: 2015}]", "missing-field"),
        (Kind::Statement, "title: A", "missing-field"),
        (Kind::Statement, "title: A\nactors: []", "missing-field"),
        (Kind::Statement, "title: A\nactors: [one]\npositions: [{on: one}]", "missing-field"),
        (Kind::Term, "title: A\nalso: other", "wrong-value"),
        (Kind::Page, "title: A\nmenu: yes please", "wrong-value"),
    ] {
        let (codes, problem) = verdicts(kind, front_matter);
        assert!(codes.contains(&code), "{kind}: {front_matter}: {codes:?}");
        assert!(problem.is_some(), "{kind}: {front_matter} is valid for the schema");
    }
}

#[test]
fn what_the_program_accepts_is_valid() {
    for (kind, front_matter) in [
        (Kind::Norm, "title: 2015\nnumber: 012\nsummary: no"),
        (Kind::Norm, "title: A\nthemes: [2015, 'theme:one', one]\ndate: 2015"),
        (Kind::Norm, "title: A\ndate: 2015-07-22\nsource: one\nsources: [{ref: 'source:one'}]"),
        (Kind::Norm, "title: A\nrelations: [{type: cites, to: 'source:one'}]"),
        (Kind::Norm, "title: A\nextra: {a: [1, {b: c}]}\naliases: [old/]\norder: 3"),
        (Kind::Forum, "title: A\nmembers: all of them\nmandate: {ref: one, locator: 3}"),
        (Kind::Forum, "title: A\nmembers: [one]\nurl: 'https://example.org/a?b#c'"),
        (Kind::Source, "title: A\nauthors: [one, Somebody Else]\nsymbol: A/1"),
        (Kind::Actor, "title: A\ncode: BR\nmembers: [{actor: one, from: 2015, to: 2016-02}]"),
        (Kind::Statement, "title: A\nactors: [one]\npositions: [{on: one, stance: silent}]"),
    ] {
        assert_eq!(verdicts(kind, front_matter), (vec![], None), "{kind}: {front_matter}");
    }
}

/// A value of a shape in which every name is one that nothing has.
fn mistaken(shape: &Shape, codes: &mut Vec<&'static str>) -> String {
    match shape {
        Shape::Text(Names::Entry(_)) => {
            codes.push("unknown-reference");
            "nothing-of-this-name".to_owned()
        }
        Shape::Text(Names::Word(_)) => {
            codes.push("unknown-word");
            "nothing-of-this-name".to_owned()
        }
        Shape::Text(Names::Web) => {
            codes.push("bad-url");
            "nowhere".to_owned()
        }
        Shape::Text(Names::State) => {
            codes.push("bad-code");
            "nowhere".to_owned()
        }
        Shape::Text(Names::Id) => {
            codes.push("bad-id");
            "Nobody".to_owned()
        }
        Shape::Text(Names::Nothing | Names::EntryOrText(_)) => "text".to_owned(),
        Shape::Flag => "true".to_owned(),
        Shape::Number => "1".to_owned(),
        Shape::Date => "2015".to_owned(),
        Shape::List { item, .. } => format!("[{}]", mistaken(item, codes)),
        Shape::Fields(fields) => {
            let pair =
                |field: &Field| format!("{}: {}", field.name, mistaken(&(field.shape)(), codes));
            format!("{{{}}}", fields.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        Shape::Either(one, _) => mistaken(one, codes),
        Shape::Free => "{}".to_owned(),
    }
}

/// The table of fields says what the program looks up, and nothing else.
#[test]
fn every_field_names_what_the_program_looks_up() {
    for kind in Kind::ALL {
        for field in Meta::fields(kind) {
            let mut expected = Vec::new();
            let value = mistaken(&(field.shape)(), &mut expected);
            let actors = kind == Kind::Statement && field.name != "actors";
            let mut lines = vec![format!("{}: {value}", field.name)];
            lines.extend((field.name != "title").then(|| "title: A".to_owned()));
            lines.extend(actors.then(|| "actors: [one]".to_owned()));
            let (mut found, problem) = verdicts(kind, &lines.join("\n"));
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{kind}: {lines:?}");
            assert_eq!(problem.is_some(), !expected.is_empty(), "{kind}: {lines:?} {problem:?}");
        }
    }
}

#[test]
fn every_field_is_described() {
    let site = build(&snapshot(&handbook()));
    for kind in Kind::ALL {
        let schema = schema::schema(kind, &site.linked().handbook);
        let Some(Json::Object(properties)) = schema.get("properties") else { panic!("{schema}") };
        assert_eq!(properties.len(), Meta::fields(kind).len());
        for (name, property) in properties {
            let description = property["description"].as_str().unwrap_or("");
            assert!(description.len() > 4, "{kind}: {name}");
        }
    }
}

#[test]
fn snippets_offer_the_ids_that_exist() {
    let site = build(&snapshot(&handbook()));
    let snippets = snippets::snippets(&site.linked().handbook);
    assert_eq!(snippets["themes of a norm"]["body"][0], "themes: [${1|one,2015|}]");
    assert_eq!(snippets["cite"]["body"][0], "[@${1|one|}, ${2:para. 1}]");
    let refer = snippets["refer"]["body"][0].as_str().expect("a body");
    assert!(refer.starts_with("[[${1|one,theme:one,theme:2015,"), "{refer}");
    let source = &snippets["source of a norm"]["body"][0];
    assert_eq!(*source, "source: {ref: ${1|one|}, locator: ${2:para. 1}}");
}
