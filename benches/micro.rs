//! What the parts of a build cost, one by one: `cargo bench --bench micro`.

mod handbook;

use std::convert::Infallible;
use std::hint::black_box;
use std::sync::{Arc, LazyLock};

use divan::{Bencher, counter::ItemsCount};
use handbook::Plan;
use normbook::date::PartialDate;
use normbook::link;
use normbook::parse::{self, Role};
use normbook::path::SourcePath;
use normbook::pipeline::{Options, Pipeline, Site};
use normbook::read::{Snapshot, Source};
use normbook::search;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NORMS: usize = 300;

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
    let mut files: Vec<(SourcePath, Arc<[u8]>)> = Vec::new();
    let gathered: Result<(), Infallible> = Plan::new(NORMS, 1).files(&mut |path, text| {
        files.push((SourcePath::new(path), text.as_bytes().into()));
        Ok(())
    });
    gathered.expect("invariant: nothing fails in memory");
    let today = PartialDate::day(2026, 11, 23).expect("invariant: a day of the calendar");
    Snapshot::new(files, today)
});

static SITE: LazyLock<Site> =
    LazyLock::new(|| Pipeline::default().run(&SNAPSHOT, &Options::default(), &mut |_| {}));

fn main() {
    divan::main();
}

fn entries() -> Vec<(&'static Source, normbook::id::Kind)> {
    let entry = |source: &'static Source| match parse::role(&source.path) {
        Role::Entry(kind) => Some((source, kind)),
        Role::Asset | Role::Stray => None,
    };
    SNAPSHOT.below("content").filter_map(entry).collect()
}

/// Files to entries, with the anchors of their texts and annotated phrases.
#[divan::bench]
fn parse_entries(bencher: Bencher<'_, '_>) {
    let entries = entries();
    bencher.counter(ItemsCount::new(entries.len())).bench_local(|| {
        for (source, kind) in &entries {
            black_box(parse::parse(source, *kind));
        }
    });
}

/// Names to targets in both directions, and the addresses.
#[divan::bench]
fn link_handbook(bencher: Bencher<'_, '_>) {
    let handbook = &SITE.linked().handbook;
    bencher
        .counter(ItemsCount::new(handbook.entries.len()))
        .bench_local(|| black_box(link::resolve(Arc::clone(handbook), None)));
}

/// The data of each page, the HTML of its text with it.
#[divan::bench]
fn view_pages(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(SITE.pages().len())).bench_local(|| {
        for page in SITE.pages() {
            black_box(SITE.view(page));
        }
    });
}

/// The data of each page, and its bytes by the template.
#[divan::bench]
fn view_and_render_pages(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(SITE.pages().len())).bench_local(|| {
        for page in SITE.pages() {
            black_box(SITE.render(page).expect("a page"));
        }
    });
}

/// Everything that readers' searches look into.
#[divan::bench]
fn search_index(bencher: Bencher<'_, '_>) {
    let linked = SITE.linked();
    bencher.counter(ItemsCount::new(linked.handbook.entries.len())).bench_local(|| {
        let layout = search::layout(linked);
        for number in 0..layout.texts.len() {
            black_box(search::texts(linked, &layout, number));
        }
        black_box(search::index(linked, &layout))
    });
}
