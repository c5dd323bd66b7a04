//! The sections of a body, for a table of contents.

use serde::Serialize;

/// A section of a body, with those below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The link to its heading on the same page.
    pub href: String,
    /// The heading without mark-up.
    pub title: String,
    /// The sections one level below; deeper ones are left out.
    pub sections: Vec<Section>,
}

/// Nests sections two levels deep, given each one's level in the page.
pub(super) fn nest(flat: impl IntoIterator<Item = (u8, Section)>) -> Vec<Section> {
    let mut nested: Vec<(u8, Section)> = Vec::new();
    for (level, section) in flat {
        match nested.last_mut() {
            Some((above, parent)) if level == *above + 1 => parent.sections.push(section),
            Some((above, _)) if level > *above => {}
            _ => nested.push((level, section)),
        }
    }
    nested.into_iter().map(|(_, section)| section).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contents_list_is_two_levels_deep() {
        let flat = [(2, "a"), (3, "b"), (4, "c"), (3, "d"), (2, "e")].map(|(level, title)| {
            (level, Section { href: format!("#{title}"), title: title.into(), sections: vec![] })
        });
        let nested = nest(flat);
        let titles = |sections: &[Section]| -> Vec<String> {
            sections.iter().map(|section| section.title.clone()).collect()
        };
        assert_eq!(titles(&nested), ["a", "e"]);
        assert_eq!(titles(&nested[0].sections), ["b", "d"]);
    }
}
