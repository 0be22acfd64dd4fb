//! `ansible_hosts`: the hosts of an environment with their groups. Variables are not told: secrets stand among them.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check::failed;
use super::work::Work;
use crate::deploy::{Deploy, ProgramKind};
use crate::process::Watch;
use crate::redact::by_shape;
use crate::table::count_in_words;
use crate::told::Told;
use crate::{CallScope, Effect, Failure, FailureKind, Table, Tool, ToolReport};

/// Hosts that are listed.
const MOST: usize = 1_000;
/// Bytes of an inventory that are read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// One host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryHost {
    /// Its name.
    pub name: String,
    /// Where it is reached, where that differs from the name.
    pub address: Option<String>,
    /// Its groups.
    pub groups: Vec<String>,
}

/// The hosts of an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostsReport {
    /// The environment.
    pub environment: String,
    /// The hosts by name.
    pub hosts: Vec<InventoryHost>,
    /// Hosts that are left out of the list.
    pub left_out: usize,
}

/// Reads the inventory.
pub async fn hosts(deploy: &Deploy, environment: Option<&str>, watch: &Watch) -> Result<HostsReport, Failure> {
    let work = Work::new(deploy, environment)?;
    let call = work.call(ProgramKind::AnsibleInventory, vec!["--list".to_owned()])?;
    let (ended, read) = deploy
        .start(&call)?
        .read(watch, |output| serde_json::from_reader::<_, Value>(BufReader::new(output.take(LARGEST))).ok())
        .await?;
    if !ended.status.success() {
        return Err(failed("list the hosts of", &work, &ended));
    }
    let inventory = read.ok_or_else(|| {
        Failure::new(
            FailureKind::Unavailable,
            format!("cannot list the hosts of `{}`: no inventory was told", work.environment),
        )
    })?;
    let mut report = of(&inventory);
    work.environment.clone_into(&mut report.environment);
    Ok(report)
}

pub(super) fn of(inventory: &Value) -> HostsReport {
    let mut hosts: BTreeMap<String, InventoryHost> = BTreeMap::new();
    let variables = &inventory["_meta"]["hostvars"];
    let known = variables.as_object().into_iter().flat_map(|all| all.keys().cloned());
    let mut named: Vec<String> = known.collect();
    for (group, content) in inventory.as_object().into_iter().flatten().filter(|(name, _)| *name != "_meta") {
        for host in content["hosts"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            named.push(host.to_owned());
            let found = hosts.entry(host.to_owned()).or_default();
            if group != "all" && group != "ungrouped" {
                found.groups.push(group.clone());
            }
        }
    }
    for name in named {
        let address = variables[&name]["ansible_host"].as_str().map(|address| by_shape(address).into_owned());
        let found = hosts.entry(name.clone()).or_default();
        found.address = address;
        found.name = name;
    }
    let all = hosts.len();
    let hosts: Vec<InventoryHost> = hosts.into_values().take(MOST).collect();
    HostsReport { environment: String::new(), left_out: all - hosts.len(), hosts }
}

/// What `ansible_hosts` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsibleHostsArguments {
    /// The environment, as the configuration names it. Leave it out where there is only one.
    #[serde(default)]
    pub environment: Option<String>,
}

/// `ansible_hosts`.
pub struct AnsibleHosts(Arc<Deploy>);

impl AnsibleHosts {
    /// The tool over a deployment's settings.
    pub fn new(deploy: Arc<Deploy>) -> Self {
        Self(deploy)
    }
}

impl Tool for AnsibleHosts {
    const NAME: &'static str = "ansible_hosts";
    const EFFECT: Effect = Effect::Reads;
    type Arguments = AnsibleHostsArguments;
    type Report = HostsReport;

    fn description(&self) -> String {
        "Lists the hosts of an environment with their addresses and groups.".to_owned()
    }

    async fn call(&self, _scope: &CallScope, arguments: AnsibleHostsArguments) -> Result<HostsReport, Failure> {
        hosts(&self.0, arguments.environment.as_deref(), &Watch::default()).await
    }
}

impl From<HostsReport> for ToolReport {
    fn from(report: HostsReport) -> Self {
        let count = report.hosts.len() + report.left_out;
        let place = &report.environment;
        let names: Vec<String> = report.hosts.iter().take(10).map(|host| format!("`{}`", host.name)).collect();
        let more = if count > names.len() { format!(" and {} more", count - names.len()) } else { String::new() };
        let answer = match count {
            0 => format!("`{place}` has no hosts."),
            1 => format!("`{place}` has 1 host: {}.", names.join(", ")),
            count => format!("`{place}` has {count} hosts: {}{more}.", names.join(", ")),
        };
        let rows = report
            .hosts
            .iter()
            .map(|host| [host.name.clone(), host.address.clone().unwrap_or_default(), host.groups.join(", ")]);
        let mut told = Told::new(answer, serde_json::to_value(&report).unwrap_or_default());
        if count > 0 {
            told = told.with_table(Table::of_texts(["host", "address", "groups"], rows).without(report.left_out));
        }
        if report.left_out > 0 {
            told = told.with_note(format!("{} more hosts are not shown", count_in_words(report.left_out)));
        }
        told.into()
    }
}
