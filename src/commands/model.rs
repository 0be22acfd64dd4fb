//! `oms model`: the embedded language model's file and process.

use std::cell::Cell;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use oms_model::Answer;
use oms_tools::{Failure, FailureKind};

use super::{Status, print};
use crate::agent::semantic_model;
use crate::brain::Local;
use crate::cli::ModelCommand;
use crate::config::Config;
use crate::model::{Found, KNOWN, ModelFile, Sidecar, Source, pull};

pub(super) async fn run(config: &Config, command: ModelCommand) -> Result<Status, Failure> {
    match command {
        ModelCommand::List => {
            let file = ModelFile::of(config);
            print(&format!("{}  {} MB  {}  {}", KNOWN.name, KNOWN.bytes >> 20, KNOWN.license, here(&file)))?;
        }
        ModelCommand::Status => return status(config).await,
        ModelCommand::Pull { from } => {
            let bar = bar(config);
            let step = Cell::new(String::new());
            let told = |what: &str, bytes: u64, all: u64| {
                if step.replace(what.to_owned()) != what {
                    bar.set_message(what.to_owned());
                }
                bar.set_length(all);
                bar.set_position(bytes);
            };
            let source = from.map_or(Source::Anywhere, Source::File);
            let path = pull(config, &source, &told).await;
            bar.finish_and_clear();
            let pulled = path?;
            print(&format!("the language model is here: {}", pulled.path.display()))?;
            if !pulled.known {
                print("it is another one than the program is measured with: how good its answers are is unknown")?;
            }
            if let Some(local) = Local::ready(config) {
                // Once for this machine; every later question begins behind it.
                local.warm_up(&std::sync::Arc::new(semantic_model(config)?)).await?;
                print("it runs and has read its instructions: `oms --brain local ask \"...\"`")?;
            } else {
                print("the program that runs it is not here yet: `make model` builds it")?;
            }
        }
        ModelCommand::Stop => {
            let stopped = match Sidecar::of(config) {
                Some(sidecar) => sidecar.stop().await,
                None => false,
            };
            print(if stopped { "ended the language model" } else { "the language model does not run" })?;
        }
    }
    Ok(0)
}

fn here(file: &ModelFile) -> String {
    match file.found() {
        Found::Whole(_) => format!("here: {}", file.path.display()),
        Found::Part(bytes) => format!("begun: {} MB; `oms model pull` goes on", bytes >> 20),
        Found::Absent => "not here; `oms model pull` fetches it".to_owned(),
    }
}

async fn status(config: &Config) -> Result<Status, Failure> {
    let file = ModelFile::of(config);
    print(&format!("file: {}", here(&file)))?;
    let Some(sidecar) = Sidecar::of(config) else {
        print("program: not here; `make model` builds it")?;
        return Ok(super::FAILED);
    };
    match sidecar.running().await {
        Some((_, Answer::Here { process, loaded_in, .. })) => {
            print(&format!("process: {process}, loaded in {loaded_in:.1} s"))?;
        }
        Some(_) => {
            return Err(Failure::new(
                FailureKind::Unavailable,
                "another program answers in the language model's place",
            )
            .hint("oms model stop"));
        }
        None => print("process: none; the first question starts it")?,
    }
    file.usable().map(|_| 0)
}

fn bar(config: &Config) -> ProgressBar {
    let target = if config.given.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes} {eta}");
    ProgressBar::with_draw_target(Some(KNOWN.bytes), target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
