//! The cells of tables. A column's alignment becomes a class, since a strict
//! policy of a web server forbids the inline styles of pulldown-cmark's own
//! writer, and the cells of the first row head their columns.

use pulldown_cmark::Alignment;

/// The columns of the table that is being written.
#[derive(Default)]
pub(super) struct Columns {
    alignments: Vec<Alignment>,
    /// The column of the next cell.
    next: usize,
    in_head: bool,
}

impl Columns {
    pub(super) fn new(alignments: Vec<Alignment>) -> Columns {
        Columns { alignments, next: 0, in_head: true }
    }

    pub(super) fn begin_row(&mut self) {
        self.next = 0;
    }

    pub(super) fn end_head(&mut self) {
        self.in_head = false;
    }

    /// Writes the start tag of the row's next cell.
    pub(super) fn open_cell(&mut self, out: &mut String) {
        let alignment = self.alignments.get(self.next).copied().unwrap_or(Alignment::None);
        self.next += 1;
        let class = match alignment {
            Alignment::None => "",
            Alignment::Left => " class=\"left\"",
            Alignment::Center => " class=\"center\"",
            Alignment::Right => " class=\"right\"",
        };
        let tag = if self.in_head { "<th scope=\"col\"" } else { "<td" };
        out.extend([tag, class, ">"]);
    }

    pub(super) fn close_cell(&self) -> &'static str {
        if self.in_head { "</th>" } else { "</td>" }
    }
}
