//! The set-up as it is told, from a stand-in of the management interface.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;

use super::{About, EventhubStatus, EventhubStatusArguments};
use crate::azure::stand_in::AzureStandIn;
use crate::azure::tests::{FakeAz, client};
use crate::{CallScope, Failure, Principal, Told, Tool};

async fn ask(stand_in: &AzureStandIn, arguments: EventhubStatusArguments) -> Result<Told, Failure> {
    let az = FakeAz::signed_in();
    let scope = CallScope { principal: Principal { name: "ana".into() }, now: chrono::NaiveDateTime::default() };
    EventhubStatus::new(client(stand_in, &az)).call(&scope, arguments).await.map(|report| report.told())
}

fn about(about: About) -> EventhubStatusArguments {
    EventhubStatusArguments { about, ..Default::default() }
}

#[tokio::test]
async fn everything_is_told_page_by_page() {
    let stand_in = AzureStandIn::start().await;
    let told = ask(&stand_in, EventhubStatusArguments::default()).await.unwrap();
    insta::assert_snapshot!(told.answer, @"Namespace `oms-prod` (West Europe) is Active: tier Standard, 2 throughput units, auto-inflate up to 8, 3 hubs. `orders` has 4 partitions, keeps events for 7 days, consumer groups `$Default` and `processor`, Capture on, every 300 s or 314.6 MB to container `archive` of storage account `omsarchive`, no file for a quiet window; `payments` has 4 partitions, keeps events for 7 days, consumer groups `$Default`, Capture off; `returns` has 4 partitions, keeps events for 7 days, consumer groups `$Default`, Capture off.");
    assert_eq!(told.table.unwrap().rows.len(), 3);
    assert_eq!(stand_in.asked("/eventhubs?"), 2, "two pages");
    assert_eq!(told.notes, ["auto-inflate only adds throughput units; nothing takes them back when load falls"]);
    assert_eq!(told.data["hubs"][0]["capture"]["container"], "archive");
}

#[tokio::test]
async fn a_question_about_one_thing_is_answered_with_it() {
    let stand_in = AzureStandIn::start().await;
    let mut said = Vec::new();
    for one in [About::Throughput, About::Partitions, About::Retention, About::ConsumerGroups, About::Capture] {
        said.push(ask(&stand_in, about(one)).await.unwrap().answer);
    }
    let hub = EventhubStatusArguments { hub: Some("ORDERS".into()), ..about(About::Capture) };
    said.push(ask(&stand_in, hub).await.unwrap().answer);
    let off = EventhubStatusArguments { hub: Some("returns".into()), ..about(About::Capture) };
    said.push(ask(&stand_in, off).await.unwrap().answer);
    let all = EventhubStatusArguments { every_namespace: true, ..Default::default() };
    said.push(ask(&stand_in, all).await.unwrap().answer);
    insta::assert_snapshot!(said.join("\n"), @r"
    Namespace `oms-prod` (West Europe) has tier Standard, 2 throughput units, auto-inflate up to 8.
    Partitions: `orders` 4 partitions; `payments` 4 partitions; `returns` 4 partitions.
    Events are kept for: `orders` 7 days; `payments` 7 days; `returns` 7 days.
    Consumer groups: `orders` `$Default` and `processor`; `payments` `$Default`; `returns` `$Default`.
    Capture is on for 1 of 3 hubs: `orders` on, every 300 s or 314.6 MB to container `archive` of storage account `omsarchive`, no file for a quiet window; `payments` off; `returns` off.
    Yes, Capture is on: `orders` on, every 300 s or 314.6 MB to container `archive` of storage account `omsarchive`, no file for a quiet window.
    No, Capture is off: `returns` off.
    Subscription `11111111-2222-3333-4444-555555555555` has 2 Event Hubs namespaces: `oms-prod` (West Europe) (tier Standard, 2 throughput units, auto-inflate up to 8); `oms-test` (West Europe) (tier Standard, 1 throughput unit, no auto-inflate).
    ");
}

#[tokio::test]
async fn an_unknown_hub_is_told_with_the_nearest() {
    let stand_in = AzureStandIn::start().await;
    let failure = ask(&stand_in, EventhubStatusArguments { hub: Some("ordres".into()), ..Default::default() }).await;
    insta::assert_snapshot!(failure.unwrap_err(), @r"
    no hub named `ordres` in namespace `oms-prod`
    hint: did you mean `orders`?
    ");
}

#[tokio::test]
async fn refusals_of_the_management_crate_are_told_as_all_others() {
    let stand_in = AzureStandIn::start().await;
    let message = "The client 'a' with object id 'cccccccc-0000-0000-0000-000000000003' does not have authorization to perform \
                   action 'Microsoft.EventHub/namespaces/read' over scope '/subscriptions/x' or the scope is invalid.";
    stand_in.refuse("/namespaces/", 403, None, json!({"error": {"code": "AuthorizationFailed", "message": message}}));
    let failure = ask(&stand_in, EventhubStatusArguments::default()).await.unwrap_err();
    assert!(failure.message.contains("it lacks the role `Monitoring Reader`"), "{failure}");
    assert!(failure.hints[0].contains("--assignee cccccccc-0000-0000-0000-000000000003"), "{failure}");
    stand_in.refuse("/eventhubs?", 429, Some("0"), json!({}));
    assert!(ask(&stand_in, EventhubStatusArguments::default()).await.is_ok());
    stand_in.refuse("/eventhubs?", 503, Some("900"), json!("busy"));
    let failure = ask(&stand_in, EventhubStatusArguments::default()).await.unwrap_err();
    assert_eq!(failure.hints, ["ask again in 900 s"]);
    stand_in.refuse("/namespaces/", 200, None, json!({"sku": 7}));
    let failure = ask(&stand_in, EventhubStatusArguments::default()).await.unwrap_err();
    assert!(failure.message.contains("is not understood"), "{failure}");
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_here_too() {
    let stand_in = AzureStandIn::start().await;
    let expired = json!({"error": {"code": "ExpiredAuthenticationToken", "message": "expired"}});
    stand_in.refuse("/namespaces/", 401, None, expired.clone());
    assert!(ask(&stand_in, EventhubStatusArguments::default()).await.is_ok());
    // In the middle of the pages too.
    stand_in.refuse("/eventhubs?", 401, None, expired.clone());
    assert!(ask(&stand_in, EventhubStatusArguments::default()).await.is_ok());
    stand_in.refuse("/namespaces/", 401, None, expired.clone());
    stand_in.refuse("/namespaces/", 401, None, expired);
    let failure = ask(&stand_in, EventhubStatusArguments::default()).await.unwrap_err();
    assert!(failure.message.contains("the sign-in by Azure CLI is expired or not accepted"), "{failure}");
    assert_eq!(failure.hints[0], "az login");
}

#[tokio::test]
async fn a_next_page_elsewhere_does_not_get_the_token() {
    let (stand_in, thief) = (AzureStandIn::start().await, AzureStandIn::start().await);
    *stand_in.state.elsewhere.lock().unwrap() = Some(format!("{}/steal", thief.address));
    let failure = ask(&stand_in, EventhubStatusArguments::default()).await.unwrap_err();
    assert!(failure.message.contains("on another host"), "{failure}");
    assert_eq!(thief.asked(""), 0);
}

#[tokio::test]
async fn a_failed_sign_in_is_told_as_itself() {
    let stand_in = AzureStandIn::start().await;
    let az = FakeAz::new("echo \"Please run 'az login'\" >&2; exit 1");
    let scope = CallScope { principal: Principal { name: "ana".into() }, now: chrono::NaiveDateTime::default() };
    let tool = EventhubStatus::new(client(&stand_in, &az));
    let failure = tool.call(&scope, EventhubStatusArguments::default()).await.unwrap_err();
    assert_eq!(failure.message, "cannot sign in to Azure by Azure CLI: nobody is signed in");
    assert_eq!(stand_in.asked(""), 0);
}
