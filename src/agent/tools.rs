//! The one list of an agent's tools, by group, from the configuration.

use std::sync::Arc;

use oms_tools::archive::{ArchiveSource, ArchiveVerify};
use oms_tools::change::{ApplyChange, Changes, ListChanges, PreviewChange, ProposeChange, ShowChange};
use oms_tools::conversation::{AskBack, Decline};
use oms_tools::orders::semantic::SemanticModel;
use oms_tools::orders::values::KnownValues;
use oms_tools::orders::{DescribeOrders, OrdersDatabase, QueryOrders, SelectOrders};
use oms_tools::{ErasedTool, Failure};

use crate::config::Config;

/// What the tools are built from.
pub(super) struct Parts<'a> {
    pub(super) config: &'a Config,
    pub(super) changes: &'a Arc<Changes>,
    pub(super) database: &'a Arc<OrdersDatabase>,
    pub(super) model: &'a Arc<SemanticModel>,
    pub(super) values: &'a Arc<KnownValues>,
}

/// The tools, in the order in which they are shown.
///
/// Fails where a setting names what cannot be.
pub(super) fn tools(parts: &Parts<'_>) -> Result<Vec<Arc<dyn ErasedTool>>, Failure> {
    let mut tools = orders(parts);
    tools.extend(archive(parts)?);
    tools.extend(changes(parts));
    Ok(tools)
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
    Ok(vec![Arc::new(ArchiveVerify::new(parts.database.clone(), ArchiveSource::parse(source)?))])
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
