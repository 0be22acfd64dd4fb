//! One cover's pieces, left to right, into a draft of the semantic query. Must not drop a piece: what has no place is a problem.

mod bounds;
mod conditions;
mod has_rows;
mod nouns;
mod ranked;
mod ratios;
mod registered;
mod sets;
mod statuses;
mod subject;
mod times;
mod values;

use oms_tools::orders::semantic::SemanticQuery;
use oms_tools::orders::semantic::query::{Direction, Filter, FilterOp, TimeRange};

use super::grouping::GOODS;
use super::lattice::{Atom, Piece};
use super::lexicon::{Family, Grown, Word, family_of_measure};
use super::time::TimeWords;
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
    /// Places at the beginning that are left out: "the second best" leaves out one.
    pub(super) skip: u32,
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
    pub(super) grown: Option<Grown>,
    /// Cancelled orders are said to be left out.
    pub(super) kept: bool,
    /// "in each of Fashion and Sports".
    pub(super) each_value: bool,
    /// The bound of the condition on a change; whether it is in percent.
    pub(super) grown_by: Option<(FilterOp, Vec<String>, bool)>,
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
    /// A value was named before any figure: "Acme and Lumina sales".
    pub(super) named_first: bool,
    /// The first groups were named in the plural: "which products".
    pub(super) plural_groups: bool,
    /// "how many" was said.
    pub(super) how_many: bool,
    /// Groups that were named with "per" or "each".
    pub(super) each: Vec<String>,
    /// "in stock", "hold".
    pub(super) hold: bool,
    /// "available": less what is reserved.
    pub(super) available: bool,
    /// "registered", "created".
    pub(super) registered: bool,
    /// "most expensive", "cheapest".
    pub(super) priced: Option<Direction>,
    /// "again", "at least twice".
    pub(super) again: bool,
    /// "different", "distinct".
    pub(super) distinct: bool,
    /// "history of", "everything about".
    pub(super) story: bool,
    /// "how long", "how fast".
    pub(super) how_long: bool,
    /// "develop": along time, unless it is compared.
    pub(super) develop: bool,
    /// The first and the last unit of a range that was said by its ends.
    pub(super) ends: Option<(TimeRange, TimeRange)>,
    /// It was compared with the calendar year before.
    pub(super) against_year: bool,
    /// A comparison with a number and nothing that it is of: "over 500?".
    pub(super) bound: Option<(FilterOp, Vec<String>)>,
    /// The dimension of the value that a share is of.
    pub(super) part: Option<String>,
    /// That value stands right after the share's word: "share of web orders".
    pub(super) part_named: bool,
    /// The share was said before any ranking: "what share do the top ten have".
    pub(super) share_first: bool,
    /// Groups were named before the share was: "for each channel, what percentage".
    pub(super) grouped_first: bool,
    /// The word of a figure that is no mean: "median".
    pub(super) percentile: Option<String>,
    /// "those", "them": the last answer's rows.
    pub(super) those: bool,
    /// "most common": counted by what the dimension belongs to.
    pub(super) common: bool,
    /// The dimension whose groups are counted: "how many brands".
    pub(super) count: Option<String>,
    /// "second", "runner-up": the place that is asked for, from 1.
    pub(super) place: Option<u32>,
    /// "first-time buyers".
    pub(super) first_time: bool,
    /// A percentage was said, not a share.
    pub(super) percent: bool,
    /// What the sentence's lead did: "no, I meant".
    pub(super) corrects: bool,
    pub(super) notes: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Plain,
    By,
    Per,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the words, independent of the others")]
struct Assembler<'a> {
    pieces: Vec<&'a Piece>,
    tokens: &'a [Token],
    vocabulary: &'a Vocabulary,
    family: Family,
    says_customers: bool,
    cancels: bool,
    at: usize,
    mode: Mode,
    without: bool,
    how_many: bool,
    /// "returned more than": the number that follows is of returned units.
    returned: bool,
    /// "who bought in A but not in B": the first range is being read, the second has or has not.
    plan: Option<sets::Plan>,
    /// "per 100": of how many of what is named next.
    per_many: Option<u32>,
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
    let holds = kept.iter().any(|piece| matches!(piece.atom, Atom::Word(Word::Hold | Word::Available)));
    // A value is of whatever is spoken about.
    let measure = measure.filter(|measure| *measure != nouns::VALUE);
    let mut family = measure
        .or_else(|| frame.and_then(|frame| frame.measures.first().map(String::as_str)))
        .map_or(Family::Orders, family_of_measure);
    if holds && measure.is_none_or(|measure| measure == "units_sold" || measure == nouns::VALUE) {
        family = Family::Stock;
    }
    // "value of the stock", "how much of the money was refunded": the first noun is not always what it is about.
    if matches!(measure, Some("orders" | "units_sold" | "customers")) {
        let later = kept.iter().filter_map(|piece| match &piece.atom {
            Atom::Name(Names { measure: Some(measure), .. }) => Some(family_of_measure(measure)),
            _ => None,
        });
        let shared = [Family::Payments, Family::Shipments, Family::Returns, Family::Stock];
        if let Some(more) =
            later.skip(1).find(|family| shared.contains(family)).filter(|_| measure == Some("units_sold"))
        {
            family = more;
        }
    }
    if measure.is_none() && !holds {
        family = stated(&kept).filter(|_| frame.is_none()).unwrap_or(family);
    }
    let cancels = tokens.iter().any(|token| token.stem.starts_with("cancel"))
        || frame.is_some_and(|frame| {
            frame.measures.iter().any(|measure| measure.starts_with("cancel"))
                || frame.filters.iter().any(|filter| filter.values.iter().any(|value| value == "cancelled"))
        });
    let says_customers =
        tokens.iter().any(|token| matches!(token.stem.as_str(), "customer" | "client" | "buyer" | "shopper"));
    let plan = sets::plan(&kept, tokens, says_customers);
    let mut assembler = Assembler {
        pieces: kept,
        tokens,
        vocabulary,
        family,
        says_customers,
        cancels,
        at: 0,
        mode: Mode::Plain,
        without: false,
        how_many: false,
        returned: false,
        plan,
        per_many: None,
        draft: Draft::default(),
    };
    // "customers that bought at least 3 times, count"
    assembler.draft.how_many = assembler.pieces.last().is_some_and(|last| last.atom == Atom::Word(Word::HowMany));
    assembler.draft.those = tokens.iter().any(|token| matches!(token.text.as_str(), "those" | "these" | "them"));
    while let Some(piece) = assembler.pieces.get(assembler.at).copied() {
        assembler.at += 1;
        if let Some(note) = &piece.note {
            assembler.draft.notes.push(note.clone());
        }
        assembler.step(piece)?;
    }
    if assembler.mode == Mode::Per && !assembler.draft.query.dimensions.is_empty() {
        // "which categories have stuck orders, and how many each?"
        assembler.mode = Mode::Plain;
    } else if assembler.mode == Mode::Per
        && let Some(each) = assembler.side_by_side()
    {
        // "Fashion and Sports in 2025, each"
        assembler.mode = Mode::Plain;
        assembler.split_by(&each);
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

/// "expired cards by month", "exceptions by carrier": what a state is of, where no figure is named.
fn stated(pieces: &[&Piece]) -> Option<Family> {
    let verb = |piece: &&Piece| {
        matches!(piece.atom, Atom::Order(_) | Atom::Contains(_))
            || matches!(&piece.atom, Atom::Word(Word::Bought | Word::Weak(_) | Word::Who | Word::Registered))
    };
    if pieces.iter().any(verb) {
        return None;
    }
    pieces.iter().find_map(|piece| {
        let Atom::Values(values) = &piece.atom else { return None };
        let [value] = &values[..] else { return None };
        // "late" and "lost" are said of more than one thing.
        match value.dimension.as_str() {
            "failure_reason" => Some(Family::Payments),
            "shipment_status" => Some(Family::Shipments),
            "return_reason" | "return_status" if value.value != "late" => Some(Family::Returns),
            _ => None,
        }
    })
}

impl Assembler<'_> {
    fn words(&self, piece: &Piece) -> String {
        self.tokens[piece.from..piece.to].iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The dimension of which several values were named.
    fn side_by_side(&self) -> Option<String> {
        let mut several =
            self.draft.query.filters.iter().filter(|filter| filter.op == FilterOp::In && filter.values.len() > 1);
        let one = several.next()?.dimension.clone();
        several.next().is_none().then_some(one)
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
            Atom::Contains(text) => {
                let op = FilterOp::Contains;
                if self.without {
                    return Err(self.unplaced(piece));
                }
                let customer = self.says_customers
                    && !self.tokens.iter().any(|token| matches!(token.stem.as_str(), "product" | "item" | "article"));
                self.filter(if customer { "customer" } else { "product" }, op, vec![text.clone()]);
                let split = self.tokens.iter().any(|token| matches!(token.text.as_str(), "by" | "per" | "each"));
                if !customer && !split {
                    self.only_goods();
                }
                Ok(())
            }
            Atom::Part(text) => {
                // "did a Phones article travel with an Audio one": a verb, where goods are named already.
                let verb = piece.to == piece.from + 1
                    && self.tokens[piece.from].raw.starts_with(|first: char| first.is_lowercase())
                    && self.draft.query.filters.iter().any(|filter| GOODS.contains(&filter.dimension.as_str()));
                if verb || self.without || self.draft.query.filters.iter().any(|filter| filter.op == FilterOp::Contains)
                {
                    return Err(self.unplaced(piece));
                }
                self.mode = Mode::Plain;
                self.filter("product", FilterOp::Contains, vec![text.clone()]);
                self.only_goods();
                Ok(())
            }
            Atom::Values(_) | Atom::Name(_) if self.has_rows(piece) => Ok(()),
            Atom::Values(values) => self.values(values, piece),
            Atom::Name(names) => self.name(names, piece),
            Atom::Word(word) => self.word(word, piece),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm a word")]
    fn word(&mut self, word: &Word, piece: &Piece) -> Result<(), Problem> {
        match word {
            Word::Without | Word::No | Word::Never | Word::Nothing | Word::Again | Word::Both | Word::Bought
                if self.plan.is_some() => {}
            Word::Filler | Word::With | Word::And | Word::But | Word::Both => {}
            Word::By => self.mode = Mode::By,
            // "how many cities account for at least 40 orders each in 2025": each of those that are counted.
            Word::Per
                if self.words(piece).eq_ignore_ascii_case("each")
                    && (!self.draft.query.having.is_empty() || self.draft.count.is_some())
                    && !matches!(self.next(), Some(Atom::Name(_))) => {}
            Word::Per => self.mode = Mode::Per,
            Word::Without => return self.negation(piece),
            Word::No | Word::Never => return self.never(piece, *word == Word::No),
            // "nothing from Garden"; "how many products sold nothing"
            Word::Nothing
                if (self.says_customers || self.draft.who || self.draft.query.measures == ["orders"])
                    && matches!(self.next(), Some(Atom::Values(values)) if values.iter().any(|value| GOODS.contains(&value.dimension.as_str()))) =>
            {
                self.without = true;
                self.mode = Mode::Plain;
            }
            Word::Nothing
                if self.draft.query.sets.is_empty()
                    && (self.draft.weak == Some("revenue") || self.draft.bought)
                    && (self.draft.count.as_deref() == Some("product")
                        || self.draft.query.dimensions == ["product"]) =>
            {
                self.set("product", "orders", false);
                self.draft.weak = None;
                self.draft.bought = false;
            }
            // "brands that sold nothing last week"
            Word::Nothing
                if self.draft.query.measures.is_empty()
                    && (self.draft.weak == Some("revenue") || self.draft.bought)
                    && matches!(&self.draft.query.dimensions[..], [one] if !matches!(one.as_str(), "customer" | "product" | "order")) =>
            {
                self.draft.query.without_rows = true;
            }
            Word::Nothing => return Err(self.unplaced(piece)),
            Word::Hold => self.draft.hold = true,
            Word::Again => self.draft.again = true,
            Word::Available => {
                self.draft.hold = true;
                self.draft.available = true;
            }
            Word::Registered => self.draft.registered = true,
            Word::Priced(direction) => {
                if self.draft.priced.replace(*direction).is_some_and(|known| known != *direction) {
                    return Err(self.unplaced(piece));
                }
            }
            Word::Distinct => self.draft.distinct = true,
            Word::Story => self.draft.story = true,
            Word::HowLong => self.draft.how_long = true,
            Word::Develop => self.draft.develop = true,
            Word::Percentile => self.draft.percentile = Some(self.words(piece)),
            Word::Common(direction) => {
                self.draft.common = true;
                self.rank(*direction, true, None, piece)?;
            }
            Word::Only => self.draft.only = true,
            Word::Versus => {
                self.draft.versus = true;
                self.mode = Mode::Plain;
            }
            Word::Growth => self.draft.growth = true,
            Word::Kept => self.draft.kept = true,
            Word::EachValue => self.draft.each_value = true,
            Word::Grown(how) => {
                self.draft.growth = true;
                if self.draft.grown.replace(*how).is_some() {
                    return Err(self.unplaced(piece));
                }
            }
            Word::Along(grain) => {
                self.draft.along = Some(grain);
                self.draft.growth = true;
            }
            Word::Grain(grain) => {
                let mean = self.draft.average || self.next() == Some(&Atom::Word(Word::Average));
                if mean && self.draft.query.average_per.is_none() {
                    self.draft.query.average_per = Some((*grain).to_owned());
                } else {
                    self.split_by(grain);
                }
            }
            Word::Share => self.share(piece),
            Word::Running => self.draft.query.running_total = true,
            Word::Trend => self.draft.trend = true,
            Word::Average => self.draft.average = true,
            Word::Cut(direction) => self.rank(*direction, false, None, piece)?,
            Word::Extreme(direction) => self.rank(*direction, true, None, piece)?,
            Word::ExtremeOf(direction, measure) => self.rank(*direction, true, Some(measure), piece)?,
            Word::Sorted(direction) => match &mut self.draft.rank {
                Some(rank) if rank.only_order => rank.direction = *direction,
                Some(rank) if rank.direction == *direction => {}
                Some(_) => return Err(self.unplaced(piece)),
                None => {
                    self.draft.rank = Some(Rank {
                        direction: *direction,
                        limit: None,
                        extreme: false,
                        by: None,
                        singular: false,
                        per: None,
                        only_order: true,
                        skip: 0,
                    });
                }
            },
            Word::Place(place) => {
                if self.draft.place.replace(*place).is_some() || self.draft.rank.is_some() {
                    return Err(self.unplaced(piece));
                }
            }
            Word::First => match self.next() {
                Some(Atom::Number { .. }) => self.draft.newest = Some(false),
                Some(Atom::Name(names)) if names.entity.is_some() || names.measure.is_some() => {
                    self.draft.newest = Some(false);
                }
                None if self.draft.place.is_none() => self.draft.place = Some(1),
                _ => return Err(self.unplaced(piece)),
            },
            Word::FirstTime => {
                self.draft.first_time = true;
                self.measure("customers");
            }
            Word::Which => self.draft.which = true,
            Word::Who => {
                self.draft.who = true;
                if self.draft.query.dimensions.is_empty() && self.draft.query.measures.is_empty() {
                    self.split_by("customer");
                }
            }
            Word::HowMany => {
                self.how_many = true;
                self.draft.how_many = true;
            }
            Word::List => self.draft.list = true,
            Word::Compare(FilterOp::Above)
                if self.words(piece).eq_ignore_ascii_case("over")
                    && matches!(self.next(), Some(Atom::Values(_) | Atom::Time(_)))
                    && !self.is_number_ahead() =>
            {
                // "over the web shop", "growth over the quarter before"
                self.draft.versus |= self.draft.growth && matches!(self.next(), Some(Atom::Time(TimeWords::Range(_))));
            }
            Word::Compare(op) => return self.condition(*op, piece),
            Word::Bought => return self.bought(piece),
            Word::Weak(measure) => self.draft.weak = Some(measure),
            Word::Newest => self.draft.newest = Some(true),
            Word::Oldest => self.draft.newest = Some(false),
            Word::Instead => self.draft.instead = true,
            Word::InsteadOf => {
                if !matches!(self.next(), Some(Atom::Name(_) | Atom::Time(_) | Atom::Values(_))) {
                    return Err(self.unplaced(piece));
                }
                self.draft.instead = true;
                self.at += 1;
            }
        }
        Ok(())
    }

    /// "weekend share", "the mobile share of orders": what stands right before it is the part.
    fn share(&mut self, piece: &Piece) {
        let before = self.pieces.iter().rev().find(|other| other.to == piece.from).map(|other| &other.atom);
        let valued = matches!(before, Some(Atom::Values(_) | Atom::Time(TimeWords::Weekdays(_))));
        if let Some(filter) = self.draft.query.filters.last().filter(|_| valued && !self.draft.share) {
            self.draft.part = Some(filter.dimension.clone());
        }
        self.draft.share_first |= self.draft.rank.is_none() && self.draft.limit.is_none();
        self.draft.grouped_first |= !self.draft.share && !self.draft.query.dimensions.is_empty();
        self.draft.share = true;
    }

    fn split_by(&mut self, dimension: &str) {
        let dimension = self.placed(dimension);
        // "at which hours of the day? orders by hour": the same hours.
        if dimension == "hour" && self.draft.query.dimensions.iter().any(|name| name == "hour_of_day") {
            return;
        }
        if !self.draft.query.dimensions.contains(&dimension) {
            self.draft.query.dimensions.push(dimension);
        }
    }

    /// The country or city that a measure means; other dimensions as they are.
    fn placed(&self, dimension: &str) -> String {
        let cancels = self.cancels;
        let (own, ship) = match dimension {
            "status" | "reason" | "method" => {
                let sought = self.draft.query.sets.last().is_some_and(|set| set.what == "returns");
                let whose = match (self.family, dimension) {
                    (_, "reason") if sought => "return_reason",
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

    fn number(&mut self, piece: &Piece, text: &str, percent: bool) -> Result<(), Problem> {
        if self.per_many(text, percent) {
            return Ok(());
        }
        let count: Option<u32> = text.parse().ok().filter(|count| (1..=10_000).contains(count) && !percent);
        // "within how many days are 90 % delivered? the 90th percentile"
        let said = text.strip_prefix("0.").filter(|_| percent).map(|digits| format!("{digits:0<2}th"));
        if said
            .is_some_and(|said| self.tokens.windows(2).any(|pair| pair[0].text == said && pair[1].text == "percentile"))
        {
            return Ok(());
        }
        let with_rank = self.next() == Some(&Atom::Word(Word::With))
            && self.pieces[self.at..]
                .iter()
                .any(|piece| matches!(piece.atom, Atom::Word(Word::Extreme(_) | Word::ExtremeOf(..) | Word::Cut(_))));
        let ahead = with_rank
            || matches!(
                self.next(),
                Some(Atom::Word(
                    Word::Cut(_)
                        | Word::Extreme(_)
                        | Word::ExtremeOf(..)
                        | Word::Newest
                        | Word::Oldest
                        | Word::Priced(_)
                ))
            );
        // "which 5 brands make the most profit", "the three carriers with the most parcels"
        let valued = usize::from(matches!(self.next(), Some(Atom::Values(_))));
        let of_groups = matches!(
            self.pieces.get(self.at + valued).map(|piece| &piece.atom),
            Some(Atom::Name(names)) if names.dimension.is_some() || names.measure.as_deref() == Some("new_customers")
        ) && self.pieces[self.at..].iter().any(|piece| {
            matches!(
                piece.atom,
                Atom::Word(Word::Cut(_) | Word::Extreme(_) | Word::ExtremeOf(..) | Word::Common(_) | Word::Newest)
            )
        });
        if of_groups && count.is_some() && self.draft.rank.is_none() && self.draft.limit.is_none() {
            self.draft.limit = count;
            self.draft.which = true;
            self.how_many = false;
            return Ok(());
        }
        // "customers with two orders"
        let with = self.at >= 2
            && matches!(self.pieces[self.at - 2].atom, Atom::Word(Word::With | Word::Only))
            && matches!(self.next(), Some(Atom::Name(names)) if names.measure.is_some());
        let grouped = !self.draft.query.dimensions.is_empty()
            || self.draft.query.measures == ["customers"] && self.draft.how_many
            || self.draft.query.measures == ["orders"]
                && matches!(self.next(), Some(Atom::Name(names)) if names.measure.as_deref() != Some("orders"));
        if with && count.is_some() && grouped && self.draft.rank.is_none() {
            self.at -= 1;
            self.draft.only = false;
            return self.condition(FilterOp::In, piece);
        }
        match (count, &mut self.draft.rank) {
            (Some(_), Some(rank)) if rank.limit.is_none() => rank.limit = count,
            (Some(_), _) if ahead || self.draft.newest.is_some() || self.draft.list => self.draft.limit = count,
            _ => return Err(self.unplaced(piece)),
        }
        Ok(())
    }

    fn filter(&mut self, dimension: &str, op: FilterOp, values: Vec<String>) {
        self.draft.part_first |= self.draft.query.dimensions.is_empty();
        self.draft.named_first |= self.draft.query.measures.is_empty() && self.draft.weak.is_none();
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
pub(super) fn defining_status(measure: &str) -> Option<&'static [&'static str]> {
    match measure {
        "cancelled_orders" => Some(&["cancelled"]),
        "open_orders" | "stuck_orders" => Some(&["placed", "paid", "packed"]),
        _ => None,
    }
}
