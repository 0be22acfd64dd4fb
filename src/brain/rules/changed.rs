//! A ranking of changes: "which category grew most", "the brand with the biggest drop". Must not rank what is not compared.

use oms_tools::orders::semantic::query::{Change, Direction};

use super::assemble::Draft;
use super::finish::is_grain;
use super::tokens::{Token, is_one_of};

const RISES: &str = "grew grow grows growing grown growth rose rise risen rising increased increase improved improve climbed jumped jump change changed \
    added gained uplift";
const FALLS: &str =
    "fell fall fallen dropped drop declined decline shrank shrink shrunk decreased decrease lost losing";

fn says(tokens: &[Token], words: &str) -> bool {
    tokens.iter().any(|token| is_one_of(words, &token.text))
}

/// Ranks by the change where it is what the words rank.
pub(super) fn rank(draft: &mut Draft, tokens: &[Token]) {
    let query = &mut draft.query;
    let along = query.dimensions.iter().any(|name| is_grain(name));
    let (rises, falls) = (says(tokens, RISES), says(tokens, FALLS));
    let Some(ranking) = query.ranking.as_mut().filter(|ranking| ranking.limit.is_some() && !ranking.together) else {
        return;
    };
    if along || query.compare.is_none() || query.count_of.is_some() || !(rises || falls) {
        return;
    }
    let percent = says(tokens, "percent % percentage fastest quickest rate proportionally relatively");
    ranking.change = Some(if percent { Change::Percent } else { Change::Difference });
    // The biggest fall is the lowest change.
    if falls && !rises && ranking.direction == Direction::Top {
        ranking.direction = Direction::Bottom;
    }
}
