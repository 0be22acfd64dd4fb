//! Ranges of time in a question: the one that is asked for, the one it is compared with, one that is left out.

use chrono::Datelike;
use oms_tools::orders::semantic::query::{Comparison, FilterOp, TimeRange, TimeUnit};

use super::{Assembler, Mode, Problem};
use crate::brain::rules::finish::is_grain;
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::Word;
use crate::brain::rules::time::{TimeWords, unit_before};

/// The days of `main` in the calendar year `year`; `None` where that is no calendar year, or `main` is not within one.
fn same_days(main: &TimeRange, year: &TimeRange) -> Option<TimeRange> {
    let movable = ["black friday", "cyber monday", "easter"].iter().any(|day| main.label.to_lowercase().contains(day));
    let is_part = !matches!(main.unit, Some(TimeUnit::Year | TimeUnit::Week))
        && !movable
        && year.unit == Some(TimeUnit::Year)
        && !year.running;
    let (from, to, start) = (main.from?, main.to?, year.from?);
    let last = to - chrono::TimeDelta::milliseconds(1);
    if !is_part || main.running || from.year() != last.year() || from.year() == start.year() {
        return None;
    }
    let by = start.year() - from.year();
    let moved = |instant: chrono::NaiveDateTime| instant.with_year(instant.year() + by);
    Some(TimeRange {
        from: Some(moved(from)?),
        to: Some(moved(to)?),
        label: format!("{} {}", main.label.replace(&from.year().to_string(), "").trim(), start.year()),
        ..main.clone()
    })
}

impl Assembler<'_> {
    pub(super) fn time(&mut self, words: &TimeWords, piece: &Piece) -> Result<(), Problem> {
        // "each month of 2025" splits; a range alone is no group.
        if self.mode == Mode::Per {
            // "dpd and ctt separately 2025"
            let Some(each) = self.side_by_side() else { return Err(self.unplaced(piece)) };
            self.split_by(&each);
        }
        self.mode = Mode::Plain;
        match words {
            TimeWords::Weekdays(days) => {
                let op = if std::mem::take(&mut self.without) { FilterOp::NotIn } else { FilterOp::In };
                self.filter("weekday", op, days.iter().map(|day| (*day).to_owned()).collect());
            }
            TimeWords::Hours(hours) => {
                if self.without || self.draft.query.filters.iter().any(|filter| filter.dimension == "hour_of_day") {
                    return Err(self.unplaced(piece));
                }
                self.filter("hour_of_day", FilterOp::In, hours.iter().map(u32::to_string).collect());
            }
            TimeWords::Span(range, first, last) => {
                self.draft.ends = Some((first.clone(), last.clone()));
                return self.time(&TimeWords::Range(range.clone()), piece);
            }
            TimeWords::Compare(comparison) => {
                if self.draft.query.compare.replace(comparison.clone()).is_some() {
                    return Err(self.unplaced(piece));
                }
            }
            TimeWords::Range(range) => {
                if self.without {
                    return self.all_but(range, piece);
                }
                if self.plan.is_some() {
                    self.next_of_plan(range);
                } else if self.unit_before_in_words(range) {
                    self.draft.versus = false;
                    let year = range.unit == Some(TimeUnit::Year);
                    let same = self.draft.query.dimensions.iter().any(|dimension| dimension == "year");
                    self.draft.query.compare =
                        Some(if year && !same { Comparison::PreviousYear } else { Comparison::PreviousPeriod });
                } else if let Some(set) =
                    self.draft.query.sets.last_mut().filter(|set| set.time.is_none() && set.who != "order")
                {
                    set.time = Some(range.clone());
                } else if self.draft.versus
                    || (self.draft.query.time.is_some() && (self.says_compare() || self.grows_over(piece)))
                {
                    return self.compared(range, piece);
                } else if self
                    .draft
                    .query
                    .time
                    .as_ref()
                    .is_some_and(|time| (time.from, time.to) == (range.from, range.to))
                {
                    // said twice
                } else if self.in_a_row(range, piece) {
                    if let Some(time) = &mut self.draft.query.time {
                        let grain = match range.unit {
                            Some(TimeUnit::Month) => "month",
                            Some(TimeUnit::Quarter) => "quarter",
                            _ => "year",
                        };
                        time.to = range.to;
                        time.unit = None;
                        time.running |= range.running;
                        time.label = format!("{} and {}", time.label, range.label);
                        self.split_by(grain);
                    }
                } else if self.goes_on(range) {
                    if let Some(time) = &mut self.draft.query.time {
                        time.to = range.to;
                        time.unit = None;
                        time.running |= range.running;
                        time.label = format!("{} and {}", time.label, range.label);
                    }
                } else if self.draft.query.time.is_none() {
                    self.draft.query.time = Some(range.clone());
                } else if self.one_row_each(range, piece) {
                    // answered for both
                } else {
                    return Err(Problem::new(format!(
                        "two ranges of time: which one is meant, or should they be compared (\"vs {}\")?",
                        range.label
                    )));
                }
            }
        }
        Ok(())
    }

    /// "2025 except August": every other unit of the range.
    fn all_but(&mut self, range: &TimeRange, piece: &Piece) -> Result<(), Problem> {
        let within = self.draft.query.time.as_ref().is_some_and(|time| {
            (time.from, time.to) != (range.from, range.to)
                && time.from.is_none_or(|from| range.from >= Some(from))
                && time.to.is_none_or(|to| range.to.is_some_and(|end| end <= to))
        });
        let (Some(from), Some(unit), true, false) = (range.from, range.unit, within, range.running) else {
            return Err(self.unplaced(piece));
        };
        let (grain, label) = match unit {
            TimeUnit::Day => ("day", from.format("%Y-%m-%d").to_string()),
            TimeUnit::Week => ("week", from.format("%Y-%m-%d").to_string()),
            TimeUnit::Month => ("month", from.format("%Y-%m").to_string()),
            _ => return Err(self.unplaced(piece)),
        };
        self.without = false;
        self.filter(grain, FilterOp::NotIn, vec![label]);
        Ok(())
    }

    /// "by month with the change to the previous month": the unit before each, not a range of its own.
    fn unit_before_in_words(&self, range: &TimeRange) -> bool {
        let named = range.label.split(' ').any(|word| matches!(word, "previous" | "prior" | "preceding" | "last"));
        let grain = match range.unit {
            Some(TimeUnit::Day) => "day",
            Some(TimeUnit::Week) => "week",
            Some(TimeUnit::Month) => "month",
            Some(TimeUnit::Quarter) => "quarter",
            Some(TimeUnit::Year) => "year",
            _ => return false,
        };
        let split = &self.draft.query.dimensions;
        named
            && !range.running
            && (self.draft.versus || self.draft.growth)
            && self.draft.query.compare.is_none()
            && (split.iter().any(|dimension| dimension == grain)
                || grain == "year" && split.iter().any(|dimension| is_grain(dimension)))
    }

    /// "revenue for 2023, 2024 and 2025": three or more in a row, one row each.
    fn in_a_row(&self, range: &TimeRange, piece: &Piece) -> bool {
        let alike = |other: &Atom| matches!(other, Atom::Time(TimeWords::Range(other)) if other.unit == range.unit);
        let named = self.pieces.iter().filter(|other| alike(&other.atom)).count();
        let joined = self.pieces.iter().rev().find(|other| other.to <= piece.from);
        let joined = joined.is_some_and(|before| before.atom == Atom::Word(Word::And));
        let whole = matches!(range.unit, Some(TimeUnit::Month | TimeUnit::Quarter | TimeUnit::Year));
        let follows = self.draft.query.time.as_ref().is_some_and(|time| time.to.is_some() && time.to == range.from);
        let added = self.tokens.iter().any(|token| matches!(token.text.as_str(), "plus" | "together" | "combined"));
        whole && named >= 3 && joined && follows && !added && !self.draft.versus && !self.says_compare()
    }

    /// "revenue in May and in June", "orders yesterday and today": one row each, where both are units of one kind and nothing
    /// else was said between them. False where they are not.
    fn one_row_each(&mut self, range: &TimeRange, piece: &Piece) -> bool {
        const BETWEEN: [&str; 16] = [
            "and", ",", "in", "on", "for", "during", "the", "also", "then", "how", "many", "much", "of", "both", "as",
            "well",
        ];
        let before = self.pieces[..self.at.saturating_sub(1)].iter().rev();
        let first = before.into_iter().find(|other| matches!(other.atom, Atom::Time(TimeWords::Range(_))));
        let Some(end) = first.map(|first| first.to).filter(|end| *end < piece.from) else { return false };
        let between = &self.tokens[end..piece.from];
        let joined = between.iter().all(|token| BETWEEN.contains(&token.text.as_str()))
            && between.iter().any(|token| matches!(token.text.as_str(), "and" | ","));
        let grain = match range.unit {
            Some(TimeUnit::Day) => ("day", "%Y-%m-%d"),
            Some(TimeUnit::Week) => ("week", "%Y-%m-%d"),
            Some(TimeUnit::Month) => ("month", "%Y-%m"),
            Some(TimeUnit::Year) => ("year", "%Y"),
            _ => return false,
        };
        let split = self.draft.query.dimensions.iter().any(|name| is_grain(name));
        let people = self.says_customers && !self.draft.query.sets.is_empty();
        let other = self.draft.average || self.draft.share || self.draft.list || self.draft.rank.is_some();
        if !joined || split || people || other {
            return false;
        }
        let Some(time) = &mut self.draft.query.time else { return false };
        let (Some(one), Some(other)) = (time.from, range.from) else { return false };
        if time.unit != range.unit || time.to.is_none() || range.to.is_none() {
            return false;
        }
        // "in November and in May 2024": of which year the other is, is not said.
        let says_year = |label: &str| label.split(' ').any(|word| word.len() == 4 && word.starts_with("20"));
        if says_year(&time.label) != says_year(&range.label) && one.year() != other.year() {
            return false;
        }
        let adjacent = time.to == range.from || range.to == time.from;
        time.from = Some(one.min(other));
        time.to = time.to.max(range.to);
        time.unit = None;
        time.running |= range.running;
        time.label = format!("{} and {}", time.label, range.label);
        if !adjacent {
            let labels = [one, other].map(|at| at.format(grain.1).to_string());
            self.filter(grain.0, FilterOp::In, labels.to_vec());
        }
        self.split_by(grain.0);
        true
    }

    /// "per quarter in 2024 and 2025": the second year goes on where the first ends, and both are split.
    fn goes_on(&self, range: &TimeRange) -> bool {
        // "November plus December"
        let added = self.tokens.iter().any(|token| matches!(token.text.as_str(), "plus" | "together" | "combined"));
        let joined = self.pieces.get(self.at.wrapping_sub(2)).is_some_and(|piece| piece.atom == Atom::Word(Word::And));
        let yearly = joined && self.draft.query.dimensions.iter().any(|dimension| dimension == "year");
        let split = added
            || yearly
            || self.draft.query.dimensions.iter().any(|dimension| is_grain(dimension) && dimension != "year");
        self.draft.query.time.as_ref().is_some_and(|time| {
            split
                && !self.draft.versus
                && !self.draft.growth
                && time.to.is_some()
                && time.to == range.from
                && time.unit == range.unit
        }) && !self.says_compare()
    }

    /// "growth by country, Q4 2025 over Q3 2025"
    fn grows_over(&self, piece: &Piece) -> bool {
        self.draft.growth && matches!(self.tokens[piece.from].text.as_str(), "over" | "on" | "against" | "from")
    }

    fn says_compare(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token.text.as_str(), "compare" | "difference" | "comparison"))
    }

    fn compared(&mut self, range: &TimeRange, piece: &Piece) -> Result<(), Problem> {
        if self.draft.query.compare.is_some() {
            return Err(self.unplaced(piece));
        }
        let year = range.label.ends_with("last year") || range.label.ends_with("previous year");
        let Some(main) = &mut self.draft.query.time else {
            self.draft.query.compare =
                Some(if year { Comparison::PreviousYear } else { Comparison::Range(range.clone()) });
            return Ok(());
        };
        let mut other = range.clone();
        if (main.from, main.to) == (other.from, other.to) {
            return Err(Problem::new(format!(
                "`{}` and `{}` are the same range: with which other one should it be compared?",
                main.label, other.label
            )));
        }
        // "2024 vs 2025" is the change from the earlier to the later.
        if other.from > main.from {
            std::mem::swap(main, &mut other);
        }
        // "Christmas Day 2025 vs 2024": the same days of that year.
        let other = same_days(main, &other).unwrap_or(other);
        let years = [&*main, &other].map(|range| range.unit == Some(TimeUnit::Year));
        let whole = [&*main, &other].iter().all(|range| !range.running && range.from.is_some() && range.to.is_some());
        if years[0] != years[1] && whole {
            return Err(Problem::new(format!(
                "`{}` and `{}` differ in length: name two ranges of the same kind",
                main.label, other.label
            )));
        }
        self.draft.against_year = main.unit == Some(TimeUnit::Year) && other.unit == Some(TimeUnit::Year);
        self.draft.query.compare = Some(if unit_before(main, &other) {
            Comparison::PreviousPeriod
        } else if year && main.unit != range.unit {
            Comparison::PreviousYear
        } else {
            Comparison::Range(other)
        });
        Ok(())
    }
}
