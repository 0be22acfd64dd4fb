//! Plans that were saved: each with a record of the environment, workspace and folder that it was made for.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::work::{Work, hash, private_folder};
use crate::deploy::{Deploy, Invocation};
use crate::process::arguments;
use crate::{Failure, FailureKind};

/// A plan in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedPlan {
    /// The file.
    pub file: PathBuf,
    /// SHA-256 over the file, in hexadecimal; its name as well.
    pub sha256: String,
    /// The environment that it is for.
    pub environment: String,
    /// The workspace.
    pub workspace: String,
    /// The configuration's folder.
    pub folder: PathBuf,
    /// Whether it takes everything down.
    pub destroy: bool,
}

/// Moves a plan file to its place and writes its record.
pub(super) fn keep(work: &Work<'_>, made: &Path, destroy: bool) -> Result<SavedPlan, Failure> {
    let sha256 = hash(made)?;
    let folder = private_folder(&work.state()?.join("plans"))?;
    let file = folder.join(format!("{sha256}.tfplan"));
    let cannot = |error: std::io::Error| {
        Failure::new(FailureKind::Unavailable, format!("cannot keep the plan `{}`: {}", file.display(), error.kind()))
    };
    std::fs::rename(made, &file).map_err(cannot)?;
    let saved = SavedPlan {
        file: file.clone(),
        sha256,
        environment: work.environment.to_owned(),
        workspace: work.workspace().to_owned(),
        folder: work.folder.clone(),
        destroy,
    };
    let record = serde_json::to_vec(&saved).unwrap_or_default();
    std::fs::write(file.with_extension("json"), record).map_err(cannot)?;
    Ok(saved)
}

/// The saved plan of an environment with this hash.
///
/// Refuses one of another environment, workspace or folder, one without a record, and one whose file is not what it was.
pub fn saved(deploy: &Deploy, environment: &str, sha256: &str) -> Result<SavedPlan, Failure> {
    let work = Work::new(deploy, Some(environment))?;
    if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
        return Err(Failure::refused(format!(
            "refused the plan `{}`: it is no SHA-256 in hexadecimal",
            arguments::shown(sha256)
        )));
    }
    let short = &sha256[..12];
    let file = work.state()?.join("plans").join(format!("{sha256}.tfplan"));
    let record = std::fs::read(file.with_extension("json")).map_err(|_| elsewhere(deploy, environment, sha256))?;
    let saved: SavedPlan = serde_json::from_slice(&record)
        .map_err(|_| Failure::refused(format!("refused the plan `{short}`: its record cannot be read")))?;
    let other = |what: &str, is: &str, wanted: &str| {
        Err(Failure::refused(format!("refused the plan `{short}`: it is for {what} `{is}`, not `{wanted}`"))
            .hint("make a new plan"))
    };
    if saved.environment != work.environment {
        return other("environment", &saved.environment, work.environment);
    }
    if saved.workspace != work.workspace() {
        return other("workspace", &saved.workspace, work.workspace());
    }
    if saved.folder != work.folder {
        return other("folder", &saved.folder.display().to_string(), &work.folder.display().to_string());
    }
    let real = deploy.folders().confine(&file)?;
    if real != file.canonicalize().unwrap_or_default()
        || file.is_symlink()
        || saved.sha256 != sha256
        || hash(&file)? != sha256
    {
        return Err(Failure::refused(format!(
            "refused the plan `{short}`: its file is not what it was when it was made"
        ))
        .hint("make a new plan"));
    }
    Ok(SavedPlan { file, ..saved })
}

/// Why there is no such plan: most often it is another environment's.
fn elsewhere(deploy: &Deploy, environment: &str, sha256: &str) -> Failure {
    let short = &sha256[..12];
    let all = deploy.settings().state.join("terraform");
    let owner = deploy
        .settings()
        .environments
        .keys()
        .find(|name| all.join(name).join("plans").join(format!("{sha256}.tfplan")).is_file());
    match owner {
        Some(owner) => Failure::refused(format!(
            "refused the plan `{short}`: it is for environment `{owner}`, not `{environment}`"
        ))
        .hint("make a new plan"),
        None => Failure::new(FailureKind::NotFound, format!("there is no saved plan `{short}` of `{environment}`"))
            .hint("make a new plan"),
    }
}

/// What applies a saved plan: exactly it, with progress as JSON lines.
pub fn apply_invocation(deploy: &Deploy, plan: &SavedPlan) -> Result<Invocation, Failure> {
    let work = Work::new(deploy, Some(&plan.environment))?;
    let file = plan.file.display().to_string();
    let mut invocation = work.call(&["apply", "-input=false", "-json", &file])?;
    invocation.inputs = vec![plan.file.clone()];
    Ok(invocation)
}
