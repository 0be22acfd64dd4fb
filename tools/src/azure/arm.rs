//! A read of the management interface: the token, the time limit, waiting when it says so, and a bound on what comes back.

use std::time::Duration;

use azure_core::credentials::Secret;
use reqwest::header::{ETAG, HeaderMap, IF_NONE_MATCH, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url};

use super::refusal::Refusal;
use super::{Azure, AzurePlace, Way};
use crate::{Failure, FailureKind, trust};

/// Bytes of one answer at most.
const LARGEST: usize = 48 << 20;
/// How long it is waited, in all, for an interface that asks to come back later.
pub(super) const WAITING: Duration = Duration::from_secs(15);
/// How often it is asked again at most.
pub(super) const AGAIN: u32 = 4;

/// What came back.
#[derive(Debug)]
pub(crate) enum Got {
    /// A body, with its version.
    Body {
        /// As it came.
        bytes: Vec<u8>,
        /// Names its version, for the next time.
        etag: Option<String>,
    },
    /// The version that was named is still the newest.
    Unchanged,
}

impl Azure {
    /// An address of the management interface.
    pub(crate) fn url(&self, path: &str) -> Url {
        let mut url = self.endpoint.clone();
        url.set_path(path);
        url
    }

    /// Reads one address. `what` says what was to be read, for failures: "the metrics of `oms-prod`".
    pub(crate) async fn get(&self, url: Url, what: &str, known: Option<&str>) -> Result<Got, Failure> {
        let unreachable = |cause: &str| {
            Failure::new(FailureKind::Unavailable, format!("cannot read {what}: {cause}"))
                .hint("check the network and `azure.cloud` in oms.toml")
        };
        let (mut waited, mut renewed) = (Duration::ZERO, false);
        let mut again = 0;
        loop {
            let token = self.bearer().await?;
            let mut request = self.client()?.get(url.clone()).bearer_auth(token.secret());
            if let Some(known) = known {
                request = request.header(IF_NONE_MATCH, known);
            }
            // The error's own text holds the address; it is said in our words instead.
            let response =
                request.send().await.map_err(|error| match (trust::is_distrust(&error), error.is_timeout()) {
                    (true, _) => Failure::refused(format!("cannot read {what}: {DISTRUSTED}")).hint(trust::REMEDY),
                    (_, true) => unreachable("it does not answer"),
                    _ => unreachable("it cannot be reached"),
                })?;
            let status = response.status();
            if status == StatusCode::NOT_MODIFIED {
                return Ok(Got::Unchanged);
            }
            let headers = response.headers().clone();
            let bytes = body(response).await.map_err(unreachable)?;
            if status == StatusCode::OK {
                let etag = headers.get(ETAG).and_then(|value| value.to_str().ok()).map(str::to_owned);
                return Ok(Got::Body { bytes, etag });
            }
            let refusal = Refusal::read(status.as_u16(), retry_after(&headers), &bytes);
            if status == StatusCode::UNAUTHORIZED && !renewed && !refusal.is_of_another_tenant() {
                // It may just have expired, or its rights have changed: one new token is worth a try.
                self.credentials.forget().await;
                renewed = true;
                continue;
            }
            let Some(pause) = refusal.pause(again, waited) else {
                return Err(refusal.failure(what, &self.place, self.signed_in()));
            };
            tokio::time::sleep(pause).await;
            waited += pause;
            again += 1;
        }
    }

    /// The client for its requests.
    pub(super) fn client(&self) -> Result<&Client, Failure> {
        self.http.as_ref().map_err(Clone::clone)
    }

    pub(super) async fn bearer(&self) -> Result<Secret, Failure> {
        Ok(self.credentials.token().await?.token)
    }

    pub(super) fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    pub(super) fn signed_in(&self) -> Option<Way> {
        self.credentials.signed_in()
    }

    pub(super) fn is_at(&self) -> &AzurePlace {
        &self.place
    }
}

/// Equal scheme, host and port.
pub(super) fn same_host(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// Seconds that a busy interface asks to wait.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// The management interface shows a certificate that nobody here believes: it gets no token.
pub(super) const DISTRUSTED: &str = "the certificate of the management interface is not trusted";

pub(super) async fn body(mut response: Response) -> Result<Vec<u8>, &'static str> {
    // The length that is told spares a growing buffer its copies; it is believed within bounds.
    let told = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut bytes = Vec::with_capacity(told.min(LARGEST));
    while let Some(chunk) = response.chunk().await.map_err(|_| "its answer broke off")? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err("its answer is too large; ask for a shorter range or a coarser grain");
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
