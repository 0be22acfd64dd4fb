//! Readings that fit the grammar and would answer another question than the one that was asked. Must not change the query.

use oms_tools::orders::semantic::query::{FilterOp, TimeUnit};

use super::assemble::{Draft, Problem};
use super::lexicon::{Family, family_of_measure};
use super::tokens::{Token, is_one_of};

/// What no table of the shop holds: a question with one of these words has no answer here, however it is said.
const NOT_RECORDED: &str = "visitors visitor visits visited sessions clicks impressions conversion campaign campaigns newsletter newsletters \
    advertising adverts seo employee employees salary salaries wages weather competitor competitors nps supplier suppliers supplies vendor vendors \
    reviews stars rating ratings salesperson salespeople commission commissions ads adwords rep reps";
/// Who and what else an order's story does not tell.
const NOT_TOLD: &str =
    "colleague colleagues staff picker packer driver supplier suppliers weight colour color size gift note invoice";

fn named<'a>(tokens: &'a [Token], words: &str) -> Option<&'a Token> {
    tokens.iter().find(|token| is_one_of(words, &token.text))
}

/// The word of a question that asks for what is not recorded.
pub(super) fn not_recorded(tokens: &[Token]) -> Option<&Token> {
    named(tokens, NOT_RECORDED)
}

/// The word of a question about one order that asks for what its story does not tell.
pub(super) fn not_told(tokens: &[Token]) -> Option<&Token> {
    named(tokens, NOT_TOLD).or_else(|| not_recorded(tokens))
}

/// The word of a question that asks who of the shop's people did something: "who packed ORD-0000042".
pub(super) fn whose_work(tokens: &[Token]) -> Option<&Token> {
    // "what does DHL charge us per parcel"
    let charged = tokens.windows(2).position(|pair| {
        matches!(pair[0].text.as_str(), "charge" | "charges" | "charged" | "bill" | "bills" | "invoice")
            && pair[1].text == "us"
    });
    if let Some(at) = charged {
        return Some(&tokens[at]);
    }
    // "how many people work in the Berlin warehouse"
    let works = tokens.windows(2).position(|pair| {
        is_one_of("people persons folks hands", &pair[0].text)
            && is_one_of("work works working employed", &pair[1].text)
    });
    if let Some(at) = works {
        return Some(&tokens[at + 1]);
    }
    let who = tokens.iter().position(|token| matches!(token.text.as_str(), "who" | "whom"))?;
    tokens[who + 1..].iter().take(5).find(|token| {
        is_one_of("shift packed packs picked picks handled checked prepared wrapped approved entered", &token.text)
    })
}

/// Readings that would answer another question than the one that was asked.
pub(super) fn check(draft: &Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &draft.query;
    let ends = query.time.as_ref().is_some_and(|time| time.from.is_none() && time.label.contains("end of"));
    if ends && query.measures.iter().any(|measure| measure != "customers") {
        return Err(Problem::new("the end of a period has no figures of its own: name the days that are meant"));
    }
    of_no_moment(draft, tokens)?;
    of_two_columns(draft, tokens)?;
    two_moments(draft, tokens)?;
    two_states(draft, tokens)?;
    half_read(draft, tokens)?;
    beside_each_other(draft, tokens)?;
    // "orders of 2025 in more than one parcel": the range is the parcels' and not the orders'.
    let of_others =
        |name: &str| matches!(family_of_measure(name), Family::Shipments | Family::Returns | Family::Payments);
    if query.count_of.as_deref() == Some("order")
        && query.time.is_some()
        && query.having.iter().any(|one| of_others(&one.measure))
        && tokens
            .windows(2)
            .any(|pair| pair[0].stem == "order" && matches!(pair[1].text.as_str(), "of" | "placed" | "from"))
    {
        return Err(Problem::new(
            "the range is counted by when the parcels left, the returns or payments came, not by when the orders were \
             placed: leave out the range, or ask for the parcels, returns or payments themselves",
        ));
    }
    // "sales on 24 December each year": the range lies in one of the groups, so another one was meant.
    if let Some(unit) = query.time.as_ref().and_then(|time| time.unit)
        && let Some(grain) = query.dimensions.iter().find(|name| length(name) > Some(length_of_unit(unit)))
    {
        return Err(Problem::new(format!(
            "the range is shorter than a {grain}: which range should be split by {grain}?"
        )));
    }
    let of_the_month = tokens.windows(4).any(|run| {
        matches!(run[0].stem.as_str(), "day" | "week")
            && run[1].text == "of"
            && run[2].text == "the"
            && run[3].text == "month"
    });
    if of_the_month && query.dimensions.iter().any(|name| name == "month") {
        return Err(Problem::new(
            "a day or week of the month is no group that I know; say \"by day\" or \"by weekday\"",
        ));
    }
    // "revenue per buyer for each country": one figure a country, or one a buyer and country?
    if query.dimensions.len() > 1
        && draft.each.iter().any(|name| name == "customer")
        && tokens.windows(2).any(|pair| pair[0].text == "per" && matches!(pair[1].text.as_str(), "customer" | "buyer"))
        && query.ranking.is_none()
        && query.having.is_empty()
        && query.average_per.is_none()
    {
        let measure = query.measures.first().map_or_else(|| "revenue".to_owned(), |name| name.replace('_', " "));
        let other = query.dimensions.iter().find(|name| *name != "customer").map_or("", |name| name).replace('_', " ");
        return Err(Problem {
            ruled_out: false,
            message: "is it the mean over the customers of each group, or one row a customer?".to_owned(),
            choices: vec![
                format!("average {measure} per customer by {other}"),
                format!("{measure} by customer and {other}"),
            ],
        });
    }
    let goods = |op| {
        query.filters.iter().filter(move |filter| {
            filter.op == op && matches!(filter.dimension.as_str(), "product" | "brand" | "category" | "sku")
        })
    };
    let people = query.measures.iter().any(|measure| matches!(measure.as_str(), "customers" | "buyers"))
        || query.dimensions.iter().any(|dimension| dimension == "customer")
        || query.list.as_ref().is_some_and(|list| list.entity == "customers");
    let negated =
        tokens.iter().any(|token| matches!(token.text.as_str(), "but" | "never" | "not" | "without" | "except"));
    if people && negated && goods(FilterOp::NotIn).next().is_some() {
        return Err(Problem::new(
            "who did not buy a certain product, brand or category is not something that I can tell yet; I can tell who bought it",
        ));
    }
    let says = |word: &str| tokens.iter().any(|token| token.text == word);
    let whole = people || query.measures.iter().any(|measure| measure == "orders") || query.list.is_some();
    let several = goods(FilterOp::In).any(|filter| filter.values.len() > 1) || goods(FilterOp::In).count() > 1;
    if whole && several && (says("and") || says("both")) && !says("or") {
        return Err(Problem {
            ruled_out: false,
            message: "is it those with either of them? Both at once is not something that I can tell yet".to_owned(),
            choices: vec!["say \"or\" for either".to_owned(), "ask for one of them".to_owned()],
        });
    }
    if people && says("both") && query.filters.iter().any(|filter| filter.op == FilterOp::In && filter.values.len() > 1)
    {
        return Err(Problem::new(
            "who has both at once is not something that I can tell yet: ask for each, or say \"or\"",
        ));
    }
    if people && !query.sets.is_empty() && goods(FilterOp::In).next().is_some() {
        return Err(Problem::new(
            "I can tell who bought in one range and not in another, but not yet for one product, brand or category",
        ));
    }
    Ok(())
}

/// "both cancelled and paid": an order has one status at a time.
fn two_states(draft: &Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &draft.query;
    let says = |word: &str| tokens.iter().any(|token| token.text == word);
    let states = query
        .filters
        .iter()
        .any(|filter| filter.op == FilterOp::In && filter.dimension.ends_with("status") && filter.values.len() > 1);
    if states && says("both") && !says("or") && query.dimensions.is_empty() && query.compare.is_none() {
        return Err(Problem::new(
            "each has one status at a time: what is in either of the two is asked with \"or\", what happened to it before with its events",
        ));
    }
    Ok(())
}

/// A range beside now, and a mean of one customer beside one of all.
fn two_moments(draft: &Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &draft.query;
    // "revenue last month and open orders now": two moments.
    let past = query.time.as_ref().is_some_and(|time| !time.running && time.to.is_some());
    let present = tokens.iter().any(|token| matches!(token.text.as_str(), "now" | "currently" | "presently"));
    if past && present && query.measures.len() > 1 && query.compare.is_none() {
        return Err(Problem::new("a past range and now in one question: ask for one after the other"));
    }
    // "what does a customer spend on average per year": in one year, or of all customers in each?
    let of_a_customer = tokens.windows(2).any(|pair| {
        matches!(pair[0].text.as_str(), "a" | "each" | "every")
            && matches!(pair[1].text.as_str(), "customer" | "buyer" | "client")
    });
    if of_a_customer && query.average_per.as_deref().is_some_and(|per| per != "customer" && per != "order") {
        return Err(Problem {
            ruled_out: false,
            message: "the mean of a customer, or of all customers together in each unit of time?".to_owned(),
            choices: vec!["average revenue per customer in 2025".to_owned(), "average revenue per year".to_owned()],
        });
    }
    Ok(())
}

/// How long a grain of the calendar is, in comparison; none of what recurs, as weekdays do.
fn length(grain: &str) -> Option<u8> {
    ["hour", "day", "week", "month", "quarter", "year"]
        .iter()
        .position(|name| *name == grain)
        .and_then(|at| u8::try_from(at).ok())
}

fn length_of_unit(unit: TimeUnit) -> u8 {
    match unit {
        TimeUnit::Hour => 0,
        TimeUnit::Day => 1,
        TimeUnit::Week => 2,
        TimeUnit::Month => 3,
        TimeUnit::Quarter => 4,
        TimeUnit::Year => 5,
    }
}

/// "which products are bought together with Kettle": what else is in the same orders is no figure of the kettle's own.
fn beside_each_other(draft: &Draft, tokens: &[Token]) -> Result<(), Problem> {
    let goods = |name: &str| matches!(name, "product" | "brand" | "category" | "sku");
    let query = &draft.query;
    let names = query.filters.iter().any(|filter| goods(&filter.dimension));
    let groups = query.dimensions.iter().chain(&query.count_of).any(|name| goods(name));
    let says = |words: &str| tokens.iter().any(|token| is_one_of(words, &token.text));
    let what = tokens.iter().take(2).any(|token| matches!(token.text.as_str(), "what" | "which"));
    let together = says("together along alongside accompany")
        && says("bought buy buys sold sell sells ordered go goes purchased with");
    // The orders that hold what was named.
    if query.sets.iter().any(|set| set.who == "order" && set.what == "lines") {
        return Ok(());
    }
    let also = says("also else") && says("bought buy buys ordered purchased");
    if names && (groups && (together || also) || what && together && says("together along")) {
        return Err(Problem::new(
            "what is bought together in one order is not something that I can tell yet: ask for the orders that hold both of two named goods",
        ));
    }
    Ok(())
}

/// Questions of which the grammar reads one half.
fn half_read(draft: &Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &draft.query;
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let says = |words: &str| tokens.iter().any(|token| is_one_of(words, &token.text));
    let run = |words: &[&str]| {
        (0..tokens.len()).any(|at| words.iter().enumerate().all(|(place, word)| text(at + place) == *word))
    };
    // "median and average order value": two figures.
    if query.statistic.is_some()
        && (run(&["and", "average"]) || run(&["average", "and"]) || run(&["and", "mean"]) || run(&["mean", "and"]))
    {
        return Err(Problem::new("the average and the median are two figures: ask for one after the other"));
    }
    // "how many open orders do we have and what are they worth": of those alone.
    let defined =
        query.measures.iter().any(|name| matches!(name.as_str(), "open_orders" | "stuck_orders" | "cancelled_orders"));
    let value = query.measures.iter().any(|name| matches!(name.as_str(), "revenue" | "billed_amount"));
    if query.measures.len() > 1 && defined && value && query.filters.is_empty() && says("they their those them") {
        return Err(Problem::new(
            "how many there are and what they are worth are two questions: ask \"value of the open orders\" by itself",
        ));
    }
    // "had a failed payment and still got paid": what became of the payment is no state of the order now.
    let failed =
        query.sets.iter().any(|set| set.what == "payments" && set.filters.iter().any(|one| one.values == ["failed"]));
    let paid = query.filters.iter().any(|filter| filter.dimension == "order_status" && filter.values == ["paid"]);
    if failed && paid {
        return Err(Problem::new(
            "is it orders that are `paid` now and were not packed yet, or those of which a later payment did not fail? I can tell the first alone",
        ));
    }
    // "how many and what's the oldest one": a number and a row.
    if query.list.is_some() && run(&["how", "many", "and"]) {
        return Err(Problem::new("how many there are, and which: two questions, ask for one after the other"));
    }
    // "gift card purchases, how many and for how much", "how many were late, out of how many?": two figures.
    if query.measures.len() == 1
        && query.share.is_none()
        && (run(&["for", "how", "much"]) || run(&["out", "of", "how", "many"]))
    {
        return Err(Problem::new(
            "two figures are asked for: name both, such as \"orders and revenue\", or ask for one after the other",
        ));
    }
    // "which products did well on Christmas Eve": the range of a list of products is that of their launch.
    let launched = tokens.iter().any(|token| {
        is_one_of(
            "launch launched launches new newest latest introduced added released came come recent oldest",
            &token.text,
        )
    });
    if query.list.as_ref().is_some_and(|list| list.entity == "products")
        && query.time.is_some()
        && !launched
        && query.sets.is_empty()
    {
        return Err(Problem::new(
            "products in a range of time: is it when they were launched, or what was sold of them then?",
        ));
    }
    // "order count compared with yesterday at the same hour"
    if query.compare.is_some() && query.count_of.as_deref().is_some_and(super::finish::is_grain) {
        return Err(Problem::new(
            "is it the number of such units of time that is compared, or the orders? Say \"orders\"",
        ));
    }
    // "items that are sold out everywhere"
    let low = query.measures.iter().any(|name| matches!(name.as_str(), "low_stock" | "out_of_stock"));
    if low && says("everywhere") {
        return Err(Problem::new(
            "is it what is so in all warehouses at once, which I cannot tell yet, or in which of them? Say \"by product and warehouse\"",
        ));
    }
    // "average refund per returned unit": the mean is over returns.
    if query.measures == ["average_refund"] && says("per") && says("unit units item items piece pieces") {
        return Err(Problem::new("the average refund is one per return: ask for refunds and returned units"));
    }
    // "payment failure rate by failure reason": each attempt with a reason has failed.
    if query.measures == ["payment_failure_rate"] && query.dimensions.iter().any(|name| name == "failure_reason") {
        return Err(Problem::new(
            "is it how many payments failed for each reason, or each reason's share of them? Say \"share of failed payments by reason\"",
        ));
    }
    // "customers who only ever ordered through the marketplace": nowhere else, which a filter does not say.
    let only = (1..tokens.len()).any(|at| {
        is_one_of("bought ordered shopped purchased order buy", text(at))
            && (text(at - 1) == "only" || at > 1 && text(at - 2) == "only" && text(at - 1) == "ever")
    });
    let people =
        query.measures.iter().all(|name| matches!(name.as_str(), "buyers" | "customers")) && query.sets.len() < 2;
    if only && people && !query.filters.is_empty() && query.list.is_none() {
        return Err(Problem::new(
            "only there, and nowhere else? Ask for those who bought there and not somewhere else: \"bought on web but not on mobile\"",
        ));
    }
    Ok(())
}

/// "when do people order" is no sum of their orders, and "how long does it take to pack" ends before the parcel leaves.
fn of_no_moment(draft: &Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &draft.query;
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let when = text(0) == "when" && matches!(text(1), "do" | "does" | "did" | "is" | "are" | "was" | "were");
    let told = query.list.is_some()
        || query.order_number.is_some()
        || query.compare.is_some()
        || query.dimensions.iter().any(|name| super::finish::is_grain(name));
    if when && !told {
        return Err(Problem {
            ruled_out: false,
            message: "when: by hour of the day, by weekday or by month?".to_owned(),
            choices: ["orders by hour of day", "orders by weekday", "orders by month"].map(str::to_owned).to_vec(),
        });
    }
    let says = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.stem.as_str()));
    if query.measures.iter().any(|name| name == "fulfilment_time")
        && says(&["pack", "packed", "packing"])
        && !says(&["ship", "shipped", "shipping", "leave", "send", "dispatch", "door"])
    {
        return Err(Problem {
            ruled_out: false,
            message: "I know how long orders wait until they leave, not until they are packed".to_owned(),
            choices: vec!["average fulfilment time".to_owned()],
        });
    }
    Ok(())
}

/// "parcels more than 2 days late" are not those that travelled for 2 days, "a different country than the customer's" is no country,
/// and who "stopped buying" did buy.
fn of_two_columns(draft: &Draft, tokens: &[Token]) -> Result<(), Problem> {
    let query = &draft.query;
    let at = |words: &[&str]| tokens.iter().position(|token| words.contains(&token.text.as_str()));
    let late = tokens.windows(2).any(|pair| pair[0].stem == "day" && pair[1].text == "late");
    if late && query.filters.iter().any(|filter| filter.dimension == "parcel_days") {
        return Err(Problem::new(
            "I know which parcels are late and how late they are on average, not which are late by so many days",
        ));
    }
    if let (Some(one), Some(than)) = (at(&["different", "other", "another"]), at(&["than"]))
        && one < than
        && than < one + 4
        && draft.query.having.is_empty()
        && draft.query.compare.is_none()
        && !query.filters.iter().any(|filter| filter.op == FilterOp::NotIn)
    {
        return Err(Problem::new(
            "I cannot compare one place or name of a row with another one of it: name the value that is meant",
        ));
    }
    // "which customers are inactive": a product is taken out of the catalogue, a customer is not.
    let people = query.list.as_ref().is_some_and(|list| list.entity == "customers")
        || query.measures.iter().any(|name| matches!(name.as_str(), "customers" | "new_customers"));
    if people
        && query.filters.iter().any(|filter| filter.dimension == "active")
        && at(&["product", "products"]).is_none()
    {
        return Err(Problem {
            ruled_out: false,
            message: "inactive since when? A customer is known by orders".to_owned(),
            choices: vec!["customers with no order in the last 90 days".to_owned()],
        });
    }
    // "products that sell well but have low stock"
    let well = tokens.windows(2).any(|pair| {
        matches!(pair[0].stem.as_str(), "sell" | "sold" | "selling")
            && matches!(pair[1].text.as_str(), "well" | "poorly" | "badly")
    });
    let figure =
        query.ranking.is_some() || query.measures.iter().any(|name| matches!(name.as_str(), "units_sold" | "revenue"));
    if well && !figure {
        return Err(Problem::new("how well is well? Name a bound, such as \"more than 20 units sold last month\""));
    }
    // "nov 25 vs nov 24": two days, or November of two years?
    let years = |at: usize| {
        let day = tokens.get(at + 1).and_then(|token| token.text.parse::<u32>().ok());
        super::time::is_month(&tokens[at].text).then_some(day).flatten().filter(|day| (20..30).contains(day))
    };
    let mut named = (0..tokens.len()).filter_map(|at| Some((&tokens[at].stem, years(at)?)));
    if let (Some((one, first)), Some((other, second)), None) = (named.next(), named.next(), named.next())
        && one == other
        && first.abs_diff(second) == 1
        && draft.query.compare.is_some()
    {
        return Err(Problem::new("days of that month, or the month in two years? Write the year as 2025"));
    }
    // "delivery time of parcels shipped in December"
    let shipped = at(&["shipped", "sent", "dispatched", "left"]).is_some() && at(&["delivered", "arrived"]).is_none();
    let parcels = tokens.iter().any(|token| matches!(token.stem.as_str(), "parcel" | "package" | "shipment"));
    if shipped && parcels && query.time.is_some() && query.measures == ["transit_time"] {
        return Err(Problem::new(
            "transit time is counted by when parcels were delivered, not by when they left: is it that range that is meant?",
        ));
    }
    let stopped = at(&["stopped", "quit", "ceased"]).is_some();
    if stopped && query.sets.iter().any(|set| !set.has) && query.sets.len() == 1 {
        return Err(Problem {
            ruled_out: false,
            message: "stopped since when? Name the range without an order, and the one before it".to_owned(),
            choices: vec![
                "customers with no order in the last 90 days".to_owned(),
                "customers who bought in 2024 but not in 2025".to_owned(),
            ],
        });
    }
    Ok(())
}
