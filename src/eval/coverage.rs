//! The words that cases are filed under: the glossary's measures, dimensions and time forms, and the kinds of question.
//!
//! The lists are the glossary's, written down a second time on purpose: a test holds the suites against them.

/// The glossary's measures.
pub const MEASURES: &[&str] = &[
    "orders", "revenue", "billed_amount", "average_order_value", "units_sold", "gross_profit", "gross_margin_rate",
    "discounts", "average_discount_rate", "buyers", "customers", "new_customers", "repeat_buyers", "repeat_rate",
    "cancelled_orders", "cancellation_rate", "open_orders", "stuck_orders", "returned_units", "returns_count",
    "return_rate", "refunds", "payment_attempts", "payment_failure_rate", "transit_time", "fulfilment_time",
    "order_to_door_time", "shipments", "on_time_rate", "late_shipments", "stock", "available_stock", "low_stock",
    "out_of_stock", "stock_value", "orders_paid", "orders_packed", "orders_shipped", "orders_delivered",
    "orders_returned",
];

/// The glossary's dimensions.
pub const DIMENSIONS: &[&str] = &[
    "hour", "day", "week", "month", "quarter", "year", "weekday", "hour_of_day", "order_status", "channel", "country",
    "city", "customer", "customer_segment", "customer_country", "customer_city", "product", "sku", "brand", "category",
    "warehouse", "warehouse_country", "warehouse_city", "carrier", "shipment_status", "payment_method",
    "payment_status", "failure_reason", "return_reason", "return_status", "cancel_reason",
];

/// The glossary's ways to name a time.
pub const TIMES: &[&str] = &[
    "today", "yesterday", "this_week", "this_month", "this_quarter", "this_year", "wtd", "mtd", "qtd", "ytd", "so_far",
    "last_week", "last_month", "last_quarter", "last_year", "last_n_weeks", "last_n_months", "last_n_quarters",
    "last_n_years", "last_n_days", "last_n_hours", "month_no_year", "quarter_no_year", "day_no_year",
    "holiday_no_year", "bare_year", "month_of_year", "quarter_of_year", "half", "h1", "day_of_month", "iso_date",
    "week_number", "last_weekday", "between", "since", "before", "after", "black_friday", "christmas", "weekends",
    "comparison_running", "comparison_complete", "growth", "year_over_year", "no_range",
];

/// The kinds of question that figures are told by.
pub const KINDS: &[&str] = &[
    "total", "split", "several_measures", "several_dimensions", "filter", "filter_in", "negation", "except",
    "number_filter", "contains", "having", "ranking", "ranking_bottom", "ranking_one", "ranking_per_group", "ties",
    "share", "running_total", "comparison", "growth", "distinct", "mean", "median", "percentile", "set_has",
    "set_has_not", "list", "story", "existence", "event", "status_word", "time",
    // Perturbations of the wording.
    "typo", "synonym", "telegraphic", "capitals", "politeness", "number_form", "date_form", "word_order", "slang",
    "emoji", "irrelevant_clause", "speech_error", "two_questions", "other_language", "unit_form",
    // What must not be answered.
    "refuse_write", "refuse_personal", "refuse_outside", "refuse_forecast", "refuse_absent", "refuse_history",
    "refuse_grain", "refuse_opinion", "clarify_vague", "clarify_date", "clarify_value", "clarify_measure",
    "value_absent", "value_in_two_columns",
    // Conversations.
    "follow_up_time", "follow_up_filter", "follow_up_dimension", "follow_up_measure", "follow_up_ranking",
    "follow_up_compare", "follow_up_reference", "correction", "topic_shift", "reset",
];

/// The nearest word of a list, where one is near enough to be meant.
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    words
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.len() / 3))
        .map(|(_, candidate)| candidate)
}
