//! How Terraform is called: without questions, with its working data apart for each environment.

use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::deploy::{Deploy, Invocation, ProgramKind, TerraformPlace};
use crate::process::{Ended, Watch, arguments};
use crate::{Failure, FailureKind};

/// Terraform in one environment.
pub(super) struct Work<'a> {
    pub(super) deploy: &'a Deploy,
    pub(super) environment: &'a str,
    pub(super) place: &'a TerraformPlace,
    /// The configuration's real folder.
    pub(super) folder: PathBuf,
    program: PathBuf,
    pub(super) called: String,
}

impl<'a> Work<'a> {
    pub(super) fn new(deploy: &'a Deploy, environment: Option<&str>) -> Result<Self, Failure> {
        let (environment, place) = deploy.terraform(environment)?;
        let folder = deploy.folders().confine(&place.folder)?;
        let found = deploy.find(ProgramKind::Terraform)?;
        if let Some(workspace) = &place.workspace {
            arguments::name("the workspace", workspace)?;
        }
        Ok(Self { deploy, environment, place, folder, program: found.program, called: found.called })
    }

    pub(super) fn workspace(&self) -> &str {
        self.place.workspace.as_deref().unwrap_or("default")
    }

    /// Where the working data of this environment is kept: one folder with two backends would mix them up.
    pub(super) fn state(&self) -> Result<PathBuf, Failure> {
        private_folder(&self.deploy.settings().state.join("terraform").join(self.environment))
    }

    /// One call of Terraform.
    pub(super) fn call(&self, words: &[&str]) -> Result<Invocation, Failure> {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        let mut invocation = self.deploy.invocation(self.program.clone(), words, self.folder.clone());
        let data = self.state()?.join("data");
        let mut set = |name: &str, value: String| invocation.variables.insert(name.to_owned(), value);
        set("TF_IN_AUTOMATION", "1".to_owned());
        set("TF_INPUT", "0".to_owned());
        set("CHECKPOINT_DISABLE", "1".to_owned());
        set("TF_DATA_DIR", data.display().to_string());
        set("TF_WORKSPACE", self.workspace().to_owned());
        Ok(invocation)
    }

    /// Makes the working data, with the backend of the environment.
    pub(super) async fn init(&self, watch: &Watch) -> Result<(), Failure> {
        let mut words = vec!["-reconfigure".to_owned()];
        for file in self.files(&self.place.backend_files)? {
            words.push(format!("-backend-config={}", file.display()));
        }
        for (name, value) in &self.place.backend {
            arguments::name("the backend's setting", name)?;
            words.push(format!("-backend-config={name}={}", arguments::plain("the backend's setting", value)?));
        }
        self.prepare(words, None, watch).await?;
        if self.workspace() == "default" { Ok(()) } else { self.select(watch).await }
    }

    /// Makes working data without a backend, elsewhere.
    pub(super) async fn prepare_at(&self, data: &Path, watch: &Watch) -> Result<(), Failure> {
        self.prepare(vec!["-backend=false".to_owned()], Some(data), watch).await
    }

    async fn prepare(&self, words: Vec<String>, data: Option<&Path>, watch: &Watch) -> Result<(), Failure> {
        let mut call = self.call(&["init", "-input=false", "-no-color"])?;
        call.arguments.extend(words);
        // The workspace may not be there yet, and `init` would ask.
        call.variables.remove("TF_WORKSPACE");
        if let Some(data) = data {
            call.variables.insert("TF_DATA_DIR".to_owned(), data.display().to_string());
        }
        let ended = self.deploy.start(&call)?.watch(watch).await?;
        if ended.status.success() { Ok(()) } else { Err(self.failed("prepare", &ended)) }
    }

    /// Makes sure that the workspace is there: one that is not holds nothing, and planning in it is planning from nothing.
    async fn select(&self, watch: &Watch) -> Result<(), Failure> {
        let mut list = self.call(&["workspace", "list", "-no-color"])?;
        list.variables.remove("TF_WORKSPACE");
        let ended = self.deploy.start(&list)?.watch(watch).await?;
        let there = ended.output.lines().any(|line| line.trim_start_matches('*').trim() == self.workspace());
        if there {
            return Ok(());
        }
        Err(Failure::new(
            FailureKind::NotFound,
            format!("cannot use `{}`: its backend has no workspace `{}`", self.environment, self.workspace()),
        )
        .hint(format!("{} workspace new {}", self.called, self.workspace()))
        .hint("or correct the workspace below `deploy.environments` in oms.toml"))
    }

    /// Files of the settings by their real paths, each in a configured folder.
    pub(super) fn files(&self, files: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
        files.iter().map(|file| self.deploy.folders().confine(&self.folder.join(file))).collect()
    }

    /// What Terraform said of a call that failed.
    pub(super) fn failed(&self, what: &str, ended: &Ended) -> Failure {
        let said =
            said(&ended.errors).or_else(|| said(&ended.output)).unwrap_or_else(|| "it says no reason".to_owned());
        let mut failure = Failure::new(
            FailureKind::Unavailable,
            format!("cannot {what} `{}` with {}: {said}", self.environment, self.called),
        );
        if said.contains("locked") || said.contains("state lock") {
            failure = failure.hint("another run holds the lock: wait for it");
        }
        if said.contains("provider") && (said.contains("registry") || said.contains("Failed to query")) {
            failure = failure
                .hint("providers could not be downloaded: check the network, or set TF_CLI_CONFIG_FILE to a mirror");
        }
        failure.hint(format!("{} -chdir={} init", self.called, self.folder.display()))
    }

    /// Every file of the configuration, and those that the settings name.
    pub(super) fn inputs(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut files = Vec::new();
        collect(&self.folder, &mut files, 0);
        files.extend(self.files(&self.place.var_files)?);
        files.extend(self.files(&self.place.backend_files)?);
        files.sort();
        files.dedup();
        Ok(files)
    }
}

/// The configuration's files; working data, tests and states are none.
fn collect(folder: &Path, into: &mut Vec<PathBuf>, depth: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < 6 && !name.starts_with('.') && name != "tests" {
            collect(&path, into, depth + 1);
        } else if kind.is_file()
            && [
                ".tf",
                ".tf.json",
                ".tofu",
                ".auto.tfvars",
                ".auto.tfvars.json",
                "terraform.tfvars",
                ".terraform.lock.hcl",
            ]
            .iter()
            .any(|ending| name.ends_with(ending))
        {
            into.push(path);
        }
    }
}

/// The first error in what Terraform says for people: its box drawing left out, its lines joined.
fn said(text: &str) -> Option<String> {
    let plain: Vec<&str> = text.lines().map(|line| line.trim_start_matches(['│', '╷', '╵', ' ']).trim_end()).collect();
    let at = plain.iter().position(|line| line.starts_with("Error"))?;
    let words: Vec<&str> = plain[at..].iter().copied().filter(|line| !line.is_empty()).take(4).collect();
    Some(words.join(" ").trim_start_matches("Error: ").chars().take(400).collect())
}

/// Makes a folder for this user alone.
pub(super) fn private_folder(folder: &Path) -> Result<PathBuf, Failure> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| {
        Failure::new(
            FailureKind::Unavailable,
            format!("cannot make the folder `{}`: {}", folder.display(), error.kind()),
        )
    })?;
    Ok(folder.to_path_buf())
}

/// SHA-256 of a file, in hexadecimal.
pub(super) fn hash(file: &Path) -> Result<String, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(FailureKind::NotFound, format!("cannot read `{}`: {}", file.display(), error.kind()))
    };
    let mut open = std::fs::File::open(file).map_err(cannot)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = open.read(&mut buffer).map_err(cannot)?;
        if read == 0 {
            return Ok(format!("{:x}", hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}
