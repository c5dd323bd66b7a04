//! How every actor stands to every norm, by its own statements and by those
//! of its groups.
//!
//! Comes in: the linked handbook. Goes out: [`Stances`], computed once for a
//! build. A group's statement counts for its members on the dates of their
//! membership, and for the members of a group that is itself a member; it
//! never stands before what an actor said itself. Nothing is added up or
//! judged here: a stance is always one position of one statement.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Linked;
use crate::date::PartialDate;
use crate::id::Kind;
use crate::model::{EntryIx, Handbook};
use crate::parse::front_matter::{Actor, Membership, Meta, Position, Statement};

/// The kind of actor whose statements count for its members.
const GROUP: &str = "group";

/// One position of one statement, as one actor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stance {
    /// The norm.
    pub norm: EntryIx,
    /// The actor.
    pub actor: EntryIx,
    /// The statement.
    pub statement: EntryIx,
    /// Which of the statement's positions, from 0.
    pub position: usize,
    /// The groups that spoke for the actor, in the order of the index; none
    /// when it spoke itself.
    pub groups: Vec<EntryIx>,
}

impl Stance {
    /// Whether the actor spoke itself.
    pub fn is_own(&self) -> bool {
        self.groups.is_empty()
    }

    /// The words that the stance rests on.
    ///
    /// # Panics
    /// When the handbook is another one.
    pub fn said<'a>(&self, handbook: &'a Handbook) -> (&'a Statement, &'a Position) {
        let statement = statement(handbook, self.statement);
        (statement, &statement.positions[self.position])
    }
}

/// A statement that counts for an actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// The statement.
    pub statement: EntryIx,
    /// The actor.
    pub actor: EntryIx,
    /// The groups that spoke for the actor, as in [`Stance::groups`].
    pub groups: Vec<EntryIx>,
}

/// All stances of a handbook, found by norm and by actor.
#[derive(Clone, Debug, Default)]
pub struct Stances {
    by_norm: BTreeMap<EntryIx, Vec<Stance>>,
    by_actor: BTreeMap<EntryIx, Vec<Stance>>,
    of_statement: BTreeMap<EntryIx, Vec<Voice>>,
    of_actor: BTreeMap<EntryIx, Vec<Voice>>,
}

impl Stances {
    /// The stances on a norm, actor by actor in the order of the index. The
    /// first of an actor is the one that represents it: its own before its
    /// groups', the newest before older and undated ones.
    pub fn on(&self, norm: EntryIx) -> impl Iterator<Item = &[Stance]> {
        let stances = self.by_norm.get(&norm).map_or(&[][..], Vec::as_slice);
        stances.chunk_by(|a, b| a.actor == b.actor)
    }

    /// The stances of an actor, norm by norm in the order of the index; of a
    /// norm in the order of [`Stances::on`].
    pub fn of(&self, actor: EntryIx) -> impl Iterator<Item = &[Stance]> {
        let stances = self.by_actor.get(&actor).map_or(&[][..], Vec::as_slice);
        stances.chunk_by(|a, b| a.norm == b.norm)
    }

    /// The actors that a statement counts for, those that made it first.
    pub fn voices(&self, statement: EntryIx) -> &[Voice] {
        self.of_statement.get(&statement).map_or(&[], Vec::as_slice)
    }

    /// The statements that count for an actor, newest first, undated last.
    pub fn heard(&self, actor: EntryIx) -> &[Voice] {
        self.of_actor.get(&actor).map_or(&[], Vec::as_slice)
    }

    /// Whether no statement says anything about any norm.
    pub fn is_empty(&self) -> bool {
        self.by_norm.is_empty()
    }
}

/// Works out who stands how to what.
pub fn of(linked: &Linked) -> Stances {
    let handbook = &linked.handbook;
    let rank = |kind: Kind| -> BTreeMap<EntryIx, usize> {
        handbook.of(kind).iter().enumerate().map(|(place, ix)| (*ix, place)).collect()
    };
    let (actors, norms) = (rank(Kind::Actor), rank(Kind::Norm));
    let groups = groups(linked);
    let mut stances = Stances::default();
    for ix in newest_first(handbook) {
        let statement = statement(handbook, ix);
        let voices = voices(linked, &groups, ix, &actors);
        for (position, said) in statement.positions.iter().enumerate() {
            let Some(norm) = linked.refers(ix, &said.on) else { continue };
            for Voice { statement, actor, groups } in voices.iter().cloned() {
                let stance = Stance { norm, actor, statement, position, groups };
                stances.by_norm.entry(norm).or_default().push(stance.clone());
                stances.by_actor.entry(actor).or_default().push(stance);
            }
        }
        for voice in &voices {
            stances.of_actor.entry(voice.actor).or_default().push(voice.clone());
        }
        stances.of_statement.insert(ix, voices);
    }
    // The sorts are stable: within an actor and a norm the newest stay first.
    for stances in stances.by_norm.values_mut() {
        stances.sort_by_key(|stance| (actors.get(&stance.actor), !stance.is_own()));
    }
    for stances in stances.by_actor.values_mut() {
        stances.sort_by_key(|stance| (norms.get(&stance.norm), !stance.is_own()));
    }
    stances
}

/// All statements: the newest first, of one day the later in the index first,
/// undated ones last.
fn newest_first(handbook: &Handbook) -> Vec<EntryIx> {
    let mut statements: Vec<EntryIx> = handbook.of(Kind::Statement).to_vec();
    statements.reverse();
    statements.sort_by_key(|ix| Reverse(statement(handbook, *ix).date));
    statements
}

/// The actors that a statement counts for, in the order of the index: those
/// that made it, then the members of the groups among them.
fn voices(
    linked: &Linked,
    groups: &BTreeMap<EntryIx, Vec<Seat<'_>>>,
    ix: EntryIx,
    rank: &BTreeMap<EntryIx, usize>,
) -> Vec<Voice> {
    let statement = statement(&linked.handbook, ix);
    let mut speakers: Vec<EntryIx> =
        statement.actors.iter().filter_map(|actor| linked.refers(ix, actor)).collect();
    speakers.sort_by_key(|actor| rank.get(actor));
    speakers.dedup();
    let mut members: BTreeMap<(usize, EntryIx), Vec<EntryIx>> = BTreeMap::new();
    for speaker in &speakers {
        for member in members_at(groups, *speaker, When::of(statement.date)) {
            if !speakers.contains(&member) {
                let place = rank.get(&member).copied().unwrap_or(usize::MAX);
                members.entry((place, member)).or_default().push(*speaker);
            }
        }
    }
    let own = speakers.iter().map(|actor| (*actor, Vec::new()));
    let members = members.into_iter().map(|((_, actor), groups)| (actor, groups));
    let voice = |(actor, groups)| Voice { statement: ix, actor, groups };
    own.chain(members).map(voice).collect()
}

/// A place in a group.
struct Seat<'a> {
    member: EntryIx,
    membership: &'a Membership,
}

/// The members of every group.
fn groups(linked: &Linked) -> BTreeMap<EntryIx, Vec<Seat<'_>>> {
    let handbook = &linked.handbook;
    let actors = handbook.of(Kind::Actor).iter().map(|ix| (*ix, actor(handbook, *ix)));
    let groups = actors.filter(|(_, actor)| actor.kind.as_ref().is_some_and(|k| **k == GROUP));
    let seats = groups.map(|(ix, actor)| {
        let seats = actor.members.iter().filter_map(|membership| {
            Some(Seat { member: linked.refers(ix, &membership.actor)?, membership })
        });
        (ix, seats.collect())
    });
    seats.collect()
}

/// The days on which somebody spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    /// Nobody knows.
    Undated,
    /// One of the days from the first to the last.
    Days(PartialDate, PartialDate),
}

impl When {
    fn of(date: Option<PartialDate>) -> When {
        date.map_or(When::Undated, |date| When::Days(date.first_day(), date.last_day()))
    }

    /// The days that fall into a membership; nothing when none do. What is
    /// undated falls only into a membership without bounds.
    fn during(self, membership: &Membership) -> Option<When> {
        let from = membership.from.map(PartialDate::first_day);
        let to = membership.to.map(PartialDate::last_day);
        match self {
            When::Undated => (from.is_none() && to.is_none()).then_some(When::Undated),
            When::Days(first, last) => {
                let first = from.map_or(first, |from| from.max(first));
                let last = to.map_or(last, |to| to.min(last));
                (first <= last).then_some(When::Days(first, last))
            }
        }
    }
}

/// The members of a group at a time, and those of the groups among them. The
/// time narrows from membership to membership: who left a group before it
/// joined another never spoke through that other one. Each actor is visited
/// once for each span of days, so groups that hold each other come to an end.
fn members_at(
    groups: &BTreeMap<EntryIx, Vec<Seat<'_>>>,
    group: EntryIx,
    when: When,
) -> BTreeSet<EntryIx> {
    let mut seen: BTreeSet<(EntryIx, When)> = BTreeSet::new();
    let mut open = vec![(group, when)];
    while let Some((actor, when)) = open.pop() {
        if !seen.insert((actor, when)) {
            continue;
        }
        let seats = groups.get(&actor).map_or(&[][..], Vec::as_slice);
        let present = |seat: &Seat<'_>| Some((seat.member, when.during(seat.membership)?));
        open.extend(seats.iter().filter_map(present));
    }
    seen.into_iter().map(|(actor, _)| actor).filter(|actor| *actor != group).collect()
}

fn statement(handbook: &Handbook, ix: EntryIx) -> &Statement {
    match &handbook.entry(ix).doc.meta {
        Meta::Statement(statement) => statement,
        _ => unreachable!("invariant: asked for a statement's place"),
    }
}

fn actor(handbook: &Handbook, ix: EntryIx) -> &Actor {
    match &handbook.entry(ix).doc.meta {
        Meta::Actor(actor) => actor,
        _ => unreachable!("invariant: asked for an actor's place"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Config;
    use crate::id::Key;
    use crate::model::{self, Parts};
    use crate::parse;
    use crate::path::SourcePath;
    use crate::read::Source;

    /// A handbook of actors and statements on the norms `n` and `m`.
    fn handbook(actors: &[(&str, &str)], statements: &[(&str, &str)]) -> Linked {
        let actors = actors.iter().map(|(id, meta)| (Kind::Actor, *id, *meta));
        let statements = statements.iter().map(|(id, meta)| (Kind::Statement, *id, *meta));
        let norms = ["m", "n"].map(|id| (Kind::Norm, id, ""));
        let docs = norms.into_iter().chain(actors).chain(statements).map(|(kind, id, meta)| {
            let text = format!("---\ntitle: {id}\n{meta}\n---\n\nBody.\n");
            let path = SourcePath::new(format!("content/{}/{id}.md", kind.folder()));
            let doc = parse::parse(&Source::new(path, text.into_bytes()), kind);
            assert_eq!(doc.diagnostics, [], "{id}");
            Arc::new(doc.value)
        });
        let handbook = model::assemble(Parts {
            docs: docs.collect(),
            assets: Vec::new(),
            config: Config::default(),
            today: PartialDate::day(2026, 11, 23).expect("a day"),
            drafts: false,
        });
        let linked = super::super::resolve(Arc::new(handbook.value), None);
        assert_eq!(linked.diagnostics, []);
        linked.value
    }

    fn find(linked: &Linked, kind: Kind, id: &str) -> EntryIx {
        linked.handbook.find(&Key { kind, id: id.parse().expect(id) }).expect(id)
    }

    /// The stances on the norm `n`: `actor stance statement`, and the groups.
    fn on_n(linked: &Linked) -> Vec<String> {
        let id = |ix: &EntryIx| linked.handbook.entry(*ix).key.id.to_string();
        let show = |stance: &Stance| {
            let (_, position) = stance.said(&linked.handbook);
            let groups: String = stance.groups.iter().map(|g| format!(" as {}", id(g))).collect();
            let (actor, statement) = (id(&stance.actor), id(&stance.statement));
            format!("{actor} {} {statement}{groups}", position.stance.value)
        };
        linked.stances.on(find(linked, Kind::Norm, "n")).flatten().map(show).collect()
    }

    #[track_caller]
    fn check(actors: &[(&str, &str)], statements: &[(&str, &str)], expected: &[&str]) {
        assert_eq!(on_n(&handbook(actors, statements)), expected);
    }

    const STATE: &str = "kind: state";

    fn said(actors: &str, date: &str, stance: &str) -> String {
        let date = if date.is_empty() { String::new() } else { format!("date: {date}\n") };
        format!("actors: [{actors}]\n{date}positions: [{{on: n, stance: {stance}}}]")
    }

    /// Whether a statement of the group `g` on `date` counts for the member
    /// `a` with these dates of membership.
    #[track_caller]
    fn covers(membership: &str, date: &str, expected: bool) {
        let members = format!("kind: group\nmembers: [{{actor: a{membership}}}]");
        let linked =
            handbook(&[("a", STATE), ("g", &members)], &[("s", &said("g", date, "supports"))]);
        let covered = on_n(&linked).contains(&"a supports s as g".to_owned());
        assert_eq!(covered, expected, "{membership} {date}");
    }

    #[test]
    fn a_membership_covers_the_statements_of_its_time() {
        covers("", "2015", true);
        covers(", from: 2015-07-22", "2015-07-22", true);
        covers(", from: 2015-07-23", "2015-07-22", false);
        covers(", to: 2015-07-22", "2015-07-22", true);
        covers(", to: 2015-07-21", "2015-07-22", false);
        covers(", from: 2014, to: 2016", "2015-07", true);
        covers(", from: 2016, to: 2014", "2015-07", false);
    }

    #[test]
    fn partial_dates_overlap_when_a_day_is_in_both() {
        covers(", from: 2015-07", "2015", true);
        covers(", to: 2015", "2015-12-31", true);
        covers(", to: 2015-02", "2015-02-28", true);
        covers(", to: 2015-02", "2015-03", false);
        covers(", from: 2016", "2015", false);
    }

    #[test]
    fn an_undated_statement_counts_only_for_members_without_dates() {
        covers("", "", true);
        covers(", from: 2015", "", false);
        covers(", to: 2015", "", false);
    }

    #[test]
    fn only_groups_speak_for_their_members() {
        let organisation = ("g", "kind: organisation\nmembers: [{actor: a}]");
        let said = said("g", "2015", "supports");
        check(&[("a", STATE), organisation], &[("s", &said)], &["g supports s"]);
    }

    #[test]
    fn members_of_members_are_covered_without_looping() {
        let actors = [
            ("a", STATE),
            ("inner", "kind: group\nmembers: [{actor: a}, {actor: outer}]"),
            ("outer", "kind: group\nmembers: [{actor: inner}, {actor: outer}]"),
        ];
        let expected = ["a supports s as outer", "inner supports s as outer", "outer supports s"];
        check(&actors, &[("s", &said("outer", "2015", "supports"))], &expected);
    }

    #[test]
    fn a_chain_of_memberships_needs_a_common_day() {
        let actors = |from: &str| {
            [
                ("a", STATE.to_owned()),
                ("inner", format!("kind: group\nmembers: [{{actor: a, from: {from}}}]")),
                ("outer", "kind: group\nmembers: [{actor: inner, to: 2015-06}]".to_owned()),
            ]
        };
        for (from, covered) in [("2015-06", true), ("2015-07", false)] {
            let actors = actors(from);
            let actors = actors.each_ref().map(|(id, meta)| (*id, meta.as_str()));
            let linked = handbook(&actors, &[("s", &said("outer", "2015", "supports"))]);
            assert_eq!(on_n(&linked)[0] == "a supports s as outer", covered, "{from}");
        }
    }

    #[test]
    fn an_actors_own_statement_goes_before_its_groups() {
        check(
            &[("a", STATE), ("g", "kind: group\nmembers: [{actor: a}]")],
            &[("new", &said("g", "2020", "supports")), ("old", &said("a", "2010", "opposes"))],
            &["a opposes old", "a supports new as g", "g supports new"],
        );
    }

    #[test]
    fn who_signs_a_statement_of_its_group_speaks_itself() {
        check(
            &[("a", STATE), ("g", "kind: group\nmembers: [{actor: a}]")],
            &[("s", &said("g, a, a", "2020", "supports"))],
            &["a supports s", "g supports s"],
        );
    }

    #[test]
    fn a_member_of_two_groups_is_named_with_both() {
        let group = "kind: group\nmembers: [{actor: a}]";
        check(
            &[("a", STATE), ("g", group), ("h", group)],
            &[("s", &said("h, g", "2020", "supports"))],
            &["a supports s as g as h", "g supports s", "h supports s"],
        );
    }

    #[test]
    fn the_newest_statement_comes_first_and_undated_ones_last() {
        check(
            &[("a", STATE)],
            &[
                ("first", &said("a", "2010", "supports")),
                ("second", &said("a", "2020", "opposes")),
                ("third", &said("a", "2015-07", "reserves")),
                ("undated", &said("a", "", "supports")),
            ],
            &["a opposes second", "a reserves third", "a supports first", "a supports undated"],
        );
    }

    #[test]
    fn silence_is_a_stance_and_no_research_is_none() {
        let linked = handbook(
            &[("a", STATE), ("b", STATE)],
            &[("s", &said("a", "2020", "silent")), ("t", "actors: [b]\ndate: 2020")],
        );
        assert_eq!(on_n(&linked), ["a silent s"]);
        let (b, m) = (find(&linked, Kind::Actor, "b"), find(&linked, Kind::Norm, "m"));
        assert_eq!(linked.stances.of(b).count(), 0);
        assert_eq!(linked.stances.on(m).count(), 0);
        assert_eq!(linked.stances.heard(b).len(), 1);
    }

    #[test]
    fn an_actors_norms_come_in_the_order_of_the_index() {
        let positions = "actors: [a]\npositions:\n- {on: n, stance: supports}\n\
                         - {on: m, stance: opposes}\n- {on: n, stance: reserves}";
        let linked = handbook(&[("a", STATE)], &[("s", positions)]);
        let stances = linked.stances.of(find(&linked, Kind::Actor, "a"));
        let places: Vec<Vec<usize>> =
            stances.map(|of_norm| of_norm.iter().map(|stance| stance.position).collect()).collect();
        assert_eq!(places, [vec![1], vec![0, 2]]);
    }
}
