//! Values of the database as conditions: which dimension is meant, and when a status is a verb.

use oms_tools::orders::semantic::query::{Filter, FilterOp, SetFilter};

use super::nouns::same_place;
use super::{Assembler, Mode, Problem};
use crate::brain::rules::grouping::GOODS;
use crate::brain::rules::happened::{self, EVENTS};
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::{Family, Word, family_of_dimension};
use crate::brain::rules::time::TimeWords;
use crate::brain::rules::vocabulary::{Names, Value};

impl Assembler<'_> {
    #[expect(clippy::too_many_lines, reason = "one case after the other, in the order in which they are tried")]
    pub(super) fn values(&mut self, values: &[Value], piece: &Piece) -> Result<(), Problem> {
        let value = self.choose(values, piece)?;
        if self.mode != Mode::Plain {
            // "orders by German customers", "paid by card": who did it, no split.
            // "average refund per refunded return": the mean of what is refunded.
            let mean = self.draft.average || self.draft.query.measures == ["average_refund"];
            if self.mode == Mode::Per && mean && self.says_nothing_new(&value) {
                return Ok(());
            }
            if self.mode == Mode::Per
                || !(value.dimension.starts_with("customer")
                    || matches!(value.dimension.as_str(), "payment_method" | "carrier"))
            {
                return Err(self.unplaced(piece));
            }
            self.mode = Mode::Plain;
        }
        let beside = piece.from.checked_sub(1).map_or("", |at| self.tokens[at].text.as_str());
        if value.value == "shipped"
            && self.words(piece).eq_ignore_ascii_case("shipping")
            && matches!(
                beside,
                "including" | "with" | "without" | "excluding" | "incl" | "excl" | "plus" | "and" | "of"
            )
        {
            return Err(Problem {
                ruled_out: false,
                message: "revenue is without shipping and tax: is the billed amount meant, or the shipping fees?"
                    .to_owned(),
                choices: ["billed amount", "shipping fees", "revenue"].map(str::to_owned).to_vec(),
            });
        }
        // "orders shipped within 24 hours", "that took longer than 3 days to ship": how long it took, no state and no event.
        if value.dimension.ends_with("status")
            && matches!(value.value.as_str(), "shipped" | "delivered")
            && !self.without
            && self.says_how_long()
        {
            return Ok(());
        }
        // "what did shipping late do to us": a doing, no state of an order.
        if value.value == "shipped"
            && self.words(piece).eq_ignore_ascii_case("shipping")
            && !self.tokens.get(piece.to).is_some_and(|token| matches!(token.text.as_str(), "to" | "from"))
            && !self.draft.how_long
            && !self.draft.query.measures.iter().any(|name| name.ends_with("_time"))
        {
            return Err(self.unplaced(piece));
        }
        if value.dimension.ends_with("status") && !self.without && self.included(piece) {
            return self.nothing_left_out(piece);
        }
        if self.says_nothing_new(&value) {
            return Ok(());
        }
        // "orders sent to Lisbon", "revenue shipped to Spain": where to, not how far they are.
        let timed = self.pieces.iter().any(|piece| matches!(piece.atom, Atom::Time(TimeWords::Range(_))));
        if value.dimension == "order_status"
            && matches!(value.value.as_str(), "shipped" | "delivered")
            && !self.without
            && self.tokens.get(piece.to).is_some_and(|token| token.text == "to")
            && (!timed || self.draft.query.measures != ["orders"] || self.draft.rank.is_some())
            && !self.draft.query.measures.is_empty()
        {
            return Ok(());
        }
        // "customers who returned something": who has a return, whatever the order's present status.
        let people = self.draft.query.measures == ["customers"] || self.draft.query.dimensions == ["customer"];
        if value.dimension == "order_status"
            && value.value == "returned"
            && people
            && !self.without
            && !matches!(self.next(), Some(Atom::Name(_)))
        {
            // "who returned more than 5 items": the number is of what was returned.
            if matches!(self.next(), Some(Atom::Word(Word::Compare(_)))) {
                self.returned = true;
                return Ok(());
            }
            self.draft.query.sets.push(SetFilter {
                who: "customer".to_owned(),
                what: "returns".to_owned(),
                has: true,
                ..SetFilter::default()
            });
            return Ok(());
        }
        if self.comes_late(&value) {
            return Ok(());
        }
        // "packages were late": no reason of a return.
        if value.dimension == "return_reason"
            && value.value == "late"
            && self.family == Family::Shipments
            && !self.without
        {
            match &self.draft.query.measures[..] {
                [known] if known == "shipments" => self.draft.query.measures = vec!["late_shipments".to_owned()],
                [] => self.measure("late_shipments"),
                _ => return Err(self.unplaced(piece)),
            }
            return Ok(());
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
            && (same_place(&value.dimension, dimension)
                || value.dimension == "customer_segment" && dimension == "status"
                || dimension == "warehouse" && self.of_a_warehouse(piece))
        {
            self.at += 1;
        }
        // "orders with a return with the reason damaged": a condition on what is looked for.
        if let Some(set) = self.draft.query.sets.last_mut().filter(|set| {
            set.who == "order" && set.what == "returns" && value.dimension.starts_with("return_") && set.has
        }) && !self.without
        {
            set.filters.push(Filter {
                dimension: value.dimension.clone(),
                op: FilterOp::In,
                values: vec![value.value.clone()],
            });
            return Ok(());
        }
        let op = if self.without { FilterOp::NotIn } else { FilterOp::In };
        let more = matches!(self.next(), Some(Atom::Word(Word::And)))
            && matches!(self.pieces.get(self.at + 1).map(|piece| &piece.atom), Some(Atom::Values(_)));
        if !more {
            self.without = false;
        }
        self.fits_beside(&value, piece)?;
        // "packed but not shipped": it is packed as it stands now.
        let standing = self.draft.query.filters.iter().any(|filter| {
            filter.dimension == "order_status" && filter.op == FilterOp::In && !filter.values.contains(&value.value)
        });
        if op == FilterOp::NotIn && value.dimension == "order_status" && standing {
            return Ok(());
        }
        // "packed yesterday but not shipped": another event, which it has not had.
        let event = format!("orders_{}", value.value);
        let happened =
            matches!(&self.draft.query.measures[..], [one] if EVENTS.contains(&one.as_str()) && *one != event);
        if op == FilterOp::NotIn && value.dimension == "order_status" && happened && EVENTS.contains(&event.as_str()) {
            self.draft.query.sets.push(happened::event(&event, false));
            return Ok(());
        }
        let waiting = self.tokens.iter().any(|token| matches!(token.text.as_str(), "yet" | "still"));
        if op == FilterOp::NotIn
            && value.dimension == "order_status"
            && (matches!(value.value.as_str(), "placed" | "paid" | "packed" | "shipped")
                || value.value == "delivered" && waiting)
        {
            // "not shipped yet": every state before it.
            const STEPS: [&str; 5] = ["placed", "paid", "packed", "shipped", "delivered"];
            let step =
                STEPS.iter().position(|step| *step == value.value).filter(|step| (1..4).contains(step) && waiting);
            if let Some(step) = step {
                let values = STEPS[..step].iter().map(|step| (*step).to_owned()).collect();
                self.draft.query.filters.push(Filter { dimension: value.dimension, op: FilterOp::In, values });
                return Ok(());
            }
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
        if value.dimension == "order_status" && self.draft.query.measures == [format!("orders_{}", value.value)] {
            // said twice: "went out (were shipped)"
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
            && self.draft.query.filters.iter().any(|filter| {
                filter.dimension == value.dimension && filter.op == op && filter.values.contains(&value.value)
            })
        {
            return Ok(());
        }
        if op == FilterOp::In
            && !joined
            && self.draft.query.filters.iter().any(|filter| filter.dimension == value.dimension && filter.op == op)
        {
            return Err(self.unplaced(piece));
        }
        // "parcels from the Berlin warehouse": where it lies, not where its customers are.
        if self.of_a_warehouse(piece) && matches!(value.dimension.as_str(), "ship_city" | "customer_city") {
            return Err(Problem::new(format!(
                "`{}` is read as where an order goes to: name the warehouse by its code, such as LIS-1",
                self.words(piece)
            )));
        }
        self.remember_part(&value, piece);
        // "aov spain italy france": one row each, as nothing says that they belong together.
        let in_a_row = op == FilterOp::In
            && self.at >= 2
            && self.pieces[self.at - 2].to == piece.from
            && matches!(self.pieces[self.at - 2].atom, Atom::Values(_))
            && self.draft.query.filters.iter().any(|filter| filter.dimension == value.dimension && filter.op == op);
        if in_a_row && !self.draft.query.dimensions.contains(&value.dimension) && !self.draft.share {
            self.draft.query.dimensions.push(value.dimension.clone());
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
        // "units of Holzhain that came back damaged": goods that are returned have a reason.
        let returned = value.dimension == "return_reason"
            && self.tokens.iter().any(|token| matches!(token.text.as_str(), "returned" | "returns" | "return"));
        let reason_of_other = reason_of_other && !returned;
        // "refused payments" are no rejected returns.
        let nouns: &[&str] = match value.dimension.as_str() {
            "return_status" => &["return", "returned", "refund", "refunded", "send", "sent"],
            "payment_status" => &["payment", "pay", "paid", "charge", "card", "transaction", "attempt", "paypal"],
            "shipment_status" => {
                &["parcel", "package", "shipment", "delivery", "carrier", "shipped", "consignment", "transit"]
            }
            _ => &[],
        };
        let status_of_other = !nouns.is_empty()
            && family_of_dimension(&value.dimension) != Some(self.family)
            && !self.named_beside(&value.dimension, piece)
            && !self.tokens.iter().any(|token| nouns.contains(&token.stem.as_str()));
        let reason_of_other = reason_of_other || status_of_other;
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
        if self.draft.share || self.plan.is_some() {
            return Ok(false);
        }
        // "orders of 2025 that are delivered": the range is of when they were placed.
        let placed = self.tokens[..piece.from]
            .windows(2)
            .any(|pair| pair[0].stem == "order" && matches!(pair[1].text.as_str(), "of" | "placed"));
        let is = piece.from.checked_sub(1).map_or("", |at| self.tokens[at].text.as_str());
        if placed && matches!(is, "are" | "is" | "still" | "yet" | "now" | "already" | "but" | "and") {
            return Ok(false);
        }
        // "how many jeans came back": pieces of goods, not orders.
        let goods = self.draft.query.filters.iter().any(|filter| GOODS.contains(&filter.dimension.as_str()));
        if alone && goods && status == "returned" && self.draft.how_many {
            self.draft.query.measures.push("returned_units".to_owned());
            return Ok(true);
        }
        if !timed || !(after_noun || alone) || !self.vocabulary.has_measure(&event) || piece.from == 0 && !alone {
            return Ok(false);
        }
        let statuses = self.pieces.iter().filter(|other| {
            matches!(&other.atom, Atom::Values(values) if values.iter().any(|value| {
                value.dimension == "order_status" && value.value != status
            }) && !values.iter().any(|value| value.value == status))
        });
        let negated = |other: &&Piece| {
            let before = other.from.saturating_sub(3)..other.from;
            self.tokens[before].iter().any(|token| matches!(token.text.as_str(), "not" | "never"))
        };
        if statuses.filter(|other| other.from < piece.from || !negated(other)).count() > 0 {
            return Err(Problem::new("the time belongs to which of the two: ask for one of them"));
        }
        self.draft.query.measures = vec![event];
        Ok(true)
    }

    /// The dimension that a value is meant in.
    fn choose(&self, values: &[Value], piece: &Piece) -> Result<Value, Problem> {
        // Two dimensions of one word: what only repeats the measure is no doubt.
        if let Some(value) = values.iter().find(|value| self.says_nothing_new(value)) {
            return Ok(value.clone());
        }
        // "Phones" as the category is written; "on phones", "phone orders" is the channel that the word stands for too.
        let typed = self.words(piece);
        let in_ =
            |dimension: &str| values.iter().filter(|value| value.dimension == dimension).cloned().collect::<Vec<_>>();
        let (channel, category) = (in_("channel"), in_("category"));
        let exact: Vec<Value> = values.iter().filter(|value| value.value == typed).cloned().collect();
        let before = piece.from.checked_sub(1).map_or("", |at| self.tokens[at].text.as_str());
        let values = if !exact.is_empty() {
            &exact[..]
        } else if !channel.is_empty() && !category.is_empty() {
            let orders = matches!(self.next(), Some(Atom::Name(names)) if names.measure.as_deref() == Some("orders"));
            if orders && !(self.without || self.says_customers)
                || matches!(before, "on" | "by" | "via" | "through" | "over" | "their")
            {
                &channel[..]
            } else if (matches!(before, "of" | "many" | "most")
                || self.draft.bought
                || self
                    .tokens
                    .iter()
                    .any(|token| matches!(token.text.as_str(), "bought" | "buy" | "buys" | "buying" | "sold" | "sell")))
                && !matches!(self.next(), Some(Atom::Name(names)) if names.measure.as_deref() == Some("orders"))
            {
                &category[..]
            } else {
                return Err(Problem {
                    ruled_out: false,
                    message: format!("`{typed}` can be several things: which one is meant?"),
                    choices: vec![
                        format!("the category {}", category[0].value),
                        format!("the channel {}", channel[0].value),
                    ],
                });
            }
        } else {
            values
        };
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

    /// Words that say again what the measure says: parcels "shipped", orders "received", a failure rate of what "failed".
    fn says_nothing_new(&self, value: &Value) -> bool {
        let measures = &self.draft.query.measures;
        let is = |names: &[&str]| measures.iter().any(|measure| names.contains(&measure.as_str()));
        let first_is = |names: &[&str]| {
            measures.is_empty()
                && self.pieces[self.at..].iter().any(|piece| {
                    matches!(&piece.atom, Atom::Name(Names { measure: Some(measure), .. }) if names.contains(&measure.as_str()))
                })
        };
        if self.without {
            return false;
        }
        match (value.dimension.as_str(), value.value.as_str()) {
            ("order_status", "shipped") => {
                is(&["shipments", "fulfilment_time", "transit_time"])
                    || first_is(&["shipments"]) && (self.draft.how_many || self.draft.which)
                    || first_is(&["fulfilment_time", "transit_time"])
            }
            ("order_status" | "shipment_status", "delivered") => {
                is(&["transit_time", "order_to_door_time", "on_time_rate"])
            }
            ("payment_status", "failed") => is(&["payment_failure_rate"]) || first_is(&["payment_failure_rate"]),
            ("order_status", "returned") => {
                is(&["return_rate", "returned_units", "returns_count"])
                    || first_is(&["return_rate", "returned_units", "returns_count"])
            }
            ("payment_status" | "return_status", "refunded") => is(&["refunds", "average_refund"]),
            ("order_status", "cancelled") => is(&["cancellation_rate", "cancelled_orders"]),
            ("return_status", "received") => self.family != Family::Returns,
            _ => false,
        }
    }

    /// "share of web in French revenue", "which share of orders is mobile": the value that the share is of.
    fn remember_part(&mut self, value: &Value, piece: &Piece) {
        if !self.draft.share || self.draft.part.is_some() && !self.draft.part_named {
            return;
        }
        let before = self.pieces.iter().rev().find(|other| other.to <= piece.from);
        let right_after = before.is_some_and(|before| before.atom == Atom::Word(Word::Share));
        let said = piece.from.checked_sub(1).map_or("", |at| self.tokens[at].text.as_str());
        let verb = matches!(
            said,
            "is" | "are"
                | "was"
                | "were"
                | "be"
                | "being"
                | "been"
                | "that"
                | "went"
                | "came"
                | "got"
                | "via"
                | "through"
                | "on"
                | "by"
                | "goes"
                | "go"
        );
        let goes_to = matches!(said, "to" | "from" | "with" | "over")
            && piece.from >= 2
            && matches!(
                self.tokens[piece.from - 2].text.as_str(),
                "went"
                    | "goes"
                    | "go"
                    | "came"
                    | "comes"
                    | "come"
                    | "shipped"
                    | "paid"
                    | "stems"
                    | "stem"
                    | "stemmed"
                    | "originates"
                    | "originated"
            );
        // "share of web orders that went to Spain": what is said of them is the part.
        let later = self.draft.part.is_some();
        let with = later && said == "with";
        if right_after && !later || verb || goes_to || with {
            self.draft.part = Some(value.dimension.clone());
            self.draft.part_named = right_after && !verb && !goes_to && !with;
        }
    }

    /// "orders including cancelled ones"
    pub(super) fn included(&self, piece: &Piece) -> bool {
        let before = self.tokens[..piece.from].iter().rev().map(|token| token.text.as_str());
        let before = before.clone().find(|word| !matches!(*word, "the" | "also" | "all" | "any" | "even"));
        matches!(before, Some("including" | "include" | "incl" | "inclusive")) || self.also_behind(piece)
    }

    /// "cancelled ones as well", "rejected included"
    fn also_behind(&self, piece: &Piece) -> bool {
        let behind: Vec<&str> = self.tokens[piece.to..]
            .iter()
            .map(|token| token.text.as_str())
            .filter(|word| !matches!(*word, "ones" | "orders" | "returns" | "one"))
            .take(2)
            .collect();
        matches!(&behind[..], ["included", ..] | ["as", "well"] | ["too" | "also"])
    }

    /// What counts whatever the status leaves nothing out; what leaves something out cannot be told to include it.
    pub(super) fn nothing_left_out(&self, piece: &Piece) -> Result<(), Problem> {
        match &self.draft.query.measures[..] {
            [one] if matches!(one.as_str(), "orders" | "payment_attempts" | "shipments") => Ok(()),
            _ => Err(Problem::new(format!(
                "the figure leaves some out by its meaning, `{}` too: ask for those apart",
                self.words(piece)
            ))),
        }
    }

    fn named_beside(&self, dimension: &str, piece: &Piece) -> bool {
        let beside = |other: &Piece| {
            (other.to == piece.from || other.from == piece.to)
                && matches!(&other.atom, Atom::Name(Names { dimension: Some(named), .. }) if same_place(named, dimension))
        };
        self.pieces.iter().any(|other| beside(other))
    }

    /// "the Berlin warehouse", "our warehouse in Berlin"
    fn of_a_warehouse(&self, piece: &Piece) -> bool {
        let before = |back: usize| piece.from.checked_sub(back).map_or("", |at| self.tokens[at].stem.as_str());
        let house = |stem: &str| matches!(stem, "warehouse" | "depot");
        self.tokens.get(piece.to).is_some_and(|token| house(&token.stem))
            || house(before(1))
            || matches!(before(1), "in" | "at") && house(before(2))
    }

    fn place_of_value(&self, place: &str, piece: &Piece) -> String {
        let to = piece.from > 0 && self.tokens[piece.from - 1].text == "to";
        // "parcels sent from Lisbon": where they left, not where they went.
        let before = |back: usize| piece.from.checked_sub(back).map_or("", |at| self.tokens[at].text.as_str());
        let left = before(1) == "from"
            && matches!(before(2), "shipped" | "ship" | "sent" | "send" | "dispatched" | "left" | "leaving" | "out");
        let wanted = if self.family == Family::Stock {
            place.to_owned()
        } else if left || self.of_a_warehouse(piece) {
            format!("warehouse_{place}")
        } else if (self.says_customers || self.family == Family::Customers) && !to {
            format!("customer_{place}")
        } else {
            format!("ship_{place}")
        };
        if self.vocabulary.has_dimension(&wanted) { wanted } else { place.to_owned() }
    }
}
