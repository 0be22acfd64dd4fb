//! Mutants of the gold SQL: each is what a wrong reading would run. A suite is worth its name where the mutants' rows
//! differ from the gold rows on at least one of several databases; one that never differs would let that error pass.

use std::collections::BTreeMap;
use std::fmt::Write;

use oms_tools::{Failure, Table};
use serde::Serialize;

use super::compare::{Extra, Rows, Rules, compare};
use super::run::{Gold, bind, gold_sql, is_empty};
use super::scan::{Piece, PieceKind, join, scan};
use super::statistics::Proportion;
use super::suite::{Case, Suite};

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mutation {
    /// `status <> 'cancelled'` and its like are lost.
    ExclusionLost,
    /// Another equality, IN or LIKE is lost.
    FilterDropped,
    /// `<` for `<=` and so on, between numbers.
    BoundShifted,
    /// A range begins or ends a week too narrow.
    RangeShifted,
    /// SUM for COUNT.
    SumForCount,
    /// COUNT(DISTINCT ...) without DISTINCT.
    DistinctLost,
    /// Another date of the same row.
    WrongDate,
    /// The other end of a ranking.
    DirectionTurned,
    /// One row more.
    LimitShifted,
}

/// A changed gold SELECT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// What was changed.
    pub mutation: Mutation,
    /// The changed statement.
    pub sql: String,
}

/// Every mutant of one statement, each with one change.
pub fn mutants(sql: &str) -> Vec<Mutant> {
    let pieces = scan(sql);
    let solid: Vec<usize> = (0..pieces.len()).filter(|index| pieces[*index].kind != PieceKind::Blank).collect();
    let mut found = Vec::new();
    for at in 0..solid.len() {
        let view = View { pieces: &pieces, solid: &solid, at };
        view.filters(&mut found);
        view.bounds(&mut found);
        view.functions(&mut found);
        view.dates(&mut found);
        view.rankings(&mut found);
    }
    found
}

/// The statement from one of its pieces on.
struct View<'a> {
    pieces: &'a [Piece],
    solid: &'a [usize],
    at: usize,
}

impl View<'_> {
    fn piece(&self, ahead: usize) -> Option<&Piece> {
        self.solid.get(self.at + ahead).map(|index| &self.pieces[*index])
    }

    fn is(&self, ahead: usize, text: &str) -> bool {
        self.piece(ahead).is_some_and(|piece| piece.text.eq_ignore_ascii_case(text))
    }

    fn kind(&self, ahead: usize) -> Option<PieceKind> {
        self.piece(ahead).map(|piece| piece.kind)
    }

    /// The statement with the pieces from `from` to `to` ahead (both included) replaced.
    fn with(&self, from: usize, to: usize, text: &str) -> String {
        let (first, last) = (self.solid[self.at + from], self.solid[self.at + to]);
        format!("{}{text}{}", join(&self.pieces[..first]), join(&self.pieces[last + 1..]))
    }

    /// `name = 'x'`, `name <> 'x'`, `name IN (...)`, `name LIKE 'x'`: lost.
    fn filters(&self, found: &mut Vec<Mutant>) {
        if self.kind(0) != Some(PieceKind::Word) || self.at > 0 && self.inside_aggregate() {
            return;
        }
        let compares = self.is(1, "=") || self.is(1, "<>") || self.is(1, "LIKE");
        let end = if compares && self.kind(2) == Some(PieceKind::Quoted) {
            2
        } else if self.is(1, "IN") && self.is(2, "(") && matches!(self.kind(3), Some(PieceKind::Quoted)) {
            match (3..64).find(|ahead| self.is(*ahead, ")")) {
                Some(end) => end,
                None => return,
            }
        } else {
            return;
        };
        let excludes = self.is(1, "<>") && (self.is(2, "'cancelled'") || self.is(2, "'rejected'"));
        let mutation = if excludes { Mutation::ExclusionLost } else { Mutation::FilterDropped };
        found.push(Mutant { mutation, sql: self.with(0, end, "1 = 1") });
    }

    /// Whether this is the first word in `SUM(`: what is summed is a rate's part and not a filter.
    fn inside_aggregate(&self) -> bool {
        let before = |back: usize| {
            self.at
                .checked_sub(back)
                .map(|at| self.pieces[self.solid[at]].text.to_ascii_uppercase())
                .unwrap_or_default()
        };
        before(1) == "(" && matches!(before(2).as_str(), "SUM" | "COUNT" | "AVG")
    }

    fn bounds(&self, found: &mut Vec<Mutant>) {
        let sign = match self.piece(0) {
            Some(piece) if piece.kind == PieceKind::Sign => piece.text.as_str(),
            _ => return,
        };
        let other = match sign {
            "<" => "<=",
            "<=" => "<",
            ">" => ">=",
            ">=" => ">",
            _ => return,
        };
        if self.kind(1) == Some(PieceKind::Number) {
            found.push(Mutant { mutation: Mutation::BoundShifted, sql: self.with(0, 0, other) });
        }
        if let Some(date) =
            self.piece(1).filter(|piece| piece.kind == PieceKind::Quoted).and_then(|piece| day(&piece.text))
        {
            // Narrower at either end: beyond "now" and before the first order a wider range holds nothing more.
            let days = if sign.starts_with('<') { -7 } else { 7 };
            if let Some(shifted) = date.checked_add_signed(chrono::TimeDelta::days(days)) {
                let text = shifted.format("'%Y-%m-%d %H:%M:%S'").to_string();
                found.push(Mutant { mutation: Mutation::RangeShifted, sql: self.with(1, 1, &text) });
            }
        }
    }

    fn functions(&self, found: &mut Vec<Mutant>) {
        if self.is(0, "SUM") && self.is(1, "(") {
            found.push(Mutant { mutation: Mutation::SumForCount, sql: self.with(0, 0, "COUNT") });
        }
        if self.is(0, "COUNT") && self.is(1, "(") && self.is(2, "DISTINCT") {
            found.push(Mutant { mutation: Mutation::DistinctLost, sql: self.with(2, 2, "") });
        }
    }

    /// `placed_at >= A AND placed_at < B`: both by another date of the same row.
    fn dates(&self, found: &mut Vec<Mutant>) {
        let Some(piece) = self.piece(0).filter(|piece| piece.kind == PieceKind::Word) else { return };
        let (prefix, name) = piece.text.rsplit_once('.').map_or(("", piece.text.as_str()), |(a, b)| (a, b));
        let other = match name {
            "placed_at" => "updated_at",
            "delivered_at" | "shipped_at" => "promised_at",
            _ => return,
        };
        let range = self.is(1, ">=")
            && self.kind(2) == Some(PieceKind::Quoted)
            && self.is(3, "AND")
            && self.is(4, &piece.text)
            && self.is(5, "<")
            && self.kind(6) == Some(PieceKind::Quoted);
        let (Some(from), Some(to), true) = (self.piece(2), self.piece(6), range) else { return };
        let date = if prefix.is_empty() { other.to_owned() } else { format!("{prefix}.{other}") };
        let text = format!("{date} >= {} AND {date} < {}", from.text, to.text);
        found.push(Mutant { mutation: Mutation::WrongDate, sql: self.with(0, 6, &text) });
    }

    fn rankings(&self, found: &mut Vec<Mutant>) {
        let rest = || (1..64).any(|ahead| self.is(ahead, "LIMIT"));
        if self.is(0, "DESC") && rest() && self.orders_first() {
            found.push(Mutant { mutation: Mutation::DirectionTurned, sql: self.with(0, 0, "ASC") });
        }
        if self.is(0, "LIMIT")
            && let Some(limit) = self.piece(1).and_then(|piece| piece.text.parse::<u32>().ok())
            // The limit of a subquery that picks one row is no ranking.
            && limit > 1
        {
            found.push(Mutant { mutation: Mutation::LimitShifted, sql: self.with(1, 1, &(limit + 1).to_string()) });
        }
    }
}

impl View<'_> {
    /// Whether this direction is that of the first key: the further ones only decide between ties.
    fn orders_first(&self) -> bool {
        let back = (0..self.at).rev().map(|at| self.pieces[self.solid[at]].text.as_str());
        back.take_while(|text| !text.eq_ignore_ascii_case("BY")).all(|text| text != ",")
    }
}

fn day(quoted: &str) -> Option<chrono::NaiveDateTime> {
    let text = quoted.trim_matches('\'');
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
        .ok()
        .or_else(|| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Into::into))
}

/// What came of the mutants.
#[derive(Clone, Debug, Default)]
pub struct MutantReport {
    /// Mutants whose rows differ, by what was changed.
    pub by_mutation: BTreeMap<Mutation, Proportion>,
    /// All of them.
    pub total: Proportion,
    /// Those that never differed: the case's id, what was changed, the statement.
    pub survivors: Vec<(String, Mutation, String)>,
}

/// Compares every gold SELECT with its mutants on every database; a mutant is caught where one of them shows a
/// difference. Mutants that no server takes are not counted, nor a limit's where no database has as many rows.
///
/// Fails where a gold SELECT itself fails.
pub async fn check(suites: &[Suite], databases: &[&dyn Gold]) -> Result<MutantReport, Failure> {
    let mut report = MutantReport::default();
    for suite in suites {
        for case in &suite.cases {
            check_case(suite, case, databases, &mut report).await?;
        }
    }
    Ok(report)
}

async fn check_case(
    suite: &Suite,
    case: &Case,
    databases: &[&dyn Gold],
    report: &mut MutantReport,
) -> Result<(), Failure> {
    // The mutants of each database differ only by the values that stand for `{name}`.
    let mut outcomes: BTreeMap<usize, (Mutation, String, Option<bool>)> = BTreeMap::new();
    for database in databases {
        let values = bind(*database, &case.id, &case.values).await?;
        let Some(sql) = gold_sql(suite, case, &values) else { return Ok(()) };
        let gold = database.select(&sql).await?;
        for (index, mutant) in mutants(&sql).into_iter().enumerate() {
            let (_, _, caught) = outcomes.entry(index).or_insert((mutant.mutation, mutant.sql.clone(), None));
            if *caught == Some(true) {
                continue;
            }
            let Ok(rows) = database.select(&mutant.sql).await else { continue };
            // A limit that nothing reaches is no limit.
            if mutant.mutation != Mutation::LimitShifted || rows.rows.len() != gold.rows.len() {
                *caught = Some(differs(&gold, &rows, &case.rules));
            }
        }
    }
    for (mutation, sql, caught) in outcomes.into_values() {
        let Some(caught) = caught else { continue };
        report.by_mutation.entry(mutation).or_default().count(caught);
        report.total.count(caught);
        if !caught {
            report.survivors.push((case.id.clone(), mutation, sql));
        }
    }
    Ok(())
}

/// Whether the mutant's rows would be taken for wrong; both tables come from the server, so that roles are by type.
fn differs(gold: &Table, rows: &Table, rules: &Rules) -> bool {
    let lenient = Rules { extra: Extra::Any, rows: Rows::Exact, ..rules.clone() };
    is_empty(gold) != is_empty(rows) || compare(gold, rows, &lenient).is_err()
}

/// The report as text for people.
pub fn render(report: &MutantReport) -> String {
    let mut text = String::new();
    let share = report.total.fraction().unwrap_or_default() * 100.0;
    // Writing to a String cannot fail.
    writeln!(text, "{} of {} mutants differ ({share:.1} %)", report.total.hits, report.total.of).ok();
    for (mutation, proportion) in &report.by_mutation {
        writeln!(text, "  {:<20}{}/{}", format!("{mutation:?}"), proportion.hits, proportion.of).ok();
    }
    for (id, mutation, sql) in &report.survivors {
        writeln!(text, "survived: {id} {mutation:?}\n    {sql}").ok();
    }
    text
}
