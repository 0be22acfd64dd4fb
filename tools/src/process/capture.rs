//! What is kept of a stream: its first and its last part, line by line, in bounded memory.

use std::collections::VecDeque;
use std::fmt::Write;
use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

use super::cancel::{Stream, Watch};
use crate::redact::{Blocks, Redactor};

/// Bytes of one line that are read; the rest of a longer one is left out.
const LONGEST_LINE: usize = 16 * 1024;

/// A stream's first and last lines.
#[derive(Debug)]
pub(super) struct Capture {
    half: usize,
    head: String,
    /// The last lines, each as it is shown.
    tail: VecDeque<String>,
    tail_bytes: usize,
    left_out: usize,
}

impl Capture {
    pub(super) fn new(cap: usize) -> Self {
        Self { half: cap / 2, head: String::new(), tail: VecDeque::new(), tail_bytes: 0, left_out: 0 }
    }

    fn line(&mut self, line: &str, ended: bool) {
        let end = if ended { "\n" } else { "" };
        if self.tail.is_empty() && self.left_out == 0 && self.head.len() + line.len() < self.half {
            self.head.push_str(line);
            self.head.push_str(end);
            return;
        }
        let line = format!("{line}{end}");
        self.tail_bytes += line.len();
        self.tail.push_back(line);
        while self.tail_bytes > self.half
            && self.tail.len() > 1
            && let Some(first) = self.tail.pop_front()
        {
            self.tail_bytes -= first.len();
            self.left_out += 1;
        }
    }

    /// The text, and whether something was left out of it.
    pub(super) fn finish(self) -> (String, bool) {
        let mut text = self.head;
        if self.left_out > 0 {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            writeln!(text, "[... {} lines left out ...]", self.left_out).ok();
        }
        text.extend(self.tail);
        (text, self.left_out > 0)
    }
}

/// Reads a stream to its end: each line is hidden where it is secret, told to the watch, and kept where it fits.
pub(super) async fn lines(
    stream: Option<impl AsyncRead + Unpin>,
    which: Stream,
    cap: usize,
    redactor: &Redactor,
    watch: &Watch,
) -> io::Result<(String, bool)> {
    let mut capture = Capture::new(cap);
    let Some(mut stream) = stream else { return Ok(capture.finish()) };
    let mut blocks = Blocks::default();
    let (mut line, mut cut) = (Vec::new(), false);
    let mut buffer = vec![0; 16 * 1024];
    let mut take = |line: &mut Vec<u8>, cut: &mut bool, ended: bool| {
        let text = String::from_utf8_lossy(line);
        let mut text = blocks.line(redactor, &text).into_owned();
        if std::mem::take(cut) {
            text.push_str(" [... rest of the line left out]");
        }
        watch.tell(which, &text);
        capture.line(&text, ended);
        line.clear();
    };
    loop {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            break;
        }
        for part in buffer[..read].split_inclusive(|byte| *byte == b'\n') {
            let ended = part.ends_with(b"\n");
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            let room = LONGEST_LINE.saturating_sub(line.len()).min(part.len());
            cut |= room < part.len();
            line.extend_from_slice(&part[..room]);
            if ended {
                take(&mut line, &mut cut, true);
            }
        }
    }
    if !line.is_empty() {
        take(&mut line, &mut cut, false);
    }
    Ok(capture.finish())
}
