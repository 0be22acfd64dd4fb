//! The semantic layer without a database: the catalogue, what is refused, and what is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

use std::sync::LazyLock;

use chrono::NaiveDateTime;
use oms_tools::{
    Failure, FailureKind,
    orders::{
        PersonalColumns, SemanticModel, SemanticQuery,
        semantic::{Catalog, Plan, catalog::DimensionKind},
    },
};

static MODEL: LazyLock<SemanticModel> = LazyLock::new(|| SemanticModel::load().unwrap());

/// The measures of the glossary, with the verbs with a time; and what people ask for besides.
const MEASURES: &str = "orders revenue billed_amount average_billed_amount average_order_value units_sold gross_profit gross_margin discounts \
    average_discount buyers customers new_customers repeat_buyers repeat_rate cancelled_orders cancellation_rate open_orders \
    stuck_orders returned_units returns_count return_rate refunds payment_attempts payment_failure_rate transit_time \
    fulfilment_time order_to_door_time shipments on_time_rate late_shipments average_days_late stock available_stock reserved_stock low_stock \
    out_of_stock \
    stock_value orders_paid orders_packed orders_shipped orders_delivered orders_returned \
    late_rate average_refund payment_amounts average_payment products average_price shipping_fees taxes cost_of_goods \
    units_ordered order_lines parcels_delivered";
const DIMENSIONS: &str = "hour day week month quarter year weekday day_type hour_of_day order_status order channel country city ship_country \
    ship_city customer customer_segment customer_country customer_city product sku brand category active warehouse warehouse_city \
    warehouse_country carrier shipment_status parcel_late back_order discounted parcel_days hours_to_leave \
    order_sequence payment_method payment_status failure_reason return_reason return_status \
    cancel_reason order_value price grand_total payment_amount refund_amount days_since_placed";

#[test]
fn the_catalogue_has_every_word_of_the_glossary() {
    let catalog = Catalog::load().unwrap_or_else(|failure| panic!("{failure}"));
    let measures: Vec<&str> = catalog.measures.iter().map(|measure| measure.name.as_str()).collect();
    assert_eq!(measures, MEASURES.split_whitespace().collect::<Vec<_>>());
    let dimensions: Vec<&str> = catalog.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    assert_eq!(dimensions, DIMENSIONS.split_whitespace().collect::<Vec<_>>());
    let entities: Vec<&str> = catalog.entities.iter().map(|entity| entity.name.as_str()).collect();
    assert_eq!(
        entities,
        ["orders", "order_items", "customers", "products", "payments", "shipments", "returns", "inventory"]
    );
    for measure in &catalog.measures {
        let is_stock = [
            "stock",
            "available_stock",
            "reserved_stock",
            "low_stock",
            "out_of_stock",
            "stock_value",
            "products",
            "average_price",
        ];
        assert_eq!(measure.has_time, !is_stock.contains(&measure.name.as_str()), "{}", measure.name);
        assert!(!measure.definition.is_empty() && !measure.title.is_empty());
    }
    for entity in &catalog.entities {
        assert!(!entity.columns.is_empty());
        assert!(!entity.columns.iter().any(|column| column == "email" || column == "phone"), "{}", entity.name);
    }
    assert!(catalog.dimensions.iter().filter(|dimension| dimension.kind == DimensionKind::Time).count() == 9);
}

#[test]
fn a_catalogue_that_is_wrong_names_the_file_and_the_line() {
    let check = |file: &str, from: &str, to: &str, message: &str, hint: &str| {
        let path = format!("{}/../prompts/orders/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(from), "{from}");
        let failure = Catalog::load_from(&[(file.to_owned(), text.replacen(from, to, 1))]).unwrap_err();
        assert!(failure.message.contains(message), "{failure}");
        assert!(failure.hints.iter().any(|line| line.contains(hint)), "{failure}");
    };
    check("measures.yaml", "rows: order_items", "rows: order_item", "no rows named `order_item`", "`order_items`");
    check("measures.yaml", "to: kept_orders", "to: kept_order", "no figure named `kept_order`", "`kept_orders`");
    check("measures.yaml", "unit: euro", "unit: euros", "cannot read `measures.yaml` line", "built in");
    check(
        "measures.yaml",
        "{dimension: order_status",
        "{dimension: order_state",
        "no dimension named `order_state`",
        "`order_status`",
    );
    check("dimensions.yaml", "at: customers", "at: customer", "`dimensions.yaml` line", "`customers`");
    check(
        "tables.yaml",
        "to: customers",
        "to: costumers",
        "cannot use `tables.yaml` line 8: `orders`: no rows named `costumers`",
        "`customers`",
    );
    check("entities.yaml", "sql: orders.order_number", "colour: red", "cannot read `entities.yaml` line", "");
    check("values.yaml", "countries:", "contries:", "`values.yaml`", "");
}

fn now() -> NaiveDateTime {
    "2026-01-14T12:00:00".parse().unwrap()
}

fn plan(query: &str) -> Result<Plan, Failure> {
    let query: SemanticQuery = serde_json::from_str(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    MODEL.plan(&query, now(), &PersonalColumns::default())
}

#[test]
fn sql_is_what_a_person_would_write() {
    let check = |query: &str, expected: &str| {
        let plan = plan(query).unwrap_or_else(|failure| panic!("{query}: {failure}"));
        assert_eq!(plan.shown, expected, "{query}");
        assert_eq!(plan.statement.sql.matches('?').count(), plan.statement.parameters.len(), "{query}");
    };
    check(
        r#"{"measures":["revenue","orders"],"time":{"from":"2025-12-01T00:00:00","to":"2026-01-01T00:00:00"}}"#,
        "SELECT COALESCE(SUM(CASE WHEN orders.status <> 'cancelled' THEN orders.items_total END), 0) AS `revenue`, COUNT(*) AS \
         `orders` FROM orders WHERE orders.placed_at >= '2025-12-01 00:00:00' AND orders.placed_at < '2026-01-01 00:00:00'",
    );
    check(
        r#"{"measures":["units_sold"],"dimensions":["brand"],"filters":[{"dimension":"ship_country","op":"in","values":["Spain"]}]}"#,
        "SELECT products.brand AS `brand`, COALESCE(SUM(grouped.f0), 0) AS `units_sold` FROM (SELECT order_items.product_id + 0 AS \
         product_id, SUM(order_items.quantity) AS f0 FROM order_items JOIN orders ON orders.id = order_items.order_id WHERE \
         orders.ship_country = 'ES' AND orders.status <> 'cancelled' GROUP BY 1) AS grouped LEFT JOIN products ON products.id = \
         grouped.product_id GROUP BY 1 ORDER BY `units_sold` DESC, `brand`",
    );
    check(
        r#"{"measures":["orders"],"filters":[{"dimension":"category","op":"in","values":["Toys"]},{"dimension":"brand","op":"in","values":["O'Neill"]}]}"#,
        "SELECT COUNT(*) AS `orders` FROM orders WHERE EXISTS (SELECT 1 FROM order_items JOIN products ON products.id = \
         order_items.product_id JOIN categories ON categories.id = products.category_id WHERE orders.id = order_items.order_id AND \
         categories.name = 'Toys' AND products.brand = 'O''Neill')",
    );
    check(
        r#"{"measures":["cancellation_rate"],"dimensions":["month"]}"#,
        "SELECT DATE_FORMAT(orders.placed_at, '%Y-%m') AS `month`, COUNT(CASE WHEN orders.status = 'cancelled' THEN 1 END) \
         * 1e0 / NULLIF(COUNT(*), 0) AS `cancellation_rate` FROM orders GROUP BY 1 ORDER BY `month`",
    );
    check(
        r#"{"measures":["revenue"],"dimensions":["product"],"ranking":{"by":"revenue","direction":"top","limit":1,"ties":"all"}}"#,
        "WITH answers AS (SELECT products.id AS `product_key`, products.name AS `product`, COALESCE(grouped.f0, 0) AS `revenue` \
         FROM (SELECT STRAIGHT_JOIN order_items.product_id + 0 AS product_id, SUM(order_items.line_total) AS f0 FROM order_items JOIN \
         orders ON orders.id = order_items.order_id WHERE orders.status <> 'cancelled' GROUP BY 1) AS grouped LEFT JOIN products ON \
         products.id = grouped.product_id), ranked AS (SELECT answers.*, RANK() OVER (ORDER BY `revenue` DESC) AS \
         rank_place FROM answers WHERE `revenue` IS NOT NULL) SELECT `product`, `revenue` FROM ranked WHERE rank_place <= 1 ORDER BY \
         `revenue` DESC, `product`, `product_key`",
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of refusals, one after another")]
fn what_cannot_be_said_is_refused_with_the_reason_and_a_way_on() {
    use FailureKind::{InvalidArguments, Refused, Unsupported};
    let check = |query: &str, kind: FailureKind, message: &str, hint: &str| {
        let failure = plan(query).expect_err(query);
        assert_eq!((failure.kind, failure.message.as_str()), (kind, message), "{query}");
        assert!(failure.hints.iter().any(|line| line.contains(hint)), "{query}: {:?}", failure.hints);
    };
    check(r#"{"measures":["revnue"]}"#, InvalidArguments, "no measure named `revnue`", "did you mean `revenue`?");
    check(r#"{"measures":["AOV"]}"#, InvalidArguments, "no measure named `AOV`", "`average_order_value`");
    check(
        r#"{"measures":["orders"],"dimensions":["shipping country"]}"#,
        InvalidArguments,
        "no dimension named `shipping country`",
        "`ship_country`",
    );
    check(
        r#"{"measures":["orders"],"filters":[{"dimension":"chanel","op":"in","values":["web"]}]}"#,
        InvalidArguments,
        "no dimension named `chanel`",
        "`channel`",
    );
    check(r#"{"list":{"entity":"order"}}"#, InvalidArguments, "no rows named `order`", "`orders`");
    check(
        r#"{"list":{"entity":"orders","columns":["totl"]}}"#,
        InvalidArguments,
        "no column of orders named `totl`",
        "total",
    );
    check(
        r#"{"list":{"entity":"customers","columns":["email"]}}"#,
        Refused,
        "refused to show `email` of customers: it is personal and not granted",
        "name",
    );
    check(
        r#"{"list":{"entity":"customers","order_by":"phone"}}"#,
        Refused,
        "refused to show `phone` of customers: it is personal and not granted",
        "name",
    );
    check("{}", InvalidArguments, "cannot answer a query without `measures`, `list` or `order_number`", "revenue");
    check(
        r#"{"measures":["orders"],"list":{"entity":"orders"}}"#,
        InvalidArguments,
        "cannot answer figures, listed rows and one order's story in one query",
        "exactly one",
    );
    check(
        r#"{"list":{"entity":"orders"},"dimensions":["month"]}"#,
        InvalidArguments,
        "cannot use `dimensions` together with `list`",
        "measures",
    );
    check(
        r#"{"order_number":"ORD-1","time":{}}"#,
        InvalidArguments,
        "cannot use `time` together with `order_number`",
        "leave out",
    );
    check(r#"{"measures":["orders"],"limit":0}"#, InvalidArguments, "cannot answer with `limit` 0", "at least 1");
    check(
        r#"{"measures":["orders"],"dimensions":["month","month"]}"#,
        InvalidArguments,
        "cannot split by `month` twice",
        "once",
    );
    check(
        r#"{"measures":["orders"],"dimensions":["order_value"]}"#,
        Unsupported,
        "cannot split by `order_value`: it is a number of each row",
        "filter",
    );
    check(
        r#"{"measures":["stock"],"time":{"from":"2025-01-01T00:00:00"}}"#,
        Unsupported,
        "cannot use a time range with `stock`: it is only known as it is now, no history is kept",
        "leave out",
    );
    check(
        r#"{"measures":["revenue","stock"],"dimensions":["month"]}"#,
        Unsupported,
        "cannot use a month with `stock`: it is only known as it is now, no history is kept",
        "leave out",
    );
    check(
        r#"{"measures":["stock"],"dimensions":["channel"]}"#,
        Unsupported,
        "cannot use `channel` with `stock`: product and warehouse pairs have no channel",
        "warehouse",
    );
    check(
        r#"{"measures":["stock"],"filters":[{"dimension":"carrier","op":"in","values":["DHL"]}]}"#,
        Unsupported,
        "cannot use `carrier` with `stock`: product and warehouse pairs have no carrier",
        "brand",
    );
    check(
        r#"{"measures":["billed_amount"],"dimensions":["category"]}"#,
        Unsupported,
        "cannot split `billed_amount` by `category`: one of its orders may belong to several groups, and would be added more than once",
        "revenue",
    );
    check(
        r#"{"measures":["units_sold"],"dimensions":["return_reason"]}"#,
        Unsupported,
        "cannot split `units_sold` by `return_reason`: one of its order lines may belong to several groups, and would be added more than once",
        "returned_units",
    );
    check(
        r#"{"measures":["shipments"],"dimensions":["category"]}"#,
        Unsupported,
        "cannot split `shipments` by `category`: one of its parcels may belong to several groups, and would be added more than once",
        "units_sold",
    );
    check(
        r#"{"measures":["customers"],"dimensions":["ship_country"]}"#,
        Unsupported,
        "cannot split `customers` by `ship_country`: one of its customers may belong to several groups, and would be added more than once",
        "buyers",
    );
    check(
        r#"{"measures":["customers"],"dimensions":["month"]}"#,
        Unsupported,
        "cannot split `customers` by `month`: it counts everybody registered before the range's end",
        "new_customers",
    );
    check(
        r#"{"measures":["out_of_stock"],"dimensions":["warehouse"]}"#,
        Unsupported,
        "cannot split `out_of_stock` by `warehouse`: one of its products may belong to several groups, and would be added more than once",
        "stock",
    );
    check(
        r#"{"measures":["return_rate"],"dimensions":["return_reason"]}"#,
        Unsupported,
        "cannot split `return_rate` by `return_reason`: what it is divided by has no such value",
        "returned_units",
    );
    check(
        r#"{"measures":["orders"],"dimensions":["payment_status","category"]}"#,
        Unsupported,
        "cannot split `orders` by payment_status and category together: they stand on rows that do not belong to each other",
        "one of them",
    );
    check(
        r#"{"measures":["orders"],"filters":[{"dimension":"order_status","op":"in","values":["delivrd"]}]}"#,
        InvalidArguments,
        "no value `delivrd` of `order_status`",
        "`delivered`",
    );
    check(
        r#"{"measures":["orders"],"filters":[{"dimension":"channel","op":"in","values":[]}]}"#,
        InvalidArguments,
        "cannot use the condition on `channel` with 0 values: it needs between 1 and 1000 values",
        "list",
    );
    check(
        r#"{"measures":["orders"],"filters":[{"dimension":"order_value","op":"between","values":["1"]}]}"#,
        InvalidArguments,
        "cannot use the condition on `order_value` with 1 values: it needs two values, the lowest and the highest",
        "list",
    );
    check(
        r#"{"measures":["orders"],"filters":[{"dimension":"order_value","op":"above","values":["1e9; DROP"]}]}"#,
        InvalidArguments,
        "cannot compare `order_value` with `1e9; DROP`: it is not a plain decimal number",
        "0.125",
    );
    check(
        r#"{"measures":["orders"],"filters":[{"dimension":"brand","op":"above","values":["A"]}]}"#,
        Unsupported,
        "cannot compare `brand` with `above` or `below`: it is text",
        "contains",
    );
    check(
        r#"{"measures":["orders"],"filters":[{"dimension":"month","op":"in","values":["May 2025"]}]}"#,
        InvalidArguments,
        "cannot read `May 2025` as a month",
        "2026-01",
    );
    check(
        r#"{"measures":["orders"],"filters":[{"dimension":"days_since_placed","op":"in","values":["3"]}]}"#,
        InvalidArguments,
        "cannot use this operator on `days_since_placed`: it changes all the time",
        "above",
    );
    check(
        r#"{"measures":["orders"],"having":[{"measure":"orders","op":"above","values":["3"]}]}"#,
        InvalidArguments,
        "cannot use `having` without `dimensions`: its condition is on each group's figure",
        "customer",
    );
    check(
        r#"{"measures":["orders"],"time":{"from":"2026-01-01T00:00:00","to":"2025-01-01T00:00:00"}}"#,
        InvalidArguments,
        "cannot use the time range from 2026-01-01 00:00:00 to before 2025-01-01 00:00:00: it is empty",
        "first instant after",
    );
    check(
        r#"{"measures":["orders"],"ranking":{"by":"orders","direction":"top"}}"#,
        InvalidArguments,
        "cannot rank without `dimensions`: there is one figure only",
        "product",
    );
    check(
        r#"{"measures":["orders"],"dimensions":["brand"],"ranking":{"by":"orders","direction":"top","per":"category"}}"#,
        InvalidArguments,
        "cannot rank within each `category`: it is not among `dimensions`",
        "add",
    );
    check(
        r#"{"measures":["orders"],"compare":"previous_period"}"#,
        InvalidArguments,
        "cannot compare without a time range that has both ends",
        "from",
    );
    check(
        r#"{"measures":["orders"],"time":{"from":"2025-01-01T00:00:00"},"compare":"previous_period"}"#,
        InvalidArguments,
        "cannot compare without a time range that has both ends",
        "from",
    );
    check(
        r#"{"measures":["orders"],"dimensions":["month"],"compare":{"range":{}}}"#,
        Unsupported,
        "cannot compare with another range along time: the units of the two do not meet",
        "previous_year",
    );
    check(
        r#"{"measures":["average_order_value"],"average_per":"day"}"#,
        Unsupported,
        "cannot take the mean of `average_order_value` per `day`: it is a rate or an average already",
        "alone",
    );
    check(
        r#"{"measures":["orders"],"average_per":"weekday"}"#,
        Unsupported,
        "cannot take the mean per `weekday`: it is no unit of the calendar",
        "split by",
    );
    check(
        r#"{"measures":["orders"],"running_total":true}"#,
        InvalidArguments,
        "cannot run a total without a time grain among `dimensions`",
        "month",
    );
    check(
        r#"{"measures":["buyers"],"dimensions":["month"],"running_total":true}"#,
        Unsupported,
        "cannot run a total of `buyers`: its figures do not add up over time",
        "new_customers",
    );
    check(
        r#"{"measures":["return_rate"],"dimensions":["brand"],"share":"of_groups"}"#,
        Unsupported,
        "cannot take a share of `return_rate`: it is a rate or an average, which has no total",
        "count",
    );
    check(
        r#"{"measures":["orders"],"share":"of_groups"}"#,
        InvalidArguments,
        "cannot take each group's share without `dimensions`",
        "of_without",
    );
    check(
        r#"{"measures":["orders"],"share":{"of_without":"channel"}}"#,
        InvalidArguments,
        "cannot take the share that the filter on `channel` keeps: there is none",
        "add a filter",
    );
    check(
        r#"{"measures":["orders"],"sets":[{"who":"warehouse","what":"orders","has":false}]}"#,
        InvalidArguments,
        "no set of `warehouse`",
        "customer",
    );
    check(
        r#"{"measures":["orders"],"sets":[{"who":"customer","what":"visits","has":false}]}"#,
        Unsupported,
        "cannot look for `visits` of a customer",
        "orders",
    );
    check(
        r#"{"measures":["stock"],"sets":[{"who":"customer","what":"orders","has":false}]}"#,
        Unsupported,
        "cannot use `customer` with `stock`: product and warehouse pairs have no customer",
        "brand",
    );
}

#[test]
fn notes_tell_what_a_reader_could_miss() {
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(plan(query).unwrap_or_else(|failure| panic!("{query}: {failure}")).notes, expected, "{query}");
    };
    check(r#"{"measures":["revenue"],"dimensions":["order_status"]}"#, &["cancelled orders are left out"]);
    check(
        r#"{"measures":["orders"],"dimensions":["category"]}"#,
        &["groups overlap: each counts once in every group in which it has one of its order lines"],
    );
    check(
        r#"{"measures":["cancelled_orders"],"time":{"from":"2025-01-01T00:00:00"}}"#,
        &["cancelled orders are counted by when they were placed"],
    );
    check(
        r#"{"measures":["buyers","revenue"],"dimensions":["country"]}"#,
        &["country means customer country and ship country, as each measure has it"],
    );
    check(r#"{"measures":["revenue"],"dimensions":["month"]}"#, &[]);
}

#[test]
fn personal_columns_are_listed_where_they_are_granted() {
    let query: SemanticQuery =
        serde_json::from_str(r#"{"list":{"entity":"customers","columns":["customer","email"]}}"#).unwrap();
    let granted = PersonalColumns::default().granting("customers", "email");
    let plan = MODEL.plan(&query, now(), &granted).unwrap();
    assert!(plan.shown.contains("customers.email"), "{}", plan.shown);
}

#[test]
fn a_median_is_of_single_values() {
    use FailureKind::{InvalidArguments, Unsupported};
    let check = |query: &str, kind: FailureKind, message: &str, hint: &str| {
        let failure = plan(query).expect_err(query);
        assert_eq!((failure.kind, failure.message.as_str()), (kind, message), "{query}");
        assert!(failure.hints.iter().any(|line| line.contains(hint)), "{query}: {:?}", failure.hints);
    };
    check(
        r#"{"measures":["revenue"],"statistic":"median"}"#,
        Unsupported,
        "cannot take the median of `revenue`: it is one figure; say of which groups",
        "`customer`",
    );
    check(
        r#"{"measures":["repeat_rate"],"statistic":{"percentile":90}}"#,
        Unsupported,
        "cannot take the percentile of `repeat_rate`: it is a rate over all rows, a single row has none",
        "average_order_value, transit_time, fulfilment_time, order_to_door_time",
    );
    check(
        r#"{"measures":["transit_time"],"statistic":"median","average_per":"carrier"}"#,
        Unsupported,
        "cannot take the median of `transit_time` per `carrier`: it is of single rows already",
        "split by `carrier`",
    );
    check(
        r#"{"measures":["average_order_value"],"statistic":{"percentile":100}}"#,
        InvalidArguments,
        "cannot take the percentile 100: it is from 1 to 99",
        "`ranking`",
    );
    check(
        r#"{"measures":["average_order_value"],"dimensions":["month"],"statistic":"median","running_total":true}"#,
        Unsupported,
        "cannot use `running_total` and `statistic` together: a median does not add up",
        "leave out `running_total`",
    );
    check(
        r#"{"measures":["revenue"],"dimensions":["ship_country"],"average_per":"customer","statistic":"median","having":[{"measure":"revenue","op":"below","values":["0.1"],"of_total":true}]}"#,
        Unsupported,
        "cannot compare the median of `revenue` with its total: it has none",
        "leave out `of_total`",
    );
    check(
        r#"{"list":{"entity":"orders"},"statistic":"median"}"#,
        InvalidArguments,
        "cannot use `statistic` together with `list`",
        "ask for measures",
    );
    // An order has lines of several categories.
    let failure = plan(r#"{"measures":["average_order_value"],"dimensions":["category"],"statistic":"median"}"#);
    assert_eq!(failure.expect_err("one order, several groups").kind, Unsupported);
}

#[test]
fn a_statistic_is_said_in_words() {
    let check = |query: &str, expected: &str| {
        let plan = plan(query).unwrap_or_else(|failure| panic!("{query}: {failure}"));
        assert_eq!(plan.interpretation, expected, "{query}");
        let columns = plan.statement.columns.unwrap();
        assert_eq!(columns.last().unwrap().kind, oms_tools::ColumnType::Number, "{query}");
    };
    check(
        r#"{"measures":["average_order_value"],"statistic":"median"}"#,
        "median of the items totals of orders that were not cancelled; all data",
    );
    check(
        r#"{"measures":["transit_time"],"statistic":{"percentile":95}}"#,
        "95th percentile of the days from shipped to delivered, over delivered parcels, by when they were delivered; all data",
    );
    check(
        r#"{"measures":["revenue"],"statistic":{"percentile":22},"average_per":"customer"}"#,
        "22nd percentile per customer of revenue: line totals of orders that were not cancelled; all data",
    );
    let query: SemanticQuery = serde_json::from_str(r#"{"measures":["orders"]}"#).unwrap();
    assert!(!serde_json::to_string(&query).unwrap().contains("statistic"));
}

#[test]
fn two_measures_are_divided_only_where_both_have_the_groups() {
    use FailureKind::{InvalidArguments, Unsupported};
    let check = |query: &str, kind: FailureKind, expected: &str| {
        let failure = plan(query).expect_err(query);
        assert_eq!((failure.kind, failure.message.as_str()), (kind, expected), "{query}");
    };
    check(
        r#"{"measures":["returned_units"],"dimensions":["return_reason"],"ratio":{"to":"orders","times":100}}"#,
        Unsupported,
        "cannot use `return_reason` with `returned_units` per `orders`: not each of both has one of its own",
    );
    check(
        r#"{"measures":["revenue"],"filters":[{"dimension":"order_status","op":"in","values":["delivered"]}],"ratio":{"to":"orders","times":1}}"#,
        Unsupported,
        "cannot use `order_status` with `revenue` per `orders`: not each of both has one of its own",
    );
    check(
        r#"{"measures":["returned_units"],"dimensions":["payment_method"],"ratio":{"to":"orders","times":100}}"#,
        Unsupported,
        "cannot use `payment_method` with `returned_units` per `orders`: not each of both has one of its own",
    );
    check(
        r#"{"measures":["revenue"],"ratio":{"to":"average_order_value","times":1}}"#,
        Unsupported,
        "cannot divide `revenue` by `average_order_value`: `average_order_value` is a rate, an average or a state, and does not add up",
    );
    check(
        r#"{"measures":["orders"],"ratio":{"to":"customers","times":100}}"#,
        Unsupported,
        "cannot divide `orders` by `customers`: `customers` is a rate, an average or a state, and does not add up",
    );
    check(
        r#"{"measures":["orders"],"ratio":{"to":"orders","times":1}}"#,
        Unsupported,
        "cannot divide `orders` by itself: that is 1",
    );
    check(
        r#"{"measures":["revenue","orders"],"ratio":{"to":"units_sold","times":1}}"#,
        InvalidArguments,
        "cannot divide several measures at once",
    );
    check(
        r#"{"measures":["revenue"],"dimensions":["brand"],"having":[{"measure":"units_sold","op":"above","values":["3"]}],"ratio":{"to":"units_sold","times":1}}"#,
        Unsupported,
        "cannot rank or filter by `units_sold` where `revenue` is divided by `units_sold`",
    );
    check(
        r#"{"measures":["revenue"],"dimensions":["brand"],"share":"of_groups","ratio":{"to":"units_sold","times":1}}"#,
        Unsupported,
        "cannot use `share` and `ratio` together",
    );
    check(
        r#"{"measures":["revenue"],"sets":[{"who":"customer","what":"registration","has":true}]}"#,
        InvalidArguments,
        "cannot look for a registration without a range, or with conditions of its own",
    );
    for (ranked, what) in [
        (r#""dimensions":["category"]"#, "nothing is compared"),
        (r#""dimensions":["month"],"compare":"previous_period""#, "each is compared with the one before"),
    ] {
        let query = format!(
            r#"{{"measures":["revenue"],{ranked},"ranking":{{"by":"revenue","direction":"top","limit":1,"change":"difference"}}}}"#
        );
        check(&query, Unsupported, &format!("cannot rank by the change of this: {what}"));
    }
    check(
        r#"{"measures":["revenue"],"dimensions":["category"],"compare":"previous_period","ranking":{"by":"revenue","direction":"top","limit":2,"change":"difference","together":true}}"#,
        Unsupported,
        "cannot rank by the change of this: its groups are counted or added up",
    );
    let changed = r#""having":[{"measure":"revenue","op":"above","values":["0"],"of_change":"difference"}]"#;
    for (rest, what) in [
        (r#""measures":["revenue"],"dimensions":["category"]"#, "nothing is compared"),
        (
            r#""measures":["orders"],"dimensions":["category"],"compare":"previous_period""#,
            "it is not among `measures`",
        ),
    ] {
        let query = format!("{{{rest},{changed}}}");
        check(&query, InvalidArguments, &format!("cannot use a condition on the change of `revenue`: {what}"));
    }
    check(
        r#"{"measures":["revenue"],"count_of":"brand","compare":"previous_period","time":{"from":"2025-01-01T00:00:00","to":"2026-01-01T00:00:00"}}"#,
        Unsupported,
        "cannot use `compare` and `count_of` together",
    );
    let plan = plan(r#"{"measures":["returned_units"],"ratio":{"to":"orders","times":100}}"#).unwrap();
    assert!(plan.interpretation.starts_with("returned units per 100 orders: "), "{}", plan.interpretation);
}
