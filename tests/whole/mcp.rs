//! `oms mcp` as a client meets it: lines of JSON-RPC over its standard input and output.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::home::Home;

/// A client of one server; the server ends with it.
struct Client {
    child: Child,
    input: Option<Box<dyn Write + Send>>,
    lines: mpsc::Receiver<Value>,
    next: u64,
}

impl Client {
    fn of(home: &Home) -> Self {
        let mut child =
            home.command(&["mcp"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self::speaking(child, Box::new(input), output)
    }

    /// Over sockets, as a client written for Node starts it.
    fn over_sockets(home: &Home) -> Self {
        let (input, its_input) = UnixStream::pair().unwrap();
        let (output, its_output) = UnixStream::pair().unwrap();
        let mut command = home.command(&["mcp"]);
        command.stdin(OwnedFd::from(its_input)).stdout(OwnedFd::from(its_output)).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        // The command holds the ends that the child has: without them its end is seen.
        drop(command);
        Self::speaking(child, Box::new(input), output)
    }

    fn speaking(child: Child, input: Box<dyn Write + Send>, output: impl Read + Send + 'static) -> Self {
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Whatever is no JSON on standard output would break every client.
                sender.send(serde_json::from_str(&line).unwrap()).ok();
            }
        });
        let mut client = Self { child, input: Some(input), lines, next: 0 };
        let info = client.ask(
            "initialize",
            &json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}),
        );
        assert_eq!(info["result"]["serverInfo"]["name"], "oms", "{info}");
        client.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        client
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        self.say(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        loop {
            let answer = self.lines.recv_timeout(Duration::from_mins(1)).unwrap();
            if answer["id"] == self.next {
                return answer;
            }
        }
    }

    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        self.ask("tools/call", &json!({"name": tool, "arguments": arguments}))["result"].clone()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn a_client_over_sockets() {
    let home = Home::seeded();
    let mut client = Client::over_sockets(&home);
    for _ in 0..3 {
        let all = client.call("select_orders", &json!({"sql": "SELECT * FROM orders LIMIT 600"}));
        assert_eq!(all["structuredContent"]["rows"].as_array().unwrap().len(), 600);
    }
    // What was taken is answered after the end of the input, and then it ends.
    client.say(&json!({"jsonrpc": "2.0", "id": 77, "method": "tools/call",
        "params": {"name": "select_orders", "arguments": {"sql": "SELECT 7 AS seven"}}}));
    client.input = None;
    let last = client.lines.recv_timeout(Duration::from_mins(1)).unwrap();
    assert_eq!((&last["id"], &last["result"]["structuredContent"]["rows"]), (&json!(77), &json!([[7]])), "{last}");
    assert!(client.lines.recv_timeout(Duration::from_mins(1)).is_err(), "its output ends");
    assert!(client.child.wait().unwrap().success());
}

#[test]
fn an_mcp_client() {
    let home = Home::seeded();
    let mut client = Client::of(&home);
    let tools = client.ask("tools/list", &json!({}))["result"]["tools"].clone();
    let names: Vec<&str> = tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"query_orders") && names.contains(&"select_orders"), "{names:?}");
    assert!(!names.contains(&"ask_back") && !names.contains(&"decline"), "those talk to a person: {names:?}");
    for tool in tools.as_array().unwrap() {
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
        assert_eq!(tool["outputSchema"]["type"], "object", "{tool}");
    }

    let orders = client.call("query_orders", &json!({"measures": ["orders"]}));
    assert_eq!(
        (&orders["isError"], &orders["structuredContent"]["rows"]),
        (&json!(false), &json!([[600]])),
        "{orders}"
    );
    assert!(orders["structuredContent"]["sql"].as_str().unwrap().contains("COUNT"), "{orders}");
    let one = client.call("select_orders", &json!({"sql": "SELECT 1 AS one"}));
    assert_eq!(one["structuredContent"]["rows"], json!([[1]]), "{one}");

    annotations_are_true_to_the_readme(&tools);

    for (tool, arguments, said) in [
        ("select_orders", json!({"sql": "DELETE FROM orders"}), "refused"),
        ("query_orders", json!({"measures": ["revnue"]}), "did you mean `revenue`"),
        ("query_orders", json!({"measure": 1}), "cannot read the arguments"),
        ("no_such_tool", json!({}), "no tool named"),
        ("apply_change", json!({"id": "c0123abcd"}), "no change set"),
        ("apply_change", json!({"id": "c0123abcd", "approved": true}), "unknown field `approved`"),
    ] {
        let failed = client.call(tool, &arguments);
        assert_eq!(failed["isError"], true, "{tool}: {failed}");
        assert!(failed["content"][0]["text"].as_str().unwrap().contains(said), "{tool}: {failed}");
    }

    let resources = client.ask("resources/list", &json!({}))["result"]["resources"].clone();
    let uris: Vec<&str> = resources.as_array().unwrap().iter().map(|one| one["uri"].as_str().unwrap()).collect();
    assert_eq!(
        uris[..5],
        ["oms://meaning", "oms://glossary", "oms://schema", "oms://last-result.csv", "oms://results/2.csv"]
    );
    let read = |client: &mut Client, uri: &str| client.ask("resources/read", &json!({"uri": uri}));
    let rows = read(&mut client, "oms://last-result.csv");
    assert_eq!(rows["result"]["contents"][0]["text"], "one\r\n1\r\n", "{rows}");
    let meaning = read(&mut client, "oms://meaning");
    assert!(meaning["result"]["contents"][0]["text"].as_str().unwrap().contains("revenue"), "{meaning}");
    assert!(read(&mut client, "oms://nothing")["error"].is_object());

    // What a client did stands in the record, and the server ends with its input.
    client.input = None;
    assert_eq!(client.lines.recv_timeout(Duration::from_mins(1)), Err(mpsc::RecvTimeoutError::Disconnected));
    assert!(client.child.wait().unwrap().success());
    let record = home.oms(&["audit", "show"]);
    assert!(record.out.contains("select_orders") && record.out.contains("refused"), "{}", record.out);
}

/// The annotations of every tool follow from the effect that the README's table says, which another test holds to the code.
fn annotations_are_true_to_the_readme(tools: &Value) {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for tool in tools.as_array().unwrap() {
        let name = tool["name"].as_str().unwrap();
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{name}` | "))).unwrap();
        let effect = row.split(" | ").nth(1).unwrap();
        let hints = &tool["annotations"];
        let says = |hint: &str| hints[hint].as_bool().unwrap();
        assert_eq!(
            (says("readOnlyHint"), says("destructiveHint"), says("idempotentHint")),
            match effect {
                "reads" => (true, false, true),
                "proposes" => (false, false, false),
                "applies" => (false, true, false),
                other => panic!("{name}: {other}"),
            },
            "{name}"
        );
        // The orders, our own files and this machine are a closed world; everything else holds what others write.
        let closed = name.ends_with("_orders") || matches!(name, "list_changes" | "show_change" | "doctor");
        assert_eq!(says("openWorldHint"), !closed, "{name}");
    }
}
