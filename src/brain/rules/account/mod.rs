//! The last look before an answer: every word that does something must have left its mark in the query. A number, a
//! negation or a comparison that nothing came of is asked back, never passed over. Must not change the query.

mod beside;
mod kinds;
mod parts;
mod requests;
mod sense;
mod states;

use chrono::Datelike;
use oms_tools::Unit;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Comparison, Filter, FilterOp, TimeRange, TimeUnit};

use super::assemble::Problem;
use super::finish::is_grain;
use super::lattice::{Atom, Piece};
use super::lexicon::{Family, Word, family_of_dimension, family_of_measure};
use super::time::TimeWords;
use super::tokens::Token;
use super::vocabulary::{Names, Value, Vocabulary};
use super::whether;

/// Nouns that say what a figure is about, and measure nothing where another measure is named.
const NOUNS: [&str; 15] = [
    "orders",
    "customers",
    "buyers",
    "shipments",
    "payment_attempts",
    "returned_units",
    "returns_count",
    "units_sold",
    "stock",
    "products",
    "new_customers",
    "value",
    "revenue",
    "orders_shipped",
    "orders_delivered",
];

/// What a query says, word by word.
struct Account<'a> {
    query: &'a SemanticQuery,
    pieces: &'a [Piece],
    tokens: &'a [Token],
    vocabulary: &'a Vocabulary,
}

/// Fails with the first word that nothing came of.
pub(super) fn check(
    query: &SemanticQuery,
    pieces: &[Piece],
    tokens: &[Token],
    vocabulary: &Vocabulary,
) -> Result<(), Problem> {
    if query.order_number.is_some() {
        return Ok(());
    }
    sense::check(query, pieces, tokens, vocabulary)?;
    let account = Account { query, pieces, tokens, vocabulary };
    let left_over = requests::empty(query, pieces, tokens)
        .or_else(|| states::unheld(query, pieces, tokens))
        .or_else(|| kinds::unanswered(query, pieces, tokens, vocabulary).map(|piece| piece.from..piece.to));
    if let Some(words) = left_over {
        return Err(unplaced(&tokens[words]));
    }
    for (at, piece) in pieces.iter().enumerate() {
        let held = match &piece.atom {
            Atom::Number { text, .. } => account.number(text),
            Atom::Time(TimeWords::Range(range)) if whether::is_the_named(query, range) => true,
            // "the same day last week": a day of it.
            Atom::Time(TimeWords::Range(range)) if account.day_of(range) => true,
            Atom::Time(TimeWords::Range(range)) => account.range(range, piece) && account.both(piece),
            Atom::Time(TimeWords::Weekdays(days)) => {
                account.has_value("weekday", |value| days.contains(&value))
                    || account.query.dimensions.iter().any(|name| name == "weekday" || name == "day_type")
            }
            Atom::Time(TimeWords::Compare(_)) => query.compare.is_some() || query.time.is_some(),
            Atom::Time(TimeWords::Span(..)) => query.time.is_some(),
            Atom::Values(values) => account.value(values, at),
            Atom::Contains(text) => account.has_value("", |value| value == text),
            Atom::Part(text) => {
                account.has_value("", |value| value == text)
                    && (piece.to > piece.from + 1 || parts::is_of_goods(pieces, tokens, at))
            }
            Atom::Time(TimeWords::Hours(hours)) => {
                account.has_value("hour_of_day", |value| hours.iter().any(|hour| hour.to_string() == value))
            }
            Atom::Name(names) => {
                account.name(names.measure.as_deref(), names.dimension.as_deref(), piece)
                    && account.counted(names.measure.as_deref(), at)
                    && account.split(names, at)
            }
            Atom::Word(word) => account.word(word, piece, at),
            Atom::Order(number) => account.has_value("order", |value| value == number),
            Atom::Unknown => false,
        };
        if !held {
            return Err(unplaced(&tokens[piece.from..piece.to]));
        }
    }
    Ok(())
}

fn unplaced(words: &[Token]) -> Problem {
    let words: Vec<&str> = words.iter().map(|token| token.raw.as_str()).collect();
    Problem::new(format!(
        "I cannot place `{}` in this question, so I would answer another one: please say it in other words",
        words.join(" ")
    ))
}

impl Account<'_> {
    /// A number must stand in a condition, a limit or a place.
    fn number(&self, text: &str) -> bool {
        let query = self.query;
        let filters = query.filters.iter().chain(query.sets.iter().flat_map(|set| &set.filters));
        let numbers = filters
            .flat_map(|filter| &filter.values)
            .chain(query.having.iter().flat_map(|one| &one.values))
            .map(|value| value.trim_start_matches('-'));
        let asked = query.asked.iter().flat_map(|asked| &asked.values).map(|value| value.trim_start_matches('-'));
        let mut numbers = numbers.chain(asked);
        let count = text.parse::<u32>().ok();
        let limits = [
            query.limit,
            query.ranking.as_ref().and_then(|ranking| ranking.limit),
            query.list.as_ref().and_then(|list| list.limit),
        ];
        let counts = query.sets.iter().filter_map(|set| set.count);
        // "48 hours" of an age in days, "3 days" of hours until it left.
        let said: Option<f64> = text.parse().ok();
        let converted = query.filters.iter().any(|filter| {
            matches!(filter.dimension.as_str(), "parcel_days" | "hours_to_leave" | "days_since_placed")
                && filter
                    .values
                    .iter()
                    .filter_map(|value| value.parse::<f64>().ok().zip(said))
                    .any(|(value, said)| (said * 24.0 - value).abs() < 1e-6 || (said / 24.0 - value).abs() < 1e-6)
        });
        numbers.any(|number| number == text)
            || converted
            || count.is_some_and(|count| {
                counts.into_iter().any(|one| {
                    let bounds = [Some(one.at_least), one.at_most];
                    // "more than 2" is at least 3, "fewer than 3" at most 2.
                    bounds.contains(&Some(count))
                        || one.at_least == count.saturating_add(1)
                        || count.checked_sub(1).is_some_and(|less| one.at_most == Some(less))
                })
            })
            || count.is_some() && limits.contains(&count)
            // "one" as in "which one", "more than one order".
            || text == "2" && query.measures.iter().any(|name| name.starts_with("repeat_"))
            || text == "3" && query.measures.iter().any(|name| name == "stuck_orders")
            || count.is_some() && query.ratio.as_ref().map(|ratio| ratio.times) == count
            || query.statistic.is_some()
    }

    /// A range must be the query's, or one that it is compared with, or a set's.
    fn range(&self, range: &TimeRange, piece: &Piece) -> bool {
        let query = self.query;
        let same = |other: &TimeRange| (other.from, other.to) == (range.from, range.to);
        let compared = match &query.compare {
            // "Christmas Day 2025 vs 2024": the same days of that year.
            Some(Comparison::Range(other)) => {
                let year = range.unit == Some(TimeUnit::Year) && range.from <= other.from && other.to <= range.to;
                let asked = query.time.as_ref().and_then(|time| time.from).zip(other.from);
                let moved = asked.is_some_and(|(asked, other)| asked.with_year(other.year()) == Some(other));
                same(other) || year && moved
            }
            Some(_) => true,
            None => false,
        };
        let within = |time: &TimeRange| time.label.contains(" and ") && time.from <= range.from && range.to <= time.to;
        query.time.as_ref().is_some_and(|time| same(time) || within(time))
            || compared
            || query.sets.iter().any(|set| set.time.as_ref().is_some_and(|time| same(time) || time.to == range.from))
            || crate::brain::rules::membership::covers(query, range)
            // "2025 except August"
            || query.filters.iter().any(|filter| {
                filter.op == FilterOp::NotIn
                    && is_grain(&filter.dimension)
                    && range.from.is_some_and(|from| {
                        let day = from.format("%Y-%m-%d").to_string();
                        filter.values.iter().any(|value| day.starts_with(value.as_str()))
                    })
            })
            // What is only known as it is now.
            || range.running && range.label == "today" && query.time.is_none()
            // A year after a comparator is a number.
            || piece.to == piece.from + 1 && self.number(&self.tokens[piece.from].text)
    }

    /// "customers who bought in both March and April": in each of the two, not in either.
    fn both(&self, piece: &Piece) -> bool {
        let query = self.query;
        let said = self.tokens[piece.from..piece.to].iter().any(|token| token.text == "both");
        let people = |name: &String| family_of_measure(name) == Family::Customers || name == "customer";
        !said || query.sets.len() > 1 || !query.measures.iter().chain(&query.dimensions).any(people)
    }

    fn day_of(&self, week: &TimeRange) -> bool {
        let Some(Comparison::Range(base)) = &self.query.compare else { return false };
        let day = base.from.filter(|_| base.label.starts_with("the same day"));
        day.is_some_and(|day| week.from.is_some_and(|from| from <= day) && week.to.is_some_and(|to| day < to))
    }

    fn has_value(&self, dimension: &str, is: impl Fn(&str) -> bool) -> bool {
        let filters = self.query.filters.iter().chain(self.query.sets.iter().flat_map(|set| &set.filters));
        filters.into_iter().any(|filter| {
            (dimension.is_empty() || filter.dimension == dimension) && filter.values.iter().any(|value| is(value))
        })
    }

    fn value(&self, values: &[Value], at: usize) -> bool {
        if values.iter().any(|value| self.has_value("", |known| known == value.value)) {
            return true;
        }
        // "is Portugal our biggest market"
        if values.iter().any(|value| whether::may_be_first(self.query, &value.value)) {
            return true;
        }
        let query = self.query;
        // "packed but not shipped": it is packed as it stands now.
        let left_out = self.pieces[..at]
            .iter()
            .rev()
            .find(|piece| piece.atom != Atom::Word(Word::Filler))
            .is_some_and(|piece| matches!(piece.atom, Atom::Word(Word::Without | Word::Never)));
        if left_out
            && values.iter().any(|value| value.dimension == "order_status")
            && self.has_value("order_status", |_| true)
        {
            return true;
        }
        // What a measure says already: parcels that were shipped, a failure rate of what failed.
        let status = |value: &Value| value.dimension.ends_with("status") || value.value == "late";
        if values.iter().any(status) {
            let said = query.measures.iter().chain(query.list.iter().filter_map(|list| list.of.as_ref()));
            let stem = |value: &Value| value.value[..value.value.len().min(5)].to_owned();
            let mut said = said.chain(query.sets.iter().map(|set| &set.what)).map(String::as_str);
            return said.any(|measure| {
                values.iter().any(|value| {
                    family_of_dimension(&value.dimension) == Some(family_of_measure(measure))
                        || measure.contains(stem(value).as_str())
                        || measure.ends_with("_time")
                        || measure == "late_shipments"
                        || measure == "refunds"
                        || measure == "shipments"
                        || value.value == "received"
                })
            }) || query.having.iter().any(|one| one.measure.contains("return"));
        }
        // "without Portugal" after "only Spain and Portugal": what is left does not name it.
        self.pieces[..at].iter().any(|piece| piece.atom == Atom::Word(Word::Without))
            || self.tokens[self.pieces[at].from..self.pieces[at].to].iter().any(|token| token.text == "instead")
            || self.pieces.iter().any(|piece| matches!(piece.atom, Atom::Word(Word::Instead | Word::InsteadOf)))
    }

    fn name(&self, measure: Option<&str>, dimension: Option<&str>, piece: &Piece) -> bool {
        let query = self.query;
        if let Some(measure) = measure {
            let plain = self.tokens[piece.from..piece.to]
                .iter()
                .any(|token| matches!(token.text.as_str(), "revenue" | "turnover" | "income" | "takings"));
            if NOUNS.contains(&measure) && !plain || query.list.is_some() {
                return true;
            }
            let amount = matches!(
                measure,
                "revenue" | "gross_profit" | "gross_margin" | "average_order_value" | "units_sold" | "discounts"
            );
            let value = |filter: &Filter| matches!(filter.dimension.as_str(), "order_value" | "grand_total");
            let mut known = query
                .measures
                .iter()
                .chain(query.having.iter().map(|one| &one.measure))
                .chain(query.ranking.iter().map(|ranking| &ranking.by))
                .chain(query.ratio.iter().map(|ratio| &ratio.to));
            let alike = |known: &String| {
                known == measure
                    || known.contains(measure.trim_end_matches('s'))
                    || family_of_measure(known) == family_of_measure(measure)
                        && self.vocabulary.unit(known) == Some(Unit::Percent)
                    || measure == "gross_profit" && known == "gross_margin"
                    || measure == "discounts" && known == "average_discount"
                    || measure == "average_order_value" && known == "orders" && query.filters.iter().any(value)
                    || measure == "revenue" && matches!(known.as_str(), "gross_margin" | "average_order_value")
            };
            // "average price per unit sold" is what was taken for it.
            if measure == "average_price" && query.ratio.is_some() {
                return true;
            }
            // "items per basket"
            if measure == "average_order_value" && query.average_per.as_deref() == Some("order") {
                return true;
            }
            return known.any(alike)
                || dimension.is_some_and(|dimension| self.dimension(dimension, piece))
                || query.filters.iter().any(|filter| {
                    filter.dimension.ends_with("status") && !amount || filter.dimension == "days_since_placed"
                })
                || measure == "billed_amount" && query.filters.iter().any(|filter| filter.dimension == "grand_total")
                || query.sets.iter().any(|set| set.what == measure)
                || self.pieces.iter().any(|piece| matches!(piece.atom, Atom::Word(Word::Instead | Word::InsteadOf)));
        }
        dimension.is_none_or(|dimension| self.dimension(dimension, piece))
    }

    /// What "how many" stands right before must be counted.
    fn counted(&self, measure: Option<&str>, at: usize) -> bool {
        let before = self.pieces[..at].iter().rev().find(|piece| piece.atom != Atom::Word(Word::Filler));
        // "billed amount of the cancelled orders" counts nothing.
        let amount =
            |piece: &Piece| self.tokens[piece.from].text == "amount" && self.query.measures == ["billed_amount"];
        let many = before.is_some_and(|piece| piece.atom == Atom::Word(Word::HowMany) && !amount(piece));
        // "how many days a parcel spends in transit" is no count.
        let count = |measure: &&str| many && self.vocabulary.unit(measure) == Some(Unit::Count);
        measure.filter(count).is_none_or(|measure| requests::is_counted(measure, self.query, self.vocabulary))
    }

    /// What "by", "per" or "which" stands right before must be a group, or rows of that kind.
    fn split(&self, names: &Names, at: usize) -> bool {
        let Some(dimension) = names.dimension.as_deref() else { return true };
        let query = self.query;
        let before = self.pieces[..at].iter().rev().find(|piece| piece.atom != Atom::Word(Word::Filler));
        let splits = before.is_some_and(|piece| matches!(piece.atom, Atom::Word(Word::By | Word::Per | Word::Which)));
        let valued = matches!(
            self.pieces.get(at + 1).map(|piece| &piece.atom),
            Some(Atom::Values(_) | Atom::Contains(_) | Atom::Part(_) | Atom::Time(_))
        );
        if !splits || valued || names.measure.is_some() || query.list.is_some() {
            return true;
        }
        let same = |other: &String| other == dimension || other.ends_with(&format!("_{dimension}"));
        let grouped = query.dimensions.iter().chain(&query.average_per).chain(&query.count_of);
        let grouped = grouped.chain(query.ranking.iter().filter_map(|ranking| ranking.per.as_ref()));
        grouped.into_iter().any(same)
            || query.ranking.as_ref().is_some_and(|ranking| same(&ranking.by))
            || query.order_number.is_some()
            || query.sets.iter().any(|set| set.who == dimension)
            || matches!(dimension, "order" | "value")
            || is_grain(dimension) && (query.compare.is_some() || query.dimensions.iter().any(|name| is_grain(name)))
            || query
                .filters
                .iter()
                .any(|filter| same(&filter.dimension) && self.vocabulary.is_number(&filter.dimension))
    }

    fn dimension(&self, dimension: &str, piece: &Piece) -> bool {
        let query = self.query;
        // "list the parcels with customer and city": groups are no rows with columns.
        let listed = self.pieces.first().is_some_and(|first| first.atom == Atom::Word(Word::List));
        let column = piece.from > 0 && matches!(self.tokens[piece.from - 1].text.as_str(), "with" | "and" | ",");
        let noun = matches!(dimension, "customer" | "product" | "order" | "value");
        let said = query.dimensions.iter().any(|name| name == dimension) || !query.sets.is_empty();
        if dimension == "customer" && listed && column && query.list.is_none() && !said {
            return false;
        }
        if noun || query.list.is_some() {
            return true;
        }
        let same = |other: &str| other == dimension || other.ends_with(&format!("_{dimension}"));
        let named = query
            .dimensions
            .iter()
            .chain(query.filters.iter().map(|filter| &filter.dimension))
            .chain(query.sets.iter().flat_map(|set| &set.filters).map(|filter| &filter.dimension))
            .chain(&query.average_per)
            .chain(&query.count_of)
            .chain(query.having.iter().map(|one| &one.measure));
        let units = |name: &String| matches!(self.vocabulary.unit(name), Some(Unit::Days | Unit::Hours));
        named.into_iter().any(|name| same(name))
            || is_grain(dimension) && (query.measures.iter().any(units) || query.compare.is_some())
            // "in both of these years": the ranges of what they did.
            || is_grain(dimension) && query.sets.iter().filter(|set| set.time.is_some()).count() > 1
            || matches!(dimension, "day" | "hour")
                && query.filters.iter().any(|filter| {
                    matches!(filter.dimension.as_str(), "days_since_placed" | "parcel_days" | "hours_to_leave")
                })
            || matches!(dimension, "day" | "hour")
                && query.dimensions.iter().any(|name| name == "weekday" || name == "hour_of_day")
            || matches!(dimension, "warehouse" | "price" | "order_value" | "sku" | "reason" | "status")
            || self.pieces.iter().any(|other| matches!(other.atom, Atom::Word(Word::InsteadOf)) && other.to <= piece.from)
            // "in all countries": no split.
            || piece.from > 0 && matches!(self.tokens[piece.from - 1].text.as_str(), "all" | "our")
    }

    /// "in each of Fashion and Sports": several values are kept, and are groups.
    fn values_apart(&self) -> bool {
        let query = self.query;
        query.filters.iter().any(|one| one.values.len() > 1 && query.dimensions.contains(&one.dimension))
    }

    #[expect(clippy::too_many_lines, reason = "one arm a word")]
    fn word(&self, word: &Word, piece: &Piece, at: usize) -> bool {
        let query = self.query;
        let list = query.list.is_some();
        let grouped = self.grouped();
        let unit = |wanted: &[Unit]| {
            query.measures.iter().any(|name| self.vocabulary.unit(name).is_some_and(|unit| wanted.contains(&unit)))
        };
        let conditions = || {
            let counted = query.sets.iter().any(|set| set.count.is_some());
            let mut said = query.filters.iter().map(|filter| filter.op).chain(query.having.iter().map(|one| one.op));
            counted || said.any(|op| !matches!(op, FilterOp::NotIn | FilterOp::Contains))
        };
        match word {
            Word::Without | Word::No | Word::Never | Word::Nothing => self.negated(),
            Word::Compare(_) => {
                conditions()
                    || query.asked.is_some()
                    || self.tokens[piece.from].text == "over"
                    || query.compare.is_some()
                    || query.filters.iter().any(|filter| filter.dimension == "days_since_placed")
                    || query.measures.iter().any(|name| name.starts_with("repeat_") || name == "stuck_orders")
            }
            Word::Average => {
                query.average_per.is_some()
                    || query.ratio.is_some()
                    || query.statistic.is_some()
                    || unit(&[Unit::Percent, Unit::Days, Unit::Hours])
                    || query.measures.iter().any(|name| name.starts_with("average"))
            }
            // "by German customers", "by carrier UPS": who did it.
            Word::By => grouped || query.ranking.is_some() || list || query.compare.is_some() || self.says_who(at),
            Word::Per => {
                query.sets.len() > 1
                    || query.statistic.is_some()
                    || grouped
                    || query.ranking.is_some()
                    || list
                    || query.compare.is_some()
                    || self.of_single_ones()
            }
            Word::Grain(grain) => {
                let grain = (*grain).to_owned();
                query.dimensions.contains(&grain)
                    || query.average_per.as_ref() == Some(&grain)
                    || query.count_of.as_ref() == Some(&grain)
            }
            Word::Share => {
                query.share.is_some()
                    || query.ratio.is_some()
                    || unit(&[Unit::Percent])
                    || query.having.iter().any(|one| one.of_total)
            }
            Word::Running => query.running_total,
            Word::Along(_) => query.compare.is_some(),
            Word::EachValue => self.values_apart(),
            Word::Grown(_) => query.having.iter().any(|one| one.of_change.is_some()),
            Word::Growth => query.compare.is_some() && !self.is_counted_before(at),
            Word::Trend | Word::Develop => {
                query.compare.is_some() || query.dimensions.iter().any(|name| is_grain(name))
            }
            Word::Versus => query.compare.is_some() || !query.dimensions.is_empty() || !query.having.is_empty(),
            // "new customers who bought something": who they are, and what they did.
            Word::Bought => {
                !query.sets.is_empty()
                    || !query.having.is_empty()
                    || !matches!(&query.measures[..], [one] if matches!(one.as_str(), "new_customers" | "customers"))
            }
            Word::Sorted(_)
            | Word::Cut(_)
            | Word::Extreme(_)
            | Word::ExtremeOf(..)
            | Word::Priced(_)
            | Word::Common(_)
            | Word::Newest
            | Word::Oldest
            | Word::Place(_)
                if !matches!(word, Word::Place(place) if *place > 1 && query.ranking.as_ref().is_some_and(|ranking| ranking.skip == 0)) =>
            {
                query.ranking.is_some() || list || conditions()
            }
            Word::Place(_) => list,
            Word::Distinct => {
                query.count_of.is_some()
                    || query.measures.iter().any(|name| {
                        matches!(name.as_str(), "buyers" | "customers" | "repeat_buyers" | "orders" | "products")
                    })
            }
            Word::Again => {
                !query.sets.is_empty()
                    || !query.having.is_empty()
                    || query.measures.iter().any(|name| name.starts_with("repeat_"))
            }
            Word::Both => {
                query.sets.len() > 1
                    || query.filters.iter().any(|filter| filter.values.len() > 1)
                    || query.measures.len() > 1
                    || self.tokens[piece.from].text != "both"
                    || query.time.is_some()
                        && self.tokens.get(piece.to).is_some_and(|next| {
                            matches!(next.text.as_str(), "months" | "years" | "weeks" | "quarters" | "days")
                        })
            }
            Word::Percentile => query.statistic.is_some(),
            Word::HowLong => unit(&[Unit::Days, Unit::Hours]),
            Word::Hold | Word::Available => self.about(Family::Stock, "inventory"),
            Word::Registered => self.about(Family::Customers, "customers"),
            Word::Filler => self.filler(piece, at),
            // "list orders with the number of items": rows have no such number.
            Word::HowMany => !list || conditions() || query.list.as_ref().is_some_and(|list| list.limit.is_some()),
            _ => true,
        }
    }

    /// "average refund per refunded return": of single ones, which are no groups.
    fn of_single_ones(&self) -> bool {
        self.query.measures.iter().any(|name| matches!(name.as_str(), "average_refund" | "average_payment"))
    }

    /// "how many orders dropped last month": is it those that were cancelled, or fewer?
    fn is_counted_before(&self, at: usize) -> bool {
        at >= 2
            && self.pieces[at - 2].atom == Atom::Word(Word::HowMany)
            && matches!(self.pieces[at - 1].atom, Atom::Name(_))
    }

    /// "by German customers", "by customers who registered in 2024": what follows says who, and splits nothing.
    fn says_who(&self, at: usize) -> bool {
        let mut later = self.pieces[at + 1..].iter().filter(|piece| piece.atom != Atom::Word(Word::Filler)).take(2);
        later.any(|piece| matches!(piece.atom, Atom::Values(_)))
            || self.query.sets.iter().any(|set| set.what == "registration")
    }

    /// Whether figures are told, averaged, divided or counted by something.
    fn grouped(&self) -> bool {
        let query = self.query;
        !query.dimensions.is_empty() || query.average_per.is_some() || query.ratio.is_some() || query.count_of.is_some()
    }

    /// Whether the figures or rows are of a part of the shop.
    fn about(&self, family: Family, entity: &str) -> bool {
        let query = self.query;
        query
            .measures
            .iter()
            .chain(query.having.iter().map(|one| &one.measure))
            .chain(&query.count_of)
            .any(|measure| family_of_measure(measure) == family || measure == "products" || measure == "product")
            || query.list.as_ref().is_some_and(|list| list.entity == entity || list.entity == "products")
            || query.filters.iter().any(|filter| filter.dimension == "active")
            || query.sets.iter().any(|set| set.what.contains("stock"))
    }

    /// Whether the query leaves something out, or is about what is not there.
    fn negated(&self) -> bool {
        let query = self.query;
        query.without_rows
            || query.sets.iter().any(|set| !set.has)
            || query.filters.iter().any(|filter| filter.op == FilterOp::NotIn)
            || query.measures.iter().chain(query.list.iter().filter_map(|list| list.of.as_ref())).any(|measure| {
                matches!(
                    measure.as_str(),
                    "open_orders" | "stuck_orders" | "out_of_stock" | "low_stock" | "late_shipments" | "late_rate"
                )
            })
            || query.having.iter().any(|one| one.values == ["0"])
            || query.filters.iter().any(|filter| {
                filter.dimension == "active" || filter.dimension == "order_status" && filter.values.iter().any(|v| v == "placed")
            })
            // "packed but not shipped": one status leaves the others out.
            || query.filters.iter().any(|filter| {
                filter.dimension == "order_status" && filter.op == FilterOp::In && filter.values.len() == 1
            })
            // "without Portugal" after "only Spain and Portugal".
            || query.filters.iter().any(|filter| filter.op == FilterOp::In) && self.pieces.len() <= 4
    }

    /// Filler that is a verb of what it stands beside: "arrived", "delivering" say something of orders.
    fn filler(&self, piece: &Piece, _at: usize) -> bool {
        let text = self.tokens[piece.from].text.as_str();
        let arrives = matches!(
            text,
            "arrive"
                | "arrived"
                | "arriving"
                | "arrives"
                | "deliveries"
                | "delivery"
                | "delivering"
                | "fulfil"
                | "fulfill"
                | "fulfilled"
        );
        let query = self.query;
        // "one-order customers": a number before a noun counts.
        if text == "one" {
            let next = self.tokens.get(piece.to).and_then(|next| self.vocabulary.names(&next.stem));
            let before = piece.from.checked_sub(1).map_or("", |at| self.tokens[at].text.as_str());
            let article = matches!(
                before,
                "which" | "the" | "this" | "that" | "each" | "every" | "by" | "for" | "to" | "in" | "on" | "of"
            );
            return article || next.is_none_or(|names| names.measure.is_none()) || self.number("1");
        }
        // "products launched in 2025": the range of the products' rows.
        if matches!(text, "launched" | "launch") {
            return query.list.as_ref().is_some_and(|list| list.entity == "products") && query.time.is_some();
        }
        if text == "promised" {
            return query.measures.iter().any(|name| name.starts_with("late_"));
        }
        if !arrives {
            return beside::is_idle(query, self.tokens, piece.from, piece.to);
        }
        let about = |name: &str| {
            name.ends_with("_time")
                || matches!(
                    name,
                    "shipments"
                        | "on_time_rate"
                        | "late_shipments"
                        | "late_rate"
                        | "orders_delivered"
                        | "orders_shipped"
                        | "open_orders"
                        | "shipping_fees"
                        | "refunds"
                        | "returned_units"
                        | "cancelled_orders"
                )
        };
        query.measures.iter().any(|name| about(name))
            || !query.sets.is_empty()
            || query.count_of.is_some()
            || query.list.as_ref().is_some_and(|list| list.entity == "shipments")
            || query.filters.iter().any(|filter| {
                matches!(filter.dimension.as_str(), "carrier" | "shipment_status" | "order_status" | "return_reason")
                    || filter.dimension.starts_with("ship_")
            })
            || query.dimensions.iter().any(|name| name == "carrier" || name.starts_with("ship_"))
    }
}
