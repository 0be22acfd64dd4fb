//! Conversations: through a pipe, and kept under a name.

use crate::home::Home;

#[test]
fn conversations() {
    let home = Home::seeded();
    through_a_pipe(&home);
    bad_lines(&home);
    kept_under_a_name(&home);
}

fn through_a_pipe(home: &Home) {
    let ran =
        home.piped(&[], b"revenue by country in 2025\nwithout Spain\n/sql\n/history\n/nonsense\nhow many orders\n");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("SELECT"), "/sql shows the statement: {}", ran.out);
    assert!(ran.out.contains("600"), "the last question is answered: {}", ran.out);
    assert!(ran.err.contains("no command named `/nonsense`"), "{}", ran.err);
}

fn bad_lines(home: &Home) {
    let mut input = b"\n   \n\x01\x02\n".to_vec();
    input.extend(vec![b'x'; 1 << 20]);
    input.extend(b"\n\xff\xfe\nhow many orders\n");
    let ran = home.piped(&["chat"], &input);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("600"), "the session lives on: {}", ran.out);
    assert!(ran.err.contains("1048576 bytes") && ran.err.contains("UTF-8"), "{}", ran.err);
    assert!(ran.err.len() < 1000, "no echo of what was pasted");
}

fn kept_under_a_name(home: &Home) {
    let (first, _) = home.ask_with(&["--session", "friday"], "revenue by country in 2025");
    assert_eq!(first["status"], "answered", "{first}");
    let (second, _) = home.ask_with(&["--session", "friday"], "only mobile");
    assert_eq!(second["status"], "answered", "{second}");
    let arguments = second["tool_calls"][0]["arguments"].to_string();
    assert!(arguments.contains("mobile") && arguments.contains("ship_country"), "{arguments}");
    // A conversation of another name knows nothing of it.
    let (other, code) = home.ask_with(&["--session", "monday"], "only mobile");
    assert!(
        other["status"] != "answered" || !other["tool_calls"].to_string().contains("ship_country"),
        "{code} {other}"
    );
    let ran = home.oms(&["--session", "../x", "ask", "revenue"]);
    assert!(ran.code == 1 && ran.err.contains("session name"), "{}", ran.err);
}
