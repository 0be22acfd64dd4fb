//! `terraform_validate`: whether the configuration is sound, without its backend.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::work::Work;
use crate::deploy::Deploy;
use crate::process::Watch;
use crate::told::Told;
use crate::{CallScope, Effect, Failure, FailureKind, Tool, ToolReport};

/// Findings that are told.
const MOST_FINDINGS: usize = 50;

/// Whether a configuration is sound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerraformValidated {
    /// The environment whose configuration it is.
    #[serde(default)]
    pub environment: String,
    /// Whether it is.
    pub valid: bool,
    /// How many errors.
    pub error_count: usize,
    /// How many warnings.
    pub warning_count: usize,
    /// What is wrong with it.
    #[serde(default, rename(serialize = "findings"))]
    pub diagnostics: Vec<Finding>,
}

/// One finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Finding {
    /// `error` or `warning`.
    pub severity: String,
    /// What.
    pub summary: String,
    /// More of it.
    pub detail: String,
    /// Where.
    pub range: Option<Range>,
}

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Range {
    /// The file, below the configuration's folder.
    pub filename: String,
    /// Where it starts.
    pub start: Position,
}

/// A line of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Position {
    /// Its number.
    pub line: u64,
}

/// Validates.
pub async fn validate(
    deploy: &Deploy,
    environment: Option<&str>,
    watch: &Watch,
) -> Result<TerraformValidated, Failure> {
    let work = Work::new(deploy, environment)?;
    // Working data of its own: preparing without a backend would lose the backend's.
    let data = work.state()?.join("validate");
    work.prepare_at(&data, watch).await?;
    let mut call = work.call(&["validate", "-json", "-no-color"])?;
    call.variables.remove("TF_WORKSPACE");
    call.variables.insert("TF_DATA_DIR".to_owned(), data.display().to_string());
    let ended = deploy.start(&call)?.watch(watch).await?;
    let mut found: TerraformValidated = serde_json::from_str(&ended.output).map_err(|_| {
        if ended.status.success() {
            Failure::new(
                FailureKind::Unavailable,
                format!("cannot validate `{}`: its findings are too many to be read", work.environment),
            )
        } else {
            work.failed("validate", &ended)
        }
    })?;
    found.diagnostics.truncate(MOST_FINDINGS);
    work.environment.clone_into(&mut found.environment);
    Ok(found)
}

/// What `terraform_validate` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TerraformValidateArguments {
    /// The environment, as the configuration names it. Leave it out where there is only one.
    #[serde(default)]
    pub environment: Option<String>,
}

/// `terraform_validate`.
pub struct TerraformValidate(Arc<Deploy>);

impl TerraformValidate {
    /// The tool over a deployment's settings.
    pub fn new(deploy: Arc<Deploy>) -> Self {
        Self(deploy)
    }
}

impl Tool for TerraformValidate {
    const NAME: &'static str = "terraform_validate";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = TerraformValidateArguments;
    type Report = TerraformValidated;

    fn description(&self) -> String {
        "Checks whether the Terraform configuration is sound, with each finding's file and line.".to_owned()
    }

    async fn call(
        &self,
        _scope: &CallScope,
        arguments: TerraformValidateArguments,
    ) -> Result<TerraformValidated, Failure> {
        validate(&self.0, arguments.environment.as_deref(), &Watch::default()).await
    }
}

impl From<TerraformValidated> for ToolReport {
    fn from(found: TerraformValidated) -> Self {
        let place = &found.environment;
        let mut lines = vec![match (found.valid, found.warning_count) {
            (true, 0) => format!("The Terraform configuration of `{place}` is sound."),
            (true, warnings) => format!("The Terraform configuration of `{place}` is sound, with {warnings} warnings:"),
            (false, _) => {
                format!("The Terraform configuration of `{place}` is not sound; errors: {}:", found.error_count)
            }
        }];
        for finding in &found.diagnostics {
            let at = finding.range.as_ref().map(|range| format!("{}:{}: ", range.filename, range.start.line));
            let detail = if finding.detail.is_empty() {
                String::new()
            } else {
                format!(" ({})", finding.detail.replace('\n', " "))
            };
            lines.push(format!("{}{}: {}{detail}", at.unwrap_or_default(), finding.severity, finding.summary));
        }
        Told::new(lines.join("\n"), serde_json::to_value(&found).unwrap_or_default()).into()
    }
}
