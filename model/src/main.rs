//! `oms-model`: one embedded language model for all conversations of a user, behind a socket in a folder of theirs.
//!
//! It stands apart because a hostile or broken model file may end it, and must not end a conversation. It ends by itself
//! when nobody has asked for a while, and when its folder's socket is no longer its own.

mod engine;

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use llama_cpp_2::llama_backend::LlamaBackend;
use oms_model::{Answer, PROTOCOL, Request};

use engine::{Engine, Settings};

/// Bytes of one request.
const LONGEST: u64 = 1 << 20;
/// How long a conversation may keep the model waiting.
const PATIENCE: Duration = Duration::from_secs(30);

/// The command line: every part is needed.
struct Given {
    socket: PathBuf,
    idle: Duration,
    settings: Settings,
}

fn given() -> Result<Given, String> {
    let usage = "usage: oms-model --file GGUF --socket PATH --kept FOLDER --threads N --context TOKENS --idle SECONDS";
    let mut values = std::collections::HashMap::new();
    let mut words = std::env::args().skip(1);
    while let Some(name) = words.next() {
        values.insert(name, words.next().ok_or(usage)?);
    }
    let mut take = |name: &str| values.remove(name).ok_or_else(|| format!("{name} is missing\n{usage}"));
    let number = |text: String| text.parse::<u32>().map_err(|_| format!("`{text}` is no number\n{usage}"));
    let given = Given {
        socket: take("--socket")?.into(),
        idle: Duration::from_secs(number(take("--idle")?)?.into()),
        settings: Settings {
            file: take("--file")?.into(),
            kept: take("--kept")?.into(),
            threads: i32::try_from(number(take("--threads")?)?.clamp(1, 64)).unwrap_or(1),
            context: number(take("--context")?)?.clamp(1024, 32_768),
        },
    };
    if values.is_empty() { Ok(given) } else { Err(usage.to_owned()) }
}

fn main() -> ExitCode {
    match given().and_then(|given| serve(&given)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            writeln!(io::stderr(), "{message}").ok();
            ExitCode::FAILURE
        }
    }
}

fn serve(given: &Given) -> Result<(), String> {
    let mut backend = LlamaBackend::init().map_err(|error| format!("cannot start llama.cpp: {error}"))?;
    backend.void_logs();
    let begun = Instant::now();
    let model = engine::load(&backend, &given.settings.file)?;
    let mut engine = Engine::new(&backend, &model, &given.settings)?;
    let here = Answer::Here {
        protocol: PROTOCOL,
        file: given.settings.file.display().to_string(),
        loaded_in: begun.elapsed().as_secs_f64(),
        process: std::process::id(),
    };
    // Who finds the socket finds a model that is ready: it appears under its name only now.
    let making = given.socket.with_extension(format!("{}", std::process::id()));
    fs::remove_file(&making).ok();
    let listener = UnixListener::bind(&making).map_err(|error| format!("cannot listen: {error}"))?;
    fs::rename(&making, &given.socket).map_err(|error| format!("cannot listen: {error}"))?;
    let (sender, asked) = mpsc::channel();
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            if sender.send(stream).is_err() {
                return;
            }
        }
    });
    loop {
        match asked.recv_timeout(given.idle) {
            Ok(stream) => {
                converse(stream, &mut engine, &here).ok();
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                fs::remove_file(&given.socket).ok();
                return Ok(());
            }
        }
    }
}

/// One conversation, until its end closes it, says nonsense or falls silent.
fn converse(stream: UnixStream, engine: &mut Engine<'_>, here: &Answer) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        if reader.by_ref().take(LONGEST).read_line(&mut line)? == 0 {
            return Ok(());
        }
        let answer = match serde_json::from_str(&line) {
            Ok(Request::Hello {}) => Ok(here.clone()),
            Ok(Request::Ask { instructions, text }) => engine.ask(&instructions, &text),
            Ok(Request::Choose { lead, options }) => engine.choose(&lead, &options),
            Ok(Request::Write { most, stop }) => engine.write(most, &stop),
            Err(error) => Err(format!("this is no request: {error}")),
        };
        let failed = answer.is_err();
        let answer = answer.unwrap_or_else(|message| Answer::Failed { message });
        let mut text = serde_json::to_string(&answer)?;
        text.push('\n');
        writer.write_all(text.as_bytes())?;
        if failed {
            return Ok(());
        }
    }
}
