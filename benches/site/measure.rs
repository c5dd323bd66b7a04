//! Runs a program and tells what it used.

use std::error::Error;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;
use walkdir::WalkDir;

/// What a program used, as the kernel counted it.
#[derive(Clone, Debug)]
pub(crate) struct Usage {
    /// Time on all cores in the program itself.
    pub(crate) user: Duration,
    /// Time on all cores in the kernel for the program.
    pub(crate) system: Duration,
    /// Time on the clock.
    pub(crate) wall: Duration,
    /// The most memory it had, in bytes.
    pub(crate) peak: u64,
    /// What it wrote to standard error.
    pub(crate) stderr: String,
}

impl Usage {
    /// Seconds on all cores.
    pub(crate) fn processor(&self) -> f64 {
        (self.user + self.system).as_secs_f64()
    }
}

/// Runs a command to its end.
///
/// # Errors
/// When it cannot be run, or fails.
pub(crate) fn run(command: &mut Command) -> Result<Usage, Box<dyn Error>> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut stderr = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_to_string(&mut stderr)?;
    }
    let used = child.wait4()?;
    let wall = start.elapsed();
    if !used.status.success() {
        return Err(format!("{command:?} failed:\n{stderr}").into());
    }
    let rusage = used.rusage;
    Ok(Usage { user: rusage.utime, system: rusage.stime, wall, peak: rusage.maxrss, stderr })
}

/// Measures several times; the time with the least use of the processor counts.
///
/// # Errors
/// The first of `once`.
pub(crate) fn best_of(
    times: usize,
    mut once: impl FnMut() -> Result<Usage, Box<dyn Error>>,
) -> Result<Usage, Box<dyn Error>> {
    let mut best = once()?;
    for _ in 1..times {
        let usage = once()?;
        if usage.processor() < best.processor() {
            best = usage;
        }
    }
    Ok(best)
}

/// How many files a folder holds, and how many bytes.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn tree(folder: &Path) -> Result<(usize, u64), Box<dyn Error>> {
    let (mut files, mut bytes) = (0, 0);
    for entry in WalkDir::new(folder) {
        let meta = entry?.metadata()?;
        if meta.is_file() {
            files += 1;
            bytes += meta.len();
        }
    }
    Ok((files, bytes))
}
