//! `oms mcp --http`: requests that do not come whole, and sessions that nobody uses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::home::Home;

const TOKEN: &str = "0123456789012345678901234567890123456789";
/// Far longer than the seconds that the settings give: what ends only then does not end by itself.
const LONGEST: Duration = Duration::from_mins(1);
const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
const PING: &str = r#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#;

/// A server that ends with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn of(home: &Home, settings: &str) -> Self {
        let file = home.path().join("mcp.toml");
        std::fs::write(&file, settings).unwrap();
        let mut child = home
            .command(&["--config", file.to_str().unwrap(), "mcp", "--http", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let address = url.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix("/mcp")).unwrap();
        Self { address: address.to_owned(), child }
    }

    /// Sends some bytes of a request, and nothing more; all that comes back until the server ends the connection.
    fn said(&self, sent: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LONGEST)).unwrap();
        stream.write_all(sent.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the server ends the connection");
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn head(&self, more: &str, length: usize) -> String {
        format!(
            "POST /mcp HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\nAccept: application/json, text/event-stream\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n",
            self.address
        )
    }

    fn post(&self, more: &str, body: &str) -> String {
        self.said(&format!("{}{body}", self.head(more, body.len())))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The header that names the session which this answer opened.
fn named(opened: &str) -> String {
    let answer = opened.to_lowercase();
    let session = answer.lines().find_map(|line| line.strip_prefix("mcp-session-id: "));
    format!("Mcp-Session-Id: {}\r\n", session.unwrap().trim())
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or(answer)
}

#[test]
fn what_does_not_come_is_not_waited_for() {
    let mut home = Home::seeded();
    home.set("OMS_MCP_TOKEN", TOKEN);
    let server = Server::of(&home, "[mcp]\nrequest_seconds = 1\nidle_seconds = 1\nsessions = 1\n");
    // Half a head: the connection is ended, with 408 or without a word; nobody has to be told more.
    for part in ["POST /mcp HT", "POST /mcp HTTP/1.1\r\nHost: ", ""] {
        let answer = server.said(part);
        assert!(answer.is_empty() || status(&answer) == "408", "{part:?}: {answer}");
    }
    // Half a body.
    let answer = server.said(&format!("{}{}", server.head("", HELLO.len()), &HELLO[..40]));
    assert_eq!(status(&answer), "408", "{answer}");
    assert!(answer.contains("did not come in time"), "{answer}");
    // Nothing of that holds up a whole one.
    let opened = server.post("", HELLO);
    assert_eq!(status(&opened), "200", "{opened}");

    // One session is all there may be, and it ends when nobody uses it: then there is room for the next one.
    let first = named(&opened);
    let started = Instant::now();
    let next = loop {
        let answer = server.post("", HELLO);
        match status(&answer) {
            "200" => break answer,
            "503" if started.elapsed() < LONGEST => {}
            _ => panic!("{answer}"),
        }
    };
    let gone = server.post(&first, PING);
    assert_eq!(status(&gone), "404", "{gone}");
    // One that its client ends is gone at once.
    let second = named(&next);
    let ended = server.said(&server.head(&second, 0).replace("POST ", "DELETE "));
    // It may have been idle for too long already.
    assert!(["204", "404"].contains(&status(&ended)), "{ended}");
    let gone = server.post(&second, PING);
    assert_eq!(status(&gone), "404", "{gone}");
}
