//! The one list of an agent's tools, by group, from the configuration.

use std::sync::Arc;

use oms_tools::ansible::{AnsibleCheckTool, AnsibleHosts};
use oms_tools::archive::ArchiveVerify;
use oms_tools::azure_cli::AzureCli;
use oms_tools::change::{ApplyChange, Changes, ListChanges, PreviewChange, ProposeChange, ShowChange};
use oms_tools::compose::ComposePlanTool;
use oms_tools::containers::{ContainerLogs, Containers};
use oms_tools::conversation::{AskBack, Decline};
use oms_tools::doctor::Doctor;
use oms_tools::eventhub::{EventhubMetrics, EventhubStatus};
use oms_tools::orders::semantic::SemanticModel;
use oms_tools::orders::values::KnownValues;
use oms_tools::orders::{DescribeOrders, OrdersDatabase, QueryOrders, SelectOrders};
use oms_tools::pipeline::{DatabaseAt, EventHubLag, Pipeline, PipelineHealth, TraceOrder, Why};
use oms_tools::terraform::{TerraformPlanTool, TerraformShow, TerraformValidate};
use oms_tools::{ErasedTool, Failure};

use crate::config::Config;

/// What the tools are built from.
pub(super) struct Parts<'a> {
    pub(super) config: &'a Config,
    pub(super) changes: &'a Arc<Changes>,
    pub(super) database: &'a Arc<OrdersDatabase>,
    pub(super) model: &'a Arc<SemanticModel>,
    pub(super) values: &'a Arc<KnownValues>,
    pub(super) pipeline: &'a Arc<Pipeline>,
}

/// The tools, in the order in which they are shown.
///
/// Fails where a setting names what cannot be.
pub(super) fn tools(parts: &Parts<'_>) -> Result<Vec<Arc<dyn ErasedTool>>, Failure> {
    let mut tools = orders(parts);
    tools.extend(archive(parts)?);
    tools.extend(changes(parts));
    tools.extend(azure(parts)?);
    tools.extend(deployment(parts));
    tools.extend(pipeline(parts));
    Ok(tools)
}

/// Those of these names; no names: all.
///
/// Fails where there is no tool of a name: a model would be offered less than was meant.
pub(super) fn chosen(tools: &[Arc<dyn ErasedTool>], names: &[String]) -> Result<Vec<Arc<dyn ErasedTool>>, Failure> {
    for name in names {
        if !tools.iter().any(|tool| tool.name() == name) {
            let near = tools.iter().map(|tool| (strsim::damerau_levenshtein(tool.name(), name), tool.name())).min();
            let failure = Failure::invalid(format!("cannot use the setting `model.tools`: there is no tool `{name}`"));
            return Err(match near {
                Some((distance, near)) if distance <= 3 => failure.hint(format!("did you mean `{near}`?")),
                _ if name == "archive_verify" => failure.hint("it is there once `archive.source` is set"),
                _ => failure
                    .hint(format!("tools are {}", tools.iter().map(|tool| tool.name()).collect::<Vec<_>>().join(", "))),
            });
        }
    }
    let is_meant = |tool: &&Arc<dyn ErasedTool>| names.is_empty() || names.iter().any(|name| name == tool.name());
    Ok(tools.iter().filter(is_meant).cloned().collect())
}

/// Offered with nothing configured too: they say what is missing.
fn azure(parts: &Parts<'_>) -> Result<Vec<Arc<dyn ErasedTool>>, Failure> {
    let azure = crate::azure::azure(parts.config)?;
    let metrics = Arc::new(EventhubMetrics::new(azure.clone()));
    Ok(vec![
        // The same tool, so that what one has asked the other need not ask again.
        metrics.clone(),
        Arc::new(EventhubStatus::new(azure)),
        Arc::new(Why::new(parts.database.clone(), metrics, Arc::new(parts.config.record()), parts.pipeline.clone())),
    ])
}

fn orders(parts: &Parts<'_>) -> Vec<Arc<dyn ErasedTool>> {
    let personal = parts.config.settings.personal();
    vec![
        Arc::new(QueryOrders::new(parts.database.clone(), parts.model.clone())),
        Arc::new(SelectOrders::new(parts.database.clone())),
        Arc::new(DescribeOrders::new(parts.model.clone(), parts.values.clone(), personal)),
        Arc::new(AskBack),
        Arc::new(Decline),
    ]
}

fn archive(parts: &Parts<'_>) -> Result<Vec<Arc<dyn ErasedTool>>, Failure> {
    let Some(source) = &parts.config.settings.archive.source else { return Ok(Vec::new()) };
    Ok(vec![Arc::new(ArchiveVerify::new(parts.database.clone(), crate::azure::archive(parts.config, source)?))])
}

/// Proposing, looking at proposals, and the one tool that applies, which the gate gives to no brain.
fn changes(parts: &Parts<'_>) -> Vec<Arc<dyn ErasedTool>> {
    let changes = parts.changes;
    vec![
        Arc::new(PreviewChange::new(changes.clone())),
        Arc::new(ProposeChange::new(changes.clone())),
        Arc::new(ListChanges::new(changes.clone())),
        Arc::new(ShowChange::new(changes.clone())),
        Arc::new(ApplyChange::new(changes.clone())),
    ]
}

/// What looks at a deployment. Always there: each says what to configure where there is nothing to look at.
fn deployment(parts: &Parts<'_>) -> Vec<Arc<dyn ErasedTool>> {
    let deploy = parts.changes.deploy().clone();
    vec![
        Arc::new(TerraformPlanTool::new(deploy.clone())),
        Arc::new(TerraformShow::new(deploy.clone())),
        Arc::new(TerraformValidate::new(deploy.clone())),
        Arc::new(AnsibleCheckTool::new(deploy.clone())),
        Arc::new(AnsibleHosts::new(deploy.clone())),
        Arc::new(ComposePlanTool::new(deploy.clone())),
        Arc::new(Containers::new(deploy.clone())),
        Arc::new(ContainerLogs::new(deploy.clone())),
        Arc::new(AzureCli::new(deploy.clone())),
        Arc::new(Doctor::new(deploy)),
    ]
}

fn pipeline(parts: &Parts<'_>) -> Vec<Arc<dyn ErasedTool>> {
    let (pipeline, database) = (parts.pipeline, DatabaseAt::Open(parts.database.clone()));
    vec![
        Arc::new(PipelineHealth::new(pipeline.clone(), database.clone())),
        Arc::new(EventHubLag::new(pipeline.clone(), database.clone())),
        Arc::new(TraceOrder::new(pipeline.clone(), database)),
    ]
}
