//! Running a program to its end.

use std::fs::File;
use std::io::Read;
use std::process::{ExitStatus, Stdio};

use super::cancel::{Stream, Watch};
use super::capture;
use super::group::Group;
use super::program::Program;
use crate::{Failure, FailureKind};

/// What a program that ended left.
#[derive(Clone, Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output, secrets hidden, cut in the middle where it was long.
    pub output: String,
    /// Its standard error, likewise.
    pub errors: String,
    /// Whether something was left out of either.
    pub cut: bool,
}

impl Program {
    /// Runs it to its end. Dropping the future, or the time limit, ends the whole process group.
    ///
    /// Fails where it cannot be started or does not end in time; an exit status other than 0 is the caller's to judge.
    pub async fn run(&self) -> Result<Ended, Failure> {
        self.watch(&Watch::default()).await
    }

    /// Runs it to its end, telling each line as it comes; a cancel ends the whole process group.
    pub async fn watch(&self, watch: &Watch) -> Result<Ended, Failure> {
        let mut group = self.start()?;
        let (output, errors) = (group.child.stdout.take(), group.child.stderr.take());
        let work = async {
            let (output, errors, status) = tokio::join!(
                capture::lines(output, Stream::Output, self.cap, &self.redactor, watch),
                capture::lines(errors, Stream::Errors, self.cap, &self.redactor, watch),
                group.leader_s_end()
            );
            let ((output, cut), (errors, cut_too)) = (output?, errors?);
            Ok(Ended { status: status?, output, errors, cut: cut || cut_too })
        };
        let done = self.bounded(watch, work).await;
        self.finish(group, done).await
    }

    /// Runs it to its end and gives its standard output to a reader on a thread of its own, byte by byte as it comes: for
    /// what is too large to be kept. Such output is not hidden: the reader must keep only what may be shown.
    pub async fn read<T: Send + 'static>(
        &self,
        watch: &Watch,
        reader: impl FnOnce(&mut dyn Read) -> T + Send + 'static,
    ) -> Result<(Ended, T), Failure> {
        let mut group = self.start()?;
        let errors = group.child.stderr.take();
        let descriptor = match group.child.stdout.take().map(tokio::process::ChildStdout::into_owned_fd) {
            Some(Ok(descriptor)) => descriptor,
            Some(Err(error)) => return Err(self.not_started(&error)),
            None => return Err(Failure::new(FailureKind::Internal, "the program's output is not there to be read")),
        };
        let reading = tokio::task::spawn_blocking(move || {
            let mut output = File::from(descriptor);
            let read = reader(&mut output);
            // What the reader left must not block the program.
            std::io::copy(&mut output, &mut std::io::sink()).ok();
            read
        });
        let work = async {
            let (read, errors, status) = tokio::join!(
                reading,
                capture::lines(errors, Stream::Errors, self.cap, &self.redactor, watch),
                group.leader_s_end()
            );
            let (errors, cut) = errors?;
            let read = read.map_err(std::io::Error::other)?;
            Ok((Ended { status: status?, output: String::new(), errors, cut }, read))
        };
        let done = self.bounded(watch, work).await;
        self.finish(group, done).await
    }

    fn start(&self) -> Result<Group, Failure> {
        let mut command = tokio::process::Command::from(self.command()?);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|error| self.not_started(&error))?;
        Ok(Group::new(child, self.grace))
    }

    async fn bounded<T>(&self, watch: &Watch, work: impl Future<Output = std::io::Result<T>>) -> Result<T, Failure> {
        tokio::select! {
            biased;
            () = watch.cancel.cancelled() => {
                Err(Failure::refused(format!("stopped `{}`: it was cancelled", self.name())))
            }
            done = tokio::time::timeout(self.limit, work) => match done {
                Ok(done) => done.map_err(|error| self.not_started(&error)),
                Err(_) => Err(Failure::new(
                    FailureKind::TimedOut,
                    format!("stopped `{}`: it took longer than {} s", self.name(), self.limit.as_secs_f64()),
                )),
            },
        }
    }

    async fn finish<T>(&self, mut group: Group, done: Result<T, Failure>) -> Result<T, Failure> {
        if done.is_err() {
            group.end().await;
        }
        done
    }
}
