//! `terraform_show`: the outputs and the resources that Terraform keeps, secrets hidden.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{BufReader, Read};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change::shown;
use super::work::Work;
use crate::deploy::Deploy;
use crate::process::Watch;
use crate::redact::{HIDDEN, Redactor, is_secret_name};
use crate::table::count_in_words;
use crate::told::Told;
use crate::{CallScope, Effect, Failure, FailureKind, Table, Tool, ToolReport};

/// Resources that are listed.
const MOST_RESOURCES: usize = 1_000;
/// Bytes of a state that are read.
const LARGEST_STATE: u64 = 256 * 1024 * 1024;

/// What Terraform keeps of an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerraformShown {
    /// The environment.
    pub environment: String,
    /// The workspace.
    pub workspace: String,
    /// Outputs by name; sensitive ones hidden.
    pub outputs: BTreeMap<String, String>,
    /// Addresses with their types.
    pub resources: Vec<(String, String)>,
    /// Resources that are left out of the list.
    pub left_out: usize,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawState {
    values: RawStateValues,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawStateValues {
    outputs: BTreeMap<String, RawOutput>,
    root_module: RawModule,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawOutput {
    sensitive: bool,
    value: Value,
}

/// Attributes are not read: only what there is.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RawModule {
    resources: Vec<RawResource>,
    child_modules: Vec<RawModule>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawResource {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    mode: String,
}

impl RawModule {
    fn list(self, into: &mut TerraformShown) {
        for resource in self.resources.into_iter().filter(|resource| resource.mode != "data") {
            if into.resources.len() < MOST_RESOURCES {
                into.resources.push((resource.address, resource.kind));
            } else {
                into.left_out += 1;
            }
        }
        self.child_modules.into_iter().for_each(|module| module.list(into));
    }
}

/// Reads the state.
pub async fn show(deploy: &Deploy, environment: Option<&str>, watch: &Watch) -> Result<TerraformShown, Failure> {
    let work = Work::new(deploy, environment)?;
    work.init(watch).await?;
    let program = deploy.start(&work.call(&["show", "-json", "-no-color"])?)?;
    let (ended, read) = program
        .read(watch, |output| {
            serde_json::from_reader::<_, RawState>(BufReader::new(output.take(LARGEST_STATE)))
                .map_err(|error| error.to_string())
        })
        .await?;
    if !ended.status.success() {
        return Err(work.failed("show", &ended));
    }
    let state = read.map_err(|why| {
        Failure::new(FailureKind::Unavailable, format!("cannot read the state of `{}`: {why}", work.environment))
    })?;
    let mut shown = of(state, deploy.redactor());
    work.environment.clone_into(&mut shown.environment);
    work.workspace().clone_into(&mut shown.workspace);
    Ok(shown)
}

fn of(state: RawState, redactor: &Redactor) -> TerraformShown {
    let mut redactor = redactor.clone();
    for output in state.values.outputs.values().filter(|output| output.sensitive) {
        redactor.add_json(&output.value);
    }
    let mut found = TerraformShown::default();
    for (name, output) in state.values.outputs {
        let value = if output.sensitive || is_secret_name(&name) {
            HIDDEN.to_owned()
        } else {
            let mut value = output.value;
            redactor.json(&mut value);
            shown(&value, &Value::Null)
        };
        found.outputs.insert(name, value);
    }
    state.values.root_module.list(&mut found);
    found
}

/// What `terraform_show` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TerraformShowArguments {
    /// The environment, as the configuration names it. Leave it out where there is only one.
    #[serde(default)]
    pub environment: Option<String>,
}

/// `terraform_show`.
pub struct TerraformShow(Arc<Deploy>);

impl TerraformShow {
    /// The tool over a deployment's settings.
    pub fn new(deploy: Arc<Deploy>) -> Self {
        Self(deploy)
    }
}

impl Tool for TerraformShow {
    const NAME: &'static str = "terraform_show";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = TerraformShowArguments;
    type Report = TerraformShown;

    fn description(&self) -> String {
        "Shows what Terraform has made in an environment: its outputs and resources. Secrets are hidden.".to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: TerraformShowArguments) -> Result<TerraformShown, Failure> {
        show(&self.0, arguments.environment.as_deref(), &Watch::default()).await
    }
}

impl From<TerraformShown> for ToolReport {
    fn from(shown: TerraformShown) -> Self {
        let place = format!("`{}` (workspace `{}`)", shown.environment, shown.workspace);
        let count = shown.resources.len() + shown.left_out;
        let mut answer = match count {
            0 => format!("Terraform has made nothing in {place}."),
            1 => format!("Terraform has made 1 resource in {place}."),
            count => format!("Terraform has made {count} resources in {place}."),
        };
        if !shown.outputs.is_empty() {
            let outputs: Vec<String> = shown.outputs.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            write!(answer, " Outputs: {}.", outputs.join(", ")).ok();
        }
        let rows = shown.resources.iter().map(|(address, kind)| [address.clone(), kind.clone()]);
        let table = Table::of_texts(["address", "type"], rows).without(shown.left_out);
        let mut told = Told::new(answer, serde_json::to_value(&shown).unwrap_or_default());
        if count > 0 {
            told = told.with_table(table);
        }
        if shown.left_out > 0 {
            told = told.with_note(format!("{} more resources are not shown", count_in_words(shown.left_out)));
        }
        told.into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use super::*;

    /// What terraform 1.11 said of the tests' module.
    const STATE: &str = include_str!("../../tests/deploy/terraform-state.json");

    #[test]
    fn a_recorded_state_is_listed_without_its_secrets() {
        let shown = of(serde_json::from_str(STATE).unwrap(), &Redactor::default());
        let outputs: Vec<(&str, &str)> =
            shown.outputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(outputs, [("secret", "[hidden]"), ("units", "1")]);
        let addresses: Vec<&str> = shown.resources.iter().map(|(address, _)| address.as_str()).collect();
        assert_eq!(
            addresses,
            ["terraform_data.archive", "terraform_data.hub", "terraform_data.keys", "terraform_data.old[0]"]
        );
        assert!(!format!("{:?}", ToolReport::from(shown)).contains("s3cr3t"));
        let empty = of(serde_json::from_str("{\"format_version\":\"1.0\"}").unwrap(), &Redactor::default());
        assert!(empty.resources.is_empty() && empty.outputs.is_empty());
    }
}
