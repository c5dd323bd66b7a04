//! Handbooks of made-up norms, for measuring.
//!
//! Comes in: how many norms, and a seed. Goes out: files, one after the
//! other. The same numbers give the same bytes. The shape follows real
//! handbooks: a median of 450 words, sets of 10 to 70 norms that take up an
//! earlier set, a few norms and sources that are named very often, a
//! vocabulary in which few words are frequent and many are rare, annotations
//! on phrases, statements of actors, a glossary.

mod words;

use std::fmt::Write as _;

use self::words::{Random, TERMS};

/// How the text of an entry is made from its number.
type Text = fn(&Plan, usize) -> String;

/// What a handbook of a certain size holds.
pub(crate) struct Plan {
    seed: u64,
    /// The ids of the norms and the place of their sets.
    norms: Vec<(String, usize)>,
    /// Where each set begins, how many norms it has, and the earlier set that
    /// it takes up.
    sets: Vec<Set>,
    themes: usize,
    forums: usize,
    sources: usize,
    actors: usize,
    statements: usize,
}

struct Set {
    first: usize,
    norms: usize,
    model: Option<usize>,
}

const KINDS: [&str; 6] = [
    "interpretation",
    "drafting-history",
    "practice",
    "implementation",
    "controversy",
    "terminology",
];

impl Plan {
    /// Plans a handbook of `norms` norms.
    pub(crate) fn new(norms: usize, seed: u64) -> Plan {
        let mut random = Random::new(seed, 0);
        let mut plan = Plan {
            seed,
            norms: Vec::with_capacity(norms),
            sets: Vec::new(),
            themes: 12 + norms / 500,
            forums: 16 + norms / 1000,
            sources: norms / 10 + 5,
            actors: (20 + norms / 20).min(190),
            statements: norms / 20 + 2,
        };
        while plan.norms.len() < norms {
            let number = plan.sets.len();
            let first = plan.norms.len();
            let size = random.between(10, 70).min(norms - first);
            let model = (number > 0).then(|| random.popular(number));
            plan.sets.push(Set { first, norms: size, model });
            let ids = (0..size).map(|place| (format!("set-{number}/norm-{place}"), number));
            plan.norms.extend(ids);
        }
        plan
    }

    /// Hands every file to `sink`: its path below the handbook's root, and its
    /// text.
    ///
    /// # Errors
    /// Those of `sink`.
    pub(crate) fn files<E>(
        &self,
        sink: &mut dyn FnMut(&str, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        sink("normbook.toml", SETTINGS)?;
        let few: [(&str, usize, Text); 7] = [
            ("themes/theme", self.themes, Plan::theme),
            ("forums/forum", self.forums, Plan::forum),
            ("sources/source", self.sources, Plan::source),
            ("actors/actor", self.actors, Plan::actor),
            ("statements/statement", self.statements, Plan::statement),
            ("terms/term", TERMS.len(), Plan::term),
            ("pages/page", 2, Plan::page),
        ];
        for (path, count, text) in few {
            for number in 0..count {
                sink(&format!("content/{path}-{number}.md"), &text(self, number))?;
            }
        }
        for (number, (id, _)) in self.norms.iter().enumerate() {
            sink(&format!("content/norms/{id}.md"), &self.norm(number))?;
        }
        Ok(())
    }

    /// Random numbers of one entry, so that entries do not depend on each
    /// other's order.
    fn random(&self, kind: u64, number: usize) -> Random {
        Random::new(self.seed, kind << 32 | number as u64)
    }

    fn theme(&self, number: usize) -> String {
        let mut random = self.random(1, number);
        let broader = match number {
            0..6 => String::new(),
            _ => format!("broader: theme-{}\n", random.below(6)),
        };
        let (title, text) = (random.title(3), self.prose(&mut random, 70));
        format!("---\ntitle: {title} {number}\n{broader}---\n\n{text}\n")
    }

    fn forum(&self, number: usize) -> String {
        let mut random = self.random(2, number);
        let mut events = String::new();
        for _ in 0..random.between(1, 8) {
            let (date, title, source) =
                (random.date(), random.title(6), random.popular(self.sources));
            line(
                &mut events,
                format_args!("- {{date: {date}, title: {title}, source: source-{source}}}"),
            );
        }
        let (title, year) = (random.title(4), random.between(1995, 2020));
        let text = self.prose(&mut random, 90);
        format!(
            "---\ntitle: {title}\nabbreviation: F{number}\nestablished: {year}\n\
             events:\n{events}---\n\n{text}\n"
        )
    }

    fn source(&self, number: usize) -> String {
        let mut random = self.random(3, number);
        let kind = random.pick(&["report", "resolution", "treaty", "position-paper", "article"]);
        let (title, date, text) = (random.title(7), random.date(), random.text(40));
        let author = random.popular(self.actors);
        format!(
            "---\ntitle: {title}\nkind: {kind}\nsymbol: S/{number}/{}\nauthors: [actor-{author}]\n\
             date: {date}\nurl: https://example.org/documents/{number}\naccessed: 2026-11-02\n\
             ---\n\n{text}\n",
            random.between(1, 400)
        )
    }

    fn actor(&self, number: usize) -> String {
        let mut random = self.random(4, number);
        let title = random.title(2);
        let text = random.text(30);
        if number % 12 == 11 {
            let members: Vec<String> =
                (0..10).map(|at| format!("{{actor: actor-{}}}", number - 11 + at)).collect();
            let members = members.join(", ");
            return format!(
                "---\ntitle: {title} {number}\nkind: group\nmembers: [{members}]\n---\n\n{text}\n"
            );
        }
        format!("---\ntitle: {title} {number}\nkind: state\n---\n\n{text}\n")
    }

    fn statement(&self, number: usize) -> String {
        let mut random = self.random(5, number);
        let mut positions = String::new();
        let mut on: Vec<usize> = Vec::new();
        for _ in 0..random.between(2, 9) {
            let norm = random.popular(self.norms.len());
            if on.contains(&norm) {
                continue;
            }
            on.push(norm);
            let stance =
                random.pick(&["supports", "supports", "supports-in-part", "reserves", "opposes"]);
            let (quote, id) = (random.text(14), &self.norms[norm].0);
            line(
                &mut positions,
                format_args!("- {{on: {id}, stance: {stance}, quote: \"{quote}\"}}"),
            );
        }
        let (actor, source) = (random.popular(self.actors), random.popular(self.sources));
        let (title, date, forum) = (random.title(8), random.date(), random.below(self.forums));
        let text = self.prose(&mut random, 60);
        format!(
            "---\ntitle: {title}\nactors: [actor-{actor}]\ndate: {date}\nforum: forum-{forum}\n\
             source: source-{source}\npositions:\n{positions}---\n\n{text}\n"
        )
    }

    fn term(&self, number: usize) -> String {
        let mut random = self.random(6, number);
        let text = self.prose(&mut random, 60);
        format!("---\ntitle: {}\n---\n\n{text}\n", TERMS[number])
    }

    fn page(&self, number: usize) -> String {
        let mut random = self.random(7, number);
        let text = self.prose(&mut random, 300);
        format!("---\ntitle: {} {number}\nmenu: true\n---\n\n{text}\n", random.title(2))
    }

    fn norm(&self, number: usize) -> String {
        let mut random = self.random(8, number);
        let mut text = self.norm_front_matter(number, &mut random);
        let quote = self.quote(&mut text, &mut random);
        self.annotations(&mut text, &quote, &mut random);
        for _ in 0..random.between(2, 6) {
            line(&mut text, format_args!("## {}\n", random.title(4)));
            line(&mut text, format_args!("{}\n", self.prose(&mut random, 48)));
        }
        if random.below(3) == 0 {
            text.push_str("| Provision | Compared with |\n|---|---|\n");
            for _ in 0..random.between(2, 5) {
                let (cell, id, label) = (random.text(6), self.named(&mut random), random.title(2));
                line(&mut text, format_args!("| {cell} | [[{id}\\|{label}]] |"));
            }
            text.push('\n');
        }
        if random.below(2) == 0 {
            let (words, note) = (random.text(12), random.text(15));
            line(&mut text, format_args!("{words}[^1]\n\n[^1]: {note}"));
        }
        text
    }

    fn norm_front_matter(&self, number: usize, random: &mut Random) -> String {
        let set = &self.sets[self.norms[number].1];
        let place = number - set.first;
        let letter = char::from(b'a' + (place % 26) as u8);
        let mut text = format!("---\ntitle: {}\n", random.title(6));
        line(&mut text, format_args!("number: {}({letter})", place / 26 + 1));
        line(&mut text, format_args!("summary: {}", random.text(12)));
        line(
            &mut text,
            format_args!("status: {}", random.pick(&["proposed", "agreed", "in-force"])),
        );
        line(
            &mut text,
            format_args!("force: {}", random.pick(&["voluntary", "political", "binding"])),
        );
        line(
            &mut text,
            format_args!("modality: {}", random.pick(&["should", "should-not", "may"])),
        );
        text.push_str("addressees: [states, vendors]\n");
        let (theme, other) = (random.below(self.themes), random.popular(self.themes));
        match theme == other {
            true => line(&mut text, format_args!("themes: [theme-{theme}]")),
            false => line(&mut text, format_args!("themes: [theme-{theme}, theme-{other}]")),
        }
        let forum = random.popular(self.forums);
        line(&mut text, format_args!("forums: [forum-{forum}]\ndate: {}", random.date()));
        let source = random.popular(self.sources);
        line(&mut text, format_args!("source: {{ref: source-{source}, locator: para. {place}}}"));
        self.relations(&mut text, number, random);
        if random.below(3) == 0 {
            text.push_str("history:\n");
            for event in ["proposed", "adopted", "reaffirmed"].iter().take(random.between(1, 3)) {
                let (date, forum) = (random.date(), random.below(self.forums));
                line(
                    &mut text,
                    format_args!("- {{date: {date}, event: {event}, forum: forum-{forum}}}"),
                );
            }
        }
        line(&mut text, format_args!("reviewed: {}\n---\n", random.date()));
        text
    }

    /// Most norms take up one of their own set or of the set that theirs
    /// takes up as a whole.
    fn relations(&self, text: &mut String, number: usize, random: &mut Random) {
        let set = &self.sets[self.norms[number].1];
        let place = number - set.first;
        let kind = random.pick(&["reaffirms", "implements", "extends", "parallels"]);
        let to = match (random.below(10), set.model) {
            (0..3, Some(model)) => {
                let model = &self.sets[model];
                model.first + place * model.norms / set.norms
            }
            (3..6, _) if place > 0 => set.first + random.below(place),
            _ => return,
        };
        let (to, note) = (&self.norms[to].0, random.text(9));
        line(text, format_args!("relations:\n- {{type: {kind}, to: {to}, note: \"{note}\"}}"));
    }

    /// Writes the norm's own words; answers them.
    fn quote(&self, text: &mut String, random: &mut Random) -> Vec<String> {
        let paragraphs: Vec<String> = (0..random.between(1, 4)).map(|_| random.text(26)).collect();
        for (place, paragraph) in paragraphs.iter().enumerate() {
            let letter = char::from(b'a' + place as u8);
            let gap = if place > 0 { ">\n" } else { "" };
            line(text, format_args!("{gap}> ({letter}) {paragraph}"));
        }
        text.push('\n');
        paragraphs
    }

    fn annotations(&self, text: &mut String, quote: &[String], random: &mut Random) {
        let notes = random.below(4);
        if notes == 0 {
            return;
        }
        text.push_str("## Annotations\n\n");
        let all = quote.join(" ");
        for _ in 0..notes {
            let words: Vec<&str> = quote[random.below(quote.len())].split(' ').collect();
            let start = random.below(words.len().saturating_sub(6));
            let end = (start + random.between(3, 5)).min(words.len());
            let phrase = words[start..end].join(" ");
            let phrase = phrase.trim_matches(['.', ',']);
            if all.matches(phrase).count() != 1 {
                continue;
            }
            let (kind, date) = (random.pick(&KINDS), random.date());
            line(text, format_args!("### \"{phrase}\" {{.{kind} date={date}}}\n"));
            line(text, format_args!("{}\n", self.prose(random, 32)));
        }
    }

    /// A paragraph with a reference to a norm and a citation of a source.
    fn prose(&self, random: &mut Random, words: usize) -> String {
        let (before, between, after) =
            (random.text(words / 3), random.text(words / 3), random.text(words / 3));
        let (norm, source) = (self.named(random), random.popular(self.sources));
        let page = random.between(1, 80);
        format!(
            "{before} It goes further than [[{norm}]] does. {between} \
             So much for the report [@source-{source}, p. {page}]. {after}"
        )
    }

    /// The id of a norm that a text names.
    fn named(&self, random: &mut Random) -> &str {
        &self.norms[random.popular(self.norms.len())].0
    }
}

const SETTINGS: &str = "title = \"Generated handbook\"\n\
                        description = \"Made-up norms, for measuring\"\n\
                        base_url = \"https://example.org/\"\n";

/// Writes a line; a string takes everything.
fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    writeln!(text, "{words}").expect("invariant: writing to a string does not fail");
}
