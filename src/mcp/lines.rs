//! Standard input and output as a transport: one JSON-RPC message a line. What is no message gets an error and on it goes; at
//! the end of the input what was taken is finished.
//!
//! rmcp's own transport ignores what is no JSON, and ends calls five seconds after the input; hence this one.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use oms_tools::process::Cancel;
use rmcp::RoleServer;
use rmcp::model::{
    ClientNotification, ClientRequest, GetMeta, JsonRpcMessage, JsonRpcResponse, RequestId, ServerResult,
};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// Messages that wait to be written.
const WAITING: usize = 64;
/// JSON-RPC: this is no JSON.
const PARSE_ERROR: i32 = -32700;
/// JSON-RPC: this is no request.
const INVALID_REQUEST: i32 = -32600;
/// JSON-RPC: these are no parameters of this method.
const INVALID_PARAMETERS: i32 = -32602;

/// Requests that have no answer yet, and the structured results that wait for their answers to be said: as text already, which
/// rmcp's types could only hold as a tree of values.
#[derive(Clone, Debug, Default)]
pub(super) struct Open(Arc<watch::Sender<HashMap<RequestId, Option<Box<RawValue>>>>>);

impl Open {
    fn begin(&self, id: RequestId) {
        self.0.send_modify(|open| {
            open.insert(id, None);
        });
    }

    /// Keeps the structured result of a request until its answer is said; gives it back where none is to be said any more.
    pub(super) fn keep(&self, id: &RequestId, structured: Box<RawValue>) -> Option<Box<RawValue>> {
        let mut left = Some(structured);
        self.0.send_if_modified(|open| {
            if let Some(place) = open.get_mut(id) {
                *place = left.take();
            }
            false
        });
        left
    }

    /// What waits for the answer of a request, which stays open until the answer is on its way.
    fn kept(&self, id: &RequestId) -> Option<Box<RawValue>> {
        let mut kept = None;
        self.0.send_if_modified(|open| {
            kept = open.get_mut(id).and_then(Option::take);
            false
        });
        kept
    }

    fn end(&self, id: &RequestId) {
        self.0.send_modify(|open| {
            open.remove(id);
        });
    }
}

/// An answer with the structured result that waited for it.
#[derive(Serialize)]
struct Whole<'a> {
    jsonrpc: &'static str,
    id: &'a RequestId,
    result: WithStructured<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WithStructured<'a> {
    #[serde(flatten)]
    result: &'a ServerResult,
    structured_content: &'a RawValue,
}

/// A message as it is said, with what waited for it.
fn written(item: &TxJsonRpcMessage<RoleServer>, structured: Option<&RawValue>) -> serde_json::Result<Vec<u8>> {
    let mut line = match (item, structured) {
        (JsonRpcMessage::Response(JsonRpcResponse { id, result, .. }), Some(structured)) => {
            // The rest of an answer is a few rows of text.
            let mut line = Vec::with_capacity(structured.get().len() + (32 << 10));
            let result = WithStructured { result, structured_content: structured };
            serde_json::to_writer(&mut line, &Whole { jsonrpc: "2.0", id, result })?;
            line
        }
        _ => serde_json::to_vec(item)?,
    };
    line.push(b'\n');
    Ok(line)
}

/// The transport.
pub(super) struct Lines<R> {
    read: BufReader<R>,
    /// The line so far: a read that is given up keeps it.
    line: Vec<u8>,
    longest: usize,
    /// The rest of a line that is too long is passed over.
    skipping: bool,
    /// Whether the conversation has begun: what comes before is no error of ours to end by.
    begun: bool,
    out: Option<mpsc::Sender<Vec<u8>>>,
    /// An error that is still to be said: a wait for room that is given up keeps it.
    answer: Option<Vec<u8>>,
    writer: Option<JoinHandle<()>>,
    open: Open,
    gone: Cancel,
}

/// What stood in the next line.
enum Read {
    Line,
    TooLong,
    End,
}

impl<R: AsyncRead + Unpin + Send> Lines<R> {
    /// A transport whose lines have at most so many bytes; `gone` is said at the end of the input.
    pub(super) fn new(read: R, write: impl AsyncWrite + Unpin + Send + 'static, longest: usize, gone: Cancel) -> Self {
        let (out, waiting) = mpsc::channel(WAITING);
        Self {
            read: BufReader::with_capacity(64 << 10, read),
            line: Vec::new(),
            longest,
            skipping: false,
            begun: false,
            out: Some(out),
            answer: None,
            writer: Some(tokio::spawn(write_all(waiting, write))),
            open: Open::default(),
            gone,
        }
    }

    /// What is still to be answered.
    pub(super) fn open(&self) -> Open {
        self.open.clone()
    }

    /// Reads on to the end of a line. Whatever was read stays when this is given up: `fill_buf` takes nothing, and between it
    /// and `consume` nothing waits.
    async fn next_line(&mut self) -> Read {
        loop {
            let Ok(found) = self.read.fill_buf().await else { return Read::End };
            if found.is_empty() {
                return Read::End;
            }
            let end = found.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(found.len(), |end| end + 1);
            let fits = self.line.len() + taken <= self.longest + 1;
            if !self.skipping && fits {
                self.line.extend_from_slice(&found[..taken]);
            }
            self.read.consume(taken);
            match (self.skipping, fits, end.is_some()) {
                (true, _, ended) => self.skipping = !ended,
                (false, true, true) => return Read::Line,
                (false, true, false) => {}
                (false, false, ended) => {
                    self.skipping = !ended;
                    self.line.clear();
                    return Read::TooLong;
                }
            }
        }
    }

    /// The message of the line, or the error that answers it; neither where nothing needs to be said.
    fn parse(&mut self) -> Result<Option<RxJsonRpcMessage<RoleServer>>, Value> {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line).trim_ascii();
        if line.is_empty() {
            return Ok(None);
        }
        let cause = match serde_json::from_slice(line) {
            Ok(message) => return Ok(self.admit(message)),
            Err(cause) => cause,
        };
        let Ok(text) = std::str::from_utf8(line) else {
            return Err(error(None, PARSE_ERROR, "cannot read the line: it is not UTF-8"));
        };
        let value: Value = serde_json::from_str(text)
            .map_err(|cause| error(None, PARSE_ERROR, &format!("cannot read the line: {cause}")))?;
        let method = value.get("method").and_then(Value::as_str);
        match (value.get("id"), method) {
            // Nobody waits for an answer to a notification, whatever it is.
            (None, Some(method)) => {
                tracing::debug!(method, "a notification that is not known");
                Ok(None)
            }
            (Some(id @ (Value::String(_) | Value::Number(_))), Some(method)) => {
                let text = format!("cannot read the parameters of `{}`: {cause}", method.escape_debug());
                Err(error(Some(id).filter(|id| id.is_string() || id.is_i64()), INVALID_PARAMETERS, &text))
            }
            _ => Err(error(None, INVALID_REQUEST, "this is no JSON-RPC 2.0 request with an id and a method")),
        }
    }

    /// Keeps account of what waits for an answer. What cannot be before the first request is passed over.
    fn admit(&mut self, message: RxJsonRpcMessage<RoleServer>) -> Option<RxJsonRpcMessage<RoleServer>> {
        match &message {
            JsonRpcMessage::Request(request) => {
                self.begun |= match &request.request {
                    ClientRequest::InitializeRequest(_) => true,
                    ClientRequest::DiscoverRequest(_) | ClientRequest::PingRequest(_) => false,
                    other => other.get_meta().protocol_version().is_some(),
                };
                self.open.begin(request.id.clone());
            }
            JsonRpcMessage::Notification(notification) => {
                // A call that is cancelled gets no answer.
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.open.end(id);
                }
            }
            JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_) => {}
        }
        (self.begun || matches!(message, JsonRpcMessage::Request(_))).then_some(message)
    }
}

impl<R: AsyncRead + Unpin + Send> Transport<RoleServer> for Lines<R> {
    type Error = io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), io::Error>> + Send + 'static {
        let (out, open) = (self.out.clone(), self.open.clone());
        async move {
            let closed = || io::Error::new(io::ErrorKind::BrokenPipe, "standard output is closed");
            let answered = match &item {
                JsonRpcMessage::Response(response) => Some(response.id.clone()),
                JsonRpcMessage::Error(error) => error.id.clone(),
                _ => None,
            };
            let structured = answered.as_ref().and_then(|id| open.kept(id));
            let line = written(&item, structured.as_deref())?;
            let sent = out.ok_or_else(closed)?.send(line).await.map_err(|_| closed());
            if let Some(id) = answered {
                open.end(&id);
            }
            sent
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        let out = self.out.clone()?;
        loop {
            if self.answer.is_some() {
                let room = out.reserve().await.ok()?;
                if let Some(answer) = self.answer.take() {
                    room.send(answer);
                }
            }
            let read = tokio::select! {
                read = self.next_line() => read,
                // Nobody reads what we say.
                () = out.closed() => return None,
            };
            let parsed = match read {
                Read::Line => self.parse(),
                Read::TooLong => {
                    Err(error(None, INVALID_REQUEST, &format!("the line is longer than {} bytes", self.longest)))
                }
                Read::End => {
                    self.gone.cancel();
                    let mut open = self.open.0.subscribe();
                    tokio::select! {
                        _ = open.wait_for(HashMap::is_empty) => {}
                        () = out.closed() => {}
                    }
                    return None;
                }
            };
            match parsed {
                Ok(Some(message)) => return Some(message),
                Ok(None) => {}
                Err(answer) => {
                    let mut line = answer.to_string().into_bytes();
                    line.push(b'\n');
                    self.answer = Some(line);
                }
            }
        }
    }

    async fn close(&mut self) -> Result<(), io::Error> {
        self.out = None;
        if let Some(writer) = self.writer.take() {
            writer.await.map_err(io::Error::other)?;
        }
        Ok(())
    }
}

/// Writes lines, several at once where they wait, until there are no more or nobody reads.
async fn write_all(mut waiting: mpsc::Receiver<Vec<u8>>, mut write: impl AsyncWrite + Unpin) {
    while let Some(mut lines) = waiting.recv().await {
        while let Ok(more) = waiting.try_recv() {
            lines.extend(more);
        }
        if write.write_all(&lines).await.is_err() || write.flush().await.is_err() {
            return;
        }
    }
}

/// An error as MCP has it: without an id where none could be read.
fn error(id: Option<&Value>, code: i32, message: &str) -> Value {
    let mut answer = json!({ "jsonrpc": "2.0", "error": { "code": code, "message": message } });
    if let (Some(id), Some(answer)) = (id, answer.as_object_mut()) {
        answer.insert("id".to_owned(), id.clone());
    }
    answer
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

    use super::*;

    const LONGEST: usize = 200;
    const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

    fn lines(input: &[u8]) -> (Lines<io::Cursor<Vec<u8>>>, tokio::io::DuplexStream) {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        (Lines::new(io::Cursor::new(input.to_vec()), ours, LONGEST, Cancel::default()), theirs)
    }

    /// What is answered to a line, and that the next one is heard.
    async fn answered(line: &[u8]) -> Option<Value> {
        let (mut lines, theirs) = lines(&[line, b"\n", PING.as_bytes(), b"\n"].concat());
        let next = lines.receive().await;
        assert!(matches!(next, Some(JsonRpcMessage::Request(_))), "{next:?}");
        lines.close().await.unwrap();
        let mut said = String::new();
        let mut theirs = BufReader::new(theirs);
        theirs.read_line(&mut said).await.unwrap();
        (!said.is_empty()).then(|| serde_json::from_str(&said).unwrap())
    }

    #[tokio::test]
    async fn what_is_no_message_gets_an_error_and_on_it_goes() {
        let too_long = format!("{{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"{}\"}}", "x".repeat(LONGEST));
        let deep = "[".repeat(LONGEST - 10);
        for (line, code, id) in [
            (b"not json".as_slice(), PARSE_ERROR, None),
            (b"{\"jsonrpc\":\"2.0\"", PARSE_ERROR, None),
            (b"{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"a\xff\"}", PARSE_ERROR, None),
            (deep.as_bytes(), PARSE_ERROR, None),
            (too_long.as_bytes(), INVALID_REQUEST, None),
            (b"[]", INVALID_REQUEST, None),
            (b"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", INVALID_REQUEST, None),
            (b"5", INVALID_REQUEST, None),
            (b"{\"id\":4}", INVALID_REQUEST, None),
            (b"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", INVALID_REQUEST, None),
            (b"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", INVALID_PARAMETERS, None),
            (b"{\"jsonrpc\":\"1.0\",\"id\":6,\"method\":\"ping\"}", INVALID_PARAMETERS, Some(json!(6))),
        ] {
            let answer = answered(line).await.unwrap();
            let shown = String::from_utf8_lossy(line);
            assert_eq!(answer["error"]["code"], code, "{shown}: {answer}");
            assert_eq!(answer.get("id").cloned(), id, "{shown}: {answer}");
        }
    }

    #[tokio::test]
    async fn what_needs_no_answer_gets_none() {
        for line in [
            "",
            "   ",
            "\u{feff}",
            r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":5}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}"#,
            r#"{"jsonrpc":"2.0","id":9,"result":{}}"#,
        ] {
            assert_eq!(answered(line.as_bytes()).await, None, "{line}");
        }
    }

    #[tokio::test]
    async fn the_end_waits_for_what_was_taken() {
        let (mut lines, _theirs) = lines(format!("{PING}\n").as_bytes());
        assert!(lines.receive().await.is_some());
        let gone = lines.gone.clone();
        let mut end = Box::pin(lines.receive());
        // Polled to its wait: the end is seen, and the open request holds it.
        assert!(futures::poll!(&mut end).is_pending());
        assert!(gone.is_cancelled());
        drop(end);
        let answer = rmcp::model::ServerJsonRpcMessage::response(
            rmcp::model::ServerResult::EmptyResult(rmcp::model::EmptyResult {}),
            RequestId::Number(1),
        );
        lines.send(answer).await.unwrap();
        assert!(lines.receive().await.is_none());
    }
}
