//! Values of the database as conditions: which dimension is meant, and when a status is a verb.

use oms_tools::orders::semantic::query::FilterOp;

use super::{Assembler, Mode, Problem, same_place};
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::{Family, Word, family_of_dimension};
use crate::brain::rules::time::TimeWords;
use crate::brain::rules::vocabulary::{Names, Value};

impl Assembler<'_> {
    pub(super) fn values(&mut self, values: &[Value], piece: &Piece) -> Result<(), Problem> {
        let value = self.choose(values, piece)?;
        if self.mode != Mode::Plain {
            // "orders by German customers", "paid by card": who did it, no split.
            if self.mode == Mode::Per
                || !(value.dimension.starts_with("customer")
                    || matches!(value.dimension.as_str(), "payment_method" | "carrier"))
            {
                return Err(self.unplaced(piece));
            }
            self.mode = Mode::Plain;
        }
        // "returns requested last month": their time is when they were requested.
        if value.dimension == "return_status"
            && value.value == "requested"
            && self.pieces.iter().any(|other| matches!(other.atom, Atom::Time(_)))
            && !matches!(self.next(), Some(Atom::Name(_)))
            && !self.without
        {
            return Ok(());
        }
        // "mobile channel", "brand Acme": the noun beside it names the dimension, it is no split.
        if let Some(Atom::Name(Names { measure: None, dimension: Some(dimension), .. })) = self.next()
            && same_place(&value.dimension, dimension)
        {
            self.at += 1;
        }
        let op = if self.without { FilterOp::NotIn } else { FilterOp::In };
        let more = matches!(self.next(), Some(Atom::Word(Word::And)))
            && matches!(self.pieces.get(self.at + 1).map(|piece| &piece.atom), Some(Atom::Values(_)));
        if !more {
            self.without = false;
        }
        self.fits_beside(&value, piece)?;
        if op == FilterOp::NotIn
            && value.dimension == "order_status"
            && matches!(value.value.as_str(), "placed" | "paid" | "packed" | "shipped")
        {
            return Err(Problem {
                ruled_out: false,
                message: format!(
                    "is it orders that have not been {} yet, or orders whose present status is another?",
                    value.value
                ),
                choices: vec!["open orders".to_owned(), "orders by status".to_owned()],
            });
        }
        if value.dimension == "order_status" && op == FilterOp::In && self.verb(&value.value, piece)? {
            return Ok(());
        }
        if value.dimension == "order_status" && self.draft.query.measures.iter().any(|name| name.starts_with("orders_"))
        {
            return Err(Problem::new("the time belongs to which of the two: ask for one of them"));
        }
        let joined = self.pieces.iter().rev().find(|other| other.to <= piece.from).is_some_and(|before| {
            matches!(&before.atom, Atom::Word(Word::And | Word::But | Word::Versus | Word::Only))
                || (matches!(&before.atom, Atom::Values(_)) && before.to == piece.from)
        });
        if op == FilterOp::In
            && !joined
            && self.draft.query.filters.iter().any(|filter| filter.dimension == value.dimension && filter.op == op)
        {
            return Err(self.unplaced(piece));
        }
        let both = self.draft.versus || matches!(self.next(), Some(Atom::Word(Word::Versus)));
        self.filter(&value.dimension, op, vec![value.value.clone()]);
        if both {
            // "web vs mobile": both, side by side.
            self.draft.versus = false;
            if matches!(self.next(), Some(Atom::Word(Word::Versus)))
                && matches!(self.pieces.get(self.at + 1).map(|piece| &piece.atom), Some(Atom::Values(_)))
            {
                self.at += 1;
            }
            if !self.draft.query.dimensions.contains(&value.dimension) {
                self.draft.query.dimensions.push(value.dimension);
            }
        }
        Ok(())
    }

    /// A reason fits only what it is the reason of; "or" and "and" join values of one dimension.
    fn fits_beside(&self, value: &Value, piece: &Piece) -> Result<(), Problem> {
        let reason_of_other = value.dimension.ends_with("_reason")
            && family_of_dimension(&value.dimension) != Some(self.family)
            && !self.named_beside(&value.dimension, piece);
        let cancels =
            value.dimension == "cancel_reason" && !self.tokens.iter().any(|token| token.stem.starts_with("cancel"));
        if reason_of_other || cancels {
            return Err(Problem::new(format!(
                "`{}` is a {}: name what it is about",
                self.words(piece),
                value.dimension.replace('_', " ")
            )));
        }
        let before: Vec<&&Piece> = self.pieces.iter().rev().filter(|other| other.to <= piece.from).take(2).collect();
        let [and, Piece { atom: Atom::Values(_), .. }] = &before[..] else { return Ok(()) };
        let Some(last) = self.draft.query.filters.last() else { return Ok(()) };
        let either = self.words(and) == "or";
        let places = |dimension: &str| dimension.ends_with("country") || dimension.ends_with("city");
        let apart =
            last.dimension != value.dimension && (either || (places(&last.dimension) && places(&value.dimension)));
        if and.atom == Atom::Word(Word::And) && apart && self.words(and) != "," {
            return Err(Problem::new(format!(
                "`{}` is a {}, the one before it a {}: I can join only values of one kind",
                self.words(piece),
                value.dimension.replace('_', " "),
                last.dimension.replace('_', " ")
            )));
        }
        Ok(())
    }

    /// "orders shipped last week": the event's time counts, not the present status.
    fn verb(&mut self, status: &str, piece: &Piece) -> Result<bool, Problem> {
        let timed = self.pieces.iter().any(|piece| matches!(piece.atom, Atom::Time(TimeWords::Range(_))));
        let event = format!("orders_{status}");
        let after_noun = self.draft.query.measures == ["orders"] && !matches!(self.next(), Some(Atom::Name(_)));
        let alone = self.draft.query.measures.is_empty()
            && !self.pieces.iter().any(|piece| matches!(piece.atom, Atom::Name(_)));
        if !timed || !(after_noun || alone) || !self.vocabulary.has_measure(&event) || piece.from == 0 && !alone {
            return Ok(false);
        }
        let statuses = self.pieces.iter().filter(|other| {
            matches!(&other.atom, Atom::Values(values) if values.iter().any(|value| value.dimension == "order_status"))
        });
        if statuses.count() > 1 {
            return Err(Problem::new("the time belongs to which of the two: ask for one of them"));
        }
        self.draft.query.measures = vec![event];
        Ok(true)
    }

    /// The dimension that a value is meant in.
    fn choose(&self, values: &[Value], piece: &Piece) -> Result<Value, Problem> {
        let mut found: Vec<Value> = Vec::new();
        for value in values {
            let place = match value.dimension.as_str() {
                "country" | "ship_country" | "customer_country" | "warehouse_country" => Some("country"),
                "city" | "ship_city" | "customer_city" | "warehouse_city" => Some("city"),
                _ => None,
            };
            let dimension = place.map_or_else(|| value.dimension.clone(), |place| self.place_of_value(place, piece));
            let value = Value { dimension, value: value.value.clone() };
            if !found.contains(&value) {
                found.push(value);
            }
        }
        if found.len() > 1 {
            let named: Vec<Value> =
                found.iter().filter(|value| self.named_beside(&value.dimension, piece)).cloned().collect();
            let own: Vec<Value> = found
                .iter()
                .filter(|value| family_of_dimension(&value.dimension) == Some(self.family))
                .cloned()
                .collect();
            for narrower in [named, own] {
                if narrower.len() == 1 {
                    found = narrower;
                    break;
                }
            }
        }
        if let [value] = &found[..] {
            return Ok(value.clone());
        }
        let words = self.words(piece);
        Err(Problem {
            ruled_out: false,
            message: format!("`{words}` can be several things: which one is meant?"),
            choices: found
                .iter()
                .take(5)
                .map(|value| format!("the {} {}", value.dimension.replace('_', " "), value.value))
                .collect(),
        })
    }

    fn named_beside(&self, dimension: &str, piece: &Piece) -> bool {
        let beside = |other: &Piece| {
            (other.to == piece.from || other.from == piece.to)
                && matches!(&other.atom, Atom::Name(Names { dimension: Some(named), .. }) if same_place(named, dimension))
        };
        self.pieces.iter().any(|other| beside(other))
    }

    fn place_of_value(&self, place: &str, piece: &Piece) -> String {
        let to = piece.from > 0 && self.tokens[piece.from - 1].text == "to";
        let wanted = if self.family == Family::Stock {
            place.to_owned()
        } else if (self.says_customers || self.family == Family::Customers) && !to {
            format!("customer_{place}")
        } else {
            format!("ship_{place}")
        };
        if self.vocabulary.has_dimension(&wanted) { wanted } else { place.to_owned() }
    }
}
