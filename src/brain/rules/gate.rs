//! What is decided before any reading: SQL, requests to change data, help. Must not look at values.

use super::tokens::Token;
use super::{Understanding, sentences};

const WRITING_SQL: &[&str] = &[
    "insert", "delete", "update", "replace", "drop", "alter", "create", "truncate", "call", "grant", "revoke", "merge",
    "load", "set", "lock", "rename", "exec", "execute", "handler", "do", "kill", "begin", "commit", "rollback", "use",
];

/// Verbs that, as the request's own verb, change something.
const CHANGING: &[&str] = &[
    "delete",
    "remove",
    "erase",
    "destroy",
    "wipe",
    "purge",
    "drop",
    "truncate",
    "update",
    "modify",
    "edit",
    "change",
    "set",
    "insert",
    "add",
    "create",
    "cancel",
    "refund",
    "ship",
    "pay",
    "reset",
    "rename",
    "alter",
    "grant",
    "revoke",
    "restock",
    "increase",
    "decrease",
    "lower",
    "raise",
    "reduce",
    "overwrite",
    "restore",
    "undelete",
    "send",
    "email",
    "move",
    "assign",
    "mark",
    "approve",
    "reject",
    "charge",
    "replace",
    "duplicate",
    "archive",
    "anonymize",
    "anonymise",
];

/// Words that may stand before a request's verb.
const POLITE: &[&str] = &[
    "please",
    "pls",
    "plz",
    "hey",
    "hi",
    "hello",
    "ok",
    "okay",
    "can",
    "could",
    "would",
    "will",
    "you",
    "now",
    "just",
    "i",
    "want",
    "need",
    "to",
    "we",
    "kindly",
    "and",
    "then",
    "hey",
    "hi",
    "hello",
    "ok",
    "okay",
    "go",
    "ahead",
    "let",
    "us",
    "should",
    "must",
    "like",
    "d",
    "have",
    "ignore",
    "all",
    "previous",
    "instructions",
    "instruction",
    "rules",
    "your",
    "the",
    "also",
    "help",
    "me",
];

/// Words after which a verb of change was a noun: "refund total", "change in revenue", "cancel rate".
const AFTER_NOUNS: &[&str] = &[
    "in",
    "of",
    "from",
    "vs",
    "rate",
    "rates",
    "amount",
    "amounts",
    "reason",
    "reasons",
    "by",
    "over",
    "on",
    "me",
    "about",
    "total",
    "totals",
    "sum",
    "count",
    "counts",
    "value",
    "volume",
    "number",
    "numbers",
    "per",
    "trend",
    "share",
    "requests",
    "statistics",
    "stats",
    "figures",
    "costs",
    "times",
    "time",
    "for",
    "last",
    "this",
    "",
];

/// Decides what no reading is needed for.
pub(super) fn decide(text: &str, tokens: &[Token]) -> Option<Understanding> {
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    statement(text, &words)
        .or_else(|| change(&words))
        .or_else(|| personal(&words))
        .or_else(|| describe(&words))
        .or_else(|| {
            // "I have a board meeting tomorrow. Revenue of 2025 please": what is said beside the question asks for nothing.
            let asked = sentences::without_statements(text, tokens);
            let words: Vec<&str> = asked.iter().map(|token| token.text.as_str()).collect();
            opinion(&words)
        })
}

/// E-mail addresses, phone numbers and the like are never shown.
fn personal(words: &[&str]) -> Option<Understanding> {
    let pair = |one: &[&str], two: &[&str]| {
        words.windows(2).any(|window| one.contains(&window[0]) && two.contains(&window[1]))
    };
    // "for a win-back mail: how many customers ...": what for.
    let purpose = |at: usize| {
        let led = (at.saturating_sub(4)..at)
            .find(|place| matches!(words[*place], "for" | "before" | "planning" | "preparing"));
        led.is_some_and(|led| matches!(words[led + 1], "a" | "an" | "the" | "our" | "my" | "this"))
            && matches!(words[at], "mail" | "email")
            && !matches!(words.get(at + 1), Some(&("address" | "addresses" | "of" | "list" | "lists" | "and")))
    };
    let word = words.iter().enumerate().filter(|(at, _)| !purpose(*at)).map(|(_, word)| word).find(|word| {
        matches!(
            **word,
            "email"
                | "emails"
                | "mail"
                | "mails"
                | "telephone"
                | "telephones"
                | "birthday"
                | "birthdays"
                | "passwords"
                | "password"
        )
    });
    let word = word.copied().or_else(|| {
        // "on web or on mobile? number of orders": two sentences.
        let counted = words.windows(4).any(|run| {
            run[0] == "mobile"
                && run[1] == "number"
                && run[2] == "of"
                && matches!(run[3], "orders" | "units" | "customers" | "buyers")
        });
        if !counted
            && pair(&["phone", "mobile", "cell", "contact"], &["number", "numbers", "details", "detail", "data"])
        {
            Some("phone number")
        } else if pair(
            &["email", "home", "street", "postal", "shipping", "billing", "mailing", "customer", "their", "his", "her"],
            &["address", "addresses"],
        ) {
            Some("address")
        } else if pair(&["credit", "card"], &["number", "numbers"]) {
            Some("card number")
        } else if pair(&["e"], &["mail", "mails"]) {
            Some("e-mail")
        } else {
            None
        }
    })?;
    Some(refuse(&format!(
        "`{word}` asks for personal data: e-mail addresses, phone numbers, addresses and the like are not shown; ask for figures, or for customers by name, country, city or segment"
    )))
}

fn refuse(reason: &str) -> Understanding {
    Understanding::Refuse { reason: reason.to_owned() }
}

fn statement(text: &str, words: &[&str]) -> Option<Understanding> {
    let first = *words.first()?;
    let body = text.trim().trim_end_matches(';').trim_end();
    let second = words.get(1).copied().unwrap_or_default();
    let reads = (first == "select" && (words.contains(&"from") || body.contains(['*', '(', '@', '\''])))
        || (first == "select" && second.chars().all(|character| character.is_ascii_digit()) && words.len() == 2)
        || (first == "with" && words.get(2) == Some(&"as") && words.contains(&"select"))
        || (first == "with" && second == "recursive");
    if reads {
        if body.contains(';') && second_statement(body) {
            return Some(refuse("two statements in one request: only one SELECT is run at a time"));
        }
        return Some(Understanding::Select { sql: text.trim().to_owned() });
    }
    let sql_like = match first {
        "insert" => words.contains(&"into"),
        "delete" => second == "from",
        "update" => words.contains(&"set"),
        "drop" | "truncate" | "alter" | "create" | "lock" | "rename" => {
            ["table", "database", "view", "index", "user", "schema", "tables", "procedure", "trigger", "temporary"]
                .contains(&second)
        }
        "call" | "exec" | "execute" | "handler" | "kill" | "grant" | "revoke" | "merge" | "replace" | "load" => {
            words.len() > 1
        }
        "begin" | "commit" | "rollback" => true,
        "do" => second == "sleep",
        "use" => words.len() == 2,
        _ => false,
    };
    if sql_like {
        return Some(refuse(&format!(
            "`{}` would run a statement that is not a SELECT; only reading is allowed",
            first.to_uppercase()
        )));
    }
    // A statement that hides behind a question.
    let hidden = body.split(';').skip(1).any(|part| {
        part.split_whitespace().next().is_some_and(|word| {
            let word = word.to_lowercase();
            word == "select" || WRITING_SQL.contains(&word.as_str())
        })
    });
    let inside = words.windows(2).any(|pair| {
        matches!(
            pair,
            ["drop" | "truncate" | "alter" | "create", "table" | "database" | "schema"]
                | ["delete", "from"]
                | ["insert", "into"]
        )
    });
    let changes = words.windows(3).any(|run| run[0] == "update" && run[2] == "set");
    (hidden || inside || changes)
        .then(|| refuse("this holds a statement that would change data; only reading is allowed"))
}

/// Whether something stands after a `;` that is outside quotes.
fn second_statement(body: &str) -> bool {
    let mut quote = None;
    let mut escaped = false;
    let mut ended = false;
    for character in body.chars() {
        if ended && !character.is_whitespace() {
            return true;
        }
        match (quote, character) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, ';') => ended = true,
            _ => {}
        }
    }
    false
}

/// "make the stuck orders shipped", "make her a VIP", "flip those orders over to paid": a state at the end.
fn into_another_state(words: &[&str], asks: &str) -> Option<Understanding> {
    const STATES: [&str; 11] = [
        "shipped",
        "paid",
        "packed",
        "delivered",
        "cancelled",
        "canceled",
        "returned",
        "refunded",
        "vip",
        "active",
        "inactive",
    ];
    let last =
        words.iter().rev().find(|word| !matches!(**word, "please" | "now" | "today" | "thanks" | "," | "pls"))?;
    let verb = matches!(asks, "make" | "flip" | "turn" | "switch" | "bump")
        || words.windows(2).any(|pair| pair[0] == "make" && matches!(pair[1], "her" | "him" | "them" | "it"));
    let shows = words
        .iter()
        .any(|word| matches!(*word, "list" | "table" | "chart" | "me" | "how" | "which" | "what" | "together"));
    (verb && STATES.contains(last) && !shows)
        .then(|| refuse("this would change data; questions can only be answered, nothing is changed"))
}

fn change(words: &[&str]) -> Option<Understanding> {
    // "give all VIP customers a 10% discount": who gets something is no question.
    let asks = words.iter().find(|word| !POLITE.contains(word)).copied().unwrap_or_default();
    let benefit = ["discount", "refund", "voucher", "credit", "coupon", "gift"];
    if matches!(asks, "give" | "grant" | "offer" | "apply")
        && !words.contains(&"me")
        && words.iter().any(|word| benefit.contains(word))
        && words.iter().any(|word| matches!(*word, "%" | "percent" | "customer" | "customers" | "order" | "a"))
    {
        return Some(refuse("this would change data; questions can only be answered, nothing is changed"));
    }
    // "order 50 more of Kettle for Lisbon"
    let amount = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit()) || matches!(*word, "more" | "another");
    if asks == "order" || asks == "reorder" || asks == "buy" {
        let at = words.iter().position(|word| *word == asks).unwrap_or_default();
        if words.get(at + 1).is_some_and(amount)
            && words.iter().skip(at + 1).any(|word| matches!(*word, "more" | "another" | "units" | "pieces"))
        {
            return Some(refuse("this would order goods; questions can only be answered, nothing is changed"));
        }
    }
    if let Some(refused) = into_another_state(words, asks) {
        return Some(refused);
    }
    // The request's verb is the first word that is not politeness; after "and" or "then" another may follow.
    let mut starts = vec![0];
    // "how many orders did we pack and ship today": the verbs of a question ask for no change.
    let question = matches!(asks, "how" | "which" | "what" | "who" | "when" | "where");
    starts.extend(
        words
            .iter()
            .enumerate()
            .filter(|(_, word)| !question && matches!(**word, "and" | "then" | "," | "please"))
            .map(|(at, _)| at + 1),
    );
    for start in starts {
        let verb = words.iter().enumerate().skip(start).find(|(_, word)| !POLITE.contains(word) && **word != ",");
        let Some((at, verb)) = verb else { continue };
        if !CHANGING.contains(verb) {
            continue;
        }
        // "set", "ship" ... need an object; "change in revenue", "cancel rate", "refund amount" are nouns.
        let next = words.get(at + 1).copied().unwrap_or_default();
        let noun = AFTER_NOUNS.contains(&next);
        // "email and segment of Carmen Blanco" asks for a column.
        if *verb == "email" && matches!(next, "and" | "or" | "address" | "addresses" | ",") {
            continue;
        }
        if noun && !(*verb == "remove" || *verb == "delete") {
            continue;
        }
        // A conversation's own edits: "remove Spain", "add orders", "change to by month" are about the question.
        let edits = matches!(*verb, "remove" | "add" | "drop" | "change" | "replace" | "set");
        let touches = words.iter().skip(at + 1).any(|word| {
            matches!(
                *word,
                "order"
                    | "orders"
                    | "customer"
                    | "customers"
                    | "product"
                    | "products"
                    | "price"
                    | "prices"
                    | "table"
                    | "tables"
                    | "database"
                    | "row"
                    | "rows"
                    | "status"
                    | "stock"
                    | "payment"
                    | "payments"
                    | "record"
                    | "records"
                    | "everything"
                    | "data"
                    | "return"
                    | "returns"
                    | "shipment"
                    | "shipments"
                    | "category"
                    | "warehouse"
                    | "column"
                    | "index"
                    | "user"
                    | "email"
                    | "address"
                    | "inventory"
                    | "cost"
                    | "discount"
            ) || word.starts_with("ord-")
                || word.starts_with("sku-")
        });
        if edits && !touches {
            continue;
        }
        return Some(refuse(&format!(
            "`{verb}` would change data; questions can only be answered, nothing is changed"
        )));
    }
    None
}

fn describe(words: &[&str]) -> Option<Understanding> {
    let words: Vec<&str> =
        words.iter().copied().filter(|word| !matches!(*word, "please" | "the" | "a" | "an" | "me")).collect();
    let joined = words.join(" ");
    let overview = [
        "help",
        "what can i ask",
        "what can you do",
        "what can you answer",
        "what can i ask you",
        "which measures are there",
        "what measures are there",
        "list measures",
        "show measures",
        "measures",
        "which dimensions are there",
        "dimensions",
        "what dimensions are there",
        "what tables are there",
        "which tables are there",
        "show tables",
        "list tables",
        "tables",
        "what do you know",
        "what data is there",
        "what data do you have",
        "how do i ask",
        "describe",
        "schema",
        "what can we ask",
        "what questions can i ask",
        "which questions can i ask",
    ];
    if overview.contains(&joined.as_str()) {
        return Some(Understanding::Describe { topic: None });
    }
    let topic = |words: &[&str]| {
        (!words.is_empty() && words.len() <= 5).then(|| Understanding::Describe { topic: Some(words.join(" ")) })
    };
    match words.as_slice() {
        ["what", "does", rest @ .., "mean"]
        | ["how", "is", rest @ .., "defined" | "calculated" | "computed"]
        | ["define" | "explain" | "describe", rest @ ..]
        | ["definition" | "meaning", "of", rest @ ..]
        | ["what", "is", "meant", "by", rest @ ..]
        | ["what", "is", "definition", "of", rest @ ..] => topic(rest),
        _ => None,
    }
}

/// What a reason is kept of.
const REASONED: [&str; 14] = [
    "refund",
    "refunds",
    "failed",
    "fail",
    "failures",
    "cancelled",
    "canceled",
    "cancellations",
    "cancellation",
    "returned",
    "returns",
    "rejected",
    "declined",
    "refunded",
];

/// Verbs of what a reason is kept of.
const KEPT_REASONS: [&str; 14] = [
    "fail",
    "failing",
    "failed",
    "declined",
    "cancel",
    "cancelling",
    "cancelled",
    "canceled",
    "canceling",
    "return",
    "returning",
    "returned",
    "back",
    "rejected",
];

/// What the data cannot say: reasons, the future, advice.
fn opinion(words: &[&str]) -> Option<Understanding> {
    let asked = |list: &[&str]| words.iter().find(|word| list.contains(*word)).copied();
    // "why was ORD-0000042 cancelled" is that order's story; "why are things returned? returns by reason" says the figure.
    let answerable =
        words.iter().any(|word| word.starts_with("ord-") || matches!(*word, "reason" | "reasons" | "cause" | "causes"))
            || words.windows(2).any(|pair| pair[0] == "order" && pair[1].bytes().all(|byte| byte.is_ascii_digit()));
    // "..., and why did they fail?" asks for the reasons that are kept.
    let answerable = answerable
        || words.windows(4).any(|run| {
            run[0] == "why"
                && matches!(run[1], "did" | "were" | "are" | "do")
                && matches!(run[2], "they" | "those" | "these")
                && matches!(run[3], "fail" | "failed" | "cancelled" | "canceled" | "returned")
        });
    // "how many payments failed yesterday and why": by the reason that is kept.
    let answerable = answerable || words.ends_with(&["and", "why"]) && words.iter().any(|word| REASONED.contains(word));
    // "why did people cancel in December": by the reason, where that is all that is asked.
    let answerable = answerable
        || matches!(words, ["why", "do" | "did" | "are" | "were" | "was" | "have", rest @ ..]
            if rest.iter().take(5).any(|word| KEPT_REASONS.contains(word)));
    // "failed payments by why they failed" names the reason that is kept.
    let split = words.windows(2).any(|pair| pair[1] == "why" && matches!(pair[0], "by" | "per"));
    let message = if let Some(word) = asked(&["why"]).filter(|_| !answerable && !split) {
        format!(
            "`{word}` asks for a reason; I only count what happened: ask for the figures before and after, for example \"revenue growth by month\""
        )
    } else if let Some(word) =
        asked(&["forecast", "predict", "prediction", "projected", "tomorrow", "next", "will", "expect"])
            .filter(|word| *word != "next" || !words.windows(2).any(|pair| pair == ["next", "to"]))
            .filter(|word| *word != "will" || !words.windows(2).any(|pair| pair == ["will", "do"]))
    {
        let message = format!("`{word}` asks about the future; I only know what has happened");
        // "for the meeting tomorrow I need the orders of last week" may be about the past.
        if word != "tomorrow" {
            return Some(refuse(&message));
        }
        message
    } else if let Some(word) = asked(&["should", "recommend", "opinion", "think", "advice", "suggest"])
        // "We think about dropping the weakest" asks nobody.
        .filter(|word| *word != "think" || !words.windows(2).any(|pair| matches!(pair, ["i" | "we" | "they", "think"])))
    {
        format!("`{word}` asks for an opinion; I only count what happened")
    } else {
        return None;
    };
    Some(Understanding::AskBack { message, choices: super::EXAMPLES.map(str::to_owned).to_vec(), readings: Vec::new() })
}
