//! The program `normbook`: what was typed goes in, an exit status comes out.

use std::process::ExitCode;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    normbook::cli::run()
}
