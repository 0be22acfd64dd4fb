//! What orders wait for, and why things went wrong: said by the next step, by the state or by the reason that is kept. Must not
//! take what is still to be done for what was done.

use crate::brain::rules::tokens::{Token, is_one_of, text};

use super::rephrased::word;

/// Words between the orders and what they wait for.
const IDLE: &str = "that who which are is were still currently yet waiting awaiting wait left need needs have has had got be \
    being get for pending just to remaining ready";
const PACKING: &str = "pack packed packing packaging picked picking";
const PAYMENT: &str = "payment paid pay paying payments";

/// "orders to pack", "orders that still need to be packed", "unpaid orders", "orders ready to ship": by the state before it.
pub(super) fn next_step(mut found: Vec<Token>) -> Vec<Token> {
    if let Some(at) = found.iter().position(|token| matches!(token.text.as_str(), "unpaid" | "non-paid" | "nonpaid")) {
        let start = found[at].start;
        let before = text(&found, at + 1) == "orders" || text(&found, at + 1) == "order";
        let noun = if before { Some(at + 1) } else { orders_before(&found, at) };
        if let Some(noun) = noun {
            if before {
                found.splice(at + 2..at + 2, state("placed", start));
                found.remove(at);
            } else {
                found.splice(noun + 1..=at, state("placed", start));
            }
        }
        return found;
    }
    let awaits = |found: &[Token], at: usize, gerund: &str| {
        let to = matches!(text(found, at - 1), "to")
            || text(found, at - 1) == "be" && text(found, at.saturating_sub(2)) == "to";
        let noun =
            is_one_of(gerund, text(found, at)) && is_one_of("for awaiting pending needs need", text(found, at - 1));
        to || noun
    };
    let step = (2..found.len()).find_map(|at| {
        if is_one_of(PACKING, text(&found, at)) && awaits(&found, at, "packing packaging picking") {
            return Some((at, "paid"));
        }
        if is_one_of(PAYMENT, text(&found, at)) && awaits(&found, at, "payment payments") {
            return Some((at, "placed"));
        }
        let ready = (at.saturating_sub(3)..at).any(|place| text(&found, place) == "ready");
        let leaves = is_one_of(
            "ship shipped shipping shipment dispatch dispatched go leave sent pickup collection",
            text(&found, at),
        );
        (ready && leaves && is_one_of("to for be", text(&found, at - 1))).then_some((at, "packed"))
    });
    let Some((at, status)) = step else { return found };
    let start = found[at].start;
    if let Some(noun) = orders_before(&found, at) {
        // "are waiting to be packed today": the queue as it stands.
        let now = usize::from(matches!(text(&found, at + 1), "now" | "today" | "still"));
        // "how many orders do we have to pack": the verb before them goes too.
        found.splice(noun + 1..=at + now, state(status, start));
    } else if is_one_of("what what's whats anything", text(&found, 0)) && (1..at).all(|place| idle(&found, place)) {
        found.splice(0..=at, [word("orders", start)].into_iter().chain(state(status, start)));
    }
    found
}

fn idle(found: &[Token], at: usize) -> bool {
    is_one_of(IDLE, text(found, at)) || is_one_of("s do we there out", text(found, at))
}

fn state(status: &str, start: usize) -> [Token; 3] {
    ["with", "status", status].map(|text| word(text, start))
}

/// The orders right before a place, with nothing between but idle words; a range may stand there: "orders placed yesterday that
/// are still unpaid".
fn orders_before(found: &[Token], at: usize) -> Option<usize> {
    let mut place = at;
    while place > 0 && idle(found, place - 1) {
        place -= 1;
    }
    let noun = place.checked_sub(1)?;
    if matches!(text(found, noun), "orders" | "order") {
        return Some(noun);
    }
    // What stands between tells which orders: it stays.
    let linked = (place..at).any(|at| is_one_of("that which are is still", text(found, at)));
    let named = found[..noun].iter().any(|token| matches!(token.text.as_str(), "orders" | "order"));
    (linked && named).then_some(noun)
}

const FAILING: &str = "fail failing failed declined rejected refused bounce bounced";
const CANCELLING: &str = "cancel cancelling cancelled canceled canceling cancellations";
const RETURNING: &str = "return returning returned returns back";

/// "why did people cancel last month", "why are card payments failing": by the reason that is kept.
pub(super) fn why_it_happened(mut found: Vec<Token>) -> Vec<Token> {
    if text(&found, 0) != "why" || !is_one_of("do did does are were was is have has get got", text(&found, 1)) {
        return found;
    }
    // What is asked besides tells the shape: "as % of all cancellations", "count by cancel reason".
    if found.iter().any(|token| is_one_of("% percent percentage share reason reasons rate", &token.text)) {
        return found;
    }
    let lead = found.len().min(9);
    let say = |found: &mut Vec<Token>, to: usize, words: &str, keep: Vec<Token>| {
        let start = found[0].start;
        let mut new: Vec<Token> = Vec::new();
        for text in words.split(' ') {
            if text == "*" { new.extend(keep.iter().cloned()) } else { new.push(word(text, start)) }
        }
        found.splice(0..=to, new);
    };
    let verb = |words: &str| (2..lead).find(|at| is_one_of(words, text(&found, *at)));
    let among = |found: &[Token], to: usize, idle: &str| {
        found[2..to].iter().filter(|token| !is_one_of(idle, &token.text)).cloned().collect::<Vec<Token>>()
    };
    let has = |to: usize, words: &str| found[2..to].iter().any(|token| is_one_of(words, &token.text));
    let speech =
        "so many our the some customers people buyers clients they shoppers get being been usually mostly most";
    if let Some(to) = verb(FAILING).filter(|to| has(*to, "payments payment")) {
        let keep = among(&found, to, &format!("{speech} payments payment"));
        if keep.len() <= 1 {
            say(&mut found, to, "* failed payments by failure reason", keep);
        }
    } else if let Some(to) = verb(CANCELLING) {
        let keep = among(&found, to, &format!("{speech} orders order"));
        if keep.len() <= 1 {
            let to = to + objects(&found, to, "orders order their");
            say(&mut found, to, "* cancelled orders by cancel reason", keep);
        }
    } else if let Some(to) = verb(RETURNING) {
        let to = if matches!(text(&found, to), "back")
            && !is_one_of("send sent come came sending coming", text(&found, to - 1))
        {
            return found;
        } else {
            to
        };
        let keep = among(
            &found,
            to,
            &format!("{speech} things items goods stuff products units articles send sent come came sending coming"),
        );
        if keep.len() <= 1 && !has(to, "orders") {
            let to = to + objects(&found, to, "things items goods stuff products their orders");
            say(&mut found, to, "returned units * by return reason", among_of(keep));
        }
    }
    found
}

/// Words right after a verb that name what it is done to.
fn objects(found: &[Token], at: usize, words: &str) -> usize {
    (at + 1..found.len()).take_while(|place| is_one_of(words, text(found, *place))).count()
}

/// "Toys" of "why do Toys come back": of that.
fn among_of(keep: Vec<Token>) -> Vec<Token> {
    let Some(first) = keep.first() else { return keep };
    let start = first.start;
    std::iter::once(word("of", start)).chain(keep).collect()
}

/// "but have not been shipped": as "but not shipped".
pub(super) fn have_not_been(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len().saturating_sub(2)).find(|at| {
        is_one_of("have has haven hasn were weren are aren", text(&found, *at))
            && is_one_of("not t", text(&found, at + 1))
            && is_one_of("but and", text(&found, at - 1))
    });
    let Some(at) = at else { return found };
    let end = at + 2 + usize::from(matches!(text(&found, at + 2), "been"));
    let end = end + usize::from(matches!(text(&found, end), "yet"));
    if is_one_of("paid packed shipped sent dispatched delivered returned", text(&found, end)) {
        let start = found[at].start;
        found.splice(at..end, [word("not", start)]);
    }
    found
}

/// "parcels out yesterday per carrier": those that left.
pub(super) fn went_out(mut found: Vec<Token>) -> Vec<Token> {
    let at = (1..found.len()).find(|at| {
        text(&found, *at) == "out"
            && is_one_of("parcels packages shipments boxes", text(&found, at - 1))
            && (is_one_of("yesterday today on last this in since during between by per", text(&found, at + 1))
                || at + 1 == found.len())
    });
    if let Some(at) = at {
        found[at] = word("shipped", found[at].start);
    }
    found
}

/// "rejected ones don't count", "not counting rejected returns": as a return is counted anyway.
pub(super) fn rejected_left_out(mut found: Vec<Token>) -> Vec<Token> {
    let Some(at) = (1..found.len()).find(|at| text(&found, *at) == "rejected") else { return found };
    if !found.iter().any(|token| is_one_of("returns return returned", &token.text)) {
        return found;
    }
    let noun = usize::from(is_one_of("ones returns", text(&found, at + 1)));
    let after = at + 1 + noun;
    let counts = match (text(&found, after), text(&found, after + 1), text(&found, after + 2)) {
        ("don" | "doesn" | "do" | "does" | "should", "t" | "not", "count") => 3,
        ("dont" | "don't", "count", _) | ("not", "counted" | "included", _) | ("left", "aside" | "out", _) => 2,
        ("excluded" | "excl", ..) => 1,
        _ => 0,
    };
    let from = at - usize::from(matches!(text(&found, at - 1), "the" | "any"));
    let before = from.checked_sub(1).map_or("", |before| text(&found, before));
    let without = is_one_of("without excluding except excl ignoring minus", before);
    let not_counting = is_one_of("counting including", before) && from > 1 && text(&found, from - 2) == "not";
    let ends = after >= found.len() || text(&found, after) == ",";
    if counts > 0 {
        found.drain(from..after + counts);
    } else if not_counting && ends {
        found.drain(from - 2..after);
    } else if without && ends && noun == 1 && from > 1 {
        found.drain(from - 1..after);
    }
    while found.last().is_some_and(|last| matches!(last.text.as_str(), "," | "and" | "but")) {
        found.pop();
    }
    found
}
