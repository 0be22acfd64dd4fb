//! Lines of a pipe: bounded, so that no input can fill the memory, and continued by a trailing backslash.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

use super::Input;

/// Reads questions from a pipe or a file.
pub(super) struct Lines<R> {
    input: R,
    longest: usize,
}

/// A line as it came.
enum Raw {
    Bytes(Vec<u8>),
    TooLong(usize),
    End,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    pub(super) fn new(input: R, longest: usize) -> Self {
        Self { input, longest }
    }

    /// The next question; after a line that cannot be read the next call goes on behind it.
    pub(super) async fn next(&mut self) -> io::Result<Input> {
        let mut question = Vec::new();
        loop {
            match self.raw().await? {
                Raw::End if question.is_empty() => return Ok(Input::End),
                Raw::End => break,
                Raw::TooLong(bytes) => return Ok(Input::TooLong(bytes)),
                Raw::Bytes(mut line) => {
                    let continues = line.last() == Some(&b'\\');
                    if continues {
                        line.pop();
                        line.push(b'\n');
                    }
                    question.extend_from_slice(&line);
                    if question.len() > self.longest {
                        return Ok(Input::TooLong(question.len()));
                    }
                    if !continues {
                        break;
                    }
                }
            }
        }
        Ok(String::from_utf8(question).map_or(Input::NotText, Input::Line))
    }

    /// One line without its end. What is too long is counted and thrown away, up to the line's end.
    async fn raw(&mut self) -> io::Result<Raw> {
        let mut line = Vec::new();
        let mut length = 0_usize;
        let mut any = false;
        loop {
            let buffer = self.input.fill_buf().await?;
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            length += part.len();
            if length <= self.longest {
                line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(Raw::End);
        }
        if length > self.longest {
            return Ok(Raw::TooLong(length));
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Raw::Bytes(line))
    }
}
