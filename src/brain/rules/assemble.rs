//! One cover's pieces, left to right, into a draft of the semantic query. Must not drop a piece: what has no place is a problem.

mod conditions;
mod values;

use oms_tools::Unit;
use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Comparison, Direction, Filter, FilterOp, TimeRange};

use super::lattice::{Atom, Piece};
use super::lexicon::{Family, Word, family_of_measure};
use super::time::{TimeWords, unit_before};
use super::tokens::Token;
use super::vocabulary::{Names, Vocabulary};

/// Why a cover is no reading.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) choices: Vec<String>,
    /// True where the question is understood and the glossary rules it out.
    pub(super) ruled_out: bool,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), choices: Vec::new(), ruled_out: false }
    }

    pub(super) fn ruled_out(message: impl Into<String>) -> Self {
        Self { message: message.into(), choices: Vec::new(), ruled_out: true }
    }
}

/// A ranking before its defaults are known.
#[derive(Clone, Debug)]
pub(super) struct Rank {
    pub(super) direction: Direction,
    pub(super) limit: Option<u32>,
    pub(super) extreme: bool,
    pub(super) by: Option<String>,
    pub(super) singular: bool,
    pub(super) per: Option<String>,
    pub(super) only_order: bool,
}

/// What the words say so far.
#[expect(clippy::struct_excessive_bools, reason = "each is one operator word that was said, independent of the others")]
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) query: SemanticQuery,
    pub(super) rank: Option<Rank>,
    pub(super) weak: Option<&'static str>,
    pub(super) bought: bool,
    pub(super) growth: bool,
    pub(super) along: Option<&'static str>,
    pub(super) trend: bool,
    pub(super) share: bool,
    pub(super) average: bool,
    pub(super) list: bool,
    pub(super) which: bool,
    pub(super) who: bool,
    pub(super) instead: bool,
    pub(super) only: bool,
    pub(super) newest: Option<bool>,
    pub(super) limit: Option<u32>,
    pub(super) counted: Option<String>,
    pub(super) entity: Option<String>,
    pub(super) versus: bool,
    /// A value was named before any group: "share of Spain by month".
    pub(super) part_first: bool,
    /// The first groups were named in the plural: "which products".
    pub(super) plural_groups: bool,
    pub(super) notes: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Plain,
    By,
    Per,
}

struct Assembler<'a> {
    pieces: Vec<&'a Piece>,
    tokens: &'a [Token],
    vocabulary: &'a Vocabulary,
    family: Family,
    says_customers: bool,
    at: usize,
    mode: Mode,
    without: bool,
    how_many: bool,
    draft: Draft,
}

/// Reads one cover.
pub(super) fn assemble(
    pieces: &[Piece],
    tokens: &[Token],
    vocabulary: &Vocabulary,
    frame: Option<&SemanticQuery>,
) -> Result<Draft, Problem> {
    let kept: Vec<&Piece> = pieces.iter().filter(|piece| piece.atom != Atom::Word(Word::Filler)).collect();
    let measure = kept.iter().find_map(|piece| match &piece.atom {
        Atom::Name(Names { measure: Some(measure), .. }) => Some(measure.as_str()),
        _ => None,
    });
    let family = measure
        .or_else(|| frame.and_then(|frame| frame.measures.first().map(String::as_str)))
        .map_or(Family::Orders, family_of_measure);
    let says_customers =
        tokens.iter().any(|token| matches!(token.stem.as_str(), "customer" | "client" | "buyer" | "shopper"));
    let mut assembler = Assembler {
        pieces: kept,
        tokens,
        vocabulary,
        family,
        says_customers,
        at: 0,
        mode: Mode::Plain,
        without: false,
        how_many: false,
        draft: Draft::default(),
    };
    while let Some(piece) = assembler.pieces.get(assembler.at).copied() {
        assembler.at += 1;
        if let Some(note) = &piece.note {
            assembler.draft.notes.push(note.clone());
        }
        assembler.step(piece)?;
    }
    if assembler.mode != Mode::Plain {
        return Err(Problem::new("by what? The word after \"by\" or \"per\" is missing"));
    }
    if assembler.without {
        return Err(Problem::new("what should be left out? The word after \"without\" is missing"));
    }
    if assembler.draft.versus && assembler.draft.query.compare.is_none() {
        return Err(Problem::new("compared with what? Name a second range, or \"last year\""));
    }
    Ok(assembler.draft)
}

impl Assembler<'_> {
    fn words(&self, piece: &Piece) -> String {
        self.tokens[piece.from..piece.to].iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn unplaced(&self, piece: &Piece) -> Problem {
        Problem::new(format!("I cannot place `{}` in this question", self.words(piece)))
    }

    fn next(&self) -> Option<&Atom> {
        self.pieces.get(self.at).map(|piece| &piece.atom)
    }

    fn step(&mut self, piece: &Piece) -> Result<(), Problem> {
        match &piece.atom {
            Atom::Unknown => Err(self.unplaced(piece)),
            Atom::Order(number) => {
                if self.draft.query.order_number.replace(number.clone()).is_some_and(|known| known != *number) {
                    return Err(Problem::new("one order at a time: which of them?"));
                }
                Ok(())
            }
            Atom::Number { text, percent } => self.number(piece, text, *percent),
            Atom::Time(words) => self.time(words, piece),
            Atom::Values(values) => self.values(values, piece),
            Atom::Name(names) => self.name(names, piece),
            Atom::Word(word) => self.word(word, piece),
        }
    }

    fn word(&mut self, word: &Word, piece: &Piece) -> Result<(), Problem> {
        match word {
            Word::Filler | Word::With | Word::And | Word::But => {}
            Word::By => self.mode = Mode::By,
            Word::Per => self.mode = Mode::Per,
            Word::Without => return self.negation(piece),
            Word::No | Word::Never => return self.never(piece, *word == Word::No),
            Word::Only => self.draft.only = true,
            Word::Versus => {
                self.draft.versus = true;
                self.mode = Mode::Plain;
            }
            Word::Growth => self.draft.growth = true,
            Word::Along(grain) => {
                self.draft.along = Some(grain);
                self.draft.growth = true;
            }
            Word::Grain(grain) => {
                if self.draft.average || self.next() == Some(&Atom::Word(Word::Average)) {
                    self.draft.query.average_per = Some((*grain).to_owned());
                } else {
                    self.split_by(grain);
                }
            }
            Word::Share => self.draft.share = true,
            Word::Running => self.draft.query.running_total = true,
            Word::Trend => self.draft.trend = true,
            Word::Average => self.draft.average = true,
            Word::Cut(direction) => self.rank(*direction, false, None, piece)?,
            Word::Extreme(direction) => self.rank(*direction, true, None, piece)?,
            Word::ExtremeOf(direction, measure) => self.rank(*direction, true, Some(measure), piece)?,
            Word::Which => self.draft.which = true,
            Word::Who => {
                self.draft.who = true;
                if self.draft.query.dimensions.is_empty() && self.draft.query.measures.is_empty() {
                    self.split_by("customer");
                }
            }
            Word::HowMany => self.how_many = true,
            Word::List => self.draft.list = true,
            Word::Compare(op) => return self.condition(*op, piece),
            Word::Bought => return self.bought(piece),
            Word::Weak(measure) => self.draft.weak = Some(measure),
            Word::Newest => self.draft.newest = Some(true),
            Word::Oldest => self.draft.newest = Some(false),
            Word::Instead => self.draft.instead = true,
        }
        Ok(())
    }

    fn rank(&mut self, direction: Direction, extreme: bool, by: Option<&str>, piece: &Piece) -> Result<(), Problem> {
        if let Some(rank) = &mut self.draft.rank {
            // "top products by most orders" says one thing twice; two directions are two questions.
            if rank.direction != direction || (rank.by.is_some() && by.is_some()) {
                return Err(self.unplaced(piece));
            }
            rank.by = rank.by.take().or(by.map(str::to_owned));
            return Ok(());
        }
        let limit = self.draft.limit.take();
        let singular = !self.draft.plural_groups;
        self.draft.rank =
            Some(Rank { direction, limit, extreme, by: by.map(str::to_owned), singular, per: None, only_order: false });
        self.mode = Mode::Plain;
        Ok(())
    }

    fn split_by(&mut self, dimension: &str) {
        let dimension = self.placed(dimension);
        if !self.draft.query.dimensions.contains(&dimension) {
            self.draft.query.dimensions.push(dimension);
        }
    }

    /// The country or city that a measure means; other dimensions as they are.
    fn placed(&self, dimension: &str) -> String {
        let cancels = self.tokens.iter().any(|token| token.stem.starts_with("cancel"));
        let (own, ship) = match dimension {
            "status" | "reason" | "method" => {
                let whose = match (self.family, dimension) {
                    (_, "method") => "payment_method",
                    (Family::Payments, "reason") => "failure_reason",
                    (Family::Orders, "reason") if cancels => "cancel_reason",
                    (Family::Orders, "status") => "order_status",
                    (Family::Payments, _) => "payment_status",
                    (Family::Shipments, "status") => "shipment_status",
                    (Family::Returns, "reason") => "return_reason",
                    (Family::Returns, _) => "return_status",
                    _ => dimension,
                };
                return whose.to_owned();
            }
            "country" => ("customer_country", "ship_country"),
            "city" => ("customer_city", "ship_city"),
            _ => return dimension.to_owned(),
        };
        let wanted = match self.family {
            Family::Stock => dimension,
            Family::Customers => own,
            _ => ship,
        };
        if self.vocabulary.has_dimension(wanted) { wanted.to_owned() } else { dimension.to_owned() }
    }

    fn plural(&self, piece: &Piece) -> bool {
        self.tokens[piece.from..piece.to].iter().any(|token| token.text != token.stem)
    }

    fn measure(&mut self, name: &str) {
        if !self.draft.query.measures.iter().any(|known| known == name) {
            self.draft.query.measures.push(name.to_owned());
        }
    }

    fn name(&mut self, names: &Names, piece: &Piece) -> Result<(), Problem> {
        if self.without {
            return Err(self.unplaced(piece));
        }
        let mode = self.mode;
        if !matches!(self.next(), Some(Atom::Word(Word::And))) {
            self.mode = Mode::Plain;
        }
        if let Some(measure) = names.measure.as_deref().filter(|_| mode == Mode::Plain)
            && let Some(status) = defining_status(measure)
            && piece.from > 0
            && matches!(self.tokens[piece.from - 1].text.as_str(), "of" | "from" | "for" | "on" | "in")
            && !self.draft.query.measures.is_empty()
        {
            self.filter("order_status", FilterOp::In, status.iter().map(|status| (*status).to_owned()).collect());
            return Ok(());
        }
        // "shipped by carrier UPS" names one, "by carrier" splits.
        if let (Some(dimension), Some(Atom::Values(values))) = (&names.dimension, self.next())
            && names.measure.is_none()
            && values.iter().any(|value| same_place(&value.dimension, dimension))
        {
            self.mode = Mode::Plain;
            return Ok(());
        }
        match (mode, &names.dimension, &names.measure) {
            (Mode::By, Some(dimension), _) => {
                self.dimension(dimension, piece);
                Ok(())
            }
            (Mode::By, None, Some(measure)) => {
                self.measure_of_ranking(measure);
                Ok(())
            }
            (Mode::Per, Some(dimension), _) => {
                let dimension = self.placed(dimension);
                if self.draft.average {
                    self.draft.query.average_per = Some(dimension);
                } else if let Some(rank) = self.draft.rank.as_mut().filter(|_| !self.draft.query.dimensions.is_empty())
                {
                    rank.per = Some(dimension.clone());
                    if !self.draft.query.dimensions.contains(&dimension) {
                        self.draft.query.dimensions.insert(0, dimension);
                    }
                } else {
                    self.split_by(&dimension);
                }
                Ok(())
            }
            (Mode::Per, None, _) | (Mode::By, None, None) => Err(self.unplaced(piece)),
            (Mode::Plain, _, _) => self.plain_name(names, piece),
        }
    }

    fn measure_of_ranking(&mut self, measure: &str) {
        match &mut self.draft.rank {
            Some(rank) => rank.by = Some(measure.to_owned()),
            None => {
                self.draft.rank = Some(Rank {
                    direction: Direction::Top,
                    limit: None,
                    extreme: false,
                    by: Some(measure.to_owned()),
                    singular: false,
                    per: None,
                    only_order: true,
                });
            }
        }
    }

    fn dimension(&mut self, dimension: &str, piece: &Piece) {
        let plural = self.plural(piece);
        self.draft.plural_groups |= plural;
        if let Some(rank) = &mut self.draft.rank
            && self.draft.query.dimensions.is_empty()
        {
            rank.singular = !plural;
        }
        self.split_by(dimension);
    }

    /// Whether what follows makes the noun the one that is asked about: "customers with", "customers who".
    fn is_subject(&self) -> bool {
        match self.next() {
            Some(Atom::Word(Word::With | Word::Never | Word::No)) => true,
            Some(Atom::Word(Word::Who | Word::Which | Word::Bought)) => self.pieces[self.at..].iter().any(|piece| {
                matches!(
                    &piece.atom,
                    Atom::Word(
                        Word::Compare(_)
                            | Word::Never
                            | Word::No
                            | Word::Without
                            | Word::ExtremeOf(..)
                            | Word::Extreme(_)
                    )
                )
            }),
            _ => false,
        }
    }

    fn plain_name(&mut self, names: &Names, piece: &Piece) -> Result<(), Problem> {
        let no_groups = self.draft.query.dimensions.is_empty();
        if let Some(dimension) = &names.dimension {
            let ranked = no_groups && self.draft.rank.as_ref().is_some_and(|rank| !rank.only_order);
            let asked = no_groups && (self.draft.which || self.is_subject()) && !self.how_many;
            if ranked || asked {
                self.draft.entity = names.entity.clone().or(self.draft.entity.take());
                self.dimension(dimension, piece);
                return Ok(());
            }
        }
        if let Some(measure) = &names.measure {
            if !self.draft.query.measures.is_empty() && !self.joins_another(piece) {
                // "revenue from Spanish customers", "units sold in mobile orders": the noun of a condition.
                if measure == "orders" || names.dimension.as_deref() == Some("customer") {
                    return Ok(());
                }
                return Err(self.unplaced(piece));
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
            } else if let Some(status) =
                defining_status(measure).filter(|_| (self.draft.list || self.draft.which) && !self.how_many)
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
                    self.measure("orders");
                    return Ok(());
                }
            }
            self.how_many = false;
            self.measure(measure);
            return Ok(());
        }
        if self.how_many {
            self.draft.counted = Some(self.words(piece));
            self.how_many = false;
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
                return if fits { Ok(()) } else { Err(self.unplaced(piece)) };
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
        let preposition = piece.from > 0
            && matches!(self.tokens[piece.from - 1].text.as_str(), "of" | "from" | "in" | "for" | "by" | "to" | "on");
        !preposition
            && before.is_none_or(|before| {
                matches!(
                    before.atom,
                    Atom::Word(Word::And | Word::HowMany | Word::Average | Word::Versus) | Atom::Name(_)
                )
            })
    }

    fn number(&mut self, piece: &Piece, text: &str, percent: bool) -> Result<(), Problem> {
        let count: Option<u32> = text.parse().ok().filter(|count| (1..=10_000).contains(count) && !percent);
        let ahead = matches!(
            self.next(),
            Some(Atom::Word(Word::Cut(_) | Word::Extreme(_) | Word::ExtremeOf(..) | Word::Newest | Word::Oldest))
        );
        match (count, &mut self.draft.rank) {
            (Some(_), Some(rank)) if rank.limit.is_none() => rank.limit = count,
            (Some(_), _) if ahead || self.draft.newest.is_some() || self.draft.list => self.draft.limit = count,
            _ => return Err(self.unplaced(piece)),
        }
        Ok(())
    }

    fn time(&mut self, words: &TimeWords, piece: &Piece) -> Result<(), Problem> {
        self.mode = Mode::Plain;
        match words {
            TimeWords::Weekdays(days) => {
                let op = if std::mem::take(&mut self.without) { FilterOp::NotIn } else { FilterOp::In };
                self.filter("weekday", op, days.iter().map(|day| (*day).to_owned()).collect());
            }
            TimeWords::Compare(comparison) => {
                if self.draft.query.compare.replace(comparison.clone()).is_some() {
                    return Err(self.unplaced(piece));
                }
            }
            TimeWords::Range(range) => {
                if self.without {
                    return Err(self.unplaced(piece));
                }
                if let Some(set) = self.draft.query.sets.last_mut().filter(|set| set.time.is_none()) {
                    set.time = Some(range.clone());
                } else if self.draft.versus || (self.draft.query.time.is_some() && self.says_compare()) {
                    return self.compared(range, piece);
                } else if self.draft.query.time.is_none() {
                    self.draft.query.time = Some(range.clone());
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
        // "2024 vs 2025" is the change from the earlier to the later.
        if other.from > main.from {
            std::mem::swap(main, &mut other);
        }
        self.draft.query.compare = Some(if unit_before(main, &other) {
            Comparison::PreviousPeriod
        } else if year && main.unit != range.unit {
            Comparison::PreviousYear
        } else {
            Comparison::Range(other)
        });
        Ok(())
    }

    fn filter(&mut self, dimension: &str, op: FilterOp, values: Vec<String>) {
        self.draft.part_first |= self.draft.query.dimensions.is_empty();
        let known = self.draft.query.filters.iter_mut().find(|filter| filter.dimension == dimension && filter.op == op);
        if let Some(filter) = known {
            for value in values {
                if !filter.values.contains(&value) {
                    filter.values.push(value);
                }
            }
            return;
        }
        self.draft.query.filters.push(Filter { dimension: dimension.to_owned(), op, values });
    }
}

/// The statuses that define a measure of orders.
fn defining_status(measure: &str) -> Option<&'static [&'static str]> {
    match measure {
        "cancelled_orders" => Some(&["cancelled"]),
        "open_orders" => Some(&["placed", "paid", "packed"]),
        _ => None,
    }
}

/// Whether two dimensions name the same thing, `country` and `ship_country`.
fn same_place(one: &str, other: &str) -> bool {
    one == other
        || ["country", "city"]
            .iter()
            .any(|place| one.ends_with(place) && other.ends_with(place) && (one == *place || other == *place))
}
