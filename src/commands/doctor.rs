//! `oms doctor`: what is installed, reachable and allowed, and the command that mends what is not. Changes nothing; with
//! `--brain PROVIDER:MODEL` it examines that model, and keeps the verdict.

mod licence;

use std::fmt::Write;

use oms_tools::orders::{OrdersDatabase, grants};
use oms_tools::{Failure, process};
use serde::Serialize;

use super::{FAILED, Status, print};
use crate::agent::semantic_model;
use crate::brain::Brain;
use crate::config::Config;
use crate::database::{self, Account, PrivateServer, private_folder};

/// One finding.
#[derive(Debug, Serialize)]
struct Finding {
    part: String,
    ok: bool,
    /// Whether it must be so; what nobody configured is told only.
    needed: bool,
    said: String,
    hints: Vec<String>,
}

impl Finding {
    fn ok(part: &'static str, said: impl Into<String>) -> Self {
        Self { part: part.to_owned(), ok: true, needed: true, said: said.into(), hints: Vec::new() }
    }

    fn of(part: &'static str, failure: Failure) -> Self {
        Self { part: part.to_owned(), ok: false, needed: true, said: failure.message, hints: failure.hints }
    }
}

pub(super) async fn run(config: &Config, json: bool) -> Result<Status, Failure> {
    let mut findings = vec![server_program(config), folders(config), meaning(config), brain(config)];
    findings.extend(orders(config).await);
    findings.extend(licence::findings(config).await);
    findings.extend(deployment(config).await);
    let sound = findings.iter().all(|finding| finding.ok || !finding.needed);
    if json {
        let object = serde_json::json!({ "ok": sound, "findings": findings });
        print(&object.to_string())?;
    } else {
        let mut text = String::new();
        for finding in &findings {
            let mark = match (finding.ok, finding.needed) {
                (true, _) => "ok ",
                (false, true) => "NOT",
                (false, false) => "-- ",
            };
            writeln!(text, "{mark} {:10} {}", finding.part, finding.said).ok();
            for hint in &finding.hints {
                writeln!(text, "               hint: {hint}").ok();
            }
        }
        print(text.trim_end())?;
    }
    Ok(if sound { 0 } else { FAILED })
}

/// What a deployment needs; it must be there only where environments are configured.
async fn deployment(config: &Config) -> Vec<Finding> {
    let needed = !config.settings.deploy.environments.is_empty();
    let report = oms_tools::doctor::examine(&config.deploy()).await;
    let finding = |found: oms_tools::doctor::Finding| Finding {
        part: found.part,
        ok: found.ok,
        needed,
        said: found.said,
        hints: found.hints,
    };
    report.findings.into_iter().map(finding).collect()
}

fn server_program(config: &Config) -> Finding {
    let path = config.environment.path.clone().unwrap_or_default();
    match process::find(&["mariadbd", "mysqld"], &path) {
        Some(program) => Finding::ok("server", program.display().to_string()),
        None if config.database_url().is_some() => {
            Finding::ok("server", "no MariaDB or MySQL server is installed; a database was named")
        }
        None => Finding::of(
            "server",
            Failure::invalid("no MariaDB or MySQL server is installed")
                .hint("apt-get install mariadb-server, or name a database with `--db`"),
        ),
    }
}

fn folders(config: &Config) -> Finding {
    match private_folder(&config.paths.state) {
        Ok(()) => Finding::ok(
            "folders",
            format!("data {}, state {}", config.paths.data.display(), config.paths.state.display()),
        ),
        Err(failure) => Finding::of("folders", failure),
    }
}

fn meaning(config: &Config) -> Finding {
    match semantic_model(config) {
        Ok(model) => {
            let catalog = &model.catalog;
            Finding::ok(
                "meaning",
                format!("{} measures, {} dimensions", catalog.measures.len(), catalog.dimensions.len()),
            )
        }
        Err(failure) => Finding::of("meaning", failure),
    }
}

fn brain(config: &Config) -> Finding {
    match Brain::of(config) {
        Ok(Brain::Rules) => Finding::ok("brain", "rules"),
        Ok(Brain::Auto(None, None)) => Finding::ok(
            "brain",
            "auto: rules; no remote model is configured, and the embedded one is not here (`make model`)",
        ),
        Ok(Brain::Auto(None, Some(_))) => Finding::ok("brain", "auto: rules, then the embedded language model"),
        Ok(Brain::Local(_)) => Finding::ok("brain", "local: the embedded language model"),
        Ok(Brain::Auto(Some(remote), _)) => Finding::ok("brain", format!("auto: rules, then {remote:?}")),
        Ok(Brain::Remote(remote)) => Finding::ok("brain", format!("{remote:?}")),
        Err(failure) => Finding::of("brain", failure),
    }
}

/// The orders database as it is: nothing is started or seeded.
async fn orders(config: &Config) -> Vec<Finding> {
    let options = if let Some(url) = config.database_url() {
        database::parse_url(url)
    } else {
        let server = PrivateServer::of(config);
        if server.running().await.is_none() {
            return vec![Finding::ok("database", "the private database does not run; the first question starts it")];
        }
        server.options(Account::Reader)
    };
    let (limits, personal) = (config.settings.limits(), config.settings.personal());
    let opened = match options {
        Ok(options) => {
            let user = options.get_username().to_owned();
            OrdersDatabase::connect(options, limits, personal).await.map(|database| (database, user))
        }
        Err(failure) => Err(failure),
    };
    let (database, user) = match opened {
        Ok(opened) => opened,
        Err(failure) => return vec![Finding::of("database", failure)],
    };
    let mut findings = vec![Finding::ok("database", format!("`{}` on {}", database.name(), database.version()))];
    findings.push(match database.grants().await.and_then(|lines| grants::check(&lines, &user, database.name())) {
        Ok(_) => Finding::ok("account", format!("`{user}` can only SELECT")),
        Err(failure) => Finding::of("account", failure),
    });
    findings.push(match database.newest_event().await {
        Ok(Some(newest)) => Finding::ok("data", format!("newest event {newest} UTC")),
        Ok(None) => Finding::of("data", Failure::invalid("there are no order events").hint("oms db seed")),
        Err(failure) => Finding::of("data", failure),
    });
    database.close().await;
    findings
}
