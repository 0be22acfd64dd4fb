//! What an order or a customer has: "orders with a lost parcel", "customers who had a late delivery", "more than one failed
//! payment". Must not take a group's figure for a condition.

use oms_tools::orders::semantic::query::{Filter, FilterOp};

use super::Assembler;
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::{Family, Word, family_of_dimension, family_of_measure};
use crate::brain::rules::tokens::is_one_of;
use crate::brain::rules::vocabulary::Value;

/// Words that say that somebody has what follows.
const HAS: &str = "with have has had having got get gets contain contains contained whose need needs needed without";
/// Words between them and what is had.
const ARTICLES: &str = "a an any the one some also at least single either";
/// The dimension of a parcel's lateness, and its value.
const LATE: (&str, &str) = ("parcel_late", "late");

/// Rows of an order that are told by their own states.
pub(super) struct Qualified {
    /// Their states: the dimension and the value of each.
    pub(super) states: Vec<(String, String)>,
    /// The measure that counts them.
    pub(super) measure: String,
    /// How many pieces say so.
    pub(super) length: usize,
}

impl Assembler<'_> {
    /// "failed payments", "lost parcels": states, and the noun of the rows that have them, from a piece on.
    pub(super) fn qualified(&self, from: usize) -> Option<Qualified> {
        let mut at = from;
        let mut words: Vec<&Vec<Value>> = Vec::new();
        while let Some(Atom::Values(values)) = self.pieces.get(at).map(|piece| &piece.atom) {
            words.push(values);
            at += 1;
        }
        let Some(Atom::Name(names)) = self.pieces.get(at).map(|piece| &piece.atom) else { return None };
        let measure = names.measure.clone()?;
        let counts = matches!(
            measure.as_str(),
            "shipments" | "payment_attempts" | "returned_units" | "returns_count" | "late_shipments"
        );
        if !counts || words.is_empty() && measure != "late_shipments" {
            return None;
        }
        let family = family_of_measure(&measure);
        let states: Option<Vec<(String, String)>> = words
            .iter()
            .map(|values| {
                let own = values.iter().find(|value| family_of_dimension(&value.dimension) == Some(family));
                let own = own.map(|value| (value.dimension.clone(), value.value.clone()));
                // "late parcels" that the reason of a return says.
                let late = family == Family::Shipments && values.iter().any(|value| value.value == "late");
                own.or_else(|| late.then(|| (LATE.0.to_owned(), LATE.1.to_owned())))
            })
            .collect();
        Some(Qualified { states: states?, measure, length: at + 1 - from })
    }

    /// Whether the words right before a piece say that something is had.
    fn is_had(&self, piece: &Piece) -> bool {
        let mut before = self.tokens[..piece.from].iter().rev().skip_while(|token| is_one_of(ARTICLES, &token.text));
        before.next().is_some_and(|token| is_one_of(HAS, &token.text))
    }

    /// Takes what an order or a customer has; false where that is not what is said.
    pub(super) fn has_rows(&mut self, piece: &Piece) -> bool {
        if self.at == 0 || !self.is_had(piece) || self.plan.is_some() {
            return false;
        }
        let Some(found) = self.qualified(self.at - 1) else { return false };
        let query = &self.draft.query;
        let plain = self.draft.rank.is_none() && self.draft.count.is_none() && query.having.is_empty();
        let orders = matches!(&query.measures[..], [one] if matches!(one.as_str(), "orders" | "cancelled_orders"))
            && query.dimensions.iter().all(|name| !matches!(name.as_str(), "customer" | "order" | "product"));
        let people = matches!(&query.measures[..], [one] if matches!(one.as_str(), "customers" | "buyers"))
            || query.measures.is_empty() && query.dimensions == ["customer"];
        let timed = query.time.is_some() || self.pieces.iter().any(|piece| matches!(piece.atom, Atom::Time(_)));
        if !plain || !(orders || people) {
            return false;
        }
        let mut states = found.states;
        if found.measure == "late_shipments" {
            states.push((LATE.0.to_owned(), LATE.1.to_owned()));
        }
        if !states.iter().all(|(dimension, _)| self.vocabulary.has_dimension(dimension)) {
            return false;
        }
        let without = std::mem::take(&mut self.without);
        let late = states.iter().any(|(dimension, _)| dimension == LATE.0);
        let filters =
            states.into_iter().map(|(dimension, value)| Filter { dimension, op: FilterOp::In, values: vec![value] });
        // "customers who had a lost parcel in December": a range would be of their registration, so the rows are what is counted.
        if people && timed {
            if without {
                self.without = true;
                return false;
            }
            let counted = !self.draft.query.measures.is_empty();
            let states: Vec<Filter> = filters.filter(|filter| filter.dimension != LATE.0).collect();
            self.draft.query.measures = vec![found.measure.clone()];
            self.family = family_of_measure(&found.measure);
            for filter in states {
                self.filter(&filter.dimension, FilterOp::In, filter.values);
            }
            if counted {
                self.draft.query.dimensions.clear();
                self.draft.count = Some("customer".to_owned());
            }
            self.at += found.length - 1;
            return true;
        }
        let what = match family_of_measure(&found.measure) {
            Family::Payments => "payments",
            Family::Returns => "returns",
            _ => "shipments",
        };
        if orders && !late {
            self.set("order", what, !without);
            if let Some(set) = self.draft.query.sets.last_mut() {
                set.filters.extend(filters);
            }
        } else {
            let op = if without { FilterOp::NotIn } else { FilterOp::In };
            for filter in filters {
                self.filter(&filter.dimension, op, filter.values);
            }
        }
        if people && self.draft.query.measures.is_empty() {
            self.draft.entity = Some("customers".to_owned());
        }
        self.at += found.length - 1;
        true
    }

    /// "orders delivered late", "whose parcel came late": orders and customers that have a late parcel.
    pub(super) fn comes_late(&mut self, value: &Value) -> bool {
        let comes = self.tokens.iter().any(|token| {
            matches!(
                token.stem.as_str(),
                "deliver"
                    | "delivered"
                    | "delivery"
                    | "arrive"
                    | "arrived"
                    | "came"
                    | "come"
                    | "parcel"
                    | "package"
                    | "shipment"
                    | "box"
                    | "turned"
            )
        });
        let query = &self.draft.query;
        let subject = match &query.measures[..] {
            [one] => matches!(one.as_str(), "orders" | "orders_delivered" | "customers" | "buyers"),
            _ => false,
        };
        if value.dimension != "return_reason"
            || value.value != "late"
            || self.without
            || !comes
            || !subject
            || !self.vocabulary.has_dimension(LATE.0)
            || matches!(query.measures[0].as_str(), "customers" | "buyers")
                && self.pieces.iter().any(|piece| matches!(piece.atom, Atom::Time(_)))
        {
            return false;
        }
        // That it was delivered is no state beside it.
        self.draft.query.filters.retain(|filter| filter.dimension != "order_status" || filter.values != ["delivered"]);
        self.filter(LATE.0, FilterOp::In, vec![LATE.1.to_owned()]);
        true
    }

    /// "parcels that took more than 5 days", "orders shipped within 24 hours": a condition on each parcel's or order's own time.
    pub(super) fn how_long_it_took(&mut self, op: FilterOp, values: &[String]) -> bool {
        let unit = match self.next() {
            Some(Atom::Name(names)) if names.measure.is_none() => names.dimension.as_deref().unwrap_or_default(),
            _ => return false,
        };
        if !matches!(unit, "day" | "hour") {
            return false;
        }
        let says = |words: &[&str]| self.tokens.iter().any(|token| words.contains(&token.stem.as_str()));
        let [measure] = &self.draft.query.measures[..] else { return false };
        let (dimension, own) = match measure.as_str() {
            "shipments" | "parcels_delivered"
                if says(&[
                    "took",
                    "take",
                    "taking",
                    "transit",
                    "way",
                    "longer",
                    "deliver",
                    "delivered",
                    "arrive",
                    "arrived",
                ]) =>
            {
                ("parcel_days", "day")
            }
            "orders" | "orders_shipped"
                if says(&["ship", "shipped", "leave", "left", "dispatch", "dispatched", "sent", "send"]) =>
            {
                ("hours_to_leave", "hour")
            }
            _ => return false,
        };
        if !self.vocabulary.is_number(dimension) || self.draft.rank.is_some() {
            return false;
        }
        let converted: Option<Vec<String>> = values
            .iter()
            .map(|value| {
                let number: f64 = value.parse().ok()?;
                let number = match (unit, own) {
                    ("day", "hour") => number * 24.0,
                    ("hour", "day") => number / 24.0,
                    _ => number,
                };
                Some(format!("{number}"))
            })
            .collect();
        let Some(converted) = converted else { return false };
        // What happened to it says no state.
        self.draft.query.filters.retain(|filter| {
            !(filter.dimension == "order_status" || filter.dimension == "shipment_status")
                || !matches!(&filter.values[..], [one] if matches!(one.as_str(), "shipped" | "delivered"))
        });
        self.filter(dimension, op, converted);
        self.at += 1;
        true
    }

    /// Whether a condition on how long something took was said, or follows at once.
    pub(super) fn says_how_long(&self) -> bool {
        let took = |filter: &Filter| matches!(filter.dimension.as_str(), "parcel_days" | "hours_to_leave");
        let counts = matches!(
            &self.draft.query.measures[..],
            [one] if matches!(one.as_str(), "orders" | "shipments" | "parcels_delivered")
        );
        self.draft.query.filters.iter().any(took) || counts && self.duration_ahead()
    }

    /// "within 24 hours", "more than 3 days": a bound on a time follows.
    pub(super) fn duration_ahead(&self) -> bool {
        matches!(
            self.pieces.get(self.at..self.at + 3),
            Some([
                Piece { atom: Atom::Word(Word::Compare(_)), .. },
                Piece { atom: Atom::Number { .. }, .. },
                Piece { atom: Atom::Name(names), .. },
            ]) if matches!(names.dimension.as_deref(), Some("day" | "hour"))
        )
    }

    /// "more than one failed payment": what the number counts has a state. True where an order's rows are told by it; else the
    /// state is a condition on what is counted.
    pub(super) fn of_such_rows(&mut self, op: FilterOp, values: &[String], is_percent: bool) -> bool {
        let Some(found) = self.qualified(self.at).filter(|found| !is_percent && !found.states.is_empty()) else {
            return false;
        };
        if !found.states.iter().all(|(dimension, _)| self.vocabulary.has_dimension(dimension)) {
            return false;
        }
        let filters = found.states.into_iter();
        let ungrouped = self.draft.query.dimensions.iter().all(|name| name != "customer");
        if ungrouped && self.rows_of_an_order(op, values, Some(&found.measure)) {
            if let Some(set) = self.draft.query.sets.last_mut() {
                let filter = |(dimension, value)| Filter { dimension, op: FilterOp::In, values: vec![value] };
                set.filters.extend(filters.map(filter));
            }
            self.at += found.length;
            return true;
        }
        for (dimension, value) in filters {
            self.filter(&dimension, FilterOp::In, vec![value]);
        }
        // The noun is what follows the number.
        self.at += found.length - 1;
        false
    }
}
