//! Framing, events and pieces; whole conversations stand in tests/whole/bridge.rs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::blocks::pieces;
use super::event::{Event, Kind};
use super::lines::{LONGEST, Lines};

#[test]
fn what_is_no_event_is_told() {
    for (text, said) in [
        ("{", "no event"),
        ("[]", "no event"),
        (r#"{"type":"message"}"#, "event_id"),
        (r#"{"type":"reaction","event_id":"1"}"#, "unknown variant"),
        (r#"{"type":"message","event_id":"","channel":"C","user":"U","ts":"1","text":"x"}"#, "`event_id`"),
        (r#"{"type":"message","event_id":7,"channel":"C","user":"U","ts":"1","text":"x"}"#, "no event"),
    ] {
        let error = Event::parse(text).unwrap_err();
        assert!(error.contains(said), "{text}: {error}");
    }
    let event = Event::parse(
        r#"{"type":"block_actions","event_id":"E","channel":"C","user":"U","ts":"3","thread_ts":"1","action_id":"show_sql","value":"V"}"#,
    )
    .unwrap();
    assert_eq!((event.thread.as_str(), &event.kind), ("1", &Kind::ShowSql { of: "V".to_owned() }));
}

#[tokio::test]
async fn long_and_broken_lines_cost_a_message() {
    let mut input = b"one\n\n\xff\xfe\n".to_vec();
    input.extend(vec![b'x'; LONGEST + 1]);
    input.extend(b"\nlast");
    let mut lines = Lines::new(&input[..]);
    assert_eq!(lines.next().await.unwrap(), (1, Ok("one".to_owned())));
    let (number, broken) = lines.next().await.unwrap();
    assert!(number == 3 && broken.unwrap_err().contains("UTF-8"));
    let (number, long) = lines.next().await.unwrap();
    assert!(number == 4 && long.unwrap_err().contains("longer"));
    assert_eq!(lines.next().await.unwrap(), (5, Ok("last".to_owned())));
    assert!(lines.next().await.is_none());
}

#[test]
fn pieces_fit_and_lose_nothing() {
    for text in ["short".to_owned(), "x".repeat(9000), "line of words &amp; signs\n".repeat(500), "&amp;".repeat(2000)]
    {
        let cut = pieces(&text);
        assert!(cut.iter().all(|piece| piece.chars().count() <= 2_900), "{}", cut.len());
        assert_eq!(cut.concat(), text);
        assert!(cut.iter().all(|piece| !piece.ends_with("&am") && !piece.starts_with("mp;")));
    }
    assert!(pieces("").is_empty());
}
