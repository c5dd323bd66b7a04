//! Made-up sentences.

/// Numbers that look random and are the same every time (xorshift64,
/// Marsaglia 2003, after a step of splitmix64 that spreads the seed).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64, stream: u64) -> Random {
        let mut mixed =
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        Random((mixed ^ mixed >> 31) | 1)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % limit.max(1) as u64) as usize
    }

    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most + 1 - least)
    }

    /// Small numbers come much more often than large ones.
    pub(super) fn popular(&mut self, limit: usize) -> usize {
        let first = self.below(limit);
        let second = self.below(first + 1);
        self.below(second + 1)
    }

    pub(super) fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    pub(super) fn date(&mut self) -> String {
        let (year, month) = (self.between(1995, 2026), self.between(1, 10));
        match self.below(4) {
            0 => format!("{year}"),
            1 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{:02}", self.between(1, 28)),
        }
    }

    /// A title of so many words with a capital.
    pub(super) fn title(&mut self, words: usize) -> String {
        let mut title = String::new();
        for place in 0..words {
            if place > 0 {
                title.push(' ');
            }
            self.word(&mut title);
        }
        capital(&mut title, 0);
        title
    }

    /// Sentences of about so many words in all.
    pub(super) fn text(&mut self, words: usize) -> String {
        let mut text = String::with_capacity(words * 9);
        let mut left = words;
        while left > 0 {
            let length = self.between(9, 24).min(left);
            left -= length;
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            for place in 0..length {
                if place > 0 {
                    text.push_str(if place > 4 && self.below(12) == 0 { ", " } else { " " });
                }
                self.word(&mut text);
            }
            capital(&mut text, start);
            text.push('.');
        }
        text
    }

    fn word(&mut self, text: &mut String) {
        match self.below(100) {
            0..36 => text.push_str(self.pick(SMALL)),
            36..80 => {
                let limit = self.below(DOMAIN.len());
                text.push_str(DOMAIN[self.below(limit + 1)]);
            }
            80..83 => text.push_str(self.pick(TERMS)),
            _ => self.rare(text),
        }
    }

    /// One of some 8,000 rare words, built of syllables.
    fn rare(&mut self, text: &mut String) {
        let number = self.popular(ONSETS.len() * RHYMES.len() * ENDINGS.len());
        text.push_str(ONSETS[number % ONSETS.len()]);
        text.push_str(RHYMES[number / ONSETS.len() % RHYMES.len()]);
        text.push_str(ENDINGS[number / ONSETS.len() / RHYMES.len()]);
    }
}

fn capital(text: &mut str, at: usize) {
    if let Some(first) = text.get_mut(at..at + 1) {
        first.make_ascii_uppercase();
    }
}

const SMALL: &[&str] = &[
    "the", "the", "the", "of", "of", "and", "and", "to", "in", "in", "a", "that", "for", "by",
    "with", "on", "as", "is", "are", "not", "or", "its", "their", "from", "at", "which", "be",
    "has", "this", "under", "such", "all", "no", "other", "between", "through",
];

/// Frequent words, the most frequent first.
pub(super) const DOMAIN: &[&str] = &[
    "states",
    "information",
    "technologies",
    "security",
    "international",
    "law",
    "should",
    "cooperation",
    "infrastructure",
    "measures",
    "norm",
    "conduct",
    "stability",
    "territory",
    "obligation",
    "report",
    "response",
    "integrity",
    "networks",
    "data",
    "incident",
    "consensus",
    "practice",
    "sovereignty",
    "access",
    "services",
    "assistance",
    "capacity",
    "development",
    "protection",
    "confidence",
    "responsible",
    "voluntary",
    "peaceful",
    "settlement",
    "dispute",
    "threat",
    "force",
    "human",
    "rights",
    "privacy",
    "public",
    "private",
    "sector",
    "dialogue",
    "regional",
    "framework",
    "principle",
    "rule",
    "treaty",
    "resolution",
    "group",
    "experts",
    "working",
    "mandate",
    "adoption",
    "review",
    "wording",
    "proposal",
    "draft",
    "annex",
    "evidence",
    "jurisdiction",
    "investigation",
    "request",
    "notification",
    "contact",
    "emergency",
    "computer",
    "malicious",
    "activity",
    "harm",
    "damage",
    "civilian",
    "objects",
    "neutrality",
    "election",
    "financial",
    "health",
    "energy",
    "cable",
    "satellite",
    "encryption",
    "software",
    "hardware",
    "product",
    "vendor",
    "disclosure",
    "update",
    "standard",
    "risk",
    "assessment",
    "training",
    "education",
    "research",
    "transparency",
    "accountability",
    "interpretation",
    "implementation",
    "reservation",
    "position",
    "statement",
    "delegation",
];

/// The words of the glossary.
pub(super) const TERMS: &[&str] = &[
    "due diligence",
    "supply chain",
    "critical infrastructure",
    "attribution",
    "countermeasure",
    "proxy",
    "vulnerability",
    "point of contact",
    "confidence building",
    "capacity building",
    "non-intervention",
    "use of force",
    "armed attack",
    "self-defence",
    "jurisdiction over data",
    "mutual assistance",
    "emergency response team",
    "code of conduct",
    "common good",
    "digital divide",
    "hidden function",
    "state responsibility",
    "good faith",
    "transit State",
    "lawful access",
    "content regulation",
    "data localisation",
    "public core",
    "soft law",
    "consensus report",
];

const ONSETS: &[&str] = &[
    "ab", "ad", "al", "ar", "bal", "ber", "cal", "cen", "col", "con", "cor", "dal", "dis", "el",
    "em", "fer", "fin", "gar", "gen", "hor", "im", "lam", "len", "mar", "men", "mol", "nar", "nor",
    "ob", "par", "per", "pol", "pre", "ral", "ser", "sub", "tal", "ter", "ul", "ver",
];

const RHYMES: &[&str] = &[
    "a", "an", "at", "e", "ect", "el", "er", "i", "ic", "in", "it", "o", "on", "or", "u", "ul",
    "um", "ur", "ess", "ist",
];

const ENDINGS: &[&str] =
    &["al", "ance", "ated", "ation", "ed", "ence", "ing", "ism", "ity", "ment"];
