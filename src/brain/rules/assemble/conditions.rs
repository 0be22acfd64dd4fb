//! Conditions that are no plain value: "without", "never ordered", "more than 3 orders", "stuck for more than 5 days".

use oms_tools::Unit;
use oms_tools::orders::semantic::query::{FilterOp, MeasureFilter, SetFilter};

use super::{Assembler, Mode, Problem};
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::Word;
use crate::brain::rules::time::TimeWords;
use crate::brain::rules::vocabulary::Names;

impl Assembler<'_> {
    pub(super) fn negation(&mut self, piece: &Piece) -> Result<(), Problem> {
        // "who bought in 2024 but not in 2025"
        if matches!(self.next(), Some(Atom::Contains(_))) {
            return Err(self.unplaced(piece));
        }
        if let (Some(Atom::Time(TimeWords::Range(range))), Some(last)) = (self.next(), self.draft.query.sets.last()) {
            let set = SetFilter { has: false, time: Some(range.clone()), ..last.clone() };
            self.draft.query.sets.push(set);
            self.at += 1;
            return Ok(());
        }
        match self.next() {
            Some(Atom::Values(_) | Atom::Time(TimeWords::Weekdays(_))) => {
                self.without = true;
                self.mode = Mode::Plain;
                Ok(())
            }
            Some(Atom::Word(Word::Bought | Word::Weak("revenue")) | Atom::Name(_)) => self.never(piece, true),
            _ => Err(self.unplaced(piece)),
        }
    }

    pub(super) fn never(&mut self, piece: &Piece, noun_allowed: bool) -> Result<(), Problem> {
        let what = match self.next() {
            Some(Atom::Word(Word::Bought | Word::Weak("revenue"))) => Some("orders"),
            Some(Atom::Name(names)) if noun_allowed || self.says_customers => match names.measure.as_deref() {
                Some("orders" | "revenue" | "units_sold") => Some("orders"),
                Some("returned_units" | "returns_count") => Some("returns"),
                Some("cancelled_orders") => Some("cancelled_orders"),
                _ => None,
            },
            Some(Atom::Values(values)) if values.iter().any(|value| value.dimension == "order_status") => {
                let is = |status: &str| values.iter().any(|value| value.value == status);
                if is("returned") {
                    Some("returns")
                } else if is("cancelled") {
                    Some("cancelled_orders")
                } else {
                    None
                }
            }
            _ => None,
        };
        let Some(what) = what else { return Err(self.unplaced(piece)) };
        self.at += 1;
        let says_product =
            self.tokens.iter().any(|token| matches!(token.stem.as_str(), "product" | "item" | "article"));
        let who = if self.says_customers || self.draft.who {
            "customer"
        } else if says_product {
            "product"
        } else {
            return Err(self.unplaced(piece));
        };
        self.draft.query.sets.push(SetFilter {
            who: who.to_owned(),
            what: what.to_owned(),
            has: false,
            time: None,
            filters: Vec::new(),
        });
        Ok(())
    }

    pub(super) fn bought(&mut self, piece: &Piece) -> Result<(), Problem> {
        let later = &self.pieces[self.at..];
        let negated = later.iter().any(|piece| matches!(piece.atom, Atom::Word(Word::Without)))
            && later.iter().filter(|piece| matches!(piece.atom, Atom::Time(TimeWords::Range(_)))).count() == 2;
        if negated {
            let who = if self.says_customers || self.draft.who { "customer" } else { "product" };
            self.draft.query.sets.push(SetFilter {
                who: who.to_owned(),
                what: "orders".to_owned(),
                has: true,
                time: None,
                filters: Vec::new(),
            });
            return Ok(());
        }
        if self.draft.bought {
            return Err(self.unplaced(piece));
        }
        self.draft.bought = true;
        Ok(())
    }

    #[expect(clippy::too_many_lines, reason = "one case after the other, in the order in which they are tried")]
    pub(super) fn condition(&mut self, op: FilterOp, piece: &Piece) -> Result<(), Problem> {
        let mut values = Vec::new();
        let mut is_percent = false;
        while let Some((text, percent)) = self.number_ahead() {
            values.push(text);
            is_percent |= percent;
            self.at += 1;
            if values.len() == 1 && op == FilterOp::Between && self.next() == Some(&Atom::Word(Word::And)) {
                self.at += 1;
            } else {
                break;
            }
        }
        if values.len() != if op == FilterOp::Between { 2 } else { 1 } {
            return Err(self.unplaced(piece));
        }
        let before = self.at_before(piece);
        if self.next() == Some(&Atom::Word(Word::Again)) {
            return Err(self.unplaced(piece));
        }
        let after = match self.next() {
            Some(Atom::Name(Names { measure: Some(measure), .. })) => Some(measure.clone()),
            _ => None,
        };
        let days = matches!(self.next(), Some(Atom::Name(names)) if names.dimension.as_deref() == Some("day"));
        let waiting =
            self.draft.query.measures.iter().any(|name| matches!(name.as_str(), "stuck_orders" | "open_orders"))
                || self.draft.query.filters.iter().any(|filter| filter.dimension == "days_since_placed");
        if days && waiting {
            return self.stuck(op, &values, piece);
        }
        if let Some(Names { dimension: Some(dimension), .. }) = &before
            && self.vocabulary.is_number(dimension)
        {
            let dimension = dimension.clone();
            self.draft.query.dimensions.retain(|known| *known != dimension);
            if dimension == "price" {
                self.only_goods();
            }
            self.filter(&dimension, op, values);
            return Ok(());
        }
        // "revenue of products above 100 euros": their price, as nothing else of a product is a number.
        if after.is_none()
            && !is_percent
            && before.as_ref().is_some_and(|names| names.dimension.as_deref() == Some("product"))
            && !self.draft.query.measures.is_empty()
            && !self.draft.which
            && self.draft.rank.is_none()
            && self.draft.query.dimensions == ["product"]
            && self.vocabulary.is_number("price")
            && self.euros_behind()
        {
            self.only_goods();
            self.filter("price", op, values);
            return Ok(());
        }
        let goods = before.as_ref().is_some_and(|names| names.dimension.as_deref() == Some("product"));
        if goods
            && after.is_none()
            && !is_percent
            && self.draft.query.measures.is_empty()
            && self.draft.weak.is_none()
            && !self.draft.bought
            && (self.euros_behind() || self.words(piece).to_lowercase().contains("cheap"))
            && self.vocabulary.is_number("price")
        {
            self.filter("price", op, values);
            return Ok(());
        }
        if self.draft.query.dimensions.is_empty() {
            if after.as_deref() == Some("orders") && self.euros_behind() && self.vocabulary.is_number("order_value") {
                self.filter("order_value", op, values);
                return Ok(());
            }
            let value_of_order = before.as_ref().is_some_and(|names| names.measure.as_deref() == Some("orders"))
                || before.is_none() && self.draft.query.measures == ["orders"] && self.euros_behind();
            let wanted = if value_of_order { "order_value" } else { "price" };
            if value_of_order && self.draft.list {
                self.draft.entity.get_or_insert_with(|| "orders".to_owned());
            }
            let product = before.as_ref().is_some_and(|names| names.dimension.as_deref() == Some("product"));
            if after.is_none() && (value_of_order || product) && self.vocabulary.is_number(wanted) && !is_percent {
                self.filter(wanted, op, values);
                return Ok(());
            }
            return Err(Problem::new(format!(
                "`{}` with a number needs groups that it holds for: \"customers with more than 3 orders\"",
                self.words(piece)
            )));
        }
        let measure = if let Some(measure) = after {
            self.at += 1;
            measure
        } else if let Some(measure) = before.and_then(|names| names.measure) {
            measure
        } else if self.at_before(piece).is_some() {
            return Err(self.unplaced(piece));
        } else if let [measure] = &self.draft.query.measures[..] {
            measure.clone()
        } else if self.draft.weak.is_some() || self.draft.bought && self.euros_behind() {
            "revenue".to_owned()
        } else {
            return Err(self.unplaced(piece));
        };
        // "a margin under 30 %" is the rate.
        let measure = match measure.as_str() {
            "gross_profit" if is_percent => "gross_margin".to_owned(),
            "discounts" if is_percent => "average_discount".to_owned(),
            "cancelled_orders" if is_percent => "cancellation_rate".to_owned(),
            "returned_units" if is_percent => "return_rate".to_owned(),
            _ => measure,
        };
        if self.draft.query.measures == ["gross_profit"] && measure == "gross_margin" {
            self.draft.query.measures.clear();
        }
        let ratio = self.vocabulary.unit(&measure) == Some(Unit::Percent);
        self.draft.query.having.push(MeasureFilter {
            of_total: is_percent && !ratio,
            measure: measure.clone(),
            op,
            values,
        });
        self.measure(&measure);
        Ok(())
    }

    /// Whether a number follows, even one that could be a year.
    pub(super) fn is_number_ahead(&self) -> bool {
        self.number_ahead().is_some()
    }

    /// The number that follows; a year after a comparator is one: "more than 2000 euros".
    fn number_ahead(&self) -> Option<(String, bool)> {
        let piece = self.pieces.get(self.at)?;
        match &piece.atom {
            Atom::Number { text, percent } => Some((text.clone(), *percent)),
            Atom::Time(TimeWords::Range(_)) if piece.to == piece.from + 1 => {
                let text = &self.tokens[piece.from].text;
                text.bytes().all(|byte| byte.is_ascii_digit()).then(|| (text.clone(), false))
            }
            _ => None,
        }
    }

    /// Whether the number before is said to be money.
    fn euros_behind(&self) -> bool {
        let end = self.pieces.get(self.at - 1).map_or(0, |piece| piece.to);
        let start = self.pieces.get(self.at - 1).map_or(0, |piece| piece.from);
        let money = |at: usize| {
            self.tokens.get(at).is_some_and(|token| matches!(token.text.as_str(), "€" | "euro" | "euros" | "eur"))
        };
        money(end) || start > 0 && money(start - 1)
    }

    /// The goods of a condition are no groups, unless they were asked for.
    fn only_goods(&mut self) {
        let asked =
            self.draft.which || self.draft.list || self.draft.rank.is_some() || self.draft.query.measures.is_empty();
        if !asked {
            self.draft.query.dimensions.retain(|known| known != "product");
        }
    }

    /// The name right before a comparator.
    fn at_before(&self, piece: &Piece) -> Option<Names> {
        self.pieces.iter().rev().find(|other| other.to <= piece.from && other.atom != Atom::Word(Word::With)).and_then(
            |other| match &other.atom {
                Atom::Name(names) => Some(names.clone()),
                _ => None,
            },
        )
    }

    fn stuck(&mut self, op: FilterOp, values: &[String], piece: &Piece) -> Result<(), Problem> {
        self.at += 1;
        let age = ["days_since_placed", "age_days", "order_age", "days_open", "days_stuck", "age"]
            .into_iter()
            .find(|name| self.vocabulary.is_number(name));
        match age {
            _ if values == ["3"] && op == FilterOp::Above && self.draft.query.measures == ["stuck_orders"] => Ok(()),
            Some(age) => {
                self.draft.query.filters.retain(|filter| filter.dimension != age);
                self.filter(age, op, values.to_vec());
                Ok(())
            }
            None => Err(self.unplaced(piece)),
        }
    }
}
