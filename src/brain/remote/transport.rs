//! How a provider is asked: with a time limit, again after 429, a server's error or a lost connection, and with a fresh
//! token where Entra ID stands for the key.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use azure_core::credentials::TokenCredential;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{TryStreamExt, stream};
use oms_tools::{Failure, FailureKind};
use rig_core::http_client::{
    BoxedStream, Error, HeaderMap, HeaderValue, HttpClientExt, LazyBody, MultipartForm, Request, Response, Result,
    StreamingResponse,
};
use rig_reqwest::ReqwestClient;
use serde_json::Value;

use crate::brain::Tape;
use crate::config::Settings;

/// The first wait before another try; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(400);
/// The longest wait that a server may ask for; where it asks for more, the person is told at once.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// Who gives tokens.
pub(super) type Tokens = Arc<dyn TokenCredential>;

/// A client that tries again where another try can help.
#[derive(Clone)]
pub(super) struct Patient {
    client: ReqwestClient,
    tries: u32,
    token: Option<(Tokens, &'static str)>,
    tape: Option<Tape>,
}

impl Patient {
    /// With the limits of the settings: seconds of one call, tries of one call.
    pub(super) fn new(settings: &Settings) -> std::result::Result<Self, Failure> {
        let client = rig_reqwest::reqwest::Client::builder()
            .timeout(Duration::from_secs_f64(settings.agent.seconds))
            .connect_timeout(Duration::from_secs_f64(settings.agent.seconds.min(10.0)))
            .build()
            .map_err(|error| {
                Failure::new(FailureKind::Unavailable, format!("cannot ask remote models: {error}"))
                    .hint("check this machine's certificates, or use `--brain rules`")
            })?;
        Ok(Self { client: client.into(), tries: settings.model.tries, token: None, tape: None })
    }

    /// With what is recorded, or replayed in the place of a server.
    pub(super) fn with_tape(mut self, tape: Option<Tape>) -> Self {
        self.tape = tape;
        self
    }

    /// Asks the server, or the tape. Only what is streamed is kept: so every turn is asked.
    async fn stream(&self, request: Request<Bytes>) -> Result<StreamingResponse> {
        let Some(tape) = &self.tape else {
            return self.send_again(request, |request| self.client.send_streaming::<Bytes>(request)).await;
        };
        let to = request.uri().path().to_owned();
        let asked: Value = serde_json::from_slice(request.body()).map_err(Error::instance)?;
        if let Some(played) = tape.played(&to, &asked) {
            let played = played.map_err(|failure| Error::instance(io::Error::other(failure.message)))?;
            let chunks: Vec<String> = serde_json::from_value(played).map_err(Error::instance)?;
            let chunks: BoxedStream = Box::pin(stream::iter(chunks.into_iter().map(Bytes::from).map(Ok)));
            return Response::builder()
                .header("content-type", "text/event-stream")
                .body(chunks)
                .map_err(Error::instance);
        }
        let response = self.send_again(request, |request| self.client.send_streaming::<Bytes>(request)).await?;
        let (parts, body) = response.into_parts();
        let chunks: Vec<Bytes> = body.try_collect().await?;
        tape.keep(&to, &asked, &serde_json::to_value(texts(&chunks)).map_err(Error::instance)?);
        let chunks: BoxedStream = Box::pin(stream::iter(chunks.into_iter().map(Ok)));
        Ok(Response::from_parts(parts, chunks))
    }

    /// With tokens for a scope in the place of a key.
    pub(super) fn with_token(mut self, tokens: Tokens, scope: &'static str) -> Self {
        self.token = Some((tokens, scope));
        self
    }

    async fn authorized(&self, mut request: Request<Bytes>) -> Result<Request<Bytes>> {
        if let Some((tokens, scope)) = &self.token {
            let token = tokens.get_token(&[scope], None).await.map_err(Error::instance)?;
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.token.secret()))?;
            value.set_sensitive(true);
            request.headers_mut().insert("authorization", value);
        }
        Ok(request)
    }

    /// Sends until it works, cannot work, or the tries are over.
    async fn send_again<R, F>(&self, request: Request<Bytes>, send: impl Fn(Request<Bytes>) -> F) -> Result<R>
    where
        F: Future<Output = Result<R>>,
    {
        let request = self.authorized(request).await?;
        let mut wait = FIRST_WAIT;
        for left in (0..self.tries).rev() {
            match send(request.clone()).await {
                Err(error) if left > 0 => {
                    let Some(pause) = pause(&error, wait) else { return Err(error) };
                    tracing::info!(wait_ms = pause.as_millis(), left, "asking the model again");
                    tokio::time::sleep(pause).await;
                    wait *= 2;
                }
                ended => return ended,
            }
        }
        send(request).await
    }
}

/// The chunks of a stream as texts, cut where the server cut it; what it sent of a character's beginning belongs to the next.
fn texts(chunks: &[Bytes]) -> Vec<String> {
    let (mut texts, mut rest) = (Vec::new(), Vec::new());
    for chunk in chunks {
        rest.extend_from_slice(chunk);
        let whole = match std::str::from_utf8(&rest) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => rest.len(),
        };
        if whole > 0 {
            let text: Vec<u8> = rest.drain(..whole).collect();
            texts.push(String::from_utf8_lossy(&text).into_owned());
        }
    }
    if !rest.is_empty() {
        texts.push(String::from_utf8_lossy(&rest).into_owned());
    }
    texts
}

/// How long to wait before the next try; `None` where another try cannot help.
fn pause(error: &Error, wait: Duration) -> Option<Duration> {
    match error {
        Error::InvalidStatusCodeWithDetails { status, body, headers } => {
            // An exhausted account is told with the status of a busy server; waiting does not fill it.
            let spent = ["insufficient_quota", "billing", "credit balance"].iter().any(|word| body.contains(word));
            let transient = matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504 | 529) && !spent;
            let asked = retry_after(headers, Utc::now());
            (transient && asked.unwrap_or_default() <= LONGEST_WAIT).then(|| asked.unwrap_or(wait))
        }
        Error::Instance(cause) => {
            let reqwest = cause.downcast_ref::<rig_reqwest::reqwest::Error>()?;
            // A time limit that is over is not tried again: the person has waited long enough.
            (!reqwest.is_timeout() && (reqwest.is_connect() || reqwest.is_request())).then_some(wait)
        }
        _ => None,
    }
}

/// `Retry-After`: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some((date.with_timezone(&Utc) - now).to_std().unwrap_or_default())
}

impl HttpClientExt for Patient {
    fn send<T, U>(&self, request: Request<T>) -> impl Future<Output = Result<Response<LazyBody<U>>>> + Send + 'static
    where
        T: Into<Bytes> + Send,
        U: From<Bytes> + Send + 'static,
    {
        let me = self.clone();
        let request = request.map(Into::into);
        async move { me.send_again(request, |request| me.client.send::<Bytes, U>(request)).await }
    }

    fn send_multipart<U>(
        &self,
        request: Request<MultipartForm>,
    ) -> impl Future<Output = Result<Response<LazyBody<U>>>> + Send + 'static
    where
        U: From<Bytes> + Send + 'static,
    {
        self.client.send_multipart(request)
    }

    fn send_streaming<T>(&self, request: Request<T>) -> impl Future<Output = Result<StreamingResponse>> + Send
    where
        T: Into<Bytes> + Send,
    {
        let request = request.map(Into::into);
        async move { self.stream(request).await }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use rig_core::http_client::StatusCode;

    use super::*;

    fn refused(status: u16, retry_after: Option<&'static str>, body: &str) -> Error {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert("retry-after", HeaderValue::from_static(value));
        }
        Error::non_success_with_details(StatusCode::from_u16(status).unwrap(), headers, body.to_owned())
    }

    #[test]
    fn another_try_is_made_only_where_it_can_help() {
        let wait = Duration::from_millis(400);
        for (status, retry_after, body, expected) in [
            (429, None, "slow down", Some(wait)),
            (429, Some("3"), "slow down", Some(Duration::from_secs(3))),
            (503, Some("0"), "", Some(Duration::ZERO)),
            (529, None, "overloaded", Some(wait)),
            (429, Some("600"), "slow down", None),
            (429, None, r#"{"error":{"code":"insufficient_quota"}}"#, None),
            (400, None, "", None),
            (401, None, "", None),
            (404, Some("1"), "", None),
        ] {
            assert_eq!(pause(&refused(status, retry_after, body), wait), expected, "{status} {retry_after:?} {body}");
        }
        assert_eq!(pause(&Error::StreamEnded, wait), None);
    }

    #[test]
    fn a_character_that_came_in_two_chunks_is_kept_whole() {
        for cut in 0..="a€ü".len() {
            let (one, two) = "a€ü".as_bytes().split_at(cut);
            let texts = texts(&[Bytes::copy_from_slice(one), Bytes::copy_from_slice(two)]);
            assert_eq!(texts.concat(), "a€ü", "{cut}");
        }
        let broken = texts(&[Bytes::from_static(b"a\xff"), Bytes::from_static(b"b\xe2\x82")]);
        assert_eq!(broken, ["a\u{fffd}", "b", "\u{fffd}"]);
    }

    #[test]
    fn a_date_in_retry_after_is_read() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static("Wed, 14 Jan 2026 12:00:05 GMT"));
        let now = "2026-01-14T12:00:00Z".parse().unwrap();
        assert_eq!(retry_after(&headers, now), Some(Duration::from_secs(5)));
        let later = "2026-01-14T13:00:00Z".parse().unwrap();
        assert_eq!(retry_after(&headers, later), Some(Duration::ZERO));
        headers.insert("retry-after", HeaderValue::from_static("soon"));
        assert_eq!(retry_after(&headers, now), None);
    }
}
