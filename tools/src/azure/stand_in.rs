//! Stands in for Azure's management interface and for Azure Monitor in tests, after the examples that Microsoft publishes in
//! azure-rest-api-specs: Event Hubs 2024-01-01 and Microsoft.Insights 2024-02-01.
//!
//! It speaks HTTPS alone, by an authority of its own. It checks tokens, versions, names, grains and filters as they do, pages its lists, and can be told to refuse.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub, dead_code)]

// Named, because the file is part of two crates.
#[path = "stand_in/secure.rs"]
pub mod secure;
#[path = "stand_in/sign_in.rs"]
pub mod sign_in;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::serve::Listener;
use chrono::{DateTime, NaiveDateTime, Timelike};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use secure::{Authority, Secure};

pub const SUBSCRIPTION: &str = "11111111-2222-3333-4444-555555555555";
pub const GROUP: &str = "shop";
pub const NAMESPACE: &str = "oms-prod";
pub const TOKEN: &str = "a-good-token";

/// A server on a port of its own; it ends when it is dropped.
pub struct AzureStandIn {
    pub address: String,
    /// The certificate of its authority, in PEM.
    pub authority: String,
    pub state: Arc<Stand>,
    serving: JoinHandle<()>,
}

/// What it knows, and what it has seen.
pub struct Stand {
    pub hubs: Vec<String>,
    /// Refusals of the next requests whose address contains a text.
    pub refusals: Mutex<VecDeque<Refused>>,
    /// Metrics that fail alone, inside an answer that succeeds.
    pub failing: Mutex<Vec<String>>,
    /// The addresses that were asked, without their host.
    pub seen: Mutex<Vec<String>>,
    /// Where the second page of hubs is, instead of here.
    pub elsewhere: Mutex<Option<String>>,
}

#[derive(Clone)]
pub struct Refused {
    pub at: &'static str,
    pub status: u16,
    pub retry_after: Option<&'static str>,
    pub body: Value,
}

impl AzureStandIn {
    pub async fn start() -> Self {
        Self::with_hubs(&["orders", "payments", "returns"]).await
    }

    pub async fn with_hubs(hubs: &[&str]) -> Self {
        let state = Arc::new(Stand {
            hubs: hubs.iter().map(|hub| (*hub).to_owned()).collect(),
            refusals: Mutex::default(),
            failing: Mutex::default(),
            seen: Mutex::default(),
            elsewhere: Mutex::default(),
        });
        let authority = Authority::new();
        let listener = Secure::listen(&authority).await;
        let address = format!("https://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(state.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, authority: authority.pem, state, serving }
    }

    pub fn refuse(&self, at: &'static str, status: u16, retry_after: Option<&'static str>, body: Value) {
        self.state.refusals.lock().unwrap().push_back(Refused { at, status, retry_after, body });
    }

    /// How many requests' addresses contain a text.
    pub fn asked(&self, part: &str) -> usize {
        self.state.seen.lock().unwrap().iter().filter(|address| address.contains(part)).count()
    }
}

impl Drop for AzureStandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn reply(status: u16, body: &Value) -> Response {
    Response::builder()
        .status(StatusCode::from_u16(status).unwrap())
        .header("content-type", "application/json; charset=utf-8")
        .body(Body::from(body.to_string()))
        .unwrap()
}

fn envelope(status: u16, code: &str, message: &str) -> Response {
    reply(status, &json!({"error": {"code": code, "message": message}}))
}

async fn answer(State(stand): State<Arc<Stand>>, request: Request) -> Response {
    let uri = request.uri().clone();
    stand.seen.lock().unwrap().push(uri.to_string());
    let refused = {
        let mut refusals = stand.refusals.lock().unwrap();
        let place = refusals.iter().position(|refused| uri.to_string().contains(refused.at));
        place.and_then(|place| refusals.remove(place))
    };
    if let Some(refused) = refused {
        let mut response = reply(refused.status, &refused.body);
        if let Some(wait) = refused.retry_after {
            response.headers_mut().insert("retry-after", wait.parse().unwrap());
        }
        return response;
    }
    let query: BTreeMap<String, String> = pairs(uri.query().unwrap_or_default());
    let parts: Vec<&str> = uri.path().trim_matches('/').split('/').collect();
    if let [tenant, "oauth2", "v2.0", "token"] = parts.as_slice() {
        let form = axum::body::to_bytes(request.into_body(), 65_536).await.unwrap();
        return sign_in::entra(tenant, &pairs(std::str::from_utf8(&form).unwrap()));
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if parts == ["identity", "token"] {
        return sign_in::machine(header("x-identity-header"), &query);
    }
    if header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        return envelope(401, "ExpiredAuthenticationToken", "The access token expiry UTC time '1/1/2026' is earlier.");
    }
    let version = query.get("api-version").map(String::as_str);
    let lower: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    match lower.as_slice() {
        ["subscriptions", subscription, ..] if *subscription != SUBSCRIPTION => {
            envelope(404, "SubscriptionNotFound", &format!("The subscription '{subscription}' could not be found."))
        }
        ["subscriptions", _, "providers", "microsoft.eventhub", "namespaces"] if version == Some("2024-01-01") => {
            reply(200, &json!({"value": [namespace(NAMESPACE, 2), namespace("oms-test", 1)]}))
        }
        ["subscriptions", _, "resourcegroups", group, ..] if *group != GROUP => {
            envelope(404, "ResourceGroupNotFound", &format!("Resource group '{group}' could not be found."))
        }
        ["subscriptions", _, "resourcegroups", _, "providers", "microsoft.eventhub", "namespaces", name, ..]
            if *name != NAMESPACE =>
        {
            let message = format!("The Resource 'Microsoft.EventHub/namespaces/{name}' was not found.");
            envelope(404, "ResourceNotFound", &message)
        }
        [.., "namespaces", _] if version == Some("2024-01-01") => reply(200, &namespace(NAMESPACE, 2)),
        [.., "namespaces", _, "eventhubs"] if version == Some("2024-01-01") => hubs(&stand, &uri.to_string(), &query),
        [.., "eventhubs", hub, "consumergroups"] if version == Some("2024-01-01") => groups(hub),
        [.., "namespaces", _, "providers", "microsoft.insights", "metrics"] if version == Some("2024-02-01") => {
            let etag = format!("W/\"{}\"", uri.query().unwrap_or_default().len());
            if header("if-none-match") == Some(&etag) {
                return Response::builder().status(304).body(Body::empty()).unwrap();
            }
            let mut response = metrics(&stand, &query);
            response.headers_mut().insert("etag", etag.parse().unwrap());
            response
        }
        _ => envelope(404, "InvalidResourceType", "The resource type could not be found for this api version."),
    }
}

fn pairs(query: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let digits: String = rest.by_ref().take(2).map(char::from).collect();
                    bytes.push(u8::from_str_radix(&digits, 16).unwrap());
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn id(name: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.EventHub/namespaces/{name}")
}

fn namespace(name: &str, units: u32) -> Value {
    json!({
        "id": id(name), "name": name, "type": "Microsoft.EventHub/Namespaces", "location": "West Europe", "tags": {},
        "sku": {"name": "Standard", "tier": "Standard", "capacity": units},
        "properties": {
            "minimumTlsVersion": "1.2", "publicNetworkAccess": "Enabled", "disableLocalAuth": units > 1,
            "zoneRedundant": true, "isAutoInflateEnabled": units > 1, "maximumThroughputUnits": if units > 1 { 8 } else { 0 },
            "kafkaEnabled": true, "provisioningState": "Succeeded", "status": "Active",
            "metricId": format!("{SUBSCRIPTION}:{name}"), "createdAt": "2025-11-03T09:12:05.043Z",
            "updatedAt": "2025-11-20T09:12:05.043Z", "serviceBusEndpoint": format!("https://{name}.servicebus.windows.net:443/")
        }
    })
}

/// Two hubs a page.
fn hubs(stand: &Stand, address: &str, query: &BTreeMap<String, String>) -> Response {
    let skip: usize = query.get("$skip").map_or(0, |text| text.parse().unwrap());
    let shown: Vec<Value> = stand.hubs.iter().skip(skip).take(2).map(|hub| described(hub)).collect();
    let mut body = json!({"value": shown});
    if skip + 2 < stand.hubs.len() {
        let path = address.split('?').next().unwrap();
        let here = format!("{path}?api-version=2024-01-01&$skip={}", skip + 2);
        body["nextLink"] = json!(stand.elsewhere.lock().unwrap().clone().unwrap_or(here));
    }
    reply(200, &body)
}

fn described(hub: &str) -> Value {
    let mut value = json!({
        "id": format!("{}/eventhubs/{hub}", id(NAMESPACE)), "name": hub, "type": "Microsoft.EventHub/namespaces/eventhubs",
        "location": "West Europe",
        "properties": {
            "messageRetentionInDays": 7, "partitionCount": 4, "status": "Active", "partitionIds": ["0", "1", "2", "3"],
            "createdAt": "2025-11-03T10:00:00.12Z", "updatedAt": "2025-11-03T10:00:00.12Z",
            "retentionDescription": {"cleanupPolicy": "Delete", "retentionTimeInHours": 168}
        }
    });
    if hub == "orders" {
        value["properties"]["captureDescription"] = json!({
            "enabled": true, "encoding": "Avro", "intervalInSeconds": 300, "sizeLimitInBytes": 314_572_800,
            "skipEmptyArchives": true,
            "destination": {"name": "EventHubArchive.AzureBlockBlob", "properties": {
                "storageAccountResourceId":
                    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Storage/storageAccounts/omsarchive"),
                "blobContainer": "archive",
                "archiveNameFormat": "{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}"
            }}
        });
    }
    value
}

fn groups(hub: &str) -> Response {
    let group = |name: &str| {
        json!({"id": format!("{}/eventhubs/{hub}/consumergroups/{name}", id(NAMESPACE)), "name": name,
            "type": "Microsoft.EventHub/namespaces/eventhubs/consumergroups",
            "properties": {"createdAt": "2025-11-03T10:00:00.12Z", "updatedAt": "2025-11-03T10:00:00.12Z"}})
    };
    let groups = if hub == "orders" { vec![group("$Default"), group("processor")] } else { vec![group("$Default")] };
    reply(200, &json!({"value": groups}))
}

/// Name, unit, aggregations, whether it is split by hub.
const METRICS: [(&str, &str, &str, bool); 19] = [
    ("IncomingMessages", "Count", "total", true),
    ("OutgoingMessages", "Count", "total", true),
    ("IncomingBytes", "Bytes", "total", true),
    ("OutgoingBytes", "Bytes", "total", true),
    ("IncomingRequests", "Count", "total", true),
    ("SuccessfulRequests", "Count", "total", true),
    ("ThrottledRequests", "Count", "total", true),
    ("ServerErrors", "Count", "total", true),
    ("UserErrors", "Count", "total", true),
    ("QuotaExceededErrors", "Count", "total", true),
    ("CapturedMessages", "Count", "total", true),
    ("CapturedBytes", "Bytes", "total", true),
    ("CaptureBacklog", "Count", "total", true),
    ("ActiveConnections", "Count", "average minimum maximum", false),
    ("ConnectionsOpened", "Count", "maximum", true),
    ("ConnectionsClosed", "Count", "maximum", true),
    ("Size", "Bytes", "average minimum maximum", true),
    ("NamespaceCpuUsage", "Percent", "average minimum maximum", false),
    ("NamespaceMemoryUsage", "Percent", "average minimum maximum", false),
];

fn metrics(stand: &Stand, query: &BTreeMap<String, String>) -> Response {
    // This form is flat.
    let bad = |message: String| reply(400, &json!({"code": "BadRequest", "message": message}));
    let moment = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.naive_utc());
    let span = query.get("timespan").and_then(|text| text.split_once('/'));
    let Some((Some(from), Some(to))) = span.map(|(from, to)| (moment(from), moment(to))) else {
        return bad("Timespan is not valid".to_owned());
    };
    let step = match query.get("interval").map(String::as_str) {
        Some("PT1M") => 1,
        Some("PT5M") => 5,
        Some("PT15M") => 15,
        Some("PT30M") => 30,
        Some("PT1H") => 60,
        Some("PT6H") => 360,
        Some("PT12H") => 720,
        Some("P1D") => 1440,
        other => return bad(format!("Detected invalid time grain input: {other:?}")),
    };
    let aggregation = query.get("aggregation").cloned().unwrap_or_default();
    let names: Vec<&str> = query.get("metricnames").map_or_else(Vec::new, |names| names.split(',').collect());
    let mut value = Vec::new();
    for name in names {
        let Some((_, unit, has, by_hub)) = METRICS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name)) else {
            let known: Vec<&str> = METRICS.iter().map(|(name, ..)| *name).collect();
            return bad(format!("Failed to find metric configuration. Valid metrics: {}", known.join(",")));
        };
        if name.starts_with("NamespaceCpu") || name.starts_with("NamespaceMemory") {
            return envelope(401, "Unauthorized", "The metric is not available in this tier.");
        }
        if !has.split(' ').any(|one| one == aggregation) {
            return bad(format!("Aggregation {aggregation} is not supported by {name}"));
        }
        if stand.failing.lock().unwrap().iter().any(|failing| failing == name) {
            value.push(json!({"id": name, "type": "Microsoft.Insights/metrics", "name": {"value": name}, "unit": unit,
                "timeseries": [], "errorCode": "InternalServerError", "errorMessage": "the metric store did not answer"}));
            continue;
        }
        let filter = query.get("$filter");
        if filter.is_some() && !by_hub {
            return bad(format!("Metric: {name} does not support requested dimension combination: entityname"));
        }
        let top: usize = query.get("top").map_or(10, |text| text.parse().unwrap());
        let all: Vec<usize> = (0..stand.hubs.len()).collect();
        let wanted: Vec<Vec<usize>> = match filter.map(String::as_str) {
            None => vec![all],
            Some("EntityName eq '*'") => all.into_iter().map(|hub| vec![hub]).take(top).collect(),
            Some(text) => {
                let quoted: Vec<&str> = text.split('\'').skip(1).step_by(2).collect();
                all.into_iter().filter(|hub| quoted.contains(&stand.hubs[*hub].as_str())).map(|hub| vec![hub]).collect()
            }
        };
        let series: Vec<Value> = wanted
            .into_iter()
            .filter_map(|hubs| {
                let data = course(name, &hubs, from, to, step, &aggregation);
                // What never happened has no series at all.
                if data.iter().all(|point| point.as_object().unwrap().len() == 1) && silent(name) {
                    return None;
                }
                let dimension = json!({"name": {"value": "entityname", "localizedValue": "entityname"},
                    "value": stand.hubs[hubs[0]].to_uppercase()});
                let dimensions = if filter.is_some() { vec![dimension] } else { vec![] };
                Some(json!({"metadatavalues": dimensions, "data": data}))
            })
            .collect();
        value.push(json!({"id": format!("{}/providers/Microsoft.Insights/metrics/{name}", id(NAMESPACE)),
            "type": "Microsoft.Insights/metrics", "name": {"value": name, "localizedValue": name}, "unit": unit,
            "errorCode": "Success", "timeseries": series}));
    }
    reply(
        200,
        &json!({"cost": 59, "timespan": query["timespan"], "interval": query["interval"],
            "namespace": "microsoft.eventhub/namespaces", "resourceregion": "westeurope", "value": value}),
    )
}

fn silent(name: &str) -> bool {
    ["ThrottledRequests", "ServerErrors", "UserErrors", "QuotaExceededErrors"].contains(&name)
}

fn course(
    name: &str,
    hubs: &[usize],
    from: NaiveDateTime,
    to: NaiveDateTime,
    step: i64,
    aggregation: &str,
) -> Vec<Value> {
    let mut data = Vec::new();
    let mut start = from;
    while start < to {
        let minutes = (0..step).map(|minute| start + chrono::Duration::minutes(minute)).filter(|moment| *moment < to);
        let values: Vec<f64> =
            minutes.flat_map(|moment| hubs.iter().filter_map(move |hub| measured(name, *hub, moment))).collect();
        let mut point = json!({"timeStamp": start.format("%Y-%m-%dT%H:%M:%SZ").to_string()});
        if !values.is_empty() {
            let sum: f64 = values.iter().sum();
            let value = match aggregation {
                "total" => sum,
                "average" => sum / f64::from(u32::try_from(values.len()).unwrap()),
                "minimum" => values.iter().copied().fold(f64::MAX, f64::min),
                _ => values.iter().copied().fold(f64::MIN, f64::max),
            };
            point[aggregation] = json!(value);
        }
        data.push(point);
        start += chrono::Duration::minutes(step);
    }
    data
}

/// What happened in one minute at one hub: fixed, so that answers can be computed by hand.
fn measured(name: &str, hub: usize, moment: NaiveDateTime) -> Option<f64> {
    let (hour, minute) = (moment.hour(), moment.minute());
    let hub = u32::try_from(hub).unwrap();
    let messages = f64::from(10 * (3 - hub.min(2)) + minute % 5);
    match name {
        // A minute without a value, on each hour: a gap.
        "OutgoingMessages" if minute == 30 => None,
        "IncomingMessages" if hour == 14 && minute == 3 && hub == 0 => Some(812.0),
        "IncomingMessages" | "OutgoingMessages" | "CapturedMessages" => Some(messages),
        "IncomingBytes" | "OutgoingBytes" | "CapturedBytes" => Some(messages * 1000.0),
        "ThrottledRequests" => {
            let throttled =
                moment.format("%Y-%m-%d").to_string() == "2026-01-13" && hour == 14 && minute < 5 && hub == 0;
            throttled.then(|| f64::from(10 + minute))
        }
        "ServerErrors" | "UserErrors" | "QuotaExceededErrors" => None,
        "CaptureBacklog" => Some(0.0),
        "ActiveConnections" => Some(f64::from(6 + minute % 3)),
        "Size" => Some(f64::from(hub + 1) * 1e9),
        _ => Some(f64::from(minute % 4)),
    }
}
