//! Lines of bounded length: one that is longer, or no text, costs a message and no memory.

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Bytes of a line.
pub(super) const LONGEST: usize = 1 << 20;

/// Bytes that are read at a time.
const READ: usize = 64 * 1024;

/// Numbered lines of an input.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    number: u64,
    line: Vec<u8>,
    over: bool,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(READ, input), number: 0, line: Vec::new(), over: false }
    }

    /// Whether the next line is here already.
    pub(super) fn ready(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }

    /// The next line with its number, empty ones left out; `None` at the end. Nothing is lost when it is dropped in between.
    pub(super) async fn next(&mut self) -> Option<(u64, Result<String, String>)> {
        loop {
            let read = self.input.fill_buf().await.ok()?;
            let ended = read.is_empty();
            let end = read.iter().position(|&byte| byte == b'\n');
            let taken = end.unwrap_or(read.len());
            if self.line.len() + taken <= LONGEST {
                self.line.extend_from_slice(&read[..taken]);
            } else {
                self.over = true;
            }
            let used = end.map_or(taken, |end| end + 1);
            self.input.consume(used);
            if end.is_none() && !ended {
                continue;
            }
            if ended && self.line.is_empty() && !self.over {
                return None;
            }
            self.number += 1;
            let line = std::mem::take(&mut self.line);
            if std::mem::take(&mut self.over) {
                return Some((self.number, Err(format!("this is no event: the line is longer than {LONGEST} bytes"))));
            }
            match String::from_utf8(line) {
                Ok(text) if text.trim().is_empty() => {
                    if ended {
                        return None;
                    }
                }
                Ok(text) => return Some((self.number, Ok(text))),
                Err(_) => return Some((self.number, Err("this is no event: it is not UTF-8".to_owned()))),
            }
        }
    }
}
