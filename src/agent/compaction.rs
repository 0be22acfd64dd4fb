//! What a language model is told of the conversation so far: the newest turns as they were, older ones as one line each.

use std::fmt::Write;

use rig_core::message::{Message, UserContent};

use super::model_run::{length, tokens};

/// Older turns that are told in a line each.
const OLDER: usize = 12;
/// Characters of a line's question and of its answer.
const LINE: usize = 160;

/// The newest turns that fit, and the older ones in short.
pub(super) struct Compacted<'a> {
    /// Whole turns, beginning with a person's sentence: a tool's result never stands without its call.
    pub(super) messages: &'a [Message],
    /// For the instructions; empty where nothing was left out.
    pub(super) earlier: String,
}

/// Keeps what fits into so many tokens. Answers in `history` are the computed ones, so that nothing a model said of figures
/// comes back as if it were known.
pub(super) fn compacted<'a>(messages: &'a [Message], history: &[(String, String)], room: usize) -> Compacted<'a> {
    let starts: Vec<usize> = (0..messages.len()).filter(|&place| is_sentence(&messages[place])).collect();
    let fits = |from: usize| tokens(messages[from..].iter().map(length).sum()) <= room;
    let from = starts.iter().copied().find(|&from| fits(from)).unwrap_or(messages.len());
    let kept = starts.iter().filter(|&&start| start >= from).count();
    let left_out = starts.len() - kept;
    let mut earlier = String::new();
    if left_out > 0 || from > 0 {
        // The model's turns are the last ones of the history; those before the kept ones are told in short.
        let until = history.len().saturating_sub(kept);
        for (question, answer) in &history[until.saturating_sub(OLDER)..until] {
            let _ = writeln!(earlier, "- asked: {} | answered: {}", cut(question), cut(answer));
        }
    }
    Compacted { messages: &messages[from..], earlier }
}

fn is_sentence(message: &Message) -> bool {
    matches!(message, Message::User { content }
        if content.iter().all(|part| !matches!(part, UserContent::ToolResult(_))))
}

fn cut(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut cut: String = line.chars().take(LINE).collect();
    if cut.len() < line.len() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use serde_json::json;

    use super::*;

    fn turn(number: usize) -> [Message; 2] {
        [Message::user(format!("question {number} {}", "x".repeat(300))), Message::assistant("done".to_owned())]
    }

    fn history(turns: usize) -> Vec<(String, String)> {
        (0..turns).map(|number| (format!("question {number}"), format!("answer {number}"))).collect()
    }

    #[test]
    fn all_is_kept_where_it_fits() {
        let messages: Vec<Message> = (0..3).flat_map(turn).collect();
        let kept = compacted(&messages, &history(3), 10_000);
        assert_eq!((kept.messages.len(), kept.earlier.as_str()), (6, ""));
    }

    #[test]
    fn older_turns_become_lines() {
        let messages: Vec<Message> = (0..10).flat_map(turn).collect();
        let one = tokens(messages[..2].iter().map(length).sum());
        let kept = compacted(&messages, &history(10), one * 3);
        assert!(kept.messages.len() < 20 && !kept.messages.is_empty(), "{}", kept.messages.len());
        assert!(is_sentence(&kept.messages[0]));
        assert!(kept.earlier.contains("question 0") && !kept.earlier.contains("question 9"), "{}", kept.earlier);
        let nothing = compacted(&messages, &history(10), 0);
        assert!(nothing.messages.is_empty() && nothing.earlier.contains("answer 9"), "{}", nothing.earlier);
    }

    #[test]
    fn a_result_without_its_call_is_not_kept() {
        let result = json!({"role": "user", "content": [{"type": "toolresult", "call": {"provider": "call-1"}, "name": "query_orders",
            "content": [{"type": "text", "text": "42"}]}]});
        let result: Message = serde_json::from_value(result).unwrap();
        let messages = [result, Message::assistant("ok".to_owned())];
        assert!(compacted(&messages, &history(1), 10_000).messages.is_empty());
        assert!(compacted(&[], &[], 0).earlier.is_empty());
    }
}
