//! The management crate is of an older line of the SDK: this gives it our sign-in and a transport that keeps the token home.
//!
//! The crate follows `nextLink` wherever it leads, token and all; the transport here refuses other hosts, waits when it is
//! told to, and reads refusals as [`super::refusal`] does.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core_legacy::auth::{AccessToken, TokenCredential};
use azure_core_legacy::error::{Error, ErrorKind};
use azure_core_legacy::headers::{AUTHORIZATION, HeaderName, HeaderValue, Headers, RETRY_AFTER};
use azure_core_legacy::{
    BytesStream, HttpClient, Method, Request, Response, RetryOptions, StatusCode, TransportOptions, Url,
};
use azure_mgmt_eventhub::package_2024_01::Client;

use super::Azure;
use super::arm::{DISTRUSTED, body, same_host};
use super::refusal::Refusal;
use crate::{Failure, FailureKind, trust};

/// Our sign-in, as the older line wants it.
struct Bridge(Arc<Azure>);

impl std::fmt::Debug for Bridge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bridge")
    }
}

#[async_trait]
impl TokenCredential for Bridge {
    async fn get_token(&self, _scopes: &[&str]) -> azure_core_legacy::Result<AccessToken> {
        let token = self.0.credentials.token().await.map_err(|failure| Error::new(ErrorKind::Credential, failure))?;
        Ok(AccessToken::new(token.token.secret().to_owned(), token.expires_on))
    }

    async fn clear_cache(&self) -> azure_core_legacy::Result<()> {
        self.0.credentials.forget().await;
        Ok(())
    }
}

/// A refusal on its way through the older line's error type.
#[derive(Debug)]
struct Carried(Refusal);

impl std::fmt::Display for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Carried {}

#[derive(Debug)]
struct Guarded {
    client: reqwest::Client,
    endpoint: Url,
    sign_in: Bridge,
}

impl Guarded {
    /// One request, as it is. Only reading: everything else would have a body, which is not sent.
    async fn carried(&self, request: &Request) -> azure_core_legacy::Result<Response> {
        let broken = |cause: &str| Error::new(ErrorKind::Io, Failure::new(FailureKind::Unavailable, cause));
        if *request.method() != Method::Get {
            return Err(Error::message(ErrorKind::Other, "only reading is carried"));
        }
        let headers = request.headers().iter();
        let asked = headers.fold(self.client.get(request.url().clone()), |asked, (name, value)| {
            asked.header(name.as_str(), value.as_str())
        });
        let response = asked.send().await.map_err(|error| {
            if trust::is_distrust(&error) {
                Error::new(ErrorKind::Io, Failure::refused(DISTRUSTED).hint(trust::REMEDY))
            } else {
                broken(if error.is_timeout() { "it does not answer" } else { "it cannot be reached" })
            }
        })?;
        let status = StatusCode::try_from(response.status().as_u16())
            .map_err(|_| Error::message(ErrorKind::DataConversion, "a status that is none"))?;
        let headers: HashMap<HeaderName, HeaderValue> = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned().into(), value.to_str().ok()?.to_owned().into())))
            .collect();
        let bytes = body(response).await.map_err(broken)?;
        Ok(Response::new(status, Headers::from(headers), Box::pin(BytesStream::new(bytes))))
    }
}

#[async_trait]
impl HttpClient for Guarded {
    async fn execute_request(&self, request: &Request) -> azure_core_legacy::Result<Response> {
        if !same_host(request.url(), &self.endpoint) {
            let elsewhere = "its next page is on another host, which would get our token";
            return Err(Error::new(ErrorKind::Other, Failure::new(FailureKind::Unavailable, elsewhere)));
        }
        let (mut waited, mut again) = (Duration::ZERO, 0);
        let mut renewed: Option<Request> = None;
        loop {
            let request = renewed.as_ref().unwrap_or(request);
            let answered = tokio::time::timeout(Azure::PATIENCE, self.carried(request)).await;
            let response = answered.map_err(|_| {
                Error::new(ErrorKind::Other, Failure::new(FailureKind::TimedOut, "it does not answer"))
            })??;
            if response.status().is_success() {
                return Ok(response);
            }
            let (status, headers, body) = response.deconstruct();
            let wait = headers.get_optional_str(&RETRY_AFTER).and_then(|text| text.trim().parse().ok());
            let refusal = Refusal::read(u16::from(status), wait.map(Duration::from_secs), &body.collect().await?);
            if status == StatusCode::Unauthorized && renewed.is_none() && !refusal.is_of_another_tenant() {
                // As for all other readings: it may just have expired, and one new token is worth a try.
                self.sign_in.clear_cache().await?;
                let token = self.sign_in.get_token(&[]).await?;
                let mut again = request.clone();
                again.insert_header(AUTHORIZATION, format!("Bearer {}", token.token.secret()));
                renewed = Some(again);
                continue;
            }
            let Some(pause) = refusal.pause(again, waited) else {
                return Err(Error::new(ErrorKind::http_response(status, None), Carried(refusal)));
            };
            tokio::time::sleep(pause).await;
            waited += pause;
            again += 1;
        }
    }
}

/// The management client of Event Hubs at this place, with our sign-in.
pub(crate) fn eventhub_client(azure: &Arc<Azure>) -> Result<Client, Failure> {
    let endpoint = azure.endpoint().clone();
    let client = azure.client()?.clone();
    let guarded = Guarded { client, endpoint: endpoint.clone(), sign_in: Bridge(azure.clone()) };
    Client::builder(Arc::new(Bridge(azure.clone())))
        .endpoint(endpoint)
        // Left out, it would be derived from the endpoint.
        .scopes(&[&azure.place().cloud.scope()])
        .retry(RetryOptions::none())
        .transport(TransportOptions::new(Arc::new(guarded)))
        .build()
        .map_err(|_| Failure::new(FailureKind::Internal, "cannot prepare the Event Hubs management client"))
}

/// What a failure of the management client means. `what` says what was to be read.
pub(crate) fn failure(error: &Error, what: &str, azure: &Azure) -> Failure {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if let Some(Carried(refusal)) = cause.downcast_ref::<Carried>() {
            return refusal.failure(what, azure.is_at(), azure.signed_in());
        }
        if let Some(known) = cause.downcast_ref::<Failure>() {
            // A sign-in says itself what could not be done; the rest are causes.
            if known.message.starts_with("cannot ") {
                return known.clone();
            }
            let failure = Failure::new(known.kind, format!("cannot read {what}: {}", known.message));
            return match known.hints.as_slice() {
                [] => failure.hint("check the network and `azure.cloud` in oms.toml"),
                hints => hints.iter().fold(failure, |failure, hint| failure.hint(hint.clone())),
            };
        }
        source = cause.source();
    }
    let cause = match error.kind() {
        ErrorKind::DataConversion => "its answer is not understood",
        _ => "it cannot be reached",
    };
    Failure::new(FailureKind::Unavailable, format!("cannot read {what}: {cause}"))
        .hint("check the network and `azure.cloud` in oms.toml")
}
