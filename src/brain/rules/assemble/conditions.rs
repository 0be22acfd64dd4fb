//! Conditions that are no plain value: "without", "never ordered", "more than 3 orders", "stuck for more than 5 days".

use oms_tools::Unit;
use oms_tools::orders::semantic::query::{Count, FilterOp, MeasureFilter, SetFilter};

use super::{Assembler, Mode, Problem};
use crate::brain::rules::grouping::GOODS;
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::{Word, is_a_change};
use crate::brain::rules::time::TimeWords;
use crate::brain::rules::vocabulary::Names;

/// What an order may have several of.
const OF_AN_ORDER: [&str; 7] =
    ["shipments", "units_sold", "units_ordered", "order_lines", "payment_attempts", "returned_units", "returns_count"];

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
        let named =
            |atom: &Atom, name: &str| matches!(atom, Atom::Name(names) if names.measure.as_deref() == Some(name));
        // "orders except cancelled ones": those of another status, not whoever has none that is cancelled.
        let of_orders = self.at >= 2 && named(&self.pieces[self.at - 2].atom, "orders")
            || self.draft.query.measures == ["orders"]
                && !self.says_customers
                && self.draft.query.dimensions.iter().all(|name| name != "product" && name != "customer");
        if of_orders && self.next().is_some_and(|next| named(next, "cancelled_orders")) {
            self.at += 1;
            self.filter("order_status", FilterOp::NotIn, vec!["cancelled".to_owned()]);
            return Ok(());
        }
        // "excluding both Portugal and Spain"
        if self.next() == Some(&Atom::Word(Word::Both)) {
            self.at += 1;
        }
        match self.next() {
            Some(Atom::Values(_) | Atom::Time(TimeWords::Weekdays(_) | TimeWords::Range(_))) => {
                self.without = true;
                self.mode = Mode::Plain;
                Ok(())
            }
            Some(Atom::Word(Word::Bought | Word::Weak("revenue")) | Atom::Name(_)) => self.never(piece, true),
            _ => Err(self.unplaced(piece)),
        }
    }

    /// Who has, or has not, such a row.
    pub(super) fn set(&mut self, who: &str, what: &str, has: bool) {
        self.draft.query.sets.push(SetFilter {
            who: who.to_owned(),
            what: what.to_owned(),
            has,
            ..SetFilter::default()
        });
    }

    /// "orders without parcels": what is looked for of an order.
    fn of_orders(&self) -> Option<&'static str> {
        if self.draft.query.measures != ["orders"]
            || !self.draft.query.dimensions.is_empty()
            || self.draft.count.is_some()
        {
            return None;
        }
        match self.next() {
            Some(Atom::Name(names)) => match names.measure.as_deref() {
                Some("shipments") => Some("shipments"),
                Some("payment_attempts") => Some("payments"),
                Some("returned_units" | "returns_count") => Some("returns"),
                _ => None,
            },
            _ => None,
        }
    }

    /// "days without orders", "how many categories had no sales": the groups that have none.
    fn groups_without(&mut self) -> bool {
        let query = &self.draft.query;
        let group = match (&query.dimensions[..], &self.draft.count) {
            ([one], None) | ([], Some(one)) => one.clone(),
            _ => return false,
        };
        let taken = matches!(group.as_str(), "customer" | "product" | "order");
        if taken || !query.measures.is_empty() || self.draft.rank.is_some() {
            return false;
        }
        let measure = match self.next() {
            Some(Atom::Name(names)) => names.measure.clone(),
            Some(Atom::Word(Word::Bought | Word::Weak("revenue"))) => {
                Some(if GOODS.contains(&group.as_str()) { "units_sold" } else { "orders" }.to_owned())
            }
            _ => None,
        };
        let Some(measure) = measure else { return false };
        self.at += 1;
        self.draft.query.without_rows = true;
        self.draft.query.measures.push(measure);
        true
    }

    pub(super) fn never(&mut self, piece: &Piece, noun_allowed: bool) -> Result<(), Problem> {
        // "paid orders that still haven't been packed": another state.
        let orders = self.draft.query.measures == ["orders"] && !self.says_customers && !self.draft.who;
        let steps = matches!(self.next(), Some(Atom::Values(values)) if values.iter().any(|value| {
            value.dimension == "order_status" && matches!(value.value.as_str(), "paid" | "packed" | "shipped")
        }));
        if orders && steps {
            self.without = true;
            self.mode = Mode::Plain;
            return Ok(());
        }
        // "overdue parcels that have not been delivered": their state.
        let parcels =
            matches!(&self.draft.query.measures[..], [one] if matches!(one.as_str(), "shipments" | "late_shipments"));
        let state = matches!(self.next(), Some(Atom::Values(values)) if values.iter().any(|value| value.dimension == "shipment_status"));
        if parcels && state {
            self.without = true;
            self.mode = Mode::Plain;
            return Ok(());
        }
        // "never bought Acme", "not a single Acme product": the goods are left out.
        let goods = |atom: Option<&Atom>| matches!(atom, Some(Atom::Values(values)) if values.iter().any(|value| GOODS.contains(&value.dimension.as_str())));
        let verb = matches!(self.next(), Some(Atom::Word(Word::Bought | Word::Weak("revenue"))));
        let later = self.pieces.get(self.at + usize::from(verb)).map(|piece| &piece.atom);
        if goods(later) && (self.says_customers || self.draft.who) {
            self.at += usize::from(verb);
            self.draft.bought = true;
            self.without = true;
            self.mode = Mode::Plain;
            return Ok(());
        }
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
        if let Some(what) = self.of_orders().filter(|_| !self.draft.who) {
            self.at += 1;
            self.set("order", what, false);
            return Ok(());
        }
        if self.groups_without() {
            return Ok(());
        }
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
        self.set(who, what, false);
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
                ..SetFilter::default()
            });
            return Ok(());
        }
        // "of the customers who signed up in 2025, how many have bought something": the range is of the signing up.
        let signed = self.draft.registered || self.draft.query.measures == ["new_customers"];
        let later_range = later.iter().any(|piece| matches!(piece.atom, Atom::Time(_)));
        if signed && self.draft.query.time.is_some() && !later_range && self.draft.query.sets.is_empty() {
            self.set("customer", "orders", true);
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
        if self.more_than_another(op) {
            return Ok(());
        }
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
        if self.draft.grown.is_some() && self.draft.grown_by.is_none() && self.follows_a_change(piece) {
            self.at += usize::from(self.is_unit_ahead() && !is_percent);
            self.draft.grown_by = Some((op, values, is_percent));
            return Ok(());
        }
        if self.of_such_rows(op, &values, is_percent) {
            return Ok(());
        }
        let before = self.at_before(piece);
        if self.next() == Some(&Atom::Word(Word::Again)) {
            return Err(self.unplaced(piece));
        }
        let different = self.next() == Some(&Atom::Word(Word::Distinct));
        if different {
            self.at += 1;
        }
        let after = match self.next() {
            Some(Atom::Name(names))
                if names.dimension.as_deref() == Some("product")
                    && names.measure.is_none()
                    && self.is_of_orders()
                    && self.draft.query.dimensions.is_empty()
                    && self.vocabulary.has_measure("order_lines") =>
            {
                Some("order_lines".to_owned())
            }
            Some(Atom::Name(names))
                if names.entity.as_deref() == Some("order_items")
                    && names.measure.is_none()
                    && self.is_of_orders()
                    && self.vocabulary.has_measure("order_lines") =>
            {
                Some("order_lines".to_owned())
            }
            // "a return rate above 5 percent for those orders": the rate is what the number is of.
            Some(Atom::Name(Names { measure: Some(_), .. }))
                if is_percent
                    && before
                        .as_ref()
                        .and_then(|names| names.measure.as_deref())
                        .is_some_and(|name| self.vocabulary.unit(name) == Some(Unit::Percent)) =>
            {
                None
            }
            Some(Atom::Name(Names { measure: Some(measure), .. })) if !different => Some(measure.clone()),
            _ if different => return Err(self.unplaced(piece)),
            _ => None,
        };
        let said = after.is_some();
        let after = match after.as_deref() {
            Some("units_sold" | "units_ordered") if self.returned => Some("returned_units".to_owned()),
            Some("orders" | "returned_units" | "returns_count") | None if self.returned => {
                after.or(Some("returned_units".to_owned()))
            }
            Some(_) if self.returned => return Err(self.unplaced(piece)),
            // "products with less than 10 units available"
            Some("units_sold") if self.lies_in_stock() => {
                let free = self.pieces.iter().any(|piece| piece.atom == Atom::Word(Word::Available));
                Some(if free { "available_stock" } else { "stock" }.to_owned())
            }
            _ => after,
        };
        let days = matches!(self.next(), Some(Atom::Name(names)) if names.dimension.as_deref() == Some("day"));
        let waiting =
            self.draft.query.measures.iter().any(|name| matches!(name.as_str(), "stuck_orders" | "open_orders"))
                || self.draft.query.filters.iter().any(|filter| filter.dimension == "days_since_placed");
        let aged = matches!(self.tokens[piece.from].text.as_str(), "older" | "younger" | "newer");
        let orders = self.draft.query.measures == ["orders"] && self.draft.query.dimensions.is_empty();
        // "and for more than 10 days?": the bound of the last question.
        if days && self.only_a_bound(before.is_some()) {
            self.at += 1;
            self.filter("days_since_placed", op, values);
            return Ok(());
        }
        if days && (waiting || aged && orders) {
            return self.stuck(op, &values, piece);
        }
        // "backlog older than 48 hours"
        let hours = matches!(self.next(), Some(Atom::Name(names)) if names.dimension.as_deref() == Some("hour"));
        if hours && (waiting || aged && orders) {
            let days = values.iter().map(|value| value.parse::<f64>().map(|hours| format!("{}", hours / 24.0)));
            let days: Result<Vec<String>, _> = days.collect();
            return self.stuck(op, &days.map_err(|_| self.unplaced(piece))?, piece);
        }
        if self.how_long_it_took(op, &values) {
            return Ok(());
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
        let billed = before.as_ref().is_some_and(|names| names.measure.as_deref() == Some("billed_amount"));
        if billed
            && after.is_none()
            && self.draft.query.measures == ["orders"]
            && self.vocabulary.is_number("grand_total")
        {
            self.filter("grand_total", op, values);
            return Ok(());
        }
        if said && !is_percent && self.rows_of_an_order(op, &values, after.as_deref()) {
            self.at += 1;
            return Ok(());
        }
        let own = before.as_ref().and_then(|names| names.measure.as_deref());
        let own = own.filter(|own| !matches!(*own, "customers" | "buyers" | "orders"));
        self.count_under_condition(after.as_deref().or(own));
        let alone = before.as_ref().and_then(|names| names.measure.as_deref());
        let single = match alone.or(self.draft.query.measures.first().map(String::as_str)) {
            Some("payment_attempts" | "payment_amounts") => Some("payment_amount"),
            Some("refunds") => Some("refund_amount"),
            _ => None,
        };
        let lasts = matches!(self.next(), Some(Atom::Name(names)) if matches!(names.dimension.as_deref(), Some("day" | "hour")));
        if let Some(amount) = single.filter(|amount| self.vocabulary.is_number(amount))
            && !lasts
            && after.is_none()
            && !is_percent
            && self.draft.query.dimensions.is_empty()
            && self.draft.count.is_none()
        {
            self.filter(amount, op, values);
            return Ok(());
        }
        if self.draft.query.dimensions.is_empty() && self.draft.count.is_none() {
            if after.as_deref() == Some("orders") && self.euros_behind() && self.vocabulary.is_number("order_value") {
                self.filter("order_value", op, values);
                return Ok(());
            }
            let value_of_order = before.as_ref().is_some_and(|names| names.measure.as_deref() == Some("orders"))
                || before.is_none() && self.draft.query.measures == ["orders"] && self.euros_behind();
            if !value_of_order && self.asks_whether(op, &values, is_percent, before.as_ref(), after.as_deref()) {
                self.at += usize::from(said || self.is_unit_ahead());
                return Ok(());
            }
            // "orders that took longer than 5 days": the number is of what follows it, no amount of money.
            let of_another = matches!(self.next(), Some(Atom::Name(_))) && !self.euros_behind();
            if of_another {
                return Err(self.unplaced(piece));
            }
            let wanted = if value_of_order { "order_value" } else { "price" };
            if value_of_order && self.draft.list {
                self.draft.entity.get_or_insert_with(|| "orders".to_owned());
            }
            let product = before.as_ref().is_some_and(|names| names.dimension.as_deref() == Some("product"));
            if after.is_none() && (value_of_order || product) && self.vocabulary.is_number(wanted) && !is_percent {
                self.filter(wanted, op, values);
                return Ok(());
            }
            // "over 500?" after a question with a condition: its number alone.
            if self.only_a_bound(before.is_some() || after.is_some()) {
                self.draft.bound = Some((op, values));
                return Ok(());
            }
            return Err(Problem::new(format!(
                "`{}` with a number needs groups that it holds for: \"customers with more than 3 orders\"",
                self.words(piece)
            )));
        }
        let measure = if let Some(measure) = after {
            self.at += usize::from(said);
            measure
        } else if let Some(measure) = before.and_then(|names| names.measure) {
            measure
        } else if self.at_before(piece).is_some() {
            return Err(self.unplaced(piece));
        } else if let [measure] = &self.draft.query.measures[..]
            && (!self.euros_behind() || self.vocabulary.unit(measure) == Some(Unit::Euro))
        {
            measure.clone()
        } else if self.draft.weak.is_some()
            || (self.draft.bought || self.draft.count.is_some() || !self.draft.query.having.is_empty())
                && self.euros_behind()
        {
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
            // An order's units, whatever its status.
            "units_sold"
                if self.draft.count.as_deref() == Some("order") && self.vocabulary.has_measure("units_ordered") =>
            {
                "units_ordered".to_owned()
            }
            _ => measure,
        };
        if self.draft.query.measures == ["gross_profit"] && measure == "gross_margin" {
            self.draft.query.measures.clear();
        }
        let ratio = self.vocabulary.unit(&measure) == Some(Unit::Percent);
        self.draft.query.having.push(MeasureFilter {
            of_total: is_percent && !ratio,
            of_change: None,
            measure: measure.clone(),
            op,
            values,
        });
        self.measure(&measure);
        Ok(())
    }

    /// "that fell by more than 10 %": the bound right behind the change.
    fn follows_a_change(&self, piece: &Piece) -> bool {
        piece.from.checked_sub(1).is_some_and(|before| is_a_change(&self.tokens[before].text))
    }

    /// "did France sell more than Spain": two values of one dimension, side by side. False where a number or anything else follows.
    fn more_than_another(&mut self, op: FilterOp) -> bool {
        let Some(Atom::Values(values)) = self.next() else { return false };
        let [first] = &self.draft.query.filters[..] else { return false };
        let dimension = first.dimension.clone();
        let alike = first.op == FilterOp::In
            && first.values.len() == 1
            && values.iter().any(|value| value.dimension == dimension && !first.values.contains(&value.value));
        let plain = self.draft.query.dimensions.is_empty() && self.draft.rank.is_none() && !self.draft.share;
        if !alike || !plain || !matches!(op, FilterOp::Above | FilterOp::Below) {
            return false;
        }
        let Some(other) = values.iter().find(|value| value.dimension == dimension).cloned() else { return false };
        self.at += 1;
        self.filter(&dimension, FilterOp::In, vec![other.value]);
        self.split_by(&dimension);
        true
    }

    /// Whether the figures are of orders, and orders were named.
    fn is_of_orders(&self) -> bool {
        let measures = &self.draft.query.measures;
        let known = |name: &String| {
            matches!(
                name.as_str(),
                "orders"
                    | "revenue"
                    | "average_order_value"
                    | "billed_amount"
                    | "gross_profit"
                    | "gross_margin"
                    | "units_sold"
                    | "discounts"
                    | "cancellation_rate"
                    | "cancelled_orders"
                    | "shipping_fees"
            )
        };
        !measures.is_empty() && measures.iter().all(known) && self.tokens.iter().any(|token| token.stem == "order")
    }

    /// "orders with at least three lines", "orders of 2025 in more than one parcel": how many rows of its own an order has.
    pub(super) fn rows_of_an_order(&mut self, op: FilterOp, values: &[String], after: Option<&str>) -> bool {
        let what = match after {
            Some("order_lines") => "lines",
            Some("shipments") => "shipments",
            Some("payment_attempts") => "payments",
            _ => return false,
        };
        let query = &self.draft.query;
        let of_orders = self.is_of_orders()
            && query.dimensions.iter().all(|name| !matches!(name.as_str(), "customer" | "order" | "product"))
            && self.draft.count.is_none()
            && self.draft.rank.is_none();
        let whole: Option<Vec<u32>> = values.iter().map(|value| value.parse().ok()).collect();
        let (true, Some(numbers)) = (of_orders, whole) else { return false };
        let count = match (op, &numbers[..]) {
            (FilterOp::Above, [one]) => Count { at_least: one.saturating_add(1), at_most: None },
            (FilterOp::AtLeast, [one]) if *one > 0 => Count { at_least: *one, at_most: None },
            (FilterOp::In, [one]) if *one > 0 => Count { at_least: *one, at_most: Some(*one) },
            (FilterOp::Between, [one, two]) if *one > 0 && one <= two => Count { at_least: *one, at_most: Some(*two) },
            // Every order has a line; a parcel or a payment it may lack.
            (FilterOp::AtMost, [one]) if what == "lines" && *one > 0 => Count { at_least: 1, at_most: Some(*one) },
            (FilterOp::Below, [one]) if what == "lines" && *one > 1 => Count { at_least: 1, at_most: Some(*one - 1) },
            _ => return false,
        };
        self.set("order", what, true);
        if let Some(set) = self.draft.query.sets.last_mut() {
            set.count = Some(count);
        }
        true
    }

    /// "how many customers ordered more than twice", "orders with more than one parcel": groups that a condition holds for.
    fn count_under_condition(&mut self, after: Option<&str>) {
        if !self.draft.query.dimensions.is_empty() || self.draft.count.is_some() {
            return;
        }
        let [one] = &self.draft.query.measures[..] else { return };
        let count = match (one.as_str(), after) {
            ("customers" | "buyers", after) if after.is_some() || self.draft.weak.is_some() => "customer",
            ("orders", Some(after)) if OF_AN_ORDER.contains(&after) => "order",
            _ => return,
        };
        if count == "customer" && !self.draft.how_many {
            return;
        }
        if self.draft.which || self.draft.list {
            self.draft.query.dimensions.push(count.to_owned());
        } else {
            self.draft.count = Some(count.to_owned());
        }
        self.draft.query.measures.clear();
    }

    fn lies_in_stock(&self) -> bool {
        let sold =
            self.tokens.iter().any(|token| matches!(token.text.as_str(), "sold" | "sell" | "bought" | "ordered"));
        !sold && self.pieces.iter().any(|piece| matches!(piece.atom, Atom::Word(Word::Hold | Word::Available)))
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

    /// Whether a comparison with a number is all that was said.
    fn only_a_bound(&self, of_something: bool) -> bool {
        let query = &self.draft.query;
        !of_something
            && query.measures.is_empty()
            && query.dimensions.is_empty()
            && query.filters.is_empty()
            && query.time.is_none()
            && self.draft.rank.is_none()
            && self.draft.bound.is_none()
    }

    /// Whether the number before is said to be money.
    pub(super) fn euros_behind(&self) -> bool {
        let end = self.pieces.get(self.at - 1).map_or(0, |piece| piece.to);
        let start = self.pieces.get(self.at - 1).map_or(0, |piece| piece.from);
        let money = |at: usize| {
            self.tokens.get(at).is_some_and(|token| matches!(token.text.as_str(), "€" | "euro" | "euros" | "eur"))
        };
        money(end) || start > 0 && money(start - 1)
    }

    /// The goods of a condition are no groups, unless they were asked for.
    pub(super) fn only_goods(&mut self) {
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
