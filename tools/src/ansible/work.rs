//! How Ansible is called for an environment: with results as JSON lines, told by a plugin of ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::deploy::{AnsiblePlace, Deploy, Invocation, ProgramKind};
use crate::process::arguments;
use crate::{Failure, FailureKind};

/// The plugin that tells results as JSON lines: Ansible itself brings none.
const PLUGIN: &str = include_str!("oms_lines.py");
/// Files of one environment's playbooks that are told as inputs.
const MOST_INPUTS: usize = 5_000;

/// What a playbook is run with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsibleOptions {
    /// The playbook, below the folder; none: the configured one.
    pub playbook: Option<String>,
    /// Only these hosts or groups; none: all.
    pub limit: Option<String>,
    /// Only what has one of these tags; none: everything.
    pub tags: Vec<String>,
    /// Variables by name.
    pub variables: BTreeMap<String, String>,
}

/// What is done with a playbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Syntax,
    Check,
    Run,
}

/// Ansible in one environment.
pub(super) struct Work<'a> {
    pub(super) deploy: &'a Deploy,
    pub(super) environment: &'a str,
    pub(super) place: &'a AnsiblePlace,
    pub(super) folder: PathBuf,
}

impl<'a> Work<'a> {
    pub(super) fn new(deploy: &'a Deploy, environment: Option<&str>) -> Result<Self, Failure> {
        let (environment, place) = deploy.ansible(environment)?;
        let folder = deploy.folders().confine(&place.folder)?;
        Ok(Self { deploy, environment, place, folder })
    }

    pub(super) fn inventory(&self) -> Result<PathBuf, Failure> {
        self.deploy.folders().confine(&self.folder.join(&self.place.inventory))
    }

    /// A playbook by its name: a file of the folder, and nothing else.
    pub(super) fn playbook(&self, name: Option<&str>) -> Result<PathBuf, Failure> {
        let file = match name {
            Some(name) => {
                arguments::name("the playbook", name)?;
                let named = Path::new(name).extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
                self.folder.join(if named { name.to_owned() } else { format!("{name}.yml") })
            }
            None => self.folder.join(&self.place.playbook),
        };
        let file = self.deploy.folders().confine(&file)?;
        if file.is_file() && file.starts_with(&self.folder) {
            return Ok(file);
        }
        Err(Failure::refused(format!(
            "refused the playbook `{}`: it is no file of `{}`",
            file.display(),
            self.folder.display()
        )))
    }

    /// The plugin's folder, with the plugin in it.
    fn plugins(&self) -> Result<PathBuf, Failure> {
        use std::os::unix::fs::DirBuilderExt;
        let folder = self.deploy.settings().state.join("ansible");
        let file = folder.join("oms_lines.py");
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).and_then(|()| {
            if std::fs::read_to_string(&file).is_ok_and(|text| text == PLUGIN) {
                return Ok(());
            }
            // Another run may read it meanwhile: it is put in its place whole.
            let beside = tempfile::NamedTempFile::new_in(&folder)?;
            std::fs::write(beside.path(), PLUGIN)?;
            beside.persist(&file).map(drop).map_err(|error| error.error)
        });
        made.map_err(|error| {
            Failure::new(FailureKind::Unavailable, format!("cannot write `{}`: {}", file.display(), error.kind()))
        })?;
        Ok(folder)
    }

    pub(super) fn call(&self, kind: ProgramKind, words: Vec<String>) -> Result<Invocation, Failure> {
        let found = self.deploy.find(kind)?;
        let mut all = vec!["-i".to_owned(), self.inventory()?.display().to_string()];
        if let Some(file) = &self.place.vault_password_file {
            let file = self.deploy.folders().confine(&self.folder.join(file))?;
            all.extend(["--vault-password-file".to_owned(), file.display().to_string()]);
        }
        all.extend(words);
        let mut call = self.deploy.invocation(found.program, all, self.folder.clone());
        let mut set = |name: &str, value: &str| call.variables.insert(name.to_owned(), value.to_owned());
        set("ANSIBLE_NOCOLOR", "1");
        set("ANSIBLE_FORCE_COLOR", "0");
        set("ANSIBLE_DEPRECATION_WARNINGS", "0");
        set("PYTHONUNBUFFERED", "1");
        Ok(call)
    }

    pub(super) fn play(&self, options: &AnsibleOptions, mode: Mode) -> Result<Invocation, Failure> {
        let mut words = match mode {
            Mode::Syntax => vec!["--syntax-check".to_owned()],
            Mode::Check => vec!["--check".to_owned(), "--diff".to_owned()],
            Mode::Run => vec!["--diff".to_owned()],
        };
        if let Some(limit) = &options.limit {
            words.extend(["--limit".to_owned(), arguments::name("the hosts", limit)?.to_owned()]);
        }
        for tag in &options.tags {
            words.extend(["--tags".to_owned(), arguments::name("the tag", tag)?.to_owned()]);
        }
        for (name, value) in &options.variables {
            if !name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_') || name.is_empty() {
                return Err(Failure::refused(format!(
                    "refused the variable `{}`: it is no variable's name",
                    arguments::shown(name)
                )));
            }
            arguments::plain("the variable's value", value)?;
            // As JSON: in the short form a blank would begin another variable.
            words.extend(["--extra-vars".to_owned(), serde_json::json!({ name: value }).to_string()]);
        }
        words.push(self.playbook(options.playbook.as_deref())?.display().to_string());
        let mut call = self.call(ProgramKind::AnsiblePlaybook, words)?;
        if mode != Mode::Syntax {
            call.variables.insert("ANSIBLE_CALLBACK_PLUGINS".to_owned(), self.plugins()?.display().to_string());
            call.variables.insert("ANSIBLE_STDOUT_CALLBACK".to_owned(), "oms_lines".to_owned());
        }
        call.inputs = self.inputs()?;
        Ok(call)
    }

    /// Every file of the playbooks and of this environment's inventory.
    fn inputs(&self) -> Result<Vec<PathBuf>, Failure> {
        let inventory = self.inventory()?;
        let mut files = Vec::new();
        // An inventory's variables stand beside it.
        let beside =
            if inventory.is_dir() { inventory.clone() } else { inventory.parent().unwrap_or(&inventory).to_owned() };
        collect(&self.folder, &["inventory", "tests"], &mut files, 0);
        if beside.starts_with(&self.folder) && beside != self.folder {
            collect(&beside, &[], &mut files, 0);
        } else {
            files.push(inventory);
        }
        files.sort();
        files.dedup();
        Ok(files)
    }
}

fn collect(folder: &Path, without: &[&str], into: &mut Vec<PathBuf>, depth: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') || without.contains(&name.as_str()) || into.len() >= MOST_INPUTS {
            continue;
        }
        if kind.is_dir() && depth < 8 {
            collect(&entry.path(), &[], into, depth + 1);
        } else if kind.is_file() {
            into.push(entry.path());
        }
    }
}

/// What runs a playbook for real, telling each result as a JSON line.
pub fn run_invocation(deploy: &Deploy, environment: &str, options: &AnsibleOptions) -> Result<Invocation, Failure> {
    Work::new(deploy, Some(environment))?.play(options, Mode::Run)
}
