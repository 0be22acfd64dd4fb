//! The process that runs the model: started on demand, one for all conversations of a user, found again by its socket. Its end
//! is a sentence in the conversation, and the next question starts it anew.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::Duration;

use oms_model::{Answer, PROTOCOL, Request};
use oms_tools::process::Program;
use oms_tools::{Failure, FailureKind};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use super::{ModelFile, machine};
use crate::config::Config;
use crate::database::{hash, private_folder};

/// How long a starting process may take to load its model.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often a starting process is asked.
const PAUSE: Duration = Duration::from_millis(100);

/// How the model's process is started and found.
#[derive(Clone, Debug)]
pub struct Sidecar {
    program: PathBuf,
    file: ModelFile,
    /// The socket's folder, and the lock's.
    folder: PathBuf,
    kept: PathBuf,
    log: PathBuf,
    threads: u16,
    context: u32,
    idle: u32,
    step: Duration,
}

impl Sidecar {
    /// Of this configuration; `None` where the program is not there: it is built apart.
    pub fn of(config: &Config) -> Option<Self> {
        let settings = &config.settings.local;
        let beside = || std::env::current_exe().ok()?.parent().map(|folder| folder.join("oms-model"));
        let program = settings.program.clone().or_else(beside).filter(|program| program.is_file())?;
        let name = hash(config.paths.data.as_os_str().as_encoded_bytes());
        let user = rustix::process::getuid().as_raw();
        let folder = match &config.paths.runtime {
            Some(runtime) => runtime.join("model"),
            None => PathBuf::from(format!("/tmp/oms-model-{user}-{name:016x}")),
        };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Some(Self {
            program,
            file: ModelFile::of(config),
            folder,
            kept: config.paths.cache.join("model"),
            log: config.paths.state.join("model.log"),
            threads: settings.threads.unwrap_or_else(|| u16::try_from(cores.min(8)).unwrap_or(1)),
            context: settings.context,
            idle: settings.idle,
            step: Duration::from_secs_f64(settings.seconds),
        })
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("model.sock")
    }

    /// A conversation with the process that runs, if one does.
    pub async fn running(&self) -> Option<(Session, Answer)> {
        let stream = UnixStream::connect(self.socket()).await.ok()?;
        let mut session = Session::new(stream, self.step);
        let here = session.request(&Request::Hello {}).await.ok()?;
        Some((session, here))
    }

    /// A conversation with the process, which is started where it does not run, and replaced where it is another version's
    /// or has another file.
    pub async fn session(&self) -> Result<Session, Failure> {
        let wanted = self.file.usable()?.display().to_string();
        let fits = |here: &Answer| matches!(here, Answer::Here { protocol, file, .. } if *protocol == PROTOCOL && *file == wanted);
        if let Some((session, here)) = self.running().await
            && fits(&here)
        {
            return Ok(session);
        }
        private_folder(&self.folder)?;
        private_folder(&self.kept)?;
        let lock = self.folder.join("start.lock");
        let _lock = tokio::task::spawn_blocking(move || -> io::Result<File> {
            let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(lock)?;
            file.lock()?;
            Ok(file)
        })
        .await
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| unavailable("its folder cannot be locked"))?;
        match self.running().await {
            Some((session, here)) if fits(&here) => return Ok(session),
            Some(_) => {
                self.stop().await;
            }
            None => {}
        }
        self.start().await
    }

    async fn start(&self) -> Result<Session, Failure> {
        self.file.sound()?;
        machine::able(self.file.path.metadata().map_or(0, |metadata| metadata.len()))?;
        let mut server = Program::new(&self.program, &self.folder)
            .argument("--file")
            .argument(&self.file.path)
            .argument("--socket")
            .argument(self.socket())
            .argument("--kept")
            .argument(&self.kept)
            .arguments(["--threads".to_owned(), self.threads.to_string()])
            .arguments(["--context".to_owned(), self.context.to_string()])
            .arguments(["--idle".to_owned(), self.idle.to_string()])
            // Threads that wait for one another sleep: on a busy machine spinning would make all of them wait longer.
            .variable("OMP_WAIT_POLICY", "passive")
            .start_server(&self.log)?;
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some((session, _)) = self.running().await {
                return Ok(session);
            }
            if let Some(status) = server.ended() {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                let cause = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
                return Err(unavailable(&format!("its process ended ({status}): {cause}"))
                    .hint("is the file whole? `oms model status`, then `oms model pull`")
                    .hint(format!("its log: {}", self.log.display())));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(unavailable("it did not load in time").hint("is there enough memory? `free -h`"))
    }

    /// Ends the process that runs; whether one did.
    pub async fn stop(&self) -> bool {
        let Some((_, Answer::Here { process, .. })) = self.running().await else { return false };
        if let Some(process) = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw) {
            rustix::process::kill_process(process, rustix::process::Signal::TERM).ok();
        }
        fs::remove_file(self.socket()).ok();
        true
    }
}

fn unavailable(cause: &str) -> Failure {
    Failure::new(FailureKind::Unavailable, format!("cannot use the embedded language model: {cause}"))
}

/// One conversation with the process.
#[derive(Debug)]
pub struct Session {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    step: Duration,
}

impl Session {
    fn new(stream: UnixStream, step: Duration) -> Self {
        let (reader, writer) = stream.into_split();
        Self { reader: BufReader::new(reader), writer, step }
    }

    /// Asks and waits for the answer. Dropping the session ends the conversation.
    pub async fn request(&mut self, request: &Request) -> Result<Answer, Failure> {
        let mut text = serde_json::to_string(request).map_err(|error| unavailable(&error.to_string()))?;
        text.push('\n');
        let exchange = async {
            self.writer.write_all(text.as_bytes()).await?;
            let mut line = String::new();
            self.reader.read_line(&mut line).await?;
            Ok::<String, io::Error>(line)
        };
        let line = tokio::time::timeout(self.step, exchange).await.map_err(|_| {
            Failure::new(FailureKind::TimedOut, "stopped the turn: the embedded language model took longer than it may")
                .hint("ask again when the machine is less busy, or raise `local.seconds`")
        })?;
        let ended = || {
            unavailable("its process ended in the middle of the question")
                .hint("ask again: it is started anew")
                .hint("or use `--brain rules`")
        };
        match serde_json::from_str(&line.map_err(|_| ended())?) {
            Ok(Answer::Failed { message }) => Err(unavailable(&message)),
            Ok(answer) => Ok(answer),
            Err(_) => Err(ended()),
        }
    }
}
