//! Asks Azure Monitor, a request at a time, and remembers answers for a minute: a conversation asks the same thing often.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Url;

use super::names::Metric;
use super::points::{Answered, Axis, read};
use super::query::Request;
use crate::azure::{Azure, Got};
use crate::eventhub::hubs;
use crate::{Failure, FailureKind};

/// How long an answer is used again unasked: no grain is finer.
const FRESH: Duration = Duration::from_mins(1);
/// How long the list of hubs is used again unasked.
const HUBS_FRESH: Duration = Duration::from_mins(5);
/// Answers that are remembered.
const ENTRIES: usize = 64;
/// Values that are remembered: 8 bytes each.
const VALUES: usize = 1_000_000;

/// One request's answer: what came, or why it did not.
pub(super) type Answer = (Request, Result<Arc<Vec<Answered>>, Failure>);

/// Answers of the last minute.
#[derive(Debug, Default)]
pub(super) struct Cache {
    entries: Mutex<Vec<Entry>>,
    hubs: Mutex<Option<(Instant, Vec<String>)>>,
}

#[derive(Clone, Debug)]
struct Entry {
    url: Url,
    read: Instant,
    etag: Option<String>,
    answered: Arc<Vec<Answered>>,
}

impl Entry {
    fn values(&self) -> usize {
        self.answered.iter().flat_map(|metric| &metric.series).map(|series| series.values.len()).sum()
    }
}

impl Cache {
    fn find(&self, url: &Url) -> Option<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().find(|entry| entry.url == *url).cloned()
    }

    fn keep(&self, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|known| known.url != entry.url);
        entries.push(entry);
        // The oldest go first; the newest is kept whatever its size, so a repeated question is always answered from here.
        while entries.len() > 1
            && (entries.len() > ENTRIES || entries.iter().map(Entry::values).sum::<usize>() > VALUES)
        {
            entries.remove(0);
        }
    }

    /// The hubs of the namespace.
    pub(super) async fn hubs(&self, azure: &Arc<Azure>) -> Result<Vec<String>, Failure> {
        let known = self.hubs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read, hubs)) = known
            && read.elapsed() < HUBS_FRESH
        {
            return Ok(hubs);
        }
        let hubs = hubs::names(azure).await?;
        *self.hubs.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), hubs.clone()));
        Ok(hubs)
    }
}

/// Asks all requests. Fails where the first of them cannot be answered for a reason that holds for all.
pub(super) async fn all(azure: &Azure, cache: &Cache, requests: Vec<Request>) -> Result<Vec<Answer>, Failure> {
    let mut answers = Vec::new();
    for request in requests {
        let answered = one(azure, cache, &request).await;
        // What one metric cannot have is told beside the others; a refusal of the sign-in or the place ends it all.
        match answered {
            Err(failure) if failure.kind != FailureKind::InvalidArguments && !premium(&request) => return Err(failure),
            other => answers.push((request, other)),
        }
    }
    Ok(answers)
}

/// Metrics that the tier may not have are refused as if the sign-in were wrong.
fn premium(request: &Request) -> bool {
    request.metrics.iter().any(|metric: &Metric| metric.is_premium())
}

async fn one(azure: &Azure, cache: &Cache, request: &Request) -> Result<Arc<Vec<Answered>>, Failure> {
    let what = format!("the metrics of `{}`", azure.namespace()?);
    let mut url = azure.url(&format!("{}/providers/Microsoft.Insights/metrics", azure.namespace_id()?));
    url.query_pairs_mut().extend_pairs(request.parameters());
    let known = cache.find(&url);
    if let Some(entry) = known.as_ref().filter(|entry| entry.read.elapsed() < FRESH) {
        return Ok(entry.answered.clone());
    }
    let etag = known.as_ref().and_then(|entry| entry.etag.as_deref());
    let entry = match (azure.get(url.clone(), &what, etag).await?, known) {
        (Got::Unchanged, Some(entry)) => Entry { read: Instant::now(), ..entry },
        (Got::Unchanged, None) => return Err(misunderstood(&what)),
        (Got::Body { bytes, etag }, _) => {
            let answered = Arc::new(read_body(&bytes, request, &what)?);
            Entry { url, read: Instant::now(), etag, answered }
        }
    };
    let answered = entry.answered.clone();
    cache.keep(entry);
    Ok(answered)
}

/// Reads the body of an answer.
pub(super) fn read_body(bytes: &[u8], request: &Request, what: &str) -> Result<Vec<Answered>, Failure> {
    read(bytes, Axis::new(request.from, request.to, request.grain.seconds())).map_err(|_| misunderstood(what))
}

fn misunderstood(what: &str) -> Failure {
    Failure::new(FailureKind::Unavailable, format!("cannot read {what}: Azure Monitor's answer is not understood"))
        .hint("check `azure.endpoint` in oms.toml, or leave it out")
}
