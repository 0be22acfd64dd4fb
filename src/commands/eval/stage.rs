//! The stand-in deployment that suites about operations run on: programs, change sets and a record of its own, in a folder
//! that goes when the run ends. Nothing of the user's is proposed, approved or applied.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use oms_tools::change::{Decision, Person};
use oms_tools::process::Program;
use oms_tools::{Failure, FailureKind, Principal};
use tempfile::TempDir;

use crate::agent::Agent;
use crate::commands::waiting::Waiting;
use crate::config::{Config, Settings};
use crate::eval::stage::{Happening, Moment};
use crate::principal;

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/evals/fixtures/deployment/", $name)))),*]
    };
}

/// What stands in the stage's folder.
const FILES: &[(&str, &str)] = fixtures!["act.sh", "terraform", "ansible-playbook", "plan.json"];
/// Its settings.
const SETTINGS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/evals/fixtures/deployment/oms.toml"));
/// The files that proposals are made from.
const DEPLOYED: &[(&str, &str)] = &[
    ("infra/main.tf", "resource \"terraform_data\" \"a\" {}\n"),
    ("hosts/hosts.ini", "[oms]\noms-1\n"),
    ("hosts/deploy.yml", "- hosts: oms\n  tasks: []\n"),
    ("hosts/rollback.yml", "- hosts: oms\n  tasks: []\n"),
];
/// How long another `oms` may take that is to be killed.
const CRASHING: Duration = Duration::from_mins(2);

/// The stage.
pub(super) struct Deployment {
    // Before the folder: what it keeps open there goes first.
    agent: Arc<Agent>,
    root: PathBuf,
    _folder: TempDir,
}

impl Deployment {
    /// Makes it, and an agent whose only deployment it is.
    pub(super) async fn start(config: &Config) -> Result<Self, Failure> {
        let cache = &config.paths.cache;
        let made = fs::create_dir_all(cache).and_then(|()| tempfile::Builder::new().prefix("stage-").tempdir_in(cache));
        let folder = made.map_err(|error| cannot(cache, &error))?;
        let root = folder.path().canonicalize().map_err(|error| cannot(folder.path(), &error))?;
        let text = SETTINGS.replace("ROOT", &root.display().to_string()).replace("ME", &principal::user_name());
        let file = root.join("oms.toml");
        put(&file, &text)?;
        for (name, text) in FILES {
            put(&root.join(name), text)?;
        }
        for (name, text) in DEPLOYED {
            put(&root.join(name), text)?;
        }
        for program in ["terraform", "ansible-playbook"] {
            let path = root.join(program);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(|error| cannot(&path, &error))?;
        }
        let own = Settings::read(&file)?;
        let mut staged = config.clone();
        staged.settings.deploy = own.deploy;
        staged.settings.environments = own.environments;
        staged.settings.people = own.people;
        staged.settings.changes = own.changes;
        staged.paths.state = root.join("state/oms");
        let agent = Agent::start(&staged, &Waiting::of(&staged)).await?;
        let stage = Self { agent, root, _folder: folder };
        stage.reset()?;
        Ok(stage)
    }

    /// The agent on it.
    pub(super) fn agent(&self) -> &Arc<Agent> {
        &self.agent
    }

    /// Ends the agent's connections.
    pub(super) async fn close(&self) {
        self.agent.database().close().await;
    }

    /// As it was at first: nothing proposed, nothing applied.
    pub(super) fn reset(&self) -> Result<(), Failure> {
        let state = self.root.join("state/oms");
        // The programs' own folder stays: the settings of this run name it.
        for name in ["changes", "locks", "audit"] {
            let path = state.join(name);
            match fs::remove_dir_all(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(&path, &error)),
                _ => {}
            }
        }
        fs::remove_file(self.root.join("applied")).ok();
        for (name, text) in DEPLOYED {
            put(&self.root.join(name), text)?;
        }
        Ok(())
    }

    /// The programs that have changed something, in order.
    pub(super) fn applied(&self) -> Vec<String> {
        let text = fs::read_to_string(self.root.join("applied")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Lets something happen.
    pub(super) async fn happens(&self, happening: &Happening, change: Option<&str>) -> Result<(), Failure> {
        let proposed = || change.ok_or_else(|| Failure::invalid("nothing was proposed before"));
        match happening {
            Happening::FileChanges => put(&self.root.join("infra/main.tf"), "resource \"terraform_data\" \"b\" {}\n"),
            Happening::Fails(program) => put(&self.root.join(format!("fail-{program}")), ""),
            Happening::Approves(person) => self.approves(&Principal { name: person.clone() }, proposed()?),
            Happening::Crash(crash) => {
                let id = proposed()?;
                let moment = match crash.moment {
                    Moment::First => "first",
                    Moment::Last => "last",
                };
                self.approves(&principal::local(), id)?;
                put(&self.root.join(format!("kill-{moment}-{}", crash.program)), "")?;
                self.killed(id).await
            }
        }
    }

    fn approves(&self, person: &Principal, id: &str) -> Result<(), Failure> {
        let changes = self.agent.changes();
        let shown = changes.show(id)?;
        let typed_name = Some(shown.stored.change.environment.clone());
        let decision = Decision::Approve { typed_name };
        changes.decide(&Person::present(person.clone()), id, &shown.stored.state.digest, &decision).map(drop)
    }

    /// Applies it in another `oms`, which does not outlive that.
    async fn killed(&self, id: &str) -> Result<(), Failure> {
        let program = std::env::current_exe().map_err(|error| cannot(Path::new("oms"), &error))?;
        let below = |name: &str| self.root.join(name).into_os_string();
        let ended = Program::new(program, &self.root)
            .argument("--config")
            .argument(below("oms.toml"))
            .arguments(["change", "apply", id])
            .variable("HOME", below(""))
            .variable("PATH", &self.agent.changes().deploy().settings().path)
            .variable("XDG_STATE_HOME", below("state"))
            .limit(CRASHING)
            .run()
            .await?;
        if ended.status.signal() == Some(9) {
            return Ok(());
        }
        Err(Failure::new(FailureKind::Internal, format!("`oms` was to be killed, and is not: {}", ended.status)))
    }
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| cannot(path, &error))
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    Failure::new(FailureKind::Unavailable, format!("cannot make the stage at `{}`: {}", path.display(), error.kind()))
}
