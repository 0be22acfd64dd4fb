//! Exactly what would run: a program, its arguments, its folder, its own variables and the files that it reads.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Deploy, ProgramKind};
use crate::Failure;
use crate::process::{Program, can_run};

/// One run of a program, as a change set holds it and as it is started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invocation {
    /// The program by its path.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The folder that it works in.
    pub folder: PathBuf,
    /// Variables that belong to this run; those of the allow-list come from the settings when it starts.
    pub variables: BTreeMap<String, String>,
    /// The files that it reads, as far as they are known.
    pub inputs: Vec<PathBuf>,
    /// How long it may run.
    pub seconds: u64,
}

impl Deploy {
    /// The program of an invocation, ready to run: a known program, in a configured folder, with the allowed variables.
    ///
    /// The only way from an invocation to a process.
    pub fn start(&self, invocation: &Invocation) -> Result<Program, Failure> {
        let path = &invocation.program;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let known = self.settings().programs.values().any(|configured| configured == path)
            || ProgramKind::ALL.iter().any(|kind| kind.names().contains(&name.as_str()));
        if !path.is_absolute() || !known {
            return Err(Failure::refused(format!(
                "refused to run `{}`: it is no program of a deployment",
                path.display()
            )));
        }
        if !can_run(path) {
            return Err(Failure::new(
                crate::FailureKind::Unavailable,
                format!("cannot run `{}`: it is not there any more", path.display()),
            )
            .hint("oms doctor"));
        }
        self.folders().confine(&invocation.folder)?;
        let mut program = Program::new(path, &invocation.folder)
            .within(self.folders())
            .hiding(self.redactor().clone())
            .limit(Duration::from_secs(invocation.seconds))
            .grace(self.settings().grace)
            .arguments(&invocation.arguments)
            .variable("PATH", &self.settings().path)
            .variable("LC_ALL", "C.UTF-8");
        if let Some(host) = &self.settings().docker_host {
            program = program.variable("DOCKER_HOST", host);
        }
        for (name, value) in self.settings().variables.iter().chain(&invocation.variables) {
            program = program.variable(name, value);
        }
        Ok(program)
    }

    /// An invocation without variables and inputs of its own, with the configured time.
    pub fn invocation(&self, program: PathBuf, arguments: Vec<String>, folder: PathBuf) -> Invocation {
        let seconds = self.settings().limit.as_secs().max(1);
        Invocation { program, arguments, folder, variables: BTreeMap::new(), inputs: Vec::new(), seconds }
    }
}
