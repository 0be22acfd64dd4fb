//! The decisions, one after the other, the first ones first: what kind of question it is, which figures, split by what, which
//! of the named values, in which order. Each is a choice among texts, so nothing can be named that does not exist.

use chrono::NaiveDateTime;
use oms_model::{Answer, Request};
use oms_tools::Failure;
use oms_tools::orders::PersonalColumns;
use oms_tools::orders::semantic::catalog::{Dimension, DimensionKind};
use oms_tools::orders::semantic::query::{Direction, Filter, FilterOp, Ranking, Ties};
use oms_tools::orders::semantic::{Catalog, SemanticModel, SemanticQuery};

use super::super::rules::{Links, Rules, Understanding};
use super::{Talk, prompt};

/// Figures of one question.
const FIGURES: usize = 3;
/// Dimensions of one question.
const DIMENSIONS: usize = 2;
/// Below this much of the model's own wish on what it may say, it wanted to say something else.
const OWN_WISH: f64 = 0.1;
/// What an unknown word leaves of the confidence.
const UNKNOWN_WORD: f64 = 0.95;
/// What is left of it where a figure or a split that the question named is not among the chosen ones, a split is chosen that no
/// word asks for, or a share or an average was asked for and none chosen.
const NAMED_OTHERWISE: f64 = 0.5;

/// What the model decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Decision {
    pub(super) kind: Kind,
    pub(super) figures: Vec<String>,
    pub(super) by: Vec<String>,
    /// For each named value: kept or left out, in which dimension.
    pub(super) values: Vec<Option<(bool, String, String)>>,
    pub(super) order: Option<(Direction, Option<u32>)>,
    /// The least certain decision, 0.0 to 1.0.
    pub(super) certainty: f64,
}

/// What kind of question it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    Figures,
    #[default]
    Unclear,
    Outside,
}

/// What need not be asked: what this way of asking cannot say.
pub(super) fn before(links: &Links) -> Option<Understanding> {
    let ask = |message: &str| Understanding::AskBack {
        message: message.to_owned(),
        choices: Vec::new(),
        readings: Vec::new(),
    };
    if links.beyond || links.comparison.is_some() {
        return Some(ask("I do not understand this question; please say it in other words"));
    }
    if links.times.len() > 1 {
        return Some(ask("which range of time is meant? I understood more than one; please name one"));
    }
    None
}

/// Lets the model decide.
pub(super) async fn decide(
    session: &mut Talk,
    catalog: &Catalog,
    told: String,
    links: &Links,
) -> Result<Decision, Failure> {
    let mut run = Run { session, certainty: 1.0 };
    run.ask(prompt::instructions(catalog), told).await?;
    let kind = match run.choose("kind:", &[" figures\n", " unclear\n", " outside\n"]).await? {
        0 => Kind::Figures,
        1 => Kind::Unclear,
        _ => Kind::Outside,
    };
    let mut decision = Decision { kind, ..Decision::default() };
    if decision.kind == Kind::Figures {
        let measures: Vec<&str> = catalog.measures_for_models().map(|measure| measure.name.as_str()).collect();
        decision.figures = run.several("figures:", &measures, FIGURES).await?;
        let mut dimensions = vec!["nothing"];
        dimensions.extend(splits(catalog, links));
        decision.by = run.several("by:", &dimensions, DIMENSIONS).await?;
        decision.by.retain(|name| name != "nothing");
        for value in &links.values {
            let mut options = vec![" unused\n".to_owned()];
            for (dimension, _) in &value.meanings {
                options.push(format!(" only {dimension}\n"));
                options.push(format!(" without {dimension}\n"));
            }
            let chosen = run.choose(&format!("{}:", clean(&value.words)), &options).await?;
            decision.values.push(chosen.checked_sub(1).map(|place| {
                let (dimension, value) = value.meanings[place / 2].clone();
                (place % 2 == 0, dimension, value)
            }));
        }
        // A number beside the words of a ranking is its length, and nothing else: then there is one.
        let length = match links.numbers.as_slice() {
            [number] if links.ranked && !decision.by.is_empty() => {
                number.parse::<u32>().ok().filter(|it| (1..=1000).contains(it))
            }
            _ => None,
        };
        let mut orders = vec![" none\n", " highest", " lowest"];
        if length.is_some() {
            orders.remove(0);
        }
        let order = run.choose("order:", &orders).await? + usize::from(length.is_some());
        decision.order = match order {
            0 => None,
            direction if length.is_some() => {
                // Said as it is, so that what is recorded of a question is whole.
                run.choose("", &[format!(" {}\n", length.unwrap_or_default())]).await?;
                Some((if direction == 1 { Direction::Top } else { Direction::Bottom }, length))
            }
            direction => {
                let whole = |number: &&String| number.parse::<u32>().is_ok_and(|number| (1..=1000).contains(&number));
                let mut limits: Vec<String> = links.numbers.iter().filter(whole).cloned().collect();
                limits.extend(["1".to_owned(), "all".to_owned()]);
                limits.dedup();
                let options: Vec<String> = limits.iter().map(|limit| format!(" {limit}\n")).collect();
                let limit = limits[run.choose("", &options).await?].parse().ok();
                Some((if direction == 1 { Direction::Top } else { Direction::Bottom }, limit))
            }
        };
    }
    decision.certainty = run.certainty;
    Ok(decision)
}

/// What a question may be split by. A grain of time that nobody said splits nothing: "in 2025" is a range. Numbers of a row are
/// for conditions.
fn splits<'a>(catalog: &'a Catalog, links: &'a Links) -> impl Iterator<Item = &'a str> {
    let fits = |dimension: &&'a Dimension| match dimension.kind {
        DimensionKind::Time => {
            let name = &dimension.name;
            links.course || links.names.contains(name) || links.grains.contains(&name.as_str())
        }
        DimensionKind::Number => links.names.contains(&dimension.name),
        _ => true,
    };
    catalog.dimensions_for_models().filter(fits).map(|dimension| dimension.name.as_str())
}

/// Evaluates the instructions.
pub(super) async fn warm_up(session: &mut Talk, catalog: &Catalog) -> Result<(), Failure> {
    Run { session, certainty: 1.0 }.ask(prompt::instructions(catalog), String::new()).await
}

/// What the decision means: a query where it is certain enough and makes sense, else a question back that offers it.
pub(super) fn understanding(
    decision: &Decision,
    rules: &Rules,
    model: &SemanticModel,
    links: &Links,
    now: NaiveDateTime,
    threshold: f64,
) -> Understanding {
    let ask = |message: String| Understanding::AskBack { message, choices: Vec::new(), readings: Vec::new() };
    match decision.kind {
        Kind::Outside => {
            return ask(
                "this does not seem to be about the shop's orders; if it is, please say it in other words".to_owned()
            );
        }
        Kind::Unclear => return ask("I am not sure what is meant; please say it in other words".to_owned()),
        Kind::Figures => {}
    }
    let used: Vec<String> = decision.order.iter().filter_map(|(_, limit)| Some(limit.as_ref()?.to_string())).collect();
    if let Some(number) = links.numbers.iter().find(|number| !used.contains(number)) {
        return ask(format!("I do not know what the number {number} stands for here; please say it in other words"));
    }
    if let Some(word) = links.unknown.iter().find(|word| word.contains(|letter: char| letter.is_ascii_digit())) {
        return ask(format!("I do not know what `{word}` stands for here; please say it in other words"));
    }
    let confidence = confidence(decision, links, &model.catalog);
    let query = query(decision, links);
    if let Err(failure) = model.plan(&query, now, &PersonalColumns::default()) {
        return ask(format!("{}; please say it in other words", failure.message));
    }
    let plain = rules.plain(&query);
    if confidence < threshold {
        return Understanding::AskBack {
            message: "I am not sure that I understood this; is it this that is meant?".to_owned(),
            choices: vec![plain],
            readings: vec![query],
        };
    }
    Understanding::Query {
        query: Box::new(query),
        confidence,
        notes: vec![format!("the embedded language model read this as: {plain}")],
    }
}

/// How certain the decision is, after what the rules heard in the question.
fn confidence(decision: &Decision, links: &Links, catalog: &Catalog) -> f64 {
    let is_measure = |name: &&String| catalog.measures.iter().any(|measure| measure.name == **name);
    let (figures, splits): (Vec<&String>, Vec<&String>) = links.names.iter().partition(is_measure);
    let mut confidence = decision.certainty;
    for _ in &links.unknown {
        confidence *= UNKNOWN_WORD;
    }
    if !figures.is_empty() && !figures.iter().any(|name| decision.figures.contains(name)) {
        confidence *= NAMED_OTHERWISE;
    }
    // "per reason" is no split by product, whichever reason is meant.
    let last = |name: &str| name.rsplit('_').next().unwrap_or_default().to_owned();
    let valued = decision.values.iter().flatten().map(|(_, dimension, _)| dimension);
    let said: Vec<String> = decision.by.iter().chain(valued).map(|name| last(name)).collect();
    if splits.iter().any(|name| !said.contains(&last(name))) {
        confidence *= NAMED_OTHERWISE;
    }
    // A split that no word asks for is the model's own, and so is a figure that is no average where one was asked for.
    let asked = links.splits || links.ranked || links.course || !splits.is_empty() || !links.grains.is_empty();
    if !decision.by.is_empty() && !asked {
        confidence *= NAMED_OTHERWISE;
    }
    // And so are the first of a ranking that nobody asked for.
    let cut = decision.order.is_some_and(|(_, limit)| limit.is_some());
    if cut && !decision.by.is_empty() && !links.ranked && !links.which {
        confidence *= NAMED_OTHERWISE;
    }
    let is_mean = |name: &String| ["average_", "_time", "_rate", "margin"].iter().any(|part| name.contains(part));
    if links.mean && !decision.figures.iter().any(is_mean) {
        confidence *= NAMED_OTHERWISE;
    }
    let is_share = |name: &String| ["rate", "margin", "discount"].iter().any(|end| name.ends_with(end));
    if links.share && !decision.figures.iter().any(is_share) {
        confidence *= NAMED_OTHERWISE;
    }
    confidence
}

fn query(decision: &Decision, links: &Links) -> SemanticQuery {
    let mut filters: Vec<Filter> = Vec::new();
    for (keep, dimension, value) in decision.values.iter().flatten() {
        let op = if *keep { FilterOp::In } else { FilterOp::NotIn };
        match filters.iter_mut().find(|filter| filter.dimension == *dimension && filter.op == op) {
            Some(filter) => filter.values.push(value.clone()),
            None => filters.push(Filter { dimension: dimension.clone(), op, values: vec![value.clone()] }),
        }
    }
    let ranking = decision.order.filter(|_| !decision.by.is_empty()).map(|(direction, limit)| Ranking {
        by: decision.figures.first().cloned().unwrap_or_default(),
        direction,
        limit,
        ties: if limit == Some(1) { Ties::All } else { Ties::default() },
        per: None,
        skip: 0,
        together: false,
        change: None,
    });
    SemanticQuery {
        measures: decision.figures.clone(),
        dimensions: decision.by.clone(),
        filters,
        time: links.times.first().cloned(),
        ranking,
        ..SemanticQuery::default()
    }
}

/// A value's words on one line, without what ends the line's name.
fn clean(words: &str) -> String {
    words.chars().filter(|letter| !letter.is_control() && *letter != ':').collect()
}

struct Run<'a> {
    session: &'a mut Talk,
    certainty: f64,
}

impl Run<'_> {
    async fn ask(&mut self, instructions: String, text: String) -> Result<(), Failure> {
        self.session.request(&Request::Ask { instructions, text }).await.map(|_| ())
    }

    async fn choose(&mut self, lead: &str, options: &[impl ToString]) -> Result<usize, Failure> {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        let count = options.len();
        match self.session.request(&Request::Choose { lead: lead.to_owned(), options }).await? {
            Answer::Chose { option, probability, mass } if option < count => {
                let wished = if mass < OWN_WISH { mass / OWN_WISH } else { 1.0 };
                self.certainty = self.certainty.min(probability * wished);
                Ok(option)
            }
            _ => Err(Failure::new(
                oms_tools::FailureKind::Internal,
                "cannot use the embedded language model: its process answered out of turn",
            )
            .hint("oms model stop, then ask again")),
        }
    }

    /// Names one after the other, until the model ends the line.
    async fn several(&mut self, lead: &str, names: &[&str], most: usize) -> Result<Vec<String>, Failure> {
        let mut chosen: Vec<String> = Vec::new();
        loop {
            let last = chosen.len() + 1 == most;
            let free: Vec<&&str> = names.iter().filter(|name| !chosen.iter().any(|known| known == **name)).collect();
            let mut options = Vec::new();
            for name in &free {
                options.push(format!(" {name}\n"));
                // "nothing" is followed by nothing.
                if !last && **name != "nothing" {
                    options.push(format!(" {name},"));
                }
            }
            let lead = if chosen.is_empty() { lead } else { "" };
            let place = self.choose(lead, &options).await?;
            let text = &options[place];
            chosen.push(text.trim_matches([' ', ',', '\n']).to_owned());
            if text.ends_with('\n') {
                return Ok(chosen);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn what_no_word_asks_for_is_less_certain() {
        let catalog = SemanticModel::load().unwrap().catalog.clone();
        let decided = |figure: &str, by: &[&str], limit: Option<u32>| Decision {
            kind: Kind::Figures,
            figures: vec![figure.to_owned()],
            by: by.iter().map(|name| (*name).to_owned()).collect(),
            order: limit.map(|limit| (Direction::Top, Some(limit))),
            certainty: 1.0,
            ..Decision::default()
        };
        let heard =
            |names: &[&str]| Links { names: names.iter().map(|name| (*name).to_owned()).collect(), ..Links::default() };
        let which = Links { which: true, splits: true, ..Links::default() };
        let mean = Links { mean: true, ..Links::default() };
        let plain = Links::default();
        for (links, decision, sure) in [
            (&plain, decided("discounts", &[], None), true),
            (&plain, decided("discounts", &["order_status"], None), false),
            (&which, decided("revenue", &["category"], Some(1)), true),
            (&heard(&["weekday"]), decided("orders", &["weekday"], None), true),
            (&heard(&["weekday"]), decided("orders", &["weekday"], Some(1)), false),
            (&heard(&["return_reason"]), decided("returned_units", &["product"], None), false),
            (&heard(&["cancel_reason"]), decided("returned_units", &["return_reason"], None), true),
            (&heard(&["revenue"]), decided("orders", &[], None), false),
            (&mean, decided("revenue", &[], None), false),
            (&mean, decided("average_order_value", &[], None), true),
        ] {
            let confidence = confidence(&decision, links, &catalog);
            assert_eq!(confidence > 0.9, sure, "{decision:?} {links:?}: {confidence}");
        }
    }
}
