//! What is a sentence of operations, and what is left to the orders parser.

use chrono::NaiveDateTime;

use super::{Understanding, understand};

fn now() -> NaiveDateTime {
    chrono::DateTime::UNIX_EPOCH.naive_utc()
}

/// The tool that a sentence goes to.
fn tool(text: &str) -> Option<String> {
    match understand(text, now()) {
        Some(Understanding::Call { tool, .. }) => Some(tool),
        _ => None,
    }
}

#[test]
fn the_archive_is_verified_on_request() {
    for text in [
        "verify the archive",
        "Could you check the archive against the database, please?",
        "verify the captured events",
    ] {
        assert_eq!(tool(text).as_deref(), Some("archive_verify"), "{text}");
    }
}

#[test]
fn questions_about_orders_are_left_alone() {
    for text in [
        "revenue by country last month",
        "where is ORD-0000042?",
        "check the orders of yesterday",
        "archive the orders",
        "track order ORD-0000007",
        "how many orders are stuck",
        "list the stuck orders, newest first",
        "which orders are stuck?",
        "what is the status of ORD-0000042",
        "how many parcels are behind their promise",
        "orders by status",
        "are sales down?",
        "how is revenue today?",
        "is revenue down this month",
        "how many orders were delayed?",
        "",
    ] {
        assert_eq!(tool(text), None, "{text}");
    }
}

/// The call that a sentence becomes, as one text.
fn called(text: &str) -> String {
    match understand(text, now()) {
        Some(Understanding::Call { tool, arguments, .. }) => format!("{tool} {arguments}"),
        _ => "none".to_owned(),
    }
}

#[test]
fn a_deployment_is_looked_at_on_request() {
    for (text, expected) in [
        ("what is running?", "containers {}"),
        ("What's running right now?", "containers {}"),
        ("show me the containers", "containers {}"),
        ("which containers are running?", "containers {}"),
        ("docker ps", "containers {}"),
        ("what is running in dev?", r#"containers {"environment":"dev"}"#),
        ("show the processor container", r#"containers {"name":"processor"}"#),
        ("how much memory do the containers use?", "containers {}"),
        ("show me the logs of the processor", r#"container_logs {"name":"processor"}"#),
        ("processor logs", r#"container_logs {"name":"processor"}"#),
        ("the last 100 lines of the processor's log", r#"container_logs {"lines":100,"name":"processor"}"#),
        (
            "search the logs of web-1 for upstream timeout",
            r#"container_logs {"contains":"upstream timeout","name":"web-1"}"#,
        ),
        ("errors in the mysql logs", r#"container_logs {"contains":"error","name":"mysql"}"#),
        ("what would terraform change in dev?", r#"terraform_plan {"environment":"dev"}"#),
        ("terraform plan prod", r#"terraform_plan {"environment":"prod"}"#),
        ("show me the terraform plan", "terraform_plan {}"),
        ("what would tofu destroy in prod?", r#"terraform_plan {"environment":"prod"}"#),
        ("validate the terraform", "terraform_validate {}"),
        ("is the terraform configuration of prod valid?", r#"terraform_validate {"environment":"prod"}"#),
        ("show the terraform outputs for dev", r#"terraform_show {"environment":"dev"}"#),
        ("what has terraform created in dev", r#"terraform_show {"environment":"dev"}"#),
        ("what would compose change?", "compose_plan {}"),
        ("docker compose plan for local", r#"compose_plan {"environment":"local"}"#),
        ("which hosts do we have?", "ansible_hosts {}"),
        ("list the hosts of prod", r#"ansible_hosts {"environment":"prod"}"#),
        ("show the ansible inventory", "ansible_hosts {}"),
        ("what would ansible change on the hosts?", "ansible_check {}"),
        ("what would the playbook change in prod?", r#"ansible_check {"environment":"prod"}"#),
        ("what would ansible change on oms-1?", r#"ansible_check {"host":"oms-1"}"#),
        ("is everything installed?", "doctor {}"),
        ("which versions of the tools are installed?", "doctor {}"),
        ("is terraform installed?", "doctor {}"),
        ("run the doctor", "doctor {}"),
    ] {
        assert_eq!(called(text), expected, "{text}");
    }
}

#[test]
fn what_changes_something_and_what_asks_for_orders_is_not_claimed() {
    for text in [
        "terraform apply in dev",
        "destroy dev with terraform",
        "restart the processor container",
        "stop all containers",
        "running total of revenue by month",
        "which products are running out of stock?",
        "what is the running total of orders this year",
        "show the inventory by warehouse",
        "how many orders were shipped in containers",
        "which servers sold the most",
        "what changed in orders since yesterday",
        "logs",
        "show the plan",
        "which hosts do we have in dev and in prod and elsewhere",
    ] {
        assert_eq!(called(text), "none", "{text}");
    }
}

#[test]
fn the_pipeline_is_asked_about_in_many_words() {
    for text in [
        "is everything healthy?",
        "is the pipeline ok",
        "is the pipeline healthy right now?",
        "how is the pipeline?",
        "Is everything up and running?",
        "health",
        "is the database up?",
        "is the event hub running",
        "are the web servers ok",
        "is anything wrong?",
        "is the system down?",
        "are there dead letters?",
        "how many dead letters are there",
        "any dead letters?",
        "is the stack working?",
        "what is the status of the pipeline",
    ] {
        assert_eq!(tool(text).as_deref(), Some("pipeline_health"), "{text}");
    }
    for text in [
        "how far behind is the processor?",
        "how far behind are we?",
        "what is the lag",
        "show the lag by partition",
        "is the processor lagging?",
        "how fresh is the data?",
        "what is the consumer lag?",
        "how many events are we behind?",
        "is the stream delayed",
    ] {
        assert_eq!(tool(text).as_deref(), Some("eventhub_lag"), "{text}");
    }
    for text in [
        "trace ORD-0000042",
        "trace order 42",
        "where is ORD-0000042 stuck?",
        "where did order ORD-0000042 get stuck in the pipeline",
        "follow ORD-0000042 through the pipeline",
        "Please trace the order #42.",
    ] {
        assert_eq!(tool(text).as_deref(), Some("trace_order"), "{text}");
    }
    assert!(matches!(understand("where is my order stuck?", now()), Some(Understanding::AskBack { .. })));
}
