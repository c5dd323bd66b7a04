//! `normbook build` and `normbook check`: the same work, with and without an
//! output folder.

use std::error::Error;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::time::Duration;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::messages::Messages;
use super::progress::{Clock, Progress};
use super::{BuildArgs, CheckArgs, Common, MessageFormat, external};
use crate::diagnostic::{Diagnostic, Severity, count};
use crate::export;
use crate::external::ask::Manners;
use crate::page::Page;
use crate::pipeline::{Options, Pipeline, Site};
use crate::portable;
use crate::read;
use crate::render::merge;
use crate::write::Manifest;
use crate::write::disk::seal::{self, Made};
use crate::write::disk::{Output, Summary, WriteError};

/// What is to be done, with every default filled in.
pub(super) struct Job {
    root: PathBuf,
    /// Where the site goes; nothing is written without it.
    out: Option<PathBuf>,
    options: Options,
    deny_warnings: bool,
    /// Whether the links of the rendered pages are followed.
    portable: bool,
    /// How other hosts are asked for outside links, if they are.
    external: Option<Manners>,
    format: MessageFormat,
    timings: bool,
}

impl Job {
    pub(super) fn of_build(args: BuildArgs) -> Job {
        let BuildArgs { common, out, base_url, timings } = args;
        let out = out.unwrap_or_else(|| common.root.join("public"));
        let job = Job::of_common(common);
        let options = Options { base_url, ..job.options };
        Job { out: Some(out), options, timings, ..job }
    }

    pub(super) fn of_check(args: CheckArgs) -> Job {
        let CheckArgs { common, portable, external, external_pause, external_timeout } = args;
        let external = external.then(|| Manners {
            pause: Duration::from_millis(external_pause),
            timeout: Duration::from_millis(external_timeout),
        });
        Job { portable, external, ..Job::of_common(common) }
    }

    fn of_common(common: Common) -> Job {
        let Common { root, drafts, deny_warnings, message_format } = common;
        Job {
            root,
            out: None,
            options: Options { drafts, base_url: None },
            deny_warnings,
            portable: false,
            external: None,
            format: message_format,
            timings: false,
        }
    }
}

/// Builds or checks the handbook; answers whether all is well.
pub(super) fn build(job: &Job) -> Result<bool, Box<dyn Error>> {
    let mut clock = Clock::start("read");
    let snapshot = read::disk::snapshot(&job.root, super::today())?;
    let key = seal::key(&snapshot, &format!("{:?}", job.options));
    if let (Some(out), Some(key)) = (&job.out, key)
        && let Some(made) = seal::unbroken(out, key)
    {
        let summary = Summary { unchanged: made.files, ..Summary::default() };
        finish(job, clock, made, &[], Some(summary));
        return Ok(true);
    }
    // Nothing is freed piece by piece: the program ends with the build, and the
    // system takes back all of its memory at once.
    let snapshot = ManuallyDrop::new(snapshot);
    let mut pipeline = ManuallyDrop::new(Pipeline::default());
    let run = pipeline.run(&snapshot, &job.options, &mut |phase| clock.begin(phase.name()));
    let site = ManuallyDrop::new(run);
    let messages = Messages { format: job.format, snapshot: &snapshot };
    let failed = site.has_errors() || (job.deny_warnings && !site.diagnostics.is_empty());
    if failed {
        messages.print(&site.diagnostics)?;
        messages.verdict(&site.diagnostics, job.deny_warnings);
        return Ok(false);
    }
    clock.begin("render and write");
    let output = job.out.as_ref().map(|out| Output::open(out, &job.root)).transpose()?;
    let mut diagnostics = site.diagnostics.clone();
    let mut problems = match job.portable {
        true => portable::check(&site, &snapshot),
        false => render(&site, output.as_ref())?,
    };
    if let Some(manners) = job.external {
        clock.begin("ask");
        problems.extend(external::check(site.linked(), &job.root, snapshot.today, manners));
    }
    let is_error = |found: &Diagnostic| found.severity == Severity::Error;
    let broken = problems.iter().any(is_error) || (job.deny_warnings && !problems.is_empty());
    diagnostics.append(&mut problems);
    diagnostics.sort();
    messages.print(&diagnostics)?;
    if broken {
        messages.verdict(&diagnostics, job.deny_warnings);
        return Ok(false);
    }
    let manifest = Manifest::of(site.addresses());
    let (entries, pages) = (site.counters.entries, site.pages().len());
    let made = Made { entries, pages, files: manifest.0.len() };
    // Messages are to be seen at every build, so that only one without any
    // can be passed over.
    let key = key.filter(|_| diagnostics.is_empty());
    let commit = |output: Output| match key {
        Some(key) => output.sealed(key, made).commit(&manifest),
        None => output.commit(&manifest),
    };
    let summary = output.map(commit).transpose()?;
    finish(job, clock, made, &diagnostics, summary);
    Ok(true)
}

/// Renders all pages on all cores and hands them to the output at once, so
/// that the site is never in memory as a whole.
fn render(site: &Site, output: Option<&Output>) -> Result<Vec<Diagnostic>, WriteError> {
    let progress = Progress::start("rendering", site.pages().len());
    let one = |bytes: &mut Vec<u8>, page: &Page| -> Result<Option<Diagnostic>, WriteError> {
        let rendered = site.render_into(page, bytes);
        progress.step();
        match (rendered, output) {
            (Ok(()), Some(output)) => output.stage(&page.address, bytes).map(|()| None),
            (Ok(()), None) => Ok(None),
            (Err(problem), _) => Ok(Some(*problem)),
        }
    };
    let rendered = site.pages().par_iter().map_init(Vec::new, one);
    let problems: Vec<Diagnostic> =
        rendered.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    progress.stop();
    if let Some(output) = output {
        let write = |file: &export::File| {
            output.stage_written(&file.address, &|into| file.write(site.linked(), into))
        };
        site.exports().par_iter().try_for_each(write)?;
        site.files.par_iter().try_for_each(|(address, bytes)| output.stage(address, bytes))?;
    }
    Ok(merge(problems))
}

/// Says what was done, and how long it took.
fn finish(
    job: &Job,
    mut clock: Clock,
    made: Made,
    diagnostics: &[Diagnostic],
    summary: Option<Summary>,
) {
    let seconds = clock.stop();
    if job.timings {
        clock.print();
    }
    let entries = match made.entries {
        1 => "1 entry".to_owned(),
        entries => format!("{entries} entries"),
    };
    let warnings = diagnostics.iter().filter(|d| d.severity == Severity::Warning).count();
    let warnings = match warnings {
        0 => String::new(),
        warnings => format!(", {}", count(warnings, "warning")),
    };
    let pages = count(made.pages, "page");
    let text = match (&job.out, summary) {
        (Some(out), Some(Summary { written, unchanged, removed })) => format!(
            "built {pages} from {entries} in {seconds:.2} s{warnings}: {written} written, \
             {unchanged} unchanged, {removed} removed; open {}",
            out.join("index.html").display()
        ),
        _ => format!("checked {entries} and {pages} in {seconds:.2} s{warnings}: no errors"),
    };
    super::messages::note(&text);
}
