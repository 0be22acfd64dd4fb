//! A program that stays for a while and is asked line by line: a line on its standard input, a line on its standard output.

use std::io;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

use super::group::Group;
use super::program::Program;
use crate::{Failure, FailureKind};

/// A program that answers lines. Dropped, its whole group is ended; and its input ends with this process, however that ends.
#[derive(Debug)]
pub struct Partner {
    program: Program,
    _group: Group,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Program {
    /// Starts it to be asked line by line. The time limit is each answer's, and the cap is that of its bytes. What it says is
    /// not hidden: only programs of our own are asked.
    pub fn partner(&self) -> Result<Partner, Failure> {
        let mut command = tokio::process::Command::from(self.command()?);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| self.not_started(&error))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let group = Group::new(child, self.grace);
        let (input, output) = pipes.ok_or_else(|| self.not_started(&io::ErrorKind::BrokenPipe.into()))?;
        Ok(Partner { program: self.clone(), _group: group, input, output: BufReader::new(output) })
    }
}

impl Partner {
    /// Says a line and waits for the answer to it. After a failure, or given up, it is of no use any more: its next answer
    /// may be that of an earlier line.
    pub async fn ask(&mut self, line: &str) -> Result<String, Failure> {
        let cap = self.program.cap as u64;
        let exchange = async {
            self.input.write_all(line.as_bytes()).await?;
            self.input.write_all(b"\n").await?;
            let mut answer = String::new();
            (&mut self.output).take(cap).read_line(&mut answer).await?;
            Ok::<String, io::Error>(answer)
        };
        let name = self.program.name();
        let answer = tokio::time::timeout(self.program.limit, exchange).await.map_err(|_| {
            Failure::new(
                FailureKind::TimedOut,
                format!("stopped `{name}`: it took longer than {} s", self.program.limit.as_secs_f64()),
            )
        })?;
        match answer {
            Ok(mut answer) if answer.ends_with('\n') => {
                answer.pop();
                Ok(answer)
            }
            Ok(answer) if answer.len() as u64 == cap => {
                Err(Failure::new(FailureKind::Internal, format!("`{name}` said more than {cap} bytes")))
            }
            _ => Err(Failure::new(FailureKind::Unavailable, format!("`{name}` ended before it answered"))),
        }
    }
}
