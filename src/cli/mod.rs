//! The command line: what was typed, what is printed, exit statuses. Part of
//! the rim.
//!
//! Exit status 0: done. 1: the handbook has errors, and nothing in the output
//! folder was changed. 2: wrong usage, or the world failed.

mod build;
mod completions;
mod explain;
mod external;
mod init;
mod lock;
mod messages;
mod new;
mod progress;
mod rename;
mod schema;
mod serve;

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::config::is_base_url;
use crate::date::PartialDate;
use crate::id::Kind;

/// Publishes an annotated handbook of norms as a website.
#[derive(Debug, Parser)]
#[command(name = "normbook", version, about)]
struct Typed {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the site of the handbook
    Build(BuildArgs),
    /// Look for mistakes without writing anything
    Check(CheckArgs),
    /// Show the site in the browser and follow every change
    Serve(ServeArgs),
    /// Start a handbook: a small one that builds, in a new folder
    Init(InitArgs),
    /// Start an entry from a skeleton
    New(NewArgs),
    /// Give an entry a new id, everywhere it is referred to
    Rename(RenameArgs),
    /// Print the JSON Schema of front matters, with this handbook's own words
    Schema(SchemaArgs),
    /// Record the published addresses, so that none is lost by accident
    Lock(LockArgs),
    /// Explain a message by its code, or list all codes
    Explain(ExplainArgs),
    /// Print the completions of this program for a shell
    Completions(CompletionsArgs),
    /// Print the manual page of this program, or of one of its commands
    Man(ManArgs),
}

#[derive(Debug, Args)]
struct InitArgs {
    /// The folder to make; one that is there must be empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

#[derive(Debug, Args)]
struct NewArgs {
    /// What to start
    #[arg(value_name = "KIND", value_parser = kind())]
    kind: Kind,
    /// Its id: lower-case letters, digits, `-` and `.`, with `/` between folders
    #[arg(value_name = "ID")]
    id: String,
    /// The handbook's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

#[derive(Debug, Args)]
struct RenameArgs {
    /// The entry, as in references: un/1 or theme:trust; with / at its end a folder
    #[arg(value_name = "OLD")]
    old: String,
    /// Its new id
    #[arg(value_name = "NEW")]
    new: String,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// The handbook's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

#[derive(Debug, Args)]
struct SchemaArgs {
    /// The kind of entry [default: all, in one document]
    #[arg(value_name = "KIND", value_parser = kind())]
    kind: Option<Kind>,
    /// Write the schemas, and snippets that complete, where VS Code looks for them
    #[arg(long, conflicts_with = "kind")]
    vscode: bool,
    /// The handbook's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

#[derive(Debug, Args)]
struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
struct ManArgs {
    /// One of the commands
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

/// Reads a kind by its name.
fn kind() -> impl TypedValueParser<Value = Kind> {
    let names = PossibleValuesParser::new(Kind::ALL.map(Kind::name));
    names.map(|name| name.parse().expect("invariant: only names of kinds are let through"))
}

#[derive(Debug, Args)]
struct ExplainArgs {
    /// The code in the square brackets of a message, such as unknown-field
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

#[derive(Debug, Args)]
struct BuildArgs {
    #[command(flatten)]
    common: Common,
    /// The folder for the site [default: ROOT/public]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The address where the site will stand, before that of normbook.toml
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<String>,
    /// Print how long each phase took, on the clock and on all cores
    #[arg(long)]
    timings: bool,
}

#[derive(Debug, Args)]
struct CheckArgs {
    #[command(flatten)]
    common: Common,
    /// Also render all pages and follow every link in them, as at the root of a
    /// server, below a folder of one, and from disk
    #[arg(long)]
    portable: bool,
    /// Also ask for every address on the web that entries name; those that were
    /// good within the last seven days are not asked again
    #[arg(long)]
    external: bool,
    /// Milliseconds between two questions to one host
    #[arg(long, value_name = "MS", default_value_t = 1_000, requires = "external", hide = true)]
    external_pause: u64,
    /// Milliseconds that a question may take
    #[arg(long, value_name = "MS", default_value_t = 20_000, requires = "external", hide = true)]
    external_timeout: u64,
}

#[derive(Debug, Args)]
struct LockArgs {
    /// The handbook's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Write nothing; fail when an address of the site is not recorded
    #[arg(long)]
    check: bool,
    /// Give up a published address, such as norms/old/ or norms/a/#p2
    #[arg(long, value_name = "ADDRESS", conflicts_with = "check")]
    accept: Vec<String>,
    /// How messages are printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = MessageFormat::Human)]
    message_format: MessageFormat,
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// The handbook's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The address to listen on; 0.0.0.0 lets other machines in
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1", value_parser = host)]
    host: IpAddr,
    /// The port; without it 4400, or the next free one
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
    /// Look for changes in intervals, where the system does not tell of them
    #[arg(long)]
    poll: bool,
    /// The address that opens a file in your editor, before that of
    /// normbook.toml, such as vscode://file/{path}:{line}:{column}
    #[arg(long, value_name = "URL")]
    editor: Option<String>,
}

#[derive(Debug, Args)]
struct Common {
    /// The handbook's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Take drafts into the site
    #[arg(long)]
    drafts: bool,
    /// Treat warnings as errors
    #[arg(long)]
    deny_warnings: bool,
    /// How messages are printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = MessageFormat::Human)]
    message_format: MessageFormat,
}

/// How messages are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// With the lines they speak of, on standard error
    Human,
    /// A line each, on standard error
    Short,
    /// An object a line, on standard output
    Json,
}

fn host(text: &str) -> Result<IpAddr, String> {
    let text = if text == "localhost" { "127.0.0.1" } else { text };
    text.parse().map_err(|_| "write it in numbers, such as 127.0.0.1 or 0.0.0.0".to_owned())
}

fn base_url(text: &str) -> Result<String, String> {
    let good = is_base_url(text);
    good.then(|| text.to_owned())
        .ok_or_else(|| "write it such as https://example.org/handbook/".to_owned())
}

/// Does what was typed.
pub fn run() -> ExitCode {
    let result = match Typed::parse().command {
        Command::Build(args) => build::build(&build::Job::of_build(args)),
        Command::Check(args) => build::build(&build::Job::of_check(args)),
        Command::Init(args) => init::init(&args.folder),
        Command::New(args) => new::new(args.kind, &args.id, &args.root),
        Command::Rename(RenameArgs { old, new, dry_run, root }) => {
            rename::rename(&rename::Rename { old: &old, new: &new, root: &root, dry_run })
        }
        Command::Schema(args) if args.vscode => schema::write(&args.root),
        Command::Schema(args) => schema::print(args.kind, &args.root),
        Command::Lock(args) => lock::lock(&args),
        Command::Serve(args) => serve::serve(args),
        Command::Explain(args) => explain::explain(args.code.as_deref()),
        Command::Completions(args) => completions::completions(args.shell, Typed::command()),
        Command::Man(args) => completions::man(args.command.as_deref(), Typed::command()),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            messages::failure(&*error);
            ExitCode::from(2)
        }
    }
}

/// The day on which the handbook is built: that of `SOURCE_DATE_EPOCH` for
/// reproducible builds (reproducible-builds.org), else today.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
fn today() -> PartialDate {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let epoch = epoch.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    let instant = epoch.unwrap_or_else(jiff::Timestamp::now);
    let date = jiff::tz::Offset::UTC.to_datetime(instant).date();
    PartialDate::day(date.year(), date.month(), date.day())
        .expect("invariant: a day of the calendar is a date")
}
