//! The raw limit: reads every body, parses it, writes it as a file. Whatever
//! a site generator does comes on top of this.

use std::fs;
use std::io;
use std::path::Path;

use pulldown_cmark::{Options, Parser, html};
use walkdir::WalkDir;

pub(crate) fn build(root: &Path, out: &Path) -> io::Result<()> {
    let content = root.join("content");
    for entry in WalkDir::new(&content) {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let text = fs::read_to_string(entry.path())?;
        let body = text.splitn(3, "---\n").nth(2).unwrap_or(&text);
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
        let mut page = String::with_capacity(body.len() * 2);
        html::push_html(&mut page, Parser::new_ext(body, options));
        let below = entry.path().strip_prefix(&content).map_err(io::Error::other)?;
        let folder = out.join(below.with_extension(""));
        if let Err(error) = fs::create_dir(&folder)
            && error.kind() == io::ErrorKind::NotFound
        {
            fs::create_dir_all(&folder)?;
        }
        fs::write(folder.join("index.html"), page)?;
    }
    Ok(())
}
