//! What is not understood, or in several ways, is asked back: the sentence names the word.

use super::fixture::{RULES, now};
use crate::brain::rules::Understanding;

const ASKED: &[(&str, &str)] = &[
    // A real word is no typing error: not "stuck orders", "fastest carrier", "backlog".
    ("how did Black Friday stack up by country", "stack"),
    ("products with the fatter revenue in 2025", "fatter"),
    // Where nothing of that name is sold, it is no channel either.
    ("what else do people buy with Phones", "bought together with what"),
    ("orders yesterday vs last week", "a day against a whole week"),
    ("nov 25 vs nov 24 revenue", "the month in two years"),
    ("average delivery time for parcels shipped in December", "when parcels were delivered"),
    ("which customers are inactive", "inactive since when"),
    ("products that sell well but have low stock", "how well is well"),
    ("which customers stopped buying", "stopped since when"),
    ("orders with shipping to a different country than the customer's", "one place or name of a row with another"),
    ("when do people order", "by hour of the day"),
    ("which is our slowest month", "slow in what"),
    ("how long does it take us to pack an order", "until they leave"),
    // Two conditions of which one changes nothing, a range compared with itself, one row for each amount.
    ("revenue by product in Spain but not in France in 2025", "one ship country and not another"),
    ("orders by order value in 2025", "one row for each order value"),
    // The place of one among itself is the first.
    ("what place does Spain take in the country ranking by revenue", "place of one among which others"),
    ("how many units did we ship last week", "units are counted by when they were ordered"),
    ("what did mobile bring in last year, and was it profitable", "one question at a time"),
    ("revenue in their own country in 2025", "own"),
    // What is named before a colon and not known is not left out.
    ("Zephyr Lamp: units and revenue by month in 2025", "Zephyr"),
    // Who bought in each of two ranges is fewer than who bought in either.
    ("how many customers bought in both Q1 2025 and Q2 2025", "both"),
    // A word of money needs money, one of counting a count.
    ("customers in Spain and how much money", "money"),
    ("what are our German customers worth", "worth"),
    ("how many revenue in 2025", "how many"),
    // A second request leaves something too.
    ("how many parcels last week, and how was that", "how was that"),
    ("how many customers in Spain, and how many returned parcels last week", "one question at a time"),
    // A word of some product's name is no product where nothing says so.
    ("desk orders last month", "desk"),
    ("orders that left the desk yesterday", "desk"),
    ("lamp payments in December", "lamp"),
    // A range that ends somewhere else than it says.
    ("revenue in November so far", "so far"),
    ("how many orders fell last month", "fell"),
    ("which country gained the most revenue from Q3 to Q4 2025", "gained"),
    ("revenue split by how they look", "by what"),
    // Yes or no is said of the figure that the bound is on, in its own unit, or not at all.
    ("did more than 50 customers order in March 2025?", "bound on one figure"),
    ("did we sell more than 5 units per day in March 2025?", "bound on one figure"),
    ("is the average transit time more than 48 hours?", "bound on one figure"),
    ("is the return rate above 5", "needs groups"),
    ("orders that took longer than 5 days to deliver in December", "longer than"),
    ("revenue in 2025 vs last month", "differ in length"),
    ("average basket of customers who ordered more than once", "average basket"),
    ("big customers in Spain", "big"),
    ("orders due today", "due"),
    ("orders by customers who order regularly", "regularly"),
    ("revenue including cancelled orders in 2025", "leaves some out"),
    ("new customers who bought something in December", "bought something"),
    ("sales on the 24th of December each year", "shorter than a year"),
    ("orders per day of the month in December", "day or week of the month"),
    ("was December better than last December by revenue", "same range"),
    ("revenue per buyer for each country in 2025", "mean over the customers"),
    ("distinct customers in 2025", "registered by its end"),
    ("sales in Zanzibar", "Zanzibar"),
    ("why did revenue drop", "reason"),
    ("should we open a shop in Spain", "opinion"),
    ("what do you think of our sales", "opinion"),
    ("by country", "which figure"),
    ("not Spain", "which figure"),
    ("last month", "which figure"),
    ("Spain", "which figure"),
    ("top 5", "top of what"),
    ("the best", "top of what"),
    ("average revenue", "per what"),
    ("average orders by month", "per what"),
    ("revenue growth", "which range"),
    ("revenue by country, for the previous fiscal year", "fiscal"),
    ("average revenue per customer in 2025, counting only orders with at least one return", "one question at a time"),
    ("Is the web channel profitable? I'd like to see gross profit for each channel.", "one question at a time"),
    ("median and average order value by channel", "two figures"),
    ("average refund per returned unit by return reason", "per return"),
    ("how many orders had a failed payment and still got paid in the end", "`paid` now"),
    ("What is our bounce rate? And revenue by country last month", "bounce"),
    ("which categories are growing", "which range"),
    ("carriers whose on-time rate fell by more than 5 % last month", "percentage points"),
    ("Revenue by country last month. In dollars please.", "dollars"),
    ("Revenue by country last month. Gross, not net.", "net"),
    ("revenue vs last year", "which range"),
    ("share of revenue", "which part"),
    ("median revenue", "median"),
    ("orders by moon phase", "moon"),
    ("revenue Spain or mobile", "one kind"),
    ("orders from Spain and Lisbon", "one kind"),
    ("revenue without", "without"),
    ("orders late", "return reason"),
    ("revenue in 2024 in 2025", "two ranges"),
    ("revenue by month 42", "42"),
    ("bitcoin price", "bitcoin"),
    ("Umsatz nach Land", "Umsatz"),
    ("orders with glitter", "glitter"),
    ("revenue of Apple", "Apple"),
    ("who is the boss", "boss"),
    ("orders not shipped to Mars", "Mars"),
    ("tell me a joke", "joke"),
    ("revenue by colour", "colour"),
    ("how many orders have not been paid", "not"),
    ("1234567", "1234567"),
    ("percentile of revenue", "which percentile"),
    ("revenue for each", "by what"),
    ("revenue at the end of 2024", "name the days"),
    ("history of our revenue and orders", "story of which order"),
    ("how long", "how long does what take"),
    ("?", "no word"),
    ("", "no word"),
    ("🎉", "no word"),
    ("refunded orders", "several things"),
    ("undelivered orders", "undelivered"),
    ("orders from Spain to Portugal", "cannot place"),
    ("top products by country", "all pairs"),
    ("revenue last month and yesterday", "two ranges"),
    ("list the orders of yesterday and of 3 January 2026", "two ranges"),
    ("revenue in November and in May 2024", "two ranges"),
    ("orders placed in May and returns requested in June", "one question at a time"),
    ("top 5 products and top 5 customers last month", "one question at a time"),
    ("revenue last month and open orders now", "one question at a time"),
    ("orders waiting for the carrier", "waiting"),
    ("returns per order in 2025", "over all orders"),
    ("orders per 100 customers", "per customer who bought"),
    ("units per customer by channel", "mean over the customers"),
    ("what does a customer spend on average per month", "mean of a customer"),
    ("units sold of new products last month", "new"),
    ("revenue by", "by what"),
    ("ORD-0000042 and ORD-0000043", "one order at a time"),
    ("how many customers bought in every month", "in every one of which"),
    ("orders from customers who registered in 2025 or 2024", "registered"),
    ("one-order customers 2025, count", "one"),
    ("10 biggest customer cities", "by which figure"),
    ("revenue including shipping", "billed amount"),
    ("orders twice", "twice"),
    ("revenue every second week", "second"),
    ("first-time buyers", "which range"),
    ("average revenue by country", "per what"),
    ("how many months", "have what"),
    ("revenue of the runner-up", "runner up"),
    ("orders deliveries last week", "deliveries"),
    ("orders that were both cancelled and paid", "both"),
    ("products below their reorder level in every warehouse", "all warehouses at once"),
];

#[test]
fn what_is_not_understood_is_asked_back() {
    let mut wrong = Vec::new();
    for (text, part) in ASKED {
        let found = RULES.understand(text, now(), None);
        if !matches!(&found, Understanding::AskBack { message, .. } if message.contains(part)) {
            wrong.push((text, part, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(ASKED.len() > 40);
}

#[test]
fn a_date_with_open_order_is_asked_with_both_readings() {
    match RULES.understand("revenue on 03/05/2025", now(), None) {
        Understanding::AskBack { choices, readings, .. } => {
            assert_eq!(choices.len(), 2);
            let days: Vec<String> = readings
                .iter()
                .map(|reading| reading.time.as_ref().unwrap().from.unwrap().date().to_string())
                .collect();
            assert_eq!(days, ["2025-05-03", "2025-03-05"]);
        }
        other => panic!("{other:?}"),
    }
}
