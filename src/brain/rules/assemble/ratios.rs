//! One figure per another one: "returns per 100 orders", "profit per unit sold". Must not take a dimension's noun without a number
//! before it: "per customer" names groups.

use oms_tools::Unit;
use oms_tools::orders::semantic::query::Ratio;

use super::{Assembler, Mode, Problem};
use crate::brain::rules::lattice::{Atom, Piece};
use crate::brain::rules::lexicon::{Family, Word, family_of_measure};

/// What can be divided by: counts and sums of rows that have a time.
const DIVISORS: [&str; 11] = [
    "orders",
    "buyers",
    "new_customers",
    "units_sold",
    "shipments",
    "parcels_delivered",
    "payment_attempts",
    "returns_count",
    "returned_units",
    "order_lines",
    "cancelled_orders",
];

impl Assembler<'_> {
    /// "per 100 orders": whether this number says per how many of what follows.
    pub(super) fn per_many(&mut self, text: &str, percent: bool) -> bool {
        let many = text.parse().ok().filter(|many| matches!(many, 10 | 100 | 1_000 | 10_000) && !percent);
        let named = matches!(self.next(), Some(Atom::Name(names)) if names.measure.is_some());
        if self.mode != Mode::Per || self.per_many.is_some() || many.is_none() || !named {
            return false;
        }
        self.per_many = many;
        true
    }

    /// "revenue per buyer": over those who bought, who are what the figure is of. Where somebody lives is not where an order goes,
    /// so by country it stays a question.
    pub(super) fn is_per_buyer(&self, piece: &Piece) -> bool {
        let query = &self.draft.query;
        let bought = matches!(
            &query.measures[..],
            [one] if matches!(one.as_str(), "revenue" | "units_sold" | "gross_profit" | "billed_amount" | "discounts")
        );
        let placed = self.pieces.iter().any(|other| {
            matches!(&other.atom, Atom::Name(names) if matches!(names.dimension.as_deref(), Some("country" | "city" | "ship_country" | "ship_city")))
        });
        let one =
            self.tokens[piece.from].text == "buyer" && piece.from > 0 && self.tokens[piece.from - 1].text == "per";
        one && bought
            && !placed
            && query.average_per.is_none()
            && self.draft.rank.is_none()
            && query.having.is_empty()
            && !(self.draft.which || self.draft.list || self.draft.who)
    }

    /// Whether the figure stands on few of the orders, so that its mean over those is not what "per order" says.
    pub(super) fn on_few_orders(&self) -> bool {
        let few = |name: &String| {
            family_of_measure(name) == Family::Returns || name == "cancelled_orders" || name == "late_shipments"
        };
        !self.draft.average && self.draft.query.measures.iter().any(few)
    }

    /// "average discount per order" is of the amounts; "average discount" alone, or "in percent", is the rate.
    pub(super) fn single_discount(&mut self) {
        let rate =
            self.tokens.iter().any(|token| matches!(token.text.as_str(), "%" | "rate" | "percent" | "percentage"));
        if self.draft.query.measures == ["average_discount"] && !rate {
            self.draft.query.measures = vec!["discounts".to_owned()];
            self.draft.average = true;
        }
    }

    /// "refunds as a share of revenue": one amount over another.
    pub(super) fn share_of_a_sum(&mut self, measure: &str) -> bool {
        let [of] = &self.draft.query.measures[..] else { return false };
        let euro = |name: &str| self.vocabulary.unit(name) == Some(Unit::Euro) && !name.starts_with("average_");
        let after_share = self.at >= 2 && self.pieces[self.at - 2].atom == Atom::Word(Word::Share);
        // "what did we give away in discounts, and what percentage of sales is that": two figures.
        let second = self.tokens.windows(2).any(|pair| {
            matches!(pair[0].text.as_str(), "and" | ",") && matches!(pair[1].text.as_str(), "what" | "which" | "how")
        });
        if !after_share || second || of == measure || !euro(of) || !euro(measure) || self.draft.query.ratio.is_some() {
            return false;
        }
        self.draft.query.ratio = Some(Ratio { to: measure.to_owned(), times: 1 });
        self.draft.share = false;
        true
    }

    /// Divides the one measure by the one that was named after "per".
    pub(super) fn divide(&mut self, measure: &str, piece: &Piece) -> Result<(), Problem> {
        let times = self.per_many.take();
        let [of] = &self.draft.query.measures[..] else {
            return Err(Problem::new(
                "what should be divided by it? Name one figure before \"per\": \"returns per 100 orders\"",
            ));
        };
        let of = of.clone();
        // "orders per 100 customers": those who bought, or all that are registered?
        if measure == "customers" {
            return Err(Problem::new(
                "per customer who bought in the range, or per registered customer? Say \"per buyer\" for the first",
            ));
        }
        // "average price per unit sold": what a unit was sold for.
        if of == "average_price" && measure == "units_sold" && times.is_none() {
            self.draft.query.measures = vec!["revenue".to_owned()];
            self.draft.query.ratio = Some(Ratio { to: measure.to_owned(), times: 1 });
            self.draft.notes.push("took the average price of units that were sold as revenue per unit sold".to_owned());
            return Ok(());
        }
        let rate = matches!(self.vocabulary.unit(&of), Some(Unit::Percent | Unit::Days | Unit::Hours))
            || of.starts_with("average_")
            || family_of_measure(&of) == Family::Stock;
        if rate || of == measure || self.draft.query.ratio.is_some() || !DIVISORS.contains(&measure) {
            return Err(self.unplaced(piece));
        }
        // "refunds per order": of those that had one, or of all?
        if times.is_none() && self.on_few_orders() {
            let (figure, divisor) = (of.replace('_', " "), measure.replace('_', " "));
            return Err(Problem {
                ruled_out: false,
                message: format!("over all {divisor}, or over those that have one?"),
                choices: vec![format!("{figure} per 100 {divisor}"), format!("average {figure} per order")],
            });
        }
        self.draft.query.ratio = Some(Ratio { to: measure.to_owned(), times: times.unwrap_or(1) });
        Ok(())
    }
}
