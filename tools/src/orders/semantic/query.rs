//! The semantic query: what is asked, in the glossary's words and with exact times, before any SQL.
//!
//! Every brain fills this one type: the rules brain by parsing, models through its JSON schema. Field documentation is
//! part of that schema.

use chrono::NaiveDateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A question about the orders.
///
/// Exactly one of these shapes: figures (`measures`, with the rest as needed), listed rows (`list`), or one order's
/// whole story (`order_number`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SemanticQuery {
    /// Names of measures, in the order of the answer's columns: `["revenue", "orders"]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<String>,
    /// Names of dimensions that the figures are split by: `["country", "month"]`. Time grains are dimensions: `hour`,
    /// `day`, `week`, `month`, `quarter`, `year`, `weekday`, `hour_of_day`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<String>,
    /// Conditions on dimensions; all must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// Conditions on the groups' figures: "customers with more than 3 orders".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub having: Vec<MeasureFilter>,
    /// Who has or has not a row in some range: "never ordered", "bought in 2024 but not in 2025".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<SetFilter>,
    /// The time range; none: all data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeRange>,
    /// What the range is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare: Option<Comparison>,
    /// Which groups are kept and in which order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Ranking>,
    /// Shows each figure's share of the total too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// Adds the running total along the time grain.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub running_total: bool,
    /// The mean of the measure over these groups, instead of the groups: "average revenue per day" is `day`. A time unit
    /// counts every calendar unit that the range touches (empty ones are 0), another dimension those with a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_per: Option<String>,
    /// The one measure divided by another one, in each group: "returns per 100 orders". Not in the schema that models see:
    /// rules say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub ratio: Option<Ratio>,
    /// The median or a percentile instead of the average: of the rows behind an average ("median order value" is
    /// `average_order_value`), or with `average_per` of the groups' figures ("median revenue per customer").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistic: Option<Statistic>,
    /// The number of these groups instead of the figures: "how many customers ordered more than twice" counts `customer`
    /// over the measure `orders` with its `having`; "how many brands were sold" counts `brand` over `units_sold`. Not among
    /// `dimensions`; those split the count. With `share`, the part of all groups that meets `having`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count_of: Option<String>,
    /// With `count_of`: one row for each figure of the measure ("how many customers ordered once, twice, three times").
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub spread: bool,
    /// Only the groups of the one dimension (or of `count_of`) that have no row of the measure: "days without orders",
    /// "categories with no sales in March".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_rows: bool,
    /// Rows instead of figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<RowList>,
    /// One order's whole story, by its number `ORD-0000042` or the tracking number of one of its parcels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// At most this many groups, in the answer's natural order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// What the one figure was asked to be: "did we sell more than 500 units". It changes no row; the sentence says yes or
    /// no. Not in the schema that models see: rules say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub asked: Option<Asked>,
}

/// What a measure is divided by: both are computed in each group by themselves, so that neither is counted twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// The name of the measure that it is divided by.
    pub to: String,
    /// Per how many of them: 1, or 100 in "per 100 orders".
    pub times: u32,
}

impl Ratio {
    /// Whether the quotient is a share, "refunds as a share of revenue": an amount of money over another one.
    #[must_use]
    pub fn is_share(&self, of: crate::Unit, to: crate::Unit) -> bool {
        self.times == 1 && of == crate::Unit::Euro && to == crate::Unit::Euro
    }

    /// What it is divided by, from the measure's title: `order`, `100 orders`, `unit sold`.
    #[must_use]
    pub fn divisor(&self, title: &str) -> String {
        if self.times != 1 {
            return format!("{} {title}", self.times);
        }
        let (noun, rest) = title.split_once(' ').unwrap_or((title, ""));
        let plural = !noun.ends_with("ss") && !title.ends_with('s') || rest.is_empty();
        match (noun.strip_suffix('s').filter(|_| plural), title.strip_suffix('s')) {
            (Some(one), _) => format!("{one} {rest}").trim_end().to_owned(),
            (None, Some(one)) => one.to_owned(),
            (None, None) => title.to_owned(),
        }
    }
}

/// A bound that one figure was asked to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The measure's name.
    pub measure: String,
    /// `above`, `below`, `at_least`, `at_most`, `between` or `in` (equals).
    pub op: FilterOp,
    /// Plain decimal numbers; a percent as fraction. Of [`AskedOf::Other`] the two groups, the one that may be first, or none.
    pub values: Vec<String>,
    /// Which of the measure's figures is meant.
    pub of: AskedOf,
}

/// Which figure of a measure is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskedOf {
    /// The figure itself.
    Figure,
    /// Its share of the total.
    Share,
    /// Its change against what it is compared with, as a fraction.
    Change,
    /// The figure of one group against that of another, "did France sell more than Spain": the values are the two groups.
    /// Without values the range against what it is compared with. Of a ranking's first: whether it is the one group that is named.
    Other,
}

/// A condition on a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The dimension's name.
    pub dimension: String,
    /// The operator.
    pub op: FilterOp,
    /// The values as the database has them (`ES`, `cancelled`), or numbers; two for `between` (both included).
    pub values: Vec<String>,
}

/// Operators of a [`Filter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilterOp {
    /// Equals one of the values.
    In,
    /// Equals none of the values.
    NotIn,
    /// Contains the text.
    Contains,
    /// Greater than.
    Above,
    /// Less than.
    Below,
    /// Greater or equal.
    AtLeast,
    /// Less or equal.
    AtMost,
    /// From the first to the second value, both included.
    Between,
}

/// A condition on a group's figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureFilter {
    /// The measure's name.
    pub measure: String,
    /// `in` (equals), `above`, `below`, `at_least`, `at_most` or `between`.
    pub op: FilterOp,
    /// Plain decimal numbers, `["3"]`; a percent measure's as fraction, `["0.125"]`.
    pub values: Vec<String>,
    /// True where the number is a fraction of the total: "cities below 1 % of sales" is `below` `0.01`.
    #[serde(default)]
    pub of_total: bool,
    /// With `compare`: the condition is on the change of an asked measure, as an amount or as a fraction of the figure before;
    /// negative where it fell. Not in the schema: rules say it, see [`Ranking::change`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub of_change: Option<Change>,
}

/// Who has, or has not, a row in a range.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFilter {
    /// `customer`, `product` or `order`.
    pub who: String,
    /// What is looked for; `orders`: an order that was not cancelled (for a product, a line of one). Of an order:
    /// `shipments`, `payments`, `returns` or `lines`.
    pub what: String,
    /// True: has at least one. False: has none.
    pub has: bool,
    /// The range in which it is looked for; none: ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeRange>,
    /// Conditions on what is looked for: "bought Acme products" is `orders` with `brand` in `Acme`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// How many such rows it has, where one is not enough: "orders with at least three lines". Of an order's parcels,
    /// payments and lines alone. Not in the schema that models see: rules say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub count: Option<Count>,
}

/// How many rows: from `at_least` to `at_most`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// 1 or more.
    pub at_least: u32,
    /// None: without bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
}

/// A half-open range of time in UTC: `from` included, `to` not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeRange {
    /// The first instant; none: from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::moment::utc_or_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<NaiveDateTime>,
    /// The first instant that is no longer inside; none: without end.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::moment::utc_or_none")]
    #[schemars(with = "Option<String>")]
    pub to: Option<NaiveDateTime>,
    /// The words that it came from, "last month".
    #[serde(default)]
    pub label: String,
    /// The calendar unit that it is made of, for comparisons: "last month" is `month`; none for rolling ranges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<TimeUnit>,
    /// True for a range that is still running ("this month"): it ends at now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub running: bool,
}

/// Calendar units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// 60 minutes.
    Hour,
    /// From midnight to midnight, UTC.
    Day,
    /// From Monday.
    Week,
    /// A calendar month.
    Month,
    /// Three months from January, April, July or October.
    Quarter,
    /// A calendar year.
    Year,
}

/// What a range is compared with: figures of both, their difference and the change as a fraction (null where the base
/// is 0). With a time grain among the dimensions, each unit is compared with the one before it (or a year before).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The unit before; a running range with the same elapsed part of it.
    PreviousPeriod,
    /// The same dates a year before.
    PreviousYear,
    /// This range.
    Range(TimeRange),
}

/// Ranking of groups by a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// The measure's name.
    pub by: String,
    /// From the highest or from the lowest.
    pub direction: Direction,
    /// How many groups; none: all, only ordered.
    #[serde(default)]
    pub limit: Option<u32>,
    /// How many groups at the beginning are left out: 1 with the limit 1 is the second best.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skip: u32,
    /// Ties at the edge: cut by name, or all shown ("which city sold the most").
    #[serde(default)]
    pub ties: Ties,
    /// Ranks inside each group of this dimension: "most expensive product of each category".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    /// The sum over the groups that are kept, in one row, instead of the groups: "what share did the ten largest customers
    /// have". Not in the schema that models see: rules say it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(skip)]
    pub together: bool,
    /// Ranks by the change against what is compared instead of the figure itself: "which category grew most". Not in the
    /// schema that models see: rules say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub change: Option<Change>,
}

/// How a change is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The difference, in the measure's unit.
    Difference,
    /// The difference as a fraction of what it is compared with; groups that had nothing then have none.
    Percent,
}

/// The end from which a ranking counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Highest first.
    Top,
    /// Lowest first.
    Bottom,
}

/// What happens to groups that tie at the edge of a ranking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// Exactly `limit` rows, cut by name ascending, and told.
    #[default]
    Cut,
    /// All that tie are shown.
    All,
}

/// Of which total a share is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// Each group's share of the total of all groups.
    OfGroups,
    /// The share that these filters keep: the total is computed without the filters on this dimension ("share of orders
    /// that are mobile" is `channel`).
    OfWithout(String),
    /// The share that the sets keep: the total is computed without them ("percentage of customers who returned something").
    OfWithoutSets,
}

/// What stands in place of an average.
///
/// The value at position `1 + (n - 1) * p / 100` of the `n` values in ascending order; between two positions the line
/// from the one to the other, as `PERCENTILE_CONT` of the SQL standard has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// The value in the middle; of an even count the mean of the two.
    Median,
    /// The value below which so many percent lie, 1 to 99: "90th percentile".
    Percentile(u8),
}

/// Listed rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowList {
    /// `orders`, `order_items`, `customers`, `products`, `payments`, `shipments`, `returns`, `inventory`.
    pub entity: String,
    /// Column names of the catalogue's entity; empty: its usual ones.
    #[serde(default)]
    pub columns: Vec<String>,
    /// How many rows; none: 20.
    #[serde(default)]
    pub limit: Option<u32>,
    /// The column to order by; none: newest first.
    #[serde(default)]
    pub order_by: Option<String>,
    /// Ascending instead of descending.
    #[serde(default)]
    pub ascending: bool,
    /// How many rows at the beginning are left out: 1 with the limit 1 is the second one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skip: u32,
    /// Only the rows that this measure counts or sums: `late_shipments` of `shipments`, `low_stock` of `inventory`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}
