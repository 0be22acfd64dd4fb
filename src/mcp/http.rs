//! The same server over HTTP (MCP's "streamable HTTP"), on this machine alone. Whose a request is, its token says; the session
//! that it names must be the same person's. Everything is bounded: connections, sessions, bytes, and the time of each.
//!
//! A web page cannot reach it: a request with an `Origin` is refused, and one whose `Host` is not this machine's.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use futures::StreamExt;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use oms_tools::process::Cancel;
use oms_tools::{Failure, FailureKind};
use rmcp::transport::streamable_http_server::session::local::{LocalSessionManager, SessionConfig};
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use serde::Deserialize;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::server::Server;
use super::tokens::Tokens;
use crate::agent::Agent;
use crate::config::Config;

/// Where the server stands.
const PATH: &str = "/mcp";
/// The header that names a session.
const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
/// Connections at the same time.
const CONNECTIONS: usize = 128;
/// How many times as much as a body may have is read of one that has more.
const READ_ON: usize = 8;
/// How long open answers may take after the word to stop.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// A server that listens.
pub struct Listening {
    listener: TcpListener,
    /// Where clients find it.
    pub url: String,
    router: Router,
    /// How long a request's head may take to come, and an idle connection may stay.
    patience: Duration,
    stop: Box<dyn FnOnce() + Send>,
}

/// Begins to listen on an address of this machine: `127.0.0.1:8765`, `[::1]:0`, `localhost:8765` or a port alone.
///
/// Fails where the address is another machine's or all of them, where it is taken, and where there is no token.
pub async fn listen(agent: Arc<Agent>, config: &Config, address: &str) -> Result<Listening, Failure> {
    let address = loopback(address)?;
    let tokens = Tokens::of(config)?;
    let settings = &config.settings.mcp;
    let cannot = |cause: &std::io::Error| {
        Failure::new(FailureKind::Unavailable, format!("cannot listen on `{address}`: {}", cause.kind()))
            .hint("choose another port: oms mcp --http 127.0.0.1:0 takes a free one")
    };
    let listener = TcpListener::bind(address).await.map_err(|error| cannot(&error))?;
    let url = format!("http://{}{PATH}", listener.local_addr().map_err(|error| cannot(&error))?);

    let mut sessions = SessionConfig::default();
    sessions.keep_alive = Some(Duration::from_secs_f64(settings.idle_seconds));
    let mut manager = LocalSessionManager::default();
    manager.session_config = sessions;
    let manager = Arc::new(manager);
    // An empty list of origins that is enforced: no page of any site is let in. The hosts are this machine's by default.
    let mut rules = StreamableHttpServerConfig::default().enforce_origin_validation();
    rules.max_request_body_bytes = settings.bytes;
    let stop = rules.cancellation_token.clone();
    let patience = Duration::from_secs_f64(settings.request_seconds);
    let server = Server::new(agent, settings, None, Cancel::default());
    let service = StreamableHttpService::new(move || Ok(server.clone()), manager.clone(), rules);
    let door = Door {
        tokens,
        sessions: manager,
        owners: Mutex::default(),
        opening: tokio::sync::Mutex::default(),
        most: settings.sessions,
        bytes: settings.bytes,
        patience,
    };
    let router =
        Router::new().route_service(PATH, service).layer(middleware::from_fn_with_state(Arc::new(door), admit));
    Ok(Listening { listener, url, router, patience, stop: Box::new(move || stop.cancel()) })
}

impl Listening {
    /// Serves until `stopped`; what is being answered then has a little time.
    pub async fn serve(self, stopped: impl Future<Output = ()>) {
        let connections = Arc::new(Semaphore::new(CONNECTIONS));
        let mut stopped = std::pin::pin!(stopped);
        loop {
            let accepted = tokio::select! {
                () = &mut stopped => break,
                accepted = async {
                    let room = connections.clone().acquire_owned().await;
                    (self.listener.accept().await, room)
                } => accepted,
            };
            match accepted {
                (Ok((stream, _)), Ok(room)) => {
                    let (router, patience) = (self.router.clone(), self.patience);
                    tokio::spawn(async move {
                        connection(stream, router, patience).await;
                        drop(room);
                    });
                }
                // Too many open files, say: others end meanwhile.
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        (self.stop)();
        let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
        tokio::time::timeout(LAST_WORDS, connections.acquire_many(all)).await.ok();
    }
}

async fn connection(stream: TcpStream, router: Router, patience: Duration) {
    stream.set_nodelay(true).ok();
    let service = TowerToHyperService::new(router);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// An address of this machine alone.
fn loopback(text: &str) -> Result<SocketAddr, Failure> {
    let named = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let address = match text.parse::<u16>() {
        Ok(port) => Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)),
        Err(_) => named.as_deref().unwrap_or(text).parse::<SocketAddr>(),
    };
    let address = address.map_err(|_| {
        Failure::invalid(format!("cannot listen on `{}`: it is no address with a port", text.escape_debug()))
            .hint("for example: oms mcp --http 127.0.0.1:8765")
    })?;
    if !address.ip().is_loopback() {
        return Err(Failure::refused(format!("refused to listen on `{address}`: other machines could reach it"))
            .hint("listen on 127.0.0.1, and reach it from elsewhere through `ssh -L` or a proxy with TLS"));
    }
    Ok(address)
}

/// Who is let in, and to which session.
struct Door {
    tokens: Tokens,
    sessions: Arc<LocalSessionManager>,
    /// Whose each session is.
    owners: Mutex<HashMap<String, String>>,
    /// One session is opened at a time, so that their number holds.
    opening: tokio::sync::Mutex<()>,
    most: usize,
    bytes: usize,
    /// How long a request's body may take to come.
    patience: Duration,
}

/// What a body says that it is.
#[derive(Deserialize)]
struct Message {
    method: Option<String>,
}

async fn admit(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    door.admit(request, next).await.unwrap_or_else(|refused| refused)
}

impl Door {
    async fn admit(&self, request: Request, next: Next) -> Result<Response, Response> {
        let header = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes);
        let Some(owner) = self.tokens.owner(header).cloned() else {
            let mut refused =
                refusal(StatusCode::UNAUTHORIZED, "send a token that this server knows: Authorization: Bearer TOKEN");
            refused.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return Err(refused);
        };
        let session = request.headers().get(SESSION).map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
        if let Some(session) = &session {
            let owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
            // Another's session is as one that never was.
            if owners.get(session) != Some(&owner.principal.name) {
                return Err(refusal(StatusCode::NOT_FOUND, "there is no such session: initialize a new one"));
            }
        }
        let (mut head, body) = request.into_parts();
        head.extensions.insert(owner.clone());
        let body = match tokio::time::timeout(self.patience, whole(body, self.bytes)).await {
            Ok(Some(body)) => body,
            Ok(None) => {
                let text = format!("the body is longer than {} bytes, or broke off", self.bytes);
                return Err(refusal(StatusCode::PAYLOAD_TOO_LARGE, &text));
            }
            Err(_) => return Err(refusal(StatusCode::REQUEST_TIMEOUT, "the body did not come in time")),
        };
        let opens = session.is_none()
            && head.method == Method::POST
            && serde_json::from_slice::<Message>(&body)
                .is_ok_and(|message| message.method.as_deref() == Some("initialize"));
        let ends = head.method == Method::DELETE;
        let request = Request::from_parts(head, Body::from(body));
        if !opens {
            let mut response = next.run(request).await;
            // The session has ended when this is said; clients take "accepted" for a failure.
            if ends && response.status() == StatusCode::ACCEPTED {
                *response.status_mut() = StatusCode::NO_CONTENT;
                *response.body_mut() = Body::empty();
            }
            return Ok(response);
        }
        let _opening = self.opening.lock().await;
        self.room(&owner.principal.name).await?;
        let response = next.run(request).await;
        if let Some(id) = response.headers().get(SESSION).and_then(|id| id.to_str().ok()) {
            let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
            owners.insert(id.to_owned(), owner.principal.name);
        }
        Ok(response)
    }

    /// Whether there is room for one more session; those that have ended are forgotten.
    async fn room(&self, owner: &str) -> Result<(), Response> {
        let open = self.sessions.sessions.read().await;
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.retain(|id, _| open.contains_key(id.as_str()));
        if open.len() < self.most {
            return Ok(());
        }
        tracing::warn!(principal = owner, sessions = open.len(), "no room for another session");
        Err(refusal(StatusCode::SERVICE_UNAVAILABLE, "too many sessions are open: end one, or wait until one is idle"))
    }
}

/// A body of at most so many bytes; none where it is longer or broke off. A longer one is read on all the same, up to a bound:
/// a client that still writes when the connection is closed would be cut off, and not told why.
async fn whole(body: Body, most: usize) -> Option<Vec<u8>> {
    let (mut kept, mut read) = (Vec::new(), 0_usize);
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.ok()?;
        read = read.saturating_add(part.len());
        if read <= most {
            kept.extend_from_slice(&part);
        } else if read > most.saturating_mul(READ_ON) {
            return None;
        } else {
            kept = Vec::new();
        }
    }
    (read <= most).then_some(kept)
}

/// A refusal as JSON-RPC clients read it.
fn refusal(status: StatusCode, message: &str) -> Response {
    let body = json!({ "jsonrpc": "2.0", "error": { "code": -32600, "message": message } });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

    use super::*;

    #[test]
    fn only_this_machine_is_listened_on() {
        for (text, expected) in [
            ("127.0.0.1:8765", Some("127.0.0.1:8765")),
            ("127.8.9.1:1", Some("127.8.9.1:1")),
            ("[::1]:0", Some("[::1]:0")),
            ("localhost:80", Some("127.0.0.1:80")),
            ("8765", Some("127.0.0.1:8765")),
            ("0.0.0.0:8765", None),
            ("[::]:8765", None),
            ("192.168.1.2:8765", None),
            ("[::ffff:127.0.0.1]:1", None),
            ("example.com:80", None),
            ("127.0.0.1", None),
            ("localhost", None),
            (":80", None),
            ("99999", None),
            ("", None),
        ] {
            assert_eq!(loopback(text).ok().map(|address| address.to_string()).as_deref(), expected, "{text}");
        }
    }
}
