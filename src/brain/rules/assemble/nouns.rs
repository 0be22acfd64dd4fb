//! Names in a question: what is measured, what it is split by, and nouns that only say what a condition is about.

use oms_tools::Unit;
use oms_tools::orders::semantic::query::{Direction, FilterOp};

use super::{Assembler, Mode, Problem, Rank, defining_status};
use crate::brain::rules::finish::is_grain;
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::{Family, Word, family_of_measure};
use crate::brain::rules::vocabulary::Names;
pub(super) use crate::brain::rules::vocabulary::VALUE;

/// The word before a noun that makes it part of a condition.
const PREPOSITIONS: [&str; 10] = ["of", "from", "in", "for", "by", "to", "on", "at", "with", "over"];

impl Assembler<'_> {
    pub(super) fn plural(&self, piece: &Piece) -> bool {
        self.tokens[piece.from..piece.to].iter().any(|token| token.text != token.stem)
    }

    pub(super) fn measure(&mut self, name: &str) {
        if !self.draft.query.measures.iter().any(|known| known == name) {
            self.draft.query.measures.push(name.to_owned());
        }
    }

    pub(super) fn name(&mut self, names: &Names, piece: &Piece) -> Result<(), Problem> {
        if self.without {
            return Err(self.unplaced(piece));
        }
        if self.of_registered(names) {
            return Ok(());
        }
        if self.waits_for_another(names, piece) {
            return Err(self.unplaced(piece));
        }
        if names.measure.as_deref().is_some_and(|measure| defining_status(measure).is_some())
            && !self.draft.query.measures.is_empty()
            && self.included(piece)
        {
            return self.nothing_left_out(piece);
        }
        let mode = self.mode;
        if !self.another_group_follows() {
            self.mode = Mode::Plain;
        }
        if let Some(measure) = names.measure.as_deref().filter(|_| mode == Mode::Plain)
            && let Some(status) = defining_status(measure)
            && piece.from > 0
            && !self.draft.query.measures.is_empty()
            && (matches!(
                self.tokens[piece.from - 1].text.as_str(),
                "of" | "from" | "for" | "on" | "in" | "are" | "were" | "is" | "was" | "that" | "all" | "the" | "been"
            ) || self.draft.query.measures == ["orders"])
            && !self.joined_by_and(piece)
            && !(self.draft.share && self.draft.query.measures == ["orders"])
        {
            return self.of_such_a_status(measure, status, piece);
        }
        // "shipped by carrier UPS" names one, "by carrier" splits.
        if let (Some(dimension), Some(Atom::Values(values))) = (&names.dimension, self.next())
            && names.measure.is_none()
            && values
                .iter()
                .any(|value| same_place(&value.dimension, dimension) || value.dimension == self.placed(dimension))
        {
            self.mode = Mode::Plain;
            return Ok(());
        }
        match (mode, &names.dimension, &names.measure) {
            // "by number of customers"
            (Mode::By, _, Some(measure)) if self.how_many => {
                self.how_many = false;
                self.measure_of_ranking(measure);
                Ok(())
            }
            (Mode::By, Some(dimension), _) => {
                self.dimension(dimension, piece);
                Ok(())
            }
            (Mode::By, None, Some(measure)) => {
                self.measure_of_ranking(measure);
                Ok(())
            }
            // "returns per 100 orders"
            (Mode::Per, _, Some(measure)) if self.per_many.is_some() => self.divide(measure, piece),
            (Mode::Per, Some(dimension), _) if dimension == "customer" && self.is_per_buyer(piece) => {
                self.draft.query.average_per = Some("customer".to_owned());
                self.draft.average = true;
                Ok(())
            }
            (Mode::Per, Some(dimension), _) => {
                self.single_discount();
                let dimension = self.placed(dimension);
                if self.draft.average && self.draft.query.average_per.is_none() {
                    self.draft.query.average_per = Some(dimension);
                } else if let Some(rank) = self.draft.rank.as_mut().filter(|_| !self.draft.query.dimensions.is_empty())
                {
                    rank.per = Some(dimension.clone());
                    if !self.draft.query.dimensions.contains(&dimension) {
                        self.draft.query.dimensions.insert(0, dimension);
                    }
                } else {
                    self.draft.each.push(dimension.clone());
                    self.split_by(&dimension);
                }
                Ok(())
            }
            // "items per order", "parcels per order": their mean, as no one asks for every order.
            (Mode::Per, None, Some(measure))
                if matches!(measure.as_str(), "orders" | "average_order_value")
                    && !self.plural(piece)
                    && !self.draft.query.measures.is_empty()
                    && self.draft.query.average_per.is_none()
                    && !self.on_few_orders() =>
            {
                self.single_discount();
                self.draft.query.average_per = Some("order".to_owned());
                Ok(())
            }
            // "average refund per return", "average amount per payment": of single ones.
            (Mode::Per, None, Some(measure))
                if matches!(measure.as_str(), "returned_units" | "returns_count")
                    && (self.draft.average && self.draft.query.measures == ["refunds"]
                        || self.draft.query.measures == ["average_refund"]) =>
            {
                Ok(())
            }
            (Mode::Per, None, Some(measure)) if !self.draft.query.measures.is_empty() => self.divide(measure, piece),
            (Mode::Per, None, _) | (Mode::By, None, None) => Err(self.unplaced(piece)),
            (Mode::Plain, _, _) => self.plain_name(names, piece),
        }
    }

    fn measure_of_ranking(&mut self, measure: &str) {
        if let Some(rank) = &mut self.draft.rank {
            // "send back the most, top 20 by units": the units that came back.
            let units_of_it = measure == "units_sold" && rank.by.as_deref() == Some("returned_units");
            if !units_of_it {
                rank.by = Some(measure.to_owned());
            }
            return;
        }
        // "which city ranked third by revenue": that place alone.
        let place = self.draft.place;
        self.draft.rank = Some(Rank {
            direction: Direction::Top,
            limit: place.map(|_| 1),
            extreme: false,
            by: Some(measure.to_owned()),
            singular: false,
            per: None,
            only_order: place.is_none(),
            skip: place.map_or(0, |place| place.saturating_sub(1)),
        });
    }

    fn dimension(&mut self, dimension: &str, piece: &Piece) {
        let plural = self.plural(piece);
        self.draft.plural_groups |= plural;
        let among = piece.from > 0 && matches!(self.tokens[piece.from - 1].text.as_str(), "among" | "amongst" | "all");
        if let Some(rank) = &mut self.draft.rank
            && self.draft.query.dimensions.is_empty()
        {
            // "the lowest rate among carriers" is one of them.
            rank.singular = !plural || among && rank.extreme;
        }
        self.split_by(dimension);
    }

    #[expect(clippy::too_many_lines, reason = "one case after the other, in the order in which they are tried")]
    fn plain_name(&mut self, names: &Names, piece: &Piece) -> Result<(), Problem> {
        let no_groups = self.draft.query.dimensions.is_empty();
        // "which categories have products out of stock": what is counted in each.
        let counted = matches!(self.next(), Some(Atom::Name(Names { measure: Some(next), .. })) if matches!(next.as_str(), "out_of_stock" | "low_stock"));
        if counted && !no_groups && names.dimension.as_deref() == Some("product") {
            return Ok(());
        }
        if names
            .dimension
            .as_deref()
            .is_some_and(|dimension| self.of_a_state(dimension, piece) || self.of_whom(dimension))
        {
            return Ok(());
        }
        if let Some(dimension) = &names.dimension {
            let free = self.draft.query.dimensions.iter().all(|known| self.draft.each.contains(known));
            let ranked = free && self.draft.rank.as_ref().is_some_and(|rank| !rank.only_order);
            let asked = (no_groups || free && self.draft.limit.is_some())
                && (self.draft.which || self.is_subject())
                && !self.how_many
                && self.plan.is_none();
            // "orders from customers with more than 3 orders": a condition on figures of another group.
            if asked
                && !ranked
                && !self.draft.which
                && !self.draft.query.measures.is_empty()
                && self.after_preposition(piece)
                && self.pieces[self.at..].iter().any(|piece| matches!(piece.atom, Atom::Word(Word::Compare(_))))
                && dimension != "product"
                && !self.vocabulary.is_number(dimension)
            {
                return Err(self.unplaced(piece));
            }
            if ranked || asked {
                self.draft.entity = names.entity.clone().or(self.draft.entity.take());
                self.dimension(dimension, piece);
                return Ok(());
            }
        }
        // "on an average day"
        if let Some(dimension) = names.dimension.as_deref().filter(|dimension| is_grain(dimension))
            && self.draft.average
            && self.draft.query.average_per.is_none()
            && self.at >= 2
            && self.pieces[self.at - 2].atom == Atom::Word(Word::Average)
        {
            self.draft.query.average_per = Some(dimension.to_owned());
            return Ok(());
        }
        if names.measure.as_deref().is_some_and(|measure| self.noun_of_a_value(measure, piece)) {
            return Ok(());
        }
        // "damaged goods sent back, units and refunds": the units that came back.
        let units =
            piece.to == piece.from + 1 && matches!(self.tokens[piece.from].stem.as_str(), "unit" | "item" | "piece");
        if units
            && names.measure.as_deref() == Some("units_sold")
            && self.draft.query.measures.iter().any(|name| name == "returned_units")
        {
            return Ok(());
        }
        if names.measure.as_deref().is_some_and(|measure| self.share_of_a_sum(measure)) {
            return Ok(());
        }
        if let Some(measure) = &names.measure {
            let measure = &self.whose_value(measure)?;
            // "orders shipped to Spain": where they go, unless a time says when.
            let timed = self.pieces.iter().any(|piece| matches!(piece.atom, Atom::Time(_)));
            let goes_to = matches!(measure.as_str(), "orders_shipped" | "orders_delivered")
                && !timed
                && self.tokens.get(piece.to).is_some_and(|token| token.text == "to");
            // "share of orders shipped within 24 hours": how long it took is of the orders.
            let took = matches!(measure.as_str(), "orders_shipped" | "orders_delivered") && self.duration_ahead();
            let measure = &if goes_to || took { "orders".to_owned() } else { measure.clone() };
            let grouped = self.draft.trend
                || self.pieces[self.at..]
                    .iter()
                    .any(|piece| matches!(piece.atom, Atom::Word(Word::By | Word::Per | Word::Grain(_) | Word::Trend)));
            let newest_rows = measure == "new_customers"
                && !grouped
                && !self.draft.how_many
                && (self.draft.list || self.draft.newest.is_some() || self.draft.limit.is_some());
            if newest_rows {
                self.draft.entity = Some("customers".to_owned());
                self.measure("customers");
                return Ok(());
            }
            // "cancelled orders 2025, revenue": what it is about, then the figure.
            if self.draft.query.measures == ["cancelled_orders"]
                && self.pieces.len() == self.at
                && measure != "orders"
                && self.after_comma(piece)
            {
                self.draft.query.measures = vec![measure.clone()];
                self.filter("order_status", FilterOp::In, vec!["cancelled".to_owned()]);
                return Ok(());
            }
            // "customers whose revenue exceeds 1000": a condition on each of them.
            if self.draft.query.measures == ["customers"]
                && self.draft.how_many
                && !matches!(measure.as_str(), "customers" | "buyers" | "orders")
                && matches!(self.next(), Some(Atom::Word(Word::Compare(_))))
            {
                return Ok(());
            }
            // "orders with a grand total over 300 euros": a condition on each order.
            if measure == "billed_amount"
                && self.draft.query.measures == ["orders"]
                && self.vocabulary.is_number("grand_total")
                && matches!(self.next(), Some(Atom::Word(Word::Compare(_))))
            {
                return Ok(());
            }
            // "which order had the highest billed amount": of single orders.
            if matches!(measure.as_str(), "billed_amount" | "revenue" | "average_order_value")
                && self.draft.query.measures == ["orders"]
                && !self.draft.how_many
                && no_groups
                && let Some(rank) = self.draft.rank.as_mut().filter(|rank| rank.extreme && rank.by.is_none())
            {
                rank.by = Some(measure.clone());
                return Ok(());
            }
            // "customers that have an open order"
            if measure == "open_orders"
                && self.draft.query.measures == ["customers"]
                && self.draft.query.sets.is_empty()
                && !self.joined_by_and(piece)
            {
                self.set("customer", "open_orders", true);
                return Ok(());
            }
            // "orders with a return", "orders that have parcels"
            let what = match measure.as_str() {
                "shipments" => Some("shipments"),
                "payment_attempts" => Some("payments"),
                "returned_units" | "returns_count" => Some("returns"),
                _ => None,
            };
            if let Some(what) = what
                && self.draft.query.measures == ["orders"]
                && self.draft.query.dimensions.is_empty()
                && !self.draft.average
                && self.of_an_order(what)
            {
                return Ok(());
            }
            // "never cancelled an order"
            if measure == "orders" && !self.draft.query.sets.is_empty() && !self.draft.query.measures.is_empty() {
                return Ok(());
            }
            let counted_before = measure == "orders"
                && self.how_many
                && matches!(
                    self.draft.query.measures.first().map(String::as_str),
                    Some("stuck_orders" | "open_orders" | "cancelled_orders")
                );
            if counted_before {
                self.how_many = false;
                return Ok(());
            }
            let beside = !self.joined_by_and(piece) && !self.draft.query.measures.is_empty();
            let with = piece.from > 1
                && self.tokens[piece.from.saturating_sub(2)..piece.from].iter().any(|token| token.text == "with");
            if beside && !with && (self.noun_came_first(measure) || measure == "customers" && !self.how_many) {
                if measure != "customers" {
                    measure.clone_into(&mut self.draft.query.measures[0]);
                    self.family = family_of_measure(measure);
                }
                return Ok(());
            }
            if !self.draft.query.measures.is_empty() && !self.joins_another(piece) {
                if self.only_a_noun(measure, names) {
                    return Ok(());
                }
                return Err(self.unplaced(piece));
            }
            // "brought in the least gross profit": the figure that is named, not the one that the verb says.
            if let Some(rank) = self.draft.rank.as_mut()
                && rank.by.as_deref() == Some("revenue")
                && self.draft.query.measures.is_empty()
                && self.at >= 2
                && matches!(self.pieces[self.at - 2].atom, Atom::Word(Word::ExtremeOf(_, "revenue")))
            {
                rank.by = Some(measure.clone());
            }
            if let Some(rank) = self.draft.rank.as_mut().filter(|rank| {
                rank.by.is_none() && rank.extreme || rank.by.is_none() && self.draft.query.measures.is_empty()
            }) {
                rank.by = Some(measure.clone());
            }
            let only_noun = matches!(
                names.entity.as_deref(),
                Some("orders" | "customers" | "payments" | "shipments" | "returns" | "products")
            );
            if only_noun && self.draft.entity.is_none() && !self.how_many && self.draft.query.measures.is_empty() {
                self.draft.entity.clone_from(&names.entity);
            } else if let Some(status) = defining_status(measure)
                .filter(|_| (self.draft.list || self.draft.which || self.draft.newest.is_some()) && !self.how_many)
            {
                // "list open orders": rows, by the status that defines the measure.
                self.draft.entity = Some("orders".to_owned());
                if !self.pieces[self.at..].iter().any(|piece| matches!(piece.atom, Atom::Word(Word::By | Word::Per)))
                    && no_groups
                {
                    self.filter(
                        "order_status",
                        FilterOp::In,
                        status.iter().map(|status| (*status).to_owned()).collect(),
                    );
                    if measure == "stuck_orders" {
                        self.filter("days_since_placed", FilterOp::Above, vec!["3".to_owned()]);
                    }
                    self.measure("orders");
                    return Ok(());
                }
            }
            self.how_many = false;
            self.measure(measure);
            return Ok(());
        }
        if self.how_many {
            self.how_many = false;
            match &names.dimension {
                // "of the orders of 2025, how many had an items total above 300": a condition on each of them.
                Some(dimension)
                    if self.draft.query.measures == ["orders"]
                        && self.vocabulary.is_number(dimension)
                        && matches!(self.next(), Some(Atom::Word(Word::Compare(_)))) => {}
                Some(dimension) if self.draft.count.is_none() && !self.vocabulary.is_number(dimension) => {
                    self.draft.count = Some(self.placed(dimension));
                }
                _ => self.draft.counted = Some(self.words(piece)),
            }
            return Ok(());
        }
        // "which brand has the most products", "the category with the fewest brands": the groups of each are counted.
        if let Some(dimension) = &names.dimension
            && !is_grain(dimension)
            && self.draft.count.is_none()
            && self.draft.query.measures.is_empty()
            && self.draft.each.is_empty()
            && self.draft.query.dimensions.len() == 1
            && !self.draft.query.dimensions.contains(&self.placed(dimension))
            && self.draft.rank.as_ref().is_some_and(|rank| rank.extreme && rank.by.is_none())
            && self.at >= 2
            && matches!(self.pieces[self.at - 2].atom, Atom::Word(Word::Extreme(_) | Word::Distinct))
        {
            self.draft.count = Some(self.placed(dimension));
            return Ok(());
        }
        // "inventory value, all warehouses together"
        let all = piece.from > 0 && self.tokens[piece.from - 1].text == "all" && self.plural(piece);
        if all
            && !self.draft.query.measures.is_empty()
            && names.dimension.is_some()
            && !(self.draft.which || self.draft.list || self.draft.who || self.draft.rank.is_some())
            && self.tokens.iter().any(|token| matches!(token.text.as_str(), "together" | "combined" | "altogether"))
        {
            return Ok(());
        }
        if names.dimension.as_deref().is_some_and(|dimension| self.noun_of_condition(dimension, piece)) {
            return Ok(());
        }
        if let Some(dimension) = &names.dimension {
            // "transit time in days": the unit, no split.
            if piece.from > 0
                && self.tokens[piece.from - 1].text == "in"
                && matches!(dimension.as_str(), "day" | "hour" | "week" | "month")
            {
                let unit = self.draft.query.measures.last().and_then(|measure| self.vocabulary.unit(measure));
                let fits =
                    matches!((unit, dimension.as_str()), (Some(Unit::Days), "day") | (Some(Unit::Hours), "hour"));
                let lasts = self.draft.how_long && matches!(dimension.as_str(), "day" | "hour");
                return if fits || lasts { Ok(()) } else { Err(self.unplaced(piece)) };
            }
            // "time to ship in November, hours": the unit too.
            let unit = self.draft.query.measures.last().and_then(|measure| self.vocabulary.unit(measure));
            if self.after_comma(piece)
                && self.plural(piece)
                && matches!((unit, dimension.as_str()), (Some(Unit::Days), "day") | (Some(Unit::Hours), "hour"))
            {
                return Ok(());
            }
            // "during the Christmas week": no split by week.
            let after_time = self.at >= 2 && matches!(self.pieces[self.at - 2].atom, Atom::Time(_));
            if after_time && is_grain(dimension) && !self.draft.which {
                return Err(self.unplaced(piece));
            }
            if self.draft.list || self.draft.newest.is_some() {
                self.draft.entity = self.draft.entity.take().or(names.entity.clone());
            }
            self.dimension(dimension, piece);
            return Ok(());
        }
        if names.entity.is_some() {
            self.draft.entity.clone_from(&names.entity);
            return Ok(());
        }
        Err(self.unplaced(piece))
    }

    /// Whether a further measure stands beside the one before it: "revenue, orders", "revenue and orders".
    fn joins_another(&self, piece: &Piece) -> bool {
        let before = self.pieces.iter().rev().find(|other| other.to <= piece.from);
        let preposition = self.after_preposition(piece);
        !preposition
            && before.is_none_or(|before| {
                matches!(before.atom, Atom::Word(Word::And | Word::HowMany | Word::Average | Word::Versus))
            })
    }

    /// Whether "and" or a comma goes on with a further group: "by country and category", not "by country, revenue".
    fn another_group_follows(&self) -> bool {
        let Some(Piece { atom: Atom::Word(Word::And), from, .. }) = self.pieces.get(self.at).copied() else {
            return false;
        };
        let comma = self.tokens[*from].text == ",";
        // "for every category, name the brand with the highest revenue": another group of its own.
        if comma && self.pieces.get(self.at + 1).is_some_and(|next| next.from > from + 1) {
            return false;
        }
        matches!(
            self.pieces.get(self.at + 1).map(|piece| &piece.atom),
            Some(Atom::Name(Names { dimension: Some(_), measure, .. })) if !comma || measure.is_none()
        )
    }

    pub(super) fn after_preposition(&self, piece: &Piece) -> bool {
        let before = self.tokens[..piece.from]
            .iter()
            .rev()
            .map(|token| token.text.as_str())
            .find(|word| !matches!(*word, "the" | "a" | "an" | "our" | "all" | "these" | "those" | "their"));
        before.is_some_and(|word| PREPOSITIONS.contains(&word))
    }

    fn after_comma(&self, piece: &Piece) -> bool {
        piece.from > 0 && self.tokens[piece.from - 1].text == ","
    }

    fn joined_by_and(&self, piece: &Piece) -> bool {
        let before = self.pieces.iter().rev().find(|other| other.to <= piece.from);
        before.is_some_and(|before| before.atom == Atom::Word(Word::And))
    }

    /// "value" alone: of the stock, where it is about stock.
    fn whose_value(&self, measure: &str) -> Result<String, Problem> {
        if measure != VALUE {
            return Ok(measure.to_owned());
        }
        if self.family == Family::Stock {
            return Ok("stock_value".to_owned());
        }
        Err(Problem {
            message: "the value of what is meant?".to_owned(),
            choices: ["revenue", "average order value", "billed amount", "stock value"].map(str::to_owned).to_vec(),
            ruled_out: false,
        })
    }

    /// A noun that says what the figure is about and measures nothing of its own: "revenue from Spanish customers",
    /// "delivery time of parcels", "refunds for returns", "stock in units".
    fn only_a_noun(&self, measure: &str, names: &Names) -> bool {
        let known = &self.draft.query.measures[0];
        let family = family_of_measure(known);
        measure == "orders" && family != Family::Stock
            || names.dimension.as_deref() == Some("customer")
            || measure == known
            || match measure {
                "units_sold" => {
                    matches!(family, Family::Stock | Family::Returns) || self.about_groups() || known == "orders"
                }
                "shipments" => family == Family::Shipments || self.beside_value("carrier") || known.ends_with("_time"),
                "returned_units" | "returns_count" => family == Family::Returns,
                "payment_attempts" => family == Family::Payments,
                "stock" => family == Family::Stock,
                "buyers" | "customers" => family == Family::Customers,
                _ => false,
            }
    }

    /// "top products among VIP customers", "who spent most, marketplace orders left out": a value's noun in a ranking of
    /// something else.
    fn noun_of_a_value(&self, measure: &str, piece: &Piece) -> bool {
        let ranked = self.draft.rank.as_ref().is_some_and(|rank| !rank.only_order);
        let groups = !self.draft.query.dimensions.is_empty();
        let noun = match measure {
            "customers" => !self.draft.query.dimensions.iter().any(|name| name == "customer"),
            "orders" => self.draft.rank.as_ref().is_some_and(|rank| rank.by.is_some()) || self.draft.weak.is_some(),
            _ => false,
        };
        let valued = self.at >= 2
            && self.pieces[self.at - 2].to == piece.from
            && matches!(self.pieces[self.at - 2].atom, Atom::Values(_));
        ranked && groups && noun && valued && self.draft.query.measures.is_empty()
    }

    /// "with a return", "with a failed payment": who has such a row; false where that is not what was said.
    fn of_an_order(&mut self, what: &str) -> bool {
        let before = |back: usize| self.at.checked_sub(back).map(|at| &self.pieces[at].atom);
        let with = |atom: Option<&Atom>| atom == Some(&Atom::Word(Word::With));
        if with(before(2)) && self.draft.query.filters.is_empty() {
            self.set("order", what, true);
            return true;
        }
        let valued = with(before(3)) && matches!(before(2), Some(Atom::Values(_)));
        let own = match what {
            "payments" => "payment_status",
            "returns" => "return_status",
            _ => return false,
        };
        if valued && self.draft.query.filters.last().is_some_and(|filter| filter.dimension == own) {
            let condition = self.draft.query.filters.pop();
            self.set("order", what, true);
            if let Some(set) = self.draft.query.sets.last_mut() {
                set.filters.extend(condition);
            }
            return true;
        }
        false
    }

    fn about_groups(&self) -> bool {
        self.beside_value("category") || self.beside_value("brand")
    }

    /// Whether the piece before is a value of a dimension: "DHL parcels".
    pub(super) fn beside_value(&self, dimension: &str) -> bool {
        self.at >= 2
            && matches!(&self.pieces[self.at - 2].atom, Atom::Values(values) if values.iter().any(|value| value.dimension == dimension))
    }

    fn noun_came_first(&self, measure: &str) -> bool {
        let [known] = &self.draft.query.measures[..] else { return false };
        let rate = self.vocabulary.unit(measure) == Some(Unit::Percent);
        let same = family_of_measure(known) == family_of_measure(measure);
        let noun = matches!(
            known.as_str(),
            "shipments" | "payment_attempts" | "returned_units" | "customers" | "units_sold" | "orders" | "stock"
        );
        let specific = matches!(
            measure,
            "late_shipments"
                | "stuck_orders"
                | "open_orders"
                | "cancelled_orders"
                | "repeat_buyers"
                | "new_customers"
                | "returned_units"
                | "refunds"
        );
        noun && (same && (specific || rate && !self.draft.how_many)
            || same && matches!(self.vocabulary.unit(measure), Some(Unit::Days | Unit::Hours))
            || known == "orders" && measure.ends_with("_time") && !self.draft.how_many
            || known == "units_sold" && matches!(measure, "stock" | "available_stock" | "low_stock" | "out_of_stock")
            || known == "stock" && matches!(measure, "available_stock" | "stock_value" | "low_stock" | "out_of_stock")
            || known == "units_sold" && measure == "returned_units"
            || known == "units_sold" && measure == "return_rate" && !self.draft.how_many
            || known == "customers" && matches!(measure, "orders" | "units_sold") && !self.draft.how_many
            || matches!(known.as_str(), "customers" | "orders")
                && matches!(
                    measure,
                    "discounts" | "refunds" | "gross_profit" | "revenue" | "billed_amount" | "average_order_value"
                )
                && !self.draft.how_many)
    }

    /// "stock of Garden products", "in countries other than Spain", "in our warehouses": a noun that splits nothing.
    fn noun_of_condition(&self, dimension: &str, piece: &Piece) -> bool {
        if self.draft.rank.is_some() || self.draft.which || self.draft.list || self.draft.who {
            return false;
        }
        let followed = match self.next() {
            Some(Atom::Word(Word::Without)) => matches!(
                self.pieces.get(self.at + 1).map(|piece| &piece.atom),
                Some(Atom::Values(values)) if values.iter().any(|value| same_place(&value.dimension, dimension)
                    || value.dimension == self.placed(dimension))
            ),
            Some(Atom::Word(Word::By | Word::With | Word::Compare(_) | Word::Never | Word::No)) => return false,
            _ => false,
        };
        let has_measure = !self.draft.query.measures.is_empty() || self.draft.weak.is_some() || self.draft.bought;
        let of_goods = dimension == "product"
            && has_measure
            && ["category", "brand", "product", "sku", "warehouse"].iter().any(|value| self.beside_value(value));
        // "units of products of Garden": what follows says which.
        let of_such = dimension == "product"
            && has_measure
            && self.after_preposition(piece)
            && matches!(self.next(), Some(Atom::Values(values)) if values.iter().all(|value| matches!(value.dimension.as_str(), "category" | "brand")));
        let flagged = dimension == "product"
            && matches!(self.draft.query.measures.last().map(String::as_str), Some("out_of_stock" | "low_stock"))
            && self.draft.how_many;
        let ours = piece.from >= 1
            && has_measure
            && (matches!(self.tokens[piece.from - 1].text.as_str(), "our" | "all")
                && piece.from >= 2
                && matches!(
                    self.tokens[piece.from - 2].text.as_str(),
                    "in" | "over" | "of" | "from" | "all" | "on" | "through" | "at"
                ));
        followed && self.after_preposition(piece) || of_goods || of_such || flagged || ours && self.plural(piece)
    }
}

/// Whether two dimensions name the same thing, `country` and `ship_country`.
pub(super) fn same_place(one: &str, other: &str) -> bool {
    one == other
        || ["country", "city"]
            .iter()
            .any(|place| one.ends_with(place) && other.ends_with(place) && (one == *place || other == *place))
}
