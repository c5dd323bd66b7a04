//! Heading levels as a page needs them: below the page's own headings, and
//! without a gap.

/// Settles the levels of the headings of one region, in order.
#[derive(Debug, Default)]
pub(super) struct Levels {
    base: u8,
    open: Vec<u8>,
}

impl Levels {
    /// Levels for a region whose highest heading has the level `base`.
    pub(super) fn new(base: u8) -> Levels {
        Levels { base, open: Vec::new() }
    }

    /// The level of the next heading, given its level as written.
    pub(super) fn settle(&mut self, written: u8) -> u8 {
        while self.open.last().is_some_and(|open| *open >= written) {
            self.open.pop();
        }
        let level = self.base + self.open.len() as u8;
        self.open.push(written);
        level.min(6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_level_is_skipped() {
        let mut levels = Levels::new(2);
        let settled: Vec<u8> = [1, 4, 4, 2, 6, 1].map(|level| levels.settle(level)).to_vec();
        assert_eq!(settled, [2, 3, 3, 3, 4, 2]);
    }
}
