//! Compares what is about to be written with what stands there, without having
//! either in memory. Part of the rim: it touches the disk.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it touches the disk")]

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

/// Whether a file stands there with just the bytes that `write` writes.
pub(super) fn stands_there(place: &Path, write: &dyn Fn(&mut dyn Write) -> io::Result<()>) -> bool {
    let is_file = fs::symlink_metadata(place).is_ok_and(|meta| meta.is_file());
    let file = File::open(place).ok().filter(|_| is_file);
    file.is_some_and(|file| {
        let mut compared = Compared(BufReader::with_capacity(64 * 1024, file));
        write(&mut compared).is_ok() && compared.0.fill_buf().is_ok_and(<[u8]>::is_empty)
    })
}

/// Takes what is written only as long as it is what stands in a file.
struct Compared(BufReader<File>);

impl Write for Compared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let there = self.0.fill_buf()?;
        let length = bytes.len().min(there.len());
        if bytes[..length] != there[..length] {
            return Err(io::Error::other("the file differs"));
        }
        self.0.consume(length);
        // Nothing taken, as at the end of the file, is an error to the writer.
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
