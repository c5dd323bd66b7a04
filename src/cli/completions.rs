//! `normbook completions` and `normbook man`: the command line described for
//! shells and for readers, from the one description that reads it.

use std::error::Error;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::messages::output;

/// Prints a script that completes commands and options in a shell.
pub(super) fn completions(shell: Shell, mut command: Command) -> Result<bool, Box<dyn Error>> {
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    output(String::from_utf8(script)?.trim_end())?;
    Ok(true)
}

/// Prints the manual page (roff, section 1) of the program or of a command.
pub(super) fn man(name: Option<&str>, mut command: Command) -> Result<bool, Box<dyn Error>> {
    command.build();
    let command = match name {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| {
            format!("there is no command `{name}`; `normbook --help` lists them all")
        })?,
    };
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    output(String::from_utf8(page)?.trim_end())?;
    Ok(true)
}
