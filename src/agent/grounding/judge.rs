//! Each part of a sentence against a result.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use oms_tools::Unit;

use super::Ungrounded;
use super::claims::{self, Item};
use super::figures::{Figure, Precision, Said};
use super::result::{Known, Measure, Name, Phrase, Range};
use super::words::Word;

/// Judges a sentence by results, of which the last one is shown.
pub(super) fn sentence(text: &str, results: &[Known], now: NaiveDateTime) -> Result<(), Ungrounded> {
    let shown = results.last().ok_or(Ungrounded::Kind)?;
    let read: Vec<Vec<Vec<Item>>> =
        results.iter().map(|known| claims::parts(text, known, now)).collect::<Result<_, _>>()?;
    let count = read.iter().map(Vec::len).max().unwrap_or(0);
    let mut carried: Vec<Option<usize>> = vec![None; results.len()];
    let (mut says, mut denies) = (false, false);
    for place in 0..count {
        let mut refused = Ungrounded::Nothing;
        let mut borne = Vec::new();
        for (number, known) in results.iter().enumerate() {
            let Some(part) = read[number].get(place) else { continue };
            let mut after = carried[number];
            match Part::of(part, known, carried[number]).and_then(|part| part.judge(&mut after)) {
                Ok(something) => {
                    borne.push(number);
                    says |= something;
                    denies |= part.contains(&Item::Word(Word::Not));
                    carried[number] = after;
                }
                Err(cause) => refused = cause,
            }
        }
        if borne.is_empty() {
            return Err(refused);
        }
        // Of several results a part must say which it is about: without its figures it must not pass for another one.
        for (number, known) in results.iter().enumerate().filter(|(number, _)| !borne.contains(number)) {
            let Some(part) = read[number].get(place) else { continue };
            let bare: Vec<Item> = part.iter().filter(|item| !matches!(item, Item::Figure(_))).cloned().collect();
            let mut after = None;
            if Part::of(&bare, known, None).and_then(|part| part.judge(&mut after)).is_ok() {
                return Err(Ungrounded::Figure);
            }
        }
    }
    if shown.is_empty() && !denies && !read.iter().flatten().flatten().any(is_zero) {
        return Err(Ungrounded::Emptiness);
    }
    if says || (denies && shown.is_empty()) { Ok(()) } else { Err(Ungrounded::Nothing) }
}

fn is_zero(item: &Item) -> bool {
    matches!(item, Item::Figure(figure) if figure.value == 0.0)
}

/// A part of a sentence with what its words mean in a result.
struct Part<'a> {
    known: &'a Known,
    items: Vec<Meant>,
    /// The row that an earlier part was about.
    carried: Option<usize>,
    base: bool,
}

/// An item with what the result knows of it.
#[derive(Clone, Debug)]
enum Meant {
    Figure(Figure, Precision),
    /// Names of rows; their range of time is a name too.
    Rows(Vec<usize>),
    Phrase(Phrase),
    Word(Word),
    Comma,
}

impl<'a> Part<'a> {
    /// Finds the meaning of every item: no word may be without one.
    fn of(items: &[Item], known: &'a Known, carried: Option<usize>) -> Result<Self, Ungrounded> {
        let mut part = Self { known, items: Vec::new(), carried, base: false };
        let mut leaving_out = false;
        let mut kept: BTreeMap<usize, (usize, BTreeSet<usize>)> = BTreeMap::new();
        for item in items {
            match item {
                Item::Unknown => return Err(Ungrounded::Word),
                Item::Word(Word::Not) if !known.is_empty() => return Err(Ungrounded::Emptiness),
                Item::Word(Word::Without) => leaving_out = true,
                Item::Word(word) => {
                    leaving_out &= *word == Word::Filler;
                    part.items.push(Meant::Word(*word));
                }
                Item::Name(Name::LeftOut) if !leaving_out => return Err(Ungrounded::Name),
                Item::Name(Name::LeftOut) => {}
                Item::Name(_) if leaving_out => return Err(Ungrounded::Name),
                Item::Name(Name::Rows(rows)) => part.items.push(Meant::Rows(rows.clone())),
                // One of two kept values is not the figure of both: all of a condition's are named, or none.
                Item::Name(Name::Kept { condition, value, of }) => {
                    kept.entry(*condition).or_insert((*of, BTreeSet::new())).1.insert(*value);
                }
                Item::Time(readings) => {
                    if let Some(rows) = part.time(readings)? {
                        part.items.push(Meant::Rows(rows));
                    }
                }
                Item::Phrase(phrase) => part.items.push(Meant::Phrase(*phrase)),
                Item::Comma => part.items.push(Meant::Comma),
                Item::Figure(figure) => {
                    leaving_out = false;
                    let precision = part.take_precision();
                    part.items.push(Meant::Figure(*figure, precision));
                }
            }
        }
        if kept.values().any(|(of, values)| values.len() < *of) {
            return Err(Ungrounded::Name);
        }
        if leaving_out && !items.iter().any(|item| matches!(item, Item::Name(Name::LeftOut))) {
            return Err(Ungrounded::Name);
        }
        Ok(part)
    }

    /// What a time expression is: the range of all rows, that of some, or the one that they are compared with.
    fn time(&mut self, readings: &[Range]) -> Result<Option<Vec<usize>>, Ungrounded> {
        let known = self.known;
        if known.time.is_some_and(|time| readings.contains(&time)) {
            return Ok(None);
        }
        if known.base.is_some_and(|base| readings.contains(&base)) {
            self.base = true;
            return Ok(None);
        }
        let rows = known.row_times.iter().find(|(range, _)| readings.contains(range));
        rows.map(|(_, rows)| Some(rows.clone())).ok_or(Ungrounded::Time)
    }

    /// "about", "over", "more than" before a figure.
    fn take_precision(&mut self) -> Precision {
        let last = |items: &[Meant], back: usize| match items.len().checked_sub(back).and_then(|at| items.get(at)) {
            Some(Meant::Word(word)) => Some(*word),
            _ => None,
        };
        let (precision, taken) = match (last(&self.items, 2), last(&self.items, 1)) {
            (_, Some(Word::About)) => (Precision::About, 1),
            (_, Some(Word::Above)) => (Precision::Above, 1),
            (_, Some(Word::Below)) => (Precision::Below, 1),
            (Some(Word::More), Some(Word::Than)) if !self.names_a_row() => (Precision::Above, 2),
            (Some(Word::Less), Some(Word::Than)) if !self.names_a_row() => (Precision::Below, 2),
            _ => (Precision::Written, 0),
        };
        self.items.truncate(self.items.len() - taken);
        precision
    }

    fn names_a_row(&self) -> bool {
        self.items.iter().any(|item| matches!(item, Meant::Rows(_)))
    }

    fn has(&self, word: Word) -> bool {
        self.items.iter().any(|item| matches!(item, Meant::Word(known) if *known == word))
    }

    /// Whether it holds, and whether it says anything; `carried` becomes the row that it is about.
    fn judge(mut self, carried: &mut Option<usize>) -> Result<bool, Ungrounded> {
        // What bounds no figure claims something else.
        if self.has(Word::Below) || self.has(Word::About) {
            return Err(Ungrounded::Word);
        }
        let counted = self.take_counts()?;
        let figures = self.items.iter().filter(|item| matches!(item, Meant::Figure(..))).count();
        let rows: Vec<Vec<usize>> = self
            .items
            .iter()
            .filter_map(|item| if let Meant::Rows(rows) = item { Some(rows.clone()) } else { None })
            .collect();
        if self.known.is_empty() {
            return self.items.iter().try_fold(false, |_, item| match item {
                Meant::Figure(figure, _) if figure.value != 0.0 => Err(Ungrounded::Figure),
                Meant::Word(Word::More | Word::Less | Word::Most | Word::Least | Word::Then) => {
                    Err(Ungrounded::Comparison)
                }
                _ => Ok(true),
            });
        }
        if self.has(Word::More) || self.has(Word::Less) {
            self.comparison()?;
        } else {
            self.superlatives()?;
            self.order()?;
            self.plain()?;
        }
        match rows.as_slice() {
            [] => {}
            [one] if one.len() == 1 => *carried = one.first().copied(),
            _ => *carried = None,
        }
        Ok(figures > 0 || counted || !rows.is_empty())
    }

    /// Counts of rows, "3 countries", and how many a ranking shows, "top 3": checked and taken out.
    fn take_counts(&mut self) -> Result<bool, Ungrounded> {
        let mut taken = Vec::new();
        for place in 0..self.items.len() {
            let Meant::Figure(figure, precision) = self.items[place] else { continue };
            let ranked = place
                .checked_sub(1)
                .is_some_and(|before| matches!(self.items[before], Meant::Word(Word::Most | Word::Least)));
            let split = matches!(self.items.get(place + 1), Some(Meant::Phrase(Phrase::Split)));
            if !ranked && !split {
                continue;
            }
            let rows = f64::from(u32::try_from(self.known.rows).unwrap_or(u32::MAX));
            let whole = ranked || self.known.all_rows;
            if figure.unit.is_some()
                || !whole
                || !figure.says(rows, Precision::Written)
                || precision != Precision::Written
            {
                return Err(Ungrounded::Figure);
            }
            if ranked {
                let most = matches!(self.items[place - 1], Meant::Word(Word::Most));
                if !(if most { self.known.has_highest } else { self.known.has_lowest }) {
                    return Err(Ungrounded::Comparison);
                }
                taken.push(place - 1);
            }
            taken.push(place);
        }
        for place in taken.iter().rev() {
            self.items.remove(*place);
        }
        Ok(!taken.is_empty())
    }

    /// The measure that a part is about: the one there is, or the one that it names.
    fn measure(&self) -> Result<&Measure, Ungrounded> {
        let named: Vec<usize> = self
            .items
            .iter()
            .filter_map(|item| if let Meant::Phrase(Phrase::Measure(place)) = item { Some(*place) } else { None })
            .collect();
        let place = match (named.as_slice(), self.known.measures.len()) {
            (_, 1) => 0,
            ([first, rest @ ..], _) if rest.iter().all(|other| other == first) => *first,
            _ => return Err(Ungrounded::Comparison),
        };
        self.known.measures.get(place).ok_or(Ungrounded::Comparison)
    }

    fn rows_with_most(&self, measure: &Measure, most: bool) -> Vec<usize> {
        let known = measure.values.iter().flatten().copied();
        let end = if most { known.reduce(f64::max) } else { known.reduce(f64::min) };
        let Some(end) = end else { return Vec::new() };
        (0..self.known.rows).filter(|row| measure.values[*row].is_some_and(|value| same(value, end))).collect()
    }

    /// Who is said to be first or last must be so, of all groups.
    fn superlatives(&self) -> Result<(), Ungrounded> {
        for place in 0..self.items.len() {
            let most = match self.items[place] {
                Meant::Word(Word::Most) => true,
                Meant::Word(Word::Least) => false,
                _ => continue,
            };
            if !(if most { self.known.has_highest } else { self.known.has_lowest }) {
                return Err(Ungrounded::Comparison);
            }
            let ends = self.rows_with_most(self.measure()?, most);
            let rows = |item: &Meant| if let Meant::Rows(rows) = item { Some(rows.clone()) } else { None };
            let after = self.items[place..]
                .iter()
                .skip(1)
                .take_while(|item| !matches!(item, Meant::Word(Word::Most | Word::Least)))
                .find_map(rows);
            let before = self.items[..place].iter().rev().find_map(rows);
            let subject = after.or(before).or_else(|| self.carried.map(|row| vec![row]));
            match subject {
                Some(rows) if rows.len() == 1 && rows.iter().all(|row| ends.contains(row)) => {}
                Some(_) => return Err(Ungrounded::Comparison),
                // Its figure alone must be the extreme one.
                // One figure of everything is no first of anything.
                None if self.known.all_rows && self.known.rows == 1 => return Err(Ungrounded::Comparison),
                None if !self.has_figure() => {}
                None => {
                    let value =
                        ends.first().and_then(|row| self.measure().ok()?.values[*row]).ok_or(Ungrounded::Comparison)?;
                    let says = |item: &Meant| matches!(item, Meant::Figure(figure, precision) if figure.says(value, *precision));
                    if !self.items.iter().filter(|item| matches!(item, Meant::Figure(..))).all(says) {
                        return Err(Ungrounded::Figure);
                    }
                }
            }
        }
        Ok(())
    }

    fn has_figure(&self) -> bool {
        self.items.iter().any(|item| matches!(item, Meant::Figure(..)))
    }

    /// "followed by": the names stand in the order of their figures.
    fn order(&self) -> Result<(), Ungrounded> {
        if !self.has(Word::Then) {
            return Ok(());
        }
        let measure = self.measure()?;
        let mut values = Vec::new();
        values.extend(self.carried.and_then(|row| measure.values[row]));
        for item in &self.items {
            if let Meant::Rows(rows) = item {
                let [row] = rows.as_slice() else { return Err(Ungrounded::Comparison) };
                values.push(measure.values[*row].ok_or(Ungrounded::Comparison)?);
            }
        }
        let falls = values.windows(2).all(|pair| pair[0] >= pair[1]);
        let rises = values.windows(2).all(|pair| pair[0] <= pair[1]);
        if values.len() >= 2 && (if self.has(Word::Least) { rises } else { falls }) {
            Ok(())
        } else {
            Err(Ungrounded::Comparison)
        }
    }

    /// "A had more than B", "it rose by 12 %".
    fn comparison(&self) -> Result<(), Ungrounded> {
        if (self.has(Word::More) && self.has(Word::Less))
            || self.has(Word::Most)
            || self.has(Word::Least)
            || self.has(Word::Then)
        {
            return Err(Ungrounded::Comparison);
        }
        let measure = self.measure()?;
        let mut named: Vec<(usize, usize)> = Vec::new();
        for (place, item) in self.items.iter().enumerate() {
            if let Meant::Rows(rows) = item {
                let [row] = rows.as_slice() else { return Err(Ungrounded::Comparison) };
                named.push((place, *row));
            }
        }
        let only = if self.known.rows == 1 { Some(0) } else { self.carried };
        // With two names the one is held against the other; else now against before.
        let (now, before, second) = match (named.as_slice(), &measure.previous, only) {
            ([(_, one), (place, other)], _, _) if one != other => {
                (measure.values[*one], measure.values[*other], Some(*place))
            }
            ([(_, row)], Some(previous), _) => (measure.values[*row], previous[*row], None),
            ([], Some(previous), Some(row)) => (measure.values[row], previous[row], None),
            _ => return Err(Ungrounded::Comparison),
        };
        let (Some(now), Some(before)) = (now, before) else { return Err(Ungrounded::Comparison) };
        if same(now, before) || (now > before) != self.has(Word::More) {
            return Err(Ungrounded::Comparison);
        }
        let compared = Compared { now, before, unit: measure.unit };
        for (place, item) in self.items.iter().enumerate() {
            if let Meant::Figure(figure, precision) = item
                && !compared.says(figure, *precision, self.role(place, second))
            {
                return Err(Ungrounded::Figure);
            }
        }
        Ok(())
    }

    /// Which part of a comparison a figure is, by the words around it.
    fn role(&self, place: usize, second: Option<usize>) -> Role {
        let before = self.items[..place].iter().rev().find_map(|item| match item {
            Meant::Figure(..) => Some(None),
            Meant::Word(word @ (Word::By | Word::From | Word::To | Word::Than | Word::More | Word::Less)) => {
                Some(Some(*word))
            }
            _ => None,
        });
        let next = self.items[place..].iter().skip(1).find(|item| !matches!(item, Meant::Word(Word::Filler)));
        match (before.flatten(), next) {
            (Some(Word::By), _) | (_, Some(Meant::Word(Word::More | Word::Less))) => Role::Difference,
            (Some(Word::From | Word::Than), _) => Role::Before,
            (Some(Word::To), _) => Role::Now,
            _ if second.is_some_and(|second| second < place) => Role::Before,
            (Some(Word::More | Word::Less), _) => Role::Difference,
            _ => Role::Now,
        }
    }

    /// Figures that compare nothing.
    fn plain(&self) -> Result<(), Ungrounded> {
        let leads = self.items.iter().find(|item| matches!(item, Meant::Figure(..) | Meant::Rows(_)));
        let figures_lead = matches!(leads, Some(Meant::Figure(..)));
        let mut last: Option<Vec<usize>> = None;
        for place in 0..self.items.len() {
            let Meant::Figure(figure, precision) = self.items[place] else { continue };
            let names = if figures_lead { self.names_after(place) } else { self.names_before(place) };
            let group = match names.as_slice() {
                [] => last.clone(),
                names => Some(names.to_vec()),
            };
            last.clone_from(&group);
            self.figure(place, &figure, precision, group.as_deref())?;
        }
        Ok(())
    }

    /// The rows that all names between this figure and the one before share.
    fn names_before(&self, place: usize) -> Vec<usize> {
        shared(self.items[..place].iter().rev().take_while(|item| !matches!(item, Meant::Figure(..))))
    }

    fn names_after(&self, place: usize) -> Vec<usize> {
        shared(self.items[place..].iter().skip(1).take_while(|item| !matches!(item, Meant::Figure(..))))
    }

    /// One figure: of a row, of all rows together, or a share.
    fn figure(
        &self,
        place: usize,
        figure: &Figure,
        precision: Precision,
        rows: Option<&[usize]>,
    ) -> Result<(), Ungrounded> {
        let measure = self.measure_of(place, figure)?;
        let values = match (&measure.previous, self.base) {
            (Some(previous), true) => previous,
            (None, true) => return Err(Ungrounded::Time),
            (_, false) => &measure.values,
        };
        let sum = || -> Option<f64> { (measure.adds_up && self.known.all_rows).then(|| values.iter().flatten().sum()) };
        let row = match rows {
            Some([row]) => Some(*row),
            Some(_) => return Err(Ungrounded::Figure),
            None if self.known.rows == 1 => Some(0),
            None => None,
        };
        let is_share = figure.unit == Some(Said::Of(Unit::Percent)) && measure.unit != Unit::Percent;
        if is_share {
            let row = row.or(self.carried).ok_or(Ungrounded::Figure)?;
            let share = match &measure.share {
                Some(share) => share[row],
                None => sum().filter(|sum| *sum != 0.0).and_then(|sum| values[row].map(|value| value / sum * 100.0)),
            };
            let bound = self.has(Word::Share) || self.has(Word::Total);
            return if bound && share.is_some_and(|share| figure.says(share, precision)) {
                Ok(())
            } else {
                Err(Ungrounded::Figure)
            };
        }
        let value = match row {
            Some(row) => values[row],
            None if self.has(Word::Total) => sum(),
            None if self.has(Word::Most) || self.has(Word::Least) => {
                self.rows_with_most(measure, self.has(Word::Most)).first().and_then(|row| values[*row])
            }
            None => self.carried.and_then(|row| values[row]),
        };
        if value.is_some_and(|value| figure.says(value, precision)) { Ok(()) } else { Err(Ungrounded::Figure) }
    }

    /// The measure that a figure is of: by its unit and by the name that stands with it.
    fn measure_of(&self, place: usize, figure: &Figure) -> Result<&Measure, Ungrounded> {
        let fits = |measure: &Measure| match figure.unit {
            None => measure.unit != Unit::Percent,
            Some(Said::Of(Unit::Percent)) => true,
            Some(Said::Of(unit)) => measure.unit == unit,
            Some(Said::Times | Said::Foreign) => false,
        };
        let behind = self.items[place..].iter().skip(1).take(3).take_while(|item| {
            matches!(item, Meant::Word(Word::Filler | Word::Share | Word::Total) | Meant::Phrase(_))
        });
        let phrase = |item: &Meant| if let Meant::Phrase(phrase) = item { Some(*phrase) } else { None };
        let noun = behind.clone().find_map(phrase);
        // "600 customers" where orders were counted.
        if matches!(self.items.get(place + 1), Some(Meant::Phrase(Phrase::Condition | Phrase::Split))) {
            return Err(Ungrounded::Figure);
        }
        let before = self.items[..place]
            .iter()
            .rev()
            .find_map(|item| phrase(item).filter(|it| matches!(it, Phrase::Measure(_))));
        let named = noun.filter(|it| matches!(it, Phrase::Measure(_))).or(before);
        let measure = if let Some(Phrase::Measure(place)) = named {
            self.known.measures.get(place)
        } else {
            let mut fitting = self.known.measures.iter().filter(|measure| fits(measure));
            let first = fitting.next();
            if fitting.next().is_some() { None } else { first }
        };
        measure.filter(|measure| fits(measure)).ok_or(Ungrounded::Figure)
    }
}

/// What a figure of a comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Now,
    Before,
    Difference,
}

struct Compared {
    now: f64,
    before: f64,
    unit: Unit,
}

impl Compared {
    fn says(&self, figure: &Figure, precision: Precision, role: Role) -> bool {
        let fits = match figure.unit {
            None => self.unit != Unit::Percent,
            Some(Said::Of(unit)) => self.unit == unit,
            Some(Said::Times | Said::Foreign) => false,
        };
        let percent = figure.unit == Some(Said::Of(Unit::Percent)) && self.unit != Unit::Percent;
        if figure.unit == Some(Said::Times) || percent {
            if self.before == 0.0 {
                return false;
            }
            let value = if percent {
                (self.now - self.before).abs() / self.before.abs() * 100.0
            } else {
                self.now / self.before
            };
            return figure.says(value, precision);
        }
        let value = match role {
            Role::Now => self.now,
            Role::Before => self.before,
            Role::Difference => (self.now - self.before).abs(),
        };
        fits && figure.says(value, precision)
    }
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

/// The rows that all names share; empty where there is no name, several rows where they are not one.
fn shared<'a>(items: impl Iterator<Item = &'a Meant>) -> Vec<usize> {
    let mut named = false;
    let rows = items.fold(None::<Vec<usize>>, |rows, item| match (item, rows) {
        (Meant::Rows(more), None) => {
            named = true;
            Some(more.clone())
        }
        (Meant::Rows(more), Some(rows)) => Some(rows.into_iter().filter(|row| more.contains(row)).collect()),
        (_, rows) => rows,
    });
    match rows {
        // Names that share no row: as several, which no figure can belong to.
        Some(rows) if rows.is_empty() => vec![usize::MAX, usize::MAX],
        Some(rows) => rows,
        None => Vec::new(),
    }
}
